"""A line three ways: what the unit's last confirmed import said, what the register holds, what the file
says. Pure; the kinds expected stand in `tests/data/reconcile.toml`.

A blank cell states nothing, in the file as in the last import. A value that the file repeats while the
register has moved stays as the register has it. Where both have moved, a person chooses.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from hr.people.imports.enums import LineOutcome, Side
from hr.people.imports.matching import PAPERS, plan_line
from hr.people.imports.plans import BACKGROUND, FACTS, Held, Plan, UnitKeys, Values

#: Columns of a roster by the field they decide; one that is not named here stands for itself.
_COLUMNS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in ("id_number", *FACTS, *BACKGROUND, "unit", "division", "post", "category")},
    "rank": ("rank_code", "step", "coefficient"),
    **{kind.value: (name, f"{name}_detail") for kind, name in PAPERS.items()},
    "education": ("education", "major", "issuer", "graduated"),
}
#: Parts of a place, which mean nothing without its unit.
_OF_THE_UNIT = ("division", "post", "category")
_BY_GRAVITY = (LineOutcome.CONFLICTING, LineOutcome.CHANGED, LineOutcome.CHANGED_HERE)


def reconcile(
    values: Values,
    held: Held | None,
    units: UnitKeys,
    day: date,
    last: Values | None = None,
) -> Plan:
    """What the line means. `last`: the values of the person's line in the unit's last confirmed import;
    None where there was none, so that only file and register are compared."""
    plan = _two_ways(values, held, units, day)
    if held is None or not plan.changes:
        return plan
    before = _two_ways(last, held, units, day).changes if last is not None else {}
    moved_here = {field_of(name) for name in before}
    kinds = {
        name: kind_of(_stated(last, name), _stated(values, name), name in moved_here)
        for name in dict.fromkeys(map(field_of, plan.changes))
    }
    if kinds.get("id_number") is LineOutcome.CHANGED:
        kinds["id_number"] = LineOutcome.CONFLICTING  # nobody's number changes unless a person says so
    _join_the_place(kinds)
    whole, repeated = plan.changes, [n for n, kind in kinds.items() if kind is LineOutcome.CHANGED_HERE]
    if repeated:
        plan = _two_ways(_without(values, repeated, held), held, units, day)
    plan.kept = {name: pair for name, pair in whole.items() if field_of(name) in repeated}
    plan.kinds = {
        name: [kinds[field_of(name)].value, _before(last, before, name, pair[0])]
        for name, pair in whole.items()
        if kinds[field_of(name)] is not LineOutcome.CHANGED or last is not None
    }
    plan.outcome = _outcome(plan, kinds.values())
    return plan


def settle(
    values: Values,
    held: Held,
    units: UnitKeys,
    day: date,
    shown: Plan,
    choices: Mapping[str, str],
) -> Plan:
    """What is written of a line whose conflicts were chosen. `choices`: field → whose value is taken;
    `shown` is what `reconcile` gave for the same values."""
    register = [name for name, side in choices.items() if side == Side.REGISTER]
    repeated = [field_of(name) for name in shown.kept]
    plan = _two_ways(_without(values, [*register, *repeated], held), held, units, day)
    if "id_number" in plan.changes:
        plan.facts["id_number"] = values["id_number"]
    plan.kept, plan.kinds = shown.kept, shown.kinds
    if plan.conflict is None:
        plan.outcome = LineOutcome.CHANGED if plan.changes else LineOutcome.CHANGED_HERE
    return plan


def kind_of(last: Any, file: Any, moved_here: bool) -> LineOutcome:
    """The kind of one value in which file and register differ. `last`, `file`: what was stated, None
    for nothing; `moved_here`: the register no longer holds what was stated last."""
    if last is None:
        return LineOutcome.CHANGED
    if last == file:
        return LineOutcome.CHANGED_HERE
    return LineOutcome.CONFLICTING if moved_here else LineOutcome.CHANGED


def line_kind(kinds: Iterable[LineOutcome]) -> LineOutcome:
    """The kind of a line by those of its values: the gravest."""
    found = set(kinds)
    return next((kind for kind in _BY_GRAVITY if kind in found), LineOutcome.UNCHANGED)


def field_of(change: str) -> str:
    """The field that is chosen as one ("education.major" goes with the paper)."""
    return change.partition(".")[0]


def asked(kinds: Mapping[str, Any] | None) -> list[str]:
    """Fields of a line that ask for a choice. `kinds`: as kept with the line."""
    conflicting = [name for name, pair in (kinds or {}).items() if pair[0] == LineOutcome.CONFLICTING]
    return list(dict.fromkeys(map(field_of, conflicting)))


def _two_ways(values: Values, held: Held | None, units: UnitKeys, day: date) -> Plan:
    plan = plan_line(values, held, units, day)
    number = values.get("id_number")
    if held is not None and number and plan.conflict is None and number != held.number:
        plan.changes = {"id_number": [held.number, number], **plan.changes}
    return plan


def _stated(values: Values | None, name: str) -> tuple[Any, ...] | None:
    """What a line states about a field; None when its cells are blank or follow from other ones."""
    if values is None:
        return None
    inferred = values.get("inferred") or ()
    cells = tuple(None if column in inferred else values.get(column) or None for column in _COLUMNS[name])
    return cells if any(cell is not None for cell in cells) else None


def _without(values: Values, names: Iterable[str], held: Held) -> dict[str, Any]:
    """The line with the cells of these fields blank, so that they change nothing; a name and a date of
    birth, which no line lacks, are the register's."""
    line = {**values, **dict.fromkeys(column for name in names for column in _COLUMNS[name])}
    line["full_name"] = line["full_name"] or held.facts["full_name"]
    line["born_on"] = line["born_on"] or held.facts["born_on"].isoformat()
    return line


def _join_the_place(kinds: dict[str, LineOutcome]) -> None:
    """News of a post or a division is news of the unit the file names: once the person has another
    unit here, it is taken by choice only."""
    if kinds.get("unit") in (LineOutcome.CHANGED_HERE, LineOutcome.CONFLICTING):
        for name in _OF_THE_UNIT:
            if kinds.get(name) is LineOutcome.CHANGED:
                kinds[name] = LineOutcome.CONFLICTING


def _before(last: Values | None, before: Mapping[str, list[Any]], name: str, register: Any) -> Any:
    """What the last import said, as it is shown."""
    if name in before:
        return before[name][1]
    return register if _stated(last, field_of(name)) is not None else None


def _outcome(plan: Plan, kinds: Iterable[LineOutcome]) -> LineOutcome:
    return LineOutcome.CONFLICTING if plan.conflict is not None else line_kind(kinds)
