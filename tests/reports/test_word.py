"""Pages of Word templates: the list, a file in a template's place, its history, the shipped one back."""

from io import BytesIO

import pytest
from sqlalchemy import select

from core.audit import AuditEvent, AuditType
from core.db import db
from core.word import replacements
from tests.factories.word import changed, text_of

PAGE = "/word-templates/form_2c"
pytestmark = pytest.mark.slow


def send(client, body, name="mau-2c.docx"):
    return client.send(PAGE, {"file": (BytesIO(body), name)}, content_type="multipart/form-data")


@pytest.fixture
def held(as_viewer):
    """`held()`: what the office put in place of the template, newest first."""

    def find():
        with as_viewer("home_affairs"):
            rows = list(replacements("form_2c"))
            db.session.expunge_all()
            return rows

    return find


@pytest.fixture
def client(client_as):
    return client_as("home_affairs")


def test_the_list_says_what_holds(client):
    before = client.get("/word-templates").get_data(as_text=True)
    send(client, changed())
    after = client.get("/word-templates").get_data(as_text=True)

    assert "mẫu gốc" in before
    assert ">tệp riêng của cơ quan<" not in before
    assert ">tệp riêng của cơ quan<" in after
    assert "Lò Thị Hạnh" in after


def test_the_imports_lead_to_the_list(client):
    assert 'href="/word-templates"' in client.get("/imports").get_data(as_text=True)


def test_the_shipped_file_can_be_downloaded_and_sent_back(client):
    with client.get(f"{PAGE}/shipped") as found:
        file = found.get_data()

    answer = send(client, file)

    assert answer.status_code == 303
    assert "Mẫu đã được kiểm tra và đang dùng" in client.get(PAGE).get_data(as_text=True)


def test_a_wrong_file_is_refused_with_the_field_it_names(client, held):
    answer = send(client, changed("{{ full_name or", "{{ wage or"))

    assert answer.status_code == 422
    assert "wage" in answer.get_data(as_text=True)
    assert held() == []


def test_nothing_chosen_is_refused(client):
    answer = client.send(PAGE, {}, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Hãy chọn tệp Word" in answer.get_data(as_text=True)


def test_what_was_sent_is_served_from_the_history(client, held):
    send(client, changed("2) Tên gọi khác:", "2) Bí danh:"))
    (row,) = held()

    with client.get(f"{PAGE}/files/{row.uid}") as answer:
        assert "2) Bí danh:" in text_of(answer.get_data())
        assert "mau-2c.docx" in answer.headers["Content-Disposition"]
    assert row.uid in client.get(PAGE).get_data(as_text=True)


def test_the_shipped_one_comes_back(client, as_viewer):
    send(client, changed())

    answer = client.send(f"{PAGE}/restore")

    assert answer.status_code == 303
    assert "Đã dùng lại mẫu gốc" in client.get(PAGE).get_data(as_text=True)
    with as_viewer("home_affairs"):
        query = select(AuditEvent).where(AuditEvent.type == AuditType.TEMPLATE_RESTORED)
        assert db.session.scalars(query).one().actor_name == "Lò Thị Hạnh"


def test_a_page_left_open_does_not_overwrite_a_newer_file(client):
    form = client.form(PAGE)
    send(client, changed())

    late = {**form, "file": (BytesIO(changed()), "cu.docx")}
    answer = client.post(PAGE, data=late, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "vừa có người thay" in answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["/word-templates", PAGE, f"{PAGE}/shipped", f"{PAGE}/restore"])
def test_others_may_not(client_as, address):
    assert client_as("chair_a").get(address).status_code == 403


@pytest.mark.parametrize(
    "address", ["/word-templates/x", "/word-templates/x/shipped", f"{PAGE}/files/" + "a" * 26]
)
def test_what_is_not_there_is_missing(client, address):
    assert client.get(address).status_code == 404


def test_the_pages_cost_few_statements(client, count_statements):
    send(client, changed())
    counts = []
    for address in ("/word-templates", PAGE):
        with count_statements() as sent:
            client.get(address)
        counts.append(len(sent))

    assert max(counts) <= 8
