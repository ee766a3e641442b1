"""The lists' filters, state by state."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from accounts import actions, queries
from accounts.enums import AccountState, EndReason, GrantState
from accounts.models import User, UserSession
from core.clock import now, today
from core.db import db
from core.errors import Missing
from core.permissions import Role
from core.scope import writing_allowed
from core.units import Block, unit_by_code
from tests.cast import user_of, viewer_of
from tests.personas import BUNG_LAO

DAY = timedelta(days=1)


def accounts(**filters):
    rows = db.session.execute(queries.list_accounts(day=today(), **filters).order_by(User.username))
    return [row[0].username for row in rows]


def signed_in(persona, ago):
    allowed = writing_allowed.set(True)
    db.session.add(
        UserSession(
            token_digest=persona.encode().ljust(32),
            user_id=user_of(persona).id,
            address="",
            agent="",
            created_at=now() - ago,
        )
    )
    db.session.commit()
    writing_allowed.reset(allowed)


def test_accounts_never_used_and_long_unused(context):
    signed_in("admin", DAY)
    signed_in("leader", 91 * DAY)

    assert "admin" not in accounts(state=AccountState.NEVER)
    assert len(accounts(state=AccountState.NEVER)) == 10
    assert accounts(state=AccountState.UNUSED) == ["leader"]
    assert len(accounts(state=AccountState.ACTIVE)) == 12


def give(starts, ends):
    return actions.give_grant(
        user=user_of("nobody"),
        role=Role.INSPECTOR,
        unit=unit_by_code(BUNG_LAO, today()),
        block=Block.GOVERNMENT,
        starts_on=starts,
        ends_on=ends,
        by=viewer_of("admin"),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (0, None, GrantState.RUNNING),
        (0, 31, GrantState.RUNNING),
        (0, 30, GrantState.ENDING),
        (0, 0, GrantState.ENDING),
        (1, None, GrantState.FUTURE),
    ],
)
def test_the_state_of_a_grant_and_the_filter_agree(context, starts, ends, state):
    day = today()
    grant = give(day + starts * DAY, None if ends is None else day + ends * DAY)

    assert grant.state_on(day) is state
    for other in GrantState:
        query = queries.list_grants(day=day, words="nobody", state=other)
        listed = len(db.session.scalars(query).all())
        runs_and_ends = state is GrantState.ENDING and other is GrantState.RUNNING
        assert listed == (1 if other is state or runs_and_ends else 0), other


def test_a_revoked_grant_is_over(context):
    grant = actions.revoke_grant(grant=give(today(), None), by=viewer_of("admin"))

    assert grant.state_on(today()) is GrantState.OVER
    assert not grant.runs_on(today())
    assert len(db.session.scalars(queries.list_grants(day=today(), state=GrantState.OVER)).all()) == 1


def test_deputies_are_colleagues_unless_asked_for_by_name(context):
    unit, me = unit_by_code(BUNG_LAO, today()), user_of("chair_a").id

    assert [user.username for user in queries.deputies([unit.id], me, "", today())] == ["staff_a"]
    assert [user.username for user in queries.deputies([unit.id], me, "mua do", today())] == ["staff_b"]
    assert queries.deputies([unit.id], me, "luong thang", today()) == []


@pytest.mark.parametrize("find", [queries.find_user, queries.find_session, queries.find_grant])
def test_what_is_not_there_is_missing(context, find):
    with pytest.raises(Missing):
        find("a" * 26)


def test_stored_values_read_back(context):
    signed_in("admin", DAY)
    allowed = writing_allowed.set(True)
    session = db.session.scalars(select(UserSession)).one()
    for reason in EndReason:
        session.ended_at, session.ended_reason = now(), reason
        db.session.commit()
        db.session.expire_all()
        assert session.ended_reason is reason
        assert str(reason.label)
    writing_allowed.reset(allowed)
    assert [str(state.label) for state in (*AccountState, *GrantState)]
