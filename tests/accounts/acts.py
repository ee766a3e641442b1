"""What the tests of accounts do over and over, through the real actions."""

import re
from datetime import timedelta

from sqlalchemy import select

from accounts import actions, queries, rules
from accounts.models import Grant
from core.audit import AuditEvent
from core.clock import today
from core.db import db
from core.units import Block, unit_by_code
from tests.cast import user_of, viewer_of
from tests.personas import PASSWORD

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


def open_session(persona, digest=b"d" * 32):
    user = user_of(persona)
    attempt = actions.count_attempt(account=user.username, username=user.username, address="10.1.1.1")
    by = rules.viewer_of(queries.who(user), None, today=today())
    return actions.open_session(
        user=user, attempt_id=attempt, digest=digest, address="10.1.1.1", agent="test", by=by
    )


# --- on the pages -----------------------------------------------------------------------------
NEW = "suoi trong nguon lanh"


def uid_of(app, persona):
    with app.app_context():
        return user_of(persona).uid


def unit_uid(app, code):
    with app.app_context():
        return unit_by_code(code, today()).uid


def last_event_of(app):
    with app.app_context():
        return db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def button(client, url, at, **data):
    """Presses a one-button form of the page `at`."""
    return client.post(url, data={"csrf_token": client.form(at)["csrf_token"], **data})


def initial_password(text):
    return re.search(r"<dd>((?:\w{4}-){4}\w{4})</dd>", text).group(1)


def make_account(client, username="lo.minh"):
    return client.send("/accounts/new", {"username": username, "display_name": "Lò Văn Minh"})


# --- signing in -------------------------------------------------------------------------------
WRONG = "definitely-not-the-password"


def attempt(client, username="chair_a", password=PASSWORD, *, address="10.0.0.1", at="/sign-in"):
    return client.send(
        at, {"username": username, "password": password}, environ_base={"REMOTE_ADDR": address}
    )


def is_signed_in(client):
    return client.get("/account").status_code == 200


def events(app, kind):
    with app.app_context():
        return db.session.scalars(select(AuditEvent).where(AuditEvent.type == kind)).all()
