"""Rules in force: limits, lists and thresholds of the law as dated data, never as constants.

Each subject seeds its rules from a `law.toml` beside it; Home Affairs adds a new version from a
date; a version once in use is never edited. A rule names the categories of person it applies to
and says how sure it is (V read in a source, V2 secondary source, M from memory, U unsure).
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.actions import action
from core.db import Base, Identified, JsonText, KeyText, db
from core.errors import Unprocessable
from core.scope import Viewer

CERTAINTY = ("V", "V2", "M", "U")


class RuleInForce(Identified, Base):
    """One version of one rule. `categories` empty: every category of person."""

    __tablename__ = "rule_in_force"

    code: Mapped[str] = mapped_column(KeyText(80))
    categories: Mapped[str] = mapped_column(
        KeyText(200), default="", comment="|cadre|civil_servant|, or empty"
    )
    value: Mapped[Any] = mapped_column(JsonText)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    legal_basis: Mapped[str] = mapped_column(String(400))
    certainty: Mapped[str] = mapped_column(String(2))
    note: Mapped[str | None] = mapped_column(String(1000))

    __table_args__ = (
        UniqueConstraint("code", "categories", "valid_from"),
        Index("ix_rule_in_force_code", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="dates"),
        CheckConstraint("certainty IN ('V','V2','M','U')", name="certainty"),
    )

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A rule as it stood on a day, with what it rests on."""

    code: str
    value: Any
    legal_basis: str
    certainty: str
    valid_from: date
    valid_to: date | None


def rule(code: str, *, on: date, category: str | None = None) -> RuleValue | None:
    """The version of `code` in force on `on` for `category`; None when no rule is set for it, and
    the screen then says so. A version naming the category comes before one for all."""
    query = select(RuleInForce).where(
        RuleInForce.code == code,
        RuleInForce.valid_from <= on,
        or_(RuleInForce.valid_to.is_(None), RuleInForce.valid_to >= on),
    )
    fitting = [row for row in db.session.scalars(query) if not row.categories or _names(row, category)]
    if not fitting:
        return None
    row = max(fitting, key=lambda found: (bool(found.categories), found.valid_from))
    return RuleValue(row.code, row.value, row.legal_basis, row.certainty, row.valid_from, row.valid_to)


def list_rules() -> Sequence[RuleInForce]:
    """Every version of every rule, newest version first within a code."""
    query = select(RuleInForce).order_by(
        RuleInForce.code, RuleInForce.categories, RuleInForce.valid_from.desc()
    )
    return db.session.scalars(query).all()


def load_rules(*, by: Viewer, paths: Iterable[Path]) -> int:
    """Loads each `law.toml`, leaving versions already there untouched. Returns how many were added;
    with nothing to add nothing is written, in the log neither."""
    known = {(row.code, row.categories, row.valid_from) for row in db.session.scalars(select(RuleInForce))}
    entries = [entry for path in paths for entry in read_law(path)]
    missing = [entry for entry in entries if (entry.code, entry.categories, entry.valid_from) not in known]
    return _add_rules(by=by, entries=missing) if missing else 0


@action(None)
def _add_rules(*, by: Viewer, entries: list[RuleInForce]) -> int:
    db.session.add_all(entries)
    audit.record(audit.AuditType.SEEDED, "rule_in_force", values={"added": len(entries)})
    return len(entries)


@action(None)
def add_version(*, by: Viewer, entry: RuleInForce) -> RuleInForce:
    """Adds a version from a date and ends the running one on the day before. Only from the command
    line or by a role that may change rules; a version that starts before a later one is refused."""
    if by.user_id is not None:
        raise Unprocessable(_l("Rules are changed by the operator's command"))
    query = select(RuleInForce).where(
        RuleInForce.code == entry.code, RuleInForce.categories == entry.categories
    )
    for row in db.session.scalars(query):
        if row.valid_from >= entry.valid_from:
            raise Unprocessable(_l("A version from this day or later is already there"))
        if row.valid_to is None or row.valid_to >= entry.valid_from:
            row.valid_to = entry.valid_from - timedelta(days=1)
    db.session.add(entry)
    db.session.flush()
    audit.record(audit.AuditType.LAW_ADDED, entry, values={"value": entry.value})
    return entry


def as_plain(row: RuleInForce) -> dict[str, Any]:
    """One version of a rule as JSON can hold it."""
    return {
        "code": row.code,
        "categories": [part for part in row.categories.split("|") if part],
        "value": row.value,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "legal_basis": row.legal_basis,
        "certainty": row.certainty,
        "note": row.note,
    }


def new_rule(*, categories: Iterable[str] = (), **details: Any) -> RuleInForce:
    """A version of a rule, not yet in force: for `add_version`."""
    return RuleInForce(categories=_joined(list(categories)), **details)


def read_law(path: Path) -> list[RuleInForce]:
    """The entries of one `law.toml`; ValueError names the entry that lacks something."""
    found = []
    for number, raw in enumerate(tomllib.loads(path.read_text("utf-8")).get("rule", []), 1):
        missing = {"code", "value", "valid_from", "legal_basis", "certainty"} - raw.keys()
        if missing or raw["certainty"] not in CERTAINTY:
            raise ValueError(f"{path.name}, rule {number}: {', '.join(sorted(missing)) or 'certainty'}")
        found.append(
            RuleInForce(
                code=raw["code"],
                categories=_joined(raw.get("categories", [])),
                value=raw["value"],
                valid_from=raw["valid_from"],
                valid_to=raw.get("valid_to"),
                legal_basis=raw["legal_basis"],
                certainty=raw["certainty"],
                note=raw.get("note"),
            )
        )
    return found


def _joined(categories: list[str]) -> str:
    return f"|{'|'.join(sorted(categories))}|" if categories else ""


def _names(row: RuleInForce, category: str | None) -> bool:
    return category is not None and f"|{category}|" in row.categories
