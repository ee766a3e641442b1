"""Sketches of the officials: who sits on which post, with totals that come out exactly.

Totals are dealt, not drawn: people are put in order of how likely they are to hold a thing, and the
published number of them holds it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from hr.people.demo.calendar import COUNTED_ON, add_years, retirement_day
from hr.people.demo.establishment import PostLine, Standing, commune_codes, post_lines
from hr.people.demo.places import draw_ethnicity
from hr.people.demo.stories import EXCHANGED, Story, exchanged_on, stories
from hr.people.enums import Sex

WOMEN = 1079
BOTH_HELD = 1889
#: Education of the officials, upwards: communes and wards, then departments. 1,350 of the 1,880 at
#: commune level hold a university degree or higher.
COMMUNE_LEVELS = {
    "untrained": 15, "elementary": 34, "intermediate": 220, "college": 261, "university": 1231, "master": 119,
}  # fmt: skip
DEPARTMENT_LEVELS = {"college": 11, "university": 492, "master": 190, "doctor": 14}
#: Share of people whose major is not one of their field.
MAJOR_MISFITS = 0.15
#: Youngest people to hold a university degree by the end of 2025, a master's, a doctor's.
UNIVERSITY_BORN, MASTER_BORN, DOCTOR_BORN = date(2002, 12, 31), date(1997, 12, 31), date(1988, 12, 31)

#: Ages that posts are held at: youngest, most frequent, oldest (men; women retire earlier).
AGES = {
    Standing.SPECIALIST: (22.4, 36.0, 60.9),
    Standing.DEPUTY: (31.0, 40.0, 59.0),
    Standing.HEAD: (34.0, 43.0, 60.0),
    Standing.VICE: (35.0, 45.0, 60.0),
    Standing.CHIEF: (39.0, 49.0, 60.5),
}
#: Share of officials who retire within about a year.
NEAR_RETIREMENT = 0.02
WOMEN_IN = {
    "education": 1.7, "accounting": 1.7, "records": 2.2, "labour": 1.5, "society": 1.3, "health": 1.4,
    "one_stop": 1.3, "construction": 0.4, "transport": 0.4, "land": 0.6, "it": 0.6, "leadership": 0.4,
}  # fmt: skip
#: Posts of support, where people without a degree mostly sit.
SUPPORT = frozenset({"records", "administration"})


@dataclass(slots=True)
class Sketch:
    """One official being composed. `held`: "both", "theory", "management" or "none"."""

    index: int
    rng: Random
    line: PostLine
    nth: int
    story: Story | None = None
    sex: Sex = Sex.MALE
    ethnicity: str = ""
    level: str = "university"
    held: str = ""
    major_fits: bool = True
    born_on: date = date(1985, 1, 1)
    #: Unit this person came from, and when, in exchange with a colleague.
    exchange: tuple[str, date] | None = None

    @property
    def in_commune(self) -> bool:
        return self.line.unit_code in commune_codes()

    @property
    def seat(self) -> tuple[str, str, Standing]:
        return self.line.unit_code, self.line.field, self.line.standing

    @property
    def leads(self) -> bool:
        return self.line.standing is not Standing.SPECIALIST


def sketch_officials(day: date, seed: int, multiple: int = 1) -> list[Sketch]:
    """One sketch per official, `multiple` times the province."""
    rng = Random(f"officials {seed} {multiple}")
    sketches = _seats(seed, multiple)
    _seat_stories(sketches, day)
    _deal_sexes(rng, sketches, WOMEN * multiple)
    for sketch in sketches:
        sketch.ethnicity = (
            sketch.story.ethnicity if sketch.story else draw_ethnicity(sketch.rng, sketch.line.unit_code)
        )
        sketch.born_on = (sketch.story and sketch.story.born_on) or _draw_birth(sketch, day)
    for commune, levels in ((True, COMMUNE_LEVELS), (False, DEPARTMENT_LEVELS)):
        group = [sketch for sketch in sketches if sketch.in_commune is commune]
        _deal_levels(group, {level: count * multiple for level, count in levels.items()})
    _deal_held(sketches, BOTH_HELD * multiple)
    for sketch in rng.sample(sketches, round(MAJOR_MISFITS * len(sketches))):
        sketch.major_fits = sketch.story is not None
    return sketches


def _seats(seed: int, multiple: int) -> list[Sketch]:
    """A seat per person present. Copies beyond the first province are specialists: one head per division."""
    sketches: list[Sketch] = []
    for copy in range(multiple):
        for line in post_lines():
            seat = line if copy == 0 or line.standing is Standing.SPECIALIST else _ordinary(line)
            for nth in range(line.present):
                index = len(sketches)
                sketches.append(Sketch(index, Random(seed * 1_000_003 + index), seat, nth))
    return sketches


def _ordinary(line: PostLine) -> PostLine:
    """The seat of a specialist beside a leading post."""
    office = line.field == "leadership"
    return replace(
        line,
        standing=Standing.SPECIALIST,
        post="Chuyên viên",
        field="office" if office else line.field,
        division_code=f"{line.unit_code}.2" if office else line.division_code,
    )


def _seat_stories(sketches: list[Sketch], day: date) -> None:
    """Gives each storyline person the first free specialist's seat of the unit and field."""
    for story in stories(day):
        wanted = (story.unit_code, story.field, Standing.SPECIALIST)
        seat = next(sketch for sketch in sketches if sketch.story is None and sketch.seat == wanted)
        seat.story = story
        if story.key == EXCHANGED.key:
            moved = exchanged_on(day)
            seat.exchange = (EXCHANGED.came_from, moved)
            wanted = (EXCHANGED.came_from, story.field, Standing.SPECIALIST)
            other = next(s for s in sketches if s.seat == wanted and s.story is None)
            other.exchange = (story.unit_code, moved)


def _deal_sexes(rng: Random, sketches: list[Sketch], women: int) -> None:
    """Exactly `women` women, fewer in leading and technical posts (weighted draw without return)."""
    keys = {}
    for sketch in sketches:
        weight = WOMEN_IN.get(sketch.line.field, 1.0) * (0.6 if sketch.leads else 1.0)
        keys[sketch.index] = math.log(rng.random()) / weight
        if sketch.story:
            keys[sketch.index] = 1.0 if sketch.story.sex is Sex.FEMALE else -math.inf
    for sketch in sorted(sketches, key=lambda s: -keys[s.index])[:women]:
        sketch.sex = Sex.FEMALE


def _draw_birth(sketch: Sketch, day: date) -> date:
    """A birth date at which the post is held: 22 at least, not retired before the demo's day."""
    youngest, usual, oldest = AGES[sketch.line.standing]
    if not sketch.in_commune or sketch.exchange:
        youngest = max(youngest, 28.0)
    if sketch.sex is Sex.FEMALE:
        oldest = min(oldest, 56.6)
    age = sketch.rng.triangular(youngest, oldest, usual)
    if sketch.rng.random() < NEAR_RETIREMENT and not sketch.exchange:
        age = (57.3 if sketch.sex is Sex.FEMALE else 61.7) - sketch.rng.random() * 1.2
    born = add_years(day, -age)
    last = min(day, COUNTED_ON)
    born = min(born, last.replace(year=last.year - 22, day=min(last.day, 28)))
    while retirement_day(sketch.sex, born) <= max(day, COUNTED_ON):
        born = add_years(born, 1)
    return born


def _deal(order: list[Sketch], counts: dict[str, int], give: Callable[[Sketch, str], None]) -> None:
    """Gives the first of `order` the first value, and so on; storyline persons keep their own."""
    values = [value for value, count in counts.items() for _ in range(count)]
    for sketch, value in zip(order, values, strict=True):
        give(sketch, value)


def _deal_levels(group: list[Sketch], counts: dict[str, int]) -> None:
    """Education by group: support posts and older staff lower, leaders higher, the young within their age."""
    left = dict(counts)
    free = []
    for sketch in group:
        if sketch.story:
            sketch.level = sketch.story.level
            left[sketch.level] -= 1
        else:
            free.append(sketch)
    lowest = [s for s in free if s.line.field in SUPPORT and not s.leads and s.born_on <= UNIVERSITY_BORN]
    lowest.sort(key=lambda s: s.born_on)
    below = left.get("untrained", 0) + left.get("elementary", 0)
    taken = {sketch.index for sketch in lowest[:below]}
    rest = [sketch for sketch in free if sketch.index not in taken]
    rest.sort(key=_level_key)

    def give(sketch: Sketch, level: str) -> None:
        sketch.level = level

    _deal(lowest[:below] + rest, left, give)


def _level_key(sketch: Sketch) -> float:
    if sketch.born_on > UNIVERSITY_BORN:
        return -2.0 + sketch.rng.random()
    key = sketch.rng.random() + (0.75 if sketch.leads else 0.0)
    key -= 0.45 if sketch.line.field in SUPPORT else 0.0
    if sketch.born_on > MASTER_BORN:
        return min(key, 0.62)
    if sketch.born_on > DOCTOR_BORN:
        return min(key, 0.9)
    return key


def _deal_held(sketches: list[Sketch], both: int) -> None:
    """Political theory and state management: exactly `both` hold both, others at most one of them."""
    for sketch in sketches:
        sketch.held = sketch.story.held if sketch.story else ""
    fixed = sum(sketch.held == "both" for sketch in sketches)
    open_ones = [sketch for sketch in sketches if not sketch.held]
    open_ones.sort(key=_held_key, reverse=True)
    for place, sketch in enumerate(open_ones):
        if place < both - fixed:
            sketch.held = "both"
        else:
            sketch.held = sketch.rng.choices(("none", "theory", "management"), (40, 40, 20))[0]


def _held_key(sketch: Sketch) -> float:
    """Leaders first, those with a degree before others, the young last."""
    key = sketch.rng.random() + 0.6 * sketch.leads
    key += 0.15 if sketch.level in ("university", "master", "doctor") else -0.2
    return key - (0.6 if sketch.born_on > MASTER_BORN else 0.0)
