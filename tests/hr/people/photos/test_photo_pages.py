"""The photograph of a person: put in, shown, replaced, taken out; as open as the file itself."""

import json
from io import BytesIO

import pytest
from sqlalchemy import select

from core.audit import AuditType
from core.db import db
from core.files import Document, path_of
from tests.client import parse
from tests.factories.pictures import photograph

pytestmark = pytest.mark.slow


@pytest.fixture
def client(client_as):
    return client_as("home_affairs")


def send(client, person, body=None, name="IMG_Zq.jpg"):
    file = (BytesIO(photograph() if body is None else body), name)
    return client.send(f"/people/{person}/photo/edit", {"file": file}, content_type="multipart/form-data")


def picture_of(client, person):
    page = client.get(f"/people/{person}").get_data(as_text=True)
    return parse(page).find(".//img[@class='photo']")


def shown(client, person):
    with client.get(f"/people/{person}/photo") as answer:
        return answer.status_code, answer.get_data(), answer.headers


def test_a_file_without_a_photograph_shows_none_and_offers_the_form(client, uid):
    an = uid("an")

    assert picture_of(client, an) is None
    assert f"/people/{an}/photo/edit" in client.get(f"/people/{an}").get_data(as_text=True)
    assert shown(client, an)[0] == 404


def test_a_photograph_put_in_stands_on_the_page(client, uid, logged):
    an = uid("an")

    answer = send(client, an)

    assert answer.status_code == 303
    picture = picture_of(client, an)
    assert picture.get("alt") == "Ảnh của Lò Văn An"
    status, body, headers = shown(client, an)
    assert (status, headers["Content-Type"], headers["Content-Disposition"]) == (200, "image/jpeg", "inline")
    assert body.startswith(b"\xff\xd8")
    assert '"photo"' in logged(AuditType.PERSON_CHANGED)[-1].values


def test_the_name_of_the_file_is_not_kept(client, uid, read):
    send(client, uid("an"))

    assert "photo.jpg" in read(lambda: list(db.session.scalars(select(Document.name))))


def test_the_one_before_is_kept_when_another_takes_its_place(client, uid, logged):
    an = uid("an")
    send(client, an)
    first = shown(client, an)[1]
    send(client, an, photograph(colour="green"))

    assert shown(client, an)[1] != first

    before, after = json.loads(logged(AuditType.PERSON_CHANGED)[-1].values)["photo"]
    with client.application.app_context():
        assert path_of(before).read_bytes() == first
        assert path_of(after).exists()


def test_a_photograph_is_taken_out_with_a_reason(client, uid, logged):
    an = uid("an")
    send(client, an)

    answer = client.send(f"/people/{an}/photo/remove", {"reason": "Ảnh của người khác"})

    assert answer.status_code == 303
    assert shown(client, an)[0] == 404
    assert logged(AuditType.PERSON_CHANGED)[-1].reason == "Ảnh của người khác"


def test_there_is_nothing_to_take_out_twice(client, uid):
    answer = client.send(f"/people/{uid('an')}/photo/remove", {"reason": "nhầm"})

    assert answer.status_code == 422
    assert "Không có ảnh để gỡ" in answer.get_data(as_text=True)


def test_what_is_no_picture_is_refused_and_nothing_written(client, uid):
    an = uid("an")

    answer = send(client, an, b"no picture")

    assert answer.status_code == 422
    assert "Không đọc được ảnh này" in answer.get_data(as_text=True)
    assert shown(client, an)[0] == 404


def test_a_form_opened_before_a_change_answers_with_a_conflict(client, uid):
    an = uid("an")
    form = client.form(f"/people/{an}/photo/edit")
    send(client, an)

    late = {**form, "file": (BytesIO(photograph(colour="green")), "b.jpg")}
    answer = client.post(f"/people/{an}/photo/edit", data=late, content_type="multipart/form-data")

    assert answer.status_code == 409


def test_who_sees_the_file_sees_the_photograph_and_nobody_else(client, client_as, uid):
    an = uid("an")
    send(client, an)

    assert shown(client_as("chair_a"), an)[0] == 200
    absent = shown(client_as("chair_b"), "a" * 26)[:2]
    assert shown(client_as("chair_b"), an)[:2] == absent
    assert client_as("admin").get(f"/people/{an}/photo").status_code == 403


@pytest.mark.parametrize(("address", "most"), [("", 16), ("/photo", 4)])
def test_the_page_and_its_photograph_cost_few_statements(client, uid, count_statements, address, most):
    an = uid("an")
    send(client, an)

    with count_statements() as sent, client.get(f"/people/{an}{address}") as answer:
        answer.get_data()

    assert len(sent) <= most


def test_who_changed_what_tells_of_the_photograph(client, uid):
    an = uid("an")
    send(client, an)

    page = client.get(f"/people/{an}/changes").get_data(as_text=True)

    assert "ảnh" in page
    assert "đính kèm" in page
