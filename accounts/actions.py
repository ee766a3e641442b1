"""The writers of accounts, sessions, grants and acting authority. Passwords arrive hashed: hashing
is slow and stays outside the write transaction."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from accounts import queries, rules
from accounts.enums import EndReason
from accounts.models import Grant, LoginAttempt, User, UserSession
from core import audit
from core.actions import action, lock
from core.audit import AuditType, record
from core.clock import now, today
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.gate import writing
from core.permissions import Permission, Role
from core.scope import Viewer, writing_allowed
from core.text import fold, sort_key, tidy_name
from core.units import Block, Unit


# --- signing in and out -----------------------------------------------------------------------
def count_attempt(*, account: str, username: str, address: str) -> int:
    """Counts an attempt before anything is hashed; TooManyAttempts at a limit. The account's row is
    locked meanwhile, so parallel guesses cannot all pass. No row in the log yet: what became of the
    attempt is logged when it is known."""
    allowed = writing_allowed.set(True)
    try:
        with writing(db.session, db.engine):
            queries.user_named(username, locked=True)
            limit = rules.refusal(queries.failures(account, address))
            if limit is not None:
                raise rules.TooManyAttempts(limit)
            attempt = LoginAttempt(account=account, address=address)
            db.session.add(attempt)
            db.session.flush()
            return attempt.id
    finally:
        writing_allowed.reset(allowed)


@action(None)
def open_session(
    *, user: User, attempt_id: int, digest: bytes, address: str, agent: str, by: Viewer
) -> UserSession:
    """Signs in: the attempt succeeded, a session begins."""
    user = lock(user)
    if not user.active:
        raise Missing
    pass_attempt(attempt_id)
    session = UserSession(token_digest=digest, user_id=user.id, address=address[:64], agent=agent[:200])
    db.session.add(session)
    record(AuditType.SIGNED_IN, user)
    return session


def pass_attempt(attempt_id: int) -> None:
    """The attempt succeeded: it no longer counts as a failure."""
    attempt = db.session.get(LoginAttempt, attempt_id)
    if attempt is not None:
        attempt.ok = True


@action(None)
def confirm_password(*, attempt_id: int, by: Viewer) -> None:
    """The own password was given once more, before something that matters."""
    pass_attempt(attempt_id)
    record(AuditType.SIGNED_IN, _own_account(by), reason="password confirmed")


@action(None)
def sign_out(*, by: Viewer) -> None:
    """Ends the viewer's own session on the server."""
    session = db.session.get(UserSession, by.session_id) if by.session_id else None
    if session is not None and session.ended_at is None:
        _end(session, EndReason.SIGNED_OUT)
    record(AuditType.SIGNED_OUT, _own_account(by))


@action(None)
def end_own_session(*, session: UserSession, by: Viewer) -> None:
    """Ends one of the viewer's own sessions, on this device or another."""
    if session.user_id != by.user_id:
        raise Missing
    session = lock(session)
    _end(session, EndReason.OWNER)
    record(AuditType.SESSION_ENDED, _own_account(by), reason=EndReason.OWNER.value)


@action(Permission.ACCOUNT_MANAGE)
def end_sessions(*, user: User, by: Viewer) -> int:
    """Ends every session of an account; returns how many there were."""
    user = lock(user)
    reason = EndReason.COMMAND if by.user_id is None else EndReason.ADMINISTRATOR
    count = _end_all(user, reason)
    record(AuditType.SESSION_ENDED, user, values={"sessions": count}, reason=reason.value)
    return count


@action(None)
def switch_role(*, key: str, by: Viewer) -> rules.HeldRole:
    """Works in another role the account holds today; 404 for one it does not hold."""
    session, user = db.session.get(UserSession, by.session_id), _own_account(by)
    held = {role.key: role for role in rules.held_roles(queries.grants_held(user, by.today))}
    if session is None or key not in held:
        raise Missing
    chosen = held[key]
    session.role, session.block, session.acting_for_id = chosen.role, chosen.block, chosen.acting_for_id
    values = {"role": chosen.role.value, "unit": chosen.unit_label, "acting_for": chosen.acting_for}
    record(AuditType.ROLE_SWITCHED, user, values=values)
    return chosen


@action(None)
def keep_security_changes(*, user: User, values: dict[str, Any], by: Viewer) -> None:
    """Writes what Flask-Security changed on an account, each kind with its row in the log. A new
    password ends every other session of the account."""
    user = lock(user)
    for name, value in values.items():
        setattr(user, name, value)
    if {"password", "fs_uniquifier"} <= values.keys():
        user.must_change_password, user.password_set_at = False, now()
        ended = _end_all(user, EndReason.PASSWORD_CHANGED, but=by.session_id)
        record(AuditType.PASSWORD_CHANGED, user, values={"sessions_ended": ended})
    else:
        # Names only: the values are secrets.
        record(AuditType.ACCOUNT_CHANGED, user, values={"changed": sorted(values)})


# --- accounts ---------------------------------------------------------------------------------
@action(Permission.ACCOUNT_MANAGE)
def create_account(
    *,
    username: str,
    display_name: str,
    password_hash: str,
    by: Viewer,
    person_id: int | None = None,
    must_change: bool = True,
) -> User:
    """A new account without rights; its initial password is good for a day."""
    username = rules.tidy_username(username)
    rules.check_username(username)
    if queries.user_named(username) is not None:
        raise Unprocessable(_l("This user name is taken"), field="username")
    user = User(
        username=username,
        password=password_hash,
        password_set_at=now(),
        must_change_password=must_change,
        fs_uniquifier=secrets.token_hex(32),
        active=True,
        person_id=person_id,
        created_by_id=by.user_id,
        **_name(display_name),
    )
    db.session.add(user)
    db.session.flush()
    record(AuditType.ACCOUNT_CREATED, user, values={"username": username})
    return user


@action(Permission.PERSON_MERGE)
def follow_person(*, by: Viewer, kept_id: int, merged_id: int) -> None:
    """The account of a file that is merged into another names that one. Unprocessable when both have one."""
    accounts = db.session.scalars(select(User).where(User.person_id.in_((kept_id, merged_id)))).all()
    if len(accounts) > 1:
        raise Unprocessable(_l("Both files have an account: have one of them detached first"))
    for user in accounts:
        if user.person_id == merged_id:
            user.person_id = kept_id
            record(AuditType.ACCOUNT_CHANGED, user, values={"changed": ["person_id"]})


@action(Permission.ACCOUNT_MANAGE)
def edit_account(*, user: User, version: int | None, display_name: str, by: Viewer) -> User:
    """Corrects the name shown. The user name stays: the log knows the account by it."""
    user = lock(user, version)
    for name, value in _name(display_name).items():
        setattr(user, name, value)
    changed = audit.changes(user)
    record(AuditType.ACCOUNT_CHANGED, user, values={"display_name": changed.get("display_name")})
    return user


@action(Permission.ACCOUNT_MANAGE)
def disable_account(*, user: User, by: Viewer, reason: str | None = None) -> User:
    """Closes an account at once: its sessions end, authority it gave stops."""
    rules.check_not_oneself(by.user_id, user.id)
    user = lock(user)
    if not user.active:
        raise Unprocessable(_l("This account is disabled already"))
    user.active, user.disabled_at, user.disabled_by_id = False, now(), by.user_id
    _end_all(user, EndReason.ACCOUNT_DISABLED)
    record(AuditType.ACCOUNT_DISABLED, user, reason=reason)
    return user


@action(Permission.ACCOUNT_MANAGE)
def enable_account(*, user: User, by: Viewer) -> User:
    """Opens a disabled account again, with the grants that still run."""
    rules.check_not_oneself(by.user_id, user.id)
    user = lock(user)
    if user.active:
        raise Unprocessable(_l("This account is active already"))
    user.active, user.disabled_at, user.disabled_by_id = True, None, None
    record(AuditType.ACCOUNT_ENABLED, user)
    return user


@action(Permission.ACCOUNT_MANAGE)
def reset_password(*, user: User, password_hash: str, by: Viewer) -> User:
    """A new initial password, to be changed within a day; every session of the account ends."""
    rules.check_not_oneself(by.user_id, user.id)
    user = lock(user)
    user.password, user.password_set_at, user.must_change_password = password_hash, now(), True
    user.fs_uniquifier = secrets.token_hex(32)
    ended = _end_all(user, EndReason.PASSWORD_RESET)
    record(AuditType.PASSWORD_RESET, user, values={"sessions_ended": ended})
    return user


# --- grants and acting authority --------------------------------------------------------------
@action(Permission.GRANT_MANAGE)
def give_grant(
    *, user: User, role: Role, unit: Unit, block: Block, starts_on: date, ends_on: date | None, by: Viewer
) -> Grant:
    """Gives a role in a unit and its subtree. Nobody grants to oneself."""
    rules.check_not_oneself(by.user_id, user.id)
    rules.check_dates(starts_on, ends_on, by.today)
    if not unit.exists_on(max(starts_on, by.today)):
        raise Unprocessable(_l("This unit does not stand on that day: choose its successor"), field="unit")
    user = lock(user)
    if not user.active:
        raise Unprocessable(_l("This account is disabled: enable it first"))
    for held in queries.grants_of(user):
        same = (held.role, held.unit_id, held.block) == (
            role,
            unit.id,
            block,
        ) and held.delegated_by_id is None
        if same and held.revoked_at is None and _overlap(held, starts_on, ends_on):
            raise Unprocessable(_l("The account holds this grant already for these days"), field="starts_on")
    grant = Grant(
        user_id=user.id,
        role=role,
        unit_id=unit.id,
        block=block,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.user_id,
    )
    db.session.add(grant)
    record(AuditType.GRANT_GIVEN, user, values=_described(grant, unit), unit_id=unit.id)
    return grant


@action(Permission.GRANT_MANAGE)
def revoke_grant(*, grant: Grant, by: Viewer) -> Grant:
    """Ends a grant at once, acting authority that stands on it too."""
    rules.check_not_oneself(by.user_id, grant.user_id)
    grant = _revoke(grant, by)
    unit = db.session.get_one(Unit, grant.unit_id)
    user = db.session.get_one(User, grant.user_id)
    kind = AuditType.GRANT_REVOKED if grant.delegated_by_id is None else AuditType.DELEGATION_ENDED
    record(kind, user, values=_described(grant, unit), unit_id=unit.id)
    return grant


@action(Permission.DELEGATION_MANAGE)
def give_authority(
    *,
    grant: Grant,
    deputy: User,
    starts_on: date,
    ends_on: date | None,
    exceptions: Iterable[Permission],
    by: Viewer,
) -> Grant:
    """Lets a deputy act in the viewer's own role from–to, less what is left out."""
    left_out = sorted(set(exceptions))
    if grant.user_id != by.user_id or by.acting_for is not None:
        raise Missing
    rules.check_not_oneself(by.user_id, deputy.id)
    grant = lock(grant)
    if not grant.runs_on(by.today):
        raise Denied(_l("Your own grant no longer runs"))
    rules.check_authority(grant.role, grant.delegated_by_id is not None, left_out, ends_on, grant.ends_on)
    rules.check_dates(starts_on, ends_on, by.today)
    deputy = db.session.get_one(User, deputy.id)
    if not deputy.active:
        raise Unprocessable(_l("This account is disabled: choose another deputy"), field="deputy")
    given = Grant(
        user_id=deputy.id,
        role=grant.role,
        unit_id=grant.unit_id,
        block=grant.block,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=by.user_id,
        delegated_by_id=grant.id,
        exceptions=[permission.value for permission in left_out],
    )
    db.session.add(given)
    unit = db.session.get_one(Unit, grant.unit_id)
    record(AuditType.DELEGATION_GIVEN, deputy, values=_described(given, unit), unit_id=unit.id)
    return given


@action(Permission.DELEGATION_MANAGE)
def end_authority(*, grant: Grant, by: Viewer) -> Grant:
    """Takes acting authority back before its last day; only who gave it can."""
    source = db.session.get(Grant, grant.delegated_by_id) if grant.delegated_by_id else None
    if source is None or source.user_id != by.user_id or by.acting_for is not None:
        raise Missing
    grant = _revoke(grant, by)
    unit = db.session.get_one(Unit, grant.unit_id)
    deputy = db.session.get_one(User, grant.user_id)
    record(AuditType.DELEGATION_ENDED, deputy, values=_described(grant, unit), unit_id=unit.id)
    return grant


# --- parts ------------------------------------------------------------------------------------
def _own_account(by: Viewer) -> User:
    return db.session.get_one(User, by.user_id)


def _name(display_name: str) -> dict[str, str]:
    name = tidy_name(display_name)
    if not name:
        raise Unprocessable(_l("Enter the name"), field="display_name")
    return {"display_name": name, "name_key": sort_key(name)[:600], "name_fold": fold(name)}


def _end(session: UserSession, reason: EndReason) -> None:
    session.ended_at, session.ended_reason = now(), reason


def _end_all(user: User, reason: EndReason, but: int | None = None) -> int:
    query = select(UserSession).where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
    ending = [session for session in db.session.scalars(query) if session.id != but]
    for session in ending:
        _end(session, reason)
    return len(ending)


def _revoke(grant: Grant, by: Viewer) -> Grant:
    grant = lock(grant)
    if grant.revoked_at is not None or (grant.ends_on is not None and grant.ends_on < today()):
        raise Unprocessable(_l("This grant is over already"))
    grant.revoked_at, grant.revoked_by_id = now(), by.user_id
    return grant


def _overlap(held: Grant, starts_on: date, ends_on: date | None) -> bool:
    return (ends_on is None or held.starts_on <= ends_on) and (
        held.ends_on is None or starts_on <= held.ends_on
    )


def _described(grant: Grant, unit: Unit) -> dict[str, Any]:
    found = {
        "role": grant.role.value,
        "unit": f"{unit.code} {unit.name}",
        "block": grant.block.value,
        "from": grant.starts_on.isoformat(),
        "to": grant.ends_on.isoformat() if grant.ends_on else None,
    }
    return {**found, "exceptions": grant.exceptions} if grant.exceptions else found
