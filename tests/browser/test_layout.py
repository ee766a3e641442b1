"""How pages fit: a phone of 360 px, an office screen of 1366 × 768, paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OFFICE, PHONE, person_named

PERSONAS = ("home_affairs", "chair_b", "admin", "data_officer", "case_officer", "leader")
BESIDE = {
    "home_affairs": (
        "/people/new",
        "/people/export",
        "/imports/new",
        "/search?q=nguyen",
        "/units?q=muong",
        "/account",
    ),
    "chair_b": ("/account", "/acting-authority", "/search?q=lo"),
    "admin": ("/accounts/new", "/account"),
    "data_officer": ("/log/export",),
}
FILE = ("", "/edit", "/move", "/qualifications/new", "/changes")
#: Elements that reach beyond the right edge of the window and cannot be scrolled to inside their own box.
CUT = """() => [...document.querySelectorAll("main *, header *, nav *")].filter(e => {
  const box = e.getBoundingClientRect();
  if (!e.checkVisibility() || box.right <= innerWidth + 1 || e.closest(".sr-only, .skip, svg")) return false;
  for (let p = e.parentElement; p; p = p.parentElement)
    if (/auto|scroll/.test(getComputedStyle(p).overflowX)) return false;
  return true;
}).map(e => e.outerHTML.slice(0, 100))"""


def addresses(page: Page, persona: str) -> list[str]:
    page.goto("/")
    found = page.locator(".nav li:not(.more) > a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    found += BESIDE.get(persona, ())
    if persona in ("home_affairs", "chair_b"):
        file = person_named(page, "Cà Thị Mận")
        found += [file + tail for tail in (FILE if persona == "home_affairs" else FILE[:1])]
        page.goto(file)
        found.append(page.locator(".lede a").get_attribute("href"))
    return found


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
@pytest.mark.parametrize("persona", PERSONAS)
def test_no_page_is_wider_than_the_window(page_as, persona, size):
    page = page_as(persona, size=size)

    wide = {}
    for address in addresses(page, persona):
        page.goto(address)
        width, cut = page.evaluate("document.documentElement.scrollWidth"), page.evaluate(CUT)
        if width > size["width"] or cut:
            wide[address] = (width, cut)

    assert wide == {}


def test_a_phone_has_its_navigation_at_the_bottom(page_as):
    page = page_as("home_affairs", size=PHONE)
    page.goto("/people")

    box = page.locator("nav.nav").bounding_box()

    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(PHONE["height"], abs=1)
    assert box["width"] == PHONE["width"]
    page.locator("nav.nav").get_by_role("link", name="Đơn vị, vị trí việc làm").click()
    expect(page).to_have_url(re.compile("/units$"))


def test_a_phone_shows_rows_as_cards_with_their_first_facts(page_as):
    page = page_as("home_affairs", size=PHONE)
    page.goto("/people")

    row = page.locator("#people tbody tr").first
    shown = [cell.get_attribute("data-label") for cell in row.locator("td").all() if cell.is_visible()]

    assert {"Ngày sinh", "Chức vụ, vị trí", "Đơn vị, phòng"} <= set(shown)
    assert len(shown) <= 5
    expect(page.locator("#people thead")).not_to_be_in_viewport(ratio=0.5)


@pytest.mark.parametrize("size", [PHONE, OFFICE], ids=["phone", "office"])
def test_an_open_menu_stays_inside_the_window(page_as, size):
    page = page_as("home_affairs", size=size)

    for address in ("/people", person_named(page, "Tòng Thị Lả")):
        page.goto(address)
        for menu in page.locator("main details.menu, header details.menu").all():
            menu.locator("summary").click()
            box = menu.locator(".sheet").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size["width"]
            page.keyboard.press("Escape")


def test_the_last_line_is_not_hidden_behind_the_navigation_of_a_phone(page_as):
    page = page_as("home_affairs", size=PHONE)
    page.goto("/people")

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator("#people .pager").last.bounding_box()
    bar = page.locator("nav.nav").bounding_box()

    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]


@pytest.mark.parametrize("persona", ["home_affairs", "chair_b"])
def test_the_list_shows_its_columns_whole_and_sixteen_rows_on_an_office_screen(page_as, persona):
    page = page_as(persona)
    page.goto("/people")

    edges = page.locator("#people thead th").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().right)"
    )
    feet = page.locator("#people tbody tr").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().bottom)"
    )
    names = page.locator("#people tbody th").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth).length"
    )

    assert max(edges) <= OFFICE["width"] - 16
    assert sum(foot <= OFFICE["height"] for foot in feet) >= 16
    assert names == 0, "a name is shortened"


def test_due_dates_show_names_whole_and_sixteen_rows_on_an_office_screen(page_as):
    page = page_as("home_affairs")
    page.goto("/due-dates")

    feet = page.locator("#due-dates tbody tr").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().bottom)"
    )
    names = page.locator("#due-dates tbody td:nth-of-type(1)").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth).length"
    )

    assert sum(foot <= OFFICE["height"] for foot in feet) >= 16
    assert names == 0, "a name is shortened"


def test_a_phone_shows_of_a_due_date_everything_that_the_list_knows(page_as):
    page = page_as("home_affairs", size=PHONE)
    page.goto("/due-dates")
    row = page.locator("#due-dates tbody tr").first

    assert row.locator("td").count() == 5
    assert all(cell.is_visible() for cell in row.locator("td").all())


def test_a_file_on_paper_has_its_head_and_no_navigation(page_as):
    page = page_as("home_affairs")
    page.goto(person_named(page, "Lò Thị Khuyên"))

    page.emulate_media(media="print")

    expect(page.locator(".print-head")).to_be_visible()
    expect(page.locator(".print-head")).to_contain_text("tại thời điểm 15/07/2026")
    expect(page.locator(".print-head")).to_contain_text("Dữ liệu minh họa")
    for hidden in (".head", "nav.nav", ".actions", ".breadcrumb", ".tabs"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 4


def test_the_list_on_paper_shortens_nothing(page_as):
    page = page_as("chair_b")
    page.goto("/people")

    page.emulate_media(media="print")

    cut = page.locator("#people tbody > tr > *").evaluate_all(
        "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText)"
    )
    assert cut == []
