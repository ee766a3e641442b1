"""Signing in and out: limits before hashing, sessions on the server, one statement a request."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import actions, sign_in
from accounts.models import LoginAttempt, UserSession
from core import clock
from core.audit import AuditEvent, AuditType
from core.clock import now, today
from core.db import db
from core.scope import writing_allowed
from core.units import Block, unit_by_code
from tests.cast import user_of, viewer_of
from tests.personas import NA_SANG, PASSWORD

WRONG = "definitely-not-the-password"


def attempt(client, username="chair_a", password=PASSWORD, *, address="10.0.0.1", at="/sign-in"):
    return client.send(
        at, {"username": username, "password": password}, environ_base={"REMOTE_ADDR": address}
    )


def is_signed_in(client):
    return client.get("/account").status_code == 200


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


def events(app, kind):
    with app.app_context():
        return db.session.scalars(select(AuditEvent).where(AuditEvent.type == kind)).all()


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


# --- sessions ----------------------------------------------------------------------------------
def test_a_page_costs_one_statement_for_session_account_and_grants(client_as, count_statements):
    client = client_as("chair_a")
    client.get("/sign-in")

    with count_statements() as sent:
        answer = client.get("/sign-in")

    assert answer.status_code == 303
    assert len(sent) == 1


def test_public_pages_cost_visitors_nothing(client, count_statements):
    with count_statements() as sent:
        assert client.get("/sign-in").status_code == 200
        assert client.get("/sign-in").status_code == 200
        assert client.get("/healthz").status_code == 200

    assert sent == []


def test_a_forged_token_asks_once_and_is_nobody(client, count_statements):
    with client.session_transaction() as cookie:
        cookie.update({"token": "x" * 43, "seen": int(time.time()), "_user_id": "uniquifier-of-admin"})

    with count_statements() as sent:
        answer = client.get("/account")

    assert answer.location == "/sign-in?next=/account"
    assert len(sent) == 1


def test_the_library_key_alone_signs_nobody_in(client):
    """Flask-Login's own key in the cookie is not enough: the row behind the token decides."""
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": "uniquifier-of-admin", "_fresh": True})

    assert not is_signed_in(client)


def test_signing_in_drops_what_the_browser_brought(client):
    with client.session_transaction() as cookie:
        cookie.update({"token": "planted" * 6, "seen": int(time.time()), "odd": "1"})
    client.get("/sign-in")
    with client.session_transaction() as cookie:
        before = dict(cookie)

    attempt(client)

    with client.session_transaction() as cookie:
        assert cookie["token"] != before["token"]
        assert len(cookie["token"]) == 43
        assert "odd" not in cookie
        assert cookie.get("csrf_token") != before["csrf_token"]


def test_the_database_holds_no_token(app, client):
    attempt(client)
    with client.session_transaction() as cookie:
        token = cookie["token"]

    with app.app_context():
        row = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
    assert len(row.token_digest) == 32
    assert token.encode() not in row.token_digest


def stolen(client):
    """The cookie as it is now."""
    return client.get_cookie("so").value


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, client):
    attempt(client)
    copy = stolen(client)
    client.post("/sign-out", data=client.form("/account/password"))
    assert not is_signed_in(client)

    thief = app.test_client()
    thief.set_cookie("so", copy)

    assert not is_signed_in(thief)
    assert [event.actor_name for event in events(app, AuditType.SIGNED_OUT)] == ["Lường Văn Thắng"]


def test_signing_in_again_ends_the_session_before(app, client):
    attempt(client)
    copy = stolen(client)
    answer = client.post(
        "/sign-in", data={**client.form("/account/password"), "username": "chair_a", "password": PASSWORD}
    )
    assert answer.status_code == 303

    thief = app.test_client()
    thief.set_cookie("so", copy)

    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_disabling_works_at_the_next_request(app, client_as):
    client = client_as("chair_a")
    assert is_signed_in(client)

    with app.app_context():
        actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    assert not is_signed_in(client)


def test_a_revoked_grant_works_at_the_next_request(app, client_as):
    client = client_as("data_officer")
    assert client.get("/log").status_code == 200

    with app.app_context():
        from accounts import queries

        (grant,) = queries.grants_of(user_of("data_officer"))
        actions.revoke_grant(grant=grant, by=viewer_of("admin"))

    assert client.get("/log").status_code == 403


def test_an_idle_session_is_over(client_as):
    client = client_as("chair_a")
    with client.session_transaction() as cookie:
        cookie["seen"] = int(time.time()) - 60 * 60 - 1

    assert not is_signed_in(client)


def test_the_time_in_the_cookie_moves_each_minute_only(client_as):
    client = client_as("chair_a")
    client.get("/account/password")
    assert client.get("/account/password").headers.get("Set-Cookie") is None

    with client.session_transaction() as cookie:
        cookie["seen"] = int(time.time()) - 61

    assert "so=" in client.get("/account/password").headers["Set-Cookie"]


def test_a_session_ends_after_its_hours_whatever_happens(app, client_as):
    client = client_as("chair_a")
    with app.app_context():
        allowed = writing_allowed.set(True)
        for row in db.session.scalars(select(UserSession)):
            row.created_at = now() - timedelta(hours=12, seconds=1)
        db.session.commit()
        writing_allowed.reset(allowed)

    assert not is_signed_in(client)


def test_a_get_never_writes(client_as, count_statements):
    client = client_as("chair_a")

    with count_statements() as sent:
        client.get("/account")

    assert [statement.split()[0] for statement in sent if not statement.startswith("SELECT")] == []


def test_cookies_are_closed_to_scripts_and_other_sites(client):
    header = attempt(client).headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


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


# --- roles -------------------------------------------------------------------------------------
def second_role(app, **dates):
    with app.app_context():
        actions.give_grant(
            user=user_of("chair_a"),
            role=viewer_of("data_officer").role,
            unit=unit_by_code("11", today()),
            block=Block.GOVERNMENT,
            starts_on=dates.get("starts_on", today()),
            ends_on=dates.get("ends_on"),
            by=viewer_of("admin"),
        )


def switch(client, key):
    return client.post(
        "/account/role", data={"csrf_token": client.form("/account/password")["csrf_token"], "role": key}
    )


def test_one_role_at_a_time(app, client_as):
    second_role(app)
    client = client_as("chair_a")
    assert (client.get("/log").status_code, client.get("/acting-authority").status_code) == (403, 200)

    assert switch(client, "data_protection:government:0").status_code == 303

    assert (client.get("/log").status_code, client.get("/acting-authority").status_code) == (200, 403)
    (event,) = events(app, AuditType.ROLE_SWITCHED)
    assert '"role":"data_protection"' in event.values


def test_a_role_not_held_cannot_be_taken(client_as):
    client = client_as("chair_a")

    for key in ("administrator:government:0", "chair:party:0", "chair:government:99", "", "x" * 500):
        assert switch(client, key).status_code == 404

    assert client.get("/accounts").status_code == 403


def test_a_role_that_ran_out_is_gone_the_next_day(app, client_as, on_day):
    second_role(app, ends_on=today())
    client = client_as("chair_a")
    switch(client, "data_protection:government:0")
    assert client.get("/log").status_code == 200

    on_day(clock.today() + timedelta(days=1))

    assert client.get("/log").status_code == 403
    assert client.get("/acting-authority").status_code == 200


def test_a_deputy_works_for_the_giver_and_says_so(app, client_as):
    with app.app_context():
        from accounts import queries

        (grant,) = queries.grants_of(user_of("chair_b"))
        giver = user_of("chair_b").id
        actions.give_authority(
            grant=grant,
            deputy=user_of("chair_a"),
            starts_on=today(),
            ends_on=today(),
            exceptions=(),
            by=viewer_of("chair_b"),
        )
    client = client_as("chair_a")

    switch(client, f"chair:government:{giver}")

    page = client.get("/account")
    assert "Giàng A Páo" in page.text
    assert client.get("/acting-authority").status_code == 403
    with app.app_context():
        assert unit_by_code(NA_SANG, today()).name in page.text
