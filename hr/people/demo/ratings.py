"""Yearly ratings of the demo: 466 excellent, 1,842 good, 262 completed, 17 not completed in 2025, and what
three communes have proposed for the year that is rated now."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from hr.people.demo.calendar import SETTLED_ON
from hr.people.demo.shapes import DemoPerson
from hr.people.ratings.enums import RatingLevel, RatingSource, RatingState
from hr.people.ratings.rules import rating_year

#: Of 2,587 officials; the rest is good.
EXCELLENT, COMPLETED, NOT_COMPLETED = 466, 262, 17
OFFICIALS = 2587
#: Communes whose chairs have proposed already; of the last one they came back.
AHEAD = ("03127", "03158", "03160")
REMARK = "Thiếu biên bản họp lấy ý kiến tập thể"

Facts = Mapping[str, Any]


def ratings_of(
    people: Sequence[DemoPerson], day: date, unit_name: Callable[[str, date], str]
) -> dict[str, list[Facts]]:
    """Ratings by identification number."""
    officials = [person for person in people if person.is_official_on(SETTLED_ON)]
    found: dict[str, list[Facts]] = {
        person.id_number: [_rating(person, SETTLED_ON, level, unit_name)]
        for person, level in zip(officials, _levels(officials), strict=True)
    }
    year = rating_year(day)
    if year > SETTLED_ON.year:
        for person in officials:
            home = person.home_on(day)
            if home is not None and home.unit_code in AHEAD:
                found[person.id_number].append(_proposal(person, day, year, unit_name))
    return found


def _levels(officials: Sequence[DemoPerson]) -> list[RatingLevel]:
    """Spread evenly; the few below with specialists of departments, as every unfavourable story."""
    times = max(1, round(len(officials) / OFFICIALS))
    below = [n for n, person in enumerate(officials) if _is_specialist(person)][:: max(1, 20 // times)]
    levels = dict.fromkeys(below[: NOT_COMPLETED * times], RatingLevel.NOT_COMPLETED)
    others = [n for n in range(len(officials)) if n not in levels]
    for level, count in ((RatingLevel.EXCELLENT, EXCELLENT), (RatingLevel.COMPLETED, COMPLETED)):
        free = [n for n in others if n not in levels]
        step = len(free) / (count * times)
        levels |= {free[int(k * step)]: level for k in range(count * times)}
    return [levels.get(n, RatingLevel.GOOD) for n in range(len(officials))]


def _is_specialist(person: DemoPerson) -> bool:
    home = person.home_on(SETTLED_ON)
    return home is not None and home.unit_code.isalpha() and home.post.startswith("Chuyên viên")


def _rating(
    person: DemoPerson, day: date, level: RatingLevel, unit_name: Callable[[str, date], str]
) -> dict[str, Any]:
    home = person.home_on(day)
    assert home is not None
    unit, in_commune = unit_name(home.unit_code, home.starts_on), home.unit_code[0].isdigit()
    return {
        "year": day.year,
        "level": level,
        "state": RatingState.CONFIRMED,
        "source": RatingSource.CHAIR if in_commune else RatingSource.IMPORTED,
        "rated_by": f"Chủ tịch UBND, {unit}" if in_commune else unit,
    }


def _proposal(
    person: DemoPerson, day: date, year: int, unit_name: Callable[[str, date], str]
) -> dict[str, Any]:
    home = person.home_on(day)
    assert home is not None
    came_back = home.unit_code == AHEAD[-1]
    return {
        **_rating(person, day, RatingLevel.GOOD, unit_name),
        "year": year,
        "state": RatingState.SENT_BACK if came_back else RatingState.PROPOSED,
        "remark": REMARK if came_back else None,
    }
