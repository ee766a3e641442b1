"""Everything again with scripts off."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import person_named, sign_in


def test_signing_in_and_out(no_scripts):
    page = no_scripts(None)

    sign_in(page, "noivu.5")
    expect(page.get_by_role("heading", level=1)).to_have_text("Việc cần làm")
    page.locator("header details summary").click()
    page.get_by_role("button", name="Đăng xuất").click()

    expect(page).to_have_url(re.compile("/sign-in"))


def test_searching_from_any_page(no_scripts):
    page = no_scripts("home_affairs")
    page.goto("/units")

    page.locator("#q").fill("pham dinh thuan")
    page.locator("#q").press("Enter")
    page.locator("#people").get_by_role("link", name="Phạm Đình Thuận").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Phạm Đình Thuận")


def test_filtering_paging_and_going_back(no_scripts):
    page = no_scripts("home_affairs")
    page.goto("/people")

    page.locator("select[name=category]").select_option("civil_servant")
    page.get_by_role("button", name="Áp dụng").click()
    expect(page).to_have_url(re.compile("category=civil_servant"))
    page.locator(".pager .links a[rel=next]").first.click()
    expect(page).to_have_url(re.compile("after="))
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.go_back()

    expect(page.locator("select[name=category]")).to_have_value("civil_servant")


def test_columns_are_chosen(no_scripts):
    page = no_scripts("home_affairs")
    page.goto("/people")

    page.locator("summary", has_text="Các cột").click()
    page.get_by_role("checkbox", name="Giới tính").check()
    page.get_by_role("button", name="Áp dụng").click()

    expect(page.locator("#people thead")).to_contain_text("Giới tính")


def test_a_form_with_an_error_then_saved(no_scripts):
    page = no_scripts("home_affairs", refusals=(422,))
    file = person_named(page, "Lường Thị Xoan")
    page.goto(f"{file}/edit")

    page.locator("#full_name").fill("")
    page.locator("#birthplace").fill("Xã Thanh Nưa")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("alert")).to_contain_text("Nhập họ và tên")
    expect(page.locator("#birthplace")).to_have_value("Xã Thanh Nưa")
    page.get_by_role("link", name=re.compile("Nhập họ và tên")).click()
    expect(page).to_have_url(re.compile("#full_name$"))
    page.locator("#full_name").fill("Lường Thị Xoan")
    page.get_by_role("button", name="Lưu").click()

    expect(page).to_have_url(re.compile(rf"{file}(#\w+)?$"))
    expect(page.locator("#facts")).to_contain_text("Xã Thanh Nưa")


def test_two_writers_at_once(no_scripts):
    first, second = no_scripts("home_affairs"), no_scripts("home_affairs_2", refusals=(409,))
    file = person_named(first, "Phạm Đình Thuận")
    first.goto(f"{file}/edit")
    second.goto(f"{file}/edit")

    first.locator("#birthplace").fill("Xã Mường Nhà")
    first.get_by_role("button", name="Lưu").click()
    second.locator("#birthplace").fill("Xã Mường Lói")
    second.get_by_role("button", name="Lưu").click()

    differs = second.locator("#form-part table tbody tr").filter(has_text="Nơi sinh")
    expect(differs).to_contain_text("Xã Mường Nhà")
    expect(differs).to_contain_text("Xã Mường Lói")


def test_a_unit_chosen_shows_its_divisions_by_a_button(no_scripts):
    page = no_scripts("home_affairs")
    file = person_named(page, "Quàng Văn Tưởng")
    page.goto(f"{file}/move")

    page.locator("#unit").select_option(label="Xã Na Sang")
    page.get_by_role("button", name="Hiện các phòng của đơn vị này").click()

    expect(page.locator("#unit option:checked")).to_have_text("Xã Na Sang")
    expect(page.locator("#division option", has_text="Phòng Kinh tế")).to_have_count(1)


def test_the_language_changes(no_scripts):
    page = no_scripts("data_officer")
    page.goto("/log")

    page.locator("header details summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Log")


def test_the_navigation_of_a_phone_opens(no_scripts):
    page = no_scripts("admin", size={"width": 360, "height": 740})
    page.goto("/")

    page.locator(".nav .more summary").click()
    page.locator(".nav .more a").first.click()

    expect(page.locator(".nav .more summary")).to_have_attribute("aria-current", "true")
