"""When something of a person falls due: pure, no database. What the law sets comes in as versions of its
rules; None: nothing falls due."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hr.people.codes import LEVELS, RANKS
from hr.people.enums import Category, ProofState, QualificationKind
from hr.people.rules import add_months, anniversary

#: The communes of today were set up on this day (Resolution 1661/NQ-UBTVQH15).
COMMUNES_FROM = date(2025, 7, 1)
#: The education level that the standard of commune civil servants asks for.
DEGREE = "university"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one rule: a number of months or years, and when it holds."""

    value: int
    valid_from: date
    valid_to: date | None
    legal_basis: str = ""


def version_on(versions: Iterable[Version], day: date) -> Version | None:
    """The version in force on `day`, the newest when two are."""
    fitting = [row for row in versions if row.valid_from <= day and (not row.valid_to or day <= row.valid_to)]
    return max(fitting, key=lambda row: row.valid_from, default=None)


def retires_on(born_on: date, ages: Iterable[Version]) -> date | None:
    """The last day of the month in which the retirement age is reached: that of the year it is reached in
    (Decree 135/2020/NĐ-CP Arts 3 and 4)."""
    for age in _by_date(ages):
        reached = max(_month(born_on) + age.value, _month(age.valid_from))
        if age.valid_to is None or reached <= _month(age.valid_to):
            return _last_day(reached)
    return None


def pension_from(retires: date) -> date:
    """The first day of the month after retirement (Decree 135/2020/NĐ-CP Art. 3)."""
    return retires + timedelta(days=1)


def last_birth(day: date, ages: Iterable[Version]) -> date | None:
    """The last birthday of those who retire by `day`: the inverse of `retires_on`, for a search by birth.
    None: before the first version, nobody."""
    whole = _month(day + timedelta(days=1)) - 1
    ends = [
        min(whole, whole if age.valid_to is None else _month(age.valid_to)) - age.value
        for age in _by_date(ages)
        if _month(age.valid_from) <= whole
    ]
    return _last_day(max(ends)) if ends else None


def pay_step_due(
    *, rank_code: str, step: int, starts_on: date, not_completed: Iterable[int] = (), longer: int = 0
) -> date | None:
    """When the next regular step begins; None at the last one, and for a rank whose table is not held.
    `not_completed`: years rated so, of which each that counts makes it `longer` months later."""
    rank = RANKS.get(rank_code)
    if rank is None or step >= len(rank.coefficients):
        return None
    counted = years_counted(starts_on, rank.months, not_completed, longer)
    return add_months(starts_on, rank.months + longer * len(counted))


def years_counted(starts_on: date, months: int, years: Iterable[int], longer: int) -> tuple[int, ...]:
    """Of years rated "not completed" those whose last day lies in the time at the step: before the day the
    next is due by the years before (Circular 08/2013/TT-BNV Art. 2(3))."""
    counted: list[int] = []
    for year in sorted(years):
        due = add_months(starts_on, months + longer * len(counted))
        if starts_on <= date(year, 12, 31) < due:
            counted.append(year)
    return tuple(counted)


def next_term_from(ends_on: date) -> date:
    """The first day of a further term."""
    return ends_on + timedelta(days=1)


def term_ends_on(starts_on: date, years: int) -> date:
    """The last day of a term whose first day is `starts_on`."""
    return _last_of_period(starts_on, anniversary(starts_on, years))


def probation_ends_on(starts_on: date, months: int) -> date:
    """The last day of a probation whose first day is `starts_on`."""
    return _last_of_period(starts_on, add_months(starts_on, months))


def degree_due(*, category: Category, commune_level: bool, holds: str, years: int) -> date | None:
    """By when a civil servant of a commune who holds `holds` must have the degree."""
    order = LEVELS[QualificationKind.EDUCATION]
    if category is not Category.CIVIL_SERVANT or not commune_level:
        return None
    return None if order[holds].order >= order[DEGREE].order else degree_by(years)


def degree_by(years: int) -> date:
    """The day by which the degree is to be completed."""
    return anniversary(COMMUNES_FROM, years)


def paper_due(*, expires_on: date | None, proof_state: ProofState) -> date | None:
    """The last day of a paper; one that its issuer denies is none."""
    return None if proof_state is ProofState.ISSUER_DENIES else expires_on


def quarter_end(day: date) -> date:
    """The last day of the quarter of `day`."""
    return _last_day(_month(day) // 3 * 3 + 2)


def _last_of_period(starts_on: date, end: date) -> date:
    """The day before `end`; where its month had no such day, `end` was cut short already."""
    return end if end.day < starts_on.day else end - timedelta(days=1)


def _by_date(versions: Iterable[Version]) -> list[Version]:
    return sorted(versions, key=lambda row: row.valid_from)


def _month(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _last_day(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])
