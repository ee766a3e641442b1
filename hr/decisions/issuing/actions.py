"""Writes of personnel decisions: the draft as a whole, each step of its way, issuing with every effect in
one transaction, revoking. The rows of the files are written in `writing`."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Denied, Unprocessable
from core.files import Stored, record_document
from core.permissions import Permission
from core.scope import Viewer
from core.subjects import Act, refusals
from core.text import tidy_name
from hr.decisions.issuing import effects, queries, rules, writing
from hr.decisions.issuing.enums import Step
from hr.decisions.issuing.models import Decision, DecisionLine, records
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.people import entry

#: What a line takes over from its seed as it is.
_DETAILS = tuple(name for name in LineSeed.__dataclass_fields__ if name not in ("person_id", "post"))
#: Names shown of what stands on a decision; the rest is a number.
_NAMED = 10


@action(Permission.DECISION_RECORD)
def save_draft(
    *,
    by: Viewer,
    seed: DecisionSeed,
    decision: Decision | None = None,
    stored: Stored | None = None,
    version: int | None = None,
) -> Decision:
    """A new draft, or a draft replaced as a whole with all its lines. `stored`: the signed copy."""
    check_recorder(by)
    if decision is None:
        decision = Decision(created_by_id=by.user_id)
    else:
        decision = lock(decision, version)
        rules.check_can_edit(decision)
        flag_modified(decision, "version")  # also when nothing but its lines changes
    rules.check_lines(seed.kind, seed.lines, seed.effective_on)
    _check_units(seed)
    _write_head(decision, seed)
    decision.drafted_by_id, decision.note = by.user_id, None
    _sign(decision, seed.signature, stored, by)
    _keep_lines(decision, seed)
    values = {"people": len(seed.lines)}
    audit.record(AuditType.DECISION_DRAFTED, decision, values=values)
    return decision


@action(Permission.DECISION_RECORD)
def discard(*, by: Viewer, decision: Decision, version: int | None = None) -> Decision:
    """Sets a draft aside: nothing came of it."""
    decision = _locked(by, decision, version)
    rules.check_can_discard(decision)
    decision.annulled_at, decision.annulled_by_id = now(), by.user_id
    audit.record(AuditType.DECISION_DISCARDED, decision)
    return decision


@action(Permission.DECISION_CHECK)
def check(*, by: Viewer, decision: Decision, version: int | None = None) -> Decision:
    """A second person has compared the draft with its papers."""
    decision = _locked(by, decision, version)
    rules.check_can_check(decision, by.user_id, queries.drafters_of(decision))
    decision.state = rules.state_after(Step.CHECK)
    decision.checked_at, decision.checked_by_id = now(), by.user_id
    audit.record(AuditType.DECISION_CHECKED, decision)
    return decision


@action(Permission.DECISION_RECORD)
def send_back(*, by: Viewer, decision: Decision, reason: str, version: int | None = None) -> Decision:
    """Makes a draft of it again, with the reason; who checked it checks it once more."""
    decision = _locked(by, decision, version)
    rules.check_can_send_back(decision)
    decision.note = _reason(reason)
    decision.state = rules.state_after(Step.SEND_BACK)
    decision.checked_at = decision.checked_by_id = None
    decision.submitted_at = decision.submitted_by_id = None
    audit.record(AuditType.DECISION_SENT_BACK, decision, reason=decision.note)
    return decision


@action(Permission.DECISION_RECORD)
def submit(*, by: Viewer, decision: Decision, version: int | None = None) -> Decision:
    """Goes to the signer."""
    decision = _locked(by, decision, version)
    rules.check_can_submit(decision)
    decision.state = rules.state_after(Step.SUBMIT)
    decision.submitted_at, decision.submitted_by_id = now(), by.user_id
    audit.record(AuditType.DECISION_SUBMITTED, decision)
    return decision


@action(Permission.DECISION_ISSUE)
def issue(
    *,
    by: Viewer,
    decision: Decision,
    signature: SignatureSeed,
    mark: str,
    stored: Stored | None = None,
    version: int | None = None,
) -> Decision:
    """Makes the effects of every line in one transaction. A line that a rule or a stop stands against is
    refused with its public reason and has none. `signature` and `stored` fill what was empty when it was
    checked. `mark`: of the effects as they were shown; others now are
    Unprocessable."""
    decision = _locked(by, decision, version)
    rules.check_can_issue(decision, by.today)
    signature = rules.checked_signature(decision, signature)
    rules.check_copy(decision, sent=stored is not None)
    _sign(decision, signature, stored, by)
    rules.check_signed(decision.reference, decision.signed_on, decision.signer)
    planned = plan_of(decision, by.today, locked=True)
    if effects.mark(planned) != mark:
        raise Unprocessable(_l("The files have changed since: look at the effects once more, then issue"))
    if not any(one.holds for one in planned):
        raise Unprocessable(_l("No line of this decision can take effect: look at the reasons"))
    decision.state = rules.state_after(Step.ISSUE)
    decision.issued_at, decision.issued_by_id = now(), by.user_id
    writing.write_effects(decision, planned)
    refused = sum(not one.holds for one in planned)
    values = {"people": len(planned) - refused, "refused": refused}
    audit.record(AuditType.DECISION_ISSUED, decision, values=values)
    return decision


@action(Permission.DECISION_ISSUE)
def revoke(*, by: Viewer, decision: Decision, reason: str, version: int | None = None) -> Decision:
    """Takes every effect back: the files stand as before. Refused, with names, where later entries stand
    on them."""
    decision = _locked(by, decision, version)
    rules.check_can_revoke(decision)
    decision.note = _reason(reason)
    lifted = writing.find_lifted(decision)
    if lifted.standing:
        names = "; ".join(lifted.standing[:_NAMED])
        more = len(lifted.standing) - _NAMED
        message = _l("Later entries stand on this decision, take them back first: %(names)s", names=names)
        if more > 0:
            message = _l(
                "Later entries stand on this decision, take them back first: %(names)s and %(more)s more",
                names=names,
                more=more,
            )
        raise Unprocessable(message)
    decision.state = rules.state_after(Step.REVOKE)
    decision.revoked_at, decision.revoked_by_id = now(), by.user_id
    writing.lift(lifted, by, decision)
    audit.record(AuditType.DECISION_REVOKED, decision, reason=decision.note)
    return decision


def plan_of(decision: Decision, today: date, *, locked: bool = False) -> list[effects.Planned]:
    """What the decision would do today, by its lines. Five statements; with `locked` the people are held
    until the transaction ends."""
    lines = queries.lines_of(decision)
    people = queries.people_by_id((line.person_id for line in lines), locked=locked)
    held = queries.held_by(people)
    places = [row for one in held.values() for row in one.own[-1:]]
    rows: tuple[Any, ...] = (*lines, *places)
    units = queries.units_by_id(key for row in rows for key in (row.unit_id, row.division_id))
    return effects.plan(decision, lines, held, units, today, _stopped(decision, lines))


def _stopped(decision: Decision, lines: Iterable[DecisionLine]) -> dict[int, Any]:
    """Whose line a stop stands against, with its public reason: asked once for all people of one act and
    day."""
    alike: dict[tuple[Act | None, date], list[int]] = {}
    for line in lines:
        asked = (rules.act_of(decision.kind, line.status), line.starts_on or decision.effective_on)
        alike.setdefault(asked, []).append(line.person_id)
    found: dict[int, Any] = {}
    for (act, day), keys in alike.items():
        if act is not None:
            found |= refusals(keys, act, day)
    return found


def _locked(by: Viewer, decision: Decision, version: int | None) -> Decision:
    check_recorder(by)
    return lock(decision, version)


def check_recorder(by: Viewer) -> None:
    """Decisions are recorded for the whole province; a part of it reads those of its people."""
    if not records(by):
        raise Denied(_l("Decisions are recorded by those responsible for the whole province"))


def _reason(text: str) -> str:
    if not text.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    return text.strip()


def _check_units(seed: DecisionSeed) -> None:
    """The units the lines name are units people work in, with the divisions below them."""
    ids = (key for line in seed.lines for key in (line.unit_id, line.division_id))
    units = queries.units_by_id(ids)
    for line in seed.lines:
        if line.unit_id is not None:
            entry.check_unit(line.unit_id, line.division_id, units)


def _write_head(decision: Decision, seed: DecisionSeed) -> None:
    decision.kind, decision.effective_on = seed.kind, seed.effective_on
    decision.office = tidy_name(seed.office)
    if not decision.office:
        raise Unprocessable(_l("Enter the issuing office"), field="office")
    decision.office_key = rules.office_key(decision.office)
    decision.left_out = [asdict(row) for row in seed.left_out] or None


def _sign(decision: Decision, signature: SignatureSeed, stored: Stored | None, by: Viewer) -> None:
    """Number and symbol, day, signer, signed copy. A number that the office gave before is refused."""
    reference = " ".join((signature.reference or "").split()) or None
    signer = tidy_name(signature.signer or "") or None
    rules.check_signature(reference, signature.signed_on, by.today)
    decision.reference, decision.signer = reference, signer
    decision.reference_key = rules.reference_key(reference) if reference else None
    decision.signed_on = signature.signed_on
    decision.year = signature.signed_on.year if signature.signed_on else None
    if stored is not None:
        decision.document_id = record_document(by=by, stored=stored).id
    with db.session.no_autoflush:
        known = queries.find_by_number(decision) if reference and decision.year else None
    if known is not None:
        raise _known(known.uid)
    db.session.add(decision)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _known(None) from error


def _known(uid: str | None) -> Unprocessable:
    message = _l("This number of this office and year is already recorded: open that decision")
    return Unprocessable(message, field="reference", link=uid)


def _keep_lines(decision: Decision, seed: DecisionSeed) -> None:
    """The lines as the seed has them; of a person who was there already the row is kept."""
    there = {line.person_id: line for line in queries.lines_of(decision)} if decision.id else {}
    people = queries.people_by_id(line.person_id for line in seed.lines)
    for number, given in enumerate(seed.lines, 1):
        person = people.get(given.person_id)
        if person is None:
            raise Unprocessable(_l("A person of the list is not in the register"), field="people")
        line = there.pop(given.person_id, None)
        if line is None:
            line = DecisionLine(decision_id=decision.id, person_id=person.id)
            db.session.add(line)
        line.person_name, line.name_key, line.place_in_list = person.full_name, person.name_key, number
        line.post = tidy_name(given.post or "") or None
        for name in _DETAILS:
            setattr(line, name, getattr(given, name))
    for line in there.values():
        db.session.delete(line)
