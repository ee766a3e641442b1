"""Two people, or two tabs, at one decision: who comes second sees what stands and keeps what was typed."""

from hr.decisions.issuing.enums import DecisionKind, DecisionState
from hr.decisions.issuing.seeds import SignatureSeed
from tests.client import form_values
from tests.hr.decisions.issuing.test_decision_pages import made, text

__all__ = ["made"]

KIND = DecisionKind


def test_a_draft_saved_in_two_tabs_is_compared(made, client_as):
    address = f"/decisions/{made(DecisionState.DRAFT, KIND.PAY_STEP, 'hue')}/edit"
    client = client_as("home_affairs")
    first, second = client.form(address), client.form(address)
    assert client.post(address, data={**first, "signer": "Nguyễn Văn Một"}).status_code == 303

    late = client.post(address, data={**second, "signer": "Trần Văn Hai"})

    assert late.status_code == 409
    assert "Nguyễn Văn Một" in text(late)
    assert form_values(text(late))["signer"] == "Trần Văn Hai"
    assert client.post(address, data=form_values(text(late))).status_code == 303


def test_a_draft_of_several_people_is_compared_field_by_field(made, client_as):
    address = f"/decisions/{made(DecisionState.DRAFT, KIND.PAY_STEP, 'hue', 'sua')}/edit"
    client = client_as("home_affairs")
    first, second = client.form(address), client.form(address)
    client.post(address, data={**first, "signer": "Nguyễn Văn Một"})

    shown = text(client.post(address, data={**second, "signer": "Trần Văn Hai"}))

    assert shown.count("<tr>") == 2, "the head and the signer; the people are the same"


def test_what_was_issued_meanwhile_is_shown_with_what_was_typed(made, client_as):
    uid = made(DecisionState.SUBMITTED, KIND.PAY_STEP, "hue", signed=SignatureSeed())
    address, client = f"/decisions/{uid}/issue", client_as("home_affairs")
    first, second = client.form(address), client.form(address)
    signed = {"reference": "1447/QĐ-UBND", "signed_on": "26/06/2026", "signer": "Lê Văn Đô"}
    assert client.post(address, data={**first, **signed}).status_code == 303

    late = client.post(address, data={**second, **signed, "signer": "Trần Văn Hai"})

    assert late.status_code == 409
    assert "Trần Văn Hai" in text(late)
    assert "Lê Văn Đô" in text(late)
    assert "thẩm quyền" not in text(late)


def test_back_after_issuing_shows_the_decision(made, client_as):
    uid = made(DecisionState.ISSUED, KIND.PAY_STEP, "hue")

    answer = client_as("home_affairs").get(f"/decisions/{uid}/issue")

    assert answer.status_code == 409
    assert "1447/QĐ-UBND" in text(answer)
    assert "thẩm quyền" not in text(answer)
