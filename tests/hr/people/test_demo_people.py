"""The demo province's people: identities, careers, ranks and papers that could be true."""

import re
import unicodedata
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from core.seed_data import is_denied_name, provincial_units
from core.units import UnitKind
from hr.people import rules
from hr.people.codes import ETHNICITY, LEVELS, RANKS
from hr.people.demo.calendar import retirement_day
from hr.people.enums import (
    ENDED,
    HOME_KINDS,
    AssignmentKind,
    ProofState,
    QualificationKind,
    Sex,
)
from tests.hr.people.composed import (
    COUNTED,
    DAYS,
    HIGHER,
    awarded,
    diplomas,
    highest,
    is_commune,
    register_of,
    unit_on,
)

pytestmark = pytest.mark.slow


@pytest.fixture(params=DAYS, ids=str)
def register(request):
    return register_of(request.param)


# --- identity -------------------------------------------------------------------------------------------
def test_identification_numbers_are_unique_and_tell_sex_and_birth_year(register):
    numbers = [person.id_number for person in register.people]

    assert len(set(numbers)) == len(numbers)
    for person in register.people:
        assert re.fullmatch(r"011[0-3][0-9]{8}", person.id_number)
        rules.check_id_number(person.id_number)
        assert rules.id_number_notes(person.id_number, sex=person.sex, born_on=person.born_on) == []


def test_names_are_composed_tidy_and_never_a_real_persons(register):
    for person in register.people:
        assert not is_denied_name(person.full_name)
        assert unicodedata.is_normalized("NFC", person.full_name)
        assert 3 <= len(person.full_name.split()) <= 4
        assert person.full_name == " ".join(word.capitalize() for word in person.full_name.split())


def test_only_the_two_of_the_storyline_share_name_and_birthday(register):
    twins = Counter((person.full_name, person.born_on) for person in register.people)
    assert [pair for pair, count in twins.items() if count > 1] == [("Nguyễn Văn Hùng", date(1983, 9, 12))]


def test_the_groups_of_the_province_are_all_there(register):
    groups = Counter(ETHNICITY[person.background.ethnicity] for person in register.officials(COUNTED))

    assert [name for name, _ in groups.most_common(3)] == ["Thái", "Kinh", "Hmông (Mông)"]
    assert {"Khơ-mú", "Hà Nhì", "Kháng", "Lào", "Dao", "Xinh-mun", "Cống", "Si La"} <= set(groups)
    assert all(groups[name] < 130 for name in groups if name not in ("Thái", "Kinh", "Hmông (Mông)"))


def test_surnames_go_with_the_group(register):
    mong = [p.full_name.split()[0] for p in register.people if p.background.ethnicity == "08"]
    assert {"Vàng", "Sùng", "Giàng", "Mùa"} <= set(mong)
    assert not {"Nguyễn", "Trần", "Lò", "Quàng"} & set(mong)


def test_native_places_lie_in_former_communes(register):
    former = {unit.name for unit in provincial_units() if unit.kind == UnitKind.FORMER_COMMUNE}
    for person in register.people:
        for place in (person.birthplace, person.native_place):
            name, district, province = place.split(", ")
            assert name in former
            assert district[0].islower()
            assert province == "tỉnh Điện Biên"


# --- careers --------------------------------------------------------------------------------------------
def test_one_home_at_a_time_without_gaps_from_recruitment_on(register):
    for person in register.people:
        homes = [row for row in person.assignments if row.kind in HOME_KINDS]
        assert homes == sorted(homes, key=lambda row: row.starts_on)
        assert homes[0].starts_on == person.recruited_on
        for before, after in pairwise(homes):
            assert (after.starts_on - before.ends_on).days == 1, person.full_name
        assert homes[-1].ends_on == person.ended_on
        assert all(row.starts_on <= register.day for row in person.assignments)


@pytest.mark.parametrize("later", [date(2026, 6, 30), date(2026, 8, 1), date(2026, 11, 22), date(2027, 3, 1)])
def test_whoever_serves_has_exactly_one_home_on_any_day(later):
    for person in register_of(date(2026, 8, 1)).people:
        homes = [row for row in person.assignments if row.kind in HOME_KINDS and row.runs_on(later)]
        gone = person.ended_on is not None and person.ended_on < later
        assert len(homes) == (0 if gone else 1)


def test_units_stand_on_the_days_people_worked_there(register):
    standing = {}
    for unit in provincial_units():
        standing.setdefault(unit.code, []).append(unit)

    def stands(code, day):
        return any(
            (unit.valid_from is None or unit.valid_from <= day)
            and (unit.valid_to is None or day <= unit.valid_to)
            for unit in standing[code]
        )

    for person in register.people:
        for row in person.assignments:
            for code in filter(None, (row.unit_code, row.division_code, row.managing_unit_code)):
                assert stands(code, row.starts_on), (code, row)
                assert stands(code, row.ends_on or register.day), (code, row)
            if row.division_code:
                assert row.division_code.startswith(f"{row.unit_code}.")


def test_before_the_merger_people_of_communes_served_in_former_units(register):
    eve = date(2025, 6, 30)
    kinds = {unit.code: unit.kind for unit in provincial_units() if unit.valid_to}
    then = [
        kinds[person.home_on(eve).unit_code]
        for person in register.officials(COUNTED)
        if is_commune(unit_on(COUNTED, person)) and person.home_on(eve)
    ]

    assert len(then) > 1800
    share = then.count(UnitKind.FORMER_DISTRICT) / len(then)
    assert 0.1 < share < 0.4
    assert set(then) == {UnitKind.FORMER_COMMUNE, UnitKind.FORMER_DISTRICT}


def test_12_of_100_have_their_probation_on_record(register):
    probation = [
        person
        for person in register.officials(COUNTED)
        if any(row.kind is AssignmentKind.PROBATION for row in person.assignments)
    ]
    assert len(probation) == 310
    assert all(row.kind is AssignmentKind.PROBATION for person in probation for row in person.assignments[:1])


def test_recruited_at_18_or_later_and_serving_between_22_and_61(register):
    for person in register.people:
        assert rules.age_on(person.born_on, person.recruited_on) >= 18
    for person in register.officials(COUNTED):
        assert rules.age_on(person.born_on, COUNTED) >= 22
        assert 22 <= rules.age_on(person.born_on, register.day) <= 61


def test_nobody_in_service_is_past_the_retirement_day_and_some_come_near(register):
    due = [retirement_day(p.sex, p.born_on) for p in register.officials(register.day)]

    assert min(due) > register.day
    assert 20 <= sum((day - register.day).days <= 400 for day in due) <= 90


@pytest.mark.parametrize(
    ("sex", "born", "last"),
    [
        # Annex I of Decree 135/2020/NĐ-CP: the month in which the age of the year is reached.
        (Sex.MALE, date(1961, 1, 20), date(2021, 4, 30)),  # 60 years 3 months
        (Sex.MALE, date(1961, 10, 2), date(2022, 4, 30)),  # 60 years 6 months
        (Sex.MALE, date(1964, 10, 31), date(2026, 4, 30)),  # 61 years 6 months
        (Sex.MALE, date(1966, 4, 15), date(2028, 4, 30)),  # 62 years
        (Sex.FEMALE, date(1966, 1, 5), date(2021, 5, 31)),  # 55 years 4 months
        (Sex.FEMALE, date(1969, 12, 9), date(2026, 12, 31)),  # 57 years
        (Sex.FEMALE, date(1980, 2, 29), date(2040, 2, 29)),  # 60 years
    ],
)
def test_retirement_follows_the_decree(sex, born, last):
    assert retirement_day(sex, born) == last


def test_status_and_end_go_together(register):
    for person in register.people:
        rules.check_status_pair(person.status, person.ended_on)
        assert (person.status in ENDED) == (person.status_reason is not None)


# --- ranks ----------------------------------------------------------------------------------------------
def test_steps_stand_in_the_pay_table_and_only_rise(register):
    for person in register.officials(COUNTED):
        steps = person.rank_steps
        assert 1 <= len(steps) <= 4
        for row in steps:
            assert rules.expected_coefficient(row.rank_code, row.step) == row.coefficient
            assert person.recruited_on <= row.starts_on <= register.day
        for before, after in pairwise(steps):
            assert before.starts_on < after.starts_on
            assert before.coefficient <= after.coefficient
            if before.rank_code == after.rank_code:
                assert after.step == before.step + 1


def test_a_regular_step_takes_the_months_of_its_rank():
    day = date(2026, 11, 22)
    for person in register_of(day).officials(COUNTED):
        last = person.rank_steps[-1]
        rank = RANKS[last.rank_code]
        waited = (day.year - last.starts_on.year) * 12 + day.month - last.starts_on.month
        if last.step < len(rank.coefficients):
            assert waited <= rank.months


def test_a_step_fits_the_years_of_service():
    by_hand = {
        # rank 01.003, 36 months a step: recruited on → step and coefficient on 22/11/2026
        date(2024, 3, 1): (1, Decimal("2.34")),
        date(2020, 9, 1): (3, Decimal("3.00")),
        date(2014, 9, 15): (5, Decimal("3.66")),
    }
    found = set()
    for person in register_of(date(2026, 11, 22)).officials(COUNTED):
        last = person.rank_steps[-1]
        one_rank = {row.rank_code for row in person.rank_steps} == {"01.003"}
        single = len(diplomas(person)) == 1
        if person.recruited_on in by_hand and one_rank and single:
            assert (last.step, last.coefficient) == by_hand[person.recruited_on]
            found.add(person.recruited_on)
    assert found == set(by_hand)


def test_ranks_fit_the_education(register):
    ranks = Counter()
    for person in register.officials(COUNTED):
        rank, level = person.rank_steps[-1].rank_code, highest(person, COUNTED)
        ranks[rank] += 1
        if rank in ("01.001", "01.002"):
            assert level in HIGHER
        if level in ("intermediate", "college"):
            assert rank == "01.004"
        if level in ("untrained", "elementary"):
            assert rank == "01.005"
    assert ranks["01.003"] > 1500
    assert 200 < ranks["01.002"] < 450
    assert ranks["01.001"] >= 1


# --- papers ---------------------------------------------------------------------------------------------
def test_papers_pass_the_rules_of_the_register(register):
    for person in register.people:
        for paper in person.qualifications:
            rules.check_level(paper.kind, paper.level)
            rules.check_qualification_dates(
                born_on=person.born_on,
                awarded_on=paper.awarded_on,
                awarded_year=paper.awarded_year,
                expires_on=paper.expires_on,
                today=register.day,
            )
            assert awarded(paper).year >= person.born_on.year + 17
            assert (paper.proof_on is None) == (paper.proof_state is ProofState.CLAIMED)
            assert paper.proof_on is None or paper.proof_on <= register.day


def test_education_rises_and_degrees_come_at_a_fitting_age(register):
    youngest = {
        "elementary": 18,
        "intermediate": 19,
        "college": 20,
        "university": 21,
        "master": 24,
        "doctor": 28,
    }
    order = LEVELS[QualificationKind.EDUCATION]
    for person in register.officials(COUNTED):
        for paper in diplomas(person):
            assert awarded(paper).year - person.born_on.year >= youngest[paper.level]
        for before, after in pairwise(diplomas(person)):
            assert order[before.level].order < order[after.level].order
            assert awarded(before) < awarded(after)


def test_every_kind_of_certificate_occurs_and_some_run_out(register):
    papers = [p for person in register.officials(COUNTED) for p in person.qualifications]

    assert {paper.kind for paper in papers} == set(QualificationKind)
    expiring = {paper.kind for paper in papers if paper.expires_on}
    assert expiring == {QualificationKind.IT, QualificationKind.FOREIGN_LANGUAGE}
    assert any(paper.expires_on and paper.expires_on < register.day for paper in papers)
    assert any(paper.expires_on and paper.expires_on > register.day for paper in papers)
    assert any(paper.awarded_on is None for paper in papers)


def test_party_dates_follow_one_another(register):
    members = 0
    for person in register.people:
        background = person.background
        rules.check_background(
            ethnicity=background.ethnicity,
            joined_on=background.party_joined_on,
            official_on=background.party_official_on,
            today=register.day,
        )
        if background.party_joined_on:
            members += 1
            assert rules.age_on(person.born_on, background.party_joined_on) >= 18
        else:
            assert (background.party_official_on, background.party_post) == (None, None)
    assert members > 1700
