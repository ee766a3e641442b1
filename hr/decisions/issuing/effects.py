"""What each line of a decision would do to the file of its person, before anything is done: shown on the
page, and worked out once more inside the transaction. Pure; the rules of the files are those of hr.people."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from core.db import to_json
from core.errors import Denied, Unprocessable
from core.text import tidy_name
from core.units import Unit
from hr.decisions.issuing import rules
from hr.decisions.issuing.enums import BESIDE, PLACES, RANKS, DecisionKind
from hr.decisions.issuing.models import Decision, DecisionLine
from hr.decisions.issuing.queries import Held
from hr.people import entry
from hr.people import rules as file_rules
from hr.people.codes import RANKS as RANK_TABLES
from hr.people.enums import AssignmentKind, ServiceStatus
from hr.people.models import Assignment, Person, RankStep
from hr.people.seeds import AssignmentSeed, RankSeed

#: Key of the person → why it must not be, in neutral words.
Stopped = Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """One line with what it would do: one new row (a place, a rank, or a reward by its form), ends of rows
    that run, or an end of service. With a `refusal` nothing. `present` and `present_rank`: what holds now."""

    line: DecisionLine
    person: Person
    present: Assignment | None
    present_rank: RankStep | None
    refusal: Any = None
    place: AssignmentSeed | None = None
    rank: RankSeed | None = None
    reward: str | None = None
    service: tuple[ServiceStatus, date] | None = None
    ends: tuple[tuple[Assignment, date], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the line has its effect."""
        return self.refusal is None


def plan(
    decision: Decision,
    lines: Iterable[DecisionLine],
    held: Mapping[int, Held],
    units: Mapping[int, Unit],
    today: date,
    stopped: Stopped,
) -> list[Planned]:
    """Every line in the order of the list. A line that a rule or a stop stands against is refused by
    itself; the others go on. What waits for its day is planned as of that day."""
    as_of = rules.waits_until(decision, today) or today
    return [_planned(decision, line, held[line.person_id], units, as_of, stopped) for line in lines]


def mark(planned: Iterable[Planned]) -> str:
    """A digest of what would be done, so that what is confirmed is what was shown."""
    shown = [
        [
            one.line.uid,
            str(one.refusal is not None),
            _text(one.place),
            _text(one.rank),
            one.reward,
            _text(one.service),
            [[row.uid, str(row.ends_on), day.isoformat()] for row, day in one.ends],
        ]
        for one in planned
    ]
    return hashlib.sha256(to_json(shown).encode()).hexdigest()


def _text(value: Any) -> str | None:
    """Without the number of the decision: the office may give it after the effects were looked at."""
    if isinstance(value, AssignmentSeed | RankSeed):
        value = replace(value, decision_note=None)
    return None if value is None else repr(value)


def _planned(
    decision: Decision,
    line: DecisionLine,
    held: Held,
    units: Mapping[int, Unit],
    today: date,
    stopped: Stopped,
) -> Planned:
    present = held.own[-1] if held.own else None
    plain = Planned(line, held.person, present, held.ranks[-1] if held.ranks else None)
    day = line.starts_on or decision.effective_on
    reason = stopped.get(held.person.id)
    if reason is not None:
        return replace(plain, refusal=reason)
    try:
        return replace(plain, **_effect(decision, line, held, units, today, day))
    except Denied as refusal:
        return replace(plain, refusal=refusal.reason)
    except Unprocessable as refusal:
        return replace(plain, refusal=refusal.message)


def _effect(
    decision: Decision, line: DecisionLine, held: Held, units: Mapping[int, Unit], today: date, day: date
) -> dict[str, Any]:
    kind, note = decision.kind, decision.reference
    if kind in PLACES:
        return _own_place(kind, line, held, units, day, note)
    if kind in BESIDE:
        return {"place": _place_beside(kind, line, held, units, day, note)}
    if kind in RANKS:
        return {"rank": _rank(kind, line, held, today, day, note)}
    if kind is DecisionKind.REWARD:
        return {"reward": tidy_name(line.reason or "")}
    return _end(kind, line, held, today, day)


# --- places ----------------------------------------------------------------------------------------------
def _own_place(
    kind: DecisionKind,
    line: DecisionLine,
    held: Held,
    units: Mapping[int, Unit],
    day: date,
    note: str | None,
) -> dict[str, Any]:
    """A new place of one's own; the present one ends on the eve."""
    file_rules.check_can_move(held.person.status)
    present = _present(held)
    closes_on = file_rules.closing_day(present, day)
    file_rules.check_no_overlap(day, None, held.own[:-1])
    # Who is transferred on probation stays on probation; an appointment ends it.
    of_kind = present.kind if kind is DecisionKind.TRANSFER else AssignmentKind.MAIN
    seed = _seed(line, present, of_kind, day, None, note)
    entry.check_place(seed, units, standing=True)
    return {"place": seed, "ends": ((present, closes_on),) if closes_on is not None else ()}


def _place_beside(
    kind: DecisionKind,
    line: DecisionLine,
    held: Held,
    units: Mapping[int, Unit],
    day: date,
    note: str | None,
) -> AssignmentSeed:
    file_rules.check_can_move(held.person.status)
    of_kind = line.assignment_kind or AssignmentKind.ACTING_HEAD
    if kind is DecisionKind.CONCURRENT:
        of_kind = AssignmentKind.CONCURRENT
    seed = _seed(line, _present(held), of_kind, day, line.ends_on, note)
    entry.check_place(seed, units, standing=True)
    post = tidy_name(seed.post)
    same = (
        row for row in held.beside if (row.unit_id, row.kind, row.post) == (seed.unit_id, seed.kind, post)
    )
    file_rules.check_not_doubled(seed.starts_on, seed.ends_on, same)
    return seed


def _present(held: Held) -> Assignment:
    if not held.own:
        raise Denied(_l("No place of their own is recorded: mend the file first"))
    return held.own[-1]


def _seed(
    line: DecisionLine,
    present: Assignment,
    kind: AssignmentKind,
    starts_on: date,
    ends_on: date | None,
    note: str | None,
) -> AssignmentSeed:
    """What the line says; what it leaves open is as at present."""
    stays = line.unit_id in (None, present.unit_id)
    same_post = line.post in (None, present.post)
    return AssignmentSeed(
        unit_id=line.unit_id or present.unit_id,
        division_id=line.division_id or (present.division_id if stays and same_post else None),
        post=line.post or present.post,
        category=present.category,
        kind=kind,
        managing_unit_id=present.managing_unit_id if stays else None,
        management_tier=line.management_tier or present.management_tier,
        starts_on=starts_on,
        ends_on=ends_on,
        decision_note=note,
    )


# --- ranks and ends ----------------------------------------------------------------------------------------
def _rank(
    kind: DecisionKind, line: DecisionLine, held: Held, today: date, day: date, note: str | None
) -> RankSeed:
    """The step the line names, else the next one of the present rank; the coefficient from the table."""
    file_rules.check_can_move(held.person.status)
    latest = held.ranks[-1] if held.ranks else None
    if latest is not None and latest.starts_on >= day:
        message = _l("A rank and step from %(day)s is already recorded", day=f"{latest.starts_on:%d/%m/%Y}")
        raise Denied(message)
    code = line.rank_code or (latest.rank_code if latest else None)
    step = line.step or (latest.step + 1 if latest else None)
    if code is None or step is None:
        raise Denied(_l("No rank is recorded: enter rank and step"))
    coefficient = line.coefficient or file_rules.expected_coefficient(code, step)
    if coefficient is None:
        if code in RANK_TABLES:
            raise Denied(_l("The rank has no such step"))
        raise Denied(_l("The rank is not in the table: enter the coefficient"))
    seed = RankSeed(rank_code=code, step=step, coefficient=coefficient, starts_on=day, decision_note=note)
    entry.check_rank(seed, held.person.born_on, today)
    return seed


def _end(kind: DecisionKind, line: DecisionLine, held: Held, today: date, day: date) -> dict[str, Any]:
    """Service ends on the eve of the day, and what runs beyond it with it."""
    file_rules.check_can_end_service(held.person.status)
    status = rules.status_of(kind, line.status)
    ended_on = rules.last_day_of_service(day)
    rows = (*held.own, *held.beside)
    running = [row for row in rows if row.ends_on is None or row.ends_on > ended_on]
    started = max((row.starts_on for row in running), default=None)
    file_rules.check_end_of_service(status=status, ended_on=ended_on, today=today, started_on=started)
    return {"service": (status, ended_on), "ends": tuple((row, ended_on) for row in running)}
