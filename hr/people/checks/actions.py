"""Writes of points to check: settled with a note, opened again. The papers are not touched."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Missing, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people.checks import queries
from hr.people.checks.enums import CheckState
from hr.people.checks.models import CheckPoint
from hr.people.checks.rules import Point
from hr.people.models import Person


@action(Permission.QUALIFICATION_CHECK)
def settle(*, by: Viewer, point: Point, note: str, mark: str) -> CheckPoint:
    """Somebody compared with the papers and says what was found. Holds for the papers as they stand:
    when one of them changes, the point is open again."""
    point = _as_it_stands(by, point, mark, CheckState.OPEN)
    return _settled(by, point, _note(note))


@action(Permission.QUALIFICATION_CHECK)
def settle_by_letter(*, by: Viewer, point: str | None, seen: str | None, note: str) -> CheckPoint | None:
    """The issuer's reply settles the point its letter was written for; None when there is none, or its
    papers have changed since: then it is to be compared anew."""
    found = next((one for one in queries.points(by) if (one.uid, one.seen) == (point, seen)), None)
    if found is None or found.state is CheckState.SETTLED:
        return None
    return _settled(by, found, note)


def _settled(by: Viewer, point: Point, note: str) -> CheckPoint:
    papers = [side.paper.id for side in point.sides if side.paper is not None]
    row = CheckPoint(
        point=point.uid,
        kind=point.kind,
        person_id=point.sides[0].person_id,
        qualification_id=papers[0] if papers else None,
        other_id=papers[1] if len(papers) > 1 else None,
        seen=point.seen,
        note=note,
        created_by_id=by.user_id,
    )
    db.session.add(row)
    audit.record(AuditType.CHECK_SETTLED, row, reason=row.note)
    return row


@action(Permission.QUALIFICATION_CHECK)
def reopen(*, by: Viewer, point: Point, note: str, mark: str) -> CheckPoint:
    """Takes a settlement back; who settled and what they noted stays."""
    point = _as_it_stands(by, point, mark, CheckState.SETTLED)
    assert point.settlement is not None
    row = db.session.scalars(select(CheckPoint).where(CheckPoint.uid == point.settlement.uid)).one()
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    audit.record(AuditType.CHECK_REOPENED, row, reason=_note(note))
    return row


def _as_it_stands(by: Viewer, point: Point, mark: str, state: CheckState) -> Point:
    """The point found again under lock, as the form was opened with it."""
    person = db.session.get(Person, point.sides[0].person_id)
    if person is None:
        raise Missing
    lock(person)
    fresh = queries.find_point(by, point.uid)
    if fresh.mark != mark or fresh.state is not state:
        raise Unprocessable(
            _l("The papers have changed or somebody was faster: compare once more, then save")
        )
    return fresh


def _note(note: str) -> str:
    if not note.strip():
        raise Unprocessable(_l("Enter what was found and on what it rests"), field="note")
    return note.strip()
