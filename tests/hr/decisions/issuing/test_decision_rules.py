"""The rules of decisions: states, numbers as papers bear them, what lines need."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product

import pytest

from core.errors import Unprocessable
from core.subjects import Act
from hr.decisions.issuing import rules
from hr.decisions.issuing.enums import DecisionKind, DecisionState, Step
from hr.decisions.issuing.seeds import LineSeed
from hr.people.enums import AssignmentKind, ServiceStatus

DAY = date(2026, 7, 1)
KIND, STATE = DecisionKind, DecisionState


@dataclass(frozen=True)
class Case:
    """A decision as the rules see it."""

    kind: DecisionKind = KIND.TRANSFER
    state: DecisionState = STATE.DRAFT
    annulled_at: datetime | None = None
    created_by_id: int | None = 1
    drafted_by_id: int | None = 2
    effective_on: date = DAY


ALLOWED = {
    Step.EDIT: {STATE.DRAFT},
    Step.DISCARD: {STATE.DRAFT},
    Step.CHECK: {STATE.DRAFT},
    Step.SEND_BACK: {STATE.CHECKED, STATE.SUBMITTED},
    Step.SUBMIT: {STATE.CHECKED},
    Step.ISSUE: {STATE.SUBMITTED},
    Step.REVOKE: {STATE.ISSUED},
}
CAN = {
    Step.EDIT: rules.can_edit,
    Step.DISCARD: rules.can_discard,
    Step.CHECK: lambda case: rules.can_check(case, 3),
    Step.SEND_BACK: rules.can_send_back,
    Step.SUBMIT: rules.can_submit,
    Step.ISSUE: lambda case: rules.can_issue(case, DAY),
    Step.REVOKE: rules.can_revoke,
}


@pytest.mark.parametrize(("step", "state"), list(product(Step, STATE)))
def test_a_step_is_open_in_its_states_only(step, state):
    assert CAN[step](Case(state=state)) is (state in ALLOWED[step])


@pytest.mark.parametrize("step", Step)
def test_nothing_is_done_with_a_discarded_draft(step):
    case = Case(state=next(iter(ALLOWED[step])), annulled_at=datetime(2026, 7, 1))  # noqa: DTZ001 - any

    assert not CAN[step](case)


@pytest.mark.parametrize(("user_id", "allowed"), [(1, False), (2, False), (None, False), (3, True)])
def test_a_second_person_checks(user_id, allowed):
    assert rules.can_check(Case(), user_id) is allowed


@pytest.mark.parametrize(
    ("kind", "effective_on", "allowed"),
    [
        (KIND.TRANSFER, date(2026, 9, 1), True),
        (KIND.PAY_STEP, date(2026, 7, 1), True),
        (KIND.PAY_STEP, date(2026, 7, 2), False),
        (KIND.RETIREMENT, date(2026, 7, 2), True),
        (KIND.RETIREMENT, date(2026, 7, 3), False),
    ],
)
def test_what_is_a_fact_of_its_day_is_not_issued_ahead(kind, effective_on, allowed):
    case = Case(kind=kind, state=STATE.SUBMITTED, effective_on=effective_on)

    assert rules.can_issue(case, DAY) is allowed


@pytest.mark.parametrize("reference", ["2446/QĐ-UBND", "118-QĐ/TU", "15a/QĐ-SNV", "07/2026/QĐ-UBND"])
def test_numbers_and_symbols_as_papers_bear_them(reference):
    rules.check_reference(reference)


@pytest.mark.parametrize("reference", ["2446", "QĐ-UBND", "QĐ/2446", "2446/", "2446/15", ""])
def test_a_number_without_its_symbol_is_refused(reference):
    with pytest.raises(Unprocessable) as refusal:
        rules.check_reference(reference)
    assert refusal.value.field == "reference"


def test_numbers_compare_without_blanks_and_accents():
    assert rules.reference_key("1447 / QĐ-UBND") == rules.reference_key("1447/qd-ubnd") == "1447/qd-ubnd"


@pytest.mark.parametrize(
    ("kind", "act"),
    [
        (KIND.APPOINTMENT, Act.APPOINT),
        (KIND.REAPPOINTMENT, Act.APPOINT),
        (KIND.ACTING, Act.APPOINT),
        (KIND.CONCURRENT, Act.APPOINT),
        (KIND.TRANSFER, Act.TRANSFER),
        (KIND.PAY_STEP, Act.PAY_STEP),
        (KIND.RANK, Act.PAY_STEP),
        (KIND.LEAVING, Act.END_SERVICE),
        (KIND.RETIREMENT, None),
        (KIND.REWARD, None),
    ],
)
def test_stops_are_asked_of_the_act_of_the_kind(kind, act):
    assert rules.act_of(kind) is act


def test_who_moves_out_is_asked_about_as_transferred():
    assert rules.act_of(KIND.LEAVING, ServiceStatus.MOVED_OUT) is Act.TRANSFER


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        (KIND.APPOINTMENT, {"post": " "}, "post"),
        (KIND.ACTING, {}, "post"),
        (KIND.CONCURRENT, {}, "post"),
        (KIND.TRANSFER, {"post": "Văn thư"}, "unit"),
        (KIND.RANK, {"rank_code": "01.003"}, "rank_code"),
        (KIND.RANK, {"step": 3}, "rank_code"),
        (KIND.REWARD, {"reason": " "}, "reason"),
        (KIND.LEAVING, {"status": ServiceStatus.WORKING}, "status"),
        (
            KIND.ACTING,
            {"post": "Trưởng phòng", "assignment_kind": AssignmentKind.SECONDED},
            "assignment_kind",
        ),
        (KIND.CONCURRENT, {"post": "Trưởng phòng", "ends_on": date(2026, 6, 30)}, "ends_on"),
    ],
)
def test_a_line_needs_what_its_kind_needs(kind, details, field):
    with pytest.raises(Unprocessable) as refusal:
        rules.check_lines(kind, [LineSeed(person_id=1, **details)], DAY)
    assert refusal.value.field == field


@pytest.mark.parametrize("kind", [KIND.REAPPOINTMENT, KIND.PAY_STEP, KIND.RETIREMENT, KIND.LEAVING])
def test_other_kinds_need_the_person_only(kind):
    rules.check_lines(kind, [LineSeed(person_id=1)], DAY)


def test_a_person_stands_once_in_a_decision_and_there_is_at_least_one():
    line = LineSeed(person_id=1)
    for lines in ([], [line, line], [replace(line, person_id=n) for n in range(501)]):
        with pytest.raises(Unprocessable) as refusal:
            rules.check_lines(KIND.PAY_STEP, lines, DAY)
        assert refusal.value.field == "people"
    rules.check_lines(KIND.PAY_STEP, [replace(line, person_id=n) for n in range(500)], DAY)


def test_nothing_is_signed_after_today():
    with pytest.raises(Unprocessable) as refusal:
        rules.check_signature("15/QĐ-UBND", date(2026, 7, 2), DAY)
    assert refusal.value.field == "signed_on"
