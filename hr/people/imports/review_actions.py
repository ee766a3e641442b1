"""Writes of a review: which lines are taken, whose value where both have moved, who a line is, why
somebody is missing. The register itself is not touched before the import is confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people.imports import queries
from hr.people.imports.actions import as_of, check_open
from hr.people.imports.enums import WRITTEN, ImportStatus, LineOutcome, MissingAnswer
from hr.people.imports.models import ImportBatch, ImportLine, ImportMissing


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one line: taken or left out, whose values; `columns` when it was compared anew
    because somebody said who it is."""

    accepted: bool
    choices: Mapping[str, str] | None
    by_hand: bool
    person_id: int | None
    columns: Mapping[str, Any]


@action(Permission.PERSON_IMPORT)
def decide_lines(
    *, by: Viewer, batch: ImportBatch, decisions: Mapping[int, Decision], version: int | None = None
) -> ImportBatch:
    """Keeps what was decided about these lines (by key)."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ,))
    query = select(ImportLine).where(ImportLine.batch_id == batch.id, ImportLine.id.in_(sorted(decisions)))
    for line in db.session.scalars(query):
        _decide(batch, line, decisions[line.id])
    batch.touched_at = now()  # a page opened before this shows other numbers: it is refused
    db.session.flush()
    batch.missing = queries.count_missing(batch, as_of(batch, by.today))
    audit.record(AuditType.IMPORT_REVIEWED, batch, values={"rows": len(decisions)})
    return batch


@action(Permission.PERSON_IMPORT)
def decide_kind(
    *, by: Viewer, batch: ImportBatch, kind: LineOutcome, accepted: bool, version: int | None = None
) -> ImportBatch:
    """Takes or leaves out every line of a kind."""
    batch = lock(batch, version)
    check_open(batch, (ImportStatus.READ,))
    if kind not in WRITTEN:
        raise Unprocessable(_l("Lines of this kind are decided one by one"))
    query = select(ImportLine).where(
        ImportLine.batch_id == batch.id, ImportLine.outcome == kind, ImportLine.accepted.is_(not accepted)
    )
    lines = db.session.scalars(query).all()
    for line in lines:
        line.accepted = accepted
    batch.touched_at = now()
    audit.record(AuditType.IMPORT_REVIEWED, batch, values={"rows": len(lines)})
    return batch


@action(Permission.PERSON_IMPORT)
def explain_missing(
    *, by: Viewer, batch: ImportBatch, answers: Mapping[int, tuple[MissingAnswer, str]]
) -> ImportBatch:
    """Keeps why people (by key) do not stand in the file; nothing is done to them."""
    batch = lock(batch)
    check_open(batch, (ImportStatus.READ, ImportStatus.CONFIRMED))
    query = select(ImportMissing).where(
        ImportMissing.batch_id == batch.id, ImportMissing.person_id.in_(sorted(answers))
    )
    there = {row.person_id: row for row in db.session.scalars(query)}
    for person_id, (answer, reason) in answers.items():
        row = there.get(person_id)
        if row is None:
            row = ImportMissing(batch_id=batch.id, person_id=person_id, created_by_id=by.user_id)
            db.session.add(row)
        row.answer, row.reason = answer, reason
    audit.record(AuditType.IMPORT_REVIEWED, batch, values={"rows": len(answers)})
    return batch


def _decide(batch: ImportBatch, line: ImportLine, decision: Decision) -> None:
    line.accepted, line.choices = decision.accepted, decision.choices
    line.by_hand, line.person_id = decision.by_hand, decision.person_id
    for name, value in decision.columns.items():
        if name == "outcome" and value is not line.outcome:
            for outcome, step in ((line.outcome, -1), (value, 1)):
                setattr(batch, outcome.value, getattr(batch, outcome.value) + step)
        setattr(line, name, value)
