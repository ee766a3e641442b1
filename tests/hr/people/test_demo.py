"""The demo province's figures and posts: every published count, on the published day and on the demo's."""

from collections import Counter
from datetime import date

import pytest

from core.seed_data import provincial_units
from core.units import UnitKind
from hr.people.demo.composer import compose
from hr.people.demo.establishment import post_lines
from hr.people.demo.fields import fields
from hr.people.enums import (
    OFFICIALS,
    AssignmentKind,
    Category,
    ManagementTier,
    ProofState,
    QualificationKind,
    ServiceStatus,
    Sex,
)
from tests.hr.people.composed import COUNTED, DAYS, HIGHER, highest, holds, is_commune, register_of, unit_on

pytestmark = pytest.mark.slow

FORTY_ONE = {
    "03328", "03334", "03349", "03352", "03356", "03358", "03368", "03370", "03382", "03385",
}  # fmt: skip


@pytest.fixture(params=DAYS, ids=str)
def register(request):
    return register_of(request.param)


@pytest.fixture(params=["counted", "today"])
def as_of(request, register):
    return COUNTED if request.param == "counted" else register.day


# --- counts ---------------------------------------------------------------------------------------------
def test_2587_officials_135_of_them_cadres(register, as_of):
    officials = register.officials(as_of)

    assert len(officials) == 2587
    categories = Counter(person.home_on(as_of).category for person in officials)
    assert categories == {Category.CADRE: 135, Category.CIVIL_SERVANT: 2452}


def test_1079_women(register, as_of):
    assert sum(person.sex is Sex.FEMALE for person in register.officials(as_of)) == 1079


def test_people_by_unit_are_the_published_ones(register, as_of):
    by_unit = Counter(unit_on(as_of, person) for person in register.officials(as_of))

    departments = {code: count for code, count in by_unit.items() if not is_commune(code)}
    assert departments == {
        "SNV": 89, "STC": 89, "SNNMT": 89, "SXD": 88, "SKHCN": 88, "STP": 88, "VPUB": 88, "TTT": 88,
    }  # fmt: skip
    communes = {code: count for code, count in by_unit.items() if is_commune(code)}
    assert len(communes) == 45
    assert {code for code, count in communes.items() if count == 41} == FORTY_ONE
    assert {count for code, count in communes.items() if code not in FORTY_ONE} == {42}
    assert sum(communes.values()) == 1880


def test_education_is_dealt_exactly(register, as_of):
    officials = register.officials(as_of)

    levels = Counter(highest(person, as_of) for person in officials)
    below = levels.pop("untrained") + levels.pop("elementary")
    assert levels == {"doctor": 14, "master": 309, "university": 1723, "college": 272, "intermediate": 220}
    assert below == 49
    in_communes = [person for person in officials if is_commune(unit_on(as_of, person))]
    assert sum(highest(person, as_of) in HIGHER for person in in_communes) == 1350


def test_1889_hold_both_political_theory_and_state_management(register, as_of):
    both = [
        person
        for person in register.officials(as_of)
        if holds(person, QualificationKind.POLITICAL_THEORY, as_of)
        and holds(person, QualificationKind.STATE_MANAGEMENT, as_of)
    ]
    assert len(both) == 1889


def test_nobody_holds_two_certificates_of_theory_or_management(register):
    for person in register.people:
        kinds = Counter(paper.kind for paper in person.qualifications)
        assert kinds[QualificationKind.POLITICAL_THEORY] <= 1
        assert kinds[QualificationKind.STATE_MANAGEMENT] <= 1


def test_people_outside_the_headline_figures():
    day = date(2026, 11, 22)
    people = register_of(day).people

    working = Counter(p.home_on(day).category for p in people if p.home_on(day))
    assert working[Category.PUBLIC_EMPLOYEE] == 41
    assert working[Category.CONTRACT_WORKER] == 45
    assert working[Category.NON_SPECIALISED] == 0
    assert sum(working.values()) == 2587 + 41 + 45
    gone = [p for p in people if p.ended_on]
    workers = [p for p in gone if p.assignments[-1].category is Category.NON_SPECIALISED]
    left = [p for p in gone if p.assignments[-1].category in OFFICIALS]
    assert len(workers) == 84
    assert len(left) == 96
    assert len(people) == 2587 + 41 + 45 + 84 + 96
    assert len({p.home_on(day).unit_code for p in people if p.home_on(day)
                and p.home_on(day).category is Category.CONTRACT_WORKER}) == 45  # fmt: skip


def test_non_specialised_workers_of_former_muong_ang_left_by_the_end_of_may_2026():
    former = {unit.code for unit in provincial_units() if unit.parent_code == "102"}
    workers = [
        person
        for person in register_of(date(2026, 8, 1)).people
        if person.assignments[-1].category is Category.NON_SPECIALISED
    ]

    assert len(workers) == 84
    for person in workers:
        assert person.assignments[0].unit_code in former
        assert person.status is ServiceStatus.LEFT
        assert date(2025, 7, 31) <= person.ended_on <= date(2026, 5, 31)


def test_a_worker_who_leaves_later_is_still_in_service_on_an_earlier_day():
    day = date(2026, 3, 1)
    serving = [
        person
        for person in register_of(day).people
        if person.assignments[-1].category is Category.NON_SPECIALISED and person.home_on(day)
    ]

    assert serving
    for person in serving:
        assert (person.status, person.ended_on) == (ServiceStatus.WORKING, None)
        assert person.home_on(day).ends_on is None


def test_96_officials_left_since_2022_most_by_retirement(register):
    left = [p for p in register.people if p.ended_on and p.assignments[-1].category in OFFICIALS]

    assert Counter(person.status for person in left) == {
        ServiceStatus.RETIRED: 58,
        ServiceStatus.LEFT: 20,
        ServiceStatus.MOVED_OUT: 12,
        ServiceStatus.DECEASED: 4,
        ServiceStatus.DISMISSED: 2,
    }
    assert all(date(2022, 1, 1) <= person.ended_on <= date(2025, 12, 31) for person in left)


def test_the_dismissed_served_in_units_that_no_longer_exist(register):
    former = {unit.code for unit in provincial_units() if unit.kind == UnitKind.FORMER_COMMUNE}
    for person in register.people:
        if person.status is ServiceStatus.DISMISSED:
            assert all(
                row.unit_code in former and row.starts_on < date(2025, 7, 1) for row in person.assignments
            )
            assert "chủ tịch" not in person.assignments[-1].post.lower()


def test_diplomas_are_proved_in_the_published_shares(register):
    states = Counter(
        paper.proof_state
        for person in register.officials(COUNTED)
        for paper in person.qualifications
        if paper.kind is QualificationKind.EDUCATION
    )
    shares = {state: round(100 * count / states.total()) for state, count in states.items()}
    assert shares == {
        ProofState.ORIGINAL_SEEN: 71,
        ProofState.CLAIMED: 24,
        ProofState.ISSUER_CONFIRMED: 5,
    }


# --- posts ----------------------------------------------------------------------------------------------
def test_quota_vacancies_and_surplus_of_the_45_units():
    lines = [line for line in post_lines() if is_commune(line.unit_code)]

    assert sum(line.quota for line in lines) == 1980
    assert sum(line.present for line in lines) == 1880
    assert sum(max(0, line.present - line.quota) for line in lines) == 38
    vacant = Counter()
    for line in lines:
        vacant[line.field] += max(0, line.quota - line.present)
    assert +vacant == {
        "it": 27, "information": 9, "industry_trade": 14, "construction": 19, "transport": 12,
        "justice": 16, "land": 18, "finance": 13, "home_affairs": 5, "labour": 5,
    }  # fmt: skip


def test_posts_above_quota_are_deputies_and_most_vacancies_lie_in_four_communes():
    lines = [line for line in post_lines() if is_commune(line.unit_code)]

    assert {line.post for line in lines if line.present > line.quota} == {
        "Phó Chánh Văn phòng", "Phó Trưởng phòng", "Phó Giám đốc Trung tâm",
    }  # fmt: skip
    vacant = Counter()
    for line in lines:
        vacant[line.unit_code] += max(0, line.quota - line.present)
    assert {code for code, _ in vacant.most_common(4)} == {"03162", "03220", "03385", "03158"}


def test_present_people_hold_the_posts_of_the_establishment(register, as_of):
    held = Counter()
    for person in register.officials(as_of):
        home = person.home_on(as_of)
        held[home.unit_code, home.division_code, home.post, home.field] += 1

    wanted = {
        (line.unit_code, line.division_code, line.post, line.field): line.present
        for line in post_lines()
        if line.present
    }
    assert held == wanted


def test_each_commune_has_one_chair_two_vice_chairs_one_director(register, as_of):
    posts = {}
    for person in register.officials(as_of):
        for row in person.assignments:
            if row.runs_on(as_of) and is_commune(row.unit_code):
                posts.setdefault(row.unit_code, Counter())[row.post] += 1

    assert len(posts) == 45
    for held in posts.values():
        assert held["Chủ tịch UBND"] == 1
        assert held["Phó Chủ tịch UBND"] == 2
        assert held["Giám đốc Trung tâm Phục vụ hành chính công"] == 1


def test_the_director_of_the_centre_is_a_vice_chair_concurrently(register):
    rows = [
        (person, row)
        for person in register.people
        for row in person.assignments
        if row.kind is AssignmentKind.CONCURRENT
    ]

    assert len(rows) == 45
    for person, row in rows:
        home = person.home_on(register.day)
        assert (home.post, home.unit_code) == ("Phó Chủ tịch UBND", row.unit_code)
        assert row.division_code == f"{row.unit_code}.5"


def test_each_division_has_one_head_and_two_deputies(register, as_of):
    heads, deputies = Counter(), Counter()
    for person in register.officials(as_of):
        for row in person.assignments:
            if row.runs_on(as_of) and not row.division_code.endswith(".1"):
                heads[row.division_code] += row.post.startswith(("Chánh", "Trưởng", "Giám đốc"))
                deputies[row.division_code] += row.post.startswith("Phó")

    assert len(heads) == len(deputies) == 45 * 4 + 8 * 4
    assert set(heads.values()) == {1}
    assert set(deputies.values()) == {2}


def test_each_department_has_one_chief_and_three_deputies(register, as_of):
    chiefs = {}
    for person in register.officials(as_of):
        home = person.home_on(as_of)
        if home.division_code.endswith(".1") and not is_commune(home.unit_code):
            chiefs.setdefault(home.unit_code, []).append(home.post)

    assert len(chiefs) == 8
    assert sorted(chiefs["SNV"]) == ["Giám đốc Sở", "Phó Giám đốc Sở", "Phó Giám đốc Sở", "Phó Giám đốc Sở"]
    assert Counter(chiefs["VPUB"]) == {"Chánh Văn phòng": 1, "Phó Chánh Văn phòng": 3}
    assert Counter(chiefs["TTT"]) == {"Chánh Thanh tra": 1, "Phó Chánh Thanh tra": 3}


def test_former_communes_had_one_chair_and_at_most_two_vice_chairs(register):
    eve = date(2025, 6, 30)
    posts = Counter()
    for person in register.people:
        home = person.home_on(eve)
        if home and home.post in ("Chủ tịch UBND", "Phó Chủ tịch UBND"):
            posts[home.unit_code, home.post] += 1

    assert all(count <= (1 if post == "Chủ tịch UBND" else 2) for (_, post), count in posts.items())


def test_who_manages_whom(register):
    for person in register.officials(COUNTED):
        home = person.home_on(COUNTED)
        if home.post in ("Chủ tịch UBND", "Giám đốc Sở", "Chánh Thanh tra"):
            assert (home.managing_unit_code, home.management_tier) == ("11", ManagementTier.PROVINCIAL_PARTY)
        elif home.post in ("Phó Chủ tịch UBND", "Phó Giám đốc Sở"):
            assert home.management_tier is ManagementTier.PROVINCIAL_COMMITTEE
        elif is_commune(home.unit_code):
            assert (home.managing_unit_code, home.management_tier) == (home.unit_code, ManagementTier.COMMUNE)


def test_the_major_fits_the_post_in_85_of_100(register):
    fits = total = 0
    for person in register.officials(COUNTED):
        majors = [p.major for p in person.qualifications if p.kind is QualificationKind.EDUCATION]
        if majors:
            total += 1
            fits += majors[-1] in fields()[person.home_on(COUNTED).field].majors
    assert 0.84 < fits / total < 0.86


# --- composing ------------------------------------------------------------------------------------------
def test_the_same_day_and_seed_give_the_same_people():
    day = date(2026, 8, 1)
    assert compose(day).people == register_of(day).people
    assert compose(day, seed=2).people != register_of(day).people


def test_another_seed_keeps_the_counts():
    officials = compose(date(2026, 8, 1), seed=2).officials(COUNTED)
    assert len(officials) == 2587
    assert sum(person.sex is Sex.FEMALE for person in officials) == 1079


def test_the_province_does_not_stand_before_2026():
    with pytest.raises(ValueError, match="01/01/2026"):
        compose(date(2025, 12, 31))


def test_the_large_register_multiplies_officials_but_not_leaders():
    day = date(2026, 11, 22)
    register = compose(day, multiple=3)
    officials = register.officials(day)

    assert len(officials) == 3 * 2587
    assert len({person.id_number for person in register.people}) == len(register.people)
    assert sum(person.sex is Sex.FEMALE for person in officials) == 3 * 1079
    assert sum(person.home_on(day).category is Category.CADRE for person in officials) == 135
    assert len({unit_on(day, person) for person in officials}) == 53
    assert len(register.by_story) == 13
