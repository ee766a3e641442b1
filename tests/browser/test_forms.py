"""Forms: errors in place, two people at once, drafts, and one record for two clicks."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import person_named


def test_an_error_is_shown_in_place_and_what_was_typed_is_kept(page_as):
    page = page_as("home_affairs", refusals=(422,))
    file = person_named(page, "Lò Thị Khuyên")
    page.goto(f"{file}/edit")
    heading = page.get_by_role("heading", level=1).element_handle()

    page.locator("#born_on").fill("31/02/1993")
    page.locator("#birthplace").fill("Xã Nà Hỳ, tỉnh Điện Biên")
    page.get_by_role("button", name="Lưu").click()

    expect(page.get_by_role("alert")).to_contain_text("Ngày sinh")
    assert heading.evaluate("node => node.isConnected"), "the whole page was loaded again"
    expect(page.locator("#born_on")).to_be_focused()
    expect(page.locator("#born_on")).to_have_value("31/02/1993")
    expect(page.locator("#born_on")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#birthplace")).to_have_value("Xã Nà Hỳ, tỉnh Điện Biên")

    page.locator("#born_on").fill("05/10/1993")
    page.get_by_role("button", name="Lưu").click()

    expect(page).to_have_url(re.compile(rf"{file}(#\w+)?$"))
    expect(page.locator("#flash")).to_contain_text("Đã lưu")
    expect(page.locator("#facts")).to_contain_text("Xã Nà Hỳ, tỉnh Điện Biên")


def test_the_second_of_two_writers_sees_both_versions(page_as):
    first, second = page_as("home_affairs"), page_as("home_affairs_2", refusals=(409,))
    file = person_named(first, "Trần Quốc Bảo")
    first.goto(f"{file}/edit")
    second.goto(f"{file}/edit")

    first.locator("#native_place").fill("Phường Điện Biên Phủ")
    first.get_by_role("button", name="Lưu").click()
    expect(first.locator("#flash")).to_contain_text("Đã lưu")
    second.locator("#native_place").fill("Phường Mường Thanh")
    second.get_by_role("button", name="Lưu").click()

    expect(second.get_by_role("alert")).to_contain_text("Chuyên viên Sở Nội vụ 1")
    expect(second.get_by_role("alert")).to_be_focused()
    row = second.locator("#form-part table tbody tr").filter(has_text="Quê quán")
    expect(row).to_contain_text("Phường Điện Biên Phủ")
    expect(row).to_contain_text("Phường Mường Thanh")
    expect(second.locator("#native_place")).to_have_value("Phường Mường Thanh")

    second.get_by_role("button", name="Lưu").click()
    expect(second.locator("#facts")).to_contain_text("Phường Mường Thanh")


def test_what_is_typed_is_kept_as_a_draft_and_offered_again(page_as):
    page = page_as("home_affairs_3")
    file = person_named(page, "Sùng Thị Pàng")
    page.goto(f"{file}/edit")

    page.locator("#other_name").fill("Pàng Sùng")
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"Đã lưu nháp lúc \d\d:\d\d"))
    page.goto("/people")
    page.goto(f"{file}/edit")

    expect(page.locator("#other_name")).to_have_value("")
    page.get_by_role("link", name="Tiếp tục bản nháp").click()
    expect(page.locator("#other_name")).to_have_value("Pàng Sùng")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("#facts")).to_contain_text("Pàng Sùng")
    page.goto(f"{file}/edit")
    expect(page.get_by_role("link", name="Tiếp tục bản nháp")).to_have_count(0)


def test_what_is_typed_into_an_ended_session_is_offered_after_signing_in(page_as):
    page = page_as("home_affairs_3", refusals=(401,))
    file = person_named(page, "Cà Thị Mận")
    page.goto(f"{file}/edit")

    page.locator("#other_name").fill("Mận Cà")
    expect(page.locator("[data-draft-state]")).to_contain_text("Đã lưu nháp")
    page.context.clear_cookies(name="so")
    page.get_by_role("button", name="Lưu").click()

    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.locator("#username").fill("noivu.3")
    page.locator("#password").fill("ruong-bac-thang-2026")
    page.locator("#password").press("Enter")
    expect(page).to_have_url(re.compile(f"{file}/edit"))
    page.get_by_role("link", name="Tiếp tục bản nháp").click()
    expect(page.locator("#other_name")).to_have_value("Mận Cà")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_clicks_on_save_make_one_record(page_as, scripts):
    page = page_as("home_affairs", scripts=scripts)
    file = person_named(page, "Vàng A Sềnh")
    rows = page.locator("#qualifications tbody tr")
    page.goto(file)
    before = rows.count()

    page.goto(f"{file}/qualifications/new")
    page.locator("#paper").select_option(index=3)
    page.locator("#issuer").fill("Trường Chính trị tỉnh")
    page.locator("#awarded_year").fill("2024")
    page.locator(".form-actions .button").dblclick()

    expect(page).to_have_url(re.compile(rf"{file}(#\w+)?$"))
    expect(rows).to_have_count(before + 1)
    page.goto(file)
    expect(rows).to_have_count(before + 1)


def test_a_unit_chosen_shows_its_divisions(page_as):
    page = page_as("home_affairs_2")
    file = person_named(page, "Tòng Thị Lả")
    page.goto(f"{file}/move")

    page.locator("#post").fill("Chuyên viên tư pháp")
    page.locator("#unit").select_option(label="Xã Búng Lao")

    expect(page.locator("#division option", has_text="Phòng Kinh tế")).to_have_count(1)
    expect(page.locator("#post")).to_have_value("Chuyên viên tư pháp")
    expect(page.locator("#unit option:checked")).to_have_text("Xã Búng Lao")
