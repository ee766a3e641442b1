"""The log in lines people read: on the page, as .xlsx and as .csv."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from accounts.log_words import actor_of, kind_of, name_of, reason_of, value_of
from accounts.queries import ADMINISTRATION_TYPES
from core.audit import AuditEvent
from core.permissions import Role
from core.tabular import Column, write_csv, write_workbook

#: Rows of one export at most.
LOG_LIMIT = 50_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One row of the log in words."""

    seq: int
    at: datetime
    who: str
    role: str
    acting_for: str
    what: str
    kind: str
    subject: str
    subject_uid: str
    unit: str
    reason: str
    details: str
    address: str


def log_line(event: AuditEvent, unit: str | None) -> LogLine:
    """An event in words. Values are shown for administration only; of a personnel file only the
    names of what changed: the log is no second file."""
    return LogLine(
        seq=event.seq,
        at=event.at,
        who=actor_of(event.actor_name),
        role=_role(event.role),
        acting_for=event.acting_for or "",
        what=str(event.type.label),
        kind=kind_of(event.subject_kind),
        subject=kind_of(event.subject_label),
        subject_uid=event.subject_uid or "",
        unit=unit or "",
        reason=reason_of(event.reason),
        details=_details(event),
        address=event.address or "",
    )


def log_file(rows: Iterable[Any], *, csv: bool) -> tuple[bytes, str, str]:
    """(content, media type, file name) of the rows (event, unit)."""
    columns = [
        Column(_("No."), 8, "0"),
        Column(_("Time"), 18),
        Column(_("Who"), 26),
        Column(_("Role"), 24),
        Column(_("Acting for"), 24),
        Column(_("What"), 24),
        Column(_("Kind"), 14),
        Column(_("Concerning"), 34),
        Column(_("Code"), 30),
        Column(_("Unit"), 24),
        Column(_("Reason"), 30),
        Column(_("Details"), 40),
        Column(_("Address"), 16),
    ]
    lines = ([*_cells(log_line(event, unit))] for event, unit in rows)
    if csv:
        return write_csv(columns, lines), "text/csv", "log.csv"
    return write_workbook(columns, lines, title=_("Log"), sheet=_("Log")).getvalue(), XLSX, "log.xlsx"


def _cells(line: LogLine) -> Iterable[object]:
    return (getattr(line, name) for name in LogLine.__slots__)


def _role(value: str | None) -> str:
    return str(Role(value).label) if value in {role.value for role in Role} else (value or "")


def _details(event: AuditEvent) -> str:
    values: Any = json.loads(event.values) if event.values else None
    if not isinstance(values, dict):
        return ""
    if event.type in ADMINISTRATION_TYPES:
        told = ((name, value) for name, value in values.items() if value is not None)
        return "; ".join(f"{name_of(name)}: {value_of(name, value)}" for name, value in told)
    return ", ".join(dict.fromkeys(name_of(name) for name in values))
