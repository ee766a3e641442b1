"""Careers: when people were recruited, which posts they held, in which units of which borders.

Until 30/06/2025 people of communes worked in former communes or offices of former districts; each
former commune has one chair and at most two vice chairs at a time.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from core.seed_data import LAST_DAY_OF_FORMER, PROVINCE_CODE, REORGANISED_ON
from hr.people.demo.calendar import SETTLED_ON, add_years, between, office_day
from hr.people.demo.establishment import Standing, commune_codes
from hr.people.demo.fields import fields
from hr.people.demo.places import former_by_code, home_district, units_by_code
from hr.people.demo.shapes import DemoAssignment
from hr.people.demo.sketches import Sketch
from hr.people.demo.stories import FROM_DISTRICT
from hr.people.enums import AssignmentKind, Category, ManagementTier
from hr.people.rules import add_months

ONE_DAY = timedelta(days=1)
LAST_RECRUITMENT = date(2025, 12, 15)
CHAIR, VICE_CHAIR = "Chủ tịch UBND", "Phó Chủ tịch UBND"


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of a career before its probation is cut out and its papers are named."""

    unit_code: str
    division_code: str | None
    post: str
    starts_on: date
    ends_on: date | None = None


def draw_recruitment(rng: Random, born: date, first_diploma: date | None) -> date:
    """The day of recruitment: after the first diploma, an office day of 2025 at the latest."""
    ready = first_diploma or add_years(born, 19.5)
    day = office_day(add_months(ready, 1 + int(rng.random() * rng.random() * 54)))
    day = max(day, office_day(add_months(born, 18 * 12 + 2)))
    return min(day, LAST_RECRUITMENT)


def spells_of(sketch: Sketch, recruited: date) -> list[Spell]:
    """The home posts of an official, in order, the last one open."""
    line = sketch.line
    now = Spell(line.unit_code, line.division_code, line.post, max(recruited, REORGANISED_ON))
    if recruited >= REORGANISED_ON:
        return [now]
    if not sketch.in_commune:
        return _department_spells(sketch, recruited, now)
    if sketch.exchange:
        return _exchanged(sketch, recruited, now)
    if line.standing >= Standing.HEAD:
        return [*_leading_past(sketch, recruited), now]
    past = _ordinary_past(sketch.rng, line.unit_code, line.field, recruited)
    if line.standing is Standing.SPECIALIST and not sketch.story and sketch.rng.random() < 0.05:
        return [*past, *_moved_after_merger(sketch, now)]
    return [*past, now]


def _moved_after_merger(sketch: Sketch, now: Spell) -> list[Spell]:
    """First placed in another commune, moved to the present one before the end of 2025."""
    rng = sketch.rng
    first = rng.choice([code for code in commune_codes() if code != now.unit_code])
    moved = office_day(between(rng, date(2025, 9, 1), SETTLED_ON))
    division = first + now.division_code[-2:] if now.division_code else None
    before = Spell(first, division, now.post, REORGANISED_ON, moved - ONE_DAY)
    return [before, replace(now, starts_on=moved)]


def _exchanged(sketch: Sketch, recruited: date, now: Spell) -> list[Spell]:
    """Changed places with a colleague of another commune on one day, so both units keep their numbers."""
    other, moved = sketch.exchange or ("", REORGANISED_ON)
    past = _ordinary_past(sketch.rng, other, sketch.line.field, recruited)
    before = Spell(
        other, f"{other}.{sketch.line.division_code[-1]}", now.post, REORGANISED_ON, moved - ONE_DAY
    )
    return [*past, before, replace(now, starts_on=moved)]


def _ordinary_past(rng: Random, unit_code: str, field_code: str, recruited: date) -> list[Spell]:
    """Posts before the merger: in a former commune (72 of 100) or district office; some moved once."""
    field = fields()[field_code]
    origin = rng.choice(units_by_code()[unit_code].predecessors)
    district = former_by_code()[origin].parent_code or ""
    if rng.random() < 0.28:
        last = Spell(district, None, f"Chuyên viên {field.district_office}", recruited, LAST_DAY_OF_FORMER)
    else:
        last = Spell(origin, None, field.commune_post, recruited, LAST_DAY_OF_FORMER)
    if rng.random() < 0.3 and recruited < date(2021, 1, 1):
        first = rng.choice(_neighbours(district, last.unit_code))
        moved = office_day(between(rng, add_years(recruited, 2), date(2024, 6, 1)))
        return [
            Spell(first, None, field.commune_post, recruited, moved - ONE_DAY),
            replace(last, starts_on=moved),
        ]
    return [last]


def _neighbours(district: str, other_than: str) -> list[str]:
    units = former_by_code().values()
    return [unit.code for unit in units if unit.parent_code == district and unit.code != other_than]


def _leading_past(sketch: Sketch, recruited: date) -> list[Spell]:
    """Chairs, vice chairs and heads led a former commune before; each of its posts is given once."""
    line = sketch.line
    former = units_by_code()[line.unit_code].predecessors
    field = fields()[line.field]
    if line.standing is Standing.CHIEF:
        origin, post = former[0], CHAIR
    elif line.standing is Standing.VICE:
        origin, post = (former[1], CHAIR) if sketch.nth == 0 else (former[0], VICE_CHAIR)
    else:
        # Heads of the Office, of Economy and of Society: vice chairs of the first two former communes.
        origin, post = former[(1, 0, 1)[int(line.division_code[-1]) - 2]], VICE_CHAIR
    earliest = add_years(recruited, 5)
    elected = office_day(between(sketch.rng, max(earliest, date(2015, 6, 1)), date(2023, 6, 1)))
    if elected <= add_months(recruited, 18):
        return [Spell(origin, None, field.commune_post, recruited, LAST_DAY_OF_FORMER)]
    return [
        Spell(origin, None, field.commune_post, recruited, elected - ONE_DAY),
        Spell(origin, None, post, elected, LAST_DAY_OF_FORMER),
    ]


def _department_spells(sketch: Sketch, recruited: date, now: Spell) -> list[Spell]:
    """Most stayed in one department; some came from a former district when that tier ended."""
    rng, line = sketch.rng, sketch.line
    came_from = FROM_DISTRICT.get(sketch.story.key) if sketch.story else None
    draw = rng.random()
    if came_from or (draw < 0.2 and not sketch.leads and not sketch.story):
        district = came_from or rng.choice(
            [c for c, u in former_by_code().items() if u.parent_code == PROVINCE_CODE]
        )
        post = f"Chuyên viên {fields()[line.field].district_office}"
        return [Spell(district, None, post, recruited, LAST_DAY_OF_FORMER), now]
    stayed = replace(now, starts_on=recruited)
    if sketch.leads and add_years(recruited, 4) < date(2025, 1, 1):
        appointed = office_day(between(rng, add_years(recruited, 4), SETTLED_ON))
        number = line.division_code[-1] if line.standing < Standing.VICE else rng.choice("2345")
        before = Spell(
            line.unit_code, f"{line.unit_code}.{number}", "Chuyên viên", recruited, appointed - ONE_DAY
        )
        return [before, replace(now, starts_on=appointed)]
    if 0.2 <= draw < 0.35 and recruited < date(2022, 1, 1):
        moved = office_day(between(rng, add_years(recruited, 2), SETTLED_ON))
        number = rng.choice([n for n in "2345" if n != line.division_code[-1]])
        before = Spell(
            line.unit_code, f"{line.unit_code}.{number}", "Chuyên viên", recruited, moved - ONE_DAY
        )
        return [before, replace(now, starts_on=moved)]
    return [stayed]


def managed_by(spell: Spell) -> tuple[str, ManagementTier]:
    """Managing agency and tier of a spell: the Party Committee for chiefs, the province for vice chiefs."""
    former = former_by_code().get(spell.unit_code) if spell.starts_on < REORGANISED_ON else None
    if former is not None:
        district = former.code if former.parent_code == PROVINCE_CODE else former.parent_code
        return district or "", ManagementTier.COMMUNE
    if spell.division_code and spell.division_code.endswith(".1"):
        chief = spell.post.startswith(("Chủ tịch", "Giám đốc", "Chánh"))
        tier = ManagementTier.PROVINCIAL_PARTY if chief else ManagementTier.PROVINCIAL_COMMITTEE
        return PROVINCE_CODE, tier
    in_commune = home_district(spell.unit_code) != ""
    return spell.unit_code, ManagementTier.COMMUNE if in_commune else ManagementTier.DEPARTMENT


def category_of(spell: Spell) -> Category:
    """Chairs and vice chairs are elected: cadres; the rest are civil servants."""
    return Category.CADRE if spell.post in (CHAIR, VICE_CHAIR) else Category.CIVIL_SERVANT


def decision_note(rng: Random, starts_on: date) -> str:
    """Number and symbol of the decision, dated some days before it takes effect."""
    signed = starts_on - timedelta(days=2 + int(rng.random() * 12))
    day = f"{signed.day:02d}/{signed.month:02d}/{signed.year}"
    return f"Số {1 + int(rng.random() * 2400)}/QĐ-UBND ngày {day}"


def assign(
    rng: Random,
    spells: list[Spell],
    field_code: str,
    *,
    probation_until: date | None = None,
    category: Category | None = None,
) -> list[DemoAssignment]:
    """The assignments of a career; the part to `probation_until` is served on probation (date.max: all)."""
    rows = []
    for spell in spells:
        for kind, part in _cut(spell, probation_until):
            managing, tier = managed_by(part)
            rows.append(
                DemoAssignment(
                    unit_code=part.unit_code,
                    division_code=part.division_code,
                    post=part.post,
                    field=field_code,
                    kind=kind,
                    category=category or category_of(part),
                    managing_unit_code=managing,
                    management_tier=tier,
                    starts_on=part.starts_on,
                    ends_on=part.ends_on,
                    decision_note=decision_note(rng, part.starts_on),
                )
            )
    return rows


def _cut(spell: Spell, probation_until: date | None) -> list[tuple[AssignmentKind, Spell]]:
    """The spell, or its two parts when probation ends inside it."""
    if probation_until is None or spell.starts_on > probation_until:
        return [(AssignmentKind.MAIN, spell)]
    if (spell.ends_on or date.max) <= probation_until:
        return [(AssignmentKind.PROBATION, spell)]
    return [
        (AssignmentKind.PROBATION, replace(spell, ends_on=probation_until)),
        (AssignmentKind.MAIN, replace(spell, starts_on=probation_until + ONE_DAY)),
    ]
