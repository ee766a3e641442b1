"""Writes of imports: begin, keep what was read, remember columns, confirm all or nothing, discard, take
back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db, insert_rows
from core.errors import Conflict, Denied, Unprocessable
from core.ids import new_uid
from core.permissions import Permission, Realm
from core.scope import Viewer
from core.subjects import refusals
from core.text import tidy_name
from hr.people.exchange.actions import Prepared as PreparedFiles
from hr.people.exchange.actions import enter
from hr.people.imports import queries
from hr.people.imports.enums import ImportStatus, LineOutcome
from hr.people.imports.models import (
    ImportBatch,
    ImportChange,
    ImportedUnit,
    ImportLine,
    ImportMapping,
    ImportProblem,
)
from hr.people.imports.undoing import take_back
from hr.people.imports.writing import Prepared, link_new_people, write_changes
from hr.people.load import write_register
from hr.people.models import Person

Columns = dict[str, Any]
#: Rows of one transaction while a reading is kept: the lock is held for far less than a second.
PIECE = 5000
#: A reader that has shown no sign for so long is dead: the page offers to read again. Longer than the
#: child may take and wait.
SILENCE = timedelta(seconds=150)


@action(Permission.PERSON_IMPORT)
def begin(
    *,
    by: Viewer,
    filename: str,
    sha256: str,
    size: int,
    unit_id: int | None = None,
    mapping: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """An import whose file is about to be read."""
    if not by.sees_everything(Realm.PERSONNEL):
        raise Denied(_l("Imports are for those responsible for the whole province"))
    batch = ImportBatch(
        filename=file_name(filename),
        sha256=sha256,
        size=size,
        unit_id=unit_id,
        mapping=mapping,
        created_by_id=by.user_id,
    )
    db.session.add(batch)
    db.session.flush()
    audit.record(AuditType.IMPORT_READ, batch, values={"sha256": sha256, "size": size})
    return batch


@action(Permission.PERSON_IMPORT)
def read_again(
    *,
    by: Viewer,
    batch: ImportBatch,
    mapping: Mapping[str, Any] | None,
    unit_id: int | None,
    version: int | None = None,
) -> ImportBatch:
    """The same file once more, with other columns or for another unit, as an import of its own; the
    old one is discarded. The choice of columns is remembered for files of the same shape."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ, ImportStatus.FAILED, ImportStatus.READING))
    _check_not_read_now(batch)
    if mapping:
        _remember(by, mapping)
    _set_aside(batch)
    return begin(
        by=by,
        filename=batch.filename,
        sha256=batch.sha256,
        size=batch.size,
        unit_id=unit_id,
        mapping=mapping or batch.mapping,
    )


@action(Permission.PERSON_IMPORT)
def keep_piece(*, by: Viewer, batch: ImportBatch, lines: list[Columns], problems: list[Columns]) -> None:
    """Keeps some lines and problems of a large reading."""
    batch = lock(batch)
    check_open(batch, (ImportStatus.READING,))
    _insert(batch, lines, problems)
    audit.record(AuditType.IMPORT_READ, batch)


@action(Permission.PERSON_IMPORT)
def finish_reading(
    *,
    by: Viewer,
    batch: ImportBatch,
    found: Mapping[str, Any],
    lines: list[Columns],
    problems: list[Columns],
) -> ImportBatch:
    """The reading is whole with these last lines: the import now waits for confirmation."""
    batch = lock(batch)
    check_open(batch, (ImportStatus.READING,))
    _insert(batch, lines, problems)
    for name, value in found.items():
        setattr(batch, name, value)
    batch.status, batch.touched_at = ImportStatus.READ, now()
    db.session.flush()
    batch.missing = queries.count_missing(batch, as_of(batch, by.today))
    audit.record(AuditType.IMPORT_READ, batch, values={"read": batch.read, "refused": batch.refused})
    return batch


@action(Permission.PERSON_IMPORT)
def fail_reading(*, by: Viewer, batch: ImportBatch, message: str, params: Mapping[str, Any]) -> ImportBatch:
    """The file cannot be read; the reason is kept to be shown."""
    batch = lock(batch)
    if batch.status is ImportStatus.READING:
        batch.status, batch.failure = ImportStatus.FAILED, {"message": message, "params": dict(params)}
    audit.record(AuditType.IMPORT_READ, batch, values={"failure": message})
    return batch


@action(Permission.PERSON_IMPORT)
def discard(*, by: Viewer, batch: ImportBatch, version: int | None = None) -> ImportBatch:
    """Sets an import aside; the register stays as it is."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ, ImportStatus.FAILED, ImportStatus.READING))
    _check_not_read_now(batch)
    _set_aside(batch)
    return batch


@action(Permission.PERSON_IMPORT)
def confirm(
    *,
    by: Viewer,
    batch: ImportBatch,
    prepared: Prepared,
    taken: Mapping[int, tuple[int, int]],
    version: int | None = None,
) -> ImportBatch:
    """Writes all accepted lines of the import, or nothing. `prepared` was made outside the gate; whoever
    was changed since then is a conflict, and nothing is written. `taken`: by unit, the lines taken and
    left out."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ,))
    _check_unmoved(prepared)
    if len(prepared.register):
        write_register(by=by, prepared=prepared.register)
    written = write_changes(prepared, by.today)
    insert_rows(db.session, ImportChange, [{"batch_id": batch.id, **row} for row in written])
    link_new_people(batch.id)
    _confirmed(by, batch)
    insert_rows(db.session, ImportedUnit, _imported_units(batch, taken))
    return batch


@action(Permission.PERSON_IMPORT)
def confirm_files(
    *, by: Viewer, batch: ImportBatch, prepared: PreparedFiles, version: int | None = None
) -> ImportBatch:
    """Writes everybody of a file of whole people, or nobody."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ,))
    enter(by=by, prepared=prepared)
    return _confirmed(by, batch)


@action(Permission.PERSON_IMPORT)
def record_returned(*, by: Viewer, batch: ImportBatch, comments: int) -> None:
    """Logs that the workbook left with its comments."""
    audit.record(AuditType.IMPORT_RETURNED, batch, values={"comments": comments})


@action(Permission.PERSON_IMPORT)
def undo(*, by: Viewer, batch: ImportBatch, reason: str, version: int | None = None) -> ImportBatch:
    """Takes a confirmed import back: the register holds again what it held before. EditedSince, with
    nothing changed, when later edits stand on it."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.CONFIRMED,))
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    people = take_back(batch)
    batch.status, batch.undo_reason = ImportStatus.UNDONE, reason.strip()
    batch.undone_at, batch.undone_by_id = now(), by.user_id
    audit.record(AuditType.IMPORT_UNDONE, batch, values={"people": people}, reason=reason.strip())
    return batch


def as_of(batch: ImportBatch, today: date) -> date:
    """The day the file vouches for."""
    return as_of_day(batch.as_of, today)


def as_of_day(stated: date | None, today: date) -> date:
    """The day in the file's title, else the day it is read; never one to come."""
    return min(stated or today, today)


def is_silent(batch: ImportBatch) -> bool:
    """Whether the reader of an import that is being read has died."""
    return batch.status is ImportStatus.READING and batch.touched_at < now() - SILENCE


def file_name(text: str) -> str:
    """The name of an upload without folders and control characters."""
    return tidy_name(text.replace("\\", "/").rpartition("/")[2])[:200] or "–"


def _imported_units(batch: ImportBatch, taken: Mapping[int, tuple[int, int]]) -> list[Columns]:
    own = {"batch_id": batch.id, "confirmed_at": batch.confirmed_at}
    return [
        {"unit_id": unit_id, "lines": lines, "left_out": left_out, **own}
        for unit_id, (lines, left_out) in sorted(taken.items())
    ]


def _insert(batch: ImportBatch, lines: list[Columns], problems: list[Columns]) -> None:
    for cls, rows in ((ImportLine, lines), (ImportProblem, problems)):
        insert_rows(db.session, cls, [{"uid": new_uid(), "batch_id": batch.id, **row} for row in rows])


def _confirmed(by: Viewer, batch: ImportBatch) -> ImportBatch:
    batch.status, batch.confirmed_at, batch.confirmed_by_id = ImportStatus.CONFIRMED, now(), by.user_id
    counts = {outcome.value: getattr(batch, outcome.value) for outcome in LineOutcome}
    audit.record(AuditType.IMPORT_CONFIRMED, batch, values=counts)
    return batch


def _set_aside(batch: ImportBatch) -> None:
    batch.status = ImportStatus.DISCARDED
    audit.record(AuditType.IMPORT_DISCARDED, batch)


def check_open(batch: ImportBatch, allowed: tuple[ImportStatus, ...]) -> None:
    if batch.status not in allowed:
        raise Unprocessable(
            _l("This import is %(status)s already: open the list of imports", status=batch.status.label)
        )


def _check_not_read_now(batch: ImportBatch) -> None:
    if batch.status is ImportStatus.READING and not is_silent(batch):
        raise Unprocessable(_l("This file is being read at the moment: wait until it is done"))


def _check_unmoved(prepared: Prepared) -> None:
    """No person that is to be changed has changed since the comparison, and nothing stands against
    a change. One statement a thousand people."""
    keys = sorted(prepared.versions)
    for start in range(0, len(keys), 1000):
        chunk = keys[start : start + 1000]
        query = select(Person.id, Person.version).where(Person.id.in_(chunk))
        rows = db.session.execute(query.order_by(Person.id).with_for_update())
        now_there = {row.id: row.version for row in rows}
        if any(now_there.get(key) != prepared.versions[key] for key in chunk):
            raise Conflict(None)
    if any(refusals((person_id,), act, day) for person_id, act, day in prepared.acts):
        raise Conflict(None)


def _remember(by: Viewer, mapping: Mapping[str, Any]) -> None:
    for shape, columns in mapping.items():
        row = db.session.scalar(select(ImportMapping).where(ImportMapping.shape == shape))
        if row is None:
            row = ImportMapping(shape=shape, columns=columns)
            db.session.add(row)
        row.columns, row.changed_at, row.changed_by_id = columns, now(), by.user_id
