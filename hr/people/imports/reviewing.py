"""A page of a review as it was sent → decisions: compared with the register and held to its rules before
the gate. All of the page is kept, or nothing, with the reason at its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.errors import Conflict, Unprocessable
from core.scope import Viewer
from hr.people import entry
from hr.people.imports import actions, comparing, held, queries, review_actions
from hr.people.imports.comparing import Compared
from hr.people.imports.confirming import refusal_of
from hr.people.imports.enums import WRITTEN, LineOutcome, Side
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.imports.reconciling import asked
from hr.people.imports.review_actions import Decision

#: What is sent for a line that is somebody the register does not have.
SOMEBODY_NEW = "new"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the page sent: uids of the lines it showed and of those ticked; by uid, whose value per field,
    and who the line is (the person's uid, SOMEBODY_NEW, or blank for not said)."""

    shown: frozenset[str]
    ticked: frozenset[str]
    choices: Mapping[str, Mapping[str, str]]
    people: Mapping[str, str]


def review(
    *, by: Viewer, batch: ImportBatch, sent: Sent, version: int | None, token: str | None
) -> ImportBatch:
    """Keeps the decisions of one page. Unprocessable names the line that cannot be taken so; Conflict when
    the register has moved on or the import was decided elsewhere."""
    if batch.version != version:
        raise Conflict(None)
    lines = queries.lines_by_uid(batch, sent.shown)
    told = _told(batch, lines, sent)
    compared = _compared(by, batch, lines, told)
    decisions = {line.id: _decision(line, compared.get(line.id), told, sent) for line in lines}
    _check(by, batch, lines, compared, decisions)
    return review_actions.decide_lines(
        by=by, batch=queries.find_batch(batch.uid), decisions=decisions, version=version, token=token
    )


def _told(batch: ImportBatch, lines: Iterable[ImportLine], sent: Sent) -> dict[int, int | None]:
    """Key of line → key of the person somebody says it is, None for somebody new."""
    asking = [line for line in lines if line.candidates and line.outcome is not LineOutcome.REFUSED]
    people = queries.candidates_of(asking)
    by_uid = {candidate.uid: key for key, candidate in people.items()}
    others = queries.people_named(batch, apart_from={line.id for line in asking}) if asking else {}
    told: dict[int, int | None] = {}
    for line in asking:
        answer = sent.people.get(line.uid, "")
        if answer == SOMEBODY_NEW:
            if not line.id_number:
                raise refusal_of(line, ("alike", {}))
            told[line.id] = None
        elif answer:
            key = by_uid.get(answer)
            if key not in line.candidates:
                raise Unprocessable(_l("Choose one of the people shown"))
            told[line.id] = key
    named = [*others, *(key for key in told.values() if key is not None)]
    if len(named) != len(set(named)):
        raise Unprocessable(_l("Two lines name the same person: say of each who it is"))
    return told


def _compared(
    by: Viewer, batch: ImportBatch, lines: list[ImportLine], told: Mapping[int, int | None]
) -> dict[int, Compared]:
    """The lines of the page that ask for a choice, or whose person was told, beside the register of now."""
    asking = [line for line in lines if line.candidates or line.outcome is LineOutcome.CONFLICTING]
    asking = [line for line in asking if line.outcome is not LineOutcome.REFUSED]
    if not asking:
        return {}
    rows = [line.values for line in asking]
    answers = {number: told[line.id] for number, line in enumerate(asking) if line.id in told}
    taken = queries.people_named(batch, apart_from={line.id for line in asking})
    compared = comparing.compare(by, rows, actions.as_of(batch, by.today), told=answers, taken=taken)
    return {line.id: item for line, item in zip(asking, compared, strict=True)}


def _decision(
    line: ImportLine, item: Compared | None, told: Mapping[int, int | None], sent: Sent
) -> Decision:
    if item is None:
        accepted = line.uid in sent.ticked if line.outcome in WRITTEN else line.accepted
        return Decision(accepted, line.choices, line.by_hand, line.person_id, {})
    columns = comparing.line_columns(item.plan)
    columns = {
        "outcome": columns["outcome"],
        "changes": columns["change_json"],
        "kinds": columns["kind_json"],
        "candidates": line.candidates,
    }
    by_hand = line.id in told
    again = by_hand and told[line.id] == line.person_id and line.by_hand
    outcome, fields = columns["outcome"], asked(columns["kinds"])
    choices = {name: side for name, side in sent.choices.get(line.uid, {}).items() if name in fields and side}
    if not set(choices.values()) <= set(Side):
        raise refusal_of(line, ("rule", {"message": _("Choose the register's value or the file's")}))
    if outcome is LineOutcome.CONFLICTING:
        accepted = bool(fields) and len(choices) == len(fields)
    elif outcome in WRITTEN:
        accepted = line.uid in sent.ticked if again or not by_hand else True
    else:
        accepted = outcome not in (LineOutcome.PROPOSED, LineOutcome.REFUSED)
    return Decision(accepted, choices or None, by_hand, item.person_id, columns)


def _check(
    by: Viewer,
    batch: ImportBatch,
    lines: Iterable[ImportLine],
    compared: Mapping[int, Compared],
    decisions: Mapping[int, Decision],
) -> None:
    """Refuses a choice that the register's rules refuse, while the one who chose is there."""
    chosen = [line for line in lines if line.id in compared and decisions[line.id].choices]
    if not chosen:
        return
    units, ages = held.unit_keys(by.today), entry.MinimumAges()
    for line in chosen:
        decision, item = decisions[line.id], compared[line.id]
        if not decision.accepted:
            raise Unprocessable(
                _l("Row %(row)s, %(name)s: choose for every value that differs", row=line.row, name=line.name)
            )
        day = actions.as_of(batch, by.today)
        plan = comparing.decided(by, item, units, day, decision.choices or {}, ages)
        if plan.conflict is not None:
            raise refusal_of(line, plan.conflict)


def own_fields(form: Any) -> Sent:
    """What the page sent, from its form's fields: "line", "pick", "who-UID", "value-UID-FIELD"."""
    choices: dict[str, dict[str, str]] = {}
    people: dict[str, str] = {}
    for name, value in form.items():
        kind, _dash, rest = name.partition("-")
        if kind == "value":
            uid, _dash, field = rest.partition("-")
            choices.setdefault(uid, {})[field] = value
        elif kind == "who":
            people[rest] = value
    return Sent(frozenset(form.getlist("line")), frozenset(form.getlist("pick")), choices, people)
