"""The fields of each part: their names, how a value is stored in a line, read back and shown."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core import audit
from core.db import to_json
from core.labels import LabelledEnum
from core.unit_book import unit_book
from core.words import show_date, show_month
from hr.people.actions import EDITABLE
from hr.people.enums import (
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    Sex,
    StudyForm,
)
from hr.people.forms.qualifications import MONTHS, PAPER_FIELDS
from hr.people.groups.registry import GROUPS
from hr.people.proposals.enums import Part
from hr.people.queries import timeline_title
from hr.people.seeds import AssignmentSeed, QualificationSeed
from hr.people.trail import LABELS

#: Parts of which each field is a line of its own.
FIELDS: dict[Part, tuple[str, ...]] = {
    Part.FACTS: EDITABLE,
    Part.CONTACT: GROUPS["contact"].names,
    Part.MILITARY: GROUPS["military"].names,
}
DAYS = frozenset(
    {"born_on", "recruited_on", "awarded_on", "expires_on", "studied_from", "studied_to", "starts_on"}
    | {field.name for group in GROUPS.values() for field in group.fields if field.kind == "day"}
)
ENUMS: dict[str, type[LabelledEnum]] = {"sex": Sex, "study_form": StudyForm}
#: Names of a place that are units: stored by uid, the form that leaves the database.
UNITS = ("unit_id", "division_id", "managing_unit_id")


def digest(value: Any) -> str:
    """What a line keeps of the value it was proposed against."""
    return hashlib.sha256(to_json(stored(value)).encode()).hexdigest()


def stored(value: Any) -> Any:
    """A value as a line stores it; an empty text is none."""
    return audit.plain(value) if value not in ("", None) else None


def fact_of(name: str, raw: Any) -> Any:
    """A stored value as the actions take it."""
    if raw is None:
        return None
    if name in DAYS:
        return date.fromisoformat(raw)
    return ENUMS[name](raw) if name in ENUMS else raw


def stored_paper(seed: QualificationSeed) -> dict[str, Any]:
    """A qualification as its line stores it: a claim, without evidence."""
    left_out = ("document_id", "proof_state")
    names = (field.name for field in fields(seed) if field.name not in left_out)
    return {name: stored(getattr(seed, name)) for name in names}


def paper_of(raw: Mapping[str, Any]) -> QualificationSeed:
    """The claimed qualification of a line."""
    values: dict[str, Any] = {name: fact_of(name, value) for name, value in raw.items()}
    values |= {"kind": QualificationKind(raw["kind"]), "proof_state": ProofState.CLAIMED}
    return QualificationSeed(**values)


def stored_place(seed: AssignmentSeed) -> dict[str, Any]:
    """A place as its line stores it."""
    units = unit_book().by_id
    values = {field.name: stored(getattr(seed, field.name)) for field in fields(seed)}
    return values | {name: units[values[name]].uid if values[name] else None for name in UNITS}


def place_of(raw: Mapping[str, Any]) -> AssignmentSeed:
    """The place of a line."""
    keys = {unit.uid: unit.id for unit in unit_book().units}
    values: dict[str, Any] = {name: fact_of(name, value) for name, value in raw.items()}
    values |= {name: keys[raw[name]] if raw[name] else None for name in UNITS}
    values |= {"category": Category(raw["category"]), "kind": AssignmentKind(raw["kind"])}
    tier = raw["management_tier"]
    return AssignmentSeed(**values | {"management_tier": ManagementTier(tier) if tier else None})


def label_of(part: Part, field: str) -> str:
    """What a line is about."""
    if part in FIELDS:
        return str(LABELS[field])
    if part is Part.QUALIFICATION:
        return timeline_title("qualification", field)
    return _("Place")


def value_words(part: Part, field: str, raw: Any) -> str:
    """A stored value as people read it."""
    if part is Part.QUALIFICATION:
        names = [name for name in PAPER_FIELDS if name != "paper"]
        return ", ".join(f"{LABELS[name]}: {words_of(name, raw[name])}" for name in names if raw[name])
    if part is Part.PLACE:
        return _place_words(raw)
    return words_of(field, raw)


def words_of(field: str, raw: Any) -> str:
    """One stored fact as people read it."""
    value = fact_of(field, raw)
    if value is None:
        return "–"
    if isinstance(value, date):
        return show_month(value) if field in MONTHS else show_date(value)
    return str(value.label) if isinstance(value, LabelledEnum) else str(value)


def _place_words(raw: Mapping[str, Any]) -> str:
    names = {unit.uid: unit.name for unit in unit_book().units}
    where = [names[raw[name]] for name in ("division_id", "unit_id") if raw[name]]
    kind, category = AssignmentKind(raw["kind"]).label, Category(raw["category"]).label
    since = _("from %(date)s", date=words_of("starts_on", raw["starts_on"]))
    return ", ".join([raw["post"], *where, str(category), str(kind), since])
