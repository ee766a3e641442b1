"""Reads for the unit pages: the list with strengths, a unit's roster as of a day, former units."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from core.db import db
from core.permissions import Realm
from core.scope import Viewer, units_in_scope
from core.units import MAIN_KINDS, Unit, UnitKind, UnitSuccession, UnitTree, standing_on
from hr.people.enums import HOME_KINDS, OFFICIALS, AssignmentKind, Category
from hr.people.models import Assignment, Person


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One line of the list of units. `officials` None: the viewer reads no personnel there."""

    unit: Unit
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
    division: str
    former_unit: str | None
    person_uid: str | None


def list_units(kinds: Sequence[UnitKind], viewer: Viewer, *, with_strength: bool) -> list[UnitRow]:
    """Main units that stand today, with the officials in service the viewer may see. Three statements."""
    on = viewer.today
    former = (
        select(UnitSuccession.new_id, func.count().label("former")).group_by(UnitSuccession.new_id).subquery()
    )
    query = (
        select(Unit, func.coalesce(former.c.former, 0))
        .outerjoin(former, former.c.new_id == Unit.id)
        .where(Unit.kind.in_(kinds or MAIN_KINDS), standing_on(on))
        .order_by(Unit.kind.in_((UnitKind.COMMUNE, UnitKind.WARD)), Unit.name_key, Unit.id)
    )
    found = db.session.execute(query).all()
    strength: dict[int, int] = {}
    if with_strength:
        strength = strengths(on)
        for unit_id in reached([unit.id for unit, _count in found], viewer):
            strength.setdefault(unit_id, 0)
    return [UnitRow(unit, strength.get(unit.id), count) for unit, count in found]


def reached(unit_ids: Sequence[int], viewer: Viewer) -> set[int]:
    """Which of these units' people the viewer reaches: elsewhere a count would be no count."""
    if viewer.sees_everything(Realm.PERSONNEL):
        return set(unit_ids)
    query = units_in_scope(viewer, Realm.PERSONNEL).where(UnitTree.unit_id.in_(unit_ids))
    return set(db.session.scalars(query))


def strengths(on: date) -> dict[int, int]:
    """Officials in service on the day by unit id: assignment rows, within the viewer's scope."""
    query = (
        select(Assignment.unit_id, func.count())
        .where(*running(on), Assignment.kind.in_(HOME_KINDS), Assignment.category.in_(OFFICIALS))
        .group_by(Assignment.unit_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def roster(unit_ids: Sequence[int], on: date) -> list[RosterRow]:
    """Assignments in these units that run on the day, by division, leaders as they were entered.
    The link to the file is there only for whom the viewer may see today. One statement."""
    division, holder = aliased(Unit), aliased(Unit)
    query = (
        select(Assignment, division.name, division.code, holder.name, holder.code, Person.uid)
        .join(holder, holder.id == Assignment.unit_id)
        .outerjoin(division, division.id == Assignment.division_id)
        .outerjoin(Person, Person.id == Assignment.person_id)
        .where(Assignment.unit_id.in_(unit_ids), *running(on))
        .order_by(holder.name_key, division.code, Assignment.name_key, Assignment.id)
    )
    return [
        RosterRow(
            name=row.person_name,
            post=row.post,
            kind=row.kind,
            category=row.category,
            starts_on=row.starts_on,
            division=division_name or "",
            former_unit=holder_name if len(unit_ids) > 1 else None,
            person_uid=uid,
        )
        for row, division_name, _dcode, holder_name, _hcode, uid in db.session.execute(query)
    ]


def running(on: date) -> tuple[ColumnElement[bool], ...]:
    """Criteria: assignments that hold on the day."""
    return (
        Assignment.starts_on <= on,
        or_(Assignment.ends_on.is_(None), Assignment.ends_on >= on),
        Assignment.annulled_at.is_(None),
    )


def by_division(rows: Sequence[RosterRow]) -> list[tuple[str, list[RosterRow]]]:
    """Rows under their division (or former unit), in the order they come."""
    groups: dict[str, list[RosterRow]] = {}
    for row in rows:
        groups.setdefault(row.former_unit or row.division, []).append(row)
    return list(groups.items())


def counts(rows: Sequence[RosterRow]) -> dict[Category, int]:
    """People by category among the places of one's own; officials first."""
    found = dict.fromkeys(Category, 0)
    for row in rows:
        if row.kind in HOME_KINDS:
            found[row.category] += 1
    return {category: count for category, count in found.items() if count or category in OFFICIALS}
