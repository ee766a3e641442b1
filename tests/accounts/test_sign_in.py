"""Signing in: answers, limits before hashing, where it leads."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import actions, sign_in
from accounts.models import LoginAttempt
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.scope import writing_allowed
from tests.accounts.acts import WRONG, attempt, events, is_signed_in
from tests.cast import user_of, viewer_of
from tests.personas import PASSWORD


@pytest.fixture
def hashes(monkeypatch):
    """Counts the verifications of passwords."""
    calls = []
    real = sign_in.verify_password

    def counting(password, stored):
        calls.append(stored)
        return real(password, stored)

    monkeypatch.setattr(sign_in, "verify_password", counting)
    return calls


def keep_attempts(app, count, *, account="chair_a", address="10.0.0.1", ago=timedelta(0), ok=False):
    with app.app_context():
        allowed = writing_allowed.set(True)
        db.session.add_all(
            LoginAttempt(account=account, address=address, at=now() - ago, ok=ok) for _ in range(count)
        )
        db.session.commit()
        writing_allowed.reset(allowed)


# --- signing in --------------------------------------------------------------------------------
def test_the_right_password_signs_in_and_is_logged(app, client):
    answer = attempt(client)

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)
    (event,) = events(app, AuditType.SIGNED_IN)
    assert (event.actor_name, event.address) == ("Lường Văn Thắng", "10.0.0.1")


def test_the_user_name_may_be_typed_in_capitals(client):
    assert attempt(client, username=" CHAIR_A ").status_code == 303


@pytest.mark.parametrize(
    ("username", "password"), [("chair_a", WRONG), ("nobody.at.all", PASSWORD), ("chair_a", PASSWORD + " ")]
)
def test_wrong_name_and_wrong_password_answer_alike(client, username, password):
    answer = attempt(client, username, password)

    assert answer.status_code == 422
    assert "The user name or the password is wrong" in answer.text
    assert not is_signed_in(client)


def test_wrong_name_and_wrong_password_cost_the_same(client, hashes, count_statements):
    counts = []
    attempt(client, "somebody", WRONG, address="10.0.0.9")
    for username in ("chair_a", "nobody.at.all"):
        data = {**client.form("/sign-in"), "username": username, "password": WRONG}
        hashes.clear()
        with count_statements() as sent:
            client.post("/sign-in", data=data)
        counts.append((len(hashes), len(sent)))

    assert counts[0] == counts[1]
    assert counts[0][0] == 1


def test_a_failed_attempt_is_logged_without_what_was_typed(app, client):
    attempt(client, "chair_a", WRONG)
    attempt(client, "My-Secret-Typed-In-The-Wrong-Field", WRONG)

    known, unknown = events(app, AuditType.SIGN_IN_FAILED)
    assert known.subject_label == "Lường Văn Thắng (chair_a)"
    assert (unknown.subject_uid, unknown.subject_label, unknown.values) == (None, "", None)
    with app.app_context():
        kept = set(db.session.scalars(select(LoginAttempt.account)))
    assert "chair_a" in kept
    assert not any("secret" in account for account in kept)


def test_a_disabled_account_cannot_sign_in(app, client):
    with app.app_context():
        actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    answer = attempt(client)

    assert answer.status_code == 422
    assert "The user name or the password is wrong" in answer.text


@pytest.mark.parametrize("password", ["\x00", "x" * 600, "\ud7ff" * 50])
def test_strange_passwords_are_just_wrong(client, password):
    assert attempt(client, "chair_a", password).status_code == 422


# --- limits ------------------------------------------------------------------------------------
def test_the_sixth_try_of_a_pair_is_refused_without_hashing(client, hashes):
    codes = [attempt(client, password=WRONG).status_code for _ in range(5)]
    done = len(hashes)

    answer = attempt(client)

    assert codes == [422] * 5
    assert answer.status_code == 429
    assert "Too many attempts" in answer.text
    assert len(hashes) == done == 5


def test_a_refusal_writes_nothing(app, client, count_statements):
    keep_attempts(app, 5)
    data = {**client.form("/sign-in"), "username": "chair_a", "password": PASSWORD}

    with count_statements() as sent:
        answer = client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": "10.0.0.1"})

    assert answer.status_code == 429
    assert not [statement for statement in sent if not statement.startswith("SELECT")]


def test_failures_count_for_a_quarter_of_an_hour(app, client):
    keep_attempts(app, 5, ago=timedelta(minutes=15, seconds=1))

    assert attempt(client).status_code == 303


def test_the_account_is_limited_over_all_addresses(app, client):
    for number in range(20):
        keep_attempts(app, 1, address=f"10.9.0.{number}")

    assert attempt(client).status_code == 429


def test_nobody_can_lock_a_colleague_out_of_the_own_office(app, client):
    keep_attempts(app, 1, ok=True, ago=timedelta(days=29))
    for number in range(20):
        keep_attempts(app, 1, address=f"10.9.0.{number}")

    assert attempt(client).status_code == 303


def test_an_address_is_limited_over_all_accounts(app, client, hashes):
    for number in range(60):
        keep_attempts(app, 1, account=f"?{number}")

    assert attempt(client, "leader").status_code == 429
    assert hashes == []
    assert attempt(client, "leader", address="10.0.0.2").status_code == 303


def test_asking_the_password_again_is_limited_too(app, client_as, hashes):
    client = client_as("admin")
    for _ in range(5):
        client.send("/account/confirm", {"password": WRONG})

    answer = client.send("/account/confirm", {"password": PASSWORD})

    assert answer.status_code == 429
    assert len(hashes) == 5


# --- where to go -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\tevil",
        "\\\\evil",
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(client, target):
    from urllib.parse import quote

    assert attempt(client, at=f"/sign-in?next={quote(target)}").location == "/"


def test_signing_in_leads_back_to_the_page_asked_for(client):
    assert client.get("/account?x=1").location == "/sign-in?next=/account%3Fx%3D1"
    assert attempt(client, at="/sign-in?next=/account%3Fx%3D1").location == "/account?x=1"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example/x"])
def test_changing_the_language_never_leads_elsewhere(client, target):
    answer = client.post("/language", data={**sent(client), "lang": "en", "next": target})

    assert (answer.status_code, answer.location) == (303, "/")


def sent(client):
    return {"csrf_token": client.form("/sign-in")["csrf_token"]}


def test_the_language_is_kept_in_a_cookie(client):
    answer = client.post("/language", data={**sent(client), "lang": "en", "next": "/sign-in"})

    assert answer.location == "/sign-in"
    assert client.get_cookie("lang").value == "en"
    assert '<html lang="en"' in client.get("/sign-in").text


def test_an_unknown_language_changes_nothing(client):
    client.post("/language", data={**sent(client), "lang": "x><script>", "next": "/sign-in"})

    assert client.get_cookie("lang").value == "en"
