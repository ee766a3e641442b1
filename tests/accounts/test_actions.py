"""The writers of accounts and grants, below the web."""

import pytest
from sqlalchemy import select

from accounts import actions, queries, rules
from accounts.models import User, UserSession
from core import audit
from core.audit import AuditType
from core.clock import now, today
from core.db import db
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.permissions import Role
from core.scope import bind_viewer, system_viewer
from tests.accounts.acts import give, last_event, open_session, unit
from tests.cast import user_of, viewer_of
from tests.personas import BUNG_LAO


# --- accounts ----------------------------------------------------------------------------------
def test_a_new_account_has_no_rights_and_must_change_its_password(context):
    user = actions.create_account(
        username="Lò.Minh", display_name="  Lò   Văn Minh ", password_hash="x", by=viewer_of("admin")
    )

    assert (user.username, user.display_name, user.must_change_password) == ("lo.minh", "Lò Văn Minh", True)
    assert queries.grants_held(user, today()) == ()
    assert (last_event().type, last_event().subject_uid) == (AuditType.ACCOUNT_CREATED, user.uid)


def test_a_user_name_is_given_once(context):
    with pytest.raises(Unprocessable) as refused:
        actions.create_account(
            username="CHAIR_A", display_name="Somebody", password_hash="x", by=viewer_of("admin")
        )
    assert refused.value.field == "username"


def test_only_the_administrator_makes_accounts(context):
    with pytest.raises(Denied):
        actions.create_account(
            username="lo.minh", display_name="Lò Văn Minh", password_hash="x", by=viewer_of("home_affairs")
        )
    assert queries.user_named("lo.minh") is None


def test_a_changed_name_is_logged_and_a_stale_form_refused(context):
    user = user_of("chair_a")
    opened = user.version

    actions.edit_account(user=user, version=opened, display_name="Lường Văn Thắng A", by=viewer_of("admin"))

    assert '"Lường Văn Thắng A"' in last_event().values
    with pytest.raises(Conflict) as stale:
        actions.edit_account(user=user, version=opened, display_name="Other", by=viewer_of("admin"))
    assert stale.value.by == "Trần Văn Quyết"


def test_disabling_ends_the_sessions_at_once(context):
    session = open_session("chair_a")

    actions.disable_account(user=user_of("chair_a"), reason="left", by=viewer_of("admin"))

    assert queries.signed_in(session.token_digest, today()) is None
    assert (session.ended_reason, session.ended_at is not None) == ("account_disabled", True)
    assert (last_event().type, last_event().reason) == (AuditType.ACCOUNT_DISABLED, "left")


def test_an_account_is_disabled_once_and_enabled_again(context):
    actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))
    with pytest.raises(Unprocessable):
        actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    actions.enable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    assert user_of("chair_a").active
    assert user_of("chair_a").disabled_at is None
    with pytest.raises(Unprocessable):
        actions.enable_account(user=user_of("chair_a"), by=viewer_of("admin"))


@pytest.mark.parametrize("act", ["disable_account", "enable_account", "reset_password"])
def test_the_administrator_leaves_the_own_account_to_another(context, act):
    details = {"password_hash": "x"} if act == "reset_password" else {}

    with pytest.raises(Denied):
        getattr(actions, act)(user=user_of("admin"), by=viewer_of("admin"), **details)


def test_a_reset_ends_sessions_and_asks_for_a_new_password(context):
    session = open_session("chair_a")
    before = user_of("chair_a").fs_uniquifier

    actions.reset_password(user=user_of("chair_a"), password_hash="new", by=viewer_of("admin"))

    user = user_of("chair_a")
    assert (user.password, user.must_change_password) == ("new", True)
    assert user.fs_uniquifier != before
    assert session.ended_reason == "password_reset"


def test_one_session_of_ones_own_can_be_ended_another_accounts_cannot(context):
    mine, other = open_session("chair_a", b"a" * 32), open_session("chair_b", b"b" * 32)

    actions.end_own_session(session=mine, by=viewer_of("chair_a"))

    assert mine.ended_reason == "owner"
    with pytest.raises(Missing):
        actions.end_own_session(session=other, by=viewer_of("chair_a"))
    assert db.session.get(UserSession, other.id).ended_at is None


# --- what Flask-Security changes ---------------------------------------------------------------
def test_every_change_of_flask_security_leaves_its_row(context):
    from flask import current_app

    datastore = current_app.extensions["security"].datastore
    user = user_of("chair_a")
    user.tf_totp_secret = "secret of the second factor"
    datastore.put(user)
    datastore.commit()

    db.session.expire_all()
    event = last_event()
    assert user_of("chair_a").tf_totp_secret == "secret of the second factor"
    assert (event.type, event.subject_uid) == (AuditType.ACCOUNT_CHANGED, user.uid)
    assert event.values == '{"changed":["tf_totp_secret"]}'


def test_a_commit_without_changes_writes_nothing(context):
    from flask import current_app

    before = last_event().seq
    assert user_of("chair_a").active

    current_app.extensions["security"].datastore.commit()

    assert last_event().seq == before


def test_an_account_is_never_deleted(context):
    from flask import current_app

    with pytest.raises(NotImplementedError):
        current_app.extensions["security"].datastore.delete(user_of("chair_a"))
    assert db.session.scalar(select(User.id).where(User.username == "chair_a"))


def test_the_log_names_the_giver_of_a_grant(context):
    with bind_viewer(system_viewer("tests")):
        give("nobody", Role.CHAIR, BUNG_LAO)

    event = last_event()
    assert (event.type, event.actor_name, event.subject_label) == (
        AuditType.GRANT_GIVEN,
        "Trần Văn Quyết",
        "Sùng A Chu (nobody)",
    )
    assert event.unit_id == unit(BUNG_LAO).id
    assert audit.digest(event.values) == event.values_digest
    assert event.at <= now()


# --- what happens between reading and writing ---------------------------------------------------
def test_a_limit_reached_meanwhile_stops_the_attempt(context):
    """Parallel guesses pass the first look together; the count under the lock does not let them."""
    for _ in range(5):
        actions.count_attempt(account="chair_a", username="chair_a", address="10.1.1.1")

    with pytest.raises(rules.TooManyAttempts) as refused:
        actions.count_attempt(account="chair_a", username="chair_a", address="10.1.1.1")
    assert refused.value.limit == "pair"


def test_an_account_disabled_meanwhile_gets_no_session(context):
    attempt = actions.count_attempt(account="chair_a", username="chair_a", address="10.1.1.1")
    by = viewer_of("chair_a")
    actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    with pytest.raises(Missing):
        actions.open_session(
            user=user_of("chair_a"), attempt_id=attempt, digest=b"x" * 32, address="", agent="", by=by
        )
    assert db.session.scalars(select(UserSession)).all() == []


def test_a_success_frees_its_attempt_only(context):
    attempts = [
        actions.count_attempt(account="chair_a", username="chair_a", address="10.1.1.1") for _ in range(2)
    ]
    actions.confirm_password(attempt_id=attempts[0], by=viewer_of("chair_a"))
    actions.confirm_password(attempt_id=0, by=viewer_of("chair_a"))

    assert queries.failures("chair_a", "10.1.1.1").pair == 1
    assert queries.failures("chair_a", "10.1.1.1").known_address


def test_signing_out_twice_is_harmless(context):
    from dataclasses import replace

    session = open_session("chair_a")
    by = replace(viewer_of("chair_a"), session_id=session.id)
    actions.sign_out(by=by)
    first = session.ended_at

    actions.sign_out(by=by)

    assert db.session.get(UserSession, session.id).ended_at == first


def test_an_account_needs_a_name(context):
    with pytest.raises(Unprocessable) as refused:
        actions.create_account(
            username="lo.minh", display_name=" \u200b ", password_hash="x", by=viewer_of("admin")
        )
    assert refused.value.field == "display_name"


def test_flask_security_finds_accounts_and_no_roles(context):
    from flask import current_app

    datastore = current_app.extensions["security"].datastore

    assert datastore.find_user(username="chair_a").id == user_of("chair_a").id
    assert datastore.find_user(fs_uniquifier="nobody has this") is None
    assert datastore.find_role("administrator") is None
    assert user_of("chair_a").roles == []
