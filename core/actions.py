"""Actions: the only writers. One action, one transaction, at least one row in the log.

Order inside: permission → writer lock → a fresh write transaction → submission token → the
action itself (locks its root row, compares the form's version, applies the rules, changes) →
log, the chain's head last → commit. Actions compose by calling one another; the outermost commits.
"""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.audit_types import READINGS
from core.clock import now
from core.db import Base, EnumText, KeyText, UtcDateTime, db, is_sqlite
from core.errors import Conflict, Denied, Missing, Unprocessable
from core.gate import writing
from core.ids import Uid
from core.permissions import Permission
from core.scope import Viewer, bind_viewer, current_viewer, writing_allowed

__all__ = ["EnumText", "Submission", "action", "lock"]

P = ParamSpec("P")
R = TypeVar("R")
Row = TypeVar("Row", bound=Any)


#: Called inside the transaction once a form's token is used up: (token, user id).
on_sent: list[Callable[[str, int | None], None]] = []


class Submission(Base):
    """A one-time token of a form: a repeat answers with the first result and writes nothing."""

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(KeyText(64), primary_key=True)
    user_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    result_kind: Mapped[str | None] = mapped_column(String(60))
    result_uid: Mapped[str | None] = mapped_column(Uid)


def action(permission: Permission | None) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Makes a writer of a keyword-only function. Callers give `by` (the viewer) and may give
    `token`, the form's one-time token. `None`: what every signed-in account may do on its own."""

    def declare(function: Callable[..., R]) -> Callable[..., R]:
        name = f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        def call(*, by: Viewer, token: str | None = None, **details: Any) -> R:
            if permission is not None and not by.can(permission):
                raise Denied(_l("Your role does not allow this"))
            if audit.collected.get() is not None:
                return function(by=by, **details)
            return _run(function, name, by, token, details)

        call.permission = permission  # type: ignore[attr-defined]
        return call

    return declare


def lock(row: Row, version: int | None = None) -> Row:
    """Re-reads `row` under lock, in scope; Missing when it is gone from view. With `version` (the
    one the form was opened with) raises Conflict when somebody changed the row meanwhile."""
    cls, state = type(row), inspect(row)
    # The gate has expired the row: its key is asked of the session, not of the database.
    key = state.identity[0] if state.identity else row.id
    fresh = db.session.scalar(
        select(cls).where(cls.id == key).with_for_update().execution_options(populate_existing=True)
    )
    if fresh is None:
        raise Missing
    if version is not None and fresh.version != version:
        raise Conflict(fresh, **last_change(fresh.uid))
    return fresh


def last_change(uid: str) -> dict[str, Any]:
    """Who last changed the thing with this uid, when, and what was done, from the log."""
    query = select(audit.AuditEvent.actor_name, audit.AuditEvent.at, audit.AuditEvent.type).where(
        audit.AuditEvent.subject_uid == uid, audit.AuditEvent.type.not_in(READINGS)
    )
    found = db.session.execute(query.order_by(audit.AuditEvent.seq.desc()).limit(1)).first()
    return {"by": found.actor_name, "at": found.at, "what": found.type.label} if found else {}


def _run(function: Callable[..., R], name: str, by: Viewer, token: str | None, details: dict[str, Any]) -> R:
    events: list[audit.Pending] = []
    resets = (audit.collected.set(events), writing_allowed.set(True))
    viewer = current_viewer() or by
    try:
        with bind_viewer(viewer), writing(db.session, db.engine):
            if token and not _claim(token, by, name):
                return _first_result(token, by, name)
            result = function(by=by, **details)
            db.session.flush()
            if token:
                _remember(token, result)
                for tell in on_sent:
                    tell(token, by.user_id)
            if not events:
                raise RuntimeError(f"{name} left no row in the log")
            audit.write(db.session(), by, events)
        return result
    finally:
        audit.collected.reset(resets[0])
        writing_allowed.reset(resets[1])


def _claim(token: str, by: Viewer, name: str) -> bool:
    """Writes the token's row; False when it was there. On PostgreSQL the second of two parallel
    sends waits here for the first to end."""
    insert = sqlite.insert if is_sqlite(db.engine) else postgresql.insert
    row = {"token": token, "user_id": by.user_id, "action": name, "at": now()}
    # RETURNING, for the row count of an insert is not known on every driver.
    claim = insert(Submission).values(row).on_conflict_do_nothing().returning(Submission.token)
    return db.session.scalar(claim) is not None


def _remember(token: str, result: Any) -> None:
    if getattr(result, "uid", None) is None:
        return
    found = {"result_kind": type(result).__name__, "result_uid": result.uid}
    db.session.execute(update(Submission).where(Submission.token == token).values(found))


def _first_result(token: str, by: Viewer, name: str) -> Any:
    row = db.session.scalars(select(Submission).where(Submission.token == token)).one()
    if row.user_id != by.user_id:
        raise Unprocessable(_l("This form belongs to another account. Open it again"))
    if row.action != name:
        # The token of another form of the page: what was asked here has not been done.
        raise Unprocessable(_l("This page was used already. Open it again"))
    if row.result_uid is None:
        return None
    (cls,) = (m.class_ for m in Base.registry.mappers if m.class_.__name__ == row.result_kind)
    return db.session.scalar(select(cls).where(cls.uid == row.result_uid))
