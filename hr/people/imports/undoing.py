"""Taking a confirmed import back: what later edits stand on it, and the rows as they were before.

What an import changed gets its former values; what it added leaves the register and stays, whole, in
the journal of the import (docs/decisions/0007). Inside the gate; everything in few statements.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.audit import AuditType
from core.db import Base, db, insert_rows
from core.errors import Conflict, Unprocessable
from hr.people import entry
from hr.people.imports import journal, standing
from hr.people.imports.journal import PARTS, Change, Columns, revived, rows_named
from hr.people.imports.models import ImportBatch, ImportChange
from hr.people.imports.writing import remove_rows, unlink_people, update_rows
from hr.people.load import CHILDREN
from hr.people.models import Assignment, Person, PersonBackground, PersonToken, Qualification, RankStep


@dataclass(slots=True)
class _Told:
    """What the log says of one person: field → [what the import wrote, what stands again]."""

    values: Columns = field(default_factory=dict)
    unit_id: int | None = None


def take_back(batch: ImportBatch) -> int:
    """Puts the register back to before `batch`, whose row is locked, one row in the log per person;
    how many people. EditedSince when later edits stand on it; then nothing is changed."""
    changes = journal.of_batch(batch.id)
    if not changes:
        raise Unprocessable(_l("Of this import nothing is recorded that could be taken back"))
    rows = standing.rows_of(batch, changes)
    standing.refuse_edited(batch, changes, rows)
    _log(changes, rows)
    try:
        _write_back(batch, changes, rows)
    except IntegrityError as error:
        # Somebody has just added what refers to these rows, or given a number or place of before away.
        raise Conflict(batch) from error
    return len(rows.people)


def _write_back(batch: ImportBatch, changes: Sequence[Change], rows: standing.Rows) -> None:
    """The journal backwards: of a place that ended and the next one, the next one goes first."""
    for (table, is_new), group in groupby(reversed(changes), key=lambda row: (row.table, row.before is None)):
        found = list(group)
        if is_new:
            _remove(PARTS[table], [rows.key(change) for change in found if not change.is_new_file])
        else:
            _restore(PARTS[table], found, rows)
    _remake_search_words(changes, rows)
    _remove_files([rows.key(change) for change in changes if change.is_new_file])
    _rebase(batch, changes, rows)


# --- rows -------------------------------------------------------------------------------------------
def _restore(cls: type[Base], changes: Sequence[Change], rows: standing.Rows) -> None:
    """Former values, in one statement for each set of columns."""
    by_columns: dict[tuple[str, ...], list[Columns]] = {}
    for change in changes:
        values = revived(cls, change.before)
        if cls is Person:
            values["version"] = rows.people[change.row].version + 1
        by_columns.setdefault(tuple(sorted(values)), []).append({"key": rows.key(change), **values})
    for names, found in by_columns.items():
        update_rows(cls, names, found)


def _remove(cls: type[Base], keys: Sequence[int]) -> None:
    """Takes rows out of the register; the journal holds them whole."""
    remove_rows(cls, "person_id" if cls is PersonBackground else "id", keys)


def _remove_files(people: Sequence[int]) -> None:
    """New files with their parts. The lines of imports no longer point at them."""
    unlink_people(people)
    for cls in reversed(CHILDREN):
        remove_rows(cls, "person_id", people)
    _remove(Person, people)


def _remake_search_words(changes: Sequence[Change], rows: standing.Rows) -> None:
    renamed = [
        change
        for change in changes
        if change.table == Person.__tablename__ and "full_name" in (change.before or ())
    ]
    remove_rows(PersonToken, "person_id", [rows.key(change) for change in renamed])
    words = [
        {**token, "person_id": rows.key(change)}
        for change in renamed
        for token in entry.token_columns(change.before["full_name"])
    ]
    insert_rows(db.session, PersonToken, words)


def _rebase(batch: ImportBatch, changes: Sequence[Change], rows: standing.Rows) -> None:
    """The files are again as an earlier import left them, under a new version: that import may be
    taken back in its turn."""
    left = {
        (change.row, change.before["version"]): rows.people[change.row].version + 1
        for change in changes
        if change.version is not None and not change.is_new_file
    }
    if not left:
        return
    own = rows_named(batch.id, Person.__tablename__).subquery()
    earlier = select(ImportChange.id, ImportChange.row, ImportChange.version).where(
        ImportChange.table == Person.__tablename__,
        ImportChange.batch_id != batch.id,
        ImportChange.row.in_(select(own.c.row)),
    )
    moved = [
        {"key": key, "version": left[uid, version]}
        for key, uid, version in db.session.execute(earlier)
        if (uid, version) in left
    ]
    update_rows(ImportChange, ("version",), moved)


# --- the log ----------------------------------------------------------------------------------------
def _log(changes: Sequence[Change], rows: standing.Rows) -> None:
    """One row a person, in the shapes of the other writers; what only some may read is nested."""
    told: dict[int, _Told] = {}
    for change in changes:
        if not change.is_new_file:
            _tell(told.setdefault(rows.person_id(change), _Told()), change)
    names = {row.id: Person(uid=uid, full_name=row.full_name) for uid, row in rows.people.items()}
    for change in changes:
        if change.is_new_file:
            there = rows.people[change.row]
            values = {"id_last_4": there.id_number[-4:]}
            audit.record(AuditType.PERSON_WITHDRAWN, names[there.id], values=values)
    for person_id, one in told.items():
        audit.record(AuditType.PERSON_RESTORED, names[person_id], values=one.values)


def _tell(told: _Told, change: Change) -> None:
    cls, after = PARTS[change.table], change.after
    if cls is Assignment and change.before is None:
        told.values["annulled"] = [f"{after['kind']}: {after['post']}", None]
    elif cls is RankStep:
        told.values["rank"] = [f"{after['rank_code']}, {after['step']}", None]
    elif cls is Qualification and change.before is None:
        told.values[f"{after['kind']}: {after['level']}"] = {"level": [after["level"], None]}
    else:
        before = change.before or {}
        values = {name: [value, before.get(name)] for name, value in after.items() if name not in _DERIVED}
        if cls is PersonBackground:
            told.values["background"] = values
        else:
            told.values |= values


#: Columns that say nothing beside the ones they follow from.
_DERIVED = ("name_key", "person_name", "version")
