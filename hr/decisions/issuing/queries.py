"""Reads of personnel decisions: one, its lines, the list, what the files of its people hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, String, cast, literal, select
from sqlalchemy.orm import joinedload

from core.db import db
from core.errors import Missing
from core.units import Unit
from hr.decisions.issuing.enums import DecisionState
from hr.decisions.issuing.models import Decision, DecisionEffect, DecisionLine
from hr.people.models import Assignment, Person, RankStep

#: Words of the kinds of timeline rows below, for the registry.
KINDS = {
    "decision_appointment": _l("decision: appointment"),
    "decision_reappointment": _l("decision: reappointment"),
    "decision_acting": _l("decision: acting post"),
    "decision_concurrent": _l("decision: concurrent post"),
    "decision_transfer": _l("decision: transfer"),
    "decision_pay_step": _l("decision: pay step"),
    "decision_rank": _l("decision: rank"),
    "decision_retirement": _l("decision: retirement"),
    "decision_leaving": _l("decision: leaving"),
    "decision_reward": _l("decision: reward"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What the file of one person holds: places of one's own, places beside them, ranks and steps; none
    annulled, the oldest first."""

    person: Person
    own: tuple[Assignment, ...]
    beside: tuple[Assignment, ...]
    ranks: tuple[RankStep, ...]


def find_decision(uid: str) -> Decision:
    """The decision with this uid; Missing when absent, hidden or discarded."""
    query = select(Decision).where(Decision.uid == uid, Decision.annulled_at.is_(None))
    found = db.session.scalar(query.options(joinedload(Decision.document)))
    if found is None:
        raise Missing
    return found


def find_by_number(decision: Decision) -> Decision | None:
    """Another decision of the same office, number, symbol and year."""
    return db.session.scalar(
        select(Decision).where(
            Decision.office_key == decision.office_key,
            Decision.reference_key == decision.reference_key,
            Decision.year == decision.year,
            Decision.annulled_at.is_(None),
            Decision.id != (decision.id or 0),
        )
    )


def lines_of(decision: Decision) -> Sequence[DecisionLine]:
    """The lines in the order of the list; those of people out of reach are left out."""
    query = select(DecisionLine).where(DecisionLine.decision_id == decision.id)
    return db.session.scalars(query.order_by(DecisionLine.place_in_list, DecisionLine.id)).all()


def effects_of(lines: Iterable[DecisionLine]) -> Sequence[DecisionEffect]:
    """What these lines left, in the order it was done."""
    keys = [line.id for line in lines]
    query = select(DecisionEffect).where(DecisionEffect.line_id.in_(keys))
    return db.session.scalars(query.order_by(DecisionEffect.id)).all()


def held_by(people: Mapping[int, Person]) -> dict[int, Held]:
    """What the files of these people hold. Two statements, however many they are."""
    places = _valid(Assignment, people)
    ranks = _valid(RankStep, people)
    return {
        key: Held(
            person,
            own=tuple(row for row in places.get(key, ()) if row.is_home),
            beside=tuple(row for row in places.get(key, ()) if not row.is_home),
            ranks=tuple(ranks.get(key, ())),
        )
        for key, person in people.items()
    }


def people_by_id(ids: Iterable[int], *, locked: bool = False) -> dict[int, Person]:
    """These people by key, in one order so that two who lock them never wait for each other."""
    query = select(Person).where(Person.id.in_(list(ids))).order_by(Person.id)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return {person.id: person for person in db.session.scalars(query)}


def units_by_id(ids: Iterable[int | None]) -> dict[int, Unit]:
    """These units by key. One statement."""
    wanted = {key for key in ids if key is not None}
    return {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(wanted)))}


def timeline(person_ids: Any, as_of: Any) -> Select[Any]:
    """The decisions in force about these people until `as_of`, in the registry's columns."""
    query: Any = (
        select(
            Decision.effective_on.label("on"),
            (literal("decision_") + cast(Decision.kind, String)).label("kind"),
            Decision.reference.label("title"),
            Decision.office.label("unit"),
            literal("decisions.show").label("endpoint"),
            Decision.uid.label("uid"),
        )
        .join(DecisionLine, DecisionLine.decision_id == Decision.id)
        .where(
            DecisionLine.person_id.in_(person_ids),
            DecisionLine.refusal.is_(None),
            Decision.state == DecisionState.ISSUED,
            Decision.effective_on <= as_of,
        )
    )
    found: Select[Any] = query
    return found


def _valid(cls: Any, people: Mapping[int, Person]) -> dict[int, list[Any]]:
    query = select(cls).where(cls.person_id.in_(list(people)), cls.annulled_at.is_(None))
    found: dict[int, list[Any]] = {}
    for row in db.session.scalars(query.order_by(cls.starts_on, cls.id)):
        found.setdefault(row.person_id, []).append(row)
    return found
