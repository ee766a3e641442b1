"""Sessions on the server, one statement a request, one role at a time."""

import time
from datetime import timedelta

from sqlalchemy import select

from accounts import actions
from accounts.models import UserSession
from core import clock
from core.audit import AuditType
from core.clock import now, today
from core.db import db
from core.scope import writing_allowed
from core.units import Block, unit_by_code
from tests.accounts.acts import attempt, events, is_signed_in
from tests.cast import user_of, viewer_of
from tests.personas import NA_SANG, PASSWORD


# --- sessions ----------------------------------------------------------------------------------
def test_a_page_costs_one_statement_for_session_account_and_grants(client_as, count_statements):
    client = client_as("chair_a")
    client.get("/sign-in")

    with count_statements() as sent:
        answer = client.get("/sign-in")

    assert answer.status_code == 303
    assert len(sent) == 1


def test_public_pages_cost_visitors_nothing(app, client, count_statements):
    app.test_client().get("/sign-in")  # once a process: whether this is the demo
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


def test_who_was_signed_out_by_time_is_told_so(client, client_as):
    late = client_as("chair_a")
    with late.session_transaction() as cookie:
        cookie["seen"] = 0
    told = "Sign in again: your draft is kept"

    assert told in late.get("/sign-in").text
    assert told not in client.get("/sign-in").text


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


def lapse(client):
    """Lets the browser's session run out by time, as over a long lunch."""
    with client.session_transaction() as cookie:
        cookie["seen"] -= 24 * 3600


def test_a_form_sent_after_the_session_is_kept_as_a_draft(client_as):
    client = client_as("home_affairs")
    values = client.form("/people/new")
    lapse(client)
    answer = client.post("/people/new", data={**values, "full_name": "Lò Văn Dở Dang"})

    assert answer.status_code == 303
    assert "next=/people/new" in answer.location
    again = client_as("home_affairs").get("/people/new?draft=1").get_data(as_text=True)
    assert "Lò Văn Dở Dang" in again


def test_without_the_form_s_own_token_nothing_is_kept(client_as):
    client = client_as("home_affairs")
    values = client.form("/people/new")
    lapse(client)
    client.post("/people/new", data={**values, "csrf_token": "forged", "full_name": "Lò Văn Giả"})

    again = client_as("home_affairs").get("/people/new?draft=1").get_data(as_text=True)
    assert "Lò Văn Giả" not in again


def test_a_form_sent_after_signing_out_is_not_kept(client_as):
    client = client_as("home_affairs")
    values = client.form("/people/new")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    client.post("/sign-out", data={"csrf_token": values["csrf_token"]})
    with client.session_transaction() as cookie:
        cookie.update(kept)
    client.post("/people/new", data={**values, "full_name": "Lò Văn Ra"})

    again = client_as("home_affairs").get("/people/new?draft=1").get_data(as_text=True)
    assert "Lò Văn Ra" not in again
