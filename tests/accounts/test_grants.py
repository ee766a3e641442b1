"""Grants and acting authority, below the web."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import actions, queries, rules
from accounts.models import Grant
from core.audit import AuditType
from core.clock import today
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.permissions import Permission, Role
from core.scope import writing_allowed
from core.units import Block, unit_by_code
from tests.accounts.acts import DAY, give, last_event, let_act, roles_of, unit
from tests.cast import user_of, viewer_of
from tests.personas import BUNG_LAO, NA_SANG


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


def test_a_grant_that_ran_out_meanwhile_gives_no_authority(context):
    own = db.session.scalars(select(Grant).where(Grant.user_id == user_of("chair_a").id)).one()
    actions.revoke_grant(grant=own, by=viewer_of("admin"))

    with pytest.raises(Denied):
        let_act(grant=own)


def test_a_disabled_deputy_does_not_act(context):
    actions.disable_account(user=user_of("staff_a"), by=viewer_of("admin"))

    with pytest.raises(Unprocessable) as refused:
        let_act()
    assert refused.value.field == "deputy"
