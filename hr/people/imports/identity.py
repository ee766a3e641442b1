"""Who a line of a roster is: by number first, then by folded name and date of birth, which only proposes.
Pure; the outcomes expected stand in `tests/data/reconcile.toml`.

Two people of one name, born the same day, are never mixed: among several a person chooses, and a line
without a number, which nothing tells apart, is refused.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.text import fold

Row = Mapping[str, Any]
#: Folded name and date of birth.
Alike = tuple[str, date]


class Who(StrEnum):
    """How the person of a line is known."""

    KNOWN = "that person"
    NEW = "new"
    PROPOSED = "proposed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Found:
    """Who a line is, and the keys of the people it may be."""

    who: Who
    candidates: tuple[int, ...] = ()


def alike(row: Row) -> Alike:
    """What two lines of one person have in common besides the number."""
    return fold(row["full_name"]), date.fromisoformat(row["born_on"])


def tell(
    rows: Iterable[Row],
    known: Collection[str],
    there: Mapping[Alike, Collection[int]],
    taken: Collection[int],
) -> list[Found]:
    """Who each line is. `known`: the numbers of the file that the register has; `there`: keys of people
    by name and birth; `taken`: keys of people whose number another line bears."""
    lines = list(rows)
    strangers = Counter(alike(row) for row in lines if row["id_number"] not in known)
    found = []
    for row in lines:
        if row["id_number"] in known:
            found.append(Found(Who.KNOWN))
            continue
        mark = alike(row)
        candidates = tuple(key for key in sorted(there.get(mark, ())) if key not in taken)
        found.append(Found(_who(bool(row["id_number"]), len(candidates), strangers[mark] > 1), candidates))
    return found


def _who(numbered: bool, candidates: int, twice: bool) -> Who:
    if numbered:
        return Who.PROPOSED if candidates else Who.NEW
    return Who.PROPOSED if candidates == 1 and not twice else Who.REFUSED
