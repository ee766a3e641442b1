"""Letters to issuers: written for a point or a paper, sent, answered, withdrawn."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.db import db
from core.drafts import find_draft
from core.errors import Denied, Missing, Overtaken, Unprocessable
from core.permissions import Permission
from hr.people.checks import queries as checks
from hr.people.checks.enums import CheckState
from hr.people.enums import ProofState
from hr.people.letters import actions, queries
from hr.people.letters.enums import LetterState, Reply
from hr.people.letters.models import IssuerLetter
from hr.people.models import Qualification
from hr.people.paper_actions import edit_qualification
from hr.people.seeds import QualificationSeed
from tests.client import form_values, parse
from tests.conftest import without
from tests.factories import people

LIST = "/letters-to-issuers"
SENT, ANSWERED = date(2026, 7, 1), date(2026, 7, 10)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def pair(add):
    """One serial number on An of commune A and Po of commune B."""
    return add("an", serial="B 12345"), add("po", serial="b12345")


def written(viewer, papers):
    """A letter for the point that the two papers give."""
    (point,) = checks.points(viewer)
    return actions.write(by=viewer, papers=papers, issuer="Trường Cao đẳng Sơn La", point=point)


def sent(viewer, papers):
    letter = written(viewer, papers)
    return actions.send(by=viewer, letter=letter, number="15/SNV-CCVC", sent_on=SENT)


def answered(viewer, letter, papers, *replies):
    return actions.answer(
        by=viewer,
        letter=letter,
        number="7/XN",
        answered_on=ANSWERED,
        replies=dict(zip(papers, replies, strict=True)),
    )


def proof(uid):
    return db.session.scalars(select(Qualification).where(Qualification.uid == uid)).one().proof_state


def test_a_point_with_a_letter_waits_and_no_longer_counts_as_open(pair, as_viewer, logged):
    with as_viewer("home_affairs") as viewer:
        letter = written(viewer, pair)
        (point,) = checks.points(viewer)

        assert (point.state, point.letter) == (CheckState.LETTER, letter.uid)
        assert checks.count_open(viewer) == 0
        assert letter.state is LetterState.DRAFTED
    assert len(logged(AuditType.LETTER_WRITTEN)) == 1


def test_a_reply_sets_the_proof_of_each_paper_and_settles_the_point(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        letter = answered(viewer, sent(viewer, pair), pair, Reply.CONFIRMED, Reply.DENIED)
        (point,) = checks.points(viewer)

        assert letter.state is LetterState.ANSWERED
        assert [proof(uid) for uid in pair] == [ProofState.ISSUER_CONFIRMED, ProofState.ISSUER_DENIES]
        assert point.state is CheckState.SETTLED
        assert point.settlement.note == "Trường Cao đẳng Sơn La: 7/XN, 10/07/2026"


def test_an_issuer_that_cannot_tell_changes_no_proof(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        answered(viewer, sent(viewer, pair), pair, Reply.NO_RECORD, Reply.NO_RECORD)

        assert [proof(uid) for uid in pair] == [ProofState.CLAIMED, ProofState.CLAIMED]


def test_a_reply_about_papers_that_changed_meanwhile_leaves_the_point_open(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        letter = sent(viewer, pair)
        po = people.person("po")
        row = db.session.scalars(select(Qualification).where(Qualification.uid == pair[1])).one()
        seed = QualificationSeed(
            kind=row.kind, level="university", issuer="Trường Cao đẳng Sơn La", serial="B12345"
        )
        edit_qualification(by=viewer, person=po, qualification=row, seed=seed)
        answered(viewer, letter, pair, Reply.CONFIRMED, Reply.NO_RECORD)
        (point,) = checks.points(viewer)

        assert point.state is CheckState.OPEN


def test_a_withdrawn_letter_opens_the_point_again_and_keeps_its_reason(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        letter = actions.withdraw(by=viewer, letter=written(viewer, pair), reason=" đã xem bản gốc ")
        (point,) = checks.points(viewer)

        assert (letter.state, letter.withdrawn_reason) == (LetterState.WITHDRAWN, "đã xem bản gốc")
        assert point.state is CheckState.OPEN
        assert actions.write(by=viewer, papers=pair, issuer="Trường", point=point).uid != letter.uid


def test_one_letter_at_a_time_asks_about_a_paper(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        written(viewer, pair)
        with pytest.raises(Unprocessable):
            actions.write(by=viewer, papers=[pair[0]], issuer="Trường")


@pytest.mark.parametrize(
    ("step", "raises"),
    [
        (
            lambda by, letter, papers: answered(by, letter, papers, Reply.CONFIRMED, Reply.CONFIRMED),
            Overtaken,
        ),
        (lambda by, letter, _p: actions.withdraw(by=by, letter=letter, reason=" "), Unprocessable),
        (
            lambda by, letter, _p: actions.send(by=by, letter=letter, number=" ", sent_on=SENT),
            Unprocessable,
        ),
        (
            lambda by, letter, _p: actions.send(by=by, letter=letter, number="1", sent_on=date(2027, 1, 1)),
            Unprocessable,
        ),
    ],
)
def test_what_a_letter_that_was_not_sent_does_not_take(pair, as_viewer, step, raises):
    with as_viewer("home_affairs") as viewer:
        letter = written(viewer, pair)
        with pytest.raises(raises):
            step(viewer, letter, pair)


def test_a_reply_is_not_older_than_its_letter_and_says_something_of_each_paper(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        letter = sent(viewer, pair)
        details = {"by": viewer, "letter": letter, "number": "7/XN"}
        replies = dict.fromkeys(pair, Reply.CONFIRMED)
        with pytest.raises(Unprocessable):
            actions.answer(**details, answered_on=date(2026, 6, 30), replies=replies)
        with pytest.raises(Unprocessable):
            actions.answer(**details, answered_on=ANSWERED, replies={pair[0]: Reply.CONFIRMED})


def test_an_answered_letter_stays(pair, as_viewer):
    with as_viewer("home_affairs") as viewer:
        letter = answered(viewer, sent(viewer, pair), pair, Reply.CONFIRMED, Reply.CONFIRMED)
        with pytest.raises(Overtaken):
            actions.withdraw(by=viewer, letter=letter, reason="nhầm")
        with pytest.raises(Overtaken):
            actions.send(by=viewer, letter=letter, number="2", sent_on=SENT)


@pytest.mark.parametrize("persona", ["chair_a", "staff_a", "case_officer", "leader", "admin"])
def test_nobody_else_sees_a_letter(pair, as_viewer, persona):
    with as_viewer("home_affairs") as viewer:
        letter = written(viewer, pair)
    with as_viewer(persona) as viewer:
        assert db.session.scalars(select(IssuerLetter)).all() == []
        with pytest.raises(Missing):
            queries.find_letter(letter.uid)
        with pytest.raises(Denied):
            actions.write(by=viewer, papers=[pair[0]], issuer="Trường")


def test_writing_asks_for_the_right_to_check(pair, as_viewer):
    with as_viewer("home_affairs") as viewer, pytest.raises(Denied):
        actions.write(by=without(viewer, Permission.QUALIFICATION_CHECK), papers=pair, issuer="Trường")


def send_form(client, address, **values):
    page = client.get(address).get_data(as_text=True)
    return client.post(address, data={**form_values(page), **values}, content_type="multipart/form-data")


def test_the_whole_way_over_the_pages(pair, as_viewer, client_as):
    client = client_as("home_affairs")
    with as_viewer("home_affairs") as viewer:
        (point,) = checks.points(viewer)
    assert f"{LIST}/new/{point.uid}" in client.get(f"/points-to-check/{point.uid}").get_data(as_text=True)

    address = send_form(client, f"{LIST}/new/{point.uid}").headers["Location"]
    assert address.startswith(f"{LIST}/")
    shown = client.get(address).get_data(as_text=True)
    assert "Lò Văn An" in shown
    assert "Vàng A Pó" in shown
    assert address in client.get(f"/points-to-check/{point.uid}").get_data(as_text=True)
    assert send_form(client, f"{address}/sent", number="15/SNV", sent_on="01/07/2026").status_code == 303
    assert client.get(f"{address}/withdrawal").status_code == 200
    replies = {f"paper_{pair[0]}": "confirmed", f"paper_{pair[1]}": "no_record"}
    answer = {"answer_number": "7/XN", "answered_on": "10/07/2026", "file": (BytesIO(PDF), "trả lời.pdf")}
    assert send_form(client, f"{address}/reply", **replies, **answer).status_code == 303

    with client.get(f"{address}/reply/scan") as scan:
        assert scan.mimetype == "application/pdf"
    assert client.get(f"{address}/withdrawal").status_code == 409
    listed = client.get(f"{LIST}?state=answered").get_data(as_text=True)
    assert address in listed
    assert address not in client.get(LIST).get_data(as_text=True)


def test_the_word_letter_names_the_papers_and_no_id_number(pair, as_viewer, client_as):
    with as_viewer("home_affairs") as viewer:
        letter = sent(viewer, pair)
        numbers = [people.person(key).id_number for key in ("an", "po")]

    answer = client_as("home_affairs").get(f"{LIST}/{letter.uid}/word")

    with ZipFile(BytesIO(answer.data)) as archive:
        text = archive.read("word/document.xml").decode()
    for told in ("15/SNV-CCVC", "ngày 01 tháng 7 năm 2026", "Lò Văn An", "Vàng A Pó", "B 12345", "b12345"):
        assert told in text
    assert not any(number in text for number in numbers)


def test_a_reply_with_gaps_is_refused_at_its_fields(pair, as_viewer, client_as):
    with as_viewer("home_affairs") as viewer:
        address = f"{LIST}/{sent(viewer, pair).uid}/reply"

    answer = send_form(client_as("home_affairs"), address, answer_number="7/XN")

    assert answer.status_code == 422
    root = parse(answer.get_data(as_text=True))
    assert root.find(".//*[@id='answered_on-error']") is not None
    assert root.find(f".//*[@id='paper_{pair[0]}-error']") is not None
    assert form_values(answer.get_data(as_text=True))["answer_number"] == "7/XN"


def test_a_letter_somebody_changed_meanwhile_is_shown_before_it_is_overwritten(pair, as_viewer, client_as):
    client = client_as("home_affairs")
    with as_viewer("home_affairs") as viewer:
        letter = written(viewer, pair)
        address = f"{LIST}/{letter.uid}/withdrawal"
    values = form_values(client.get(address).get_data(as_text=True))
    with as_viewer("home_affairs") as viewer:
        actions.send(by=viewer, letter=queries.find_letter(letter.uid), number="15/SNV", sent_on=SENT)

    answer = client.post(address, data={**values, "reason": "nhầm"})

    assert answer.status_code == 409
    assert form_values(answer.get_data(as_text=True))["reason"] == "nhầm"


def test_what_is_typed_into_a_new_letter_is_kept_for_this_paper_alone(pair, client_as):
    client = client_as("home_affairs")
    address, other = (f"{LIST}/new/{uid}" for uid in pair)
    keep_draft(client, address, issuer="Trường Cao đẳng Sơn La, phòng Đào tạo")

    assert 'href="?draft=1"' in client.get(address).get_data(as_text=True)
    assert client.form(f"{address}?draft=1")["issuer"] == "Trường Cao đẳng Sơn La, phòng Đào tạo"
    assert 'href="?draft=1"' not in client.get(other).get_data(as_text=True)


def test_a_reply_typed_halfway_is_kept_until_it_is_recorded(pair, as_viewer, client_as):
    client = client_as("home_affairs")
    with as_viewer("home_affairs") as viewer:
        address = f"{LIST}/{sent(viewer, pair).uid}/reply"
    replies = {f"paper_{uid}": "denied" for uid in pair}
    keep_draft(client, address, answer_number="7/XN", **replies)

    filled = client.get(f"{address}?draft=1").get_data(as_text=True)
    values = form_values(filled)
    assert [values[name] for name in ("answer_number", *replies)] == ["7/XN", "denied", "denied"]
    sending = {**values, "answered_on": "10/07/2026"}
    assert client.post(address, data=sending, content_type="multipart/form-data").status_code == 303
    with as_viewer("home_affairs") as viewer:
        assert [proof(uid) for uid in pair] == [ProofState.ISSUER_DENIES] * 2
        assert find_draft(viewer, address) is None


def keep_draft(client, address, **values):
    """What the page's script sends while somebody types."""
    told = client.post(f"/drafts?place={address}", data={**client.form(address), **values})
    assert told.status_code == 200


def test_lists_without_letters_say_so_and_unknown_states_are_absent(client_as):
    client = client_as("home_affairs")

    assert "Không có công văn nào ở trạng thái này" in client.get(LIST).get_data(as_text=True)
    assert client.get(f"{LIST}?state=nothing").status_code == 404
    assert client.get(f"{LIST}/new/{'a' * 26}").status_code == 404


def test_the_list_costs_the_same_for_any_number_of_letters(add, as_viewer, client_as, count_statements):
    client = client_as("home_affairs")
    client.get(LIST)
    told = []
    for number in (1, 3):
        with as_viewer("home_affairs") as viewer:
            for turn in range(number):
                paper = add("an", serial=f"N {number}{turn}")
                actions.write(by=viewer, papers=[paper], issuer="Trường")
        with count_statements() as found:
            client.get(LIST)
        told.append(len(found))
    assert told[0] == told[1]
    assert told[1] <= 8


def test_a_letter_sent_twice_tells_the_second_what_was_recorded(pair, as_viewer, client_as):
    client = client_as("home_affairs")
    with as_viewer("home_affairs") as viewer:
        address = f"{LIST}/{written(viewer, pair).uid}/sent"
    first, second = client.form(address), client.form(address)
    client.post(address, data={**first, "number": "15/SNV", "sent_on": "01/07/2026"})

    late = client.post(address, data={**second, "number": "99/SNV", "sent_on": "02/07/2026"})

    assert late.status_code == 409
    shown = late.get_data(as_text=True)
    assert "15/SNV" in shown
    assert "99/SNV" in shown
