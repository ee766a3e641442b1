"""Reads of proposals: the list, one with what the file holds now, what waits for the viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Date, Select, and_, cast, literal, null, select
from sqlalchemy.orm import aliased

from accounts.models import User
from core.clock import now
from core.db import db
from core.errors import Missing
from core.permissions import Permission
from core.scope import Viewer, read_rows
from core.units import Unit
from hr.people.enums import HOME_KINDS
from hr.people.figures import running_on
from hr.people.groups.queries import row_of
from hr.people.groups.registry import GROUPS
from hr.people.models import Assignment, Person
from hr.people.proposals import parts
from hr.people.proposals.enums import LineState, Part
from hr.people.proposals.models import Proposal, ProposalLine
from hr.people.proposals.rules import has_moved

#: Words of the kinds of task below, for the registry.
KINDS = {"change_proposed": _l("proposed change"), "change_answered": _l("answer to a proposed change")}
#: How long an answer stands among the tasks of who proposed.
ANSWER_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One line in the list of proposals."""

    uid: str
    person: str
    person_uid: str
    unit: str | None
    part: Part
    field: str
    value: Any
    state: LineState
    answer: str | None
    reason: str
    sent_by: str | None
    sent_at: datetime
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A line with what the file holds now; `moved`: something else than when it was proposed."""

    line: ProposalLine
    now: str
    moved: bool


def find_proposal(uid: str) -> tuple[Proposal, Person]:
    """The proposal with this uid, and whose file it is about; Missing when absent or hidden."""
    query = select(Proposal, Person).join(Person, Person.id == Proposal.person_id).where(Proposal.uid == uid)
    found = db.session.execute(query).first()
    if found is None:
        raise Missing
    proposal, person = found
    return proposal, person


def lines_of(proposal: Proposal) -> Sequence[ProposalLine]:
    """Its lines as they were sent."""
    query = select(ProposalLine).where(ProposalLine.proposal_id == proposal.id)
    return db.session.scalars(query.order_by(ProposalLine.id)).all()


def sender_of(proposal: Proposal) -> str | None:
    """Who sent it."""
    return db.session.scalar(select(User.display_name).where(User.id == proposal.created_by_id))


def last_answer(lines: Sequence[ProposalLine]) -> dict[str, Any] | None:
    """What was said last to one of the lines, by whom and when."""
    said = [(line.answered_at, line) for line in lines if line.answered_at is not None]
    if not said:
        return None
    at, line = max(said, key=lambda one: one[0])
    by = db.session.scalar(select(User.display_name).where(User.id == line.answered_by_id))
    return {"what": line.state.label, "by": by or "", "at": at}


def open_fields(person: Person, part: Part) -> dict[str, str]:
    """Fields of the part with a line that waits for its answer → the uid of its proposal."""
    query = (
        select(ProposalLine.field, Proposal.uid)
        .join(Proposal, Proposal.id == ProposalLine.proposal_id)
        .where(ProposalLine.person_id == person.id, ProposalLine.part == part)
        .where(ProposalLine.state == LineState.SENT)
    )
    return {row.field: row.uid for row in db.session.execute(query)}


def held(person: Person, part: Part) -> dict[str, Any]:
    """What the file holds now of a part whose fields are lines of their own; for a group that the viewer
    may not read, nothing."""
    if part is Part.FACTS:
        return {name: getattr(person, name) for name in parts.FIELDS[part]}
    row = row_of(person, GROUPS[part.value])
    return {name: getattr(row, name, None) for name in parts.FIELDS[part]}


def compared(proposal: Proposal, person: Person, lines: Sequence[ProposalLine]) -> list[Compared]:
    """The lines beside what the file holds now, for who answers. One statement at most."""
    facts = held(person, proposal.part) if proposal.part in parts.FIELDS else {}
    found = []
    for line in lines:
        now_held = facts.get(line.field)
        moved = line.state is LineState.SENT and has_moved(
            line.seen,
            parts.digest(now_held),
            file_version=proposal.file_version,
            version=person.version,
        )
        found.append(
            Compared(line, parts.words_of(line.field, parts.stored(now_held)) if facts else "", moved)
        )
    return found


def list_lines(viewer: Viewer, *, waiting: bool | None, person: str | None = None) -> list[ProposalRow]:
    """Lines that wait for their answer, oldest first, or those that have one, newest first (None: both, by
    the day they were sent); of one person (uid) or of all in reach. One statement."""
    answerer = aliased(User)
    columns = (
        Proposal.uid,
        Person.full_name,
        Person.uid,
        Unit.name,
        ProposalLine.part,
        ProposalLine.field,
        ProposalLine.value,
        ProposalLine.state,
        ProposalLine.answer,
        Proposal.reason,
        User.display_name,
        Proposal.created_at,
        answerer.display_name,
        ProposalLine.answered_at,
    )
    query: Any = select(*columns).select_from(Proposal).join(Person, Person.id == Proposal.person_id)
    query = query.join(ProposalLine, ProposalLine.proposal_id == Proposal.id)
    query = _with_unit(query, viewer).outerjoin(User, User.id == Proposal.created_by_id)
    query = query.outerjoin(answerer, answerer.id == ProposalLine.answered_by_id)
    if waiting is not None:
        query = query.where(_waits(waiting))
    if person is not None:
        query = query.where(Person.uid == person)
    order = ProposalLine.answered_at.desc() if waiting is False else Proposal.id
    rows = read_rows(query.order_by(order, ProposalLine.id))
    return [ProposalRow(*row) for row in rows]


def tasks(viewer: Viewer) -> Select[Any] | None:
    """Proposals to answer for Home Affairs, answers of the last days for the commune, in the registry's
    columns. No day is due."""
    lines: Any = select(ProposalLine.proposal_id)
    if viewer.can(Permission.PROPOSAL_ANSWER):
        return _task(viewer, "change_proposed", "proposals.answer", lines.where(_waits(True)))
    if viewer.can(Permission.PROPOSAL_MAKE):
        lately = and_(
            ProposalLine.state.in_((LineState.ACCEPTED, LineState.REFUSED)),
            ProposalLine.answered_at >= now() - ANSWER_SHOWN,
        )
        return _task(viewer, "change_answered", "proposals.show", lines.where(lately))
    return None


def _task(viewer: Viewer, kind: str, endpoint: str, proposals: Any) -> Select[Any]:
    query: Any = select(
        cast(null(), Date).label("on"),
        literal(kind).label("kind"),
        Person.full_name.label("title"),
        Unit.name.label("unit"),
        literal(endpoint).label("endpoint"),
        Proposal.uid.label("uid"),
    ).select_from(Proposal)
    query = _with_unit(query.join(Person, Person.id == Proposal.person_id), viewer)
    found: Select[Any] = query.where(Proposal.id.in_(proposals))
    return found


def _with_unit(query: Any, viewer: Viewer) -> Any:
    """With the unit of the own place of today, where there is one."""
    own = and_(Assignment.person_id == Person.id, Assignment.kind.in_(HOME_KINDS), running_on(viewer.today))
    return query.outerjoin(Assignment, own).outerjoin(Unit, Unit.id == Assignment.unit_id)


def _waits(waiting: bool) -> ColumnElement[bool]:
    is_sent = ProposalLine.state == LineState.SENT
    return is_sent if waiting else ~is_sent
