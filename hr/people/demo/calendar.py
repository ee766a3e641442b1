"""Dates for made-up lives: whole months, days on which offices act, and when retirement comes."""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from random import Random

from hr.people.enums import Sex
from hr.people.rules import add_months

#: Nobody joins, leaves or moves between this day and the demo's day, so that the counts published
#: for 30/06/2026 hold on any later day as well.
SETTLED_ON = date(2025, 12, 31)
COUNTED_ON = date(2026, 6, 30)


def add_years(day: date, years: float) -> date:
    """`years` later, part years in days."""
    return day + timedelta(days=round(years * 365.25))


def months_between(start: date, end: date) -> int:
    """Whole months from start to end."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def office_day(day: date) -> date:
    """The 1st or the 15th of the month: decisions take effect on such days."""
    return day.replace(day=1 if day.day < 15 else 15)


def between(rng: Random, start: date, end: date) -> date:
    """A working day from start to end; `end` when nothing lies between."""
    days = (end - start).days
    if days <= 0:
        return end
    picked = start + timedelta(days=int(rng.random() * days))
    return picked - timedelta(days=2) if picked.weekday() > 4 and (picked - start).days > 1 else picked


def retirement_day(sex: Sex, born: date) -> date:
    """Last day of the month in which the age of Decree 135/2020/NĐ-CP Art. 4 is reached.

    From 2021 the age grows by 3 months a year for men (60y3m to 62) and 4 for women (55y4m to 60).
    """
    return _retirement_of(sex, born.replace(day=1))


@cache
def _retirement_of(sex: Sex, month: date) -> date:
    first, yearly, top = (723, 3, 744) if sex is Sex.MALE else (664, 4, 720)
    for year in range(2021, month.year + 64):
        reached = add_months(month, min(first + yearly * (year - 2021), top))
        if reached.year <= year:
            break
    return reached.replace(day=monthrange(reached.year, reached.month)[1])
