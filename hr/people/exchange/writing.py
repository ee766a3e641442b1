"""Writes whole files: the workbook sheet by sheet, then the zip with the papers beside it. Row by row:
memory does not grow with the register."""

import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, inspect, or_, select, true
from sqlalchemy.orm import aliased

from accounts.models import User
from core.db import db, is_sqlite, to_json
from core.errors import Unprocessable
from core.files import Document, path_of
from core.scope import Viewer
from core.sheets import LABELS, ColumnKind, Sheet, SheetColumn
from core.tabular import Page, TooManyRows, write_sheets
from core.tabular_scan import MAX_TEXT
from core.text import clean
from core.units import Unit
from core.words import LANGUAGES
from hr.people.exchange import queries
from hr.people.exchange.cells import form_for
from hr.people.exchange.package import FOLDER, WORKBOOK
from hr.people.exchange.sheets import sheets_for
from hr.people.models import Person

#: Rows fetched at once.
CHUNK = 1000
#: A sheet for people: what the codes of the others mean. Not read again.
CODES = "codes"
#: Papers that are missing in the folder of files: their rows come without them.
MISSING = "missing_files"


@dataclass(frozen=True, slots=True)
class Written:
    """A zip at its beginning, gone from the disk once it is closed, and the names of the papers whose
    files are missing in the folder of files: the workbook names them too."""

    stream: IO[bytes]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose files are written: a Select of ids. Who takes everybody's takes the papers of nobody too."""

    people: Select[Any]
    everybody: bool = False


def write_package(by: Viewer, people: Select[Any]) -> Written:
    """The zip of these people's files. `people`: a Select of ids. Unprocessable when a sheet would be too
    long to be read again."""
    _hold_still()
    shown = sheets_for(by)
    chosen = Chosen(
        people, everybody=queries.count_people(people) == queries.count_people(queries.everybody())
    )
    papers = _papers(shown, chosen)
    lost = [(sha256, name) for sha256, name in papers.items() if not path_of(sha256).exists()]
    target: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(target, "w") as archive:
        book = Path(folder) / WORKBOOK
        try:
            write_sheets(book, [*_pages(shown, chosen), _missing(lost), _codes(shown)])
        except TooManyRows as error:
            message = _l("A sheet would have more than %(limit)s rows: narrow the list", limit=error.args[0])
            raise Unprocessable(message) from error
        archive.write(book, WORKBOOK)
        for sha256 in papers.keys() - dict(lost).keys():
            archive.write(path_of(sha256), f"{FOLDER}/{sha256}")
    target.seek(0)
    return Written(target, tuple(name for _sha256, name in lost))


def _hold_still() -> None:
    """All sheets tell of one moment, whatever is written meanwhile; SQLite's readers do so anyway."""
    if not is_sqlite(db.engine):
        db.session.rollback()
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


# --- pages ----------------------------------------------------------------------------------------------
def _pages(shown: Sequence[Sheet], chosen: Chosen) -> Iterator[Page]:
    units: dict[Any, str] = {}
    for unit in db.session.scalars(select(Unit)):
        units[unit.id] = units[unit.uid] = unit_mark(unit.code, unit.valid_from)
    for sheet in shown:
        columns = columns_of(sheet, shown)
        text = frozenset(n for n, column in enumerate(columns) if not _holds_numbers(sheet, column))
        yield Page(sheet.code, _heads(sheet, columns), _rows(sheet, columns, shown, chosen, units), text)


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
    chosen: Chosen,
    units: Mapping[Any, str],
) -> Iterator[list[object]]:
    query = _query(sheet, columns, shown).where(belonging(sheet, shown, chosen)).order_by(*_order(sheet))
    places = [number for number, column in enumerate(columns) if column.kind is ColumnKind.UNIT]
    parts = [(number, column) for number, column in enumerate(columns) if column.kind is ColumnKind.JSON]
    for row in db.session.execute(query, execution_options={"yield_per": CHUNK}):
        cells = [_cell(value) for value in row]
        for number in places:
            cells[number] = units[row[number]] if row[number] is not None else None
        for number, column in parts:
            cells[number] = _json(column, row[number], units)
        yield cells


def _query(sheet: Sheet, columns: Sequence[SheetColumn], shown: Sequence[Sheet]) -> Select[Any]:
    """The columns as they are written, but units by key."""
    tables = {other.code: other.table for other in shown}
    query: Any = select().select_from(sheet.table)
    for column in columns:
        value = getattr(sheet.table, column.attribute)
        if column.kind is ColumnKind.PERSON:
            person = aliased(Person, name=f"{sheet.code}_{column.code}")
            query = query.join(person, person.id == value).add_columns(person.id_number)
        elif column.kind is ColumnKind.ROW:
            other = aliased(tables[column.refers], name=f"{sheet.code}_{column.code}")
            query = query.outerjoin(other, other.id == value).add_columns(other.uid)
        elif column.kind is ColumnKind.ACCOUNT:
            account = aliased(User, name=f"{sheet.code}_{column.code}")
            query = query.outerjoin(account, account.id == value).add_columns(account.username)
        else:
            query = query.add_columns(value)
    found: Select[Any] = query
    return found


def _order(sheet: Sheet) -> tuple[Any, ...]:
    keys = inspect(sheet.table).primary_key
    return (getattr(sheet.table, sheet.owner), *keys) if sheet.owner else keys


def belonging(sheet: Sheet, shown: Sequence[Sheet], chosen: Chosen) -> Any:
    """Criterion: rows of these people; of the sheets of nobody, the rows that those point at."""
    people = chosen.people
    if sheet.table is Person:
        return Person.id.in_(people)
    if sheet.within is not None:
        return sheet.within(people)
    if sheet.owner is None:
        if chosen.everybody:
            return true()
        pointing = [
            sheet.table.id.in_(
                select(getattr(other.table, column.attribute)).where(belonging(other, shown, chosen))
            )
            for other in shown
            for column in other.columns
            if column.refers == sheet.code
        ]
        return or_(*pointing)
    within = [
        getattr(sheet.table, column.attribute).in_(people)
        for column in sheet.columns
        if column.kind is ColumnKind.PERSON
    ]
    if sheet.only is not None:
        within.append(sheet.only)
    for column in sheet.columns:
        target = next((other for other in shown if other.code == column.refers and other.owner), None)
        if target is not None:
            # A row that points at somebody's who is not taken along would point at nothing.
            key = getattr(sheet.table, column.attribute)
            owner = getattr(target.table, str(target.owner))
            within.append(or_(key.is_(None), key.in_(select(target.table.id).where(owner.in_(people)))))
    return and_(*within)


def _cell(value: Any) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _json(column: SheetColumn, value: Any, units: Mapping[Any, str]) -> str | None:
    """The parts of a value as text; no key inside ever leaves the register."""
    if value is None:
        return None
    if isinstance(value, dict):
        value = {name: part for name, part in value.items() if name not in column.stays}
        value |= {name: units[value[name]] for name in column.units if value.get(name)}
    text = to_json(value)
    if clean(text) != text:
        text = json.dumps(value, sort_keys=True)  # letters that reading would compose stand as numbers
    if len(text) > MAX_TEXT:
        raise Unprocessable(_l("A value of %(name)s is too long for a cell", name=column.code))
    return text


# --- what lies beside -----------------------------------------------------------------------------------
def _papers(shown: Sequence[Sheet], chosen: Chosen) -> dict[str, str]:
    """Digest → a name of each paper."""
    (papers,) = [sheet for sheet in shown if sheet.table is Document]
    query = select(Document.sha256, Document.name).where(belonging(papers, shown, chosen))
    query = query.order_by(Document.sha256, Document.id)
    return {paper.sha256: paper.name for paper in db.session.execute(query)}


def _missing(lost: Sequence[tuple[str, str]]) -> Page:
    return Page(MISSING, [["sha256", "name"]], lost, frozenset(range(2)))


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
