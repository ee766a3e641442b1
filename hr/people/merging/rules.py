"""When two files may be one person, and which entries of two files exclude one another: pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from flask_babel import lazy_gettext as _l

from core.errors import Denied
from core.text import fold
from hr.people.merging.enums import Likeness

#: Two numbers that differ in one digit agree in one of their halves.
_HALF = 6


def check_whole_province(reaches_everything: bool) -> None:
    """Merging is for officers of the whole province: a duplicate may lie in any unit, and everything of both
    files must be in reach."""
    if not reaches_everything:
        raise Denied(_l("Duplicates are merged by those responsible for the whole province"))


@dataclass(frozen=True, slots=True)
class Known:
    """A person as far as likeness goes."""

    id: int
    uid: str
    name: str
    name_key: str
    id_number: str
    born_on: date


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people who may be one, and why."""

    one: Known
    other: Known
    reasons: tuple[Likeness, ...]

    @property
    def key(self) -> tuple[int, int]:
        """The keys of both, the lower one first."""
        return self.one.id, self.other.id

    @property
    def uid(self) -> str:
        """The uids of both in one: its place in a list."""
        return f"{self.one.uid}-{self.other.uid}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A dated entry of one of two files. `key`: entries of other keys never exclude one another;
    `days`: whether it runs from a day to a day (inclusive, None: open) and may be cut short."""

    uid: str
    key: Hashable
    starts_on: date | None
    ends_on: date | None
    days: bool


def possible_duplicates(people: Iterable[Known]) -> list[Pair]:
    """Pairs that agree in two of three: name without accents, date of birth, number (but for one digit,
    or for the three that old nine-digit numbers lack). In the order of names. A number alone says
    little: numbers of one province and year lie close together."""
    buckets: dict[Hashable, list[tuple[Known, str]]] = defaultdict(list)
    folded: dict[str, str] = {}
    for person in people:
        name = folded.setdefault(person.name, fold(person.name))
        halves = person.id_number[:_HALF], person.id_number[_HALF:]
        buckets["both", name, person.born_on].append((person, name))
        for place, half in enumerate(halves):
            buckets["name", name, place, half].append((person, name))
            buckets["birth", person.born_on, place, half].append((person, name))
    found: dict[tuple[int, int], Pair] = {}
    for bucket in buckets.values():
        for one, other in combinations(bucket, 2) if len(bucket) > 1 else ():
            pair = _pair(one, other)
            if pair is not None:
                found[pair.key] = pair
    return sorted(found.values(), key=lambda pair: (pair.one.name_key, pair.key))


def _pair(one: tuple[Known, str], other: tuple[Known, str]) -> Pair | None:
    (left, left_name), (right, right_name) = sorted((one, other), key=lambda side: side[0].id)
    reasons = []
    if left_name == right_name:
        reasons.append(Likeness.NAME)
    if left.born_on == right.born_on:
        reasons.append(Likeness.BIRTH)
    if are_near(left.id_number, right.id_number):
        reasons.append(Likeness.NUMBER)
    return Pair(left, right, tuple(reasons)) if len(reasons) > 1 and left.id != right.id else None


def are_near(one: str, other: str) -> bool:
    """Whether two numbers differ in one digit at most, or only in the first three."""
    if one[3:] == other[3:]:
        return True
    return sum(left != right for left, right in zip(one, other, strict=True)) <= 1


def exclusions(kept: Sequence[Entry], other: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of entries, one of each file, that cannot both stand in one."""
    for left in kept:
        yield from ((left, right) for right in other if left.key == right.key and _meet(left, right))


def _meet(left: Entry, right: Entry) -> bool:
    if not left.days:
        return True
    latest = date.max
    return (left.starts_on or date.min) <= (right.ends_on or latest) and (right.starts_on or date.min) <= (
        left.ends_on or latest
    )


def can_be_cut(left: Entry, right: Entry) -> bool:
    """Whether both may stand, the earlier one cut short on the day before the later one."""
    return left.days and left.starts_on != right.starts_on
