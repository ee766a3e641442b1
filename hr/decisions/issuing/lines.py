"""The lines of a decision in words: who, where they stand, what becomes of it, and why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from core.unit_book import unit_book
from core.words import show_date
from hr.decisions.issuing import rules
from hr.decisions.issuing.effects import Planned
from hr.decisions.issuing.enums import BESIDE, ENDS, RANKS, DecisionKind, DecisionState
from hr.decisions.issuing.models import Decision, DecisionLine
from hr.people.enums import ServiceStatus
from hr.people.models import Person
from hr.people.queries import timeline_title


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the page shows it. `refusal` None: it has, or would have, its effect."""

    uid: str
    number: int
    name: str
    person_uid: str | None
    old: str
    new: str
    since: str
    refusal: Any
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOutRow:
    """A line of the annex that names nobody: as it stood, why, and who might be meant, as (what chooses
    them, in words)."""

    text: str
    why: str
    candidates: tuple[tuple[str, str], ...]


def planned_rows(decision: Decision, planned: Iterable[Planned]) -> list[Row]:
    """What would become of each line today."""
    return [
        Row(
            one.line.uid,
            one.line.place_in_list,
            one.line.person_name,
            one.person.uid,
            _present(decision.kind, one),
            _to_come(decision, one),
            _since(decision, one.line),
            one.refusal,
            tuple(_in_words(told) for told in one.line.remarks or ()),
        )
        for one in planned
    ]


def issued_rows(decision: Decision, lines: Sequence[DecisionLine], people: Mapping[int, Person]) -> list[Row]:
    """What became of each line."""
    found = []
    for line in lines:
        person = people.get(line.person_id)
        new = "" if line.refusal else _decided(decision, line)
        old = _place(line.old_post, line.old_unit_id, None)
        found.append(
            Row(
                line.uid,
                line.place_in_list,
                line.person_name,
                person.uid if person else None,
                old,
                new,
                _since(decision, line),
                line.refusal,
            )
        )
    return found


def log_words(name: str) -> str | None:
    """The name of a value the log holds of a decision, for the screens of the log."""
    return _("Number of people") if name == "people" else None


def status_words(decision: Decision, today: date) -> tuple[Any, str]:
    """Words and colour of its status: what is signed and waits for its day is no more with the signer, and
    not in force."""
    day = rules.waits_until(decision, today)
    signed = all(getattr(decision, name) for name in rules.SIGNATURE)
    if day is not None and signed and decision.state is DecisionState.SUBMITTED:
        return _("signed, waits until %(day)s", day=show_date(day)), "info"
    return decision.state.label, decision.state.tone


def signature_rows(decision: Decision) -> list[tuple[Any, str]]:
    """What of the signature stood there when the decision was checked."""
    rows = [
        (_("Number and symbol"), decision.reference),
        (_("Signed on"), show_date(decision.signed_on) if decision.signed_on else None),
        (_("Signer"), decision.signer),
        (_("Signed copy"), decision.document.name if decision.document else None),
    ]
    return [(label, value) for label, value in rows if value]


def left_out_rows(decision: Decision) -> list[LeftOutRow]:
    """Lines of the annex that name nobody."""
    return [
        LeftOutRow(
            row["text"],
            _in_words(row),
            tuple((f"{number}.{one['uid']}", candidate_words(one)) for one in row.get("candidates", ())),
        )
        for number, row in enumerate(decision.left_out or [])
    ]


def _in_words(told: Mapping[str, Any]) -> str:
    message, params = told["message"], told["params"]
    return _(message, **params)


def candidate_words(one: Mapping[str, Any]) -> str:
    """Who might be meant by a line of the annex."""
    words = _(
        "%(name)s, born %(date)s, number ending in %(end)s",
        name=one["name"],
        date=show_date(date.fromisoformat(one["born_on"])),
        end=one["number_end"],
    )
    return f"{words}, {one['unit']}" if one["unit"] else words


def _present(kind: DecisionKind, one: Planned) -> str:
    if kind in RANKS:
        rank = one.present_rank
        return _rank(rank.rank_code, rank.step, rank.coefficient) if rank else ""
    place = one.present
    return _place(place.post, place.unit_id, place.division_id) if place else ""


def _to_come(decision: Decision, one: Planned) -> str:
    if one.place is not None:
        text = _place(one.place.post, one.place.unit_id, one.place.division_id)
        if decision.kind in BESIDE:
            return _beside(str(one.place.kind.label), text, one.place.ends_on)
        return text
    if one.rank is not None:
        return _rank(one.rank.rank_code, one.rank.step, one.rank.coefficient)
    if one.service is not None:
        status, ended_on = one.service
        return _service(status, ended_on)
    return one.line.reason or ""


def _decided(decision: Decision, line: DecisionLine) -> str:
    if decision.kind in RANKS:
        return _rank(line.rank_code or "", line.step or 0, line.coefficient)
    if decision.kind in ENDS:
        day = rules.last_day_of_service(line.starts_on or decision.effective_on)
        return _service(line.status or ServiceStatus.RETIRED, day)
    if decision.kind is DecisionKind.REWARD:
        return line.reason or ""
    text = _place(line.post, line.unit_id, line.division_id)
    if decision.kind in BESIDE and line.assignment_kind is not None:
        return _beside(str(line.assignment_kind.label), text, line.ends_on)
    return text


def _since(decision: Decision, line: DecisionLine) -> str:
    return show_date(line.starts_on or decision.effective_on)


def _place(post: str | None, unit_id: int | None, division_id: int | None) -> str:
    book = unit_book()
    names = (post, book.name_of(division_id), book.name_of(unit_id))
    return ", ".join(name for name in names if name)


def _beside(kind: str, text: str, ends_on: date | None) -> str:
    if ends_on is None:
        return f"{kind}: {text}"
    return _("%(kind)s: %(post)s, until %(day)s", kind=kind, post=text, day=show_date(ends_on))


def _rank(code: str, step: int, coefficient: Decimal | None) -> str:
    name = timeline_title("rank", f"{code}|{step}")
    return name if coefficient is None else f"{name} ({format_decimal(coefficient, format='0.00')})"


def _service(status: ServiceStatus, ended_on: date) -> str:
    return _("%(status)s, last day %(day)s", status=status.label, day=show_date(ended_on))
