"""Files that cannot be read: each is told why in both languages, and nothing is saved."""

import io
import zipfile
from typing import Any

import pytest

from core.files import path_of
from hr.people.imports import actions
from hr.people.imports.enums import ImportStatus
from tests.hr.people.imports.conftest import dump

SHEET = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetData><row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    "</worksheet>"
)


def package(**members: Any) -> bytes:
    """A zip as Excel makes them, with these parts beside the workbook's own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in members.items():
            archive.writestr(f"xl/worksheets/{name}.xml", content)
    return stream.getvalue()


def far_cell() -> bytes:
    return package(sheet1=SHEET.format(row=1048576, cell="XFD1048576"))


def bomb() -> bytes:
    return package(sheet1=b" " * (201 << 20))


def locked() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
    )


def no_table() -> bytes:
    return "Đơn vị;Số lượng\nXã Búng Lao;42\nXã Na Sang;40\n".encode()


BAD = {
    "cell far out": (
        far_cell,
        "stands far outside any table: delete the rows and columns after the table, save and send the file "
        "again",
    ),
    "zip bomb": (bomb, "This file unpacks to more than 200 MB: send it in parts"),
    "password": (
        locked,
        "This file is protected by a password: save it as .xlsx without one and send it again",
    ),
    "web page": (
        lambda: "<html><table><tr><td>Họ và tên</td></tr></table></html>".encode(),
        "This file is a web page under another name: open it, save it as .xlsx and send it again",
    ),
    "half a file": (
        lambda: far_cell()[:200],
        "This file is damaged or not complete: send it again from the original",
    ),
    "no table of people": (
        no_table,
        "No row of column names was found: the table needs a column “Họ và tên”",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_says_what_to_do_and_saves_nothing(app, officer, batch_at, kind):
    make, words = BAD[kind]
    before = dump(app)

    where = officer.read(make())

    assert batch_at(where).status is ImportStatus.FAILED
    vietnamese = officer.page(where)
    officer.client.set_cookie("lang", "en")
    page = officer.page(where)
    assert words in page
    assert words not in vietnamese
    assert "Send another file" in page
    assert "/confirm" not in page
    assert dump(app) == before


def letter() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        letter(),
    ],
    ids=["PDF of text only", "picture", "letter"],
)
def test_what_is_no_workbook_is_refused_at_sending(officer, content):
    answer = officer.send(content)

    assert answer.status_code == 422
    assert "Không đọc được tệp: lưu lại dạng .xlsx không mật khẩu rồi gửi lại" in answer.get_data(
        as_text=True
    )
    assert "danh sách.xlsx" not in officer.page("/imports")


def test_a_file_that_was_swept_is_asked_for_again(app, officer, batch_at):
    """Uploads have no row of their own and are not kept for ever."""
    where = officer.read(no_table())
    with app.app_context():
        path_of(batch_at(where).sha256).unlink()

    fresh = officer.decide(where, "again").headers["Location"]

    officer.client.set_cookie("lang", "en")
    assert "This file is no longer kept: send it again" in officer.page(fresh)


def test_an_empty_file_is_refused_at_the_form(officer):
    answer = officer.send(b"")

    assert answer.status_code == 422
    officer.client.set_cookie("lang", "en")
    assert "The file is empty" in officer.send(b"").get_data(as_text=True)


def test_no_file_at_all_is_refused_at_the_form(officer):
    officer.client.set_cookie("lang", "en")

    answer = officer.client.send("/imports/new", {})

    assert answer.status_code == 422
    assert "Choose the file to import" in answer.get_data(as_text=True)


def test_a_file_of_500_mb_is_refused_before_it_is_taken_in(officer):
    """The size that the browser announces is enough; the body is not read."""
    values = officer.client.form("/imports/new")

    answer = officer.client.post(
        "/imports/new",
        data=values,
        content_type="multipart/form-data",
        environ_overrides={"CONTENT_LENGTH": str(500 << 20)},
    )

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/danh sách.csv", "danh sách.csv"),
        ("a\x00b\u202ec.csv", "abc.csv"),
        ("x" * 300 + ".csv", "x" * 200),
    ],
)
def test_the_name_of_a_file_is_kept_without_folders_and_hidden_signs(officer, batch_at, sent, kept):
    where = officer.read(no_table(), sent)

    assert batch_at(where).filename == kept
    assert actions.file_name("C:\\Users\\lan\\" + kept) == kept


def test_a_file_larger_than_one_read_of_the_parser_arrives(client_as):
    """200 KB of lines: the parser keeps what may be the beginning of a boundary from chunk to chunk."""
    client = client_as("home_affairs")
    body = b"\xef\xbb\xbf" + "Họ và tên;Ngày sinh\r\n".encode() + b"Lo Van Thu;01/01/1990\r" * 9000

    answer = client.send("/imports/new", {"file": (io.BytesIO(body), "lon.csv")})

    assert answer.status_code == 303
