"""Reads of accounts, sessions, grants and attempts. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    LargeBinary,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload

from accounts.enums import AccountState, GrantState
from accounts.models import ENDING_SPAN, Grant, LoginAttempt, User, UserSession
from accounts.rules import ATTEMPT_WINDOW, KNOWN_ADDRESS_SPAN, Failures, HeldGrant, Who
from core.audit import AuditEvent, AuditType
from core.changes import last_change
from core.clock import PROVINCE_ZONE, now
from core.db import db
from core.errors import Missing
from core.ids import is_uid
from core.paging import Keyset
from core.permissions import Role
from core.scope import read_rows
from core.text import fold
from core.units import Block, Unit, UnitKind, main_units

#: What the administrator reads of the log: accounts, grants, rules, never what was done with people.
ADMINISTRATION_TYPES = frozenset(
    {
        AuditType.ACCOUNT_CHANGED,
        AuditType.ACCOUNT_CREATED,
        AuditType.ACCOUNT_DISABLED,
        AuditType.ACCOUNT_ENABLED,
        AuditType.DELEGATION_ENDED,
        AuditType.DELEGATION_GIVEN,
        AuditType.GRANT_GIVEN,
        AuditType.GRANT_REVOKED,
        AuditType.GROUP_SWITCHED,
        AuditType.LAW_ADDED,
        AuditType.PASSWORD_CHANGED,
        AuditType.PASSWORD_RESET,
        AuditType.ROLE_SWITCHED,
        AuditType.SEEDED,
        AuditType.SESSION_ENDED,
        AuditType.SIGNED_IN,
        AuditType.SIGNED_OUT,
        AuditType.SIGN_IN_FAILED,
    }
)
EXPORT_TYPES = frozenset({AuditType.FILES_EXPORTED, AuditType.LOG_EXPORTED, AuditType.PEOPLE_EXPORTED})
UNUSED_SPAN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What one statement tells of a session: itself, its account, the running grants."""

    session_id: int
    created_at: datetime
    role: Role | None
    block: Block | None
    acting_for_id: int | None
    who: Who
    session_key: str
    must_change_password: bool
    last_change: int
    grants: tuple[HeldGrant, ...]


def running(grant: Any, day: Any) -> ColumnElement[bool]:
    """Criterion: `grant` (the class or an alias) itself runs on `day`, a date or a parameter."""
    return and_(
        grant.revoked_at.is_(None), grant.starts_on <= day, or_(grant.ends_on.is_(None), grant.ends_on >= day)
    )


def _with_grants(query: Any) -> Any:
    """Joins the grants running on the parameter `day`, their units and, for acting authority, the
    giver: it runs only while the giver's own grant runs and the giver's account is active."""
    source, giver, day = aliased(Grant), aliased(User), bindparam("day", type_=Date())
    gives = or_(Grant.delegated_by_id.is_(None), and_(running(source, day), giver.active))
    return (
        query.outerjoin(Grant, and_(Grant.user_id == User.id, running(Grant, day)))
        .outerjoin(Unit, Unit.id == Grant.unit_id)
        .outerjoin(source, source.id == Grant.delegated_by_id)
        .outerjoin(giver, giver.id == source.user_id)
        .add_columns(
            Grant.role,
            Grant.block,
            Grant.unit_id,
            Unit.name,
            Unit.kind,
            giver.id,
            giver.display_name,
            Grant.exceptions,
            gives,
        )
        .order_by(Unit.name_key, Grant.id)
    )


def _held(row: Sequence[Any]) -> HeldGrant | None:
    role, block, unit_id, unit_name, unit_kind, giver_id, giver, left_out, gives = row
    if role is None or not gives:
        return None
    return HeldGrant(role, block, unit_id, unit_name, unit_kind, giver_id, giver, tuple(left_out or ()))


@cache
def _session_behind() -> Any:
    """The statement of every request, built once."""
    query = select(
        UserSession.id,
        UserSession.created_at,
        UserSession.role,
        UserSession.block,
        UserSession.acting_for_id,
        User.id,
        User.uid,
        User.display_name,
        User.person_id,
        User.fs_uniquifier,
        User.must_change_password,
        last_change(),
    ).join(User, User.id == UserSession.user_id)
    mine = UserSession.token_digest == bindparam("digest", type_=LargeBinary())
    return _with_grants(query.where(mine, UserSession.ended_at.is_(None), User.active))


@cache
def _grants_of_one() -> Any:
    return _with_grants(select(User.id).where(User.id == bindparam("user_id", type_=Integer())))


def signed_in(digest: bytes, day: date) -> SignedIn | None:
    """Session, account and running grants behind a token, in one statement; None when the session
    ended or the account is disabled."""
    found = read_rows(_session_behind(), {"digest": digest, "day": day}).all()
    if not found:
        return None
    session_id, created_at, role, block, acting_for_id, *account, key, must_change, changed = found[0][:12]
    grants = tuple(grant for row in found if (grant := _held(row[12:])) is not None)
    state = (Who(*account), key, must_change, changed or 0)
    return SignedIn(session_id, created_at, role, block, acting_for_id, *state, grants)


def lapsed_user_id(digest: bytes) -> int | None:
    """The active account behind a session that nobody ended, however old."""
    query = select(User.id).join(UserSession, UserSession.user_id == User.id)
    return db.session.scalar(
        query.where(UserSession.token_digest == digest, UserSession.ended_at.is_(None), User.active)
    )


def grants_held(user: User, day: date) -> tuple[HeldGrant, ...]:
    """The grants that give `user` rights on `day`."""
    found = read_rows(_grants_of_one(), {"user_id": user.id, "day": day})
    return tuple(grant for row in found if (grant := _held(row[1:])) is not None)


def who(user: User) -> Who:
    """The account's part of a viewer."""
    return Who(user.id, user.uid, user.display_name, user.person_id)


def find_user(uid: str) -> User:
    """The account with this uid; Missing when there is none."""
    found = db.session.scalar(select(User).where(User.uid == uid))
    if found is None:
        raise Missing
    return found


def user_named(username: str, *, locked: bool = False) -> User | None:
    """The account with this (folded) user name, active or not."""
    query = select(User).where(User.username == username)
    return db.session.scalar(query.with_for_update() if locked else query)


def _matches(part: str) -> ColumnElement[bool]:
    return or_(User.name_fold.contains(part, autoescape=True), User.username.contains(part, autoescape=True))


def failures(account: str, address: str) -> Failures:
    """Failed attempts within the window, in one statement."""
    moment = now()
    recent = (LoginAttempt.at > moment - ATTEMPT_WINDOW, LoginAttempt.ok.is_(False))

    def count(*criteria: ColumnElement[bool]) -> Any:
        return select(func.count()).select_from(LoginAttempt).where(*recent, *criteria).scalar_subquery()

    of_account, of_address = LoginAttempt.account == account, LoginAttempt.address == address
    known = exists().where(
        of_account, of_address, LoginAttempt.ok.is_(True), LoginAttempt.at > moment - KNOWN_ADDRESS_SPAN
    )
    row = db.session.execute(
        select(count(of_account, of_address), count(of_account), count(of_address), known)
    ).one()
    return Failures(pair=row[0], account=row[1], address=row[2], known_address=bool(row[3]))


def _last_sign_in() -> Any:
    query = select(func.max(UserSession.created_at)).where(UserSession.user_id == User.id)
    return query.correlate(User).scalar_subquery()


def list_accounts(
    *, day: date, words: str = "", state: AccountState | None = None, role: Role | None = None
) -> Any:
    """Rows (account, last sign-in) in Vietnamese order."""
    last = _last_sign_in()
    query = select(User, User.uid.label("uid"), last.label("last_sign_in"))
    for part in fold(words).split()[:6]:
        query = query.where(_matches(part))
    if state is AccountState.DISABLED:
        query = query.where(User.active.is_(False))
    elif state is not None:
        query = query.where(User.active)
    if state is AccountState.NEVER:
        query = query.where(last.is_(None))
    elif state is AccountState.UNUSED:
        since = now() - UNUSED_SPAN
        query = query.where(or_(last < since, and_(last.is_(None), User.created_at < since)))
    if role is not None:
        query = query.where(User.id.in_(select(Grant.user_id).where(Grant.role == role, running(Grant, day))))
    return query


ACCOUNTS_ORDER = Keyset((User.name_key, User.id), User.uid)
GRANTS_ORDER = Keyset((User.name_key, Grant.id), Grant.uid)


def last_sign_in(user: User) -> datetime | None:
    """When the account last signed in."""
    return db.session.scalar(select(func.max(UserSession.created_at)).where(UserSession.user_id == user.id))


def open_sessions(user_id: int, since: datetime) -> Sequence[UserSession]:
    """Sessions not ended, begun after `since` (older ones have run out), newest first."""
    query = select(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.created_at > since
    )
    return db.session.scalars(query.order_by(UserSession.created_at.desc(), UserSession.id.desc())).all()


def find_session(uid: str) -> UserSession:
    """The session with this uid, with its account; Missing when there is none."""
    query = select(UserSession).options(joinedload(UserSession.user)).where(UserSession.uid == uid)
    found = db.session.scalar(query)
    if found is None:
        raise Missing
    return found


def _grants() -> Select[Grant]:
    return (
        select(Grant)
        .join(Grant.user)
        .join(Grant.unit)
        .options(
            contains_eager(Grant.user),
            contains_eager(Grant.unit),
            joinedload(Grant.granted_by),
            joinedload(Grant.delegated_by).joinedload(Grant.user),
        )
    )


def grants_of(user: User) -> Sequence[Grant]:
    """Every grant of an account, running ones and past ones, newest first."""
    query = _grants().where(Grant.user_id == user.id)
    return db.session.scalars(query.order_by(Grant.starts_on.desc(), Grant.id.desc())).all()


def list_grants(
    *, day: date, words: str = "", state: GrantState | None = None, role: Role | None = None
) -> Select[Grant]:
    """Grants by account, in Vietnamese order."""
    query = _grants()
    for part in fold(words).split()[:6]:
        query = query.where(or_(_matches(part), Unit.name_fold.contains(part, autoescape=True)))
    if role is not None:
        query = query.where(Grant.role == role)
    if state in (GrantState.RUNNING, GrantState.ENDING):
        query = query.where(running(Grant, day))
    if state is GrantState.ENDING:
        query = query.where(Grant.ends_on <= day + ENDING_SPAN)
    elif state is GrantState.FUTURE:
        query = query.where(Grant.revoked_at.is_(None), Grant.starts_on > day)
    elif state is GrantState.OVER:
        query = query.where(or_(Grant.revoked_at.is_not(None), Grant.ends_on < day))
    return query


def find_grant(uid: str) -> Grant:
    """The grant with this uid, with account and unit; Missing when there is none."""
    found = db.session.scalar(_grants().where(Grant.uid == uid))
    if found is None:
        raise Missing
    return found


def own_grants(user_id: int | None, role: Role | None, day: date) -> Sequence[Grant]:
    """The grants in person of an account that run on `day` in `role`."""
    query = _grants().where(
        Grant.user_id == user_id, Grant.role == role, Grant.delegated_by_id.is_(None), running(Grant, day)
    )
    return db.session.scalars(query.order_by(Grant.id)).all()


def authority_given(user_id: int | None) -> Sequence[Grant]:
    """Acting authority an account gave, newest first."""
    source = aliased(Grant)
    query = _grants().join(source, source.id == Grant.delegated_by_id).where(source.user_id == user_id)
    return db.session.scalars(query.order_by(Grant.starts_on.desc(), Grant.id.desc())).all()


def deputies(unit_ids: Sequence[int], but_id: int | None, words: str, day: date) -> Sequence[User]:
    """Active accounts that may act: those with a grant in the same units, or found by `words`."""
    parts = fold(words).split()[:6]
    query = select(User).where(User.active, User.id != but_id)
    if parts:
        query = query.where(*(_matches(part) for part in parts))
    else:
        same_unit = select(Grant.user_id).where(Grant.unit_id.in_(unit_ids), running(Grant, day))
        query = query.where(User.id.in_(same_unit))
    return db.session.scalars(query.order_by(User.name_key, User.id).limit(30)).all()


def list_log(
    *,
    types: frozenset[AuditType] | None = None,
    type: AuditType | None = None,
    actor: str = "",
    subject: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Any:
    """Rows (event, name of the unit) of the log, newest first; `types` bounds what may be read."""
    query = select(AuditEvent, Unit.name).outerjoin(Unit, Unit.id == AuditEvent.unit_id)
    if types is not None:
        query = query.where(AuditEvent.type.in_(sorted(types)))
    if type is not None:
        query = query.where(AuditEvent.type == type)
    if actor:
        query = query.where(AuditEvent.actor_id.in_(_accounts_like(User.id, actor)))
    if subject:
        named = AuditEvent.subject_uid.in_(_accounts_like(User.uid, subject))
        exact = AuditEvent.subject_uid == subject if is_uid(subject) else AuditEvent.subject_label == subject
        query = query.where(or_(named, exact))
    if starts_on is not None:
        query = query.where(AuditEvent.at >= _midnight(starts_on))
    if ends_on is not None:
        query = query.where(AuditEvent.at < _midnight(ends_on + timedelta(days=1)))
    return query.order_by(AuditEvent.seq.desc())


def log_page(query: Any, before: int | None, size: int) -> tuple[Sequence[Any], int | None]:
    """At most `size` rows older than row `before`, and the number the next page starts before."""
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    rows = db.session.execute(query.limit(size + 1)).all()
    return rows[:size], rows[size - 1][0].seq if len(rows) > size else None


def log_rows(query: Any, limit: int) -> Sequence[Any]:
    """The first `limit` rows, for an export."""
    return db.session.execute(query.limit(limit)).all()


def _accounts_like(column: Any, words: str) -> Select[Any]:
    return select(column).where(*(_matches(part) for part in fold(words).split()[:6]))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, PROVINCE_ZONE)


def unit_choices(day: date) -> list[tuple[str, str]]:
    """(uid, name) of the units a grant can be given in: the province, then the main units."""
    root = db.session.scalars(select(Unit).where(Unit.kind == UnitKind.PROVINCE)).all()
    return [(unit.uid, unit.name) for unit in (*root, *db.session.scalars(main_units(day)))]


def with_open_sessions() -> Sequence[User]:
    """Accounts that have a session not ended."""
    open_ = select(UserSession.user_id).where(UserSession.ended_at.is_(None))
    return db.session.scalars(select(User).where(User.id.in_(open_)).order_by(User.id)).all()
