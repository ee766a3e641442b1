"""The log as JSON lines, for whoever must keep or examine it outside; the export stands in the log itself."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import audit
from core.audit import AuditEvent
from core.clock import PROVINCE_ZONE
from core.db import db, to_json
from core.scope import system_viewer
from core.units import Unit

_PLAIN = (
    "actor_name",
    "role",
    "acting_for",
    "type",
    "subject_kind",
    "subject_uid",
    "subject_label",
    "reason",
    "request_id",
    "address",
    "values",
    "key_id",
)


def export_lines(since: date | None = None, until: date | None = None) -> Iterator[str]:
    """One line per event of the days from `since` to `until`, in order. Integer keys stay inside:
    the unit is named by its code."""
    details = {"since": audit.plain(since), "until": audit.plain(until)}
    audit.record_outside(
        audit.AuditType.LOG_EXPORTED, "audit_event", system_viewer("audit export"), values=details
    )
    query = select(AuditEvent, Unit.code).outerjoin(Unit, Unit.id == AuditEvent.unit_id)
    if since is not None:
        query = query.where(AuditEvent.at >= _midnight(since))
    if until is not None:
        query = query.where(AuditEvent.at < _midnight(until + timedelta(days=1)))
    with Session(db.engine) as session:
        for event, unit in session.execute(query.order_by(AuditEvent.seq).execution_options(yield_per=1000)):
            yield _line(event, unit)


def _line(event: AuditEvent, unit: str | None) -> str:
    row: dict[str, Any] = {name: audit.plain(getattr(event, name)) for name in _PLAIN}
    digest = event.values_digest
    row |= {"seq": event.seq, "at": event.at.isoformat(), "unit": unit, "mac": event.mac.hex()}
    return to_json({**row, "values_digest": digest.hex() if digest else None})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, PROVINCE_ZONE).astimezone(UTC)
