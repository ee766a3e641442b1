"""The log: append-only, one HMAC chain over writes and reads.

Each row's mac covers the mac before it and a digest of the values; the values lie beside and can
be blanked by a recorded erasure without breaking the chain. The key stays outside the database.
A cut-off tail is found by comparing the last row with the head, a cut-off head and tail together
only by an anchor kept elsewhere (`flask audit anchor`).
"""

import hashlib
import hmac
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from flask import current_app, g, has_request_context, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    bindparam,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.audit_types import READINGS
from core.audit_types import AuditType as AuditType
from core.clock import now
from core.db import Base, EnumText, KeyText, UtcDateTime, db, to_json
from core.errors import Busy
from core.gate import writing
from core.ids import Uid
from core.scope import Viewer, current_viewer, read_rows, writing_allowed

#: Opening the same personnel file again within this span adds no row (design §5).
REOPEN_SPAN = timedelta(minutes=10)


class AuditEvent(Base):
    """One row of the log. No foreign keys: the log neither blocks nor dies with live data."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(40))
    acting_for: Mapped[str | None] = mapped_column(String(200))
    type: Mapped[AuditType] = mapped_column(EnumText(AuditType))
    subject_kind: Mapped[str] = mapped_column(KeyText(40))
    subject_uid: Mapped[str | None] = mapped_column(Uid)
    subject_label: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(1000))
    request_id: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(64))
    values: Mapped[str | None] = mapped_column(
        "value_json", Text, comment="JSON; NULL when there are none or they were erased"
    )
    values_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32), comment="SHA-256 of the JSON")
    key_id: Mapped[str] = mapped_column(String(20))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))

    __table_args__ = (
        Index("ix_audit_event_subject", "subject_uid", "seq"),
        Index("ix_audit_event_actor", "actor_id", "seq"),
        Index("ix_audit_event_type", "type", "seq"),
    )


class AuditHead(Base):
    """The chain's head: number and mac of the last row, and the number of the last one that tells of a
    change. Locked last in every transaction."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))
    changed: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="last row that is no reading; outside the chain"
    )


#: Columns the chain covers, in this order; `values` through its digest only.
CHAINED = (
    "seq",
    "at",
    "actor_id",
    "actor_name",
    "role",
    "acting_for",
    "type",
    "subject_kind",
    "subject_uid",
    "subject_label",
    "unit_id",
    "reason",
    "request_id",
    "address",
    "values_digest",
    "key_id",
)

#: Enforced on both engines; migrations re-create them after a batch change (Alembic drops them).
SQLITE_TRIGGERS = {
    "audit_event_no_delete": """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    "audit_event_no_update": f"""CREATE TRIGGER audit_event_no_update
        BEFORE UPDATE OF {", ".join(CHAINED)}, mac ON audit_event
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    "audit_event_only_erase": """CREATE TRIGGER audit_event_only_erase
        BEFORE UPDATE OF value_json ON audit_event WHEN NEW.value_json IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
}
POSTGRESQL_TRIGGERS = {
    "audit_event_append_only": """CREATE FUNCTION audit_event_append_only() RETURNS trigger AS $$
        BEGIN
          IF TG_OP = 'UPDATE' AND NEW.value_json IS NULL THEN
            NEW.value_json := OLD.value_json;
            IF NEW IS NOT DISTINCT FROM OLD THEN NEW.value_json := NULL; RETURN NEW; END IF;
          END IF;
          RAISE EXCEPTION 'the log is append-only';
        END $$ LANGUAGE plpgsql;
        CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_append_only();
        CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()""",
}


@dataclass(frozen=True, slots=True)
class Pending:
    """An event collected during an action, written when the action ends."""

    type: AuditType
    kind: str
    uid: str | None
    label: str
    values: dict[str, Any] | None
    unit_id: int | None
    reason: str | None


#: Types that JSON holds as they are; most values are of them, and an enum's type is its own.
_PLAIN = frozenset({str, int, bool, type(None)})

#: Events of the action under way, in order. None: no action is under way.
collected: ContextVar[list[Pending] | None] = ContextVar("audit_collected", default=None)


def record(
    type: AuditType,
    subject: Any,
    *,
    values: dict[str, Any] | None = None,
    unit_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Adds one event to the action under way; it is written in the action's own transaction.
    `subject` is a row with a uid, or a plain text naming the thing."""
    events = collected.get()
    if events is None:
        raise RuntimeError("audit.record outside an action")
    events.append(_pending(type, subject, values, unit_id, reason))


def record_view(
    type: AuditType, *subjects: Any, purpose: str | None = None, values: dict[str, Any] | None = None
) -> None:
    """Logs a reading in a short transaction of its own, before the body is built. If it cannot
    be written the reading does not happen: Busy (503)."""
    viewer = current_viewer()
    if viewer is None:
        raise RuntimeError("audit.record_view with no viewer bound")
    events = [_pending(type, subject, values, None, purpose) for subject in subjects]
    try:
        if type is AuditType.PERSON_OPENED:
            events = [event for event in events if not _opened_lately(viewer, event.uid)]
        if not events:
            return
        with Session(db.engine) as session, writing(session, db.engine):
            write(session, viewer, events)
    except SQLAlchemyError as error:
        raise Busy(
            _l("The log cannot be written, so nothing can be opened. Try again in a moment")
        ) from error


def record_outside(type: AuditType, subject: Any, viewer: Viewer, **details: Any) -> None:
    """Writes one event in a transaction of its own, for what happens outside actions
    (refusals, failed sign-ins, reads of the program)."""
    event = _pending(type, subject, details.get("values"), None, details.get("reason"))
    with Session(db.engine) as session, writing(session, db.engine):
        write(session, viewer, [event])


def changes(row: Any) -> dict[str, list[Any]]:
    """Changed columns of `row` as {name: [old, new]}, before the flush; for `record(values=…)`."""
    found = {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if attribute.key not in row.__mapper__.columns or not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old != new and attribute.key != "version":
            found[attribute.key] = [plain(old), plain(new)]
    return found


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: dates ISO, decimals and enums as text."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    return value


def write(session: Session, viewer: Viewer, events: list[Pending]) -> None:
    """Appends `events` to the chain: locks the head, inserts, moves the head. Called last."""
    head = session.execute(select(AuditHead.seq, AuditHead.mac).with_for_update()).one()
    seq, mac = head.seq, head.mac
    key, key_id = _key()
    rows = []
    for event in events:
        seq += 1
        row = _row(seq, viewer, event, key_id)
        mac = chain(key, mac, row)
        rows.append(_columns({**row, "mac": mac}))
    allowed = writing_allowed.set(True)
    try:
        table: Any = AuditEvent.__table__
        session.execute(table.insert(), rows)
        moved = {"seq": seq, "mac": mac}
        if any(event.type not in READINGS for event in events):
            moved["changed"] = seq
            if has_request_context():
                g.pop("last_change", None)
        session.execute(update(AuditHead).where(AuditHead.id == 1).values(moved))
    finally:
        writing_allowed.reset(allowed)


def chain(key: bytes, previous: bytes, row: dict[str, Any]) -> bytes:
    """The mac of `row` after `previous`: HMAC-SHA256 over canonical JSON of the chained columns."""
    body = to_json([plain(row[name]) for name in CHAINED])
    return hmac.new(key, previous + body.encode(), hashlib.sha256).digest()


def digest(values: str | None) -> bytes | None:
    """SHA-256 of the values as stored."""
    return None if values is None else hashlib.sha256(values.encode()).digest()


def _opened_lately(viewer: Viewer, uid: str | None) -> bool:
    values = {"uid": uid, "actor_id": viewer.user_id, "since": now() - REOPEN_SPAN}
    return read_rows(_openings(), values).first() is not None


@cache
def _openings() -> Any:
    query = select(AuditEvent.seq).where(
        AuditEvent.subject_uid == bindparam("uid", type_=Uid()),
        AuditEvent.actor_id == bindparam("actor_id", type_=Integer()),
        AuditEvent.type == AuditType.PERSON_OPENED,
        AuditEvent.at > bindparam("since", type_=UtcDateTime()),
    )
    return query.limit(1)


def _pending(type: AuditType, subject: Any, values: Any, unit_id: int | None, reason: str | None) -> Pending:
    if isinstance(subject, str):
        return Pending(type, subject, None, "", values, unit_id, reason)
    kind = getattr(subject, "__tablename__", None) or subject.__class__.__name__.lower()
    return Pending(type, kind, subject.uid, str(subject)[:300], values, unit_id, reason)


def _row(seq: int, viewer: Viewer, event: Pending, key_id: str) -> dict[str, Any]:
    values = None if event.values is None else to_json(event.values)
    web = has_request_context()
    return {
        "seq": seq,
        "at": now(),
        "actor_id": viewer.user_id,
        "actor_name": viewer.name,
        "role": viewer.role.value if viewer.role else None,
        "acting_for": viewer.acting_for,
        "type": event.type,
        "subject_kind": event.kind,
        "subject_uid": event.uid,
        "subject_label": event.label,
        "unit_id": event.unit_id,
        "reason": event.reason,
        "request_id": g.get("request_id") if web else None,
        "address": request.remote_addr if web else None,
        "values": values,
        "values_digest": digest(values),
        "key_id": key_id,
    }


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    return {("value_json" if name == "values" else name): value for name, value in row.items()}


def _key() -> tuple[bytes, str]:
    config = current_app.extensions["config"]
    return config.audit_key.encode(), config.audit_key_id
