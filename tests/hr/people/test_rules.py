"""Rules of the personnel file against the hand-written table of tests/data/people_rules.toml."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Denied, Unprocessable
from hr.people import rules
from hr.people.codes import RANKS
from hr.people.enums import AssignmentKind, Category, ProofState, QualificationKind, ServiceStatus, Sex

TABLE = tomllib.loads((Path(__file__).parents[2] / "data" / "people_rules.toml").read_text("utf-8"))
ANNULLED = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Span:
    starts_on: date
    ends_on: date | None = None


@dataclass
class Place:
    kind: AssignmentKind
    category: Category
    starts_on: date
    ends_on: date | None
    annulled_at: datetime | None


@dataclass
class Paper:
    proof_state: ProofState
    awarded_on: date | None
    awarded_year: int | None
    expires_on: date | None
    annulled_at: datetime | None


def table(name):
    return pytest.mark.parametrize("case", TABLE[name], ids=lambda case: case.get("sum"))


def refused_field(check, *args, **details):
    """The field of the refusal, or an empty text when there was none."""
    try:
        check(*args, **details)
    except Unprocessable as refusal:
        return refusal.field
    return ""


@table("id_number")
def test_structure_of_the_identification_number(case):
    assert refused_field(rules.check_id_number, case["number"]) == case["refused"]


def test_the_refusal_says_how_many_digits_there_are():
    with pytest.raises(Unprocessable) as refusal:
        rules.check_id_number("01108")

    assert "5" in str(refusal.value.message)


@table("id_notes")
def test_number_against_sex_and_birth(case):
    notes = rules.id_number_notes(case["number"], sex=Sex(case["sex"]), born_on=case["born_on"])

    assert [note.code for note in notes] == case["notes"]


@table("age")
def test_age_at_recruitment(case):
    assert rules.age_on(case["born_on"], case["recruited_on"]) == case["age"]
    found = refused_field(rules.check_recruitment_age, case["born_on"], case["recruited_on"], case["minimum"])
    assert found == case["refused"]


@table("period")
def test_period(case):
    assert refused_field(rules.check_period, case["starts_on"], case.get("ends_on")) == case["refused"]


@table("move")
def test_move_closes_the_present_place_on_the_day_before(case):
    place = Span(*case["running"])

    if case["refused"]:
        assert refused_field(rules.closing_day, place, case["starts_on"]) == case["refused"]
    else:
        assert rules.closing_day(place, case["starts_on"]) == case.get("closes_on")


@table("overlap")
def test_one_place_at_a_time(case):
    others = [Span(*dates) for dates in case["others"]]

    found = refused_field(rules.check_no_overlap, case["starts_on"], case.get("ends_on"), others)

    assert found == case["refused"]


@table("end_service")
def test_end_of_service(case):
    found = refused_field(
        rules.check_end_of_service,
        status=ServiceStatus(case["to"]),
        ended_on=case["ended_on"],
        today=case["today"],
        started_on=case["started"],
    )

    assert found == case["refused"]
    rules.check_can_end_service(ServiceStatus(case["status"]))


@table("state")
def test_pairs_agree_with_the_status(case):
    status, serving = ServiceStatus(case["status"]), case["in_service"]

    assert rules.in_service(status) is serving
    for check, can, allowed in (
        (rules.check_can_move, rules.can_move, serving),
        (rules.check_can_end_service, rules.can_end_service, serving),
        (rules.check_can_reopen, rules.can_reopen, not serving),
    ):
        assert can(status) is allowed
        if allowed:
            check(status)
        else:
            with pytest.raises(Denied):
                check(status)


@table("coefficient")
def test_coefficient_against_the_table(case):
    starts_on = case.get("starts_on", date(2021, 8, 1))
    notes = rules.rank_notes(case["rank"], case["step"], Decimal(case["coefficient"]), starts_on)

    assert [note.code for note in notes] == case["notes"]


def test_the_tables_end_where_the_circular_says():
    assert [(code, len(rank.coefficients), str(rank.coefficients[-1])) for code, rank in RANKS.items()] == [
        ("01.001", 6, "8.00"),
        ("01.002", 8, "6.78"),
        ("01.003", 9, "4.98"),
        ("01.004", 10, "4.89"),
        ("01.005", 12, "4.06"),
    ]


@table("qualification")
def test_dates_and_level_of_a_qualification(case):
    found = refused_field(rules.check_level, QualificationKind(case["kind"]), case["level"]) or refused_field(
        rules.check_qualification_dates,
        born_on=case["born_on"],
        awarded_on=case.get("awarded_on"),
        awarded_year=case.get("awarded_year"),
        expires_on=case.get("expires_on"),
        today=case["today"],
    )

    assert found == case["refused"]


@table("end_of_service")
def test_which_stops_an_end_of_service_asks(case):
    assert rules.ACT_OF_END.get(ServiceStatus(case["status"])) == case.get("asks")


@pytest.mark.parametrize("case", [case for case in TABLE["qualification"] if "notes" in case])
def test_a_young_holder_is_a_point_to_check(case):
    notes = rules.qualification_notes(
        QualificationKind(case["kind"]),
        born_on=case["born_on"],
        awarded_on=case.get("awarded_on"),
        awarded_year=case.get("awarded_year"),
    )

    assert [note.code for note in notes] == case["notes"]


@table("held")
def test_what_counts_as_held(case):
    paper = Paper(
        ProofState(case["proof_state"]),
        case.get("awarded_on"),
        case.get("awarded_year"),
        case.get("expires_on"),
        ANNULLED if case.get("annulled") else None,
    )

    assert rules.counts_as_held(paper, case["day"]) is case["held"]


@table("counted")
def test_who_is_counted(case):
    place = Place(
        AssignmentKind(case["kind"]),
        Category(case["category"]),
        case["starts_on"],
        case.get("ends_on"),
        ANNULLED if case.get("annulled") else None,
    )

    assert rules.is_counted(place, case["day"]) is case["counted"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"born_on": date(2026, 6, 11)}, "born_on"),
        ({"recruited_on": date(2026, 6, 11)}, "recruited_on"),
        ({"born_on": date(2000, 1, 1), "recruited_on": date(2000, 1, 1)}, "recruited_on"),
        ({}, ""),
    ],
)
def test_dates_of_a_person(details, field):
    facts = {"born_on": date(1984, 5, 12), "recruited_on": None, "today": date(2026, 6, 10), **details}

    assert refused_field(rules.check_person_dates, **facts) == field


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"ethnicity": "08"}, ""),
        ({"ethnicity": "54"}, ""),
        ({"ethnicity": "55"}, "ethnicity"),
        ({"ethnicity": "8"}, "ethnicity"),
        ({"joined_on": date(2026, 6, 11)}, "party_joined_on"),
        ({"official_on": date(2026, 6, 11)}, "party_official_on"),
        ({"joined_on": date(2010, 2, 3), "official_on": date(2010, 2, 2)}, "party_official_on"),
        ({"joined_on": date(2010, 2, 3), "official_on": date(2011, 2, 3)}, ""),
    ],
)
def test_background(details, field):
    facts = {"ethnicity": None, "joined_on": None, "official_on": None, "today": date(2026, 6, 10), **details}

    assert refused_field(rules.check_background, **facts) == field


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"step": 0}, "step"),
        ({"coefficient": Decimal(0)}, "coefficient"),
        ({"coefficient": Decimal(100)}, "coefficient"),
        ({"starts_on": date(2026, 6, 11)}, "starts_on"),
        ({"starts_on": date(1984, 5, 12)}, "starts_on"),
        ({}, ""),
    ],
)
def test_rank_step(details, field):
    facts = {
        "step": 3,
        "coefficient": Decimal("3.00"),
        "starts_on": date(2024, 1, 1),
        "born_on": date(1984, 5, 12),
        "today": date(2026, 6, 10),
        **details,
    }

    assert refused_field(rules.check_rank_step, **facts) == field


def test_a_last_day_goes_with_an_end_and_with_nothing_else():
    assert refused_field(rules.check_status_pair, ServiceStatus.RETIRED, None) == "ended_on"
    assert refused_field(rules.check_status_pair, ServiceStatus.WORKING, date(2026, 1, 1)) == "ended_on"
    assert refused_field(rules.check_status_pair, ServiceStatus.RETIRED, date(2026, 1, 1)) == ""


def test_an_expiry_is_compared_with_a_bare_year_too():
    details = {"born_on": date(1984, 5, 12), "awarded_on": None, "today": date(2026, 6, 10)}

    found = refused_field(
        rules.check_qualification_dates, awarded_year=2020, expires_on=date(2019, 12, 31), **details
    )

    assert found == "expires_on"


days = st.dates(date(1930, 1, 1), date(2090, 12, 31))


@given(days, days)
def test_a_birthday_adds_exactly_one_year(born_on, day):
    first, second = sorted((born_on, day))
    age = rules.age_on(first, second)
    assert rules.anniversary(first, age) <= second < rules.anniversary(first, age + 1)


@given(days, st.none() | days, days, st.none() | days)
def test_overlap_is_the_same_from_both_sides(a, a_end, b, b_end):
    one, other = Span(a, a_end and max(a, a_end)), Span(b, b_end and max(b, b_end))
    there = rules.overlaps(one.starts_on, one.ends_on, other)
    assert there is rules.overlaps(other.starts_on, other.ends_on, one)
    later = max(one.starts_on, other.starts_on)
    assert there is (rules.runs_on(one, later) and rules.runs_on(other, later))
