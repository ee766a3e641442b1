"""The dated rules of the personnel file as the register holds them: against the hand-written table, and
those shown for information against the program."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from core.db import db
from core.errors import Unprocessable
from core.law import read_law
from core.law_words import rule_names
from core.scope import bind_viewer
from hr.people import entry, rules
from hr.people.confirmations import queries as confirmations
from hr.people.enums import HOME_KINDS, OFFICIALS, AssignmentKind, Category, QualificationKind, Sex
from hr.people.figures import figures
from hr.people.imports import checking
from hr.people.imports.enums import LineOutcome
from hr.people.imports.plans import Plan
from hr.people.listing import PeopleFilter, list_people
from hr.people.seeds import AssignmentSeed, PersonSeed
from hr.people.service_actions import add_assignment
from hr.people.tables import RANKS, RANKS_FROM
from tests.factories.people import make_person, paper, person, place

TABLE = tomllib.loads((Path(__file__).parents[2] / "data" / "people_rules.toml").read_text("utf-8"))
LAW = read_law(Path(rules.__file__).with_name("law.toml"))
TODAY = date(2026, 7, 20)


def refused_field(check, *args):
    """The field of the refusal, or an empty text when there was none."""
    try:
        check(*args)
    except Unprocessable as refusal:
        return refusal.field
    return ""


def recruit(case):
    return PersonSeed(
        id_number="011092009998",
        full_name="Lò Văn Trẻ",
        sex=Sex.MALE,
        born_on=case["born_on"],
        recruited_on=case.get("recruited_on"),
        assignments=(
            AssignmentSeed(
                unit_id=1,
                post="Chuyên viên",
                category=Category(case["category"]),
                starts_on=case.get("starts_on") or case["recruited_on"],
            ),
        ),
    )


@pytest.mark.parametrize("case", TABLE["minimum_age"], ids=lambda case: case["sum"])
def test_the_minimum_age_of_the_day_and_category(system, case):
    """A file is refused; a line of a roster conflicts and says why."""
    assert refused_field(entry.check_file, recruit(case), TODAY, entry.MinimumAges()) == case["refused"]

    plan = checking.check(Plan(LineOutcome.NEW, seed=recruit(case)), system, entry.MinimumAges())

    expected = LineOutcome.CONFLICTING if case["refused"] else LineOutcome.NEW
    assert plan.outcome is expected
    if plan.conflict is not None:
        assert "18" in plan.conflict[1]["message"]["en"]


@pytest.mark.parametrize("case", TABLE["secondment"], ids=lambda case: case["sum"])
def test_a_secondment_has_an_end_within_the_limit(system, case):
    seed = AssignmentSeed(
        unit_id=1,
        post="Chuyên viên",
        kind=AssignmentKind.SECONDED,
        category=Category(case["category"]),
        starts_on=case["starts_on"],
        ends_on=case.get("ends_on"),
    )

    assert refused_field(entry.check_secondment, seed) == case["refused"]


def test_an_open_secondment_is_refused_where_it_is_entered(system):
    lent = place(division="4", kind=AssignmentKind.SECONDED, starts_on=date(2026, 8, 1))

    with pytest.raises(Unprocessable) as refusal:
        add_assignment(by=system, person=person("po"), seed=lent)

    assert refusal.value.field == "ends_on"


@pytest.mark.parametrize("case", TABLE["commune_level"])
def test_the_commune_level_is_that_of_the_day(system, case):
    own = place(case["unit"], starts_on=case["starts_on"])
    before = {figure.code: figure.value for figure in figures(system, case["day"])}
    make_person(assignments=(own,), qualifications=(paper(QualificationKind.EDUCATION, "university"),))
    after = {figure.code: figure.value for figure in figures(system, case["day"])}

    assert after["officials"] - before["officials"] == 1
    expected = int(case["at_the_commune_level"])
    assert after["commune_level"] - before["commune_level"] == expected
    assert after["commune_university"] - before["commune_university"] == expected
    with bind_viewer(system):
        listed = db.session.scalars(
            list_people(PeopleFilter(figure="commune_level", status="any"), case["day"])
        ).all()
    assert len(listed) == after["commune_level"]


# --- shown for information: what the law file tells is what the program does ---------------------------
def told(code):
    """Value and first day of the only version of a rule; its note says that the program holds it."""
    (row,) = [row for row in LAW if row.code == code]
    assert "fixed in the program" in row.note
    return row.value, row.valid_from


def test_who_is_counted_is_what_the_law_file_tells():
    assert told("people.headline_categories")[0] == [category.value for category in OFFICIALS]
    assert told("people.headline_kinds")[0] == [kind.value for kind in HOME_KINDS]


def test_the_number_has_the_structure_the_law_file_tells():
    value, _since = told("people.id_number_structure")

    assert [int(part.rpartition(" ")[2]) for part in value.split(", ")] == [3, 1, 2, 6]
    for number, sex, year in (("011084001234", Sex.MALE, 1984), ("999302001234", Sex.FEMALE, 2002)):
        assert rules.id_number_notes(number, sex=sex, born_on=date(year, 5, 1)) == []


def test_the_pay_tables_are_those_the_law_file_tells():
    ends, since = told("people.coefficient_ends")
    steps, _since = told("people.coefficient_steps")
    months, _since = told("people.step_months")

    assert since == RANKS_FROM
    assert [part.split()[::2] for part in ends.split(", ")] == [
        [code, f"{rank.coefficients[0]}-{rank.coefficients[-1]}"] for code, rank in RANKS.items()
    ]
    assert [part.split(" ", 1) for part in steps.split(", ")] == [
        [code, f"{len(rank.coefficients)} × {rank.coefficients[1] - rank.coefficients[0]}"]
        for code, rank in RANKS.items()
    ]
    assert months == ", ".join(f"{code} {rank.months}" for code, rank in RANKS.items())


def test_every_rule_has_a_name():
    assert set(rule_names(Path(rules.__file__).with_name("law.toml"))) == {row.code for row in LAW}


def test_every_rule_that_is_not_for_information_is_read():
    read = {entry.MINIMUM_AGE, entry.SECONDMENT_YEARS, confirmations.DAY}

    assert {row.code for row in LAW if "fixed in the program" not in (row.note or "")} == read
