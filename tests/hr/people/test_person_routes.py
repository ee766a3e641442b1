"""The page of a person: what each role sees of it, the log of reading, its papers and its changes."""

from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest

from core.audit import AuditType
from core.files import EVIDENCE, path_of, store
from core.ids import new_uid
from hr.people import evidence
from hr.people.enums import QualificationKind
from hr.people.queries import qualifications_of, ranks_of
from hr.people.seeds import QualificationSeed
from tests.client import parse
from tests.factories import people

HTMX = {"HX-Request": "true"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def paper(as_viewer):
    """The uid of a PDF that hangs on a qualification of An."""

    def attach(key="an"):
        with as_viewer("home_affairs") as viewer:
            person = people.person(key)
            row = evidence.add_qualification(
                by=viewer,
                person=person,
                seed=QualificationSeed(kind=QualificationKind.IT, level="certificate"),
                stored=store(BytesIO(PDF), name="chứng chỉ.pdf", kinds=EVIDENCE),
            )
            (document,) = [paper.document for paper in qualifications_of(person) if paper.document]
            assert row.document_id == document.id
            return document.uid

    return attach


def test_page_of_a_person_shows_the_file(client_as, uid):
    body = client_as("home_affairs").get(f"/people/{uid('an')}").get_data(as_text=True)

    for words in ("Lò Văn An", "Chủ tịch UBND xã", "Xã Búng Lao", people.NUMBERS["an"], "12/05/1984", "Luật",
                  "Phó Bí thư Đảng ủy", "03/02/2009", "Phó Chủ tịch UBND xã", "3.33"):  # fmt: skip
        assert words in body or words.replace(".", ",") in body


def test_chair_reads_neither_background_nor_the_whole_number(client_as, uid):
    body = client_as("chair_a").get(f"/people/{uid('an')}").get_data(as_text=True)

    assert "Chủ tịch UBND xã" in body
    assert "0001" in body
    for words in (
        people.NUMBERS["an"],
        "Phó Bí thư",
        "03/02/2009",
        'id="background"',
        'id="openings"',
        "/edit",
        "/move",
    ):
        assert words not in body


def test_hidden_and_absent_people_answer_alike(client_as, uid):
    client = client_as("chair_a")

    hidden, absent = client.get(f"/people/{uid('po')}"), client.get(f"/people/{new_uid()}")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.data == absent.data


def test_person_lent_to_a_commune_is_open_to_both_chairs(client_as, uid):
    lan = uid("lan")

    assert client_as("chair_a").get(f"/people/{lan}").status_code == 200
    assert client_as("chair_b").get(f"/people/{lan}").status_code == 200


def test_who_has_left_is_open_to_home_affairs_only(client_as, uid):
    dung = uid("dung")

    assert "28/02/2022" in client_as("home_affairs").get(f"/people/{dung}").get_data(as_text=True)
    assert client_as("chair_a").get(f"/people/{dung}").status_code == 404


def test_opening_a_file_is_logged_once_in_ten_minutes(client_as, uid, logged):
    client, an = client_as("chair_a"), uid("an")

    client.get(f"/people/{an}")
    client.get(f"/people/{an}")
    client.get(f"/people/{uid('hue')}")

    opened = [(event.subject_uid, event.actor_name) for event in logged(AuditType.PERSON_OPENED)]
    assert opened == [(an, "Lường Văn Thắng"), (uid("hue"), "Lường Văn Thắng")]


def test_home_affairs_sees_who_opened_the_file(client_as, uid):
    an = uid("an")
    client_as("chair_a").get(f"/people/{an}")

    body = client_as("home_affairs").get(f"/people/{an}").get_data(as_text=True)

    assert "Lường Văn Thắng" in body


def test_timeline_is_filtered_by_kind_and_swapped_alone(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")

    body = client.get(f"/people/{an}?kind=assignment", headers=HTMX).get_data(as_text=True)

    assert body.lstrip().startswith('<div id="events">')
    rows = parse(body).findall(".//ol/li")
    assert [row.find(".//time").get("datetime") for row in rows] == ["2025-07-01", "2015-03-01"]
    assert client.get(f"/people/{an}?kind=nonsense").status_code == 200


def test_page_of_a_person_costs_few_statements(client_as, uid, count_statements):
    client, an = client_as("home_affairs"), uid("an")

    with count_statements() as sent:
        client.get(f"/people/{an}")

    assert len(sent) <= 16


# --- papers ---------------------------------------------------------------------------------------------
def test_evidence_is_sent_as_an_attachment_and_logged(client_as, uid, paper, logged):
    document = paper()

    response = client_as("chair_a").get(f"/people/{uid('an')}/documents/{document}")

    assert response.status_code == 200
    assert response.data == PDF
    assert response.headers["Content-Disposition"].startswith("attachment")
    (event,) = logged(AuditType.DOCUMENT_OPENED)
    assert (event.subject_uid, event.actor_name) == (document, "Lường Văn Thắng")


def test_evidence_that_is_not_in_the_store_is_told_in_words_to_who_may_have_it(client_as, uid, paper, app):
    document, an = paper(), uid("an")
    with app.app_context():
        path_of(sha256(PDF).hexdigest()).unlink()

    answer = client_as("chair_a").get(f"/people/{an}/documents/{document}")

    assert answer.status_code == 404
    assert "báo cho quản trị viên" in answer.get_data(as_text=True)
    other = client_as("chair_b")
    hidden, absent = (other.get(f"/people/{an}/documents/{one}") for one in (document, new_uid()))
    assert hidden.status_code == absent.status_code == 404
    assert hidden.data == absent.data


def test_evidence_opens_only_on_the_person_it_hangs_on(client_as, uid, paper):
    document = paper("po")

    assert client_as("home_affairs").get(f"/people/{uid('an')}/documents/{document}").status_code == 404
    assert client_as("chair_a").get(f"/people/{uid('po')}/documents/{document}").status_code == 404
    assert client_as("chair_a").get(f"/people/{uid('an')}/documents/{document}").status_code == 404
    assert client_as("leader").get(f"/people/{uid('po')}/documents/{document}").status_code == 403


# --- changes ------------------------------------------------------------------------------------------
def test_changes_tell_old_and_new_in_words(client_as, uid):
    client, an = client_as("home_affairs"), uid("an")
    client.send(f"/people/{an}/edit", {"birthplace": "Xã Ẳng Tở", "born_on": "13/05/1984"})
    client.send(f"/people/{an}/background", {"religion": "Phật giáo"})

    cells = [
        "".join(c.itertext())
        for c in parse(client.get(f"/people/{an}/changes").get_data(as_text=True)).iter("td")
    ]

    told = " ".join(" ".join(cells).split())
    for words in ("12/05/1984 → 13/05/1984", "Xã Búng Lao, tỉnh Điện Biên → Xã Ẳng Tở", "Không → Phật giáo"):
        assert words in told


def test_changes_name_the_part_of_the_file(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    rank = {"rank_code": "01.003", "step": "5", "rank_starts_on": "01/01/2026"}
    client.send(f"/people/{an}/edit", {"birthplace": "Xã Ẳng Tở"})
    client.send(f"/people/{an}/background", {"religion": "Phật giáo"})
    client.send(f"/people/{an}/ranks/new", rank)
    row = read(lambda: ranks_of(people.person("an"))[0])
    client.send(f"/people/{an}/ranks/{row.uid}/annul", {"reason": "nhập nhầm"})

    page = parse(client.get(f"/people/{an}/changes").get_data(as_text=True))
    told = ["".join(cell.itertext()).strip() for cell in page.iterfind(".//td[@data-label='Nội dung']")]

    assert told[:4] == [
        "hủy ngạch, bậc",
        "ghi ngạch, bậc",
        "Đảng, dân tộc, tôn giáo",
        "sửa thông tin cá nhân",
    ]


def test_changes_are_for_home_affairs(client_as, uid):
    assert client_as("chair_a").get(f"/people/{uid('an')}/changes").status_code == 403


def test_timeline_rows_of_other_subjects_lead_to_their_pages(whole_app, uid):
    from hr.people.routes.person import _url
    from hr.people.trail import TimelineRow

    an = uid("an")
    with whole_app.test_request_context():
        row = TimelineRow(date(2026, 1, 1), "decision", "decision", "2446/QĐ-UBND", None, "people.show", an)
        assert _url(row) == f"/people/{an}"
