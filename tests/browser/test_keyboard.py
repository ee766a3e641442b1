"""Without a mouse."""

import re

from playwright.sync_api import Page, expect


def focused(page: Page) -> str:
    """What a reader would hear of the element with focus: its name, else its text."""
    return " ".join(
        str(
            page.evaluate(
                "(e => e.getAttribute('aria-label') || e.innerText || e.tagName)(document.activeElement)"
            )
        ).split()
    )


def test_the_tab_order_begins_with_the_content_and_follows_the_page(page_as):
    page = page_as("chair_b")
    page.goto("/people")

    heard = []
    for _step in range(7):
        page.keyboard.press("Tab")
        heard.append(focused(page))

    assert heard[:4] == ["Đến nội dung", "Sổ công vụ", "Tìm người và đơn vị", "Tìm"]
    assert heard[4].startswith("Chủ tịch UBND xã Na Sang")
    assert heard[5:] == ["Việc cần làm", "Đội ngũ của đơn vị"]


def test_the_skip_link_is_seen_and_leads_past_the_navigation(page_as):
    page = page_as("home_affairs")
    page.goto("/people")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert focused(page) == "Hồ sơ mới"


def test_a_person_is_found_and_opened_by_keys_alone(page_as):
    page = page_as("home_affairs")
    page.goto("/")

    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("quang van tuong")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    for _step in range(30):
        page.keyboard.press("Tab")
        if focused(page) == "Quàng Văn Tưởng":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Quàng Văn Tưởng")


def test_the_slash_is_only_a_letter_inside_a_field(page_as):
    page = page_as("home_affairs_2")
    page.goto("/people")

    page.locator("#filter-q").focus()
    page.keyboard.type("a/b")

    expect(page.locator("#filter-q")).to_have_value("a/b")
    expect(page.locator("#filter-q")).to_be_focused()


def test_escape_closes_a_menu_and_returns_to_its_button(page_as):
    page = page_as("home_affairs")
    page.goto("/people")
    menu = page.locator("header details")

    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Tài khoản của tôi")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(menu.locator(".sheet")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


#: The element with focus: how wide its outline is, and what it is.
OUTLINE = """(e => {
  const style = getComputedStyle(e);
  return [style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), e.outerHTML.slice(0, 80)];
})(document.activeElement)"""


def test_the_focus_is_always_seen(page_as):
    page = page_as("home_affairs")
    page.goto("/people")

    for _step in range(25):
        page.keyboard.press("Tab")
        width, element = page.evaluate(OUTLINE)
        assert width >= 2, f"no visible focus on {element}"
