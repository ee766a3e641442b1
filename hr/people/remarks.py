"""What to compare with the paper, said to whoever has just saved: never a refusal, and shown nowhere else.

Points to check have a list of their own for Home Affairs; they never stand on a person's page.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, Integer, bindparam, or_, select

from core.db import db
from core.scope import read_rows
from core.text import fold
from core.words import show_date
from hr.people import queries, rules
from hr.people.models import Assignment, Person, Qualification, RankStep
from hr.people.posts import seat_of


def of_person(person: Person) -> list[str]:
    """Where number, sex and year of birth do not agree."""
    notes = rules.id_number_notes(person.id_number, sex=person.sex, born_on=person.born_on)
    return [_to_check(note.message) for note in notes]


def of_new_file(person: Person) -> list[str]:
    """All of them, for a file just entered with its place and rank."""
    found = [*_namesakes(person), *of_person(person)]
    for step in queries.ranks_of(person):
        found += of_rank(step)
    for place in queries.work_history(person):
        found += of_assignment(place)
    return found


def _namesakes(person: Person) -> list[str]:
    """Others within reach with the same folded name and date of birth, as imports propose them."""
    query = select(Person.full_name).where(Person.born_on == person.born_on, Person.id != person.id)
    return [
        _(
            "To check: %(name)s, born %(date)s, has a file already: perhaps the same person",
            name=name,
            date=show_date(person.born_on),
        )
        for name in db.session.scalars(query)
        if fold(name) == fold(person.full_name)
    ]


def of_rank(row: RankStep) -> list[str]:
    """Where rank, step and coefficient do not agree with the table."""
    notes = rules.rank_notes(row.rank_code, row.step, row.coefficient, row.starts_on)
    return [_to_check(note.message) for note in notes]


def of_qualification(row: Qualification, born_on: date) -> list[str]:
    """A paper awarded at an age at which nobody holds it."""
    notes = rules.qualification_notes(
        row.kind, born_on=born_on, awarded_on=row.awarded_on, awarded_year=row.awarded_year
    )
    found = [note.message for note in notes]
    if rules.awarded_before_start(
        studied_from=row.studied_from, awarded_on=row.awarded_on, awarded_year=row.awarded_year
    ):
        found.append(_("it was awarded before the programme began"))
    return [_to_check(message) for message in found]


def of_assignment(row: Assignment) -> list[str]:
    """Somebody else who leads the same unit or division from the day the assignment begins. Of a
    division only its own heads are compared; of a unit, those with the same title."""
    return [
        _("To check: %(name)s holds the post %(post)s in the same place", name=name, post=post)
        for name, post in _other_heads(row)
    ]


def _other_heads(row: Assignment) -> Iterator[tuple[str, str]]:
    seat = seat_of(row.unit_id, row.division_id, row.post)
    if seat is None:
        return
    values = {"unit": row.unit_id, "person": row.person_id, "day": row.starts_on}
    for name, post, division_id in read_rows(_holders(), values):
        if seat_of(row.unit_id, division_id, post) == seat:
            yield name, post


@cache
def _holders() -> Any:
    """Other people's places in the unit that run on the day."""
    day = bindparam("day", type_=Date())
    return select(Assignment.person_name, Assignment.post, Assignment.division_id).where(
        Assignment.unit_id == bindparam("unit", type_=Integer()),
        Assignment.person_id != bindparam("person", type_=Integer()),
        Assignment.annulled_at.is_(None),
        Assignment.starts_on <= day,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= day),
    )


def _to_check(message: Any) -> str:
    return _("To check: %(what)s", what=message)
