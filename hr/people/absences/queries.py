"""Reads of authorised absences: one person's, those of some days over the people in reach, one day's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select

from core.db import db
from core.errors import Missing
from core.scope import Viewer, read_rows
from core.subjects import Absent
from core.unit_book import unit_book
from core.units import Unit, UnitTree
from hr.people.absences.enums import HalfDay
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.absences.rules import halves_on
from hr.people.enums import HOME_KINDS
from hr.people.figures import running_on
from hr.people.models import Assignment, Person


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """One absence in the list: that and when somebody is away, not why."""

    uid: str
    starts_on: date
    starts_half: HalfDay
    ends_on: date
    ends_half: HalfDay
    person: str
    person_uid: str
    post: str
    unit: str
    division: str


class _Found(NamedTuple):
    """A row of the statement behind the list."""

    uid: str
    starts_on: date
    starts_half: HalfDay
    ends_on: date
    ends_half: HalfDay
    person_id: int
    person: str
    person_uid: str
    post: str | None
    unit_id: int | None
    division_id: int | None


def find_absence(uid: str) -> tuple[Absence, Person]:
    """The absence with this uid, and whose it is; Missing when absent or hidden."""
    query = select(Absence, Person).join(Person, Person.id == Absence.person_id).where(Absence.uid == uid)
    found = db.session.execute(query).first()
    if found is None:
        raise Missing
    absence, person = found
    return absence, person


def reason_of(absence: Absence) -> AbsenceReason | None:
    """Why; None where the viewer may not read it."""
    return db.session.scalar(select(AbsenceReason).where(AbsenceReason.absence_id == absence.id))


def absences_of(person: Person) -> Sequence[tuple[Absence, AbsenceReason | None]]:
    """Every absence of a person, newest first, annulled ones too, each with why where the viewer may read
    it. One statement."""
    query: Any = select(Absence, AbsenceReason).outerjoin(
        AbsenceReason, AbsenceReason.absence_id == Absence.id
    )
    query = query.where(Absence.person_id == person.id)
    found = db.session.execute(query.order_by(Absence.starts_on.desc(), Absence.id.desc()))
    return [(absence, reason) for absence, reason in found]


def valid_absences(person: Person) -> Sequence[Absence]:
    """The absences of a person that were not annulled, oldest first."""
    query = select(Absence).where(Absence.person_id == person.id, Absence.annulled_at.is_(None))
    return db.session.scalars(query.order_by(Absence.starts_on, Absence.id)).all()


def list_absences(viewer: Viewer, first: date, last: date, unit: str | None = None) -> list[AbsenceLine]:
    """Who is away between two days, both included, by unit, first day and name; of one unit (uid) or of
    all in reach. Why is read on the page of the person, whose opening is logged. One statement and the book
    of units."""
    columns = (
        Absence.uid,
        Absence.starts_on,
        Absence.starts_half,
        Absence.ends_on,
        Absence.ends_half,
        Absence.person_id,
        Person.full_name,
        Person.uid,
        Assignment.post,
        Assignment.unit_id,
        Assignment.division_id,
    )
    own = and_(Assignment.person_id == Person.id, Assignment.kind.in_(HOME_KINDS), running_on(viewer.today))
    query: Any = select(*columns).select_from(Absence).join(Person, Person.id == Absence.person_id)
    query = query.outerjoin(Assignment, own).where(_between(first, last))
    if unit is not None:
        below = select(UnitTree.unit_id).join(Unit, Unit.id == UnitTree.ancestor_id)
        query = query.where(Assignment.unit_id.in_(below.where(Unit.uid == unit)))
    query = query.order_by(Absence.starts_on, Person.name_key, Absence.id)
    units = unit_book().by_id
    rows = [_Found(*row) for row in read_rows(query).all()]
    # Unit by unit in Vietnamese order, those without a place of their own today at the end.
    rows.sort(key=lambda row: units[row.unit_id].name_key if row.unit_id in units else "\uffff")
    return list(_lines(rows))


def absences(people: Sequence[int] | None, day: date) -> Iterator[Absent]:
    """Who of these people is away on the day, for the registry: from the days alone, without the reason."""
    columns = (Absence.person_id, Absence.starts_on, Absence.starts_half, Absence.ends_on, Absence.ends_half)
    query: Any = select(Absence).with_only_columns(*columns).where(_between(day, day))
    if people is not None:
        query = query.where(Absence.person_id.in_(people))
    for row in read_rows(query.order_by(Absence.id)):
        halves = halves_on(row, day)
        yield Absent(row.person_id, HalfDay.MORNING in halves, HalfDay.AFTERNOON in halves, row.ends_on)


def _between(first: date, last: date) -> ColumnElement[bool]:
    return and_(Absence.annulled_at.is_(None), Absence.starts_on <= last, Absence.ends_on >= first)


def _lines(rows: Any) -> Iterator[AbsenceLine]:
    units = unit_book().by_id
    for row in rows:
        unit = units[row.unit_id].name if row.unit_id is not None else ""
        division = units[row.division_id].name if row.division_id is not None else ""
        yield AbsenceLine(
            row.uid,
            row.starts_on,
            row.starts_half,
            row.ends_on,
            row.ends_half,
            row.person,
            row.person_uid,
            row.post or "",
            unit,
            division,
        )
