"""Enters the composed people of the demo province into the register."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from accounts.demo import let_vice_chair_act
from core.db import db
from core.scope import Viewer
from core.units import Unit
from hr.people.demo.away import enter_absences
from hr.people.demo.checking import settle_some, with_points
from hr.people.demo.confirming import confirm_some
from hr.people.demo.facts import facts_of
from hr.people.demo.incoming import import_some
from hr.people.demo.keeping import keep_some
from hr.people.demo.proposing import propose_some
from hr.people.demo.ratings import ratings_of
from hr.people.demo.shapes import DemoAssignment, DemoPerson, DemoQualification
from hr.people.enums import HOME_KINDS
from hr.people.load import load_register
from hr.people.models import Assignment
from hr.people.seeds import AssignmentSeed, BackgroundSeed, PersonSeed, QualificationSeed, RankSeed

#: Commune of the chair on leave (Mường Pồn), by its code of today.
CHAIR_ON_LEAVE = "03202"
#: People of one transaction: the writer lock is held for well under a second.
PIECE = 1500


def enter_demo(*, by: Viewer, tell: Callable[[str], None], multiple: int = 1) -> int:
    """Composes and enters the people of the demo; returns how many."""
    # Imported here: the composer and its word lists are of no use to a register that is no demo.
    from hr.people.demo.composer import compose

    people = with_points(compose(by.today, multiple=multiple).people, by.today)
    units = _UnitIds()
    ratings = ratings_of(people, by.today, units.name_on)
    seeds = []
    for person in people:
        facts = list(facts_of(person, by.today, units.name_on))
        facts += [("ratings", rating) for rating in ratings.get(person.id_number, ())]
        seeds.append(replace(_person(person, units), facts=tuple(facts)))
    for start in range(0, len(seeds), PIECE):
        load_register(by=by, people=seeds[start : start + PIECE])
        tell(f"  {min(start + PIECE, len(seeds))} of {len(seeds)} people")
    _let_vice_chair_act(by)
    settle_some(by)
    enter_absences(by)
    propose_some(by)
    confirm_some(by)
    keep_some(by)
    import_some(by)
    return len(seeds)


def _let_vice_chair_act(by: Viewer) -> None:
    """The vice chair who stands in for a chair on leave is one of the people just entered."""
    own = (Assignment.kind.in_(HOME_KINDS), Assignment.ends_on.is_(None))
    query = select(Assignment.person_name, Assignment.person_id).join(Assignment.unit)
    query = query.where(Unit.code == CHAIR_ON_LEAVE, Assignment.post == "Phó Chủ tịch UBND", *own)
    found = db.session.execute(query.order_by(Assignment.name_key).limit(1)).first()
    if found is not None:
        let_vice_chair_act(by=by, name=found.person_name, person_id=found.person_id)


class _UnitIds:
    """Keys of units by code and day: codes are reused."""

    def __init__(self) -> None:
        self._units: dict[str, list[Unit]] = {}
        for unit in db.session.scalars(select(Unit)):
            self._units.setdefault(unit.code, []).append(unit)

    def on(self, code: str | None, day: date) -> int | None:
        if code is None:
            return None
        return next(unit.id for unit in self._units[code] if unit.exists_on(day))

    def name_on(self, code: str, day: date) -> str:
        """The name of the unit that bore the code on the day."""
        return next(unit.name for unit in self._units[code] if unit.exists_on(day))


def _person(person: DemoPerson, units: _UnitIds) -> PersonSeed:
    both = {field.name for field in fields(PersonSeed)} & {field.name for field in fields(DemoPerson)}
    own = both - {"background", "assignments", "qualifications"}
    return PersonSeed(
        **{name: getattr(person, name) for name in own},
        background=BackgroundSeed(**_values(person.background)) if person.background else None,
        assignments=tuple(_assignment(row, units) for row in person.assignments),
        ranks=tuple(RankSeed(**_values(row)) for row in person.rank_steps),
        qualifications=tuple(_qualifications(person.qualifications)),
    )


def _assignment(row: DemoAssignment, units: _UnitIds) -> AssignmentSeed:
    unit_id = units.on(row.unit_code, row.starts_on)
    if unit_id is None:
        raise ValueError(f"no unit {row.unit_code} on {row.starts_on}")
    return AssignmentSeed(
        unit_id=unit_id,
        division_id=units.on(row.division_code, row.starts_on),
        post=row.post,
        kind=row.kind,
        category=row.category,
        managing_unit_id=units.on(row.managing_unit_code, row.starts_on),
        management_tier=row.management_tier,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        decision_note=row.decision_note,
    )


def _qualifications(rows: tuple[DemoQualification, ...]) -> Iterator[QualificationSeed]:
    for row in rows:
        values = _values(row)
        values.pop("proof_on")
        yield QualificationSeed(**values)


def _values(row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}  # type: ignore[attr-defined]
