"""The dated rules of the personnel file as the register holds them, against the hand-written table."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from core.errors import Unprocessable
from hr.people import entry
from hr.people.enums import Category, Sex
from hr.people.imports import checking
from hr.people.imports.enums import LineOutcome
from hr.people.imports.plans import Plan
from hr.people.seeds import AssignmentSeed, PersonSeed

TABLE = tomllib.loads((Path(__file__).parents[2] / "data" / "people_rules.toml").read_text("utf-8"))
TODAY = date(2026, 7, 20)


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
    try:
        entry.check_file(recruit(case), TODAY, entry.MinimumAges())
    except Unprocessable as refusal:
        assert refusal.field == case["refused"]
    else:
        assert case["refused"] == ""

    plan = checking.check(Plan(LineOutcome.NEW, seed=recruit(case)), system, entry.MinimumAges())

    expected = LineOutcome.CONFLICTING if case["refused"] else LineOutcome.NEW
    assert plan.outcome is expected
    if plan.conflict is not None:
        assert "18" in plan.conflict[1]["message"]["en"]
