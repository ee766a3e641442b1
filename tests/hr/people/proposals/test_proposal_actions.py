"""Proposals sent, answered line by line and withdrawn; what reaches the file and what the log says."""

import json
import threading
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, Overtaken, Unprocessable
from core.permissions import Permission
from core.scope import bind_viewer, system_viewer
from hr.people.actions import edit_person
from hr.people.dump import dump
from hr.people.enums import Category, ProofState, QualificationKind
from hr.people.groups.actions import edit_group
from hr.people.groups.models import PersonContact
from hr.people.groups.registry import GROUPS
from hr.people.models import Assignment, Qualification
from hr.people.proposals import actions, queries
from hr.people.proposals.enums import LineState, Part
from hr.people.proposals.rules import Answer
from hr.people.seeds import AssignmentSeed, QualificationSeed
from tests.conftest import TODAY, without
from tests.factories import people
from tests.hr.people.proposals.conftest import REASON

YES, NO = Answer(LineState.ACCEPTED), Answer(LineState.REFUSED, "Chưa có bản sao")


def opened(uid):
    proposal, person = queries.find_proposal(uid)
    return proposal, person, queries.lines_of(proposal)


def answer_all(viewer, uid, said=YES, **over):
    proposal, _person, lines = opened(uid)
    return actions.answer(by=viewer, proposal=proposal, answers={line.uid: said for line in lines}, **over)


def test_only_what_differs_from_the_file_becomes_a_line(propose, as_viewer):
    uid = propose(birthplace="Bản Bó", full_name="Lò Văn An")
    with as_viewer("home_affairs"):
        _proposal, _person, lines = opened(uid)
        assert [(line.field, line.value, line.state) for line in lines] == [
            ("birthplace", "Bản Bó", LineState.SENT)
        ]


def test_what_is_right_already_is_not_sent(propose):
    with pytest.raises(Unprocessable, match="Không có gì khác"):
        propose(full_name="Lò Văn An")


def test_an_accepted_line_is_in_the_file_and_the_log_names_both(propose, as_viewer, logged):
    uid = propose(birthplace="Bản Bó")
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid)
        assert people.person("an").birthplace == "Bản Bó"
    (event,) = logged(AuditType.PROPOSAL_ANSWERED)
    assert event.subject_label == "Lò Văn An"
    assert event.actor_name == "Lò Thị Hạnh"
    assert json.loads(event.values)["proposed_by"] != "Lò Thị Hạnh"
    assert json.loads(event.values)["accepted"] == ["birthplace"]
    (changed,) = logged(AuditType.PERSON_CHANGED)
    assert json.loads(changed.values) == {"birthplace": ["Xã Búng Lao, tỉnh Điện Biên", "Bản Bó"]}


def test_a_refused_line_leaves_the_file_alone(propose, as_viewer, logged):
    uid = propose(birthplace="Bản Bó")
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid, NO)
        assert people.person("an").birthplace != "Bản Bó"
        (line,) = opened(uid)[2]
        assert (line.state, line.answer) == (LineState.REFUSED, "Chưa có bản sao")
    assert logged(AuditType.PERSON_CHANGED) == []


def test_a_refusal_says_why(propose, as_viewer):
    uid = propose()
    with as_viewer("home_affairs") as viewer, pytest.raises(Unprocessable, match="lý do"):
        answer_all(viewer, uid, Answer(LineState.REFUSED, " "))


def test_who_proposed_does_not_answer(propose, as_viewer):
    uid = propose()
    with as_viewer("staff_a") as sender, as_viewer("home_affairs") as viewer, pytest.raises(Denied):
        answer_all(replace(viewer, user_id=sender.user_id), uid)


def test_lines_without_an_answer_wait_on(propose, as_viewer):
    uid = propose(birthplace="Bản Bó", native_place="Bản Bó")
    with as_viewer("home_affairs") as viewer:
        proposal, _person, lines = opened(uid)
        actions.answer(by=viewer, proposal=proposal, answers={lines[0].uid: YES})
        assert [line.state for line in opened(uid)[2]] == [LineState.ACCEPTED, LineState.SENT]


def test_when_a_rule_refuses_one_accepted_line_nothing_is_written(propose, as_viewer):
    uid = propose(birthplace="Bản Bó", id_number="011190000002")
    with as_viewer("home_affairs") as viewer:
        with pytest.raises(Unprocessable, match="đã có trong sổ"):
            answer_all(viewer, uid)
        assert people.person("an").birthplace != "Bản Bó"
        assert {line.state for line in opened(uid)[2]} == {LineState.SENT}


def test_a_file_changed_since_it_was_looked_at_is_compared_once_more(propose, as_viewer):
    uid = propose()
    with as_viewer("home_affairs") as viewer:
        person = people.person("an")
        version = person.version
        edit_person(by=viewer, person=person, values={"birthplace": "Mường Ảng"})
        with pytest.raises(Conflict):
            answer_all(viewer, uid, version=version)


def test_a_line_whose_field_was_changed_since_it_was_sent_says_so(propose, as_viewer):
    uid = propose(birthplace="Bản Bó", native_place="Bản Bó")
    with as_viewer("home_affairs") as viewer:
        proposal, person, lines = opened(uid)
        edit_person(by=viewer, person=person, values={"birthplace": "Mường Ảng"})
        moved = {one.line.field: (one.now, one.moved) for one in queries.compared(proposal, person, lines)}
    assert moved["birthplace"] == ("Mường Ảng", True)
    assert moved["native_place"] == ("Xã Búng Lao, tỉnh Điện Biên", False)


def test_a_field_has_one_open_line_at_most(propose):
    propose(birthplace="Bản Bó")
    with pytest.raises(Unprocessable, match="đang chờ"):
        propose(birthplace="Bản Co")


def test_after_the_answer_the_field_is_free_again(propose, as_viewer):
    uid = propose(birthplace="Bản Bó")
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid, NO)
    assert propose(birthplace="Bản Co") != uid


def test_the_contact_is_proposed_without_being_seen_and_keeps_the_rest(propose, as_viewer):
    with as_viewer("home_affairs") as viewer:
        values = {"phone": "0215 3 825 111", "current_address": "Bản Bó"}
        edit_group(by=viewer, person=people.person("an"), group=GROUPS["contact"], values=values)
    uid = propose(part=Part.CONTACT, phone="0915 000 111")
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid)
        row = db.session.scalars(select(PersonContact)).one()
        assert (row.phone, row.current_address) == ("0915 000 111", "Bản Bó")


def test_days_are_checked_when_they_are_proposed(propose):
    with pytest.raises(Unprocessable) as refusal:
        propose(part=Part.MILITARY, enlisted_on=date(1970, 1, 1))
    assert refusal.value.field == "enlisted_on"
    with pytest.raises(Unprocessable) as refusal:
        propose(born_on=date(2026, 8, 1))
    assert refusal.value.field == "born_on"


def test_a_claimed_qualification_comes_into_the_file_as_a_claim(as_viewer):
    seed = QualificationSeed(
        kind=QualificationKind.IT, level="certificate", serial="CNTT-9", awarded_on=date(2026, 3, 1)
    )
    with as_viewer("staff_a") as viewer:
        person = people.person("an")
        uid = actions.propose_qualification(by=viewer, person=person, seed=seed, reason=REASON).uid
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid)
        row = db.session.scalars(select(Qualification).where(Qualification.serial == "CNTT-9")).one()
        assert (row.level, row.awarded_on, row.proof_state) == (
            "certificate",
            date(2026, 3, 1),
            ProofState.CLAIMED,
        )


def place(unit_id, **over):
    values = {"post": "Chuyên viên", "category": Category.CIVIL_SERVANT, "starts_on": date(2026, 7, 10)}
    return AssignmentSeed(unit_id=unit_id, **{**values, **over})


def test_another_post_is_a_move_once_it_is_accepted(as_viewer):
    with as_viewer("staff_a") as viewer:
        person = people.person("sua")
        home = db.session.scalars(
            select(Assignment).where(Assignment.person_id == person.id, Assignment.ends_on.is_(None))
        ).first()
        seed = place(home.unit_id, post="Công chức địa chính")
        uid = actions.propose_place(by=viewer, person=person, seed=seed, reason=REASON).uid
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid)
        query = select(Assignment).where(Assignment.person_id == person.id)
        rows = db.session.scalars(query.order_by(Assignment.starts_on)).all()
        assert (rows[-1].post, rows[-1].starts_on) == ("Công chức địa chính", date(2026, 7, 10))
        assert rows[-2].ends_on == date(2026, 7, 9)


def test_a_place_in_another_commune_is_not_proposed(as_viewer):
    with as_viewer("home_affairs"):
        unit_id = db.session.scalars(
            select(Assignment.unit_id).where(Assignment.person_id == people.person("po").id)
        ).first()
    with as_viewer("staff_a") as viewer, pytest.raises(Denied):
        actions.propose_place(by=viewer, person=people.person("sua"), seed=place(unit_id), reason=REASON)


def test_what_was_withdrawn_is_not_answered(propose, as_viewer, logged):
    uid = propose()
    with as_viewer("staff_a") as viewer:
        actions.withdraw(by=viewer, proposal=opened(uid)[0])
        with pytest.raises(Overtaken):
            actions.withdraw(by=viewer, proposal=opened(uid)[0])
    with as_viewer("home_affairs") as viewer, pytest.raises(Unprocessable, match="có người trả lời"):
        answer_all(viewer, uid)
    assert len(logged(AuditType.PROPOSAL_WITHDRAWN)) == 1


def test_the_commune_answers_nothing_and_home_affairs_proposes_nothing(propose, as_viewer):
    uid = propose()
    with as_viewer("chair_a") as viewer, pytest.raises(Denied):
        answer_all(viewer, uid)
    with as_viewer("home_affairs") as viewer:
        sent = {"part": Part.FACTS, "values": {"birthplace": "x"}, "reason": REASON}
        with pytest.raises(Denied):
            actions.propose_facts(by=viewer, person=people.person("an"), **sent)
        with pytest.raises(Denied):
            actions.withdraw(by=without(viewer, Permission.PROPOSAL_MAKE), proposal=opened(uid)[0])


def test_another_commune_and_other_roles_see_no_proposal(propose, as_viewer):
    uid = propose()
    for persona in ("staff_b", "case_officer", "leader"):
        with as_viewer(persona), pytest.raises(Missing):
            queries.find_proposal(uid)


def test_the_dump_tells_what_was_proposed_and_answered(propose, as_viewer):
    uid = propose()
    with as_viewer("home_affairs") as viewer:
        answer_all(viewer, uid, NO)
        assert list(dict(dump())["proposal_line"]) == [
            {
                "id_number": "011084000001",
                "part": "facts",
                "field": "birthplace",
                "value": "Bản Bó",
                "state": "refused",
                "answer": "Chưa có bản sao",
                "reason": REASON,
            }
        ]


@pytest.mark.parametrize("accepted", [True, False])
def test_one_of_two_answers_sent_at_once_counts(app, propose, accepted):
    uid = propose()
    start, outcomes = threading.Barrier(2), []
    said = YES if accepted else NO

    def send() -> None:
        viewer = system_viewer("race", TODAY)
        with app.app_context(), bind_viewer(viewer):
            proposal, _person, lines = opened(uid)
            start.wait()
            try:
                actions.answer(by=viewer, proposal=proposal, answers={line.uid: said for line in lines})
                outcomes.append("answered")
            except Unprocessable:
                outcomes.append("too late")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["answered", "too late"]
