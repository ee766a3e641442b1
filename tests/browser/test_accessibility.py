"""axe finds nothing to complain about: every page of every role, both languages, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ACCOUNTS, person_named

AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
#: Pages beside the navigation, by persona; {person} is a file, {unit} a unit's page.
BESIDE = {
    "home_affairs": (
        "{person}",
        "{person}/edit",
        "{person}/move",
        "{person}/qualifications/new",
        "{person}/changes",
        "{unit}",
        "/people/new",
        "/people/export",
        "/people?status=any&cols=sex&cols=rank&cols=id&category=cadre",
        "/people?q=khong+co+ai",
        "/imports/new",
        "/search?q=nguyen",
        "/units?q=muong",
        "/account",
        "/account/password",
        "/_components",
    ),
    "chair_b": ("{person}", "{unit}", "/account", "/acting-authority", "/acting-authority/new"),
    "admin": ("/accounts/new",),
    "data_officer": ("/log/export",),
}
EVERYTHING = {"resultTypes": ["violations"]}
#: Colours do not depend on words: looked at in one language.
WORDS = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
#: What a colour scheme can break; the rest was looked at in the light.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page: Page) -> list[str]:
    """What axe finds on the page, light then dark, as lines."""
    page.evaluate(AXE)
    if page.locator("html").get_attribute("lang") != "vi":
        return _run(page, WORDS)
    found = _run(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    found += _run(page, COLOURS)
    page.emulate_media(color_scheme="light")
    return found


def _run(page: Page, options: dict[str, object]) -> list[str]:
    # Without transitions in the style sheet the colours are there at once; held by the test below.
    rules = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [f"{rule['id']}: {node['html'][:200]}" for rule in rules for node in rule["nodes"]]


def addresses(page: Page, persona: str) -> list[str]:
    """The navigation of the persona, and the pages beside it."""
    page.goto("/")
    found = page.locator(".nav li:not(.more) > a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    places = {"person": "", "unit": ""}
    if any("{" in path for path in BESIDE.get(persona, ())):
        places["person"] = person_named(page, "Tòng Thị Lả")
        page.goto(places["person"])
        places["unit"] = str(page.locator(".lede a").get_attribute("href"))
    return [*found, *(path.format(**places) for path in BESIDE.get(persona, ()))]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("persona", [name for name in ACCOUNTS if not name[-1].isdigit()])
def test_axe_finds_nothing(page_as, persona, language):
    page = page_as(persona, language=language)

    found = {}
    for address in addresses(page, persona):
        page.goto(address)
        found[address] = violations(page)

    assert {address: lines for address, lines in found.items() if lines} == {}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_before_signing_in_and_on_refusals(page_as, language):
    page = page_as(None, language=language, refusals=(422,))
    page.goto("/sign-in")
    found = violations(page)
    page.locator("main button.primary").click()
    page.locator(".error-summary").wait_for()
    found += violations(page)

    page = page_as("chair_b", language=language, refusals=(404,))
    page.goto("/people/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    found += violations(page)

    assert found == []


def test_a_form_with_errors_and_an_open_menu_are_as_good(page_as):
    page = page_as("home_affairs", refusals=(422,))
    page.goto(f"{person_named(page, 'Tòng Thị Lả')}/edit")
    page.locator("#full_name").fill("")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("alert").wait_for()
    found = violations(page)

    page.goto("/people")
    page.locator("main summary").first.click()
    found += violations(page)

    assert found == []


def test_nothing_on_a_page_changes_slowly(page_as):
    page = page_as("home_affairs")
    page.goto("/_components")

    slow = page.locator("body *").evaluate_all(
        "all => all.filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).map(e => e.outerHTML)"
    )

    assert slow == []
