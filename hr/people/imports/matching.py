"""What a line of a roster means for the register: new, changed, unchanged or conflicting. Pure.

A blank cell changes nothing. History is never overwritten: another unit or post is a new assignment
from the day of the file, another rank a new rank step, a higher level a new paper. A roster vouches
for its own day only, so what it brings begins on that day unless the file says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.text import marked as _
from hr.people.codes import LEVELS, RANKS
from hr.people.enums import Category, ProofState, QualificationKind, Sex
from hr.people.imports.enums import LineOutcome
from hr.people.seeds import AssignmentSeed, BackgroundSeed, PersonSeed, QualificationSeed, RankSeed

Values = Mapping[str, Any]
#: Why a line conflicts with the register: code → message, an English msgid translated where shown.
CONFLICTS = {
    "unit_missing": _("The file names no unit for this person: choose one and read the file again"),
    "left_service": _("This person has left service in the register: open the file"),
    "later_place": _("The register holds an assignment since %(date)s, later than this file"),
    "later_rank": _("The register holds a rank since %(date)s, later than this file"),
    "rule": _("%(message)s"),
}
#: Facts of the person that a roster may correct.
FACTS = ("full_name", "other_name", "sex", "born_on", "birthplace", "native_place", "recruited_on")
BACKGROUND = ("ethnicity", "religion", "party_joined_on", "party_official_on")
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


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """The own place that runs, as the register has it."""

    id: int
    unit_id: int
    division_id: int | None
    post: str
    category: Category
    starts_on: date
    kind: str


@dataclass(frozen=True, slots=True)
class HeldPaper:
    """A paper as the register has it."""

    id: int
    kind: QualificationKind
    level: str
    major: str | None
    issuer: str | None
    awarded_year: int | None
    proof_state: ProofState


@dataclass(frozen=True, slots=True)
class Held:
    """A person as the register has them now."""

    id: int
    uid: str
    version: int
    in_service: bool
    facts: Values
    background: Values
    place: HeldPlace | None
    rank: tuple[str, int, Decimal, date] | None
    papers: tuple[HeldPaper, ...]


@dataclass(slots=True)
class Plan:
    """What confirming a line would write. `changes` is what people are shown: field → [old, new]."""

    outcome: LineOutcome
    changes: dict[str, list[Any]] = field(default_factory=dict)
    person: Held | None = None
    seed: PersonSeed | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    background: dict[str, Any] = field(default_factory=dict)
    place: AssignmentSeed | None = None
    rank: RankSeed | None = None
    papers: list[QualificationSeed] = field(default_factory=list)
    fills: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    conflict: tuple[str, dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class UnitKeys:
    """Keys of today's units by code, and of their divisions by parent and folded name."""

    units: Mapping[str, int]
    names: Mapping[int, str]
    divisions: Mapping[tuple[int, str], int]
    fold: Any

    def unit(self, code: str | None) -> int | None:
        return self.units.get(code) if code else None

    def division(self, unit_id: int, name: str | None) -> int | None:
        return self.divisions.get((unit_id, self.fold(name))) if name else None


def plan_line(values: Values, held: Held | None, units: UnitKeys, day: date) -> Plan:
    """What the line means. `day`: the day of the file's figures."""
    line = _typed(values)
    unit_id = units.unit(line.get("unit"))
    if held is None:
        if unit_id is None:
            return _conflict("unit_missing", {})
        return Plan(LineOutcome.NEW, seed=_seed(line, units, unit_id, day))
    if not held.in_service:
        return _conflict("left_service", {}, held)
    plan = Plan(LineOutcome.UNCHANGED, person=held)
    _compare_facts(plan, line, held)
    _compare_place(plan, line, held, units, unit_id, day)
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


def _conflict(code: str, params: dict[str, Any], held: Held | None = None) -> Plan:
    return Plan(LineOutcome.CONFLICTING, person=held, conflict=(code, params))


# --- a new person -----------------------------------------------------------------------------------
def _seed(line: dict[str, Any], units: UnitKeys, unit_id: int, day: date) -> PersonSeed:
    background = {name: line.get(name) for name in BACKGROUND}
    rank = _rank_seed(line, day)
    return PersonSeed(
        id_number=line["id_number"],
        **{name: line.get(name) for name in FACTS},
        background=BackgroundSeed(**background) if any(background.values()) else None,
        assignments=(_place_seed(line, units, unit_id, day),),
        ranks=(rank,) if rank else (),
        qualifications=tuple(paper for paper in _papers(line) if _order(paper.kind, paper.level) > 0),
    )


def _place_seed(line: dict[str, Any], units: UnitKeys, unit_id: int, day: date) -> AssignmentSeed:
    return AssignmentSeed(
        unit_id=unit_id,
        division_id=units.division(unit_id, line.get("division")),
        post=line.get("post") or line.get("division") or "–",
        category=line.get("category") or Category.CIVIL_SERVANT,
        managing_unit_id=unit_id,
        starts_on=day,
        decision_note=roster_note(day),
    )


def roster_note(day: date) -> str:
    """Where a row that no decision carries comes from."""
    return f"Danh sách ngày {day:%d/%m/%Y}"


def _rank_seed(line: dict[str, Any], day: date) -> RankSeed | None:
    code, step, coefficient = line.get("rank_code"), line.get("step"), line.get("coefficient")
    if not code or coefficient is None:
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
            more = {"major": line.get("major"), "issuer": line.get("issuer"), "awarded_year": line.get("graduated")}
        found.append(QualificationSeed(kind=kind, level=level, **more))
    return found


def _order(kind: QualificationKind, level: str) -> int:
    return LEVELS[kind][level].order


# --- a known person ---------------------------------------------------------------------------------
def _compare_facts(plan: Plan, line: dict[str, Any], held: Held) -> None:
    for names, now, target in ((FACTS, held.facts, plan.facts), (BACKGROUND, held.background, plan.background)):
        for name in names:
            new = line.get(name)
            if new is not None and new != "" and new != now.get(name):
                target[name] = new
                plan.changes[name] = [_plain(now.get(name)), _plain(new)]


def _compare_place(
    plan: Plan, line: dict[str, Any], held: Held, units: UnitKeys, unit_id: int | None, day: date
) -> None:
    place = held.place
    if place is None or unit_id is None:
        return
    division = units.division(unit_id, line.get("division"))
    moved = unit_id != place.unit_id or (division is not None and division != place.division_id)
    new_post = line.get("post")
    if not moved and (not new_post or new_post == place.post):
        return
    if place.starts_on >= day:
        plan.outcome = LineOutcome.CONFLICTING
        plan.conflict = ("later_place", {"date": place.starts_on.strftime("%d/%m/%Y")})
        return
    if unit_id != place.unit_id:
        plan.changes["unit"] = [units.names.get(place.unit_id), units.names.get(unit_id)]
    if division is not None and division != place.division_id:
        plan.changes["division"] = [units.names.get(place.division_id or 0), units.names.get(division)]
    if new_post and new_post != place.post:
        plan.changes["post"] = [place.post, new_post]
    plan.place = AssignmentSeed(
        unit_id=unit_id,
        division_id=division if division is not None or unit_id != place.unit_id else place.division_id,
        post=new_post or place.post,
        category=line.get("category") or place.category,
        managing_unit_id=unit_id,
        starts_on=day,
        decision_note=roster_note(day),
    )


def _compare_rank(plan: Plan, line: dict[str, Any], held: Held, day: date) -> None:
    seed = _rank_seed(line, day)
    if seed is None:
        return
    if held.rank is not None:
        code, step, coefficient, since = held.rank
        same_step = not line.get("step") or step == line["step"]
        if code == seed.rank_code and coefficient == seed.coefficient and same_step:
            return
        if since >= seed.starts_on:
            plan.outcome = LineOutcome.CONFLICTING
            plan.conflict = ("later_rank", {"date": since.strftime("%d/%m/%Y")})
            return
    plan.rank = seed
    old = f"{held.rank[0]} · {held.rank[1]} · {held.rank[2]}" if held.rank else None
    plan.changes["rank"] = [old, f"{seed.rank_code} · {seed.step} · {seed.coefficient}"]


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
    given = {name: getattr(seed, name) for name in ("major", "issuer", "awarded_year") if getattr(seed, name)}
    if not given or any(all(getattr(p, name) == value for name, value in given.items()) for p in papers):
        return
    for paper in papers:
        lacking = {name: value for name, value in given.items() if not getattr(paper, name)}
        agrees = all(getattr(paper, name) == value for name, value in given.items() if name not in lacking)
        if agrees and paper.proof_state is ProofState.CLAIMED:
            plan.fills.append((paper.id, lacking))
            for name, value in lacking.items():
                plan.changes[f"{seed.kind.value}.{name}"] = [None, value]
            return
    plan.papers.append(seed)
    plan.changes[seed.kind.value] = [None, " · ".join(str(part) for part in (seed.level, *given.values()))]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return value.value if isinstance(value, Sex) else value
