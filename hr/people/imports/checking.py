"""The rules of the register over a plan: what they refuse becomes a conflicting line with the reason."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale

from core.errors import Unprocessable
from core.scope import Viewer
from core.subjects import Act, stops_against
from core.words import LANGUAGES
from hr.people import entry, rules
from hr.people.imports.enums import WRITTEN
from hr.people.imports.held import places_in
from hr.people.imports.plans import Held, Plan
from hr.people.posts import seat_of
from hr.people.seeds import BackgroundSeed


def check(plan: Plan, by: Viewer, ages: entry.MinimumAges) -> Plan:
    """`plan`, made a conflict when a rule or a stop refuses what it would write."""
    if plan.outcome not in WRITTEN:
        return plan
    try:
        if plan.seed is not None:
            entry.check_file(plan.seed, by.today, ages)
        elif plan.person is not None:
            _check_change(plan, plan.person, by.today, ages)
    except Unprocessable as refusal:
        plan.refuse("rule", {"message": in_each_language(refusal.message)})
    for person_id, act, day in acts_of(plan):
        for stop in stops_against((person_id,), act, day).get(person_id, ()):
            plan.refuse("stopped", {"message": in_each_language(stop.public_reason)})
    return plan


def remark_second_heads(named: Sequence[tuple[str, Plan]], day: date) -> None:
    """Remarks on each line that would make somebody lead what another person leads already, in the
    register or by this file. `named`: every line's name and plan. Whoever the file moves has left."""
    leading = [(name, plan, seat) for name, plan in named if (seat := _seat(plan)) is not None]
    if not leading:
        return
    moved = {plan.person.id for _name, plan in named if plan.person and _writes_a_place(plan)}
    held: dict[Any, list[tuple[Plan | None, str, str]]] = {}
    for person_id, name, unit_id, division_id, post in places_in({seat[0] for *_, seat in leading}, day):
        if person_id not in moved:
            held.setdefault(seat_of(unit_id, division_id, post), []).append((None, name, post))
    for name, plan, seat in leading:
        held.setdefault(seat, []).append((plan, name, plan.own_place.post if plan.own_place else ""))
    for _name, plan, seat in leading:
        other = next((found for found in held[seat] if found[0] is not plan), None)
        if other is not None:
            plan.remarks.append(("second_head", {"name": other[1], "post": other[2]}))


def _writes_a_place(plan: Plan) -> bool:
    return plan.outcome in WRITTEN and plan.own_place is not None


def _seat(plan: Plan) -> tuple[int, int | None, str] | None:
    """What the person of the line would lead."""
    place = plan.own_place
    if place is None or not _writes_a_place(plan):
        return None
    return seat_of(place.unit_id, place.division_id, place.post)


def acts_of(plan: Plan) -> list[tuple[int, Act, date]]:
    """The acts in a change that a subject may set a stop against: (person, act, day)."""
    if plan.person is None:
        return []
    acts = ((Act.TRANSFER, plan.place), (Act.PAY_STEP, plan.rank))
    return [(plan.person.id, act, seed.starts_on) for act, seed in acts if seed is not None]


def in_each_language(message: object) -> dict[str, str]:
    """A message with its values in every language: it is kept now and read by whoever comes."""
    told = {}
    for code in LANGUAGES:
        with force_locale(code):
            told[code] = str(message)
    return told


def _check_change(plan: Plan, held: Held, today: date, ages: entry.MinimumAges) -> None:
    facts = {**held.facts, **plan.facts}
    born_on, recruited_on = facts["born_on"], facts["recruited_on"]
    rules.check_person_dates(born_on=born_on, recruited_on=recruited_on, today=today)
    if held.place is not None and not {"born_on", "recruited_on"}.isdisjoint(plan.facts):
        entry.check_age(born_on, recruited_on, held.place.category, ages)
    if plan.background:
        entry.check_background(BackgroundSeed(**{**held.background, **plan.background}), today)
    if plan.rank is not None:
        entry.check_rank(plan.rank, born_on, today)
    for paper in plan.papers:
        entry.check_qualification(paper, born_on, today)
    for _paper, details in plan.fills:
        rules.check_qualification_dates(
            born_on=born_on,
            awarded_on=None,
            awarded_year=details.get("awarded_year"),
            expires_on=None,
            today=today,
        )
