"""Revoking a decision leaves the register as it was before it: by the canonical dump, over many kinds."""

from datetime import date, timedelta
from random import Random
from time import process_time

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Unprocessable
from hr.decisions.issuing import actions, queries
from hr.decisions.issuing.enums import PLACES, DecisionKind
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed, SignatureSeed
from hr.people.actions import edit_person
from hr.people.enums import AssignmentKind, ServiceStatus
from hr.people.load import load_register
from hr.people.models import Person
from tests.factories import people
from tests.hr.decisions.issuing.conftest import OFFICE, dump, unit_id
from tests.personas import BUNG_LAO, NA_SANG

KIND = DecisionKind
#: Everybody of the template but the retired.
WORKING = ("an", "hue", "sua", "on", "binh", "po", "dua", "lan", "mai", "tam")


def details(rng, kind):
    """Some details of a kind, drawn."""
    end = rng.choice([None, date(2026, 12, 31)])
    by_kind = {
        KIND.APPOINTMENT: {"post": "Phó Trưởng phòng Kinh tế", "unit_id": unit_id(BUNG_LAO)},
        KIND.ACTING: {"post": "Trưởng phòng", "assignment_kind": AssignmentKind.IN_CHARGE, "ends_on": end},
        KIND.CONCURRENT: {"post": "Giám đốc Trung tâm", "ends_on": end},
        KIND.TRANSFER: {"unit_id": unit_id(NA_SANG), "division_id": unit_id(NA_SANG, "2")},
        KIND.RANK: {"rank_code": "01.002", "step": rng.randint(1, 4)},
        KIND.LEAVING: {"status": rng.choice([ServiceStatus.LEFT, ServiceStatus.MOVED_OUT])},
        KIND.REWARD: {"reason": "Giấy khen"},
    }
    return by_kind.get(kind, {})


@pytest.mark.slow
@pytest.mark.parametrize("number", range(6))
def test_revoking_one_after_the_other_gives_each_dump_before(officer, submitted, issue, number):
    rng, day, left = Random(number), date(2026, 4, 1), []
    for step in range(6):
        kind = rng.choice(list(KIND))
        keys = rng.sample(WORKING, rng.randint(1, 5))
        day += timedelta(days=rng.randint(1, 15))
        before = dump()
        signed = SignatureSeed(reference=f"{step}/QĐ-UBND", signed_on=day, signer="Lê Văn Đô")
        draft = submitted(kind, *keys, effective_on=day, signed=signed, **details(rng, kind))
        try:
            left.append((issue(draft, signed).uid, before))
        except Unprocessable:
            assert dump() == before  # nobody of the list could be meant: nothing was written
            continue
        assert dump() != before

    for uid, before in reversed(left):
        actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Thu hồi")
        assert dump() == before


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_in_any_order_what_later_ones_stand_on_waits_and_all_is_lifted(officer, submitted, issue, number):
    rng, day, left, start = Random(100 + number), date(2026, 4, 1), [], dump()
    for step in range(6):
        day += timedelta(days=10)
        kind = rng.choice([*PLACES, KIND.PAY_STEP, KIND.CONCURRENT])
        signed = SignatureSeed(reference=f"{step}/QĐ-UBND", signed_on=day, signer="Lê Văn Đô")
        draft = submitted(
            kind, *rng.sample(WORKING[:4], 2), effective_on=day, signed=signed, **details(rng, kind)
        )
        try:
            left.append(issue(draft, signed).uid)
        except Unprocessable:
            continue

    while left:
        uid = rng.choice(left)
        before = dump()
        try:
            actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Thu hồi")
            left.remove(uid)
        except Unprocessable:
            assert dump() == before
    assert dump() == start


def test_a_name_changed_meanwhile_goes_on(officer, issued):
    uid = issued(KIND.TRANSFER, "hue", unit_id=unit_id(NA_SANG)).uid
    edit_person(by=officer, person=people.person("hue"), values={"full_name": "Đặng Thị Hoa Huệ"})
    actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Thu hồi")

    (row,) = [line for line in dump() if '"table":"assignment"' in line and "Công chức tư pháp" in line]
    assert '"person_name":"Đặng Thị Hoa Huệ"' in row


@pytest.mark.slow
def test_ninety_seven_people_take_few_statements_and_less_than_a_second(
    officer, colleague, count_statements, issue
):
    many = [people.seed(id_number=f"01108477{n:04}", full_name=f"Lò Văn {n}") for n in range(97)]
    load_register(by=officer, people=many)
    ids = db.session.scalars(select(Person.id).where(Person.id_number.like("01108477%"))).all()
    lines = tuple(LineSeed(person_id=key, unit_id=unit_id(NA_SANG)) for key in ids)
    signed = SignatureSeed(reference="2446/QĐ-UBND", signed_on=date(2026, 7, 1), signer="Lê Văn Đô")
    head = DecisionSeed(
        kind=KIND.TRANSFER, office=OFFICE, effective_on=date(2026, 7, 10), lines=lines, signature=signed
    )
    draft = actions.save_draft(by=officer, seed=head)
    actions.check(by=colleague, decision=draft)
    uid, before = actions.submit(by=officer, decision=draft).uid, dump()
    decision = queries.find_decision(uid)

    began = process_time()
    with count_statements() as sent:
        issue(decision, signed)
    took = process_time() - began  # not the wall: other work shares the machine
    assert len(sent) < 40
    assert took < 1
    with count_statements() as sent:
        actions.revoke(by=officer, decision=queries.find_decision(uid), reason="Thu hồi")
    assert len(sent) < 40
    assert dump() == before


def test_a_decision_of_one_person_leaves_the_others_alone(officer, issued):
    before = dump()
    issued(KIND.PAY_STEP, "hue")
    changed = set(dump()) ^ set(before)

    assert {line.split('"')[3] for line in changed} == {
        "rank_step", "decision", "decision_line", "decision_effect"
    }  # fmt: skip
