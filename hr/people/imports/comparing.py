"""Lines of a roster beside the register of now and beside the unit's last confirmed import: who each line
is and what it means. Statements do not grow with the lines but by the thousand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Conflict
from core.scope import Viewer
from hr.people import entry
from hr.people.imports import checking, held
from hr.people.imports.enums import SEEN, WRITTEN, LineOutcome
from hr.people.imports.identity import Found, Who, alike, tell
from hr.people.imports.models import ImportLine
from hr.people.imports.plans import Held, Plan, UnitKeys
from hr.people.imports.reconciling import reconcile, settle

Row = dict[str, Any]


@dataclass(slots=True)
class Compared:
    """A line as it was read, the unit it names, the person it is and what it means."""

    row: Row
    plan: Plan
    unit_id: int | None = None
    person_id: int | None = None

    @property
    def place(self) -> tuple[str, int]:
        """Where the line stands in the file."""
        return self.row["sheet"], self.row["row"]


def compare(
    by: Viewer,
    rows: list[Row],
    day: date,
    *,
    told: Mapping[int, int | None] | None = None,
    taken: Collection[int] = (),
) -> list[Compared]:
    """Each line with what it means for the register as it is now. `told`: position of a line → key of
    the person it is (None: somebody new), as somebody said; `taken`: keys of people other lines are."""
    told = told or {}
    keys, ages = held.unit_keys(by.today), entry.MinimumAges()
    people = _people(rows, day, told, taken)
    last = held.last_values([person.id for person, _found in people if person is not None])
    compared = []
    for row, (person, found) in zip(rows, people, strict=True):
        unit_id = keys.unit(row.get("unit"))
        before = last.get((unit_id, person.id)) if unit_id is not None and person is not None else None
        plan = _unknown(found) or reconcile(row, person, keys, day, before)
        plan = checking.check(plan, by, ages)
        compared.append(Compared(row, plan, unit_id, person.id if person else None))
    return compared


def of_refused(rows: list[Row]) -> list[Compared]:
    """Lines that cannot be read; whose number the register has is in the file all the same."""
    numbers = [row["id_number"] for row in rows if row.get("id_number")]
    keys = held.keys_of(numbers) if numbers else {}
    return [
        Compared(row, Plan(LineOutcome.REFUSED), None, keys.get(row.get("id_number") or "")) for row in rows
    ]


def decided(
    by: Viewer,
    item: Compared,
    units: UnitKeys,
    day: date,
    choices: Mapping[str, str],
    ages: entry.MinimumAges,
) -> Plan:
    """What is written of a conflicting line once its values were chosen, as far as the rules allow."""
    person = item.plan.person
    if person is None:
        return item.plan
    return checking.check(settle(item.row, person, units, day, item.plan, choices), by, ages)


def is_as_shown(line: ImportLine, item: Compared) -> bool:
    """Whether the line still means what its page shows."""
    now = line_columns(item.plan)
    return (now["outcome"], now["change_json"], now["kind_json"], item.person_id) == (
        line.outcome,
        line.changes,
        line.kinds,
        line.person_id,
    )


def line_columns(plan: Plan) -> dict[str, Any]:
    """What a plan says in the columns of an ImportLine. New and changed lines are taken, and those that
    repeat what is known are seen, unless somebody leaves them out."""
    return {
        "outcome": plan.outcome,
        "change_json": {**plan.changes, **plan.kept} or None,
        "kind_json": plan.kinds or None,
        "candidate_json": list(plan.candidates) or None,
        "accepted": plan.outcome in (*WRITTEN, *SEEN),
    }


def _people(
    rows: list[Row], day: date, told: Mapping[int, int | None], taken: Collection[int]
) -> list[tuple[Held | None, Found]]:
    known = held.held_people([row["id_number"] for row in rows if row["id_number"]], day)
    named = held.held_by_key([key for key in told.values() if key is not None], day)
    if any(key is not None and key not in named for key in told.values()):
        raise Conflict(None)  # the person is no longer there under this key
    strangers = [
        row for number, row in enumerate(rows) if number not in told and row["id_number"] not in known
    ]
    there = held.people_alike({alike(row) for row in strangers})
    elsewhere = {*taken, *named, *(person.id for person in known.values())}
    answers = iter(tell(strangers, (), there, elsewhere))
    found: list[tuple[Held | None, Found]] = []
    for number, row in enumerate(rows):
        if number in told:
            key = told[number]
            found.append((named[key] if key is not None else None, Found(Who.NEW)))
        elif row["id_number"] in known:
            found.append((known[row["id_number"]], Found(Who.KNOWN)))
        else:
            found.append((None, next(answers)))
    return found


def _unknown(found: Found) -> Plan | None:
    """The plan of a line whose person is not told."""
    if found.who is Who.PROPOSED:
        return Plan(LineOutcome.PROPOSED, candidates=found.candidates)
    if found.who is Who.REFUSED:
        plan = Plan(LineOutcome.REFUSED, candidates=found.candidates)
        plan.conflict = ("alike", {}) if found.candidates else None
        return plan
    return None
