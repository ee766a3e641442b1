"""Due dates against the hand-written table of tests/data/due_dates.toml, by the rules the register holds."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.law import read_law
from hr.decisions import rules
from hr.people.demo.calendar import retirement_day
from hr.people.enums import Category, ProofState, Sex

TABLE = tomllib.loads((Path(__file__).parents[2] / "data" / "due_dates.toml").read_text("utf-8"))
LAW = read_law(Path(rules.__file__).with_name("law.toml"))
AGES = {"male": "retirement_age_men", "female": "retirement_age_women"}


def table(name):
    return pytest.mark.parametrize("case", TABLE[name], ids=lambda case: case["sum"])


def versions(name):
    return [
        rules.Version(row.value, row.valid_from, row.valid_to, row.legal_basis)
        for row in LAW
        if row.code == f"decisions.{name}"
    ]


@table("retirement")
def test_retirement_by_sex_and_month_of_birth(case):
    retires = rules.retires_on(case["born_on"], versions(AGES[case["sex"]]))

    assert retires == case["due"]
    assert rules.pension_from(retires) == case["pension_from"]


@pytest.mark.parametrize(
    "case",
    [case for case in TABLE["retirement"] if case["due"] >= date(2021, 1, 1)],
    ids=lambda case: case["sum"],
)
def test_the_demo_lets_nobody_serve_beyond_that_day(case):
    """The demo of the files comes before this package and so has the ages since 2021 once more."""
    assert retirement_day(Sex(case["sex"]), case["born_on"]) == case["due"]


@table("pay_step")
def test_the_next_regular_pay_step(case):
    asked = {name: case[name] for name in ("rank_code", "step", "starts_on")}

    (longer,) = versions("not_completed_months")
    years = case.get("not_completed", ())

    assert rules.pay_step_due(**asked, not_completed=years, longer=longer.value) == case.get("due")


@table("term")
def test_the_end_of_a_term_of_appointment(case):
    years = rules.version_on(versions("term_years"), case["starts_on"])

    assert rules.term_ends_on(case["starts_on"], years.value) == case["due"]


@table("probation")
def test_the_end_of_probation(case):
    months = rules.version_on(versions("probation_months"), case["starts_on"])

    assert rules.probation_ends_on(case["starts_on"], months.value) == case["due"]


@table("degree")
def test_the_degree_to_complete(case):
    (years,) = versions("degree_years")
    asked = {"category": Category(case["category"]), "commune_level": case["commune_level"]}

    assert rules.degree_due(**asked, holds=case["holds"], years=years.value) == case.get("due")


@table("paper")
def test_the_last_day_of_a_paper(case):
    state = ProofState(case["proof_state"])

    assert rules.paper_due(expires_on=case.get("expires_on"), proof_state=state) == case.get("due")


@pytest.mark.parametrize(
    ("sex", "day", "born"),
    [
        ("male", date(2025, 12, 31), date(1964, 9, 30)),
        ("male", date(2026, 4, 29), date(1964, 9, 30)),
        ("male", date(2026, 4, 30), date(1964, 10, 31)),
        ("female", date(2026, 12, 31), date(1969, 12, 31)),
        ("male", date(2013, 4, 29), None),
    ],
)
def test_who_retires_by_a_day_is_born_by_another(sex, day, born):
    assert rules.last_birth(day, versions(AGES[sex])) == born


@pytest.mark.slow
@pytest.mark.parametrize("sex", AGES)
def test_search_by_birth_finds_exactly_who_retires(sex):
    ages = versions(AGES[sex])
    births = [date(1958 + month // 12, month % 12 + 1, 17) for month in range(12 * 22)]
    days = [date(2021, 1, 31) + timedelta(days=11 * number) for number in range(600)]

    for day in days:
        last = rules.last_birth(day, ages)
        assert all((rules.retires_on(born, ages) <= day) == (born <= last) for born in births)


def test_no_rule_in_force_is_no_version():
    assert rules.version_on(versions("term_years"), date(2009, 12, 31)) is None
    assert rules.retires_on(date(1950, 1, 1), []) is None
