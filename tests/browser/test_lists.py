"""Finding people: the search of every page, the filters of the list, Back and Forward."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import person_named


@pytest.mark.parametrize("path", ["/", "/people", "/units", "/imports", "/account", "/people/new"])
def test_the_search_of_every_page_needs_no_accents(page_as, path):
    page = page_as("home_affairs")
    page.goto(path)

    page.locator("#q").fill("do the lan")
    page.locator("#q").press("Enter")

    expect(page).to_have_url(re.compile(r"/search\?q=do%20the%20lan$"))
    expect(page.locator("#people tbody tr")).to_have_count(1)
    expect(page.locator("#people tbody th")).to_have_text("Đỗ Thế Lân")
    page.go_back()
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))


def test_back_returns_to_the_list_as_it_was(page_as):
    page = page_as("home_affairs")
    page.goto("/people?category=civil_servant")
    page.locator(".pager .links a[rel=next]").first.click()
    expect(page).to_have_url(re.compile(r"/people\?.*after="))
    rows = page.locator("#people tbody tr")
    first, address = rows.nth(0).inner_text(), page.url

    rows.nth(20).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/people/[a-z2-7]{26}$"))
    page.go_back()

    expect(page).to_have_url(address)
    expect(rows.nth(0)).to_have_text(re.compile(re.escape(first.split("\t")[0].strip())))
    expect(page.locator("select[name=category]")).to_have_value("civil_servant")


def test_a_filter_changes_rows_and_address_and_back_undoes_it(page_as):
    page = page_as("home_affairs")
    page.goto("/people")
    everybody = page.locator("#people .pager span").first.inner_text()

    page.locator("select[name=category]").select_option("cadre")

    expect(page).to_have_url(re.compile(r"/people\?category=cadre"))
    expect(page.locator("#people .chip")).to_have_count(1)
    cadres = page.locator("#people .pager span").first.inner_text()
    assert cadres != everybody
    page.go_back()
    expect(page).to_have_url(re.compile(r"/people$"))
    expect(page.locator("#people .pager span").first).to_have_text(everybody)
    expect(page.locator("select[name=category]")).to_have_value("")
    page.go_forward()
    expect(page).to_have_url(re.compile(r"/people\?category=cadre"))
    expect(page.locator("#people .pager span").first).to_have_text(cadres)
    expect(page.locator("select[name=category]")).to_have_value("cadre")


def test_a_filter_keeps_the_page_and_its_focus(page_as):
    page = page_as("home_affairs")
    page.goto("/people")
    heading = page.get_by_role("heading", level=1).element_handle()

    page.locator("select[name=status]").focus()
    page.locator("select[name=status]").select_option("retired")

    expect(page.locator("#people .chip")).to_have_count(1)
    assert heading.evaluate("node => node.isConnected")
    expect(page.locator("select[name=status]")).to_be_focused()


def test_a_personal_identification_number_never_stands_in_an_address(page_as):
    page = page_as("home_affairs")
    page.goto(person_named(page, "Sùng Thị Pàng"))
    number = page.locator("#facts dd").first.inner_text()
    assert re.fullmatch(r"\d{12}", number)

    page.locator("#q").fill(number)
    page.locator("#q").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sùng Thị Pàng")
    assert number not in page.url
