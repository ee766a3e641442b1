"""Writes whole files: the workbook sheet by sheet, then the zip with the papers beside it. Row by row:
memory does not grow with the register."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, inspect, or_, select
from sqlalchemy.orm import aliased

from core.db import db, is_sqlite
from core.errors import Unprocessable
from core.files import Document, path_of
from core.scope import Viewer
from core.sheets import LABELS, ColumnKind, Sheet, SheetColumn
from core.tabular import Page, TooManyRows, write_sheets
from core.units import Unit
from core.words import LANGUAGES
from hr.people.exchange.cells import form_for
from hr.people.exchange.package import FOLDER, WORKBOOK
from hr.people.exchange.sheets import sheets_for
from hr.people.models import Person

#: Rows fetched at once.
CHUNK = 1000
#: Sheets for people, not read again: what the codes of the others mean; the papers that are not in the store.
CODES, LOST = "codes", "missing_files"
FOR_PEOPLE = (CODES, LOST)


def write_package(by: Viewer, people: Select[Any]) -> IO[bytes]:
    """The zip of these people's files, at its beginning; gone from the disk once it is closed.
    `people`: a Select of ids. A paper that does not lie in the store is left out, and the sheet LOST says so.
    Unprocessable when a sheet would be too long to be read again."""
    _hold_still()
    shown = sheets_for(by)
    papers = list(_papers(shown, people))
    lost = [(sha256, name) for sha256, name in papers if not path_of(sha256).exists()]
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w") as archive:
        book = Path(folder) / WORKBOOK
        try:
            write_sheets(book, [*_pages(shown, people), _codes(shown), *_lost(lost)])
        except TooManyRows as error:
            message = _l("A sheet would have more than %(limit)s rows: narrow the list", limit=error.args[0])
            raise Unprocessable(message) from error
        archive.write(book, WORKBOOK)
        for sha256 in sorted({sha256 for sha256, _name in papers} - {sha256 for sha256, _name in lost}):
            archive.write(path_of(sha256), f"{FOLDER}/{sha256}")
    target.seek(0)
    return target


def _hold_still() -> None:
    """All sheets tell of one moment, whatever is written meanwhile; SQLite's readers do so anyway."""
    if not is_sqlite(db.engine):
        db.session.rollback()
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


# --- pages ----------------------------------------------------------------------------------------------
def _pages(shown: Sequence[Sheet], people: Select[Any]) -> Iterator[Page]:
    units = {unit.id: unit_mark(unit.code, unit.valid_from) for unit in db.session.scalars(select(Unit))}
    for sheet in shown:
        columns = columns_of(sheet, shown)
        text = frozenset(n for n, column in enumerate(columns) if not _holds_numbers(sheet, column))
        yield Page(sheet.code, _heads(sheet, columns), _rows(sheet, columns, shown, people, units), text)


def columns_of(sheet: Sheet, shown: Sequence[Sheet]) -> tuple[SheetColumn, ...]:
    """The columns that are written: none that point at a sheet which is not."""
    codes = {other.code for other in shown}
    return tuple(column for column in sheet.columns if not column.refers or column.refers in codes)


def unit_mark(code: str, valid_from: date | None) -> str:
    """A unit by code and first day: codes are reused."""
    return f"{code} {valid_from.isoformat()}" if valid_from else code


def _heads(sheet: Sheet, columns: Sequence[SheetColumn]) -> list[list[str]]:
    """Headings in every language, and the codes below them."""
    told: list[list[str]] = []
    for language in LANGUAGES:
        with force_locale(language):
            form = form_for(sheet)
            told.append([str(_heading(form, column)) for column in columns])
    words = ["\n".join(dict.fromkeys(each)) for each in zip(*told, strict=True)]
    return [words, [column.code for column in columns]]


def _heading(form: Any, column: SheetColumn) -> Any:
    if column.kind is ColumnKind.FIELD:
        return form[column.code].label.text
    return column.label or LABELS[column.kind]


def _holds_numbers(sheet: Sheet, column: SheetColumn) -> bool:
    """Whether Excel may take what is typed there for a number or a day."""
    if column.kind is not ColumnKind.FIELD:
        return False
    kind = getattr(sheet.table, column.attribute).type.python_type
    return kind is not str and not issubclass(kind, Enum)


def _rows(
    sheet: Sheet,
    columns: Sequence[SheetColumn],
    shown: Sequence[Sheet],
    people: Select[Any],
    units: dict[int, str],
) -> Iterator[list[object]]:
    query = _query(sheet, columns, shown).where(belonging(sheet, shown, people)).order_by(*_order(sheet))
    places = [number for number, column in enumerate(columns) if column.kind is ColumnKind.UNIT]
    for row in db.session.execute(query, execution_options={"yield_per": CHUNK}):
        cells = [_cell(value) for value in row]
        for number in places:
            cells[number] = units[row[number]] if row[number] is not None else None
        yield cells


def _query(sheet: Sheet, columns: Sequence[SheetColumn], shown: Sequence[Sheet]) -> Select[Any]:
    """The columns as they are written, but units by key."""
    tables = {other.code: other.table for other in shown}
    query: Any = select().select_from(sheet.table)
    for column in columns:
        value = getattr(sheet.table, column.attribute)
        if column.kind is ColumnKind.PERSON:
            query = query.join(Person, Person.id == value).add_columns(Person.id_number)
        elif column.kind is ColumnKind.ROW:
            other = aliased(tables[column.refers], name=f"{sheet.code}_{column.code}")
            query = query.outerjoin(other, other.id == value).add_columns(other.uid)
        else:
            query = query.add_columns(value)
    found: Select[Any] = query
    return found


def _order(sheet: Sheet) -> tuple[Any, ...]:
    keys = inspect(sheet.table).primary_key
    return (sheet.table.person_id, *keys) if sheet.of_people else keys


def belonging(sheet: Sheet, shown: Sequence[Sheet], people: Select[Any]) -> Any:
    """Criterion: rows of these people; of the sheets of nobody, the rows that those point at."""
    if sheet.table is Person:
        return Person.id.in_(people)
    if not sheet.of_people:
        pointing = [
            sheet.table.id.in_(
                select(getattr(other.table, column.attribute)).where(belonging(other, shown, people))
            )
            for other in shown
            for column in other.columns
            if column.refers == sheet.code
        ]
        return or_(*pointing)
    within = [sheet.table.person_id.in_(people)]
    if sheet.only is not None:
        within.append(sheet.only)
    for column in sheet.columns:
        target = next((other for other in shown if other.code == column.refers and other.of_people), None)
        if target is not None:
            # A row that points at somebody's who is not taken along would point at nothing.
            key = getattr(sheet.table, column.attribute)
            within.append(
                or_(key.is_(None), key.in_(select(target.table.id).where(target.table.person_id.in_(people))))
            )
    return and_(*within)


def _cell(value: Any) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value


# --- what lies beside -----------------------------------------------------------------------------------
def _papers(shown: Sequence[Sheet], people: Select[Any]) -> Iterable[tuple[str, str]]:
    """(digest, name) of each paper of these people."""
    (papers,) = [sheet for sheet in shown if sheet.table is Document]
    query = select(Document.sha256, Document.name).where(belonging(papers, shown, people))
    return [(sha256, name) for sha256, name in db.session.execute(query.order_by(Document.id))]


def _lost(papers: Sequence[tuple[str, str]]) -> Iterator[Page]:
    """The papers that are told of and not in the store, if there are any."""
    if papers:
        yield Page(LOST, [["sha256", "Name"]], [list(paper) for paper in papers], frozenset(range(2)))


def _codes(shown: Sequence[Sheet]) -> Page:
    """The words of the codes, in every language."""
    rows = []
    for sheet in shown:
        told: list[list[tuple[str, str, str]]] = []
        for language in LANGUAGES:
            with force_locale(language):
                told.append(list(_choices(sheet)))
        for first, *others in zip(*told, strict=True):
            rows.append([sheet.code, *first, *(other[2] for other in others)])
    return Page(CODES, [["Sheet", "Column", "Code", *LANGUAGES.values()]], rows, frozenset(range(9)))


def _choices(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    form = form_for(sheet)
    for column in sheet.columns:
        choices = getattr(form[column.code], "choices", None) if column.code in form else None
        for value, label in choices or ():
            if value:
                yield column.code, str(value), str(label)
