"""The writers of accounts and grants, below the web."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import actions, queries, rules
from accounts.models import Grant, User, UserSession
from core import audit
from core.audit import AuditEvent, AuditType
from core.clock import now, today
from core.db import db
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.permissions import Permission, Role
from core.scope import bind_viewer, system_viewer, writing_allowed
from core.units import Block, unit_by_code
from tests.cast import user_of, viewer_of
from tests.personas import BUNG_LAO, NA_SANG

DAY = timedelta(days=1)


def last_event() -> AuditEvent:
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def unit(code):
    return unit_by_code(code, today())


def roles_of(persona):
    return rules.held_roles(queries.grants_held(user_of(persona), today()))


def give(persona, role, code, *, by="admin", starts=None, ends=None, block=Block.GOVERNMENT):
    return actions.give_grant(
        user=user_of(persona),
        role=role,
        unit=unit(code),
        block=block,
        starts_on=starts or today(),
        ends_on=ends,
        by=viewer_of(by),
    )


def let_act(giver="chair_a", deputy="staff_a", *, starts=None, ends=None, exceptions=(), grant=None):
    own = grant or db.session.scalars(select(Grant).where(Grant.user_id == user_of(giver).id)).first()
    return actions.give_authority(
        grant=own,
        deputy=user_of(deputy),
        starts_on=starts or today(),
        ends_on=ends or today() + 10 * DAY,
        exceptions=exceptions,
        by=viewer_of(giver),
    )


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


def open_session(persona, digest=b"d" * 32):
    user = user_of(persona)
    attempt = actions.count_attempt(account=user.username, username=user.username, address="10.1.1.1")
    by = rules.viewer_of(queries.who(user), None, today=today())
    return actions.open_session(
        user=user, attempt_id=attempt, digest=digest, address="10.1.1.1", agent="test", by=by
    )


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


# --- grants ------------------------------------------------------------------------------------
def test_nobody_grants_to_oneself(context):
    with pytest.raises(Denied):
        give("admin", Role.HR_OFFICER, "11")
    assert [role.role for role in roles_of("admin")] == [Role.ADMINISTRATOR]


def test_the_database_refuses_a_grant_to_oneself_too(context):
    user = user_of("admin")
    allowed = writing_allowed.set(True)
    db.session.add(
        Grant(
            user_id=user.id,
            role=Role.HR_OFFICER,
            unit_id=unit("11").id,
            starts_on=today(),
            granted_by_id=user.id,
        )
    )
    try:
        with pytest.raises(IntegrityError):
            db.session.flush()
    finally:
        writing_allowed.reset(allowed)
        db.session.rollback()


def test_only_the_administrator_gives_grants(context):
    with pytest.raises(Denied):
        give("nobody", Role.CHAIR, BUNG_LAO, by="chair_a")
    assert roles_of("nobody") == []


def test_a_grant_begins_and_ends_with_its_days(context, on_day):
    give("nobody", Role.CHAIR, BUNG_LAO, starts=date(2026, 7, 16), ends=date(2026, 7, 20))

    found = {}
    for day in (15, 16, 20, 21):
        on_day(date(2026, 7, day))
        found[day] = [
            role.role for role in rules.held_roles(queries.grants_held(user_of("nobody"), date(2026, 7, day)))
        ]

    assert found == {15: [], 16: [Role.CHAIR], 20: [Role.CHAIR], 21: []}


def test_the_same_grant_is_not_given_twice_for_the_same_days(context):
    give("nobody", Role.CHAIR, BUNG_LAO, ends=today() + 5 * DAY)

    with pytest.raises(Unprocessable):
        give("nobody", Role.CHAIR, BUNG_LAO, starts=today() + 5 * DAY)
    give("nobody", Role.CHAIR, BUNG_LAO, starts=today() + 6 * DAY)
    give("nobody", Role.CHAIR, NA_SANG)

    assert len(queries.grants_of(user_of("nobody"))) == 3


def test_a_unit_that_no_longer_stands_gets_no_grants(context):
    former = unit_by_code("03301", date(2025, 6, 30))

    with pytest.raises(Unprocessable) as refused:
        actions.give_grant(
            user=user_of("nobody"),
            role=Role.CHAIR,
            unit=former,
            block=Block.GOVERNMENT,
            starts_on=today(),
            ends_on=None,
            by=viewer_of("admin"),
        )
    assert refused.value.field == "unit"


def test_a_disabled_account_gets_no_grants(context):
    actions.disable_account(user=user_of("nobody"), by=viewer_of("admin"))

    with pytest.raises(Unprocessable):
        give("nobody", Role.CHAIR, BUNG_LAO)


def test_a_revoked_grant_gives_nothing_from_then_on(context):
    grant = give("nobody", Role.CHAIR, BUNG_LAO)

    actions.revoke_grant(grant=grant, by=viewer_of("admin"))

    assert roles_of("nobody") == []
    assert last_event().type is AuditType.GRANT_REVOKED
    with pytest.raises(Unprocessable):
        actions.revoke_grant(grant=grant, by=viewer_of("admin"))


# --- acting authority --------------------------------------------------------------------------
def test_a_deputy_acts_from_the_first_day_to_the_last(context):
    let_act(starts=today() + DAY, ends=today() + 3 * DAY)

    def acting_on(day):
        return [r.acting_for for r in rules.held_roles(queries.grants_held(user_of("staff_a"), day))]

    assert acting_on(today()) == [None]
    assert acting_on(today() + DAY) == [None, "Lường Văn Thắng"]
    assert acting_on(today() + 3 * DAY) == [None, "Lường Văn Thắng"]
    assert acting_on(today() + 4 * DAY) == [None]


def test_exceptions_are_left_out_of_acting_authority(context):
    let_act(exceptions=[Permission.PERSON_EXPORT])

    own, acting = roles_of("staff_a")

    assert own.role is Role.COMMUNE_STAFF
    assert acting.role is Role.CHAIR
    assert Permission.PERSON_EXPORT not in acting.permissions
    assert Permission.PERSON_READ in acting.permissions


def test_what_a_deputy_signs_says_for_whom(context):
    let_act()
    acting = roles_of("staff_a")[1]
    viewer = rules.viewer_of(queries.who(user_of("staff_a")), acting, today=today())

    assert (viewer.name, viewer.acting_for, viewer.role) == ("Tòng Thị Vân", "Lường Văn Thắng", Role.CHAIR)


def test_acting_authority_dies_with_the_grant_it_stands_on(context):
    given = let_act()
    source = db.session.get(Grant, given.delegated_by_id)

    actions.revoke_grant(grant=source, by=viewer_of("admin"))

    assert [role.role for role in roles_of("staff_a")] == [Role.COMMUNE_STAFF]


def test_acting_authority_stops_with_the_givers_account(context):
    let_act()

    actions.disable_account(user=user_of("chair_a"), by=viewer_of("admin"))

    assert [role.role for role in roles_of("staff_a")] == [Role.COMMUNE_STAFF]


def test_the_giver_ends_it_early_and_nobody_else_does(context):
    given = let_act()
    with pytest.raises(Missing):
        actions.end_authority(grant=given, by=viewer_of("chair_b"))

    actions.end_authority(grant=given, by=viewer_of("chair_a"))

    assert [role.role for role in roles_of("staff_a")] == [Role.COMMUNE_STAFF]
    assert last_event().type is AuditType.DELEGATION_ENDED


def test_a_deputy_cannot_pass_authority_on(context):
    given = let_act()
    acting = rules.viewer_of(queries.who(user_of("staff_a")), roles_of("staff_a")[1], today=today())

    with pytest.raises(Denied):
        actions.give_authority(
            grant=given,
            deputy=user_of("staff_b"),
            starts_on=today(),
            ends_on=today(),
            exceptions=(),
            by=acting,
        )


def test_nobody_lets_act_on_a_colleagues_grant_or_oneself(context):
    foreign = db.session.scalars(select(Grant).where(Grant.user_id == user_of("chair_b").id)).one()

    with pytest.raises(Missing):
        let_act(grant=foreign)
    with pytest.raises(Denied):
        let_act(deputy="chair_a")


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
