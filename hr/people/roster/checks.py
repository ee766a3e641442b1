"""What the values of one line say about each other: notes, but for dates that have not come. What
the law refuses by day and category (`people.minimum_age`) is applied when the line is planned."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hr.people.roster.cells import sex_and_year
from hr.people.roster.problems import Found
from hr.people.roster.words import COEFFICIENTS
from hr.people.tables import RANKS_FROM

#: Design: younger than this at recruitment or in service is worth a look at the dates.
YOUNG = 18
#: Party Charter 2011 Art. 1(2): members are admitted from this age.
PARTY_AGE = 18
#: Design: nobody who goes on to an office finishes school this young.
GRADUATE_AGE = 16


def age(born: date, on: date) -> int:
    """Full years between two days."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def check(values: dict[str, Any], today: date) -> Iterator[tuple[str, Found]]:
    """(field, problem) for each disagreement; may fill in the step that the coefficient tells."""
    yield from _future(values, today)
    yield from _ages(values, today)
    yield from _number(values)
    yield from _pay(values)


def _day(values: dict[str, Any], name: str) -> date | None:
    return date.fromisoformat(values[name]) if values[name] else None


def _future(values: dict[str, Any], today: date) -> Iterator[tuple[str, Found]]:
    for name in ("born_on", "party_joined_on", "party_official_on", "recruited_on", "step_since"):
        day = _day(values, name)
        if day and day > today:
            yield name, Found(None, "date_future")


def _ages(values: dict[str, Any], today: date) -> Iterator[tuple[str, Found]]:
    born = _day(values, "born_on")
    if born is None or born > today:
        return
    if age(born, today) < YOUNG:
        yield "born_on", Found(None, "born_late")
        return
    recruited = _day(values, "recruited_on")
    if recruited and age(born, recruited) < YOUNG:
        yield "recruited_on", Found(None, "recruited_young", {"age": max(age(born, recruited), 0)})
    joined = _day(values, "party_joined_on")
    if joined and age(born, joined) < PARTY_AGE:
        yield "party_joined_on", Found(None, "party_early")
    if values["graduated"] and values["graduated"] - born.year < GRADUATE_AGE:
        yield "graduated", Found(None, "graduated_early")


def _number(values: dict[str, Any]) -> Iterator[tuple[str, Found]]:
    """The number holds sex and year of birth; a wrong digit or a wrong row shows here."""
    said = sex_and_year(values["id_number"]) if values["id_number"] else None
    if said is None:
        return
    if values["sex"] and said[0] != values["sex"]:
        yield "id_number", Found(None, "id_sex")
    if values["born_on"] and said[1] != int(values["born_on"][:4]):
        yield "id_number", Found(None, "id_year", {"year": said[1]})


def _pay(values: dict[str, Any]) -> Iterator[tuple[str, Found]]:
    """Rank, step and coefficient against the pay table (Circular 2/2021/TT-BNV Art. 14 with Decree
    204/2004/NĐ-CP); a step from before the table is not compared."""
    rank, step = values["rank_code"], values["step"]
    table = COEFFICIENTS.get(rank or "")
    if table is None:
        return
    found = Decimal(values["coefficient"]) if values["coefficient"] else None
    if found and not step and found in table:
        values["step"] = table.index(found) + 1
        return
    since = _day(values, "step_since")
    if since is not None and since < RANKS_FROM:
        return
    if step and step > len(table):
        yield "step", Found(None, "step_off", {"rank": rank, "step": step})
    elif step and found and table[step - 1] != found:
        expected = str(table[step - 1]).replace(".", ",")
        yield (
            "coefficient",
            Found(None, "coefficient_step", {"rank": rank, "step": step, "expected": expected}),
        )
    elif found and found not in table:
        shown = str(found).replace(".", ",")
        yield "coefficient", Found(None, "coefficient_off", {"rank": rank, "value": shown})
