"""Reads of personnel decisions: one, its lines, the list, what the files of its people hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from accounts.models import User
from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Missing
from core.paging import Keyset
from core.permissions import Permission
from core.scope import Viewer
from core.units import Unit
from hr.decisions.issuing.enums import PUBLISHED, DecisionKind, DecisionState
from hr.decisions.issuing.models import Decision, DecisionEffect, DecisionLine, records
from hr.decisions.issuing.rules import office_key, reference_key
from hr.people.models import Assignment, Person, RankStep
from hr.people.queries import LAST, word_criteria

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
    "decision_to_check": _l("decision to check"),
    "decision_to_issue": _l("decision to issue"),
    "decision_to_finish": _l("draft decision"),
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


def drafters_of(decision: Decision) -> set[int | None]:
    """Accounts that drafted the decision or changed its draft, by the log."""
    query = select(AuditEvent.actor_id).where(
        AuditEvent.subject_uid == decision.uid, AuditEvent.type == AuditType.DECISION_DRAFTED
    )
    return set(db.session.scalars(query))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFilter:
    """What the list is narrowed to. `words`: the beginning of a number, or a name."""

    words: str = ""
    kind: DecisionKind | None = None
    state: DecisionState | None = None
    office: str = ""
    year: int | None = None


#: Order of the list: the newest first.
KEYSET = Keyset((Decision.effective_on, Decision.id), Decision.uid, descending=True)


def list_decisions(asked: DecisionFilter) -> Select[Any]:
    """Decisions with the number of their people in reach, in the order of `KEYSET`."""
    query: Any = select(Decision, _number_of_people().label("people")).where(Decision.annulled_at.is_(None))
    for column, value in (("kind", asked.kind), ("state", asked.state), ("year", asked.year)):
        if value is not None:
            query = query.where(getattr(Decision, column) == value)
    if asked.office:
        query = query.where(Decision.office_key == office_key(asked.office))
    if asked.words:
        query = query.where(_says(asked.words))
    found: Select[Any] = query
    return found


def _number_of_people() -> Any:
    count = select(func.count()).select_from(DecisionLine).where(DecisionLine.decision_id == Decision.id)
    return count.correlate(Decision).scalar_subquery()


def _says(words: str) -> ColumnElement[bool]:
    """A number begins so, or somebody of the decision is called so."""
    key = reference_key(words)
    if any(char.isdigit() for char in words):
        return and_(Decision.reference_key >= key, Decision.reference_key < key + LAST)
    named = select(DecisionLine.decision_id).join(Person, Person.id == DecisionLine.person_id)
    return Decision.id.in_(named.where(*word_criteria(words)))


def offices_and_years() -> tuple[list[str], list[int]]:
    """The offices that issue and the years of signature, for the filters. One statement."""
    query = select(func.min(Decision.office), Decision.year).where(Decision.annulled_at.is_(None))
    rows = db.session.execute(query.group_by(Decision.office_key, Decision.year)).all()
    offices = sorted({office for office, _year in rows})
    return offices, sorted({year for _office, year in rows if year is not None}, reverse=True)


def names_of(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Names of accounts by key. One statement, none for nobody."""
    wanted = {key for key in user_ids if key is not None}
    if not wanted:
        return {}
    query = select(User.id, User.display_name).where(User.id.in_(wanted))
    return {row.id: row.display_name for row in db.session.execute(query)}


def person_ids(uids: Iterable[str]) -> dict[str, int]:
    """Keys of people by uid. One statement."""
    query = select(Person.uid, Person.id).where(Person.uid.in_(list(uids)))
    return {row.uid: row.id for row in db.session.execute(query)}


def on_their_way(kinds: Iterable[DecisionKind], people: Iterable[str]) -> dict[tuple[str, DecisionKind], str]:
    """(uid of a person, kind) → uid of the decision of that kind that is drafted and not issued yet. One
    statement, none for nobody."""
    wanted = list(people)
    if not wanted:
        return {}
    query = (
        select(Person.uid, Decision.kind, Decision.uid)
        .select_from(DecisionLine)
        .join(Decision, Decision.id == DecisionLine.decision_id)
        .join(Person, Person.id == DecisionLine.person_id)
        .where(Person.uid.in_(wanted), Decision.kind.in_(list(kinds)))
        .where(Decision.annulled_at.is_(None), Decision.state.not_in(PUBLISHED))
        .order_by(Decision.id)
    )
    return {(person, kind): uid for person, kind, uid in db.session.execute(query)}


def timeline(person_ids: Any, as_of: Any) -> Select[Any]:
    """The decisions in force about these people until `as_of`, in the registry's columns."""
    on = func.coalesce(DecisionLine.starts_on, Decision.effective_on)
    query: Any = (
        select(
            on.label("on"),
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
            on <= as_of,
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


def tasks(viewer: Viewer) -> Select[Any] | None:
    """Drafts of others to check, and what was checked or submitted and waits, in the registry's columns;
    due on the day it takes effect."""
    if not (records(viewer) and viewer.can(Permission.DECISION_CHECK)):
        return None
    kinds = {kind.value: str(kind.label) for kind in DecisionKind}
    people = " · " + _("Number of people") + ": "
    title: Any = case(kinds, value=cast(Decision.kind, String)) + literal(people)
    title += cast(_number_of_people(), String)
    title += literal(" · ") + func.coalesce(Decision.reference, Decision.office)
    mine = or_(Decision.created_by_id == viewer.user_id, Decision.drafted_by_id == viewer.user_id)
    query: Any = select(
        Decision.effective_on.label("on"),
        case(
            (Decision.state != DecisionState.DRAFT, literal("decision_to_issue")),
            (mine, literal("decision_to_finish")),
            else_=literal("decision_to_check"),
        ).label("kind"),
        title.label("title"),
        cast(null(), String).label("unit"),
        literal("decisions.show").label("endpoint"),
        Decision.uid.label("uid"),
    )
    waiting: Select[Any] = query.where(Decision.annulled_at.is_(None), Decision.state.not_in(PUBLISHED))
    return waiting
