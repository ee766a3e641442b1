"""Absences of the demo: 102 people away on its day (61 on annual leave, 14 ill, 19 on maternity leave, 8 on
mission; who is on a course follows from the course), and some of the weeks around it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from sqlalchemy import select

from core.db import db
from core.scope import Viewer
from core.units import Unit
from hr.people.absences.actions import load_absences
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.absences.rules import AbsenceSeed
from hr.people.enums import HOME_KINDS, OFFICIALS, Sex
from hr.people.figures import running_on
from hr.people.models import Assignment, Person

#: Kind → how many are away on the day, how long before it an absence began at most, how long it lasts.
TODAY = {
    AbsenceKind.ANNUAL_LEAVE: (60, 4, 5),
    AbsenceKind.SICK_LEAVE: (14, 3, 4),
    AbsenceKind.MATERNITY: (19, 150, 181),
    AbsenceKind.MISSION: (8, 1, 2),
}
#: Absences of a few days that do not touch the day: how many, how far before or after it.
AROUND, REACH = 90, 45
#: The chair on leave stands in the story of acting authority: from three days before to eleven after.
CHAIR_ON_LEAVE = ("03202", "Chủ tịch UBND", 3, 11)


def enter_absences(by: Viewer) -> int:
    """Enters the absences; returns how many."""
    people = _specialists(by.today)
    chair = _chair(by.today)
    entries = [*_chair_on_leave(chair, by.today), *_others(people, by.today)]
    return load_absences(by=by, entries=entries)


def _others(people: Sequence[Person], day: date) -> Iterator[tuple[Person, AbsenceSeed]]:
    """Each person at most once, so that no two absences overlap."""
    random = Random("absences")
    left = random.sample(people, len(people))
    for kind, (count, before, length) in TODAY.items():
        offered = left if kind is not AbsenceKind.MATERNITY else [one for one in left if _of_age(one, day)]
        chosen = offered[:count]
        for number, person in enumerate(chosen, 1):
            starts_on = day - timedelta(days=random.randint(0, before))
            ends_on = max(day, starts_on + timedelta(days=length - 1))
            yield person, _seed(kind, starts_on, ends_on, number)
        left = [one for one in left if one not in chosen]
    for number, person in enumerate(left[:AROUND], 61):
        ahead = random.randint(3, REACH) * random.choice((-1, 1))
        starts_on = day + timedelta(days=ahead)
        half = random.choice(tuple(HalfDay))
        ends_on = starts_on + timedelta(days=random.randint(0, 1)) if ahead > 0 else starts_on
        yield person, _seed(AbsenceKind.ANNUAL_LEAVE, starts_on, ends_on, number, ends_half=half)


def _of_age(person: Person, day: date) -> bool:
    return person.sex is Sex.FEMALE and 24 <= day.year - person.born_on.year <= 38


def _seed(kind: AbsenceKind, starts_on: date, ends_on: date, number: int, **over: HalfDay) -> AbsenceSeed:
    # Nobody writes a slip for an illness or a birth: the hospital's paper is shown.
    slip = f"{number:02}/GNP" if kind is AbsenceKind.ANNUAL_LEAVE else None
    return AbsenceSeed(kind=kind, starts_on=starts_on, ends_on=ends_on, slip_number=slip, **over)


def _chair_on_leave(chair: Person | None, day: date) -> Iterator[tuple[Person, AbsenceSeed]]:
    _code, _post, before, after = CHAIR_ON_LEAVE
    if chair is not None:
        first, last = day - timedelta(days=before), day + timedelta(days=after)
        yield chair, _seed(AbsenceKind.ANNUAL_LEAVE, first, last, 1)


def _chair(day: date) -> Person | None:
    code, post, *_days = CHAIR_ON_LEAVE
    query = select(Person).join(Assignment, Assignment.person_id == Person.id)
    query = query.join(Unit, Unit.id == Assignment.unit_id).where(
        Unit.code == code, Assignment.post == post, Assignment.kind.in_(HOME_KINDS), running_on(day)
    )
    return db.session.scalars(query).first()


def _specialists(day: date) -> list[Person]:
    """Officials who lead nothing, in an order that does not hang on keys."""
    query = select(Person).join(Assignment, Assignment.person_id == Person.id)
    query = query.where(
        Assignment.post.startswith("Chuyên viên"),
        Assignment.kind.in_(HOME_KINDS),
        Assignment.category.in_(OFFICIALS),
        running_on(day),
    )
    return list(db.session.scalars(query.order_by(Person.id_number)))
