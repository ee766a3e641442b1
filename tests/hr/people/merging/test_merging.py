"""Merging two files of one person, and telling two people of one name apart."""

import threading
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import User
from core.audit import AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.scope import bind_viewer, system_viewer, writing_allowed
from hr.decisions.issuing.actions import save_draft
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import DecisionLine
from hr.decisions.issuing.seeds import DecisionSeed, LineSeed
from hr.people import queries as people
from hr.people.actions import create_person, edit_person
from hr.people.dump import dump
from hr.people.imports.held import held_people
from hr.people.load import load_register
from hr.people.merging import actions, queries
from hr.people.merging.enums import Standing
from hr.people.merging.models import PersonMerge
from hr.people.models import Assignment, Person, PersonToken, Qualification, RankStep
from hr.people.paper_actions import add_qualification as record_paper
from hr.people.queries import background_of
from tests.conftest import TODAY
from tests.factories.people import paper, place, seed
from tests.hr.people.merging.conftest import FIRST, SECOND, hung, logged, the

NOTE = "Đã đối chiếu hai thẻ căn cước"


def merged(
    by: Any, two: tuple[str, str], *taken: str, stands: Standing = Standing.BOTH, **more: Any
) -> Person:
    """Merges the second into the first; each clash ends the same way."""
    kept, other = the(two[0]), the(two[1])
    standing = {clash.key: stands for clash in queries.clashes(kept, other)}
    values = {"taken": frozenset(taken), "standing": standing, "note": NOTE, **more}
    return actions.merge(by=by, kept=kept, other=other, **values)


def places(person: Person) -> list[tuple[str, date, date | None, bool]]:
    query = select(Assignment).where(Assignment.person_id == person.id).order_by(Assignment.starts_on)
    return [
        (row.post, row.starts_on, row.ends_on, row.annulled_at is not None)
        for row in db.session.scalars(query)
    ]


# --- the list -----------------------------------------------------------------------------------------
def test_two_of_one_name_born_one_day_are_a_possible_duplicate_and_nothing_more(two, by):
    (pair,) = queries.list_pairs(by, the(two[0]))

    assert {pair.one.uid, pair.other.uid} == set(two)
    assert [hit.uid for hit in people.search_people("nguyen van hung")] == sorted(
        two, key=lambda uid: the(uid).id
    )
    assert people.find_by_id_number(FIRST).uid == two[0]
    assert people.find_by_id_number(SECOND).uid == two[1]


def test_told_apart_they_leave_the_list_for_good_and_cannot_be_merged(two, by):
    actions.tell_apart(by=by, one=the(two[1]), other=the(two[0]), note=NOTE)

    assert queries.list_pairs(by, the(two[0])) == []
    assert {logged(uid).type for uid in two} == {AuditType.PEOPLE_TOLD_APART}
    with pytest.raises(Denied):
        merged(by, two)
    edit_person(by=by, person=the(two[0]), values={"birthplace": "Xã Mường Phăng"})
    assert queries.list_pairs(by, the(two[0])) == []


def test_the_mark_can_be_taken_back_with_a_note(two, by):
    actions.tell_apart(by=by, one=the(two[0]), other=the(two[1]), note=NOTE)

    actions.take_mark_back(by=by, one=the(two[0]), other=the(two[1]), note="Nhầm")

    assert len(queries.list_pairs(by, the(two[0]))) == 1
    with pytest.raises(Unprocessable):
        actions.take_mark_back(by=by, one=the(two[0]), other=the(two[1]), note="Nhầm")


# --- what becomes of two files ------------------------------------------------------------------------
def test_facts_are_taken_field_by_field(two, by):
    person = merged(by, two, "person.native_place", "background.religion")

    assert (person.native_place, person.birthplace) == ("Xã Mường Phăng", "Xã Búng Lao, tỉnh Điện Biên")
    row = background_of(person)
    assert (row.religion, row.ethnicity) == ("Công giáo", None)


def test_the_number_not_chosen_is_a_former_one_and_found_by_the_search(two, by):
    person = merged(by, two, "person.id_number")

    assert person.id_number == SECOND
    assert people.find_by_id_number(FIRST) is person
    assert people.find_by_id_number(SECOND) is person
    with pytest.raises(Unprocessable) as refused:
        create_person(by=by, seed=seed(id_number=FIRST, full_name="Lò Văn Khác", born_on=date(1985, 1, 1)))
    assert refused.value.link == person.uid


def test_a_roster_that_names_the_former_number_means_the_one_file(two, by):
    merged(by, two)

    held = held_people([FIRST, SECOND], TODAY)

    assert {number: one.uid for number, one in held.items()} == {FIRST: two[0], SECOND: two[0]}
    with pytest.raises(Unprocessable):
        load_register(
            by=by, people=[seed(id_number=SECOND, full_name="Lò Văn Khác", born_on=date(1985, 1, 1))]
        )


def test_the_history_of_both_is_kept(two, by):
    record_paper(by=by, person=the(two[1]), seed=paper("it", "certificate"))

    person = merged(by, two)

    assert places(person) == [
        ("Chuyên viên", date(2025, 7, 1), date(2026, 5, 3), False),
        ("Kế toán", date(2026, 5, 4), None, False),
    ]
    steps = select(RankStep.step).where(RankStep.person_id == person.id).order_by(RankStep.starts_on)
    assert db.session.scalars(steps).all() == [4, 5]
    papers = select(Qualification.level).where(Qualification.person_id == person.id)
    assert "certificate" in db.session.scalars(papers).all()


def test_the_second_file_is_gone_from_the_register_and_kept_whole(two, by):
    merged(by, two)

    assert db.session.scalar(select(Person).where(Person.uid == two[1])) is None
    assert [hit.uid for hit in people.search_people("nguyen van hung")] == [two[0]]
    row = db.session.scalars(select(PersonMerge)).one()
    assert (row.merged_uid, row.id_number, row.note) == (two[1], SECOND, NOTE)
    assert row.facts["native_place"] == "Xã Mường Phăng"
    assert queries.kept_for(two[1]) == two[0]


def test_the_log_tells_it_on_both_and_keeps_what_was_not_chosen(two, by):
    merged(by, two)

    kept, gone = logged(two[0]), logged(two[1])
    assert (kept.type, gone.type) == (AuditType.PERSON_MERGED, AuditType.PERSON_MERGED_AWAY)
    assert kept.reason == gone.reason == NOTE
    assert '"religion":["Công giáo",null]' in gone.values
    assert "religion" not in kept.values
    assert '"former_number":"0222"' in kept.values
    assert '"native_place":["Xã Mường Phăng",null]' in gone.values
    assert SECOND not in kept.values + gone.values


def test_another_name_is_carried_into_search_and_running_places(two, by):
    edit_person(by=by, person=the(two[1]), values={"full_name": "Nguyễn Văn Hùng Cường"})

    person = merged(by, two, "person.full_name")

    assert person.full_name == "Nguyễn Văn Hùng Cường"
    words = select(PersonToken.token).where(PersonToken.person_id == person.id)
    assert set(db.session.scalars(words)) == {"nguyen", "van", "hung", "cuong"}


def test_a_file_merged_twice_leads_to_the_last(two, by):
    third = hung("011085000333", ranks=(), assignments=(place(post="Thủ quỹ", starts_on=date(2026, 7, 1)),))
    merged(by, two)

    merged(by, (third.uid, two[0]))

    assert queries.kept_for(two[1]) == queries.kept_for(two[0]) == third.uid
    assert people.find_by_id_number(SECOND).uid == third.uid


def test_whoever_differs_from_the_second_differs_from_the_one_file(two, by):
    third = hung("011085000333", ranks=(), assignments=(place(post="Thủ quỹ", starts_on=date(2026, 7, 1)),))
    actions.tell_apart(by=by, one=the(two[1]), other=third, note=NOTE)

    merged(by, two)

    assert queries.list_pairs(by, third) == []


def test_the_dump_holds_the_former_number(two, by):
    merged(by, two)

    tables = {table: list(rows) for table, rows in dump()}
    assert tables["person_merge"] == [{"id_number": FIRST, "former_number": SECOND, "note": NOTE}]


def test_an_account_follows_and_two_accounts_are_refused(two, by):
    users = [
        db.session.scalars(select(User).where(User.username == name)).one() for name in ("staff_a", "staff_b")
    ]
    allowed = writing_allowed.set(True)
    users[0].person_id = the(two[1]).id
    db.session.commit()
    person = merged(by, two)
    assert users[0].person_id == person.id

    third = hung("011085000333", ranks=(), assignments=(place(post="Thủ quỹ", starts_on=date(2026, 7, 1)),))
    users[1].person_id = third.id
    db.session.commit()
    writing_allowed.reset(allowed)
    with pytest.raises(Unprocessable):
        merged(by, (person.uid, third.uid))


def test_a_line_of_a_decision_follows(two, by):
    decision = save_draft(
        by=by,
        seed=DecisionSeed(
            kind=DecisionKind.REWARD,
            office="Sở Nội vụ",
            effective_on=TODAY,
            lines=(LineSeed(person_id=the(two[1]).id, reason="Giấy khen"),),
        ),
    )

    person = merged(by, two)

    line = db.session.scalars(select(DecisionLine).where(DecisionLine.decision_id == decision.id)).one()
    assert line.person_id == person.id


# --- overlaps -----------------------------------------------------------------------------------------
def test_places_at_one_time_are_named_and_refused_until_one_is_chosen(two, by):
    kept, other = the(two[0]), the(two[1])
    (clash,) = [clash for clash in queries.clashes(kept, other) if isinstance(clash.kept, Assignment)]

    with pytest.raises(Unprocessable) as refused:
        actions.merge(by=by, kept=kept, other=other, taken=frozenset(), standing={}, note=NOTE)

    assert "Kế toán" in str(refused.value.message)
    assert refused.value.field == f"clash-{clash.key}"
    db.session.rollback()
    assert {places(the(uid))[0][2] for uid in two} == {None}
    assert the(two[1]).id_number == SECOND


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        (Standing.KEPT, [("Chuyên viên", None, False), ("Kế toán", None, True)]),
        (Standing.OTHER, [("Chuyên viên", None, True), ("Kế toán", None, False)]),
        (Standing.BOTH, [("Chuyên viên", date(2026, 5, 3), False), ("Kế toán", None, False)]),
    ],
)
def test_the_place_not_chosen_is_annulled_or_cut_short(two, by, stands, expected):
    person = merged(by, two, stands=stands)

    assert [(post, last, annulled) for post, _first, last, annulled in places(person)] == expected


def test_two_ranks_from_one_day_exclude_one_another(by):
    one, two = hung(FIRST), hung(SECOND, assignments=(place(post="Kế toán", starts_on=date(2026, 5, 4)),))
    ranks = [clash for clash in queries.clashes(one, two) if isinstance(clash.kept, RankStep)]

    assert len(ranks) == 1
    assert not ranks[0].can_both
    with pytest.raises(Unprocessable):
        merged(by, (one.uid, two.uid), stands=Standing.BOTH)


# --- who may, and what changed meanwhile --------------------------------------------------------------
@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "case_officer", "leader", "admin"])
def test_nobody_else_may(two, as_viewer, persona):
    with as_viewer("home_affairs"):
        kept, other = the(two[0]), the(two[1])
    with as_viewer(persona) as viewer, pytest.raises(Denied):
        actions.merge(by=viewer, kept=kept, other=other, taken=frozenset(), standing={}, note=NOTE)


def test_a_note_is_asked_for(two, by):
    with pytest.raises(Unprocessable):
        merged(by, two, note="  ")
    with pytest.raises(Unprocessable):
        actions.tell_apart(by=by, one=the(two[0]), other=the(two[1]), note="")


def test_one_file_is_no_pair(two, by):
    with pytest.raises(Unprocessable):
        actions.merge(by=by, kept=the(two[0]), other=the(two[0]), taken=frozenset(), standing={}, note=NOTE)


def test_a_change_of_either_file_meanwhile_is_a_conflict(two, by):
    versions = {"version": the(two[0]).version, "other_version": the(two[1]).version}
    edit_person(by=by, person=the(two[1]), values={"birthplace": "Xã Mường Phăng"})

    with pytest.raises(Conflict):
        merged(by, two, **versions)


@pytest.mark.slow
def test_two_merges_at_once_end_in_one(two, app):
    answers: list[str] = []

    def run(pair: tuple[str, str]) -> None:
        by = system_viewer("somebody", TODAY)
        with app.app_context(), bind_viewer(by):
            try:
                merged(by, pair)
                answers.append("merged")
            except (Conflict, Missing, Unprocessable):
                answers.append("refused")

    threads = [threading.Thread(target=run, args=(pair,)) for pair in (two, two[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answers) == ["merged", "refused"]
    with app.app_context(), bind_viewer(system_viewer("look", TODAY)):
        assert len(db.session.scalars(select(PersonMerge)).all()) == 1
