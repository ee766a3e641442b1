"""Writes of assignments: move, add, end, annul. Rows are closed or annulled, never overwritten."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Denied, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from core.subjects import Act
from hr.people import entry, rules
from hr.people.actions import changed_file, check_reach, refuse_stopped
from hr.people.enums import HOME_KINDS, AssignmentKind
from hr.people.models import Assignment, Person
from hr.people.queries import find_assignment
from hr.people.seeds import AssignmentSeed


@action(Permission.PERSON_MOVE)
def move_person(*, by: Viewer, person: Person, to: AssignmentSeed, version: int | None = None) -> Assignment:
    """Gives the person a new place of their own from `to.starts_on` and ends the present one on the
    day before. Concurrent posts and secondments run on: they have ends of their own."""
    person = lock(person, version)
    rules.check_can_move(person.status)
    if to.kind not in HOME_KINDS:
        raise Unprocessable(_l("A move is to a main assignment or probation"), field="kind")
    if to.ends_on is not None:
        raise Unprocessable(_l("A person in service keeps one place: leave the end empty"), field="ends_on")
    _check_new(by, person, to)
    refuse_stopped(person, Act.TRANSFER, to.starts_on)
    places = _valid(person, own=True)
    present = places[-1] if places else None
    closes_on = rules.closing_day(present, to.starts_on) if present is not None else None
    rules.check_no_overlap(to.starts_on, None, places[:-1])
    row = _row(person, to)
    if present is not None and closes_on is not None:
        present.ends_on = closes_on
    changed_file(
        person,
        {
            "from": [present.post if present else None, closes_on.isoformat() if closes_on else None],
            "to": [row.post, row.starts_on.isoformat()],
        },
        type=AuditType.PERSON_MOVED,
        unit_id=row.unit_id,
        reason=to.decision_note,
    )
    # The old row first: the database allows one open place per person at any moment. The person's
    # own row with it, for until the new one stands an officer of some units no longer sees them.
    db.session.flush()
    db.session.add(row)
    return row


@action(Permission.PERSON_MOVE)
def add_assignment(
    *, by: Viewer, person: Person, seed: AssignmentSeed, version: int | None = None
) -> Assignment:
    """A concurrent, acting, in-charge or seconded assignment beside the own place. A secondment has an
    end, at most the years of `people.secondment_years` after its start."""
    person = lock(person, version)
    rules.check_can_move(person.status)
    if seed.kind in HOME_KINDS:
        raise Unprocessable(_l("A new place of one's own is a move"), field="kind")
    # Decree 170/2025/NĐ-CP Art. 56a: neither seconded nor appointed while a stop stands.
    refuse_stopped(
        person, Act.SECOND if seed.kind is AssignmentKind.SECONDED else Act.APPOINT, seed.starts_on
    )
    _check_new(by, person, seed)
    entry.check_secondment(seed)
    same = [
        other
        for other in _valid(person, own=False)
        if (other.unit_id, other.kind, other.post) == (seed.unit_id, seed.kind, _row(person, seed).post)
    ]
    rules.check_not_doubled(seed.starts_on, seed.ends_on, same)
    row = _row(person, seed)
    db.session.add(row)
    changed_file(
        person,
        {
            "assignment": [None, f"{row.kind.value}: {row.post}"],
            "starts_on": [None, row.starts_on.isoformat()],
        },
        unit_id=row.unit_id,
        reason=seed.decision_note,
    )
    return row


@action(Permission.PERSON_MOVE)
def end_assignment(
    *, by: Viewer, person: Person, assignment: Assignment, ends_on: date, version: int | None = None
) -> Assignment:
    """Ends an assignment beside the own place; the own place ends by a move or with the service."""
    person = lock(person, version)
    row = find_assignment(person, assignment.uid)
    _check_not_annulled(row)
    if row.is_home:
        raise Denied(_l("The own place ends by a move or with the end of service"))
    rules.check_period(row.starts_on, ends_on)
    if row.ends_on is not None and ends_on > row.ends_on:
        message = _l("It already ends earlier: record the extension as a new assignment")
        raise Unprocessable(message, field="ends_on")
    row.ends_on = ends_on
    changed_file(person, _values(row), unit_id=row.unit_id)
    return row


@action(Permission.PERSON_MOVE)
def annul_assignment(
    *, by: Viewer, person: Person, assignment: Assignment, reason: str, version: int | None = None
) -> Assignment:
    """Annuls an assignment entered by mistake. Annulling a move lets the place before it run on; the
    only place of a person in service cannot be annulled."""
    person = lock(person, version)
    row = find_assignment(person, assignment.uid)
    _check_not_annulled(row)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    before = None
    if row.is_home and rules.in_service(person.status):
        before = _place_before(person, row)
        if before is None and row.ends_on is None:
            raise Denied(_l("A person in service has one place of their own: move the person instead"))
    values = {"annulled": [f"{row.kind.value}: {row.post}", None]}
    if before is not None:
        _run_on(before, row, by)
        values |= {"runs on": [None, before.post]}
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    changed_file(person, values, unit_id=row.unit_id, reason=reason)
    return row


def _run_on(before: Assignment, row: Assignment, by: Viewer) -> None:
    """Lets `before` run as long as `row` did. The database allows one open place per person at any
    moment: `row` is shut first, no earlier than today so that the person stays in view."""
    until = row.ends_on
    if until is None:
        row.ends_on = max(row.starts_on, by.today)
        db.session.flush()
    before.ends_on, row.ends_on = until, until


def _check_new(by: Viewer, person: Person, seed: AssignmentSeed) -> None:
    rules.check_period(seed.starts_on, seed.ends_on)
    if seed.starts_on <= person.born_on:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="starts_on")
    entry.check_units([seed], standing=True)
    check_reach(by, seed.unit_id)


def _check_not_annulled(row: Assignment) -> None:
    if row.annulled_at is not None:
        raise Denied(_l("This entry was annulled"))


def _row(person: Person, seed: AssignmentSeed) -> Assignment:
    return Assignment(person_id=person.id, **entry.assignment_columns(seed, person.full_name))


def _valid(person: Person, *, own: bool) -> Sequence[Assignment]:
    """Assignments that are not annulled, of the own kind or beside it, oldest first."""
    kinds = Assignment.kind.in_(HOME_KINDS) if own else Assignment.kind.not_in(HOME_KINDS)
    query = select(Assignment).where(
        Assignment.person_id == person.id, kinds, Assignment.annulled_at.is_(None)
    )
    return db.session.scalars(query.order_by(Assignment.starts_on)).all()


def _place_before(person: Person, row: Assignment) -> Assignment | None:
    """The own place that ended on the day before `row` began."""
    eve = row.starts_on - timedelta(days=1)
    return next((place for place in _valid(person, own=True) if place.ends_on == eve), None)


def _values(row: Assignment) -> dict[str, object]:
    return {f"{row.kind.value}: {row.post}": audit.changes(row)}
