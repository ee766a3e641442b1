"""Reads for the unit pages: the list with strengths, a unit's roster as of a day, former units."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam, func, or_, select

from core.scope import Viewer, read_rows
from core.unit_book import UnitBook, UnitEntry
from core.units import COMMUNE_LEVEL, MAIN_KINDS, UnitKind
from hr.people.enums import HOME_KINDS, OFFICIALS, AssignmentKind, Category
from hr.people.models import Assignment, Person
from hr.people.posts import roster_order
from hr.people.queries import units_reached

_DAY = bindparam("day", type_=Date())
#: A unit with more people in places of their own is read in the list of people, which has pages.
LONGEST_ROSTER = 200


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the list of units. `officials` None: the viewer reads no personnel there."""

    unit: UnitEntry
    officials: int | None
    former: int


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One assignment on a unit's page. `person_uid` None: the file is not open to the viewer today."""

    name: str
    post: str
    kind: AssignmentKind
    category: Category
    starts_on: date
    person_uid: str | None
    division: str
    former_unit: str | None


def list_units(
    kinds: Sequence[UnitKind], viewer: Viewer, book: UnitBook, *, with_strength: bool
) -> list[UnitRow]:
    """Main units that stand today, with the officials in service the viewer may see. One statement, none
    without strength."""
    wanted = [unit for unit in book.units if unit.kind in (kinds or MAIN_KINDS)]
    standing = [unit for unit in wanted if unit.exists_on(viewer.today)]
    standing.sort(key=lambda unit: unit.kind in COMMUNE_LEVEL)
    strength: dict[int, int] = {}
    if with_strength:
        strength = strengths(viewer.today)
        for unit_id in reached([unit.id for unit in standing], viewer, book):
            strength.setdefault(unit_id, 0)
    former = Counter(new for _old, new in book.successions)
    return [UnitRow(unit, strength.get(unit.id), former[unit.id]) for unit in standing]


def reached(unit_ids: Sequence[int], viewer: Viewer, book: UnitBook) -> set[int]:
    """Which of these units' people the viewer reaches: elsewhere a count would be no count."""
    within = units_reached(viewer, book)
    return set(unit_ids) if within is None else set(within.intersection(unit_ids))


def strengths(on: date) -> dict[int, int]:
    """Officials in service on the day by unit id: assignment rows, within the viewer's scope."""
    return dict(read_rows(_strengths(), {"day": on}).all())


@cache
def _strengths() -> Any:
    own = (Assignment.kind.in_(HOME_KINDS), Assignment.category.in_(OFFICIALS))
    counted = select(Assignment.unit_id, func.count()).where(*running(_DAY), *own)
    return counted.group_by(Assignment.unit_id)


def roster(unit_ids: Sequence[int], on: date, book: UnitBook) -> list[RosterRow]:
    """Assignments in these units that run on the day, by division: who leads, then the deputies, then
    the others in Vietnamese order. The link to the file is there only for whom the viewer may see today.
    One statement."""
    units = book.by_id

    def place(row: Any) -> tuple[Any, ...]:
        unit, division, _name, post, *_rest = row
        return (units[unit].name_key, units[division].code if division else "", *roster_order(post))

    found = sorted(read_rows(_on_roster(), {"ids": unit_ids, "day": on}).all(), key=place)
    several = len(unit_ids) > 1
    return [
        RosterRow(
            *(name, post, kind, category, starts_on, uid),
            division=units[division].name if division else "",
            former_unit=units[unit].name if several else None,
        )
        for unit, division, name, post, kind, category, starts_on, uid in found
    ]


@cache
def _on_roster() -> Any:
    columns = (
        Assignment.unit_id,
        Assignment.division_id,
        Assignment.person_name,
        Assignment.post,
        Assignment.kind,
        Assignment.category,
        Assignment.starts_on,
        Person.uid,
    )
    here = Assignment.unit_id.in_(bindparam("ids", expanding=True))
    return (
        select(*columns)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(here, *running(_DAY))
        .order_by(Assignment.name_key, Assignment.id)
    )


def running(on: Any) -> tuple[ColumnElement[bool], ...]:
    """Criteria: assignments that hold on the day, a date or a parameter."""
    return (
        Assignment.starts_on <= on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
        Assignment.annulled_at.is_(None),
    )


def counts(unit_ids: Sequence[int], on: date) -> dict[Category, int]:
    """People by category among the places of one's own; officials first. One statement."""
    found = dict(read_rows(_counts(), {"ids": unit_ids, "day": on}).all()) if unit_ids else {}
    return {one: found.get(one, 0) for one in Category if one in found or one in OFFICIALS}


@cache
def _counts() -> Any:
    here = Assignment.unit_id.in_(bindparam("ids", expanding=True))
    own = select(Assignment.category, func.count()).where(here, *running(_DAY))
    return own.where(Assignment.kind.in_(HOME_KINDS)).group_by(Assignment.category)


def by_division(people: Sequence[RosterRow]) -> list[tuple[str, list[RosterRow]]]:
    """Rows under their division (or former unit), in the order they come."""
    groups: dict[str, list[RosterRow]] = {}
    for row in people:
        groups.setdefault(row.former_unit or row.division, []).append(row)
    return list(groups.items())
