"""What confirming writes for people already there, and when it writes nothing. The register holds the
few of the template: Lò Văn An (chair) and Đặng Thị Huệ in Búng Lao among them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.audit import AuditType
from core.units import unit_by_code
from hr.people.enums import AssignmentKind, Category, ManagementTier, ProofState, QualificationKind
from hr.people.models import Assignment, PersonToken, Qualification, RankStep
from tests.conftest import TODAY
from tests.factories.people import NUMBERS
from tests.hr.people.imports.conftest import dump, logged, person, rows, the, workbook

pytestmark = pytest.mark.slow

AN = person("Lò Văn An", NUMBERS["an"], "12/05/1984")
HUE = person("Đặng Thị Huệ", NUMBERS["hue"], "02/11/1990", "Nữ")
ON_30_JUNE = "Danh sách tính đến ngày 30/06/2026"
DAY = date(2026, 6, 30)


# --- changed ----------------------------------------------------------------------------------------
def test_a_corrected_name_reaches_search_words_and_the_present_place(officer, batch_at, there):
    where = officer.imports(workbook({**AN, "Họ và tên": "Lò Văn Ân"}))

    batch = batch_at(where)
    assert (batch.changed, batch.new, batch.unchanged) == (1, 0, 0)
    found = there(lambda: the(NUMBERS["an"]))
    assert (found.full_name, found.version) == ("Lò Văn Ân", 2)
    assert {row.token for row in there(lambda: rows(PersonToken, NUMBERS["an"], PersonToken.token))} == {
        "lo", "van", "an",
    }  # fmt: skip
    old, present = there(lambda: rows(Assignment, NUMBERS["an"], Assignment.starts_on))
    assert (old.person_name, present.person_name) == ("Lò Văn An", "Lò Văn Ân")
    assert present.name_key == found.name_key != old.name_key
    event = there(lambda: logged(NUMBERS["an"]))
    assert event.type is AuditType.PERSON_CHANGED
    assert event.values == '{"full_name":["Lò Văn An","Lò Văn Ân"]}'


def test_a_new_post_closes_the_old_place_the_day_before(officer, there):
    officer.imports(workbook({**HUE, "Chức vụ": "Phó Trưởng phòng"}, title=ON_30_JUNE))

    old, new = there(lambda: rows(Assignment, NUMBERS["hue"], Assignment.starts_on))
    assert (old.post, old.ends_on) == ("Công chức tư pháp - hộ tịch", DAY - timedelta(days=1))
    assert (new.post, new.starts_on, new.ends_on, new.kind) == (
        "Phó Trưởng phòng", DAY, None, AssignmentKind.MAIN,
    )  # fmt: skip
    assert (new.unit_id, new.division_id, new.management_tier) == (
        old.unit_id, old.division_id, ManagementTier.COMMUNE,
    )  # fmt: skip
    assert new.decision_note == "Danh sách ngày 30/06/2026"
    event = there(lambda: logged(NUMBERS["hue"]))
    assert event.type is AuditType.PERSON_MOVED
    assert event.unit_id == new.unit_id
    assert event.values == (
        '{"from":["Công chức tư pháp - hộ tịch","2026-06-29"],"to":["Phó Trưởng phòng","2026-06-30"]}'
    )


def test_another_unit_is_a_move(officer, there):
    officer.imports(workbook({**HUE, "Mã đơn vị": "03172", "Phòng": "Phòng Kinh tế"}))

    _old, new = there(lambda: rows(Assignment, NUMBERS["hue"], Assignment.starts_on))
    unit = there(lambda: unit_by_code("03172", TODAY))
    division = there(lambda: unit_by_code("03172.2", TODAY))
    assert (new.unit_id, new.managing_unit_id, new.starts_on) == (unit.id, unit.id, TODAY)
    assert new.division_id is not None
    assert division.parent_id == unit.id


def test_another_step_is_a_new_row(officer, there):
    officer.imports(
        workbook({**HUE, "Mã ngạch": "01.003", "Bậc": "5", "Hệ số": "3,66", "Ngày hưởng": "01/07/2026"})
    )

    old, new = there(lambda: rows(RankStep, NUMBERS["hue"], RankStep.starts_on))
    assert (old.step, old.annulled_at) == (4, None)
    assert (new.step, new.coefficient, new.starts_on) == (5, Decimal("3.66"), date(2026, 7, 1))
    assert there(lambda: logged(NUMBERS["hue"])).values == '{"rank":["01.003, 4","01.003, 5"]}'


def test_a_higher_level_is_another_paper_and_a_detail_is_filled_in(officer, there):
    line = {**HUE, "Trình độ chuyên môn": "Thạc sĩ", "Chuyên ngành": "Luật", "LLCT": "Cao cấp"}

    officer.imports(workbook(line))

    papers = there(lambda: rows(Qualification, NUMBERS["hue"]))
    levels = [(paper.kind, paper.level, paper.proof_state) for paper in papers]
    claimed = ProofState.CLAIMED
    assert levels[-2:] == [
        (QualificationKind.EDUCATION, "master", claimed),
        (QualificationKind.POLITICAL_THEORY, "advanced", claimed),
    ]
    assert len(papers) == 5
    assert there(lambda: logged(NUMBERS["hue"])).values == (
        '{"education: master":{"level":[null,"master"],"major":[null,"Luật"]},'
        '"political_theory: advanced":{"level":[null,"advanced"]}}'
    )


def test_a_filled_background_is_logged_apart(officer, there):
    officer.imports(workbook({**HUE, "Tôn giáo": "Phật giáo"}))

    assert there(lambda: logged(NUMBERS["hue"])).values == '{"background":{"religion":["Không","Phật giáo"]}}'


def test_only_the_number_and_blank_cells_change_nothing(app, officer, batch_at):
    before = dump(app)

    where = officer.imports(workbook(AN, HUE))

    assert batch_at(where).unchanged == 2
    assert dump(app) == before


def test_the_same_file_a_second_time_changes_nothing(app, officer, batch_at):
    lines = (
        {**AN, "Chức vụ": "Bí thư Đảng ủy"},
        {**HUE, "Trình độ chuyên môn": "Thạc sĩ", "Bậc": "5", "Hệ số": "3,66", "Mã ngạch": "01.003"},
        person("Tòng Văn Mới", "011090000099", "01/02/1990", **{"Mã đơn vị": "03301", "Chức vụ": "Kế toán"}),
    )
    first = batch_at(officer.imports(workbook(*lines, title=ON_30_JUNE)))
    after = dump(app)

    second = batch_at(officer.imports(workbook(*lines, title=ON_30_JUNE)))

    assert (first.new, first.changed) == (1, 2)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 3)
    assert dump(app) == after


def test_two_people_of_one_name_and_birthday_are_never_mixed(officer, there):
    one = person("Nguyễn Văn Hùng", "011090000101", "01/02/1990", **{"Mã đơn vị": "03301"})
    other = {**one, "Số định danh cá nhân": "011090000102"}
    officer.imports(
        workbook({**one, "Chức vụ": "Văn thư"}, {**other, "Chức vụ": "Kế toán"}, title=ON_30_JUNE)
    )

    officer.imports(workbook({**other, "Chức vụ": "Trưởng phòng"}))

    posts = [[row.post for row in there(lambda n=n: rows(Assignment, f"01109000010{n}"))] for n in (1, 2)]
    assert posts == [["Văn thư"], ["Kế toán", "Trưởng phòng"]]


def test_a_stated_category_is_taken_and_a_missing_column_leaves_it(officer, there):
    contract = person("Nguyễn Văn Tâm", NUMBERS["tam"], "01/06/1987", **{"Chức vụ": "Lái xe chính"})

    officer.imports(workbook(contract))
    officer.imports(workbook({**HUE, "Đối tượng": "Viên chức"}))

    _old, tam = there(lambda: rows(Assignment, NUMBERS["tam"], Assignment.starts_on))
    _old, hue = there(lambda: rows(Assignment, NUMBERS["hue"], Assignment.starts_on))
    assert (tam.category, hue.category) == (Category.CONTRACT_WORKER, Category.PUBLIC_EMPLOYEE)


def test_who_is_seconded_stays_in_the_own_place(officer, batch_at, there):
    """Lường Thị Lan of Na Sang stands on the list of Búng Lao, where she works until 31/08/2026."""
    lan = person("Lường Thị Lan", NUMBERS["lan"], "30/04/1991", "Nữ", **{"Mã đơn vị": "03301"})

    where = officer.imports(workbook({**lan, "Chức vụ": "Chuyên viên văn hóa"}))

    assert batch_at(where).unchanged == 1
    assert len(there(lambda: rows(Assignment, NUMBERS["lan"]))) == 2


# --- conflicting ------------------------------------------------------------------------------------
def test_conflicts_are_told_and_nothing_of_them_is_written(app, officer, batch_at):
    before = dump(app)
    retired = person("Quàng Văn Dũng", NUMBERS["dung"], "14/02/1960", **{"Chức vụ": "Chuyên viên"})
    older = {**HUE, "Chức vụ": "Văn thư"}
    wrong = person("Cà Văn Khác", NUMBERS["an"], "05/05/1980")
    nowhere = person("Lò Thị Đâu", "011190000199", "01/02/1990", "Nữ")
    young = {**person("Lò Thị Sớm", "011100000198", "01/02/2000", "Nữ"), "Mã đơn vị": "03301"}
    young |= {"Năm tốt nghiệp": "1995", "Trình độ chuyên môn": "Đại học"}

    where = officer.read(workbook(retired, older, wrong, nowhere, young, title="Tính đến ngày 30/06/2025"))

    batch = batch_at(where)
    assert (batch.conflicting, batch.new, batch.changed) == (5, 0, 0)
    page = officer.page(where)
    officer.client.set_cookie("lang", "en")
    english = officer.page(where)
    assert "The present place began" not in english
    for words in (
        "This person has left service in the register: open the file",
        "In the register the present place began on 01/07/2025, not before the day of this file",
        "This number belongs to Lò Văn An, born 12/05/1984: check the number",
        "The file names no unit for 4 people (first in row 4): choose it",
        "The year lies before the birth of the person or after today",
    ):
        assert words.replace("'", "&#39;") in english
        assert words.replace("'", "&#39;") not in page
    assert page != english
    answer = officer.decide(where, "confirm") if "/confirm" in english else None
    assert answer is None  # there is nothing to confirm, so there is no button
    assert dump(app) == before


def test_dates_that_contradict_the_register_are_a_conflict_not_a_crash(officer, batch_at):
    """Too young on the day of recruitment that the register holds; joined after becoming a full member."""
    born = {**HUE, "Ngày sinh": "02/11/2005"}
    head = ("Họ và tên", "Số định danh cá nhân", "Ngày sinh", "Ngày vào Đảng")
    joined = {**AN, "Ngày vào Đảng": "01/01/2020"}

    first = batch_at(officer.read(workbook(born)))
    second = batch_at(officer.read(workbook(joined, head=head)))

    assert (first.conflicting, second.conflicting) == (1, 1)
