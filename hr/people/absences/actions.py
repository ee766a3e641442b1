"""Writes of authorised absences: recorded, corrected, annulled. The person is locked first, so that two
absences of the same days cannot both pass."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people import rules as people_rules
from hr.people.absences import rules
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.absences.queries import reason_of, valid_absences
from hr.people.absences.rules import AbsenceSeed
from hr.people.models import Person

DAYS = ("starts_on", "starts_half", "ends_on", "ends_half")
WHY = ("kind", "slip_number", "note")


@action(Permission.ABSENCE_EDIT)
def record_absence(*, by: Viewer, person: Person, seed: AbsenceSeed) -> Absence:
    """An absence of somebody in service. Days already taken are refused, with that absence's uid as link."""
    person = lock(person)
    people_rules.check_can_move(person.status)
    _check(person, seed)
    row = _add(by, person, seed)
    db.session.flush()
    audit.record(AuditType.ABSENCE_RECORDED, row, values=_plain(seed))
    return row


@action(Permission.ABSENCE_EDIT)
def correct_absence(
    *, by: Viewer, absence: Absence, seed: AbsenceSeed, version: int | None = None
) -> Absence:
    """Corrects days and reason; the log keeps what stood there. A new reason is a change too."""
    row = _locked(absence, version)
    _check(row.person, seed, itself=row)
    why = reason_of(row)
    if why is None:
        raise Denied(_l("Your role does not allow this"))
    for name in DAYS:
        setattr(row, name, getattr(seed, name))
    for name in WHY:
        setattr(why, name, getattr(seed, name))
    days, reason = audit.changes(row), audit.changes(why)
    if reason and not days:
        flag_modified(row, "version")
    audit.record(AuditType.ABSENCE_CORRECTED, row, values={**days, **reason})
    return row


@action(Permission.ABSENCE_EDIT)
def annul_absence(*, by: Viewer, absence: Absence, reason: str, version: int | None = None) -> Absence:
    """Annuls an absence that was not taken or was entered by mistake; it stays readable."""
    row = _locked(absence, version)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    row.annulled_at, row.annulled_by_id = now(), by.user_id
    audit.record(AuditType.ABSENCE_ANNULLED, row, reason=reason.strip())
    return row


@action(Permission.ABSENCE_EDIT)
def load_absences(*, by: Viewer, entries: Iterable[tuple[Person, AbsenceSeed]]) -> int:
    """Many absences at once, checked like one (demo); one row in the log for all. Returns how many."""
    count = 0
    for person, seed in entries:
        rules.check_span(seed, born_on=person.born_on)
        _add(by, person, seed)
        count += 1
    audit.record(AuditType.SEEDED, "absence", values={"added": count})
    return count


def _locked(absence: Absence, version: int | None) -> Absence:
    """The row as it stands, its person locked before it."""
    person = db.session.get(Person, absence.person_id)
    if person is None:
        raise Missing
    lock(person)
    row = lock(absence, version)
    rules.check_stands(row.annulled_at)
    return row


def _check(person: Person, seed: AbsenceSeed, itself: Absence | None = None) -> None:
    rules.check_span(seed, born_on=person.born_on)
    others = [row for row in valid_absences(person) if row is not itself]
    other = rules.overlapping(seed, others)
    if other is not None:
        message = _l(
            "Already away then: %(days)s. Correct or annul that absence first", days=rules.span_words(other)
        )
        raise Unprocessable(message, field="starts_on", link=other.uid)


def _add(by: Viewer, person: Person, seed: AbsenceSeed) -> Absence:
    row = Absence(person=person, created_by_id=by.user_id, **{name: getattr(seed, name) for name in DAYS})
    row.person_id = person.id
    db.session.add(row)
    db.session.flush()
    why = AbsenceReason(absence_id=row.id, person_id=person.id, **{name: getattr(seed, name) for name in WHY})
    db.session.add(why)
    return row


def _plain(seed: AbsenceSeed) -> dict[str, Any]:
    values = {field.name: getattr(seed, field.name) for field in fields(seed)}
    return {name: audit.plain(value) for name, value in values.items() if value is not None}
