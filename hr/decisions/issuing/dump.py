"""The decisions in force for the canonical dump, by natural keys. Drafts are on their way and what was
revoked never held: neither is part of what the register says."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.db import db
from core.files import Document
from core.units import Unit
from hr.decisions.issuing.enums import DecisionState
from hr.decisions.issuing.models import Decision, DecisionEffect, DecisionLine
from hr.people.groups.models import Reward
from hr.people.models import Assignment, Person, RankStep

Rows = Iterable[Mapping[str, Any]]

_LINE = (
    "place_in_list person_name post management_tier assignment_kind rank_code step coefficient starts_on "
    "ends_on status reason old_post refusal"
).split()


def dump() -> Iterable[tuple[str, Rows]]:
    """(table, rows) of the decisions; each row begins with its natural key."""
    yield "decision", _decisions()
    yield "decision_line", _lines()
    yield "decision_effect", _effects()


def _key(row: Any) -> dict[str, Any]:
    return {"office": row.office, "year": row.year, "reference": row.reference}


def _decisions() -> Rows:
    query = select(Decision, Document.sha256).outerjoin(Document, Document.id == Decision.document_id)
    for row, sha256 in db.session.execute(query.where(Decision.state == DecisionState.ISSUED)):
        names = ("kind", "signed_on", "signer", "effective_on")
        told = [{name: one[name] for name in ("text", "message", "params")} for one in row.left_out or []]
        facts = {name: getattr(row, name) for name in names}
        yield {**_key(row), **facts, "left_out": told or None, "document": sha256}


def _lines() -> Rows:
    unit, division, old = aliased(Unit), aliased(Unit), aliased(Unit)
    query = (
        select(Decision, DecisionLine, Person.id_number, unit, division, old)
        .join(DecisionLine, DecisionLine.decision_id == Decision.id)
        .join(Person, Person.id == DecisionLine.person_id)
        .outerjoin(unit, unit.id == DecisionLine.unit_id)
        .outerjoin(division, division.id == DecisionLine.division_id)
        .outerjoin(old, old.id == DecisionLine.old_unit_id)
        .where(Decision.state == DecisionState.ISSUED)
    )
    for decision, line, number, *units in db.session.execute(query):
        named = dict(zip(("unit", "division", "old_unit"), map(_named, units), strict=True))
        yield {
            **_key(decision),
            "id_number": number,
            **{name: getattr(line, name) for name in _LINE},
            **named,
        }


def _effects() -> Rows:
    query = (
        select(Decision, Person.id_number, DecisionEffect, Assignment, RankStep, Reward)
        .join(DecisionLine, DecisionLine.decision_id == Decision.id)
        .join(Person, Person.id == DecisionLine.person_id)
        .join(DecisionEffect, DecisionEffect.line_id == DecisionLine.id)
        .outerjoin(Assignment, Assignment.id == DecisionEffect.assignment_id)
        .outerjoin(RankStep, RankStep.id == DecisionEffect.rank_step_id)
        .outerjoin(Reward, Reward.id == DecisionEffect.reward_id)
        .where(Decision.state == DecisionState.ISSUED)
    )
    for decision, number, effect, place, rank, reward in db.session.execute(query):
        yield {
            **_key(decision),
            "id_number": number,
            "effect": effect.effect,
            "place": f"{place.starts_on} {place.kind.value} {place.post}" if place else None,
            "rank": f"{rank.starts_on} {rank.rank_code} {rank.step}" if rank else None,
            "reward": f"{reward.year} {reward.reward}" if reward else None,
            "before": effect.before,
            "after": effect.after,
        }


def _named(unit: Unit | None) -> str | None:
    """Codes are reused, so a unit is named by its code with its first day."""
    if unit is None:
        return None
    return f"{unit.code} {unit.valid_from.isoformat() if unit.valid_from else ''}".rstrip()
