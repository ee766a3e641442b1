"""A decision about sixty people, pasted from an annex: one line is refused, the others take effect."""

import re

from playwright.sync_api import Page, expect

NOBODY = "Lò Văn Không Có\t01/01/1980"


def people_of(page: Page, count: int) -> list[tuple[str, str]]:
    """Name and day of birth of so many people of the list."""
    page.goto("/people?category=civil_servant")
    found: list[tuple[str, str]] = []
    while len(found) < count:
        for row in page.locator("table.list tbody tr").all():
            found.append((row.locator("th a").inner_text(), row.locator("td").first.inner_text()))
        page.locator("a[rel=next]").last.click()
        expect(page).to_have_url(re.compile("after="))
    return found[:count]


def test_sixty_people_pasted_one_line_refused(page_as):
    author, checker = page_as("home_affairs_2"), page_as("home_affairs_3")
    people = people_of(author, 59)
    author.goto("/decisions")
    author.get_by_role("link", name="Ghi quyết định").first.click()

    author.locator("#kind").select_option("concurrent")
    expect(author.locator("#post")).to_be_visible()
    author.locator("#office").fill("Ủy ban nhân dân tỉnh Điện Biên")
    author.locator("#effective_on").fill("15/07/2026")
    lines = ["\t".join(one) for one in people]
    author.locator("#people").fill("\n".join([*lines[:30], NOBODY, *lines[30:]]))
    author.locator("#post").fill("Thành viên Tổ chuyển đổi số của tỉnh")
    author.locator("#ends_on").fill("31/12/2026")
    author.get_by_role("button", name="Lưu dự thảo").click()

    expect(author).to_have_url(re.compile(r"/decisions/[a-z2-7]{26}$"))
    expect(author.locator("#lines tbody tr")).to_have_count(59)
    left_out = author.locator("#left-out tbody tr")
    expect(left_out).to_have_count(1)
    expect(left_out).to_contain_text("Lò Văn Không Có")
    expect(author.get_by_role("button", name="Thẩm định")).to_have_count(0)

    checker.goto(author.url)
    checker.get_by_role("button", name="Thẩm định").click()
    author.reload()
    author.get_by_role("button", name="Trình ký").click()
    author.get_by_role("link", name="Ban hành", exact=True).click()
    author.locator("#reference").fill("1906/QĐ-UBND")
    author.locator("#signed_on").fill("14/07/2026")
    author.locator("#signer").fill("Lê Văn Đô")
    author.get_by_role("button", name="Ban hành và ghi").click()

    expect(author.locator("#flash")).to_contain_text("Đã ban hành")
    expect(author.locator("#lines tbody tr")).to_have_count(59)
    author.locator("#lines tbody th a").first.click()
    entry = author.locator("#work tbody tr", has_text="Thành viên Tổ chuyển đổi số")
    entry.get_by_role("link", name="1906/QĐ-UBND").click()
    author.get_by_role("link", name="Thu hồi").click()
    author.locator("#reason").fill("Ban hành nhầm danh sách")
    author.get_by_role("button", name="Thu hồi").click()
    expect(author.locator("#flash")).to_contain_text("Đã thu hồi")
