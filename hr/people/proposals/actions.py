"""Writes of proposals: sent by the commune, answered line by line by Home Affairs, withdrawn. What is
accepted goes through the writers of the file, in the same transaction."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm.attributes import flag_modified

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.permissions import Permission
from core.scope import Viewer
from hr.people import actions as people_actions
from hr.people import entry, paper_actions, service_actions
from hr.people import rules as people_rules
from hr.people.groups.actions import edit_group
from hr.people.groups.registry import GROUPS
from hr.people.models import Person
from hr.people.proposals import parts, queries, rules
from hr.people.proposals.enums import ANSWERS, LineState, Part
from hr.people.proposals.models import Proposal, ProposalLine
from hr.people.proposals.rules import Answer
from hr.people.seeds import AssignmentSeed, QualificationSeed


@action(Permission.PROPOSAL_MAKE)
def propose_facts(
    *,
    by: Viewer,
    person: Person,
    part: Part,
    values: Mapping[str, Any],
    reason: str,
    version: int | None = None,
) -> Proposal:
    """Sends the fields of `values` that differ from the file, each as a line. What the viewer may not read
    differs as soon as it is filled in."""
    person = lock(person, version)
    if not set(values) <= set(parts.FIELDS[part]):
        raise ValueError(f"not of the part: {sorted(set(values) - set(parts.FIELDS[part]))}")
    facts = queries.held(person, part)
    readable = part.value not in GROUPS or by.can(GROUPS[part.value].permission_read)
    lines = [
        ProposalLine(
            field=name, value=parts.stored(value), seen=parts.digest(facts[name]) if readable else None
        )
        for name, value in values.items()
        if parts.stored(value) != parts.stored(facts[name])
    ]
    if part is Part.FACTS:
        _check_facts({**facts, **values}, by)
    else:
        GROUPS[part.value].check({**facts, **values}, person.born_on, by.today)
    return _send(by, person, part, lines, reason)


@action(Permission.PROPOSAL_MAKE)
def propose_qualification(
    *, by: Viewer, person: Person, seed: QualificationSeed, reason: str, version: int | None = None
) -> Proposal:
    """Sends a qualification the person claims."""
    person = lock(person, version)
    entry.check_qualification(seed, person.born_on, by.today)
    line = ProposalLine(field=f"{seed.kind.value}|{seed.level}", value=parts.stored_paper(seed))
    return _send(by, person, Part.QUALIFICATION, [line], reason)


@action(Permission.PROPOSAL_MAKE)
def propose_place(
    *, by: Viewer, person: Person, seed: AssignmentSeed, reason: str, version: int | None = None
) -> Proposal:
    """Sends another post or division, in a unit the viewer is responsible for."""
    person = lock(person, version)
    people_rules.check_can_move(person.status)
    people_actions.check_reach(by, seed.unit_id)
    line = ProposalLine(field="place", value=parts.stored_place(seed))
    return _send(by, person, Part.PLACE, [line], reason)


@action(Permission.PROPOSAL_ANSWER)
def answer(
    *, by: Viewer, proposal: Proposal, answers: Mapping[str, Answer], version: int | None = None
) -> Proposal:
    """Answers lines by their uid; the others wait on. The accepted ones are written into the file or, when
    a rule refuses one, nothing is. `version`: of the file the viewer compared with."""
    person, proposal, lines = _locked(proposal, version)
    if proposal.created_by_id == by.user_id:
        raise Denied(_l("Somebody else answers what you proposed: ask a colleague"))
    chosen = [(line, answers[line.uid]) for line in lines if line.uid in answers]
    if not chosen:
        raise Unprocessable(_l("Choose an answer for a line"))
    if any(line.state is not LineState.SENT for line, _answer in chosen):
        raise Unprocessable(_l("Somebody has answered meanwhile: look at the lines once more"))
    for _line, said in chosen:
        rules.check_answer(said)
    accepted = [line for line, said in chosen if said.state is LineState.ACCEPTED]
    _write(by, person, proposal.part, accepted)
    for line, said in chosen:
        line.state, line.answer = said.state, (said.reason or "").strip() or None
        line.answered_at, line.answered_by_id = now(), by.user_id
    flag_modified(proposal, "version")
    told = {state.value: [line.field for line, said in chosen if said.state is state] for state in ANSWERS}
    values = {
        "proposed_by": queries.sender_of(proposal),
        **{name: list_ for name, list_ in told.items() if list_},
    }
    # In the log of the file when it changed, else in that of the proposal alone.
    audit.record(
        AuditType.PROPOSAL_ANSWERED, person if accepted else proposal, values=values, reason=proposal.reason
    )
    return proposal


@action(Permission.PROPOSAL_MAKE)
def withdraw(*, by: Viewer, proposal: Proposal, version: int | None = None) -> Proposal:
    """Takes back the lines that have no answer yet. `version`: of the proposal as its page showed it."""
    _person, proposal, lines = _locked(proposal, None, version)
    rules.check_open(line.state for line in lines)
    for line in lines:
        if line.state is LineState.SENT:
            line.state, line.answered_at, line.answered_by_id = LineState.WITHDRAWN, now(), by.user_id
    flag_modified(proposal, "version")
    audit.record(AuditType.PROPOSAL_WITHDRAWN, proposal)
    return proposal


def _send(by: Viewer, person: Person, part: Part, lines: list[ProposalLine], reason: str) -> Proposal:
    reason = rules.check_reason(reason)
    if not lines:
        raise Unprocessable(_l("Nothing differs from the file: change what should be corrected"))
    waiting = queries.open_fields(person, part)
    again = sorted(waiting.keys() & {line.field for line in lines})
    if again:
        names = ", ".join(parts.label_of(part, field) for field in again)
        message = _l("A change already waits for its answer: %(names)s", names=names)
        raise Unprocessable(message, link=waiting[again[0]])
    proposal = Proposal(
        person=person, part=part, reason=reason, file_version=person.version, created_by_id=by.user_id
    )
    proposal.person_id = person.id
    db.session.add(proposal)
    db.session.flush()
    for line in lines:
        line.proposal_id, line.person_id, line.part = proposal.id, person.id, part
    db.session.add_all(lines)
    audit.record(
        AuditType.PROPOSAL_SENT, proposal, values={"fields": [line.field for line in lines]}, reason=reason
    )
    return proposal


def _locked(
    proposal: Proposal, file_version: int | None, version: int | None = None
) -> tuple[Person, Proposal, list[ProposalLine]]:
    """The person's row first, as every writer of the file, then the proposal and its lines as they stand."""
    person = db.session.get(Person, proposal.person_id)
    if person is None:
        raise Missing
    person = lock(person, file_version)
    fresh: Proposal = lock(proposal, version)
    return person, fresh, list(queries.lines_of(fresh))


def _check_facts(facts: Mapping[str, Any], by: Viewer) -> None:
    """The rules of the personal facts, asked when they are proposed too: who typed them can mend them."""
    people_rules.check_id_number(facts["id_number"])
    people_rules.check_person_dates(
        born_on=facts["born_on"], recruited_on=facts["recruited_on"], today=by.today
    )


def _write(by: Viewer, person: Person, part: Part, lines: Iterable[ProposalLine]) -> None:
    lines = list(lines)
    if not lines:
        return
    if part is Part.QUALIFICATION:
        for line in lines:
            paper_actions.add_qualification(by=by, person=person, seed=parts.paper_of(line.value))
    elif part is Part.PLACE:
        for line in lines:
            service_actions.move_person(by=by, person=person, to=parts.place_of(line.value))
    else:
        values = {line.field: parts.fact_of(line.field, line.value) for line in lines}
        if part is Part.FACTS:
            people_actions.edit_person(by=by, person=person, values=values)
        else:
            kept = queries.held(person, part)
            edit_group(by=by, person=person, group=GROUPS[part.value], values={**kept, **values})
