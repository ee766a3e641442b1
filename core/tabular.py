"""Spreadsheets in and out. What a file is, its bytes tell, never its name.

Reading runs in a child only (`read`, called through `core.child`): the scan refuses what would take
the machine's memory, calamine reads the rest, and its aborts end the child, not the server.
Writing makes .xlsx row by row, and .csv: text stays text (no formula, no link), numbers and dates
stay numbers and dates.
"""

import csv
import io
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from core.tabular_scan import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_PLAIN_MB,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_TEXT,
    Unreadable,
    column_letter,
    scan_compound,
    scan_zip,
)
from core.text import clean

__all__ = [
    "Cell",
    "Column",
    "Page",
    "Sheet",
    "TooManyRows",
    "Unreadable",
    "column_letter",
    "escape_formula",
    "read",
    "read_workbook",
    "windows_1258",
    "write_csv",
    "write_sheets",
    "write_workbook",
]

#: What a cell holds after reading; a date is its ISO text.
Cell: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows from row 1, without empty tails; merged ranges as (row, column, row, column),
    counted from 0, both ends inclusive. `typed`: its file tells numbers from texts."""

    name: str
    rows: list[list[Cell]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    typed: bool = True


def read(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Entry for the child: {"path", "filename"} → the sheets as plain dicts."""
    # Not `asdict`, which copies every cell.
    return [
        {"name": sheet.name, "rows": sheet.rows, "merged": sheet.merged, "hidden": sheet.hidden}
        for sheet in read_workbook(payload["path"], payload.get("filename", ""))
    ]


def windows_1258(data: bytes) -> str:
    """Text of Vietnamese Windows, whose separate tone marks the NFC form joins to their letters."""
    return unicodedata.normalize("NFC", data.decode("cp1258"))


def read_workbook(
    path: str | Path,
    filename: str = "",
    *,
    tidy: Callable[[str], str] = clean,
    single_bytes: Callable[[bytes], str] = windows_1258,
) -> list[Sheet]:
    """The sheets of a .xlsx, .xls, .ods or .csv file; Unreadable says why not.

    Call it in a child process only. `filename` names the sheet of a .csv file, nothing else. `tidy` is
    done to every text cell; `single_bytes` decodes a .csv file that is no Unicode.
    """
    path = Path(path)
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK"):
        scan_zip(path)
        sheets = _read_calamine(path, tidy)
    elif head == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        scan_compound(path)
        sheets = _read_calamine(path, tidy)
    else:
        sheets = [_read_plain(path, filename, tidy, single_bytes)]
    if not any(sheet.rows for sheet in sheets):
        raise Unreadable("empty")
    return sheets


# --- reading ------------------------------------------------------------------------------------


def _read_calamine(path: Path, tidy: Callable[[str], str]) -> list[Sheet]:
    import python_calamine as calamine

    try:
        with path.open("rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book:
            kinds = (calamine.SheetTypeEnum.WorkSheet,)
            metadata = [item for item in book.sheets_metadata if item.typ in kinds]
            if len(metadata) > MAX_SHEETS:
                raise Unreadable("too_many_sheets", limit=MAX_SHEETS)
            return [
                _sheet(
                    book.get_sheet_by_name(item.name),
                    item.visible is not calamine.SheetVisibleEnum.Visible,
                    tidy,
                )
                for item in metadata
            ]
    except calamine.PasswordError as error:
        raise Unreadable("password") from error
    except calamine.CalamineError as error:
        raise Unreadable("damaged") from error


def _sheet(source: Any, hidden: bool, tidy: Callable[[str], str]) -> Sheet:
    end = source.end or (0, 0)
    if end[0] >= MAX_ROWS:
        raise Unreadable("too_many_rows", limit=MAX_ROWS)
    if end[1] >= MAX_COLUMNS:
        raise Unreadable("cell_beyond", cell=f"{column_letter(end[1])}{end[0] + 1}")
    if (end[0] + 1) * (end[1] + 1) > MAX_CELLS:
        raise Unreadable("too_many_cells", limit=MAX_CELLS)
    rows = [_row(row, number, tidy) for number, row in enumerate(source.to_python(skip_empty_area=False), 1)]
    ranges = tuple((*start, *stop) for start, stop in source.merged_cell_ranges or ())
    return Sheet(clean(source.name), _without_tail(rows), ranges, hidden)


def _row(values: Iterable[object], number: int, tidy: Callable[[str], str]) -> list[Cell]:
    row = [None if value == "" else _cell(value, number, tidy) for value in values]
    while row and row[-1] is None:
        row.pop()
    return row


def _without_tail(rows: list[list[Cell]]) -> list[list[Cell]]:
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(value: object, row: int, tidy: Callable[[str], str]) -> Cell:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise Unreadable("text_too_long", row=row, limit=MAX_TEXT)
        return tidy(value) if value.strip() else None
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, datetime) and value.timetz() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _read_plain(
    path: Path, filename: str, tidy: Callable[[str], str], single_bytes: Callable[[bytes], str]
) -> Sheet:
    if path.stat().st_size > MAX_PLAIN_MB << 20:
        raise Unreadable("too_big", limit=MAX_PLAIN_MB)
    text = _decode(path.read_bytes(), single_bytes)
    start = text[:512].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table", "<head", "<meta")):
        raise Unreadable("web_page")
    delimiter, text = _delimiter(text)
    rows: list[list[Cell]] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > MAX_ROWS:
                raise Unreadable("too_many_rows", limit=MAX_ROWS)
            if len(values) > MAX_COLUMNS:
                raise Unreadable("cell_beyond", cell=f"{column_letter(len(values) - 1)}{number}")
            rows.append(_row(values, number, tidy))
    except csv.Error as error:
        raise Unreadable("text_too_long", row=len(rows) + 1, limit=MAX_TEXT) from error
    return Sheet(clean(Path(filename).stem)[:80], _without_tail(rows), typed=False)


def _decode(data: bytes, single_bytes: Callable[[bytes], str]) -> str:
    """UTF-8 or UTF-16 by mark, UTF-16 by its zero bytes, UTF-8 by trial, else one byte a letter."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        if b"\0" in data[:1024]:
            zeros = [data[offset:1024:2].count(0) for offset in (0, 1)]
            if max(zeros) < min(len(data), 1024) // 8 or min(zeros) > max(zeros) // 8:
                raise Unreadable("kind")
            return data.decode("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be")
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error
    if re.search(rb"[\x00-\x08\x0e-\x1f\x7f]", data):
        raise Unreadable("kind")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return single_bytes(data)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding") from error


def _delimiter(text: str) -> tuple[str, str]:
    """The separator that cuts most of the first lines into the same number of cells."""
    first, _sep, rest = text.partition("\n")
    if stated := re.fullmatch(r"sep=([;,\t|])\s*", first, re.IGNORECASE):
        return stated[1], rest
    lines = [line for line in text[: 64 << 10].splitlines()[:30] if line.strip()]
    scores: dict[str, int] = {}
    for candidate in ";\t,|":
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate))
        except csv.Error:
            continue
        scores[candidate] = max(((width - 1) * times for width, times in widths.items()), default=0)
    return max(scores, key=lambda c: scores[c], default=";"), text


# --- writing ------------------------------------------------------------------------------------

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_DATE, _TIME = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
#: Excel knows a 29/02/1900: days before it are told as text.
_FIRST_DAY = date(1900, 3, 1)
#: What a spreadsheet program takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_PLAIN_NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,15})?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write: its header, its width in characters, the number format of its numbers."""

    header: str
    width: int = 14
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of `write_sheets`: its name, rows of headings, data rows. `text`: numbers of the columns
    whose empty cells are text too, so that digits typed there keep their zeros."""

    name: str
    heads: Sequence[Sequence[str]]
    rows: Iterable[Sequence[object]]
    text: frozenset[int] = frozenset()


class TooManyRows(Exception):
    """A sheet has more rows than a workbook can be read with."""


def write_sheets(target: Path, pages: Iterable[Page]) -> None:
    """A .xlsx workbook of many sheets, row by row: memory does not grow with it. Texts are written as
    they are; TooManyRows when a sheet would be too long to be read again."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {"constant_memory": True})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6ECF2"})
    code = book.add_format({"italic": True, "font_color": "#555555", "bottom": 1})
    text = book.add_format({"num_format": "@"})
    formats = {"date": book.add_format({"num_format": _DATE}), "text": text, "General": None}
    with closing(book):
        for number, page in enumerate(pages):
            sheet = book.add_worksheet(page.name)
            for index in range(len(page.heads[0])):
                sheet.set_column(index, index, 18, text if index in page.text else None)
            sheet.freeze_panes(len(page.heads), 1 if number else 0)
            for row, cells in enumerate(page.heads):
                for index, words in enumerate(cells):
                    sheet.write_string(row, index, words, code if row else head)
            for row, values in enumerate(page.rows, len(page.heads)):
                if row >= MAX_ROWS:
                    raise TooManyRows(MAX_ROWS)
                for index, value in enumerate(values):
                    if isinstance(value, str):
                        sheet.write_string(row, index, value, text)
                    elif value is not None:
                        _write(sheet, row, index, value, formats, "General")


def write_workbook(
    columns: Sequence[Column | str], rows: Iterable[Sequence[object]], *, title: str = "", sheet: str = "1"
) -> io.BytesIO:
    """A .xlsx workbook of one sheet, at its beginning: title, frozen header, rows."""
    import xlsxwriter

    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", clean(sheet))[:31].strip() or "1")
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E6ECF2"}
    )
    formats = {
        "date": book.add_format({"num_format": _DATE}),
        "time": book.add_format({"num_format": _TIME}),
        **{c.number_format: book.add_format({"num_format": c.number_format}) for c in heads},
    }
    top = 2 if title else 0
    for index, column in enumerate(heads):
        page.set_column(index, index, column.width)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    if title:
        page.write_string(0, 0, clean(title), bold)
    for index, column in enumerate(heads):
        page.write_string(top, index, clean(column.header), head)
    for number, row in enumerate(rows, top + 1):
        for index, (value, column) in enumerate(zip(row, heads, strict=True)):
            _write(page, number, index, value, formats, column.number_format)
    book.close()
    stream.seek(0)
    return stream


def _write(page: Any, row: int, column: int, value: object, formats: dict[str, Any], number: str) -> None:
    if isinstance(value, datetime):
        page.write_datetime(row, column, _local(value), formats["time"])
    elif isinstance(value, date) and value >= _FIRST_DAY:
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), formats["date"])  # noqa: DTZ001
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < 10**15:
        page.write_number(row, column, float(value), formats[number])
    elif value is not None and value != "":
        page.write_string(row, column, clean(str(value))[:MAX_TEXT])


def write_csv(columns: Sequence[Column | str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with its mark, semicolons and decimal commas: as Vietnamese Excel reads it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_plain(c.header if isinstance(c, Column) else c) for c in columns])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if isinstance(value, float | Decimal):
        return str(value).replace(".", ",")
    return escape_formula(clean(str(value)))


def escape_formula(text: str) -> str:
    """Text that a spreadsheet program would calculate gets an apostrophe; a plain number does not."""
    if text.lstrip(" ").startswith(_FORMULA) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _local(value: datetime) -> datetime:
    """The time on the wall in Điện Biên, without a zone: a cell cannot hold one."""
    return value.astimezone(_ZONE).replace(tzinfo=None) if value.tzinfo else value
