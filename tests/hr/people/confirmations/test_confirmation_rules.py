"""Until when, in which quarter, and how far a unit is."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from core.clock import quarter_days, quarter_of
from core.errors import Denied, Unprocessable
from hr.people.confirmations import rules
from hr.people.confirmations.enums import RosterState, Verdict
from hr.people.confirmations.rules import Standing, Word

TABLE = tomllib.loads((Path(__file__).parents[3] / "data" / "roster_confirmation.toml").read_text("utf-8"))


@pytest.mark.parametrize("case", TABLE["due"], ids=lambda case: case["sum"])
def test_a_roster_is_due_on_the_day_of_the_quarter_that_is_set(case):
    assert rules.due_on(case["quarter"], case["days"]) == case["due"]


@pytest.mark.parametrize("case", TABLE["quarter"], ids=lambda case: str(case["day"]))
def test_a_day_lies_in_one_quarter(case):
    assert quarter_of(case["day"]) == case["quarter"]
    assert quarter_days(case["quarter"]) == (case["first"], case["last"])


def test_only_the_running_quarter_is_confirmed():
    rules.check_can_confirm("2026-Q3", date(2026, 9, 30))
    with pytest.raises(Denied):
        rules.check_can_confirm("2026-Q3", date(2026, 10, 1))


@pytest.mark.parametrize("note", [None, " "])
def test_what_is_not_correct_is_said(note):
    rules.check_word(Word(Verdict.CORRECT))
    with pytest.raises(Unprocessable):
        rules.check_word(Word(Verdict.NOT_CORRECT, note))


THREE = frozenset({1, 2, 3})
ALL = dict.fromkeys((1, 2, 3, 8), Verdict.CORRECT)


@pytest.mark.parametrize(
    ("standing", "state", "confirmed", "still_open", "wrong"),
    [
        (Standing(THREE), RosterState.NOT_YET, 0, {1, 2, 3}, set()),
        (Standing(THREE, imported=frozenset({1, 9})), RosterState.PARTLY, 1, {2, 3}, set()),
        (Standing(THREE, imported=THREE), RosterState.CONFIRMED, 3, set(), set()),
        (
            Standing(THREE, marked={1: Verdict.CORRECT, 2: Verdict.NOT_CORRECT}),
            RosterState.PARTLY,
            1,
            {3},
            {2},
        ),
        (Standing(THREE, THREE, {2: Verdict.NOT_CORRECT}), RosterState.PARTLY, 2, set(), {2}),
        (Standing(THREE, marked=ALL), RosterState.CONFIRMED, 3, set(), set()),
        (Standing(frozenset()), RosterState.NOT_YET, 0, set(), set()),
    ],
)  # fmt: skip
def test_how_far_a_unit_is(standing, state, confirmed, still_open, wrong):
    assert (standing.state, standing.confirmed) == (state, confirmed)
    assert (standing.open, standing.wrong) == (still_open, wrong)


def test_the_mark_of_a_roster_does_not_hang_on_its_order():
    assert rules.mark_of([("a", "x"), ("b", "y")]) == rules.mark_of([("b", "y"), ("a", "x")])
    assert rules.mark_of([("a", "x")]) != rules.mark_of([("a", "y")])
