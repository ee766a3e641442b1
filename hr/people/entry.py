"""From the plain values of `seeds` to rows: the checks of a whole personnel file and the columns that
are derived from others (order and search of names). The only place that fills those columns."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core.db import db
from core.errors import Unprocessable
from core.law import RuleInForce, rule
from core.text import fold, sort_key, tidy_name, tokens
from core.units import Unit, UnitKind
from hr.people import rules
from hr.people.enums import HOME_KINDS, AssignmentKind, Category, ServiceStatus
from hr.people.groups.registry import GROUPS
from hr.people.models import PersonToken
from hr.people.seeds import AssignmentSeed, BackgroundSeed, PersonSeed, QualificationSeed, RankSeed

#: Codes of rules in force (law.toml of this package).
MINIMUM_AGE = "people.minimum_age"
SECONDMENT_YEARS = "people.secondment_years"
_CHILDREN = ("background", "assignments", "ranks", "qualifications", "facts")
#: Column sizes of SQLite are not enforced and those of PostgreSQL are: cut in one place.
_TOKEN_LENGTH: int = PersonToken.token.type.impl_instance.length


class MinimumAges:
    """The minimum age at recruitment by category and day, read once for many people."""

    def __init__(self) -> None:
        query = select(RuleInForce).where(RuleInForce.code == MINIMUM_AGE)
        self._versions = db.session.scalars(query.order_by(RuleInForce.valid_from.desc())).all()

    def on(self, day: date, category: Category) -> int | None:
        """The age in force on `day`; None where the law sets none."""
        for version in self._versions:
            ended = version.valid_to is not None and version.valid_to < day
            named = not version.categories or f"|{category.value}|" in version.categories
            if version.valid_from <= day and not ended and named:
                return int(version.value)
        return None


# --- columns ----------------------------------------------------------------------------------------
def name_columns(full_name: str) -> dict[str, str]:
    """The name as it is stored, with its order."""
    name = tidy_name(full_name)
    if not name:
        raise Unprocessable(_l("Enter the full name"), field="full_name")
    return {"full_name": name, "name_key": sort_key(name)}


def token_columns(full_name: str) -> list[dict[str, str]]:
    """One search row per word of the name; `person_id` is the caller's."""
    key = sort_key(full_name)
    words = dict.fromkeys(word[:_TOKEN_LENGTH] for word in tokens(full_name))
    return [{"token": word, "name_key": key} for word in words]


def person_columns(seed: PersonSeed) -> dict[str, Any]:
    """Columns of the person's own row."""
    values = {name: value for name, value in _shallow(seed).items() if name not in _CHILDREN}
    return {**values, **name_columns(seed.full_name), "other_name": _tidy(seed.other_name)}


def assignment_columns(seed: AssignmentSeed, full_name: str) -> dict[str, Any]:
    """Columns of an assignment, with the name as it is now."""
    post = tidy_name(seed.post)
    if not post:
        raise Unprocessable(_l("Enter the post"), field="post")
    name = {"person_name": full_name, "name_key": sort_key(full_name)}
    return {**_shallow(seed), **name, "post": post, "post_fold": fold(post)}


def plain_columns(seed: RankSeed | QualificationSeed | BackgroundSeed) -> dict[str, Any]:
    """Columns of the other rows: as they are."""
    return _shallow(seed)


def facts_columns(code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a row of a group: all of them, so that rows of many people have one shape."""
    return {name: facts.get(name) for name in GROUPS[code].names}


# --- checks -----------------------------------------------------------------------------------------
def check_file(seed: PersonSeed, today: date, ages: MinimumAges) -> None:
    """Every rule of a whole new personnel file; Unprocessable names the field."""
    rules.check_id_number(seed.id_number)
    rules.check_person_dates(born_on=seed.born_on, recruited_on=seed.recruited_on, today=today)
    first = first_place(seed.assignments)
    if first is not None:
        # Without a date of recruitment the first day of service stands for it.
        check_age(seed.born_on, seed.recruited_on or first.starts_on, first.category, ages)
    rules.check_status_pair(seed.status, seed.ended_on)
    rules.check_not_after(seed.ended_on, today, "ended_on")
    _check_places(seed)
    if seed.background is not None:
        check_background(seed.background, today)
    for rank in seed.ranks:
        check_rank(rank, seed.born_on, today)
    for paper in seed.qualifications:
        check_qualification(paper, seed.born_on, today)
    for code, facts in seed.facts:
        check_facts(code, facts, seed.born_on, today)


def check_facts(code: str, facts: Mapping[str, Any], born_on: date, today: date) -> None:
    """One row of a group. ValueError for a group that nobody may load: what is off from the start is
    entered by hand only."""
    group = GROUPS[code]
    if not group.enabled or not set(facts) <= set(group.names):
        raise ValueError(f"not to be loaded: {code}")
    group.check(facts, born_on, today)


def check_age(born_on: date, recruited_on: date | None, category: Category | None, ages: MinimumAges) -> None:
    """The minimum age in force on the day of recruitment, where the law sets one for the category."""
    minimum = ages.on(recruited_on, category) if recruited_on and category else None
    if recruited_on is not None and minimum is not None:
        rules.check_recruitment_age(born_on, recruited_on, minimum)


def check_secondment(seed: AssignmentSeed) -> None:
    """The longest secondment in force on its first day, where the law sets one for the category."""
    if seed.kind is AssignmentKind.SECONDED:
        limit = rule(SECONDMENT_YEARS, category=seed.category.value, on=seed.starts_on)
        if limit is not None:
            rules.check_secondment(seed.starts_on, seed.ends_on, int(limit.value))


def check_days(place: AssignmentSeed, born_on: date, others: Iterable[AssignmentSeed]) -> None:
    """A period in order, after birth; one's own place shares no day with `others` that are one's own."""
    rules.check_period(place.starts_on, place.ends_on)
    if place.starts_on <= born_on:
        raise Unprocessable(_l("This day lies before the birth of the person"), field="starts_on")
    if place.kind in HOME_KINDS:
        own = [other for other in others if other.kind in HOME_KINDS]
        rules.check_no_overlap(place.starts_on, place.ends_on, own)


def check_places_with_service(
    status: ServiceStatus, ended_on: date | None, places: Iterable[AssignmentSeed]
) -> None:
    """One own place that runs on for who is in service, and none beyond the last day of who is not."""
    places = list(places)
    if rules.in_service(status):
        if not any(place.kind in HOME_KINDS and place.ends_on is None for place in places):
            message = _l("A person in service has one place of their own: enter the present assignment")
            raise Unprocessable(message, field="unit")
    elif ended_on is not None and any(place.ends_on is None or place.ends_on > ended_on for place in places):
        raise Unprocessable(_l("An assignment runs beyond the last day of service"), field="ends_on")


def check_background(seed: BackgroundSeed, today: date) -> None:
    """`rules.check_background` for a seed."""
    rules.check_background(
        ethnicity=seed.ethnicity,
        joined_on=seed.party_joined_on,
        official_on=seed.party_official_on,
        today=today,
    )


def check_rank(seed: RankSeed, born_on: date, today: date) -> None:
    """`rules.check_rank_step` for a seed."""
    rules.check_rank_step(
        step=seed.step,
        coefficient=seed.coefficient,
        starts_on=seed.starts_on,
        born_on=born_on,
        today=today,
    )


def check_qualification(seed: QualificationSeed, born_on: date, today: date) -> None:
    """Level and dates of a seed."""
    rules.check_level(seed.kind, seed.level)
    rules.check_qualification_dates(
        born_on=born_on,
        awarded_on=seed.awarded_on,
        awarded_year=seed.awarded_year,
        expires_on=seed.expires_on,
        today=today,
    )


def check_units(assignments: Iterable[AssignmentSeed], *, standing: bool) -> None:
    """Each unit is one that people are assigned to and each division lies below it; with `standing`
    the unit must also exist on the first day. One statement."""
    seeds = list(assignments)
    wanted = {key for seed in seeds for key in (seed.unit_id, seed.division_id) if key is not None}
    units = {unit.id: unit for unit in db.session.scalars(select(Unit).where(Unit.id.in_(wanted)))}
    for seed in seeds:
        check_place(seed, units, standing=standing)


def check_place(seed: AssignmentSeed, units: Mapping[int, Unit], *, standing: bool) -> None:
    """`check_units` for one assignment whose units were read before."""
    unit = check_unit(seed.unit_id, seed.division_id, units)
    if standing and not unit.exists_on(seed.starts_on):
        message = _l("%(unit)s does not exist on that day: choose another unit or day", unit=unit.name)
        raise Unprocessable(message, field="unit")


def check_unit(unit_id: int, division_id: int | None, units: Mapping[int, Unit]) -> Unit:
    """The unit, when people are assigned to it and the division lies below it."""
    unit = units.get(unit_id)
    division = units.get(division_id) if division_id is not None else None
    if unit is None or unit.kind is UnitKind.DIVISION:
        raise Unprocessable(_l("Choose a unit from the list"), field="unit")
    if division_id is not None and (division is None or division.parent_id != unit.id):
        raise Unprocessable(_l("This division does not belong to the unit"), field="division")
    return unit


def first_place(assignments: Iterable[AssignmentSeed]) -> AssignmentSeed | None:
    """The earliest place of one's own: its category is that of recruitment."""
    own = [seed for seed in assignments if seed.kind in HOME_KINDS]
    return min(own, key=lambda seed: seed.starts_on, default=None)


def _check_places(seed: PersonSeed) -> None:
    for index, place in enumerate(seed.assignments):
        check_secondment(place)
        check_days(place, seed.born_on, seed.assignments[index + 1 :])
    check_places_with_service(seed.status, seed.ended_on, seed.assignments)


def _shallow(seed: Any) -> dict[str, Any]:
    """The fields of a seed. Not `asdict`, which copies each value: ten times as slow, felt in loads."""
    return {name: getattr(seed, name) for name in seed.__dataclass_fields__}


def _tidy(text: str | None) -> str | None:
    return tidy_name(text) or None if text else None
