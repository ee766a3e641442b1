"""What was asked, said and decided about files goes along: letters, proposed changes, confirmed rosters,
merged files, decisions in every state. What came in can be gone on with as where it came from."""

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from accounts.models import User
from core.clock import quarter_of
from core.db import db
from core.errors import Denied
from core.files import path_of
from core.scope import bind_viewer, system_viewer
from hr.decisions.issuing import actions as decisions
from hr.decisions.issuing import effects
from hr.decisions.issuing.enums import DecisionKind, DecisionState
from hr.decisions.issuing.models import Decision, DecisionEffect
from hr.decisions.issuing.queries import find_decision
from hr.decisions.issuing.seeds import LeftOut, SignatureSeed
from hr.people.confirmations.actions import confirm
from hr.people.confirmations.enums import Verdict
from hr.people.confirmations.queries import units_to_confirm
from hr.people.confirmations.rules import Word
from hr.people.enums import QualificationKind, ServiceStatus
from hr.people.exchange import queries
from hr.people.exchange.actions import enter, export_files, prepare
from hr.people.exchange.reading import read_package
from hr.people.letters import actions as letters
from hr.people.letters.enums import Reply
from hr.people.merging.actions import merge, tell_apart
from hr.people.merging.enums import Standing
from hr.people.merging.models import PersonMerge
from hr.people.merging.queries import clashes
from hr.people.models import Qualification
from hr.people.proposals import actions as proposals
from hr.people.proposals.enums import LineState, Part
from hr.people.proposals.models import Proposal
from hr.people.proposals.queries import lines_of
from hr.people.proposals.rules import Answer
from hr.people.seeds import QualificationSeed
from tests.cast import user_of, viewer_of
from tests.conftest import TODAY
from tests.factories import people
from tests.hr.decisions.issuing.conftest import seed, unit_id
from tests.hr.people.exchange.conftest import changed, column, rows_of
from tests.personas import BUNG_LAO, NA_SANG

pytestmark = pytest.mark.slow
KIND = DecisionKind


@pytest.fixture
def lively(full):
    """The full register with something of everything that was asked, said and decided."""
    with full.app_context():
        with bind_viewer(officer := viewer_of("home_affairs")):
            _decide(officer)
            _write_letters(officer)
        with bind_viewer(staff := viewer_of("staff_a")):
            _propose(staff)
        with bind_viewer(chair := viewer_of("chair_a")):
            _confirm(chair)
        with bind_viewer(officer):
            (first, *_rest) = db.session.scalars(select(Proposal).order_by(Proposal.id))
            line = lines_of(first)[0].uid
            no = Answer(LineState.REFUSED, "Giấy khai sinh ghi khác")
            proposals.answer(by=officer, proposal=first, answers={line: no})
            one, other, third = (people.person(key) for key in ("tam", "mai", "lan"))
            stands = {clash.key: Standing.KEPT for clash in clashes(one, other)}
            merge(by=officer, kept=one, other=other, taken=frozenset(), standing=stands, note="một người")
            tell_apart(by=officer, one=third, other=one, note="hai thẻ căn cước")
        db.session.remove()
    return full


def _decide(officer):
    """One decision of each state; those issued make places, ranks and ends of service."""
    colleague = replace(officer, user_id=user_of("case_officer").id)
    left = {"left_out": (LeftOut(text="Lò Thị Không", message="Nobody has this name"),)}
    cases = [
        (KIND.TRANSFER, "hue", {"unit_id": unit_id(NA_SANG)}, DecisionState.ISSUED),
        (
            KIND.APPOINTMENT,
            "on",
            {"post": "Phó Trưởng phòng", "unit_id": unit_id(BUNG_LAO)},
            DecisionState.ISSUED,
        ),
        (KIND.PAY_STEP, "an", {}, DecisionState.ISSUED),
        (KIND.LEAVING, "dua", {"status": ServiceStatus.LEFT, "reason": "nguyện vọng"}, DecisionState.ISSUED),
        (KIND.REWARD, "an", {"reason": "Giấy khen"}, DecisionState.REVOKED),
        (KIND.CONCURRENT, "binh", {"post": "Giám đốc Trung tâm"}, DecisionState.SUBMITTED),
        (KIND.REWARD, "binh", {"reason": "Bằng khen"}, DecisionState.DRAFT),
    ]
    for number, (kind, key, details, state) in enumerate(cases, 1):
        signed = SignatureSeed(reference=f"{number}/QĐ-UBND", signed_on=date(2026, 6, 26), signer="Lê Văn Đô")
        draft = replace(seed(kind, key, signed=signed, **details), **left)
        row = decisions.save_draft(by=colleague, seed=draft)
        if state is DecisionState.DRAFT:
            continue
        decisions.check(by=officer, decision=row)
        row = decisions.submit(by=colleague, decision=row)
        if state is DecisionState.SUBMITTED:
            continue
        mark = effects.mark(decisions.plan_of(row, officer.today))
        row = decisions.issue(by=officer, decision=row, signature=signed, mark=mark)
        if state is DecisionState.REVOKED:
            decisions.revoke(by=officer, decision=row, reason="trùng")


def _write_letters(officer):
    """One that was answered, one that waits."""
    papers = db.session.scalars(select(Qualification.uid).where(Qualification.serial.is_not(None))).all()
    valid = select(Qualification.uid).where(
        Qualification.annulled_at.is_(None), Qualification.uid.in_(papers)
    )
    one, other = db.session.scalars(valid.order_by(Qualification.id)).all()[:2]
    letter = letters.write(by=officer, papers=[one], issuer="Trường Đại học Tây Bắc")
    letter = letters.send(by=officer, letter=letter, number="12/SNV-CC", sent_on=date(2026, 5, 4))
    replies = {"number": "7/ĐHTB", "answered_on": date(2026, 5, 20), "replies": {one: Reply.CONFIRMED}}
    letters.answer(by=officer, letter=letter, note="còn sổ gốc", **replies)
    letters.write(by=officer, papers=[other], issuer="Trường Đại học Tây Bắc")


def _propose(staff):
    """Facts, a qualification and a place of which only the mark of the unit tells where."""
    person = people.person("an")
    facts = {"part": Part.FACTS, "values": {"birthplace": "Bản Bó", "other_name": "Lò An"}}
    proposals.propose_facts(by=staff, person=person, reason="giấy khai sinh", **facts)
    claim = QualificationSeed(kind=QualificationKind.FOREIGN_LANGUAGE, level="certificate", awarded_year=2024)
    proposals.propose_qualification(by=staff, person=person, seed=claim, reason="bằng mới")
    place = people.place(division="2", starts_on=date(2026, 7, 1))
    proposals.propose_place(by=staff, person=people.person("sua"), seed=place, reason="luân chuyển")


def _confirm(chair):
    """Twice about one person: the first word is annulled."""
    unit = next(unit for unit in units_to_confirm(chair) if unit.code == BUNG_LAO)
    sent = {"unit": unit, "quarter": quarter_of(chair.today)}
    an = people.person("an").uid
    confirm(by=chair, words={an: Word(Verdict.NOT_CORRECT, "sai chức danh")}, **sent)
    confirm(by=chair, words={an: Word(Verdict.CORRECT)}, rest=True, **sent)


def _heads():
    """What a decision is besides its effects, by its mark."""
    names = (
        "uid kind state office_key reference_key year left_out drafted_by_id checked_at checked_by_id "
        "submitted_at issued_at issued_by_id revoked_at note"
    ).split()
    query = select(*(getattr(Decision, name) for name in names)).order_by(Decision.uid)
    return [tuple(map(str, row)) for row in db.session.execute(query)]


@pytest.fixture
def within(app):
    """`within(ask)`: what `ask(by)` answers for the whole province."""

    def call(ask, by=None):
        with app.app_context(), bind_viewer(by or system_viewer("tests", TODAY)):
            answer = ask(by or system_viewer("tests", TODAY))
            db.session.remove()
            return answer

    return call


def test_everything_that_was_asked_said_and_decided_comes_back(lively, out, emptied, into, dumped, within):
    before, heads = dumped(), within(lambda _by: _heads())
    file = out()
    emptied()
    assert rows_of(dumped(), "decision") == []

    into(file)

    assert dumped() == before
    assert {row["table"] for row in map(json.loads, before)} >= {
        "decision", "decision_line", "decision_effect", "issuer_letter", "proposal_line", "roster_line",
        "person_merge", "different_people",
    }  # fmt: skip
    # Drafts and what was revoked are no part of the dump: they come along all the same.
    assert len(heads) == 7
    assert within(lambda _by: _heads()) == heads


def test_revoking_what_came_in_lifts_what_revoking_it_there_lifts(lively, out, emptied, into, dumped, within):
    file = out()
    there = _revoke_all(within, dumped)
    emptied()
    into(file)

    assert _revoke_all(within, dumped) == there


def _revoke_all(within, dumped):
    """The dump after each revocation of an issued decision, by number."""
    issued = select(Decision.uid).where(Decision.state == DecisionState.ISSUED).order_by(Decision.reference)
    dumps = [dumped()]
    for uid in within(lambda _by: db.session.scalars(issued).all()):
        within(lambda by, uid=uid: decisions.revoke(by=by, decision=find_decision(uid), reason="Thu hồi"))
        dumps.append(dumped())
    assert len(dumps) == 5
    assert all(one != other for one, other in pairwise(dumps))
    return dumps


def test_who_takes_a_draft_in_does_not_check_it(lively, out, emptied, within):
    file = out()
    emptied()

    def take(by):
        prepared = prepare(read_package(by, file), file)
        db.session.rollback()
        enter(by=by, prepared=prepared)
        draft = db.session.scalars(select(Decision).where(Decision.state == DecisionState.DRAFT)).one()
        decisions.check(by=by, decision=draft)

    with lively.app_context():
        officer = viewer_of("home_affairs")
    with pytest.raises(Denied, match="second person"):
        within(take, officer)


def test_accounts_go_by_their_sign_in_name_and_strangers_are_told(
    lively, out, emptied, checked, into, dumped, within
):
    before = dumped()
    file = out()
    emptied()
    with lively.app_context():
        name = user_of("home_affairs").username
        db.session.remove()
        with db.engine.begin() as connection:
            table = User.__table__
            connection.execute(update(table).where(table.c.username == name).values(username="nguoi-khac"))

    (note,) = checked(file).notes
    into(file)

    assert "sign-in names" in note["message"]
    assert note["params"]["names"] == name
    assert dumped() == before  # no line of the dump names an account
    issued = select(Decision.issued_by_id, Decision.drafted_by_id).where(
        Decision.state == DecisionState.ISSUED
    )
    rows = within(lambda _by: db.session.execute(issued).all())
    assert {row.issued_by_id for row in rows} == {None}
    assert None not in {row.drafted_by_id for row in rows}


def test_a_paper_missing_on_disk_is_named_and_its_row_comes_without(
    lively, out, emptied, checked, into, dumped
):
    before = dumped()
    (lost, *_others) = rows_of(before, "document")
    with lively.app_context():
        path_of(lost["sha256"]).unlink()
        with bind_viewer(by := system_viewer("tests", TODAY)):
            made = export_files(by=by, people=queries.everybody(), described={}, purpose="thử")
            made.stream.close()
            db.session.remove()
    assert len(made.missing) == 1

    file = out()
    emptied()
    reading = checked(file)

    assert reading.problems == []
    (note,) = reading.notes
    names = {row["name"] for row in rows_of(before, "document") if row["sha256"] == lost["sha256"]}
    assert note["params"]["names"] in names
    into(file)
    assert dumped() == before


def test_facts_of_a_merged_file_go_without_keys_inside(lively, out, emptied, into, within):
    before = within(lambda _by: db.session.scalars(select(PersonMerge.facts)).one())
    file = out()
    emptied()
    into(file)

    after = within(lambda _by: db.session.scalars(select(PersonMerge.facts)).one())
    assert "id" in before
    assert after == {name: value for name, value in before.items() if name != "id"}


def test_a_list_takes_only_decisions_all_of_whose_people_it_has(lively, within, tmp_path):
    target = tmp_path / "two.zip"

    def write(by):
        colleague = viewer_of("home_affairs")
        decisions.save_draft(by=colleague, seed=seed(KIND.REWARD, "an", "hue", reason="Giấy khen"))
        one = queries.everybody().where(queries.Person.id_number == people.NUMBERS["an"])
        with export_files(by=by, people=one, described={}, purpose="một người").stream as written:
            target.write_bytes(written.read())
        return read_package(by, target).rows

    rows = within(write)
    assert {row.values["kind"] for row in rows["decision"].values()} == {KIND.PAY_STEP, KIND.REWARD}
    assert len(rows["decision_line"]) == 2
    assert len(rows["decision_effect"]) == 2  # a rank and a reward


# --- wrong cells ------------------------------------------------------------------------------------------
NOBODY = "The sheet person has nobody with this number: add the person there"
NUMBER = "Enter number and symbol as the office gave them, for example 2446/QĐ-UBND"
DIGITS = "The personal identification number has 12 digits; this one has 2"
JSON = "This is no JSON: copy the cell from the export again"
CELLS = [
    ("decision", "state", "signed", "Choose one of the list"),
    ("decision", "reference", "2446", NUMBER),
    ("decision", "reference", None, "Enter the decision number"),
    ("decision", "issued_at", None, "This moment does not go with the state"),
    ("decision", "left_out", "[{]", JSON),
    ("decision", "left_out", '[{"text":"x"}]', JSON),
    ("decision", "left_out", '[{"text":"x","message":"x","params":{},"candidates":[{"uid":"x"}]}]', JSON),
    ("decision_line", "remarks", '[{"message":"%(x)s","params":{}}]', JSON),
    ("decision_line", "id_number", "011084999999", NOBODY),
    ("decision_line", "decision", "a" * 26, "The sheet decision has no row with this mark"),
    ("decision_effect", "effect", "service_ended", "An effect is on one assignment, one rank or one reward"),
    ("decision_effect", "after", '{"ends_on":"soon"}', JSON),
    ("decision_effect", "after", '{"post":"x"}', JSON),
    ("issuer_letter", "sent_on", None, "A letter that was sent has a number and a day"),
    ("issuer_letter", "answered_on", "01/01/2026", "The reply cannot be older than the letter"),
    ("issuer_letter_paper", "reply", "perhaps", "Choose one of the list"),
    ("proposal_line", "name", "salary", "This part of the file has no such field"),
    ("proposal_line", "answer", None, "Enter why a line is refused"),
    ("proposal_line", "state", "sent", "A line that was answered says when, and no other"),
    ("roster_line", "quarter", "2026-Q5", "Write the quarter as in 2026-Q3"),
    ("roster_line", "note", None, "Enter what is not correct, in each line that is not"),
    ("person_merge", "former_number", "12", DIGITS),
    ("different_people", "other", "011084999999", NOBODY),
]  # fmt: skip


def test_each_wrong_cell_is_told_with_its_place_and_nothing_is_written(lively, out, emptied, checked, dumped):
    """One export for all of them: each cell is spoilt in a file of its own."""
    whole = out()
    emptied()
    for sheet, code, value, told in CELLS:
        place = {}

        def spoil(page, code=code, value=value, place=place):
            place["column"] = page.cell(2, column(page, code)).column_letter
            cell = page.cell(3, column(page, code))
            cell.value, cell.number_format = value, "General"

        found = checked(changed(whole, sheet, spoil))
        first = next(item for item in found.problems if item["sheet"] == sheet)
        got = (sheet, code, first["row"], first["column"], first["params"]["text"]["en"])
        assert got == (sheet, code, 3, place["column"], told)
    assert rows_of(dumped(), "person") == []


def test_a_decision_the_register_has_already_is_named(lively, out, emptied, checked, within):
    file = out()
    emptied()
    own = "Ủy ban nhân dân tỉnh Điện Biên"
    signed = {
        "reference": "1/QĐ-UBND",
        "reference_key": "1/qd-ubnd",
        "signed_on": date(2026, 6, 26),
        "year": 2026,
    }

    def record(_by):
        with db.engine.begin() as connection:
            row = {
                "kind": KIND.REWARD,
                "office": own,
                "office_key": "uy ban nhan dan tinh dien bien",
                **signed,
            }
            values = {**row, "uid": "a" * 26, "effective_on": date(2026, 7, 1)}
            connection.execute(Decision.__table__.insert().values(values).execution_options(unscoped=True))

    within(record)

    told = [item["params"]["text"]["en"] for item in checked(file).problems]
    assert told == ["The register has a decision of this office, number, symbol and year already"]


def test_effects_point_at_the_rows_they_made(lively, out, emptied, into, within):
    file = out()
    emptied()
    into(file)

    effects_left = within(lambda _by: db.session.scalars(select(DecisionEffect)).all())
    assert effects_left
    assert all(
        one.assignment_id or one.rank_step_id or one.reward_id or "status" in one.after
        for one in effects_left
    )
    assert {one.reward_id is not None for one in effects_left} == {True, False}
