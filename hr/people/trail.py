"""Timeline and log of one personnel file, in words: what happened, who changed what, who opened it."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, bindparam, select

from accounts.log_words import actor_of
from core.audit import AuditEvent, AuditType
from core.ids import Uid
from core.permissions import Permission, Role
from core.scope import Viewer, read_rows
from core.subjects import kind_label, registered, union_of
from hr.people.codes import ETHNICITY, LEVELS, RANKS
from hr.people.enums import (
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)
from hr.people.groups.registry import GROUPS, Group
from hr.people.groups.registry import LABELS as GROUP_LABELS
from hr.people.merging.models import PersonMerge
from hr.people.models import Person
from hr.people.queries import timeline_title

#: Rows of a log page; older ones stand in the log itself.
LOG_ROWS = 200
#: Words of the kinds of this subject's timeline rows, for the registry.
KINDS = {
    "assignment": _l("assignment"),
    "rank": _l("rank and step"),
    "qualification": _l("qualification"),
    "service_ended": _l("end of service"),
}
LABELS = {
    **GROUP_LABELS,
    "full_name": _l("Full name"),
    "other_name": _l("Other name"),
    "id_number": _l("Personal identification number"),
    "id_last_4": _l("ID (last 4)"),
    "sex": _l("Sex"),
    "born_on": _l("Born"),
    "birthplace": _l("Place of birth"),
    "native_place": _l("Native place"),
    "recruited_on": _l("Recruited on"),
    "recruited_by": _l("Recruited by"),
    "status": _l("Status"),
    "status_since": _l("Status since"),
    "status_reason": _l("Decision or reason"),
    "ended_on": _l("Last day of service"),
    "ethnicity": _l("Ethnicity"),
    "religion": _l("Religion"),
    "party_joined_on": _l("Joined the Party"),
    "party_official_on": _l("Official member since"),
    "party_post": _l("Party post"),
    "post": _l("Post"),
    "from": _l("Place before"),
    "to": _l("New place"),
    "assignment": _l("Assignment"),
    "annulled": _l("Annulled"),
    "runs on": _l("Runs on"),
    "starts_on": _l("From"),
    "ends_on": _l("To"),
    "qualification": _l("Qualification"),
    "rank": _l("Rank and step"),
    "rank_code": _l("Rank"),
    "step": _l("Step"),
    "coefficient": _l("Coefficient"),
    "decision_note": _l("Decision"),
    "kind": _l("Kind"),
    "category": _l("Category"),
    "management_tier": _l("Management tier"),
    "level": _l("Level"),
    "major": _l("Major"),
    "issuer": _l("Issuer"),
    "serial": _l("Serial number"),
    "awarded_on": _l("Awarded"),
    "awarded_year": _l("Year of award"),
    "expires_on": _l("Expires"),
    "studied_from": _l("Studied from"),
    "studied_to": _l("Studied to"),
    "study_form": _l("Form of study"),
    "proof_state": _l("Proof"),
    "document_id": _l("Evidence"),
    "answer_number": _l("Number and symbol of the reply"),
    "answered_on": _l("Date of the reply"),
    "answer_note": _l("Note"),
    "answer_document_id": _l("Scan of the reply"),
    "number": _l("Number and symbol"),
    "sent_on": _l("Sent on"),
    "group": _l("Part of the file"),
    "former_number": _l("Former number (last 4)"),
    "photo": _l("Photograph"),
    "starts_half": _l("Begins in the"),
    "ends_half": _l("Ends in the"),
    "slip_number": _l("Slip number"),
    "note": _l("Note"),
    "fields": _l("Fields"),
    "proposed_by": _l("Proposed by"),
    "accepted": _l("Accepted"),
    "place": _l("Place"),
    "quarter": _l("Quarter"),
    "lines": _l("Lines"),
    "not_correct": _l("not correct"),
}
#: What the log counts of an import and of an export.
_IMPORTS = {
    "read": _l("Lines read"),
    "new": _l("new"),
    "changed": _l("changed"),
    "unchanged": _l("unchanged"),
    "conflicting": _l("conflicting"),
    "refused": _l("refused"),
    "changed_here": _l("changed here since"),
    "proposed": _l("same person?"),
    "comments": _l("Comments"),
    "failure": _l("Why it could not be read"),
    "filters": _l("Filters"),
    "columns": _l("Columns"),
    "rows": _l("Rows"),
    "people": _l("People"),
    "as_of": _l("As of"),
}
#: What the form of personal facts corrects.
PERSONAL_FACTS = frozenset(
    ("full_name", "other_name", "id_number", "sex", "born_on", "birthplace", "native_place")
) | {"recruited_on", "recruited_by"}
#: Machine's marks that say nothing to people.
_SILENT = frozenset(("proof_by_id", "proof_at", "annulled_at", "annulled_by_id", "name_key", "person_id"))
_ENUMS = (ServiceStatus, Sex, ProofState, Category, ManagementTier, AssignmentKind)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that happened."""

    on: date
    kind: str
    kind_label: str
    title: str
    unit: str | None
    endpoint: str | None
    uid: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change; `old` None: there is only what holds now."""

    label: str
    old: str | None
    new: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log about a file."""

    at: datetime
    who: str
    role: str
    what: str
    reason: str | None
    lines: tuple[Line, ...]


def timeline_of(person: Person, as_of: date) -> list[TimelineRow]:
    """What every subject tells of the person until `as_of`, newest first. One statement."""
    providers = tuple(subject.timeline for subject in registered() if subject.timeline)
    if not providers:
        return []
    found = read_rows(_told_by(providers), {"people": [person.id], "as_of": as_of}).all()
    labels = {kind: str(kind_label(kind)) for kind in {row.kind for row in found}}
    return [
        TimelineRow(on, kind, labels[kind], timeline_title(kind, title), unit, endpoint, uid)
        for on, kind, title, unit, endpoint, uid in found
    ]


@cache
def _told_by(providers: tuple[Any, ...]) -> Any:
    """The statement of a timeline, built once: the people and the day are parameters."""
    people: Any = bindparam("people", expanding=True)
    as_of = bindparam("as_of", type_=Date())
    union = union_of(ask(people, as_of) for ask in providers)
    assert union is not None
    events = union.subquery()
    return select(events).order_by(events.c.on.desc(), events.c.kind, events.c.uid)


def changes_of(person: Person, viewer: Viewer) -> list[Entry]:
    """Who changed what in the file and in those merged into it, newest first; background and groups only
    for who may read them."""
    hidden = {code for code, group in GROUPS.items() if not viewer.can(group.permission_read)}
    if not viewer.can(Permission.PERSON_READ_BACKGROUND):
        hidden.add("background")
    uids = [person.uid, *merged_into(person)]
    return [_entry(row, hidden) for row in read_rows(_log(False, LOG_ROWS), {"uids": uids})]


def merged_into(person: Person) -> list[str]:
    """Uids of the files that were merged into this one."""
    query = select(PersonMerge.merged_uid).where(PersonMerge.person_id == person.id)
    return [row.merged_uid for row in read_rows(query)]


def openings_of(person: Person, limit: int = 50, merged: Sequence[str] = ()) -> list[Entry]:
    """Who opened the file, one of its papers or closed parts, newest first; with uids of files that went
    into it, also who opened those."""
    return [_entry(row) for row in read_rows(_log(True, limit), {"uids": [person.uid, *merged]})]


_READINGS = (
    AuditType.PERSON_OPENED,
    AuditType.DOCUMENT_OPENED,
    AuditType.GROUP_OPENED,
    AuditType.FORM_2C_PRINTED,
    AuditType.FORM_2C_DOWNLOADED,
    AuditType.STATEMENT_PRINTED,
    AuditType.STATEMENT_DOWNLOADED,
)


@cache
def _log(readings: bool, limit: int) -> Any:
    of_kind = AuditEvent.type.in_(_READINGS) if readings else AuditEvent.type.not_in(_READINGS)
    columns = (AuditEvent.at, AuditEvent.actor_name, AuditEvent.role, AuditEvent.type, AuditEvent.reason)
    about = AuditEvent.subject_uid.in_(bindparam("uids", type_=Uid(), expanding=True))
    query = select(*columns, AuditEvent.values).where(about, of_kind)
    return query.order_by(AuditEvent.seq.desc()).limit(limit)


def _entry(row: Any, hidden: Collection[str] = ()) -> Entry:
    at, actor_name, held, type, reason, text = row
    values = json.loads(text) if text else {}
    values = {name: value for name, value in values.items() if name not in hidden}
    role = str(Role(held).label) if held else ""
    return Entry(at, actor_of(actor_name), role, what_changed(type, values), reason, tuple(_lines(values)))


def what_changed(type: AuditType, values: dict[str, Any]) -> str:
    """What kind of change it was: of a file changed, which part of it, and whether an entry came or went."""
    if type is AuditType.GROUP_OPENED:
        return _("%(group)s opened", group=", ".join(map(_group_label, values["group"])))
    if type is not AuditType.PERSON_CHANGED:
        return str(type.label)
    parts = dict.fromkeys(filter(None, (_part(name, value) for name, value in values.items())))
    return " · ".join(parts) or str(type.label)


def _part(name: str, value: Any) -> str | None:
    if name == "background":
        return _("Party, ethnicity, religion")
    if name in GROUPS:
        return _part_of_group(GROUPS[name], value)
    if name in ("photo", "annulled"):
        return _("photograph") if name == "photo" else _("assignment annulled")
    if name in ("qualification", "rank", "assignment"):
        came = isinstance(value, list) and value[0] is None
        if name == "assignment":
            return _("assignment recorded")
        if name == "rank":
            return _("rank and step recorded") if came else _("rank and step annulled")
        return _("qualification recorded") if came else _("qualification annulled")
    if isinstance(value, dict):
        of_paper = name.partition(": ")[0] in {kind.value for kind in QualificationKind}
        return _("qualification corrected") if of_paper else _("assignment ended")
    if name in ("status", "status_since", "status_reason", "ended_on"):
        return _("end of service taken back")
    return _("personal facts corrected") if name in PERSONAL_FACTS else None


def _part_of_group(group: Group, value: Any) -> str:
    """Which group, and of rows whether one came, went or was corrected."""
    if not group.many:
        return str(group.label)
    done = value if isinstance(value, str) else "corrected"
    if isinstance(value, dict) and all(old is None for old, _new in value.values()):
        done = "recorded"
    elif isinstance(value, dict) and all(new is None for _old, new in value.values()):
        done = "annulled"
    told = {
        "recorded": _("entry recorded"),
        "corrected": _("entry corrected"),
        "annulled": _("entry annulled"),
    }
    return f"{group.label}: {told[done]}"


def _group_label(code: str) -> str:
    return str(GROUPS[code].label) if code in GROUPS else code


def _lines_of_group(group: Group, values: dict[str, Any]) -> Iterator[Line]:
    for name, (old, new) in values.items():
        field = group.field(name)
        if field is not None:
            told = [words(value) if field.enum is None else field.show(value) or "–" for value in (old, new)]
            yield Line(str(field.label), *told)


def _lines(values: dict[str, Any]) -> Iterator[Line]:
    for name, value in values.items():
        # Of a closed group opened, and of one whose values no log holds, all is said above the lines.
        if name in _SILENT or name == "group" or (name in GROUPS and isinstance(value, str)):
            continue
        if name in GROUPS:
            yield from _lines_of_group(GROUPS[name], value)
        elif isinstance(value, dict):
            prefix = "" if name == "background" else f"{words(name)}: "
            for line in _lines({key: _within(name, key, part) for key, part in value.items()}):
                yield Line(prefix + line.label, line.old, line.new)
        elif isinstance(value, list) and len(value) == 2 and name not in ("from", "to"):
            yield Line(_label(name), words(value[0], name), words(value[1], name))
        else:
            yield Line(_label(name), None, words(value, name))


def _within(paper: str, name: str, value: Any) -> Any:
    """A level's code means something only with the kind of its paper."""
    kind = paper.partition(": ")[0]
    if name == "level" and kind in {member.value for member in QualificationKind}:
        return [f"{kind}: {code}" if code else code for code in value]
    return value


def log_words(name: str) -> str | None:
    """The name of a value the log holds of a personnel file or an import, for the screens of the log."""
    if name == "background":
        return _("Party, ethnicity, religion")
    if name in _IMPORTS:
        return str(_IMPORTS[name])
    kind, colon, _which = name.partition(": ")
    if colon:
        # Only which kind of entry: the log is no second personnel file.
        kinds = (member for enum in (QualificationKind, AssignmentKind) for member in enum)
        return next((str(member.label) for member in kinds if member.value == kind), None)
    return str(LABELS[name]) if name in LABELS else None


def _label(name: str) -> str:
    return str(LABELS[name]) if name in LABELS else words(name)


def words(value: Any, name: str = "") -> str:
    """A logged value as people read it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, list):
        return ", ".join(words(part) for part in value if part)
    text = str(value)
    if name in ("document_id", "photo"):
        return _("attached")
    if _DAY.fullmatch(text):
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    if name == "ethnicity":
        return ETHNICITY.get(text, text)
    head, colon, tail = text.partition(": ")
    if colon and head in {kind.value for kind in QualificationKind}:
        kind = QualificationKind(head)
        return f"{kind.label}: {LEVELS[kind][tail].label}" if tail in LEVELS[kind] else text
    if colon and head in {kind.value for kind in AssignmentKind}:
        return f"{tail} ({AssignmentKind(head).label})"
    return _code(text, name)


def _code(text: str, name: str) -> str:
    if name == "rank":
        code, _comma, step = text.partition(", ")
        return _("%(rank)s, step %(step)s", rank=RANKS[code].name if code in RANKS else code, step=step)
    if name in ("status", "sex", "proof_state", "category", "management_tier", "kind"):
        for enum in _ENUMS:
            if text in {member.value for member in enum}:
                return str(enum(text).label)
    return text
