"""A roster comes in: what is wrong is named by row and column, then figures change."""

import re

from playwright.sync_api import Page, expect

ROSTER = (
    "Họ và tên;Ngày sinh;Giới tính;Dân tộc;Số CCCD;Chức vụ;Phòng;Trình độ\r\n"
    "Lò Văn Nhập;20/04/1988;Nam;Thái;011088900001;Chuyên viên;Phòng Kinh tế;Đại học\r\n"
    "Lò Thị Thiếu;31/02/1990;Nữ;Thái;011190900002;Chuyên viên;Phòng Kinh tế;Đại học\r\n"
)


def officials(page: Page) -> int:
    """The first figure on the start page."""
    page.goto("/")
    return int(page.locator(".figure b").first.inner_text().replace(".", ""))


def test_good_rows_come_in_and_bad_ones_are_named(page_as, data_folder):
    chair, page = page_as("chair_b"), page_as("home_affairs")
    before = officials(chair)
    page.goto("/imports")
    page.get_by_role("link", name="Nhập một tệp").first.click()

    page.locator("#file").set_input_files(data_folder / "rosters" / "roster_na_sang.csv")
    page.locator("#unit").select_option(label="Xã Na Sang")
    page.get_by_role("button", name="Đọc tệp").click()

    expect(page).to_have_url(re.compile(r"/imports/[a-z2-7]{26}$"))
    wrong = page.locator("#errors tbody tr")
    expect(wrong).to_have_count(2, timeout=20_000)
    expect(page.locator(".figures")).to_contain_text(re.compile(r"39\s+thêm mới"))
    # One has the name and the birthday of somebody of the demo: asked, never guessed.
    expect(page.locator(".figures")).to_contain_text(re.compile(r"1\s+cùng một người"))
    for row in wrong.all():
        expect(row).to_contain_text(re.compile(r"dòng \d+"))
        expect(row).to_contain_text(re.compile(r"[A-N] · "))
    assert officials(chair) == before, "nothing is written before it is confirmed"

    page.get_by_role("button", name="Nhập 39 người").click()
    expect(page.locator("#flash")).to_contain_text("Đã nhập")
    assert officials(chair) == before + 39
    expect(page.get_by_role("button", name="Nhập 39 người")).to_have_count(0)


def test_a_roster_comes_in_without_scripts(page_as, no_scripts):
    chair, page = page_as("chair_a"), no_scripts("home_affairs_2")
    before = officials(chair)
    page.goto("/imports/new")

    page.locator("#file").set_input_files(
        {"name": "danh sách.csv", "mimeType": "text/csv", "buffer": ROSTER.encode("utf-8-sig")}
    )
    page.locator("#unit").select_option(label="Xã Búng Lao")
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page).to_have_url(re.compile(r"/imports/[a-z2-7]{26}$"))
    for _look in range(60):
        again = page.get_by_role("link", name="Tải lại")
        if not again.count():
            break
        again.click()

    expect(page.locator("#errors tbody tr")).to_have_count(1)
    expect(page.locator("#errors")).to_contain_text("31/02/1990")
    page.get_by_role("button", name="Nhập 1 người").click()
    expect(page.locator("#flash")).to_contain_text("Đã nhập")
    assert officials(chair) == before + 1


def test_a_file_that_is_no_table_is_refused_in_words(page_as):
    page = page_as("home_affairs")
    page.goto("/imports/new")

    page.locator("#file").set_input_files(
        {"name": "thư.csv", "mimeType": "text/csv", "buffer": b"Kinh gui;UBND\r\n"}
    )
    page.get_by_role("button", name="Đọc tệp").click()

    expect(page.locator("#import-state .notice.danger")).to_contain_text("Họ và tên", timeout=20_000)
    expect(page.get_by_role("link", name="Gửi tệp khác")).to_be_visible()


def test_a_form_sent_without_its_file_says_so(page_as):
    page = page_as("home_affairs", refusals=(422,))
    page.goto("/imports/new")

    page.get_by_role("button", name="Đọc tệp").click()

    expect(page.get_by_role("alert")).to_contain_text("Tệp bảng tính")
    expect(page.locator("#file")).to_have_attribute("aria-invalid", "true")
