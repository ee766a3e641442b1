"""Rules of personnel decisions: pure, no database. The states as a table; who may take which step;
what the lines of each kind need."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from core.errors import Denied, Overtaken, Unprocessable
from core.subjects import Act
from core.text import fold, tidy_name
from hr.decisions.issuing.enums import (
    BESIDE,
    ENDS,
    PLACES,
    PUBLISHED,
    RANKS,
    DecisionKind,
    DecisionState,
    Step,
)
from hr.decisions.issuing.seeds import LineSeed, SignatureSeed
from hr.people.enums import AssignmentKind, ServiceStatus
from hr.people.rules import ACT_OF_END

_S = DecisionState
#: Step → the states it starts from, and the one it leads to.
TRANSITIONS: dict[Step, tuple[tuple[DecisionState, ...], DecisionState]] = {
    Step.EDIT: ((_S.DRAFT,), _S.DRAFT),
    Step.DISCARD: ((_S.DRAFT,), _S.DRAFT),
    Step.CHECK: ((_S.DRAFT,), _S.CHECKED),
    Step.SEND_BACK: ((_S.CHECKED, _S.SUBMITTED), _S.DRAFT),
    Step.SUBMIT: ((_S.CHECKED,), _S.SUBMITTED),
    Step.ISSUE: ((_S.SUBMITTED,), _S.ISSUED),
    Step.REVOKE: ((_S.ISSUED,), _S.REVOKED),
}
#: Most people of one decision: what one transaction writes within a second.
MOST_LINES = 500
#: Longest post, as the files hold it.
POST_LENGTH = 200
#: Longest form of a reward, as the files hold it.
REWARD_LENGTH = 200
#: Kinds whose effects are facts of the day: they can be recorded once that day has come.
_NOT_AHEAD = (*RANKS, *ENDS)
#: How service ends by a decision of leaving: discipline and death have their own ways.
LEAVING = (ServiceStatus.LEFT, ServiceStatus.MOVED_OUT)
#: What an acting post may be.
ACTING = (AssignmentKind.ACTING_HEAD, AssignmentKind.IN_CHARGE)


#: What an office gives with its signature.
SIGNATURE = ("reference", "signed_on", "signer")
CHECKED = _l("This was checked by a second person: to change it, send the decision back")


class Signed(Protocol):
    """The signature of a decision as these rules see it."""

    @property
    def reference(self) -> str | None: ...
    @property
    def signed_on(self) -> date | None: ...
    @property
    def signer(self) -> str | None: ...
    @property
    def document_id(self) -> int | None: ...


class Standing(Protocol):
    """A decision as these rules see it."""

    @property
    def kind(self) -> DecisionKind: ...
    @property
    def state(self) -> DecisionState: ...
    @property
    def annulled_at(self) -> Any: ...
    @property
    def created_by_id(self) -> int | None: ...
    @property
    def drafted_by_id(self) -> int | None: ...
    @property
    def effective_on(self) -> date: ...


# --- the steps -----------------------------------------------------------------------------------------
def check_step(step: Step, decision: Standing) -> None:
    """The state allows the step (design: draft, checked, submitted, issued, revoked); else Overtaken."""
    if decision.annulled_at is not None:
        raise Overtaken(_l("This draft was discarded"))
    if decision.state not in TRANSITIONS[step][0]:
        raise Overtaken(_l("This decision is %(state)s: the step is not open", state=decision.state.label))


def state_after(step: Step) -> DecisionState:
    """The state the step leads to."""
    return TRANSITIONS[step][1]


def check_can_edit(decision: Standing) -> None:
    """Only a draft is changed (design)."""
    check_step(Step.EDIT, decision)


def can_edit(decision: Standing) -> bool:
    """Whether `check_can_edit` passes."""
    return _passes(check_can_edit, decision)


def check_can_discard(decision: Standing) -> None:
    """Only a draft is discarded (design)."""
    check_step(Step.DISCARD, decision)


def can_discard(decision: Standing) -> bool:
    """Whether `check_can_discard` passes."""
    return _passes(check_can_discard, decision)


def check_can_check(decision: Standing, user_id: int | None, drafters: Collection[int | None] = ()) -> None:
    """A second person checks: nobody who began the draft or ever changed it (design). `drafters`: those of
    the log, which the list of a page does without."""
    check_step(Step.CHECK, decision)
    if user_id is None or user_id in (decision.created_by_id, decision.drafted_by_id, *drafters):
        raise Denied(_l("A second person checks a decision: ask a colleague"))


def can_check(decision: Standing, user_id: int | None) -> bool:
    """Whether `check_can_check` passes."""
    return _passes(check_can_check, decision, user_id)


def check_can_send_back(decision: Standing) -> None:
    """What is checked or submitted can become a draft again (design)."""
    check_step(Step.SEND_BACK, decision)


def can_send_back(decision: Standing) -> bool:
    """Whether `check_can_send_back` passes."""
    return _passes(check_can_send_back, decision)


def check_can_submit(decision: Standing) -> None:
    """Only what a second person checked goes to the signer (design)."""
    check_step(Step.SUBMIT, decision)


def can_submit(decision: Standing) -> bool:
    """Whether `check_can_submit` passes."""
    return _passes(check_can_submit, decision)


def check_can_issue(decision: Standing, today: date) -> None:
    """What was submitted is issued; steps of pay and ends of service are facts of their day: before it
    Unprocessable (design)."""
    check_step(Step.ISSUE, decision)
    day = waits_until(decision, today)
    if day is not None:
        raise Unprocessable(waiting_words(day))


def can_issue(decision: Standing, today: date) -> bool:
    """Whether `check_can_issue` passes."""
    return _passes(check_can_issue, decision, today)


def check_can_revoke(decision: Standing) -> None:
    """Only what was issued is revoked (design)."""
    check_step(Step.REVOKE, decision)


def can_revoke(decision: Standing) -> bool:
    """Whether `check_can_revoke` passes."""
    return _passes(check_can_revoke, decision)


def waits_until(decision: Standing, today: date) -> date | None:
    """The day, still to come, from which a decision on its way can be issued; None: it need not wait."""
    ahead = decision.kind in _NOT_AHEAD and decision.state not in PUBLISHED and first_day(decision) > today
    return first_day(decision) if ahead else None


def waiting_words(day: date) -> Any:
    """What is said of a decision that waits for its day."""
    return _l(
        "This decision waits for its day: it can be issued from %(day)s on", day=day.strftime("%d/%m/%Y")
    )


def first_day(decision: Standing) -> date:
    """The day on which the effects are facts: of an end of service its last day."""
    return last_day_of_service(decision.effective_on) if decision.kind in ENDS else decision.effective_on


def last_day_of_service(effective_on: date) -> date:
    """Service ends on the eve of the day a retirement or leaving takes effect (pension runs from the
    first day after: Decree 135/2020/NĐ-CP Art. 3)."""
    return effective_on - timedelta(days=1)


# --- the head --------------------------------------------------------------------------------------------
def reference_key(reference: str) -> str:
    """Number and symbol for comparison: without blanks, accents and capitals."""
    return "".join(fold(reference).split())


def office_key(office: str) -> str:
    """The office for comparison: without accents and capitals."""
    return " ".join(fold(office).split())


def check_reference(reference: str | None) -> None:
    """A number with its symbol, as papers bear them: 2446/QĐ-UBND, 118-QĐ/TU (Decree 30/2020/NĐ-CP
    appendix I; Instruction 36-HD/VPTW of the Party)."""
    if reference is None:
        return
    number, _slash, symbol = reference.partition("/")
    if not number[:1].isdigit() or not any(char.isalpha() for char in symbol):
        message = _l("Enter number and symbol as the office gave them, for example 2446/QĐ-UBND")
        raise Unprocessable(message, field="reference")


def check_signature(reference: str | None, signed_on: date | None, today: date) -> None:
    """What is given of the signature holds together: a day that has come (design)."""
    check_reference(reference)
    if signed_on is not None and signed_on > today:
        raise Unprocessable(_l("The date cannot be after today"), field="signed_on")


def check_signed(reference: str | None, signed_on: date | None, signer: str | None) -> None:
    """What is issued bears number, day and signer (Decree 30/2020/NĐ-CP Art. 8)."""
    if not reference:
        raise Unprocessable(_l("Enter the decision number"), field="reference")
    if signed_on is None:
        raise Unprocessable(_l("Enter the day it was signed"), field="signed_on")
    if not signer:
        raise Unprocessable(_l("Enter who signed it"), field="signer")


def checked_signature(decision: Signed, given: SignatureSeed) -> SignatureSeed:
    """The signature to issue with: what stood there when the second person checked it holds, what was
    empty is filled. Unprocessable where something else is given in place of what was checked."""
    merged: dict[str, Any] = {}
    for name in SIGNATURE:
        held, new = getattr(decision, name), getattr(given, name)
        new = " ".join(new.split()) if isinstance(new, str) else new
        if held is not None and new not in (None, "", held):
            raise Unprocessable(CHECKED, field=name)
        merged[name] = new if held is None else held
    return SignatureSeed(**merged)


def check_copy(decision: Signed, *, sent: bool) -> None:
    """A signed copy that was there when the second person checked it is not replaced."""
    if sent and decision.document_id is not None:
        raise Unprocessable(CHECKED, field="copy")


# --- the lines -------------------------------------------------------------------------------------------
def status_of(kind: DecisionKind, given: ServiceStatus | None) -> ServiceStatus:
    """How a decision that ends service ends it."""
    return given or ServiceStatus.LEFT if kind is DecisionKind.LEAVING else ServiceStatus.RETIRED


def act_of(kind: DecisionKind, status: ServiceStatus | None = None) -> Act | None:
    """What stops are asked about; of an end of service as the files ask. A reward asks nothing."""
    if kind is DecisionKind.TRANSFER:
        return Act.TRANSFER
    if kind in PLACES or kind in BESIDE:
        return Act.APPOINT
    if kind in RANKS:
        return Act.PAY_STEP
    return ACT_OF_END.get(status_of(kind, status)) if kind in ENDS else None


def check_lines(kind: DecisionKind, lines: Iterable[LineSeed], effective_on: date) -> None:
    """At least one person, each once, with what the kind needs; Unprocessable names the field."""
    seen: set[int] = set()
    for line in lines:
        if line.person_id in seen:
            raise Unprocessable(_l("A person stands twice in the list"), field="people")
        seen.add(line.person_id)
        check_line(kind, line, effective_on)
    if not seen:
        raise Unprocessable(_l("Enter at least one person"), field="people")
    if len(seen) > MOST_LINES:
        message = _l("At most %(count)s people in one decision: divide the list", count=MOST_LINES)
        raise Unprocessable(message, field="people")


def check_line(kind: DecisionKind, line: LineSeed, effective_on: date) -> None:
    """What the kind needs beyond the person."""
    starts_on = line.starts_on or effective_on
    if line.ends_on is not None and line.ends_on < starts_on:
        raise Unprocessable(_l("The end cannot be before the start"), field="ends_on")
    if kind in (DecisionKind.APPOINTMENT, *BESIDE) and not tidy_name(line.post or ""):
        raise Unprocessable(_l("Enter the post"), field="post")
    if kind is DecisionKind.TRANSFER and line.unit_id is None:
        raise Unprocessable(_l("Choose the unit"), field="unit")
    if kind is DecisionKind.RANK and (line.rank_code is None or line.step is None):
        raise Unprocessable(_l("Choose the rank and enter the step"), field="rank_code")
    if kind is DecisionKind.REWARD:
        _check_reward(line.reason or "")
    if line.status is not None and line.status not in LEAVING:
        raise Unprocessable(_l("Choose how service ended"), field="status")
    if len(line.post or "") > POST_LENGTH:
        message = _l("At most %(count)s characters for a post: shorten it", count=POST_LENGTH)
        raise Unprocessable(message, field="post")
    if line.coefficient is not None and not 0 < line.coefficient < 100:
        raise Unprocessable(_l("Enter the coefficient, for example 2.34"), field="coefficient")
    if line.assignment_kind is not None and line.assignment_kind not in ACTING:
        raise Unprocessable(_l("Choose one of the list"), field="assignment_kind")


def _check_reward(reward: str) -> None:
    if not reward.strip():
        raise Unprocessable(_l("Enter the reward"), field="reason")
    if len(reward) > REWARD_LENGTH:
        message = _l("At most %(count)s characters for a reward: shorten it", count=REWARD_LENGTH)
        raise Unprocessable(message, field="reason")


def _passes(check: Callable[..., None], *facts: Any) -> bool:
    try:
        check(*facts)
    except (Denied, Overtaken, Unprocessable):
        return False
    return True
