"""What a roster line is compared with (the register's side) and what the comparison gives (the plan)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.text import fold
from core.text import marked as _
from hr.people.enums import AssignmentKind, Category, ManagementTier, ProofState, QualificationKind
from hr.people.imports.enums import LineOutcome
from hr.people.seeds import AssignmentSeed, PersonSeed, QualificationSeed, RankSeed

Values = Mapping[str, Any]
#: Why a line conflicts with the register: code → message, an English msgid translated where shown.
#: The message of "rule" is that of the rule, kept in each language.
CONFLICTS = {
    "unit_missing": _("The file names no unit for this person: choose one and read the file again"),
    "left_service": _("This person has left service in the register: open the file"),
    "other_person": _("This number belongs to %(name)s, born %(date)s: check the number"),
    "no_place": _("The register holds no present place for this person: open the file"),
    "later_place": _(
        "In the register the present place began on %(date)s, not before the day of this file: "
        "change it in the person's file"
    ),
    "later_rank": _(
        "In the register the present rank and step began on %(date)s, not before those of this file: "
        "change them in the person's file"
    ),
    "alike": _(
        "Without a number this line may be more than one person of this name and birth: enter the number"
    ),
    "stopped": "%(message)s",
    "rule": "%(message)s",
}
#: What was read but is not written as it stands: code → message.
REMARKS = {
    "division_unknown": _("%(unit)s has no division “%(value)s”: left empty"),
    "second_head": _("%(name)s holds the post %(post)s in the same place: check"),
    "rank_incomplete": _("Rank and coefficient belong together: left out"),
    "rank_since": _("The register has this step since %(date)s: to correct the day, open the person's file"),
}
#: Facts of the person that a roster may correct.
FACTS = ("full_name", "other_name", "sex", "born_on", "birthplace", "native_place", "recruited_on")
BACKGROUND = ("ethnicity", "religion", "party_joined_on", "party_official_on")
#: Details of a paper that a roster names.
DETAILS = ("major", "issuer", "awarded_year")


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """The own place that runs, as the register has it."""

    id: int
    unit_id: int
    division_id: int | None
    post: str
    kind: AssignmentKind
    category: Category
    managing_unit_id: int | None
    management_tier: ManagementTier | None
    starts_on: date


@dataclass(frozen=True, slots=True)
class HeldRank:
    """The newest rank and step as the register has them."""

    code: str
    step: int
    coefficient: Decimal
    since: date


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
    """A person as the register has them now. `beside`: unit and post of what runs beside the own
    place (secondments, concurrent posts)."""

    id: int
    uid: str
    version: int
    in_service: bool
    facts: Values
    background: Values
    place: HeldPlace | None
    beside: frozenset[tuple[int, str]]
    rank: HeldRank | None
    papers: tuple[HeldPaper, ...]
    number: str = ""


@dataclass(slots=True)
class Plan:
    """What confirming a line would write. What people are shown: `changes`, field → [old, new]; `kept`,
    the same for values that stay as the register has them; `kinds`, field → [kind, value of the last
    import]."""

    outcome: LineOutcome
    changes: dict[str, list[Any]] = field(default_factory=dict)
    kept: dict[str, list[Any]] = field(default_factory=dict)
    kinds: dict[str, list[Any]] = field(default_factory=dict)
    candidates: tuple[int, ...] = ()
    person: Held | None = None
    seed: PersonSeed | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    background: dict[str, Any] = field(default_factory=dict)
    place: AssignmentSeed | None = None
    rank: RankSeed | None = None
    papers: list[QualificationSeed] = field(default_factory=list)
    fills: list[tuple[HeldPaper, dict[str, Any]]] = field(default_factory=list)
    conflict: tuple[str, dict[str, Any]] | None = None
    remarks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def own_place(self) -> AssignmentSeed | None:
        """The own place that confirming would write, if any."""
        return next(iter(self.seed.assignments), None) if self.seed is not None else self.place

    def refuse(self, code: str, params: dict[str, Any]) -> None:
        """Makes the line a conflict; the first reason stands."""
        self.outcome = LineOutcome.CONFLICTING
        self.conflict = self.conflict or (code, params)


@dataclass(frozen=True, slots=True)
class UnitKeys:
    """Keys of today's units by code, of their divisions by parent and folded name; names and first
    days by key."""

    units: Mapping[str, int]
    names: Mapping[int, str]
    divisions: Mapping[tuple[int, str], int]
    since: Mapping[int, date]

    def unit(self, code: str | None) -> int | None:
        return self.units.get(code) if code else None

    def division(self, unit_id: int, name: str | None) -> int | None:
        return self.divisions.get((unit_id, fold(name))) if name else None

    def first_day(self, unit_id: int, day: date) -> date:
        """The day, or the unit's first one: an older roster speaks of the units before it."""
        return max(day, self.since.get(unit_id, day))
