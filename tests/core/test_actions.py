"""The gate: one transaction per action, a row in the log, versions, one-time tokens."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core import audit
from core.actions import Submission, action, lock
from core.audit import AuditEvent, AuditType
from core.db import db
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.permissions import Permission
from core.scope import bind_viewer
from tests.cast import user_of, viewer_of
from tests.factories import people


@action(None)
def rename(*, by, user, name, version=None):
    """Changes an account's shown name."""
    row = lock(user, version)
    row.display_name = name
    audit.record(AuditType.ACCOUNT_CHANGED, row, values=audit.changes(row))
    return row


@action(None)
def rename_twice(*, by, user, name):
    rename(by=by, user=user, name=name + " một")
    return rename(by=by, user=user, name=name + " hai")


@action(None)
def silent(*, by, user):
    lock(user).display_name = "Không ghi nhật ký"


@action(None)
def failing(*, by, user):
    rename(by=by, user=user, name="Dở dang")
    raise Unprocessable("no")


@action(Permission.GRANT_MANAGE)
def guarded(*, by):
    raise AssertionError("must not run")


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_an_action_commits_with_its_row_in_the_log(as_viewer):
    with as_viewer("admin") as viewer:
        before = events()
        rename(by=viewer, user=user_of("nobody"), name="Tên mới")

        assert user_of("nobody").display_name == "Tên mới"
        assert events() == before + 1
        row = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
        assert row.actor_name == viewer.name
        assert row.role == "administrator"
        assert row.values == '{"display_name":["Sùng A Chu","Tên mới"]}'


def test_nested_actions_are_one_transaction(as_viewer):
    with as_viewer("admin") as viewer:
        before = events()
        rename_twice(by=viewer, user=user_of("nobody"), name="Tên")

        assert user_of("nobody").display_name == "Tên hai"
        assert events() == before + 2


def test_an_action_without_a_row_in_the_log_is_rolled_back(as_viewer):
    with as_viewer("admin") as viewer:
        with pytest.raises(RuntimeError, match="left no row in the log"):
            silent(by=viewer, user=user_of("nobody"))

        assert user_of("nobody").display_name == "Sùng A Chu"


def test_a_failed_action_leaves_nothing(as_viewer):
    with as_viewer("admin") as viewer:
        before = events()
        with pytest.raises(Unprocessable):
            failing(by=viewer, user=user_of("nobody"))

        assert user_of("nobody").display_name == "Sùng A Chu"
        assert events() == before


def test_the_permission_is_checked_again(as_viewer):
    with as_viewer("chair_a") as viewer, pytest.raises(Denied):
        guarded(by=viewer)


def test_another_version_is_a_conflict_that_names_who_and_when(as_viewer):
    with as_viewer("admin") as viewer:
        user = user_of("nobody")
        opened = user.version
        rename(by=viewer, user=user, name="Người trước", version=opened)
        with pytest.raises(Conflict) as caught:
            rename(by=viewer, user=user_of("nobody"), name="Người sau", version=opened)

        assert caught.value.current.display_name == "Người trước"
        assert caught.value.by == viewer.name
        assert caught.value.at is not None
        assert user_of("nobody").version == opened + 1


def test_a_token_sent_again_answers_with_the_first_result(as_viewer):
    with as_viewer("admin") as viewer:
        first = rename(by=viewer, user=user_of("nobody"), name="Lần một", token="t" * 32)
        before = events()
        again = rename(by=viewer, user=user_of("nobody"), name="Lần hai", token="t" * 32)

        assert again.uid == first.uid
        assert user_of("nobody").display_name == "Lần một"
        assert events() == before


def test_a_token_of_a_failed_action_may_be_sent_again(as_viewer):
    with as_viewer("admin") as viewer:
        with pytest.raises(Unprocessable):
            failing(by=viewer, user=user_of("nobody"), token="u" * 32)
        rename(by=viewer, user=user_of("nobody"), name="Được", token="u" * 32)

        assert user_of("nobody").display_name == "Được"
        assert db.session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_token_of_another_account_is_refused(as_viewer):
    with as_viewer("admin") as viewer:
        rename(by=viewer, user=user_of("nobody"), name="Một", token="v" * 32)
        stranger = replace(viewer, user_id=user_of("nobody").id)
        with pytest.raises(Unprocessable):
            rename(by=stranger, user=user_of("nobody"), name="Hai", token="v" * 32)


@action(None)
def count_users(*, by):
    """An action whose result has no address."""
    audit.record(AuditType.ACCOUNT_CHANGED, "user")
    return 12


def test_a_token_of_an_action_without_a_row_is_used_up_too(as_viewer):
    with as_viewer("admin") as viewer:
        assert count_users(by=viewer, token="w" * 32) == 12
        before = events()
        assert count_users(by=viewer, token="w" * 32) is None
        assert events() == before


def test_a_token_used_by_one_action_does_not_pass_for_another(as_viewer):
    with as_viewer("admin") as viewer:
        count_users(by=viewer, token="x" * 32)
        with pytest.raises(Unprocessable):
            rename(by=viewer, user=user_of("nobody"), name="Nút khác", token="x" * 32)

        assert user_of("nobody").display_name == "Sùng A Chu"


def test_a_row_that_is_gone_from_view_cannot_be_locked(as_viewer):
    with as_viewer("home_affairs"):
        hidden = people.person("po")
    with as_viewer("chair_a"), pytest.raises(Missing):
        lock(hidden)


def test_actions_run_for_who_is_given_where_nobody_is_bound(context):
    by = viewer_of("admin")
    with bind_viewer(None):
        rename(by=by, user=user_of("nobody"), name="Không ai gắn")

    assert user_of("nobody").display_name == "Không ai gắn"
