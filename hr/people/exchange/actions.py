"""Writes of whole files: the log of an export, and all the people of a workbook in one transaction."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, inspect, select

from core import audit
from core.actions import action
from core.audit import AuditType
from core.bulk import BoundRows, bind_rows, insert_bound
from core.db import db
from core.errors import Denied, Unprocessable
from core.files import adopt, marked_pictures
from core.permissions import Permission, Realm
from core.scope import Viewer
from core.sheets import ColumnKind, Sheet, SheetRow
from hr.people import entry
from hr.people.exchange import queries, reading, writing
from hr.people.exchange.package import FOLDER
from hr.people.exchange.reading import Reading
from hr.people.exchange.writing import Written
from hr.people.merging.models import PersonMerge
from hr.people.models import Person, PersonToken

Columns = dict[str, Any]


@dataclass(slots=True)
class Part:
    """Rows of one table, converted for the database; by late column the sheet and marks of the rows that
    these point at."""

    code: str
    table: Any
    rows: BoundRows
    points: dict[str, tuple[str, list[str | None]]]
    #: Two columns of keys of which the lower comes first.
    ascending: tuple[str, str] | None = None
    #: Whether other rows point at these.
    pointed_at: bool = False


@dataclass(slots=True)
class Prepared:
    """All rows of a workbook in the order they are written, and what the log says of each person."""

    parts: list[Part] = field(default_factory=list)
    logged: list[tuple[Person, Columns, int | None]] = field(default_factory=list)
    rows_logged: list[tuple[AuditType, Any]] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)


# --- out ------------------------------------------------------------------------------------------------
@action(Permission.PERSON_EXPORT_WHOLE)
def record_export(*, by: Viewer, described: Mapping[str, str], people: int, purpose: str) -> None:
    """Logs an export before its file is made."""
    if not by.sees_everything(Realm.PERSONNEL):
        raise Denied(_l("Whole files leave through those responsible for the whole province"))
    values = {"filters": dict(described), "people": people}
    audit.record(AuditType.FILES_EXPORTED, "people", values=values, reason=purpose)


def export_files(*, by: Viewer, people: Select[Any], described: Mapping[str, str], purpose: str) -> Written:
    """The zip of the files of these people (a Select of ids), logged; made outside the gate."""
    count = queries.count_people(people)
    record_export(by=by, described=described, people=count, purpose=purpose)
    return writing.write_package(by, people)


# --- in -------------------------------------------------------------------------------------------------
def prepare(read: Reading, path: Path) -> Prepared:
    """Keeps the papers and makes every row ready, outside the gate. Unprocessable when something of
    the file is wrong, or somebody is there already."""
    if read.wrong:
        raise Unprocessable(_l("Nothing of this file can be written: mend it and send it again"))
    _keep_papers(read, path)
    made = Prepared(numbers=list(read.people))
    pointed_at = {"person", *(column.refers for sheet in read.sheets for column in sheet.columns)}
    for sheet in read.sheets:
        rows = list(read.rows[sheet.code].values())
        made.parts.append(_part(sheet, rows, sheet.code in pointed_at))
        if sheet.table is Person:
            made.parts.append(_tokens(rows))
        if sheet.log is not None:
            made.rows_logged += [sheet.log(row.values) for row in rows]
    for mark, file in read.files.items():
        values = file.person.values
        home = reading.home_of(file)
        told = {"id_last_4": values["id_number"][-4:], "post": home.values["post"] if home else None}
        person = Person(uid=mark, full_name=values["full_name"])
        made.logged.append((person, told, home.values["unit_id"] if home else None))
    return made


@action(Permission.PERSON_IMPORT)
def enter(*, by: Viewer, prepared: Prepared) -> int:
    """Writes all of it, or nothing; one row in the log a person, paper and decision. Returns how many people.
    A person who came meanwhile refuses the whole."""
    if not by.sees_everything(Realm.PERSONNEL):
        raise Denied(_l("Imports are for those responsible for the whole province"))
    known = (reading.held(numbers, prepared.numbers) for numbers in (Person.id_number, PersonMerge.id_number))
    if any(True for found in known for _number in found):
        raise Unprocessable(_l("Somebody of this file has come into the register meanwhile: read it again"))
    keys: dict[str, dict[str, int]] = {}
    for part in prepared.parts:
        _write(part, keys)
    for kind, entered in prepared.rows_logged:
        audit.record(kind, entered)
    for person, values, unit_id in prepared.logged:
        audit.record(AuditType.PERSON_CREATED, person, values=values, unit_id=unit_id)
    return len(prepared.numbers)


def _keep_papers(read: Reading, path: Path) -> None:
    """Into the folder of files; what no row is made of afterwards is swept like any other."""
    rows = read.rows["document"].values()
    if not rows:
        return
    with zipfile.ZipFile(path) as archive:
        members = {row.number: f"{FOLDER}/{row.values['sha256']}" for row in rows}
        # One that is missing where it comes from is told so, and comes without its file.
        there = frozenset(archive.namelist())
        kept = [row for row in rows if members[row.number] in there]
        pictures = {members[row.number] for row in kept if row.values["media_type"].startswith("image/")}
        marked = marked_pictures(path, sorted(pictures))
        for row in kept:
            member = members[row.number]
            values = {name: row.values[name] for name in ("sha256", "name", "media_type")}
            try:
                adopt(archive.read(member), is_marked=member in marked, **values)
            except Unprocessable as refusal:
                message = _l("document, row %(row)s: %(message)s", row=row.number, message=refusal.message)
                raise Unprocessable(message) from refusal


def _part(sheet: Sheet, rows: Sequence[SheetRow], pointed_at: bool) -> Part:
    pointing = {
        column.attribute: "person" if column.kind is ColumnKind.PERSON else column.refers
        for column in sheet.columns
        if column.kind in (ColumnKind.PERSON, ColumnKind.ROW)
    }
    whole: list[Columns] = []
    names = {name: column.name for name, column in inspect(sheet.table).columns.items()}
    for row in rows:
        derived = sheet.derive(row.values) if sheet.derive else {}
        own = {name: value for name, value in row.values.items() if name not in pointing}
        whole.append({names[name]: value for name, value in {**own, **derived}.items()})
    bound = bind_rows(db.engine, sheet.table, whole, late=list(pointing))
    points = {name: (code, [row.values[name] for row in rows]) for name, code in pointing.items()}
    return Part(sheet.code, sheet.table, bound, points, sheet.ascending, pointed_at)


def _tokens(people: Sequence[SheetRow]) -> Part:
    """The words of names that the search looks for."""
    found = [
        (row.values["uid"], token) for row in people for token in entry.token_columns(row.values["full_name"])
    ]
    bound = bind_rows(db.engine, PersonToken, [token for _mark, token in found], late=["person_id"])
    return Part(
        "person_token", PersonToken, bound, {"person_id": ("person", [mark for mark, _token in found])}
    )


def _write(part: Part, keys: dict[str, dict[str, int]]) -> None:
    """Inserts the rows of a table and learns their keys for those that point at them."""
    if not len(part.rows):
        return
    table = part.table
    found = {
        name: [keys[code][mark] if mark else None for mark in marks]
        for name, (code, marks) in part.points.items()
    }
    if part.ascending is not None:
        pairs = [sorted(pair) for pair in zip(*(found[name] for name in part.ascending), strict=True)]
        found |= {name: [pair[place] for pair in pairs] for place, name in enumerate(part.ascending)}
    late = [*found.values()]
    if not part.pointed_at:
        insert_bound(db.session, part.rows, *late)
        return
    before = db.session.scalar(select(func.max(table.id))) or 0
    insert_bound(db.session, part.rows, *late)
    written = db.session.execute(select(table.uid, table.id).where(table.id > before))
    keys[part.code] = {row.uid: row.id for row in written}
