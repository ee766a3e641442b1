"""Getting in, being kept out, and what happens when a session ends."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import ACCOUNTS, sign_in


def test_the_right_password_opens_the_start_page(page_as):
    page = page_as(None)

    page.goto("/people?status=any")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    page.locator("#username").fill("noivu.4")
    page.locator("#password").fill("ruong-bac-thang-2026")
    page.locator("#password").press("Enter")

    expect(page).to_have_url(re.compile(r"/people\?status=any$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ cán bộ")


def test_a_wrong_password_is_told_and_five_are_too_many(page_as):
    page = page_as(None, refusals=(422, 429))

    for _attempt in range(5):
        sign_in(page, "noivu.6", "khong-phai-mat-khau")
        expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    sign_in(page, "noivu.6")

    expect(page.get_by_role("alert")).to_contain_text("Chờ 15 phút")
    expect(page.locator("#username")).to_have_value("noivu.6")
    expect(page.locator("#password")).to_have_value("")


def test_signing_out_ends_the_session(page_as):
    page = page_as(None)
    sign_in(page, "noivu.5")

    page.locator("header details summary").click()
    page.get_by_role("button", name="Đăng xuất").click()

    expect(page.locator("#flash")).to_contain_text("đăng xuất")
    page.go_back()
    page.goto("/people")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))


def test_an_ended_session_leads_to_sign_in_and_pastes_nothing(page_as):
    page = page_as("home_affairs", refusals=(401,))
    page.goto("/people")

    page.context.clear_cookies(name="so")
    page.locator(".pager .links a[rel=next]").first.click()

    expect(page).to_have_url(re.compile(r"/sign-in"))
    expect(page.locator("main #password")).to_have_count(1)
    expect(page.locator("#people")).to_have_count(0)


def test_the_language_changes_and_the_page_stays(page_as):
    page = page_as("home_affairs")
    page.goto("/units?q=muong+thanh")

    page.locator("header details summary").click()
    page.get_by_role("button", name="English").click()

    expect(page).to_have_url(re.compile(r"/units\?q=muong\+thanh"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Units")
    page.locator("header details summary").click()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def test_every_account_of_the_cast_signs_in(sessions):
    found = {persona: bool(sessions(persona)["cookies"]) for persona in ACCOUNTS}

    assert found == dict.fromkeys(ACCOUNTS, True)
