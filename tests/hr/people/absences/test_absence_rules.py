"""Half days: which of a day lie in an absence, when two absences share one, what a list covers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Unprocessable
from hr.people.absences.enums import AbsenceKind, HalfDay
from hr.people.absences.rules import (
    AbsenceSeed,
    check_span,
    days_of,
    halves_on,
    overlapping,
    span_words,
)

MORNING, AFTERNOON = HalfDay.MORNING, HalfDay.AFTERNOON
BORN = date(1984, 5, 12)


def span(first: str, last: str) -> AbsenceSeed:
    """`span("14m", "15a")`: from the morning of the 14th to the afternoon of the 15th of July 2026."""
    halves = {"m": MORNING, "a": AFTERNOON}
    return AbsenceSeed(
        kind=AbsenceKind.ANNUAL_LEAVE,
        starts_on=date(2026, 7, int(first[:-1])),
        starts_half=halves[first[-1]],
        ends_on=date(2026, 7, int(last[:-1])),
        ends_half=halves[last[-1]],
    )


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (("14m", "14m"), ("14a", "14a"), False),
        (("14m", "14a"), ("14a", "15m"), True),
        (("14m", "14m"), ("14m", "14m"), True),
        (("14m", "16m"), ("16a", "17a"), False),
        (("14m", "16a"), ("16a", "17a"), True),
        (("14m", "20a"), ("16m", "17a"), True),
        (("14m", "15a"), ("16m", "17a"), False),
    ],
)
def test_two_absences_overlap_when_they_share_half_a_day(one, other, shared):
    first, second = span(*one), span(*other)

    assert (overlapping(first, [second]) is second) is shared
    assert (overlapping(second, [first]) is first) is shared


HALVES = st.builds(
    lambda first, length: (
        date(2026, 7, 1) + timedelta(days=first // 2),
        (MORNING, AFTERNOON)[first % 2],
        date(2026, 7, 1) + timedelta(days=(first + length) // 2),
        (MORNING, AFTERNOON)[(first + length) % 2],
    ),
    st.integers(0, 12),
    st.integers(0, 12),
)


@given(HALVES, HALVES)
def test_overlapping_is_sharing_one_of_the_half_days(one, other):
    rows = [
        AbsenceSeed(kind=AbsenceKind.MISSION, starts_on=a, starts_half=b, ends_on=c, ends_half=d)
        for a, b, c, d in (one, other)
    ]
    days = [date(2026, 7, 1) + timedelta(days=number) for number in range(20)]
    taken = [{(day, half) for day in days for half in halves_on(row, day)} for row in rows]

    assert (overlapping(rows[0], rows[1:]) is not None) == bool(taken[0] & taken[1])


def test_the_first_and_the_last_day_may_be_half_ones():
    leave = span("14a", "16m")

    assert halves_on(leave, date(2026, 7, 13)) == ()
    assert halves_on(leave, date(2026, 7, 14)) == (AFTERNOON,)
    assert halves_on(leave, date(2026, 7, 15)) == (MORNING, AFTERNOON)
    assert halves_on(leave, date(2026, 7, 16)) == (MORNING,)


@pytest.mark.parametrize(("first", "last", "field"), [("15m", "14a", "ends_on"), ("15a", "15m", "ends_on")])
def test_an_absence_does_not_end_before_it_begins(first, last, field):
    with pytest.raises(Unprocessable) as refusal:
        check_span(span(first, last), born_on=BORN)
    assert refusal.value.field == field


def test_a_mistyped_year_is_refused():
    seed = AbsenceSeed(kind=AbsenceKind.STUDY, starts_on=date(2026, 7, 15), ends_on=date(2029, 7, 16))
    with pytest.raises(Unprocessable, match="36"):
        check_span(seed, born_on=BORN)


def test_a_study_of_three_years_is_taken():
    seed = AbsenceSeed(kind=AbsenceKind.STUDY, starts_on=date(2026, 7, 15), ends_on=date(2029, 7, 15))
    check_span(seed, born_on=BORN)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("day", date(2026, 7, 15), date(2026, 7, 15)),
        ("week", date(2026, 7, 13), date(2026, 7, 19)),
        ("month", date(2026, 7, 1), date(2026, 7, 31)),
    ],
)
def test_a_list_covers_the_day_the_week_from_monday_or_the_month(period, first, last):
    assert days_of(period, date(2026, 7, 15)) == (first, last)


def test_the_words_name_a_half_only_where_a_day_is_not_whole():
    assert span_words(span("14m", "16a")) == "14/07/2026 – 16/07/2026"
    assert span_words(span("14a", "16m")) == "14/07/2026 (afternoon) – 16/07/2026 (morning)"
    assert span_words(span("14m", "14a")) == "14/07/2026"
    assert span_words(span("14a", "14a")) == "14/07/2026 (afternoon)"
