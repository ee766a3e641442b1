"""Reads whole files: the child opens the zip, then every cell is read and every row held against the
rules and the register. Nothing is written here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from accounts.models import User
from core.child import ChildFailed, run
from core.db import db
from core.errors import Unprocessable
from core.ids import new_uid
from core.scope import Viewer
from core.sheets import CheckedBook, PersonFile, Sheet, SheetColumn, SheetRow
from core.tabular import Cell, Unreadable, column_letter
from core.text import marked as _
from core.units import Unit
from hr.people.enums import HOME_KINDS
from hr.people.exchange.cells import SheetReader, in_every_language, key_of
from hr.people.exchange.sheets import all_sheets
from hr.people.exchange.writing import CODES, MISSING, unit_mark
from hr.people.merging.models import PersonMerge
from hr.people.models import Person

#: Rows of headings: words, then codes.
HEADS = 2
#: Wrong cells that are told; a file with more is wrong as a whole.
MOST_PROBLEMS = 1000
#: Longer than a roster may take: the papers are read through.
SECONDS, MEMORY_MB = 120, 2048
NOTHING: dict[str, Any] = {
    "sheet": None,
    "row": None,
    "column": None,
    "header": None,
    "raw": None,
    "params": {},
}
TOLD = "%(text)s"
MORE = _("More cells are wrong; these are the first %(count)s")
EMPTY = _("The sheet person holds nobody")
THERE = _("This person is in the register already: whole files are for people who are not yet there")
STRANGERS = _("No account here has these sign-in names, so what they did names nobody: %(names)s")
NOT_THERE = _("These papers were missing where the file was written; their rows come without: %(names)s")
#: Names that a note lists.
MOST_NAMES = 50

#: Place of a column that the file leaves out.
ABSENT = 1 << 20

Problem = dict[str, Any]
#: Column of the table, place in the sheet, values read before, the column.
Place = tuple[str, int, dict[Any, Any], SheetColumn]


@dataclass(slots=True)
class Reading:
    """What a file holds: rows by sheet, files by person's mark, what is wrong, who is there already."""

    sheets: tuple[Sheet, ...]
    rows: dict[str, dict[str, SheetRow]] = field(default_factory=dict)
    files: dict[str, PersonFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    there: set[str] = field(default_factory=set)
    #: Number of a person → mark.
    people: dict[str, str] = field(default_factory=dict)
    heads: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    unit_names: dict[int, str] = field(default_factory=dict)
    #: Remarks on the whole file that stop nothing.
    notes: list[Problem] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """Whether nothing of it may be written."""
        return bool(self.problems or self.there)

    def counts(self) -> list[dict[str, Any]]:
        """Sheets with their rows, for people."""
        return [{"name": sheet.code, "rows": len(self.rows.get(sheet.code, ()))} for sheet in self.sheets]

    def refuse(self, sheet: str, row: int | None, told: Mapping[str, str], **place: Any) -> None:
        """Notes what is wrong, where."""
        problem = {"message": TOLD, "code": "cell", "severity": "error", "params": {"text": dict(told)}}
        self.problems.append({**NOTHING, **problem, "sheet": sheet, "row": row, **place})

    def note(self, message: str, names: Sequence[str]) -> None:
        """Notes what these names are about; nothing when there are none."""
        if names:
            more = ["…"] if len(names) > MOST_NAMES else []
            params = {"names": ", ".join([*names[:MOST_NAMES], *more])}
            told = {"message": message, "code": "note", "severity": "note", "params": params}
            self.notes.append({**NOTHING, **told})


def read_package(by: Viewer, path: Path) -> Reading:
    """The file as it stands against the register of now. Refused and Busy as `core.child`."""
    try:
        opened = run(
            "hr.people.exchange.package:open_package",
            {"path": str(path)},
            wall_seconds=SECONDS,
            cpu_seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
    except ChildFailed as error:
        raise Unreadable("file") from error
    return check_book(by, opened["sheets"], opened["files"])


def home_of(file: PersonFile) -> SheetRow | None:
    """The last place of one's own."""
    own = [place for place in file.valid("assignment") if place.values["kind"] in HOME_KINDS]
    return max(own, key=lambda place: place.values["starts_on"], default=None)


def check_book(by: Viewer, pages: Sequence[Mapping[str, Any]], files: Mapping[str, int]) -> Reading:
    """Every cell, then every row."""
    units = db.session.scalars(select(Unit)).all()
    reading = Reading(all_sheets(), unit_names={unit.id: unit.name for unit in units})
    marks = {unit_mark(unit.code, unit.valid_from): unit for unit in units}
    accounts = {user.username: user.id for user in db.session.execute(select(User.username, User.id))}
    by_name = {page["name"]: page["rows"] for page in pages if page["name"] != CODES}
    missing = _missing(by_name.pop(MISSING, []), files)
    strangers: set[str] = set()
    for sheet in reading.sheets:
        reader = SheetReader(sheet, marks, reading.rows, reading.people, accounts)
        _read_sheet(reading, sheet, by_name.pop(sheet.code, []), reader)
        strangers |= reader.strangers
    for name in by_name:
        _refuse_page(reading, name, _l("This sheet is not known: take it out, or name it as in the export"))
    if not reading.files and not reading.problems:
        reading.problems.append({**NOTHING, "message": EMPTY, "code": "empty", "severity": "error"})
    of_key = {unit.id: unit for unit in units}
    _check_rows(reading, CheckedBook(by.today, reading.rows, files, of_key, frozenset(missing)))
    _find_there(reading)
    if not reading.there:
        _find_marks(reading)
    reading.note(STRANGERS, sorted(strangers))
    reading.note(NOT_THERE, sorted(missing.values()))
    return reading


def _missing(rows: Sequence[list[Cell]], files: Mapping[str, int]) -> dict[str, str]:
    """Digest → name of the papers that were missing already where the workbook was written."""
    return {str(row[0]): str(row[-1]) for row in rows[1:] if row and row[0] not in files}


# --- cells ----------------------------------------------------------------------------------------------
def _read_sheet(reading: Reading, sheet: Sheet, rows: Sequence[list[Cell]], reader: SheetReader) -> None:
    found = reading.rows.setdefault(sheet.code, {})
    columns = _columns(reading, sheet, rows)
    if columns is None:
        return
    places = [(column.attribute, index, reader.known(column), column) for column, index in columns]
    for number, cells in enumerate(rows[HEADS:], HEADS + 1):
        if any(cell is not None for cell in cells):
            row = _read_row(reading, sheet, reader, places, number, cells)
            _take(reading, sheet, found, row)


def _columns(
    reading: Reading, sheet: Sheet, rows: Sequence[list[Cell]]
) -> list[tuple[SheetColumn, int]] | None:
    """The columns with their places (far out for one that is left out), by the codes in the second row;
    None when the sheet is empty or cannot be read."""
    if not rows:
        return None
    codes = list(rows[1]) if len(rows) > 1 else []
    words = list(rows[0])
    known = {column.code for column in sheet.columns}
    width = max(len(row) for row in rows)
    heads = []
    for index in range(width):
        code = codes[index] if index < len(codes) else None
        if code in known and code not in codes[:index]:
            word = words[index] if index < len(words) else None
            heads.append((index, str(code), str(word or code).partition("\n")[0]))
        elif any(index < len(row) and row[index] is not None for row in rows[1:]):
            message = _l("This column is not known: the second row holds the codes of the export")
            _refuse_page(reading, sheet.code, message, row=2, column=column_letter(index), raw=code)
    reading.heads[sheet.code] = heads
    places = {code: index for index, code, _word in heads}
    missing = [c.code for c in sheet.columns if c.code not in places and _is_needed(c)]
    if missing:
        message = _l("Columns are missing: %(codes)s", codes=", ".join(missing))
        _refuse_page(reading, sheet.code, message, row=2)
        return None
    return [(column, places.get(column.code, ABSENT)) for column in sheet.columns]


def _is_needed(column: SheetColumn) -> bool:
    """Left out of an export only where the sheet it points at is."""
    return not column.refers


def _refuse_page(reading: Reading, name: str, message: Any, row: int = 1, **place: Any) -> None:
    def refuse() -> None:
        raise Unprocessable(message)

    reading.refuse(name, row, in_every_language(refuse) or {}, **place)


def _read_row(
    reading: Reading,
    sheet: Sheet,
    reader: SheetReader,
    places: Sequence[Place],
    number: int,
    cells: list[Cell],
) -> SheetRow:
    row = SheetRow(sheet.code, number, {})
    width = len(cells)
    for attribute, index, known, column in places:
        cell = cells[index] if index < width else None
        try:
            row.values[attribute] = known[cell if cell.__class__ is str else key_of(cell)]
            continue
        except KeyError:
            pass  # not read before
        try:
            row.values[attribute] = reader.read(column, cell)
        except Unprocessable:
            row.values[attribute] = None
            told = in_every_language(lambda column=column, cell=cell: reader.read(column, cell))  # type: ignore[misc]
            _refuse_cell(reading, row, column.code, told or {}, cell)
    return row


def _refuse_cell(
    reading: Reading, row: SheetRow, code: str | None, told: Mapping[str, str], raw: Cell = None
) -> None:
    row.wrong = True
    head = next((head for head in reading.heads.get(row.sheet, ()) if head[1] == code), None)
    place = {"column": column_letter(head[0]), "header": head[2]} if head else {}
    reading.refuse(row.sheet, row.number, told, raw=raw, **place)


def _take(reading: Reading, sheet: Sheet, found: dict[str, SheetRow], row: SheetRow) -> None:
    """Files a row under its mark and its person's."""
    owner = row.values[sheet.owner] if sheet.owner else None
    mark = (owner if sheet.single else row.values.get("uid")) or new_uid()
    if mark in found:
        column = "id_number" if sheet.single else "uid"
        message = _l("The same stands in row %(number)s: keep one of them", number=found[mark].number)
        _refuse_row(reading, row, Unprocessable(message, field=column))
        return
    if "uid" in row.values:
        row.values["uid"] = mark
    found[mark] = row
    if sheet.table is Person:
        number = row.values["id_number"]
        if number in reading.people:
            first = found[reading.people[number]]
            message = _l("The same stands in row %(number)s: keep one of them", number=first.number)
            _refuse_row(reading, row, Unprocessable(message, field="id_number"))
        elif number is not None:
            reading.people[number] = mark
        reading.files[mark] = PersonFile(row)
    elif owner is not None:
        reading.files[owner].rows.setdefault(sheet.code, []).append(row)


# --- rows -----------------------------------------------------------------------------------------------
def _check_rows(reading: Reading, book: CheckedBook) -> None:
    """The rules; a person last, when the rows are known to be right."""
    last = [sheet for sheet in reading.sheets if sheet.table is Person]
    for sheet in (*(sheet for sheet in reading.sheets if sheet not in last), *last):
        if sheet.check is None:
            continue
        for row in list(reading.rows[sheet.code].values()):
            file = reading.files.get(row.values[sheet.owner or "uid"] or "") if _has_file(sheet) else None
            if row.wrong or (file is not None and file.person.wrong):
                continue
            try:
                sheet.check(row, file, book)
            except Unprocessable as refusal:
                _refuse_row(reading, row, refusal)
    problems = reading.problems
    if len(problems) > MOST_PROBLEMS:
        del problems[MOST_PROBLEMS:]
        more = {"message": MORE, "code": "more", "severity": "error", "params": {"count": MOST_PROBLEMS}}
        problems.append({**NOTHING, **more})


def _refuse_row(reading: Reading, row: SheetRow, refusal: Unprocessable) -> None:
    def refuse() -> None:
        raise refusal

    raw = row.values.get(refusal.field or "")
    shown = None if raw is None else str(getattr(raw, "value", raw))
    _refuse_cell(reading, row, refusal.field, in_every_language(refuse) or {}, shown)


def _has_file(sheet: Sheet) -> bool:
    return sheet.table is Person or sheet.owner is not None


def _find_there(reading: Reading) -> None:
    """People of the file that the register knows, by number or by mark, also those of a file that went
    into another one, here or there."""
    numbers, marks = dict(reading.people), {mark: mark for mark in reading.files}
    for row in reading.rows["person_merge"].values():
        if row.values["person_id"] in reading.files:
            numbers.setdefault(row.values["id_number"], row.values["person_id"])
            marks.setdefault(row.values["merged_uid"], row.values["person_id"])
    for column, known in (
        (Person.id_number, numbers),
        (PersonMerge.id_number, numbers),
        (Person.uid, marks),
        (PersonMerge.merged_uid, marks),
    ):
        reading.there.update(known[found] for found in held(column, [key for key in known if key]))


def _find_marks(reading: Reading) -> None:
    """Other rows whose mark the register knows: the same row cannot come twice."""
    for sheet in reading.sheets:
        if not sheet.marked or sheet.table is Person:
            continue
        rows = reading.rows[sheet.code]
        for mark in held(sheet.table.uid, list(rows)):
            message = _l("A row with this mark is in the register already: take this one out")
            _refuse_row(reading, rows[mark], Unprocessable(message, field="uid"))


def held(column: Any, values: list[str]) -> Iterator[str]:
    """In pieces: an engine takes a limited number of values in one statement."""
    for start in range(0, len(values), 1000):
        yield from db.session.scalars(select(column).where(column.in_(values[start : start + 1000])))
