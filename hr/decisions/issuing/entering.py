"""From what the form of a decision was given, pasted lines or an annex in Excel, to its lines; and back
to text when a draft is opened again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from core.child import Refused
from core.errors import Missing, Unprocessable
from core.files import keep_upload, path_of
from core.ids import is_uid
from core.scope import Viewer
from core.text import marked
from core.unit_book import unit_book
from hr.decisions.annex.matching import AnnexEntry
from hr.decisions.annex.queries import AnnexFound, find_in_file, find_in_text
from hr.decisions.issuing import queries
from hr.decisions.issuing.enums import DecisionKind
from hr.decisions.issuing.models import Decision, DecisionLine
from hr.decisions.issuing.seeds import LeftOut, LineSeed
from hr.people.imports.held import unit_table
from hr.people.models import Person
from hr.people.queries import find_person
from hr.people.roster.unitnames import UnitTable

NOBODY = marked("This line names nobody")
NO_UNIT = marked("This unit is not known: %(unit)s")
#: Headers of the text a draft is opened with, as annexes write them.
_HEADERS = ("Họ và tên", "Số định danh cá nhân", "Chức vụ mới", "Đơn vị mới")

Read = tuple[tuple[LineSeed, ...], tuple[LeftOut, ...]]


def read_lines(viewer: Viewer, text: str, upload: Any, shared: Mapping[str, Any]) -> Read:
    """The lines of pasted text or of a workbook, which goes before, and what of it names nobody. `shared`
    holds for each line that says nothing else. Unprocessable names the field."""
    field = "annex" if upload else "people"
    try:
        found = _in_file(viewer, upload) if upload else find_in_text(viewer, text)
    except Refused as refused:
        raise Unprocessable(_(refused.message, **refused.params), field=field) from None
    units = UnitTable.of(unit_table(viewer.today))
    keys = queries.person_ids(person.uid for person in found.people)
    lines, left_out = [], []
    for entry in found.entries:
        seed = None if entry.person is None else _seed(entry, keys[entry.person.uid], units, viewer, shared)
        if isinstance(seed, LineSeed):
            lines.append(seed)
        else:
            left_out.append(seed or _refused(entry))
    left_out += [LeftOut(text=row.text, message=NOBODY) for row in found.left_out if row.reason == "text"]
    if not lines:
        first = left_out[0] if left_out else LeftOut(text="", message=NOBODY)
        raise Unprocessable(f"{first.text}: {_(first.message, **first.params)}", field=field)
    return tuple(lines), tuple(left_out)


def _in_file(viewer: Viewer, upload: Any) -> AnnexFound:
    limit = current_app.extensions["config"].max_upload_mb << 20
    sha256, _size = keep_upload(upload.stream, limit)
    return find_in_file(viewer, path_of(sha256), upload.filename or "")


def _seed(
    entry: AnnexEntry, person_id: int, units: UnitTable, viewer: Viewer, shared: Mapping[str, Any]
) -> LineSeed | LeftOut:
    """The person with what holds for all, and the new post or unit that the line itself names."""
    own: dict[str, Any] = {}
    if post := entry.line.value("new_post"):
        own["post"] = post
    if unit := entry.line.value("new_unit"):
        code = units.resolve(unit).value
        standing = (row for row in unit_book().units if row.code == code and row.exists_on(viewer.today))
        found = next(standing, None)
        if found is None:
            return LeftOut(text=entry.line.text, message=NO_UNIT, params={"unit": unit})
        own |= {"unit_id": found.id, "division_id": None}
    remarks = [{"message": told.message, "params": dict(told.params)} for told in entry.remarks]
    return LineSeed(person_id=person_id, remarks=remarks or None, **{**shared, **own})


def _refused(entry: AnnexEntry) -> LeftOut:
    why = entry.refusal
    if why is None:
        return LeftOut(text=entry.line.text, message=NOBODY)
    candidates = [
        {
            "uid": one.uid,
            "name": one.name,
            "born_on": one.born_on.isoformat(),
            "unit": one.unit,
            "number_end": one.number_end,
        }
        for one in entry.candidates
        if one.in_service
    ]
    params = dict(why.params)
    return LeftOut(text=entry.line.text, message=why.message, params=params, candidates=candidates)


# --- from the list of due dates ----------------------------------------------------------------------------
def chosen_values(
    kind: DecisionKind | None, chosen: Iterable[str], person: str | None = None
) -> dict[str, Any]:
    """What a new draft is opened with: its kind, the people chosen, each as uid and the day from which it
    would hold (`uid.2026-09-01`), and that day where all have the same; or one `person`, by uid. Missing for
    what names nobody."""
    parts = [text.partition(".") for text in chosen]
    days = {_day(day) for _uid, _dot, day in parts}
    if person:
        parts.append((person, "", ""))
    uids = [uid for uid, _dot, _day in parts if is_uid(uid)]
    keys = queries.person_ids(uids) if uids else {}
    if len(keys) < len(set(uids)) or len(uids) < len(parts):
        raise Missing
    people = queries.people_by_id(keys.values()) if keys else {}
    found = [people[keys[uid]] for uid in dict.fromkeys(uids)]
    rows = [(person.full_name, person.id_number) for person in found]
    return {
        "kind": kind.value if kind else None,
        "effective_on": days.pop() if len(days) == 1 else None,
        "people": "\n".join("\t".join(row) for row in (_HEADERS[:2], *rows)) if rows else None,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Missing from None


# --- and back ----------------------------------------------------------------------------------------------
def as_text(
    decision: Decision,
    lines: Sequence[DecisionLine],
    people: Mapping[int, Person],
    chosen: tuple[int, Person] | None = None,
) -> str:
    """The lines of a draft as text that reads as the same lines, those left out below it to be mended;
    `chosen`: in place of which of these who is meant."""
    differing = [name for name in ("post", "unit_id") if len({getattr(line, name) for line in lines}) > 1]
    width = 4 if differing else 2
    rows = [_HEADERS[:width]]
    for line in lines:
        unit = unit_book().name_of(line.unit_id) or ""
        rows.append((line.person_name, people[line.person_id].id_number, line.post or "", unit)[:width])
    left_out = [row["text"] for row in decision.left_out or []]
    if chosen is not None:
        place, person = chosen
        left_out[place] = f"{person.full_name}\t{person.id_number}"
    return "\n".join([*("\t".join(row) for row in rows), *left_out])


def chosen_candidate(decision: Decision, asked: str) -> tuple[int, Person] | None:
    """The line left out and the candidate that the address chose for it (`0.uid`); None when it chose
    nobody, Missing for what names none of them."""
    if not asked:
        return None
    number, _dot, uid = asked.partition(".")
    rows = decision.left_out or []
    if not (number.isascii() and number.isdigit() and int(number) < len(rows)):
        raise Missing
    if uid not in {one["uid"] for one in rows[int(number)].get("candidates", ())}:
        raise Missing
    return int(number), find_person(uid)


def shared_values(lines: Iterable[DecisionLine], names: Iterable[str]) -> dict[str, Any]:
    """The details that all lines of a draft have in common."""
    rows = list(lines)
    found = {}
    for name in names:
        values = {getattr(line, name) for line in rows}
        if len(values) == 1:
            found[name] = values.pop()
    return found
