"""What stands on an import: the rows it wrote as they are now, and the later edits that rest on them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from accounts.log_words import actor_of
from accounts.models import User
from core.audit import AuditEvent, AuditType
from core.audit_types import READINGS
from core.db import Base, db
from hr.people.imports.enums import ImportStatus
from hr.people.imports.journal import PARTS, Change, pieces, rows_named
from hr.people.imports.models import ImportBatch, ImportChange, ImportLine
from hr.people.imports.writing import AROUND
from hr.people.models import Person, PersonBackground
from hr.people.trail import what_changed


@dataclass(frozen=True, slots=True)
class LaterEdit:
    """An edit that stands on an import: of whom, what, by whom and when (None where no log tells)."""

    uid: str | None
    name: str
    what: str | None
    who: str | None
    at: datetime | None


class EditedSince(Exception):
    """Later edits stand on the import: `edits` names them, and nothing was changed."""

    def __init__(self, edits: Sequence[LaterEdit]):
        super().__init__("edited since")
        self.edits = edits


@dataclass(slots=True)
class Rows:
    """The rows a journal names, as they are now. `people`: rows (id, uid, full_name, id_number,
    version) by uid; `parts`: table → uid → row (id, uid, person_id)."""

    people: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def key(self, change: Change) -> int:
        """The key of the row as its table has it."""
        found = self.parts.get(change.table, self.people)[change.row]
        return int(found.id)

    def person_id(self, change: Change) -> int:
        """The key of the person whose row it is."""
        part = self.parts.get(change.table)
        return int(part[change.row].person_id if part is not None else self.people[change.row].id)


def rows_of(batch: ImportBatch, changes: Sequence[Change]) -> Rows:
    """The rows of these changes; the people are locked, in the order of their keys. A statement a table."""
    by_person = (Person.__tablename__, PersonBackground.__tablename__)
    columns = (Person.id, Person.uid, Person.full_name, Person.id_number, Person.version)
    query = select(*columns).where(Person.uid.in_(rows_named(batch.id, *by_person)))
    people = db.session.execute(query.order_by(Person.id).with_for_update())
    rows = Rows({row.uid: row for row in people})
    for table in dict.fromkeys(change.table for change in changes if change.table not in by_person):
        cls = PARTS[table]
        found = select(cls.id, cls.uid, cls.person_id).where(cls.uid.in_(rows_named(batch.id, table)))
        rows.parts[table] = {row.uid: row for row in db.session.execute(found)}
    return rows


def refuse_edited(batch: ImportBatch, changes: Sequence[Change], rows: Rows) -> None:
    """EditedSince when a file is not as the import left it, or something else refers to what it added."""
    touched = [
        change.row
        for change in changes
        if change.version is not None
        and (change.row not in rows.people or rows.people[change.row].version != change.version)
    ]
    moved = _not_set_back(batch, touched)
    resting = list(_resting_on(_added(changes, rows)))
    if moved or resting:
        raise EditedSince(_named(batch, rows, moved, resting))


def _not_set_back(batch: ImportBatch, touched: Sequence[str]) -> list[str]:
    """Those of these people whose file is not again as the import left it, by what the log tells of it
    since: values that were set back, and imports that were taken back, are none. Where it is silent the
    file counts as changed."""
    told: dict[str, list[Any]] = {uid: [] for uid in touched}
    for event in _events(batch, sorted(told)) if told else ():
        told[event.subject_uid].append(event)
    return [uid for uid, events in told.items() if not events or not _cancel_out(events)]


def _cancel_out(events: Sequence[Any]) -> bool:
    """Whether every value that these events changed ended as it had begun."""
    spans: dict[tuple[str, ...], list[Any]] = {}
    for event in events:
        pairs = list(_pairs(json.loads(event.values) if event.values else None))
        for path, pair in pairs:
            if not _is_change(pair):
                return False
            spans.setdefault(path, [pair[0]]).append(pair[1])
        if not pairs:
            return False
    return all(span[0] == span[-1] for span in spans.values())


def _pairs(values: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """What the values of an event hold at their ends, with the names that lead there."""
    if isinstance(values, dict):
        for name, part in values.items():
            yield from _pairs(part, (*path, name))
    else:
        yield path, values


def _is_change(pair: Any) -> bool:
    """[old, new]. Two that look the same are pieces of longer ones (the end of a number)."""
    return isinstance(pair, list) and len(pair) == 2 and pair[0] != pair[1]


def _added(changes: Sequence[Change], rows: Rows) -> dict[str, dict[int, int]]:
    """Rows that would leave the register: table → key → key of the person."""
    found: dict[str, dict[int, int]] = {}
    for change in changes:
        if change.before is None and change.table in (Person.__tablename__, *rows.parts):
            known = rows.parts.get(change.table, rows.people)
            if change.row in known:
                found.setdefault(change.table, {})[rows.key(change)] = rows.person_id(change)
    new = found.get(Person.__tablename__, {})
    pointed_at = {reference.column.table.name for _table, reference in _references()}
    for table, cls in PARTS.items() if new else ():
        if table in pointed_at and cls is not Person:
            query = select(cls.id, cls.person_id).where(cls.person_id.between(min(new), max(new)))
            parts = {key: person_id for key, person_id in db.session.execute(query) if person_id in new}
            found.setdefault(table, {}).update(parts)
    return found


def _resting_on(added: dict[str, dict[int, int]]) -> Iterable[tuple[int, str | None]]:
    """(key of the person, uid of the row) of every row that refers to what would leave: whatever table
    of whatever subject, found by its foreign keys. One statement a reference."""
    for table, reference in _references():
        if people := added.get(reference.column.table.name):
            yield from _referring(table, reference.parent, people)
    if people := added.get(Person.__tablename__):
        # An account names its person without a foreign key: its table is an earlier package's.
        accounts = select(User.person_id, User.uid).where(User.person_id.between(min(people), max(people)))
        yield from ((key, uid) for key, uid in db.session.execute(accounts) if key in people)


def _references() -> list[tuple[Any, Any]]:
    """(table, foreign key) of every table that is no part of a file and tells nothing of an import."""
    aside = {*PARTS, ImportLine.__tablename__}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in aside]
    return [(table, reference) for table in tables for reference in table.foreign_keys]


def _referring(table: Any, column: Any, people: dict[int, int]) -> Iterable[tuple[int, str | None]]:
    """Rows whose `column` holds a key of `people`. What one import adds lies close together: asking from
    the first key to the last brings hardly any other row, and no list of keys has to travel."""
    columns = (column, table.c.uid) if "uid" in table.c else (column,)
    query = select(*columns).where(column.between(min(people), max(people)))
    for key, *uid in db.session.connection().execute(query, execution_options=AROUND):
        if key in people:
            yield people[key], uid[0] if uid else None


# --- in words ---------------------------------------------------------------------------------------
def _named(
    batch: ImportBatch, rows: Rows, moved: Sequence[str], resting: Sequence[tuple[int, str | None]]
) -> list[LaterEdit]:
    """The edits, by what the log tells after the row of the import; where it is silent, only of whom."""
    people = {row.id: row for row in rows.people.values()}
    owners: dict[str, Any] = {uid: rows.people.get(uid) for uid in moved}
    owners |= {uid: people.get(person_id) for person_id, uid in resting if uid is not None}
    events = _events(batch, sorted(owners))
    silent: dict[Any, Any] = {**owners, **{key: people.get(key) for key, uid in resting if uid is None}}
    for event in events:
        silent.pop(event.subject_uid, None)
    told = [_edit(owners[event.subject_uid], event) for event in events]
    return told + [LaterEdit(row.uid, row.full_name, None, None, None) for row in silent.values() if row]


def _edit(owner: Any, event: Any) -> LaterEdit:
    values = json.loads(event.values) if event.values else {}
    name = owner.full_name if owner is not None else event.subject_label
    uid = owner.uid if owner is not None else None
    return LaterEdit(uid, name, what_changed(event.type, values), actor_of(event.actor_name), event.at)


def _events(batch: ImportBatch, uids: Sequence[str]) -> list[Any]:
    """What the log tells of these subjects since the import, without what an import wrote that was taken
    back, and without the taking back."""
    confirmed = select(func.max(AuditEvent.seq)).where(
        AuditEvent.subject_uid == batch.uid, AuditEvent.type == AuditType.IMPORT_CONFIRMED
    )
    since = db.session.scalar(confirmed) or 0
    aside = _taken_back(since)
    columns = (AuditEvent.subject_uid, AuditEvent.subject_label, AuditEvent.type, AuditEvent.values)
    query = select(*columns, AuditEvent.actor_name, AuditEvent.at, AuditEvent.seq)
    query = query.where(AuditEvent.seq > since, AuditEvent.type.not_in(READINGS))
    found: list[Any] = []
    for chunk in pieces(uids):
        found += db.session.execute(query.where(AuditEvent.subject_uid.in_(chunk)))
    kept = [event for event in found if not any(event.seq in numbers for numbers in aside)]
    return sorted(kept, key=lambda event: event.seq)


def _taken_back(since: int) -> list[range]:
    """The numbers of the rows in the log that imports wrote which were taken back, and that taking them
    back wrote: one for each person, just before the row of the import."""
    people = (ImportChange.batch_id == ImportBatch.id) & (ImportChange.table == Person.__tablename__)
    query = (
        select(AuditEvent.seq, func.count(ImportChange.id))
        .join(ImportBatch, ImportBatch.uid == AuditEvent.subject_uid)
        .join(ImportChange, people)
        .where(
            ImportBatch.status == ImportStatus.UNDONE,
            AuditEvent.type.in_((AuditType.IMPORT_CONFIRMED, AuditType.IMPORT_UNDONE)),
            AuditEvent.seq > since,
        )
    )
    return [range(seq - count, seq) for seq, count in db.session.execute(query.group_by(AuditEvent.seq))]
