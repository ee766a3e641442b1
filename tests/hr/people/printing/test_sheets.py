"""The shipped Word templates are what their program writes, and look like official papers."""

import zipfile

import pytest
from docx import Document
from docx.shared import Pt

from hr.people.letters import word as issuer_letter
from hr.people.printing import form_2c, sheets, statement

SHIPPED = [
    (sheets.write_form_2c, form_2c.TEMPLATE.shipped, form_2c.TITLE),
    (sheets.write_statement, statement.TEMPLATE.shipped, statement.TITLE),
    (sheets.write_issuer_letter, issuer_letter.TEMPLATE.shipped, issuer_letter.TITLE),
]


@pytest.mark.parametrize(("write", "shipped", "title"), SHIPPED)
def test_the_committed_file_is_what_the_program_writes(write, shipped, title, tmp_path):
    write().save(tmp_path / "new.docx", title)

    with zipfile.ZipFile(tmp_path / "new.docx") as new, zipfile.ZipFile(shipped) as old:
        assert new.namelist() == old.namelist()
        assert [new.read(name) for name in new.namelist()] == [old.read(name) for name in old.namelist()]


@pytest.mark.parametrize("shipped", [shipped for _write, shipped, _title in SHIPPED])
def test_page_and_type_follow_decree_30(shipped):
    """Annex I of Decree 30/2020/NĐ-CP: A4, margins 20-25, 20-25, 30-35, 15-20 mm, Times New Roman, 13-14."""
    document = Document(shipped)
    (page,) = document.sections

    sizes = (page.page_width, page.page_height, page.top_margin, page.bottom_margin)
    assert [round(size.mm) for size in (*sizes, page.left_margin, page.right_margin)] == [
        210, 297, 20, 20, 30, 15
    ]  # fmt: skip
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.styles["Normal"].font.size == Pt(13)


def test_a_day_of_a_letter_stands_on_one_line():
    """A day in Times New Roman 12 is 19.3 mm wide, a cell of Word leaves 3.8 mm at its sides."""
    days = [width for _heading, name, width in issuer_letter.COLUMNS if name in ("born_on", "awarded")]

    assert all(width >= 24 for width in days)
    assert sum(width for _heading, _name, width in issuer_letter.COLUMNS) == 165


def test_the_form_has_its_items_in_order():
    """Items 1 to 32 of 2C-BNV/2008 as `domain` §8.1 lists them."""
    words = [label for item in (*form_2c.HEAD, *form_2c.ITEMS) for label in _labels(item)]
    numbers = [int(word.split(")")[0]) for word in words if word[0].isdigit() and ")" in word[:3]]

    assert numbers == [n for n in range(1, 33) if n != 15]
    assert [word[:4] for word in words if word.startswith("15.")] == [f"15.{n}" for n in range(1, 7)]


def _labels(item):
    return [item.title] if isinstance(item, form_2c.Table) else [label for label, _field in item.parts]
