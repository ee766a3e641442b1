"""The own account: password, sessions, the first sign-in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import queries
from accounts.models import User, UserSession
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.scope import writing_allowed
from tests.accounts.acts import NEW, button, initial_password, last_event_of, make_account, uid_of
from tests.cast import user_of
from tests.personas import PASSWORD


# --- own account ------------------------------------------------------------------------------
def test_a_new_password_needs_the_old_one(client_as):
    client = client_as("chair_a")
    values = {"password": "wrong-old-password", "new_password": NEW, "new_password_confirm": NEW}

    answer = client.send("/account/password", values)

    assert answer.status_code == 422
    assert "The password is wrong" in answer.text


@pytest.mark.parametrize(
    ("new", "again", "word"),
    [
        ("zq-9", "zq-9", "at least 12 characters"),
        ("dienbien-2026-chair_a", "dienbien-2026-chair_a", "easy to guess"),
        (NEW, NEW + "x", "differ"),
        (PASSWORD, PASSWORD, "is the old one"),
    ],
)
def test_new_passwords_that_are_refused(client_as, new, again, word):
    client = client_as("chair_a")

    answer = client.send(
        "/account/password", {"password": PASSWORD, "new_password": new, "new_password_confirm": again}
    )

    assert answer.status_code == 422
    assert word in answer.text
    assert new not in answer.text


def change(client):
    return client.send(
        "/account/password", {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    )


def test_a_changed_password_is_logged_and_works(app, client_as, client):
    assert change(client_as("chair_a")).status_code == 303

    event = last_event_of(app)
    assert (event.type, event.actor_name, event.subject_label) == (
        AuditType.PASSWORD_CHANGED,
        "Lường Văn Thắng",
        "Lường Văn Thắng (chair_a)",
    )
    assert client.send("/sign-in", {"username": "chair_a", "password": PASSWORD}).status_code == 422
    assert client.send("/sign-in", {"username": "chair_a", "password": NEW}).status_code == 303


def test_a_changed_password_ends_every_other_session(app, client_as):
    here, elsewhere = client_as("chair_a"), client_as("chair_a")

    change(here)

    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303


def test_blanks_of_a_password_count(client_as, client):
    odd = "  suoi trong nguon lanh  "
    client_as("chair_a").send(
        "/account/password", {"password": PASSWORD, "new_password": odd, "new_password_confirm": odd}
    )

    assert client.send("/sign-in", {"username": "chair_a", "password": odd.strip()}).status_code == 422
    assert client.send("/sign-in", {"username": "chair_a", "password": odd}).status_code == 303


def test_a_password_is_the_same_however_its_accents_are_typed(client_as, client):
    import unicodedata

    word = "suối trong nguồn lạnh"
    client_as("chair_a").send(
        "/account/password",
        {
            "password": PASSWORD,
            "new_password": unicodedata.normalize("NFC", word),
            "new_password_confirm": unicodedata.normalize("NFC", word),
        },
    )

    typed = unicodedata.normalize("NFD", word)
    assert client.send("/sign-in", {"username": "chair_a", "password": typed}).status_code == 303


def test_one_sees_and_ends_the_own_sessions(app, client_as):
    here, elsewhere = client_as("chair_a"), client_as("chair_a")
    page = here.get("/account").text
    (url,) = re.findall(r'action="(/account/sessions/\w{26}/end)"', page)

    assert button(here, url, "/account/password").status_code == 303

    assert elsewhere.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def test_a_colleagues_session_is_nowhere(app, client_as):
    client_as("chair_b")
    with app.app_context():
        session = db.session.scalars(
            select(UserSession).where(UserSession.user_id == user_of("chair_b").id)
        ).one()
        url = f"/account/sessions/{session.uid}/end"
    client = client_as("chair_a")

    assert button(client, url, "/account/password").status_code == 404


# --- initial passwords ------------------------------------------------------------------------
def test_an_initial_password_is_shown_once_and_must_be_changed(app, client_as, client):
    answer = make_account(client_as("admin"))
    password = initial_password(answer.text)

    assert answer.status_code == 200
    assert client.send("/sign-in", {"username": "lo.minh", "password": password}).status_code == 303
    assert client.get("/").location == "/account/password"
    assert client.get("/account").location == "/account/password"
    client.send("/account/password", {"password": password, "new_password": NEW, "new_password_confirm": NEW})
    assert client.get("/account").status_code == 200
    assert password not in str([last_event_of(app).values])


def test_before_the_change_an_htmx_request_is_sent_there_too(app, client_as):
    client = client_as("admin")
    with app.app_context():
        allowed = writing_allowed.set(True)
        user_of("admin").must_change_password = True
        db.session.commit()
        writing_allowed.reset(allowed)

    answer = client.get("/accounts", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/account/password")


def test_an_initial_password_is_good_for_a_day(app, client_as, client):
    password = initial_password(make_account(client_as("admin")).text)
    with app.app_context():
        allowed = writing_allowed.set(True)
        user = queries.user_named("lo.minh")
        user.password_set_at = now() - timedelta(hours=24, seconds=1)
        db.session.commit()
        writing_allowed.reset(allowed)

    answer = client.send("/sign-in", {"username": "lo.minh", "password": password})

    assert answer.status_code == 422
    assert "has run out" in answer.text


def test_a_form_sent_twice_makes_one_account_and_shows_no_second_password(app, client_as):
    client = client_as("admin")
    data = {**client.form("/accounts/new"), "username": "lo.minh", "display_name": "Lò Văn Minh"}
    client.post("/accounts/new", data=data)

    again = client.post("/accounts/new", data=data)

    assert again.status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(User).where(User.username == "lo.minh")).all()) == 1


def test_an_initial_password_is_hashed_as_argon2id(app, client_as):
    make_account(client_as("admin"))

    with app.app_context():
        assert queries.user_named("lo.minh").password.startswith("$argon2id$")


def test_a_reset_signs_out_and_gives_a_new_initial_password(app, client_as, client):
    chair, admin = client_as("chair_a"), client_as("admin")
    uid = uid_of(app, "chair_a")

    password = initial_password(admin.send(f"/accounts/{uid}/reset-password", {}).text)

    assert chair.get("/account").status_code == 303
    assert client.send("/sign-in", {"username": "chair_a", "password": PASSWORD}).status_code == 422
    assert client.send("/sign-in", {"username": "chair_a", "password": password}).status_code == 303
    assert client.get("/").location == "/account/password"
