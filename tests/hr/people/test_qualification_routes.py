"""The forms of the qualifications: evidence, proof, annulment."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from core.db import db
from core.files import Document
from hr.people.models import Qualification
from hr.people.queries import qualifications_of
from tests.client import form_values, parse
from tests.factories import people

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def path(uid, part):
    return f"/people/{uid}/{part}"


def qualification(**over):
    values = {
        "paper": "it.certificate",
        "issuer": "Trường Cao đẳng Điện Biên",
        "serial": "TH-77",
        "awarded_on": "30/06/2020",
    }
    return {**values, **over}


def send_paper(client, address, name="chứng chỉ.pdf", body=PDF, **over):
    values = {**client.form(address), **qualification(**over), "file": (BytesIO(body), name)}
    return client.post(address, data=values, content_type="multipart/form-data")


def test_qualification_is_added_with_its_evidence(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")

    assert send_paper(client, path(an, "qualifications/new")).status_code == 303

    row = read(lambda: next(q for q in qualifications_of(people.person("an")) if q.serial == "TH-77"))
    document = read(lambda: db.session.get(Document, row.document_id))
    assert (document.name, document.media_type) == ("chứng chỉ.pdf", "application/pdf")
    assert f"/people/{an}/documents/{document.uid}" in client.get(f"/people/{an}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "body"), [("x.pdf", b"MZ\x90\x00"), ("Toi mat 12.pdf", PDF), ("empty.pdf", b"")]
)
def test_file_that_is_not_accepted_is_refused_at_its_field(client_as, uid, read, name, body):
    response = send_paper(client_as("home_affairs"), path(uid("an"), "qualifications/new"), name, body)

    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert parse(page).find(".//*[@id='file-error']") is not None
    assert form_values(page)["serial"] == "TH-77"
    assert (
        read(lambda: db.session.scalar(select(Qualification).where(Qualification.serial == "TH-77"))) is None
    )


def test_months_of_study_are_kept_and_shown(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    months = {"studied_from": "9/2018", "studied_to": "05/2020", "study_form": "in_service"}

    assert send_paper(client, path(an, "qualifications/new"), **months).status_code == 303

    row = read(lambda: next(q for q in qualifications_of(people.person("an")) if q.serial == "TH-77"))
    assert (row.studied_from, row.studied_to) == (date(2018, 9, 1), date(2020, 5, 1))
    assert "09/2018–05/2020" in client.get(f"/people/{an}").get_data(as_text=True)
    assert client.form(path(an, f"qualifications/{row.uid}/edit"))["studied_from"] == "09/2018"


@pytest.mark.parametrize(
    ("months", "field"),
    [
        ({"studied_from": "02/09/2018"}, "studied_from"),
        ({"studied_from": "13/2018"}, "studied_from"),
        ({"studied_from": "2018"}, "studied_from"),
        ({"studied_from": "01/1950"}, "studied_from"),
        ({"studied_from": "12/2026"}, "studied_from"),
        ({"studied_from": "09/2018", "studied_to": "08/2018"}, "studied_to"),
        ({"studied_to": "tháng 8"}, "studied_to"),
    ],
)
def test_month_that_cannot_be_is_refused_at_its_field(client_as, uid, months, field):
    response = send_paper(client_as("home_affairs"), path(uid("an"), "qualifications/new"), **months)

    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert parse(page).find(f".//*[@id='{field}-error']") is not None
    assert form_values(page)[field] == months[field]


def test_correcting_a_qualification_keeps_its_evidence(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    send_paper(client, path(an, "qualifications/new"))
    row = read(lambda: next(q for q in qualifications_of(people.person("an")) if q.serial == "TH-77"))

    assert client.form(path(an, f"qualifications/{row.uid}/edit"))["paper"] == "it.certificate"
    assert (
        client.send(path(an, f"qualifications/{row.uid}/edit"), {"issuer": "Trường khác"}).status_code == 303
    )

    again = read(lambda: db.session.scalars(select(Qualification).where(Qualification.uid == row.uid)).one())
    assert (again.issuer, again.document_id) == ("Trường khác", row.document_id)


def test_proof_is_set_and_what_the_issuer_says_names_its_answer(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    row = read(lambda: qualifications_of(people.person("an"))[0])
    address = path(an, f"qualifications/{row.uid}/proof")

    assert client.send(address, {"proof_state": "issuer_denies"}).status_code == 422
    assert client.send(address, {"proof_state": "issuer_confirmed"}).status_code == 422
    answer = {"proof_state": "issuer_confirmed", "reason": "Công văn 12/ĐHL, 01/07/2026"}
    assert client.send(address, answer).status_code == 303

    again = read(lambda: db.session.scalars(select(Qualification).where(Qualification.uid == row.uid)).one())
    assert again.proof_state == "issuer_confirmed"


def test_a_proof_is_set_with_the_recorded_paper_and_its_scan_in_sight(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    send_paper(client, path(an, "qualifications/new"))
    row = read(lambda: next(q for q in qualifications_of(people.person("an")) if q.serial == "TH-77"))

    page = client.get(path(an, f"qualifications/{row.uid}/proof")).get_data(as_text=True)

    assert "TH-77" in page
    assert f"/people/{an}/documents/" in page


def test_qualification_is_annulled_and_stays_readable(client_as, uid, read):
    client, an = client_as("home_affairs"), uid("an")
    row = read(lambda: qualifications_of(people.person("an"))[0])

    assert (
        client.send(path(an, f"qualifications/{row.uid}/annul"), {"reason": "nhập nhầm"}).status_code == 303
    )
    assert client.get(path(an, f"qualifications/{row.uid}/edit")).status_code == 200

    again = read(lambda: db.session.scalars(select(Qualification).where(Qualification.uid == row.uid)).one())
    assert again.annulled_at is not None
    assert client.send(path(an, f"qualifications/{row.uid}/edit"), {"issuer": "x"}).status_code == 403
