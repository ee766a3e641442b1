"""The pictures of the README, taken from the demo. `make pictures` writes them into docs/pictures."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import OFFICE, PHONE, ROOT, person_named

PICTURES = ROOT / "docs" / "pictures"
HEAVIEST = 150 << 10


def keep(name: str, shot: bytes, folder: Path) -> Path:
    """Writes a screenshot in as many colours as a page has, which halves it."""
    path = folder / name
    Image.open(io.BytesIO(shot)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return PICTURES if os.environ.get("PICTURES") else tmp_path


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
def test_the_readme_has_its_picture(page_as, folder, name, persona, address, options):
    page = page_as(persona, **options)
    page.goto(address if address.startswith("/") else person_named(page, address))
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    path = keep(name, page.screenshot(), folder)

    size = options.get("size", OFFICE)
    with Image.open(path) as picture:
        assert picture.size == (size["width"], size["height"])
    assert path.stat().st_size <= HEAVIEST
    assert (PICTURES / name).exists(), "run `make pictures` and commit what it writes"
