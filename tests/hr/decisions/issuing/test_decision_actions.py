"""From the draft to the revocation: who may do what when, and what the files hold afterwards."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, Overtaken, Unprocessable
from core.files import EVIDENCE, store
from core.permissions import Permission
from core.units import Unit
from hr.decisions.issuing import actions, effects, queries
from hr.decisions.issuing.enums import DecisionKind, DecisionState
from hr.decisions.issuing.seeds import SignatureSeed
from hr.people import service_actions
from hr.people.enums import AssignmentKind, ServiceStatus
from hr.people.groups.actions import annul_entry
from hr.people.groups.models import Reward
from hr.people.groups.registry import GROUPS
from hr.people.models import Assignment, RankStep
from tests.conftest import without
from tests.factories.people import person, place
from tests.hr.decisions.issuing.conftest import DAY, OFFICE, SIGNED, dump, seed, unit_id
from tests.personas import BUNG_LAO, NA_SANG

KIND = DecisionKind
PDF = b"%PDF-1.7\n1 0 obj\n<< /Title (quyet dinh) >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def places(key):
    """(unit, post, kind, from, to, decision) of the valid assignments of a person, oldest first."""
    query = (
        select(Assignment, Unit.code)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.person_id == person(key).id, Assignment.annulled_at.is_(None))
    )
    return [
        (code, row.post, row.kind, row.starts_on, row.ends_on, row.decision_note)
        for row, code in db.session.execute(query.order_by(Assignment.starts_on, Assignment.id))
    ]


def ranks(key):
    query = select(RankStep).where(RankStep.person_id == person(key).id, RankStep.annulled_at.is_(None))
    return [
        (row.rank_code, row.step, row.coefficient, row.starts_on, row.decision_note)
        for row in db.session.scalars(query.order_by(RankStep.starts_on))
    ]


def logged(type):
    query = select(AuditEvent.subject_label).where(AuditEvent.type == type)
    return list(db.session.scalars(query.order_by(AuditEvent.seq)))


# --- the way ----------------------------------------------------------------------------------------------
def test_a_draft_keeps_its_head_and_its_lines(officer):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue", "sua"))

    assert decision.state is DecisionState.DRAFT
    assert (decision.office, decision.reference, decision.year) == (OFFICE, "1447/QĐ-UBND", 2026)
    assert [line.person_name for line in queries.lines_of(decision)] == ["Đặng Thị Huệ", "Giàng A Sùa"]
    assert logged(AuditType.DECISION_DRAFTED) == ["1447/QĐ-UBND"]


def test_a_draft_saved_again_is_replaced_as_a_whole(officer):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue", "sua"))
    again = seed(KIND.RANK, "sua", "an", rank_code="01.002", step=1, signed=SignatureSeed())
    actions.save_draft(by=officer, decision=decision, seed=again)

    assert [line.person_name for line in queries.lines_of(decision)] == ["Giàng A Sùa", "Lò Văn An"]
    assert (decision.kind, decision.reference) == (KIND.RANK, None)


def test_the_author_does_not_check(officer, colleague):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))

    with pytest.raises(Denied, match="second person"):
        actions.check(by=officer, decision=decision)
    assert actions.check(by=colleague, decision=decision).state is DecisionState.CHECKED


def test_who_changed_the_draft_last_does_not_check_either(officer, colleague):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
    actions.save_draft(by=colleague, decision=decision, seed=seed(KIND.PAY_STEP, "hue"))

    with pytest.raises(Denied, match="second person"):
        actions.check(by=colleague, decision=decision)


def test_who_ever_changed_the_draft_does_not_check_it(officer, colleague):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
    actions.save_draft(by=colleague, decision=decision, seed=seed(KIND.PAY_STEP, "sua"))
    actions.save_draft(by=officer, decision=decision, seed=seed(KIND.PAY_STEP, "sua"))

    with pytest.raises(Denied, match="second person"):
        actions.check(by=colleague, decision=decision)


@pytest.mark.parametrize(
    ("kind", "details", "field"),
    [
        (KIND.APPOINTMENT, {"post": "x" * 201}, "post"),
        (KIND.RANK, {"rank_code": "01.002", "step": 1, "coefficient": Decimal(100)}, "coefficient"),
        (KIND.LEAVING, {"status": ServiceStatus.DECEASED}, "status"),
        (KIND.REWARD, {"reason": "x" * 201}, "reason"),
    ],
)
def test_a_line_holds_what_the_files_can_hold(officer, kind, details, field):
    with pytest.raises(Unprocessable) as refused:
        actions.save_draft(by=officer, seed=seed(kind, "hue", **details))
    assert refused.value.field == field


def test_each_step_has_its_state(officer, colleague, submitted):
    decision = submitted(KIND.PAY_STEP, "hue")

    for act in (actions.submit, actions.discard):
        with pytest.raises(Overtaken):
            act(by=officer, decision=decision)
    with pytest.raises(Overtaken):
        actions.check(by=colleague, decision=decision)
    with pytest.raises(Overtaken):
        actions.save_draft(by=officer, decision=decision, seed=seed(KIND.PAY_STEP, "hue"))
    with pytest.raises(Overtaken):
        actions.revoke(by=officer, decision=decision, reason="Sai")


def test_sent_back_it_is_a_draft_with_the_reason(officer, submitted):
    decision = actions.send_back(by=officer, decision=submitted(KIND.PAY_STEP, "hue"), reason=" Sai ngày ")

    assert (decision.state, decision.note) == (DecisionState.DRAFT, "Sai ngày")
    assert (decision.checked_at, decision.submitted_at) == (None, None)


def test_a_discarded_draft_is_gone_and_its_number_free(officer):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
    actions.discard(by=officer, decision=decision)

    with pytest.raises(Missing):
        queries.find_decision(decision.uid)
    assert actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "sua")).reference == "1447/QĐ-UBND"


def test_a_number_is_given_once_by_an_office_in_a_year(officer):
    first = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
    same = SignatureSeed(reference=" 1447/qđ-ubnd", signed_on=date(2026, 1, 5))
    other_year = SignatureSeed(reference="1447/QĐ-UBND", signed_on=date(2025, 1, 5))

    with pytest.raises(Unprocessable, match="already recorded") as refusal:
        actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "sua", signed=same))
    assert (refusal.value.field, refusal.value.link) == ("reference", first.uid)
    actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "sua", signed=other_year))


def test_an_older_version_is_a_conflict(officer):
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
    actions.save_draft(by=officer, decision=decision, seed=seed(KIND.PAY_STEP, "sua"))

    with pytest.raises(Conflict):
        actions.save_draft(by=officer, decision=decision, seed=seed(KIND.PAY_STEP, "an"), version=1)


@pytest.mark.parametrize(
    "permission", [Permission.DECISION_RECORD, Permission.DECISION_CHECK, Permission.DECISION_ISSUE]
)
def test_each_step_asks_for_its_permission(officer, submitted, permission):
    decision, viewer = submitted(KIND.PAY_STEP, "hue"), without(officer, permission)
    steps = {
        Permission.DECISION_RECORD: lambda: actions.send_back(by=viewer, decision=decision, reason="x"),
        Permission.DECISION_CHECK: lambda: actions.check(by=viewer, decision=decision),
        Permission.DECISION_ISSUE: lambda: actions.issue(
            by=viewer, decision=decision, signature=SIGNED, mark=""
        ),
    }

    with pytest.raises(Denied, match="role"):
        steps[permission]()


# --- the effects ------------------------------------------------------------------------------------------
def test_an_appointment_gives_a_new_place_and_ends_the_present_one(issued):
    issued(KIND.APPOINTMENT, "hue", post="Phó Trưởng phòng Văn hóa - Xã hội", division_id=None)

    before, now = places("hue")
    assert before[:5] == (
        BUNG_LAO, "Công chức tư pháp - hộ tịch", AssignmentKind.MAIN, date(2025, 7, 1), date(2026, 6, 30)
    )  # fmt: skip
    assert now == (
        BUNG_LAO, "Phó Trưởng phòng Văn hóa - Xã hội", AssignmentKind.MAIN, DAY, None, "1447/QĐ-UBND"
    )  # fmt: skip


def test_a_reappointment_begins_a_new_term_on_the_same_post(issued):
    issued(KIND.REAPPOINTMENT, "an")

    assert places("an")[1:] == [
        (BUNG_LAO, "Chủ tịch UBND xã", AssignmentKind.MAIN, date(2025, 7, 1), date(2026, 6, 30), None),
        (BUNG_LAO, "Chủ tịch UBND xã", AssignmentKind.MAIN, DAY, None, "1447/QĐ-UBND"),
    ]


def test_a_transfer_keeps_probation_and_an_appointment_ends_it(issued, issue, submitted):
    issued(KIND.TRANSFER, "on", unit_id=unit_id(NA_SANG))
    assert places("on")[-1][:3] == (NA_SANG, "Chuyên viên", AssignmentKind.PROBATION)

    other = SignatureSeed(reference="1448/QĐ-UBND", signed_on=DAY, signer="Lê Văn Đô")
    later = submitted(
        KIND.APPOINTMENT, "on", post="Chuyên viên", effective_on=date(2026, 7, 10), signed=SignatureSeed()
    )
    issue(later, other)
    assert places("on")[-1][:3] == (NA_SANG, "Chuyên viên", AssignmentKind.MAIN)


@pytest.mark.parametrize(
    ("kind", "details", "expected"),
    [
        (KIND.ACTING, {}, AssignmentKind.ACTING_HEAD),
        (KIND.ACTING, {"assignment_kind": AssignmentKind.IN_CHARGE}, AssignmentKind.IN_CHARGE),
        (KIND.CONCURRENT, {"ends_on": date(2027, 6, 30)}, AssignmentKind.CONCURRENT),
    ],
)
def test_a_post_beside_the_own_place_leaves_it_running(issued, kind, details, expected):
    issued(kind, "hue", post="Trưởng phòng Kinh tế", **details)

    own, beside = places("hue")
    assert own[4] is None
    assert beside[1:5] == ("Trưởng phòng Kinh tế", expected, DAY, details.get("ends_on"))


def test_a_pay_step_is_the_next_one_with_the_coefficient_of_the_table(issued):
    issued(KIND.PAY_STEP, "hue")

    assert ranks("hue")[-1] == ("01.003", 5, Decimal("3.66"), DAY, "1447/QĐ-UBND")


def test_a_rank_is_the_one_named(issued):
    issued(KIND.RANK, "hue", rank_code="01.002", step=1)

    assert ranks("hue")[-1] == ("01.002", 1, Decimal("4.40"), DAY, "1447/QĐ-UBND")


@pytest.mark.parametrize(
    ("kind", "details", "status"),
    [
        (KIND.RETIREMENT, {}, ServiceStatus.RETIRED),
        (KIND.LEAVING, {}, ServiceStatus.LEFT),
        (KIND.LEAVING, {"status": ServiceStatus.MOVED_OUT}, ServiceStatus.MOVED_OUT),
    ],
)
def test_service_ends_on_the_eve_with_every_post(issued, kind, details, status):
    issued(kind, "lan", **details)

    found = person("lan")
    assert (found.status, found.ended_on) == (status, date(2026, 6, 30))
    assert [row[4] for row in places("lan")] == [date(2026, 6, 30), date(2026, 6, 30)]


def rewards(key):
    """(year, reward, decision, day, by whom) of the valid rewards of a person."""
    query = select(Reward).where(Reward.person_id == person(key).id, Reward.annulled_at.is_(None))
    return [
        (row.year, row.reward, row.decision_number, row.decided_on, row.decided_by)
        for row in db.session.scalars(query)
    ]


def test_a_reward_stands_among_the_rewards_of_the_file_and_nowhere_else(issued):
    before = (places("hue"), ranks("hue"))
    issued(KIND.REWARD, "hue", "sua", reason=" Bằng khen của  Chủ tịch UBND tỉnh ")

    row = (2026, "Bằng khen của Chủ tịch UBND tỉnh", "1447/QĐ-UBND", date(2026, 6, 26), OFFICE)
    assert rewards("hue") == rewards("sua") == [row]
    assert (places("hue"), ranks("hue")) == before


def test_a_reward_is_lifted_with_its_decision(officer, issued):
    before = dump()
    uid = issued(KIND.REWARD, "hue", "sua", reason="Giấy khen").uid
    assert dump() != before
    actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Nhầm")

    assert rewards("hue") == []
    assert dump() == before


def test_a_reward_annulled_in_the_file_is_told_when_revoking(officer, issued):
    decision = issued(KIND.REWARD, "hue", reason="Giấy khen")
    row = db.session.scalars(select(Reward)).one()
    annul_entry(by=officer, person=person("hue"), group=GROUPS["rewards"], entry=row, reason="Nhầm")

    with pytest.raises(Unprocessable, match="Đặng Thị Huệ: the reward was annulled"):
        actions.revoke(by=officer, decision=decision, reason="Nhầm")


def test_what_is_not_yet_a_fact_waits(officer, submitted, issue):
    decision = submitted(KIND.RETIREMENT, "hue", effective_on=date(2026, 7, 17))

    with pytest.raises(Unprocessable, match="waits for its day: it can be issued from 16/07/2026 on"):
        issue(decision)


@pytest.mark.parametrize(
    ("kind", "details", "first"),
    [
        (KIND.PAY_STEP, {}, date(2026, 8, 1)),
        (KIND.RANK, {"rank_code": "01.002", "step": 1}, date(2026, 8, 1)),
        (KIND.RETIREMENT, {}, date(2026, 7, 31)),
        (KIND.LEAVING, {}, date(2026, 7, 31)),
    ],
)
def test_what_waits_refuses_no_line_and_is_issued_on_its_day(officer, submitted, kind, details, first):
    decision = submitted(kind, "hue", "sua", effective_on=date(2026, 8, 1), **details)
    eve, day = replace(officer, today=first - timedelta(days=1)), replace(officer, today=first)
    planned = actions.plan_of(decision, officer.today)
    assert [one.refusal for one in planned] == [None, None]

    mark = effects.mark(planned)
    with pytest.raises(Unprocessable, match=f"{first:%d/%m/%Y}"):
        actions.issue(by=eve, decision=decision, signature=SIGNED, mark=mark)
    assert decision.state is DecisionState.SUBMITTED
    actions.issue(by=day, decision=decision, signature=SIGNED, mark=mark)
    assert [line.refusal for line in queries.lines_of(decision)] == [None, None]


def test_what_waits_still_refuses_who_cannot_be_meant(officer, submitted):
    decision = submitted(KIND.PAY_STEP, "hue", "dung", effective_on=date(2026, 8, 1))

    first, second = actions.plan_of(decision, officer.today)
    assert (first.refusal, second.refusal) == (None, "This person is no longer in service")


def test_one_line_refused_and_the_others_take_effect(issued):
    decision = issued(KIND.PAY_STEP, "hue", "dung", "sua")

    assert {line.person_name: line.refusal for line in queries.lines_of(decision)} == {
        "Đặng Thị Huệ": None,
        "Quàng Văn Dũng": "This person is no longer in service",
        "Giàng A Sùa": None,
    }
    assert (ranks("dung")[-1][1], ranks("sua")[-1][1]) == (9, 5)
    assert logged(AuditType.PERSON_CHANGED) == ["Đặng Thị Huệ", "Giàng A Sùa"]


def test_a_decision_without_any_effect_is_not_issued(submitted, issue):
    with pytest.raises(Unprocessable, match="No line"):
        issue(submitted(KIND.PAY_STEP, "dung"))


@pytest.mark.parametrize(
    ("signature", "field"),
    [
        (SignatureSeed(signed_on=DAY, signer="Lê Văn Đô"), "reference"),
        (SignatureSeed(reference="15/QĐ-UBND", signer="Lê Văn Đô"), "signed_on"),
        (SignatureSeed(reference="15/QĐ-UBND", signed_on=DAY), "signer"),
    ],
)
def test_what_is_issued_bears_number_day_and_signer(submitted, issue, signature, field):
    with pytest.raises(Unprocessable) as refusal:
        issue(submitted(KIND.PAY_STEP, "hue", signed=SignatureSeed()), signature)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reference": "9/QĐ-UBND"}, "reference"),
        ({"signed_on": date(2026, 6, 25)}, "signed_on"),
        ({"signer": "Người khác"}, "signer"),
    ],
)
def test_what_was_checked_is_not_replaced_at_issue(officer, submitted, issue, given, field):
    decision = submitted(KIND.PAY_STEP, "hue")

    with pytest.raises(Unprocessable, match="send the decision back") as refusal:
        issue(decision, replace(SIGNED, **given))
    assert refusal.value.field == field
    db.session.rollback()
    assert (decision.reference, decision.signed_on, decision.signer) == (
        SIGNED.reference, SIGNED.signed_on, SIGNED.signer
    )  # fmt: skip


def test_what_was_empty_when_checked_is_filled_at_issue(submitted, issue):
    half = SignatureSeed(reference="1447/QĐ-UBND")
    rest = SignatureSeed(signed_on=date(2026, 6, 26), signer=" Lê  Văn Đô ")
    decision = issue(submitted(KIND.PAY_STEP, "hue", signed=half), rest)

    assert (decision.reference, decision.year, decision.signer) == ("1447/QĐ-UBND", 2026, "Lê Văn Đô")


def test_a_signed_copy_that_was_checked_is_not_replaced(officer, colleague, app):
    first, second = (store(BytesIO(PDF + mark), name="a.pdf", kinds=EVIDENCE) for mark in (b"1", b"2"))
    decision = actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"), stored=first)
    actions.check(by=colleague, decision=decision)
    actions.submit(by=officer, decision=decision)
    kept, mark = decision.document_id, effects.mark(actions.plan_of(decision, officer.today))

    with pytest.raises(Unprocessable, match="send the decision back") as refusal:
        actions.issue(by=officer, decision=decision, signature=SIGNED, mark=mark, stored=second)
    assert refusal.value.field == "copy"
    assert decision.document_id == kept


def test_effects_other_than_those_shown_are_not_made(officer, submitted):
    decision = submitted(KIND.TRANSFER, "hue", unit_id=unit_id(NA_SANG), effective_on=date(2026, 7, 10))
    shown = effects.mark(actions.plan_of(decision, officer.today))
    service_actions.move_person(by=officer, person=person("hue"), to=place(division="3", starts_on=DAY))

    with pytest.raises(Unprocessable, match="have changed since"):
        actions.issue(by=officer, decision=decision, signature=SIGNED, mark=shown)


def test_a_stop_refuses_its_line_with_the_public_reason(submitted, issue, monkeypatch):
    from core.subjects import Act, Stop

    asked = []

    def stops(person_ids, act, on):
        asked.append((act, on))
        return {person("hue").id: [Stop("bar", None, "not eligible until 31/12/2026", "secret", "x")]}

    monkeypatch.setattr("core.subjects.stops_against", stops)
    decision = issue(submitted(KIND.TRANSFER, "hue", "sua", unit_id=unit_id(NA_SANG)))

    assert [line.refusal for line in queries.lines_of(decision)] == ["not eligible until 31/12/2026", None]
    assert set(asked) == {(Act.TRANSFER, DAY)}


# --- revoking ---------------------------------------------------------------------------------------------
def test_revoking_asks_for_a_reason_and_says_who_and_when(officer, issued):
    decision = issued(KIND.PAY_STEP, "hue")
    with pytest.raises(Unprocessable, match="reason"):
        actions.revoke(by=officer, decision=decision, reason=" ")
    actions.revoke(by=officer, decision=decision, reason="Ban hành nhầm")

    assert (decision.state, decision.revoked_by_id) == (DecisionState.REVOKED, officer.user_id)
    assert [step for _code, step, *_rest in ranks("hue")] == [4]
    with pytest.raises(Overtaken):
        actions.revoke(by=officer, decision=decision, reason="Ban hành nhầm")


def test_revoking_is_refused_while_a_later_place_stands_on_it(officer, issued):
    decision = issued(KIND.TRANSFER, "hue", "sua", unit_id=unit_id(NA_SANG))
    to = place(division="3", post="Văn thư", starts_on=date(2026, 7, 10))
    service_actions.move_person(by=officer, person=person("hue"), to=to)
    uid, before = decision.uid, dump()

    with pytest.raises(Unprocessable, match="Đặng Thị Huệ: Văn thư from 10/07/2026") as refusal:
        actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Nhầm")
    assert "Giàng A Sùa" not in str(refusal.value.message)
    assert dump() == before


def test_the_number_of_what_was_revoked_is_not_given_again(officer, issued):
    actions.revoke(by=officer, decision=issued(KIND.PAY_STEP, "hue"), reason="Nhầm")

    with pytest.raises(Unprocessable, match="already recorded"):
        actions.save_draft(by=officer, seed=seed(KIND.PAY_STEP, "hue"))
