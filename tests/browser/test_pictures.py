"""The pictures of the README and of the guide, taken from the demo. `make pictures` writes them into
docs/pictures and docs/guide/pictures; a plain run takes them too, and keeps none."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OFFICE, PHONE, ROOT, person_named
from tests.browser.test_decisions import NOBODY

PICTURES = ROOT / "docs" / "pictures"
GUIDE_PICTURES = ROOT / "docs" / "guide" / "pictures"
HEAVIEST, HEAVIEST_OF_GUIDE = 150 << 10, 60 << 10


def keep(path: Path, shot: bytes, heaviest: int) -> Path:
    """Writes a screenshot in as many colours as the weight, in bytes, allows: 128, or fewer."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    for colours in (128, 64, 32, 16):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= heaviest:
            break
    return path


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., Path]:
    """`taken(folder, name, page, heaviest)`: where the picture was written, in that folder by
    `make pictures` only."""

    def take(folder: Path, name: str, page: Page, heaviest: int) -> Path:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        into = folder if os.environ.get("PICTURES") else tmp_path
        path = keep(into / name, page.screenshot(animations="disabled"), heaviest)
        assert (folder / name).exists(), "run `make pictures` and commit what it writes"
        return path

    return take


@pytest.mark.parametrize(
    ("name", "persona", "address", "options"),
    [
        ("people.png", "home_affairs", "/people", {}),
        ("home.png", "home_affairs", "/", {}),
        ("person.png", "home_affairs", "Lò Thị Khuyên", {}),
        ("person-dark.png", "home_affairs", "Lò Thị Khuyên", {"dark": True}),
        ("team-phone.png", "chair_b", "/people", {"size": PHONE}),
    ],
)
def test_the_readme_has_its_picture(page_as, taken, name, persona, address, options):
    page = page_as(persona, **options)
    page.goto(address if address.startswith("/") else person_named(page, address))

    path = taken(PICTURES, name, page, HEAVIEST)

    size = options.get("size", OFFICE)
    with Image.open(path) as picture:
        assert picture.size == (size["width"], size["height"])
    assert path.stat().st_size <= HEAVIEST


# --- the guide -----------------------------------------------------------------------------------


def person_menu(page: Page) -> None:
    """A file with the further actions open."""
    page.goto(person_named(page, "Lò Thị Khuyên"))
    page.locator(".page-head .actions summary").click()


def decision_form(page: Page) -> None:
    """A decision about the first people of the list and one whom nobody knows; nothing is sent."""
    page.goto("/people?category=civil_servant")
    rows = page.locator("table.list tbody tr").all()
    people = [f"{row.locator('th a').inner_text()}\t{row.locator('td').first.inner_text()}" for row in rows]
    page.goto("/decisions/new")
    page.locator("#kind").select_option("concurrent")
    expect(page.locator("#post")).to_be_visible()
    page.locator("#office").fill("Ủy ban nhân dân tỉnh Điện Biên")
    page.locator("#effective_on").fill("15/07/2026")
    page.locator("#post").fill("Thành viên Tổ chuyển đổi số của tỉnh")
    page.locator("#people").fill("\n".join([*people[:8], NOBODY, *people[8:]]))
    page.evaluate("window.scrollTo(0, 0)")


def decision_effects(page: Page) -> None:
    """What the same decision would do."""
    decision_form(page)
    page.locator("main button.primary").click()
    expect(page.locator("#left-out tbody tr")).to_have_count(1)


def point_to_check(page: Page) -> None:
    """Two people with one serial number, side by side."""
    page.goto("/points-to-check")
    page.locator('main table a[href*="/points-to-check/"]').first.click()


def proposal(page: Page) -> None:
    """What a commune proposes beside what the file holds."""
    page.goto("/proposals")
    page.locator('main table a[href*="/proposals/"]').first.click()


def import_lines(page: Page) -> None:
    """A small file: a line in an old font, one that may be somebody known, one with an impossible date."""
    page.goto("/imports/new")
    page.locator("#file").set_input_files(
        {"name": "na-hy.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
    )
    page.locator("#unit").select_option(label="Xã Nà Hỳ")
    page.locator("main button.primary").click()
    expect(page.locator("#decision")).to_be_visible(timeout=20_000)
    page.goto(f"{page.url}/lines")


ROSTER = (
    "Họ và tên;Ngày sinh;Giới tính;Số CCCD;Chức vụ;Phòng;Trình độ\r\n"
    "NguyÔn V¨n M¹nh;20/04/1988;Nam;011088900011;Chuyªn viªn;Phßng Kinh tÕ;§¹i häc\r\n"
    "Lò Thị Khuyên;05/10/1993;Nữ;;Chuyên viên một cửa;Trung tâm Phục vụ hành chính công;Đại học\r\n"
    "Lò Thị Thiếu;31/02/1990;Nữ;011190900012;Chuyên viên;Phòng Kinh tế;Đại học\r\n"
)


def roster(page: Page) -> None:
    """The chair confirms the own people, line by line."""
    page.goto("/rosters")
    page.locator('main a[href*="/rosters/"]').first.click()
    page.locator('main a[href$="/confirm"]').first.click()


def absence(page: Page) -> None:
    """The form for an authorised absence."""
    page.goto("/people")
    page.locator("table.list tbody th a").first.click()
    page.locator('main a[href$="/absences/new"]').first.click()


def due_dates(page: Page) -> None:
    """Pay steps that fall due, of which some are chosen."""
    page.goto("/due-dates?kind=pay_step")
    for box in page.locator("main table input[type=checkbox]").all()[:3]:
        box.check()


def put_away(page: Page) -> None:
    """Drops what was sent for the sake of the picture: other tests share the demo."""
    if "/lines" in page.url:
        page.goto(page.url.removesuffix("/lines"))
    made = page.locator('main form[action$="/discard"] button')
    if made.count():
        made.click()
        expect(page.locator("#flash .notice")).to_be_visible()


def at(address: str) -> Callable[[Page], None]:
    """The page at an address."""
    return lambda page: page.goto(address) and None


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("name", "persona", "walk", "size"),
    [
        ("person-menu", "home_affairs", person_menu, OFFICE),
        ("decision-form", "home_affairs", decision_form, OFFICE),
        ("decision-effects", "home_affairs", decision_effects, OFFICE),
        ("due-dates", "home_affairs", due_dates, OFFICE),
        ("import-lines", "home_affairs", import_lines, OFFICE),
        ("point-to-check", "home_affairs", point_to_check, OFFICE),
        ("proposal", "home_affairs", proposal, OFFICE),
        ("roster-phone", "chair_b", roster, PHONE),
        ("absence-phone", "staff_b", absence, PHONE),
        ("log", "data_officer", at("/log"), OFFICE),
    ],
)
def test_the_guide_has_its_picture(page_as, taken, language, name, persona, walk, size):
    page = page_as(persona, size=size, language=language)
    walk(page)

    path = taken(GUIDE_PICTURES, f"{name}-{language}.png", page, HEAVIEST_OF_GUIDE)
    put_away(page)

    with Image.open(path) as picture:
        assert picture.size == (size["width"], size["height"])
    assert path.stat().st_size <= HEAVIEST_OF_GUIDE
