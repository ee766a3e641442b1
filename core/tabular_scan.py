"""The look at an uploaded spreadsheet before it is read: what would take the machine's memory, hide
behind another name or need a password is refused here, with a message that says what to do.

Needed because a cell at XFD1048576 in a file of 5 KB makes the reading library abort.
"""

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

from core.child import Refused
from core.text import marked as _

MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_SHEETS, MAX_MEMBERS = 50_000, 300, 4_000_000, 60, 500
MAX_UNPACKED_MB, MAX_PLAIN_MB = 200, 20
#: The longest text a cell of Excel can hold.
MAX_TEXT = 32_767

MESSAGES = {
    "file": _("This file cannot be read: save it as .xlsx without a password and send it again"),
    "password": _("This file is protected by a password: save it as .xlsx without one and send it again"),
    "web_page": _("This file is a web page under another name: open it, save it as .xlsx and send it again"),
    "kind": _("This is not a spreadsheet: send a file of kind .xlsx, .xls, .ods or .csv"),
    "binary_workbook": _("Workbooks of kind .xlsb are not read: save it as .xlsx and send it again"),
    "damaged": _("This file is damaged or not complete: send it again from the original"),
    "encoding": _("The letters of this file cannot be told: save it as .xlsx and send it again"),
    "too_big": _("This file unpacks to more than %(limit)s MB: send it in parts"),
    "too_many_rows": _("This file has more than %(limit)s rows: send it in parts"),
    "too_many_cells": _("This file has more than %(limit)s cells: send it in parts"),
    "too_many_sheets": _("This file has more than %(limit)s sheets: send it in parts"),
    "cell_beyond": _(
        "Cell %(cell)s stands far outside any table: delete the rows and columns after the table, "
        "save and send the file again"
    ),
    "text_too_long": _("A cell in row %(row)s holds more than %(limit)s characters: shorten it"),
    "empty": _("This file holds no rows"),
}


class Unreadable(Refused):
    """The file is refused as a whole. `code` is a key of MESSAGES."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code, MESSAGES[code], params)


def column_letter(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_CELL = re.compile(
    rb"""<(?:[^\s:<>/]+:)?(?:row|c)\s[^>]*?\br\s*=\s*["']\s*([A-Za-z]*)(\d{1,12})\s*["'][^>]*>"""
)


_OTHER_KINDS = (b"%PDF", b"{\\rtf")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def may_be_table(path: Path) -> bool:
    """Whether a file may be a spreadsheet by its first bytes and the names in its zip: a PDF, a picture or
    a letter under another name is none. What else is wrong with it only its reading tells."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    if head.startswith(b"PK"):
        try:
            with zipfile.ZipFile(path) as archive:
                _check_kind(set(archive.namelist()))
        except Unreadable as refusal:
            return refusal.code != "kind"
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return True  # a broken zip, or one of a kind `zipfile` does not know: its reading tells
        return True
    if head.startswith((b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")):
        return True
    zeros = [head[offset::2].count(0) for offset in (0, 1)]
    if max(zeros) > len(head) // 8 and min(zeros) <= max(zeros) // 8:
        return True  # text of two bytes a letter, without its mark
    return not (head.startswith(_OTHER_KINDS) or _CONTROLS.search(head))


def scan_zip(path: Path) -> None:
    """Refuses a .xlsx or .ods that unpacks too large, has a cell far out, or is none of the two."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED_MB << 20:
                raise Unreadable("too_big", limit=MAX_UNPACKED_MB)
            if any(member.flag_bits & 1 for member in members):
                raise Unreadable("password")
            if any(
                member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members
            ):
                raise Unreadable("file")
            _check_kind({member.filename for member in members})
            budget = MAX_UNPACKED_MB << 20
            for member in members:
                budget -= _scan_member(archive, member, budget)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Unreadable("damaged") from error


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.bin" in names:
        raise Unreadable("binary_workbook")
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        raise Unreadable("kind")


def _scan_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: int) -> int:
    """Unpacks a member piece by piece and looks at every cell's address, wherever the part lies and
    whatever it is called. Returns its real size."""
    size, rest, rows, columns = 0, b"", 0, 0
    with archive.open(member) as stream:
        while chunk := stream.read(1 << 18):
            if not size and _odd_markup(chunk):
                raise Unreadable("file")
            size += len(chunk)
            if size > budget:
                raise Unreadable("too_big", limit=MAX_UNPACKED_MB)
            piece = rest + chunk
            for match in _CELL.finditer(piece):
                if not match.group().endswith(b"/>"):  # an empty one takes no memory
                    row, column = _address(match[1], match[2])
                    rows, columns = max(rows, row), max(columns, column)
            opened = piece.rfind(b"<")
            rest = piece[opened:][: 1 << 16] if opened > piece.rfind(b">") else b""
    if rows * columns > MAX_CELLS:
        raise Unreadable("too_many_cells", limit=MAX_CELLS)
    return size


def _odd_markup(head: bytes) -> bool:
    """Markup that could hide cells from the scan: another encoding, declared entities."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")):
        return True
    start = head[:4096].lower()
    return start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") and (
        b"<!doctype" in start or b"<!entity" in start or b"utf-16" in start[:200] or b"utf-7" in start[:200]
    )


def _address(letters: bytes, digits: bytes) -> tuple[int, int]:
    column = 0
    for letter in letters.upper()[:8]:
        column = column * 26 + letter - 64
    row = int(digits)
    if row > MAX_ROWS or column > MAX_COLUMNS:
        raise Unreadable("cell_beyond", cell=(letters.upper()[:8] + digits).decode())
    return row, column


def scan_compound(path: Path) -> None:
    """An OLE file is an old .xls, a Word file, or a workbook locked with a password."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Unreadable("password")
    if not any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        raise Unreadable("kind")
