"""What a line means for the register. Pure: no database, no file."""

from dataclasses import replace
from datetime import date

import pytest

from hr.people.enums import AssignmentKind, Category, ManagementTier, ProofState
from hr.people.imports.enums import LineOutcome
from tests.hr.people.imports.samples import DAY, HELD, PLACE, line, plan


# --- unchanged --------------------------------------------------------------------------------------
def test_a_line_that_says_what_the_register_holds_changes_nothing():
    found = plan()

    assert (found.outcome, found.changes, found.remarks) == (LineOutcome.UNCHANGED, {}, [])


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_cell_changes_nothing(blank):
    names = set(line()) - {"sheet", "row", "id_number", "full_name", "born_on"}

    found = plan(**dict.fromkeys(names, blank))

    assert (found.outcome, found.changes) == (LineOutcome.UNCHANGED, {})


def test_what_follows_from_another_cell_changes_nothing():
    """The sex that the number tells and the category that the post tells are no statements of the office."""
    held = replace(HELD, place=replace(PLACE, category=Category.PUBLIC_EMPLOYEE))

    found = plan(held, sex="female", category="cadre", inferred=["sex", "category"])

    assert found.outcome is LineOutcome.UNCHANGED


def test_capitals_in_a_post_are_no_other_post():
    assert plan(post="CHUYÊN VIÊN").outcome is LineOutcome.UNCHANGED


def test_a_lower_level_takes_nothing_away():
    found = plan(education="intermediate", major="Kế toán", graduated=2004)

    assert (found.outcome, found.papers, found.fills) == (LineOutcome.UNCHANGED, [], [])


def test_who_stands_on_the_list_of_the_receiving_unit_is_not_moved():
    held = replace(HELD, beside=frozenset({(2, "Chuyên viên")}))

    found = plan(held, unit="03172", post="Chuyên viên văn hóa")

    assert (found.outcome, found.place) == (LineOutcome.UNCHANGED, None)


def test_a_concurrent_post_in_the_own_unit_is_not_another_own_post():
    held = replace(HELD, beside=frozenset({(1, "Giám đốc Trung tâm")}))

    assert plan(held, post="Giám đốc Trung tâm").outcome is LineOutcome.UNCHANGED


# --- changed ----------------------------------------------------------------------------------------
def test_a_corrected_name_and_date_of_birth():
    named = plan(full_name="Lò Văn Ôn")
    born = plan(born_on="1984-03-20")

    assert named.facts == {"full_name": "Lò Văn Ôn"}
    assert named.changes == {"full_name": ["Lò Văn Ổn", "Lò Văn Ôn"]}
    assert born.facts == {"born_on": date(1984, 3, 20)}
    assert born.changes == {"born_on": ["02/03/1984", "20/03/1984"]}
    assert {named.outcome, born.outcome} == {LineOutcome.CHANGED}


def test_a_filled_fact_and_background():
    found = plan(birthplace="Bản Bó", religion="Không")

    assert (found.facts, found.background) == ({"birthplace": "Bản Bó"}, {"religion": "Không"})
    assert found.changes == {"birthplace": [None, "Bản Bó"], "religion": [None, "Không"]}


def test_a_new_post_is_a_new_assignment_from_the_day_of_the_file():
    found = plan(post="Phó Trưởng phòng")

    assert found.place is not None
    assert (found.place.post, found.place.starts_on, found.place.unit_id) == ("Phó Trưởng phòng", DAY, 1)
    assert (found.place.division_id, found.place.management_tier) == (11, ManagementTier.COMMUNE)
    assert found.place.decision_note == "Danh sách ngày 30/06/2026"
    assert found.changes == {"post": ["Chuyên viên", "Phó Trưởng phòng"]}


def test_a_new_unit_leaves_division_and_tier_behind():
    found = plan(unit="03172", division="Phòng Kinh tế")

    assert found.place is not None
    assert (found.place.unit_id, found.place.division_id, found.place.managing_unit_id) == (2, 21, 2)
    assert found.place.management_tier is None
    assert found.changes == {"unit": ["Xã Búng Lao", "Xã Na Sang"]}


def test_a_category_that_the_file_states_is_taken():
    found = plan(category="public_employee")

    assert found.place is not None
    assert found.place.category is Category.PUBLIC_EMPLOYEE
    assert found.changes == {"category": ["civil_servant", "public_employee"]}


@pytest.mark.parametrize(
    ("present", "expected"),
    [(Category.CIVIL_SERVANT, Category.CADRE), (Category.PUBLIC_EMPLOYEE, Category.PUBLIC_EMPLOYEE)],
)
def test_a_new_post_makes_a_cadre_only_of_who_is_an_official(present, expected):
    held = replace(HELD, place=replace(PLACE, category=present))

    found = plan(held, post="Chủ tịch UBND", category="cadre", inferred=["category"])

    assert found.place is not None
    assert found.place.category is expected


def test_probation_goes_on_in_another_division():
    held = replace(HELD, place=replace(PLACE, kind=AssignmentKind.PROBATION))

    found = plan(held, division="Văn phòng")

    assert found.place is not None
    assert (found.place.kind, found.place.division_id) == (AssignmentKind.PROBATION, 12)


def test_another_step_is_a_new_row():
    dated = plan(step=5, coefficient="3.66", step_since="2026-06-01")
    undated = plan(step=5, coefficient="3.66")

    assert dated.rank is not None
    assert undated.rank is not None
    assert (dated.rank.step, dated.rank.starts_on, dated.rank.decision_note) == (5, date(2026, 6, 1), None)
    assert (undated.rank.starts_on, undated.rank.decision_note) == (DAY, "Danh sách ngày 30/06/2026")
    assert dated.changes == {"rank": ["01.003|4|3.33", "01.003|5|3.66"]}


def test_the_step_follows_from_the_coefficient():
    found = plan(step=None, coefficient="3.66")

    assert found.rank is not None
    assert found.rank.step == 5


def test_a_higher_level_is_another_paper():
    found = plan(education="university", major="Luật kinh tế", graduated=2012)

    (paper,) = found.papers
    assert (paper.level, paper.major, paper.awarded_year) == ("university", "Luật kinh tế", 2012)
    assert paper.proof_state is ProofState.CLAIMED
    assert found.changes == {"education": ["college", "university"]}


def test_a_detail_that_the_register_lacks_is_filled_in():
    found = plan(issuer="Trường Cao đẳng Sơn La")

    ((paper, values),) = found.fills
    assert (paper.id, values) == (9, {"issuer": "Trường Cao đẳng Sơn La"})
    assert found.changes == {"education.issuer": [None, "Trường Cao đẳng Sơn La"]}


def test_a_paper_that_was_proved_is_not_touched():
    held = replace(HELD, papers=(replace(HELD.papers[0], proof_state=ProofState.ORIGINAL_SEEN),))

    found = plan(held, issuer="Trường Cao đẳng Sơn La")

    assert found.fills == []
    assert [paper.issuer for paper in found.papers] == ["Trường Cao đẳng Sơn La"]


def test_other_details_of_the_same_level_are_another_paper():
    found = plan(major="Kế toán")

    assert [(paper.level, paper.major) for paper in found.papers] == [("college", "Kế toán")]
    assert found.changes["education"] == [None, "college"]


# --- conflicts and remarks --------------------------------------------------------------------------
def test_who_left_service_is_a_conflict():
    assert plan(replace(HELD, in_service=False)).conflict == ("left_service", {})


def test_another_name_and_birth_under_one_number_is_somebody_else():
    found = plan(full_name="Cà Thị Ân", born_on="1990-01-01", sex="female")

    assert (found.outcome, found.facts) == (LineOutcome.CONFLICTING, {})
    assert found.conflict == ("other_person", {"name": "Lò Văn Ổn", "date": "02/03/1984"})


@pytest.mark.parametrize("starts_on", [DAY, date(2026, 7, 1)])
def test_a_place_that_is_not_older_than_the_file_wins(starts_on):
    held = replace(HELD, place=replace(PLACE, starts_on=starts_on))

    found = plan(held, post="Trưởng phòng")

    assert found.outcome is LineOutcome.CONFLICTING
    assert found.conflict == ("later_place", {"date": starts_on.strftime("%d/%m/%Y")})


def test_a_rank_that_is_not_older_than_the_file_wins():
    assert plan(step=3, coefficient="3.00", step_since="2020-09-01").conflict == (
        "later_rank",
        {"date": "01/09/2023"},
    )


def test_without_a_place_there_is_nothing_to_compare():
    assert plan(replace(HELD, place=None)).conflict == ("no_place", {})


def test_a_roster_older_than_its_units_speaks_from_their_first_day():
    assert plan(day=date(2025, 6, 30), post="Trưởng phòng").conflict == (
        "later_place",
        {"date": "01/07/2025"},
    )
    new = plan(None, day=date(2025, 6, 30))
    assert new.seed is not None
    assert new.seed.assignments[0].starts_on == date(2025, 7, 1)


def test_remarks_do_not_stop_a_line():
    found = plan(division="Tổ 3", step_since="2022-01-01")

    assert found.outcome is LineOutcome.UNCHANGED
    assert found.remarks == [
        ("division_unknown", {"unit": "Xã Búng Lao", "value": "Tổ 3"}),
        ("rank_since", {"date": "01/09/2023"}),
    ]
    assert plan(None, coefficient=None).remarks == [("rank_incomplete", {})]


# --- new --------------------------------------------------------------------------------------------
def test_a_new_person_with_everything_the_line_says():
    found = plan(None, division="Phòng Kinh tế", political_theory="none", it="certificate", it_detail="MOS")

    seed = found.seed
    assert seed is not None
    assert (found.outcome, seed.full_name, seed.born_on) == (
        LineOutcome.NEW, "Lò Văn Ổn", date(1984, 3, 2),
    )  # fmt: skip
    (place,) = seed.assignments
    assert (place.unit_id, place.division_id, place.starts_on) == (1, 11, DAY)
    assert [(rank.step, rank.starts_on) for rank in seed.ranks] == [(4, DAY)]
    assert [(paper.kind.value, paper.level, paper.major) for paper in seed.qualifications] == [
        ("education", "college", "Luật"), ("it", "certificate", "MOS"),
    ]  # fmt: skip


def test_a_new_person_without_a_unit_is_a_conflict():
    assert plan(None, unit=None).conflict == ("unit_missing", {})
