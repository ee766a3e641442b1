"""What a line of a roster means for the register: new, changed, unchanged or conflicting. Pure.

A blank cell changes nothing. History is never overwritten: another unit or post is a new assignment
from the day of the file, another rank a new rank step, a higher level a new paper. A roster vouches
for its own day only, so what it brings begins on that day unless the file says otherwise.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from core.text import fold
from hr.people.codes import LEVELS, RANKS
from hr.people.enums import OFFICIALS, Category, ProofState, QualificationKind, Sex
from hr.people.imports.enums import LineOutcome
from hr.people.imports.plans import (
    BACKGROUND,
    DETAILS,
    FACTS,
    Held,
    HeldPaper,
    HeldPlace,
    HeldRank,
    Plan,
    UnitKeys,
    Values,
)
from hr.people.seeds import AssignmentSeed, BackgroundSeed, PersonSeed, QualificationSeed, RankSeed

#: Fields of a roster line that hold one paper each: kind → its other columns.
PAPERS: dict[QualificationKind, str] = {
    QualificationKind.EDUCATION: "education",
    QualificationKind.POLITICAL_THEORY: "political_theory",
    QualificationKind.STATE_MANAGEMENT: "state_management",
    QualificationKind.IT: "it",
    QualificationKind.FOREIGN_LANGUAGE: "foreign_language",
    QualificationKind.ETHNIC_LANGUAGE: "ethnic_language",
}
_DATES = ("born_on", "recruited_on", "party_joined_on", "party_official_on", "step_since")


def plan_line(values: Values, held: Held | None, units: UnitKeys, day: date) -> Plan:
    """What the line means. `day`: the day of the file's figures."""
    line = _typed(values)
    if held is None:
        return _new(line, units, day)
    plan = Plan(LineOutcome.UNCHANGED, person=held)
    if not held.in_service:
        plan.refuse("left_service", {})
        return plan
    if _is_somebody_else(line, held):
        shown = {"name": held.facts["full_name"], "date": _plain(held.facts["born_on"])}
        plan.refuse("other_person", shown)
        return plan
    _compare_facts(plan, line, held)
    _compare_place(plan, line, held, units, day)
    _compare_rank(plan, line, held, day)
    _compare_papers(plan, line, held)
    if plan.conflict is None and plan.changes:
        plan.outcome = LineOutcome.CHANGED
    return plan


def _typed(values: Values) -> dict[str, Any]:
    """JSON values as the register's types."""
    line = dict(values)
    for name in _DATES:
        if line.get(name):
            line[name] = date.fromisoformat(line[name])
    line["sex"] = Sex(line["sex"]) if line.get("sex") else None
    line["category"] = Category(line["category"]) if line.get("category") else None
    line["coefficient"] = Decimal(line["coefficient"]) if line.get("coefficient") else None
    return line


# --- a new person -----------------------------------------------------------------------------------
def _new(line: dict[str, Any], units: UnitKeys, day: date) -> Plan:
    plan = Plan(LineOutcome.NEW)
    unit_id = units.unit(line.get("unit"))
    if unit_id is None:
        plan.refuse("unit_missing", {})
        return plan
    starts_on = units.first_day(unit_id, day)
    division_id = _division(plan, line, units, unit_id)
    facts: dict[str, Any] = {name: line.get(name) for name in FACTS}
    background = {name: line.get(name) for name in BACKGROUND}
    rank = _rank(plan, line, day)
    plan.seed = PersonSeed(
        id_number=line["id_number"],
        **facts,
        background=BackgroundSeed(**background) if any(background.values()) else None,
        assignments=(
            AssignmentSeed(
                unit_id=unit_id,
                division_id=division_id,
                post=line.get("post") or line.get("division") or "–",
                category=line.get("category") or Category.CIVIL_SERVANT,
                managing_unit_id=unit_id,
                starts_on=starts_on,
                decision_note=roster_note(day),
            ),
        ),
        ranks=(rank,) if rank else (),
        qualifications=tuple(paper for paper in _papers(line) if _order(paper.kind, paper.level) > 0),
    )
    return plan


def roster_note(day: date) -> str:
    """Where a row that no decision carries comes from."""
    return f"Danh sách ngày {day:%d/%m/%Y}"


def _division(plan: Plan, line: dict[str, Any], units: UnitKeys, unit_id: int) -> int | None:
    found = units.division(unit_id, line.get("division"))
    if line.get("division") and found is None:
        plan.remarks.append(
            ("division_unknown", {"unit": units.names.get(unit_id), "value": line["division"]})
        )
    return found


def _rank(plan: Plan, line: dict[str, Any], day: date) -> RankSeed | None:
    code, step, coefficient = line.get("rank_code"), line.get("step"), line.get("coefficient")
    if not code or coefficient is None:
        if code or step or coefficient is not None:
            plan.remarks.append(("rank_incomplete", {}))
        return None
    since = line.get("step_since")
    return RankSeed(
        rank_code=code,
        step=step or _step_of(code, coefficient),
        coefficient=coefficient,
        starts_on=since or day,
        decision_note=None if since else roster_note(day),
    )


def _step_of(code: str, coefficient: Decimal) -> int:
    """The step with this coefficient; 1 where the pay table does not tell."""
    rank = RANKS.get(code)
    if rank and coefficient in rank.coefficients:
        return rank.coefficients.index(coefficient) + 1
    return 1


def _papers(line: dict[str, Any]) -> list[QualificationSeed]:
    found = []
    for kind, name in PAPERS.items():
        level = line.get(name)
        if not level:
            continue
        more: dict[str, Any] = {"major": line.get(f"{name}_detail")}
        if kind is QualificationKind.EDUCATION:
            more = {
                "major": line.get("major"),
                "issuer": line.get("issuer"),
                "awarded_year": line.get("graduated"),
            }
        found.append(QualificationSeed(kind=kind, level=level, **more))
    return found


def _order(kind: QualificationKind, level: str) -> int:
    return LEVELS[kind][level].order


# --- a known person ---------------------------------------------------------------------------------
def _is_somebody_else(line: dict[str, Any], held: Held) -> bool:
    """Another name and another birth under one number: the number is wrong, not name and birth."""
    return (
        fold(line["full_name"]) != fold(held.facts["full_name"]) and line["born_on"] != held.facts["born_on"]
    )


def _compare_facts(plan: Plan, line: dict[str, Any], held: Held) -> None:
    inferred = line.get("inferred") or ()
    for names, now, target in (
        (FACTS, held.facts, plan.facts),
        (BACKGROUND, held.background, plan.background),
    ):
        for name in names:
            new = None if name in inferred else line.get(name)
            if new is not None and new != "" and new != now.get(name):
                target[name] = new
                plan.changes[name] = [_plain(now.get(name)), _plain(new)]


def _compare_place(plan: Plan, line: dict[str, Any], held: Held, units: UnitKeys, day: date) -> None:
    place, unit_id = held.place, units.unit(line.get("unit"))
    if place is None:
        if unit_id is not None:
            plan.refuse("no_place", {})
        return
    unit_id = unit_id or place.unit_id
    if unit_id != place.unit_id and unit_id in {unit for unit, _post in held.beside}:
        return  # on the list of the unit that received them: the own place is elsewhere, as it was
    new = _place(plan, line, held, place, units, unit_id, day)
    now = {
        "unit": (units.names.get(place.unit_id), units.names.get(unit_id)),
        "division": (units.names.get(place.division_id or 0), units.names.get(new.division_id or 0)),
        "post": (place.post, new.post),
        "category": (place.category.value, new.category.value),
    }
    changed = {name: [old, value] for name, (old, value) in now.items() if old != value}
    if not changed:
        return
    if place.starts_on >= new.starts_on:
        plan.refuse("later_place", {"date": _plain(place.starts_on)})
    plan.changes |= changed
    plan.place = new


def _place(
    plan: Plan, line: dict[str, Any], held: Held, place: HeldPlace, units: UnitKeys, unit_id: int, day: date
) -> AssignmentSeed:
    """The own place as the line has it; what it leaves open stays, as far as it fits the unit."""
    same_unit = unit_id == place.unit_id
    division_id = _division(plan, line, units, unit_id) or (place.division_id if same_unit else None)
    post = line.get("post") or place.post
    if (unit_id, post) in held.beside or post.casefold() == place.post.casefold():
        post = place.post
    return AssignmentSeed(
        unit_id=unit_id,
        division_id=division_id,
        post=post,
        kind=place.kind,
        category=_category(line, place, post),
        managing_unit_id=place.managing_unit_id if same_unit else unit_id,
        management_tier=place.management_tier if same_unit else None,
        starts_on=units.first_day(unit_id, day),
        decision_note=roster_note(day),
    )


def _category(line: dict[str, Any], place: HeldPlace, post: str) -> Category:
    """What the file states; what follows from a new post only among cadres and civil servants."""
    given: Category | None = line.get("category")
    if given is None:
        return place.category
    if "category" not in (line.get("inferred") or ()):
        return given
    return given if post != place.post and place.category in OFFICIALS else place.category


def _compare_rank(plan: Plan, line: dict[str, Any], held: Held, day: date) -> None:
    rank = held.rank
    if rank is not None and _agrees(line, rank):
        since = line.get("step_since")
        if line.get("rank_code") and since is not None and since != rank.since:
            plan.remarks.append(("rank_since", {"date": _plain(rank.since)}))
        return
    seed = _rank(plan, line, day)
    if seed is None:
        return
    if rank is not None and rank.since >= seed.starts_on:
        plan.refuse("later_rank", {"date": _plain(rank.since)})
    plan.rank = seed
    old = rank_text(rank.code, rank.step, rank.coefficient) if rank else None
    plan.changes["rank"] = [old, rank_text(seed.rank_code, seed.step, seed.coefficient)]


def _agrees(line: dict[str, Any], rank: HeldRank) -> bool:
    """Whether what the line says of the rank, be it little, is what the register has."""
    given = (line.get("rank_code"), line.get("step"), line.get("coefficient"))
    pairs = zip(given, (rank.code, rank.step, rank.coefficient), strict=True)
    return all(new is None or new == now for new, now in pairs)


def rank_text(code: str, step: int, coefficient: Decimal) -> str:
    """Rank, step and coefficient in one value."""
    return f"{code}|{step}|{coefficient}"


def _compare_papers(plan: Plan, line: dict[str, Any], held: Held) -> None:
    for seed in _papers(line):
        order = _order(seed.kind, seed.level)
        same_kind = [paper for paper in held.papers if paper.kind is seed.kind]
        top = max(same_kind, key=lambda paper: _order(paper.kind, paper.level), default=None)
        top_order = _order(top.kind, top.level) if top else 0
        if order > top_order:
            plan.papers.append(seed)
            plan.changes[seed.kind.value] = [top.level if top else None, seed.level]
        elif top is not None and order == top_order and order > 0:
            _fill(plan, seed, [paper for paper in same_kind if paper.level == seed.level])
        # A lower level than the one held takes nothing away: the roster names another paper.


def _fill(plan: Plan, seed: QualificationSeed, papers: list[HeldPaper]) -> None:
    """Details the register lacks are filled in; details that differ belong to another paper of the
    same level, which the register then holds too."""
    given = {name: getattr(seed, name) for name in DETAILS if getattr(seed, name)}
    if not given or any(all(getattr(p, name) == value for name, value in given.items()) for p in papers):
        return
    for paper in papers:
        lacking = {name: value for name, value in given.items() if not getattr(paper, name)}
        agrees = all(getattr(paper, name) == value for name, value in given.items() if name not in lacking)
        if agrees and paper.proof_state is ProofState.CLAIMED:
            plan.fills.append((paper, lacking))
            for name, value in lacking.items():
                plan.changes[f"{seed.kind.value}.{name}"] = [None, value]
            return
    plan.papers.append(seed)
    plan.changes[seed.kind.value] = [None, seed.level]
    for name, value in given.items():
        plan.changes[f"{seed.kind.value}.{name}"] = [None, value]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return value.value if isinstance(value, Sex) else value
