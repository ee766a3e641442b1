"""One cell at a time: what offices write, what is kept, what is refused."""

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hr.people.roster.cells import (
    read_date,
    read_id_number,
    read_name,
    read_soft_date,
    read_text,
    read_year,
    sex_and_year,
)
from hr.people.roster.listed import (
    major_beside_level,
    read_category,
    read_certificate,
    read_coefficient,
    read_ethnicity,
    read_level,
    read_mark,
    read_rank,
    read_sex,
    read_step,
)
from hr.people.roster.rows import READERS, infer_category


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("Nguyễn Văn A", "Nguyễn Văn A", None),
        (unicodedata.normalize("NFD", " Đặng  Thị\u200b Ổn\n"), "Đặng Thị Ổn", None),
        ("Ðào Bích Oanh", "Đào Bích Oanh", None),
        ("NGUYỄN VĂN A", "Nguyễn Văn A", "name_case"),
        ("lò thị ổn", "Lò Thị Ổn", "name_case"),
        ("H'NIÊ Y-BLƠ", "H'niê Y-Blơ", "name_case"),
        (None, None, "name_missing"),
        ("—", None, "name_missing"),
        ("'.'", None, "name_missing"),
        ("Nguyễn Văn A 2", None, "name_characters"),
        ("Lò Thị Ổn 🌾", None, "name_characters"),
        ("Иван Petrov", None, "name_characters"),
        ("NguyÔn V¨n A", None, "name_characters"),
        (12, None, "name_characters"),
        ("a" * 101, None, "text_long"),
        ("x" * 1_000_000, None, "text_long"),
    ],
)
def test_names(cell, value, code):
    found = read_name(cell)
    assert (found.value, found.code) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("02/03/1984", "1984-03-02", None),
        ("2-3-1984", "1984-03-02", None),
        ("2.3.1984", "1984-03-02", None),
        ("02 / 03 / 1984", "1984-03-02", None),
        ("Ngày 2 tháng 3 năm 1984", "1984-03-02", None),
        ("1984-03-02", "1984-03-02", None),
        ("1984-03-02T00:00:00", "1984-03-02", None),
        ("29/02/2024", "2024-02-29", None),
        (30743, "1984-03-02", "date_serial"),
        (30743.5, "1984-03-02", "date_serial"),
        ("30743", "1984-03-02", "date_serial"),
        ("31/02/1984", None, "date_absent"),
        ("29/02/2023", None, "date_absent"),
        ("04/28/1993", None, "date_absent"),
        ("00/00/1984", None, "date_absent"),
        ("01/01/9999", None, "date_range"),
        ("9999-12-31", None, "date_range"),
        ("31/12/1899", None, "date_range"),
        (2958465, None, "date_range"),
        (1985, None, "date_year_only"),
        (1985.0, None, "date_year_only"),
        ("1985", None, "date_year_only"),
        ("năm 1985", None, "date_year_only"),
        ("3/1985", None, "date_month_only"),
        ("12/3/85", None, "date_short_year"),
        ("hôm qua", None, "date_format"),
        ("²/03/1984", None, "date_format"),
        (-5, None, "date_format"),
        (10**30, None, "date_format"),
        (True, None, "date_format"),
        ("1" * 5_000, None, "date_format"),
        (None, None, None),
        ("-", None, None),
    ],
)
def test_dates(cell, value, code):
    found = read_date(cell)
    assert (found.value, found.code) == (value, code)


def test_a_day_that_does_not_exist_is_named():
    assert read_date("31/02/1984").params == {"value": "31/02/1984"}


@pytest.mark.parametrize("cell", ["2009", "5/2009", 2009])
def test_a_date_one_can_do_without_stays_empty_when_incomplete(cell):
    found = read_soft_date(cell)
    assert (found.value, found.code, found.refused) == (None, "date_incomplete", False)
    assert read_date(cell).refused


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("011184000000", "011184000000", None),
        (" 011 184.000-000 ", "011184000000", None),
        ("'011184000000", "011184000000", None),
        (11184000000, "011184000000", "id_zero"),
        (11184000000.0, "011184000000", "id_zero"),
        ("11184000000", None, "id_length"),
        ("11184000000.0", None, "id_length"),
        (1184000000, "001184000000", "id_zero"),
        ("1184000000", None, "id_length"),
        ("01108", None, "id_length"),
        (1108, None, "id_length"),
        ("0111840000001", None, "id_length"),
        ("040123456", None, "id_length"),
        ("1.1184E+10", None, "id_shortened"),
        (2**63 + 1, None, "id_length"),
        (10**400, None, "id_shortened"),
        (1.5, None, "id_shortened"),
        (1e300, None, "id_shortened"),
        (-11184000000, None, "id_characters"),
        ("CMND 040123456", None, "id_characters"),
        ("²11184000000", None, "id_characters"),
        (True, None, "id_characters"),
        (None, None, "id_missing"),
        ("", None, "id_missing"),
    ],
)
def test_personal_identification_numbers(cell, value, code):
    found = read_id_number(cell)
    assert (found.value, found.code) == (value, code)


def test_a_wrong_length_is_counted():
    assert read_id_number("01108").params == {"count": 5}
    assert read_id_number(2**63 + 1).params == {"count": 19}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("011184000000", ("female", 1984)),
        ("011084000000", ("male", 1984)),
        ("011300000006", ("female", 2000)),
        ("011202000006", ("male", 2002)),
        ("011900000006", None),
    ],
)
def test_what_the_number_says_of_its_bearer(number, said):
    assert sex_and_year(number) == said


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Đại học", "university"), ("ĐH", "university"), ("Cử nhân", "university"), ("Kỹ sư", "university"),
        ("Đại học Luật", "university"), ("Thạc sĩ", "master"), ("Thạc sỹ", "master"), ("ThS", "master"),
        ("Th.S", "master"), ("Thạc sĩ Quản lý công", "master"), ("Tiến sĩ", "doctor"), ("TS", "doctor"),
        ("CĐ", "college"), ("cao đẳng", "college"), ("TC", "intermediate"), ("Trung cấp", "intermediate"),
        ("SC", "elementary"), ("Chưa qua đào tạo", "untrained"), ("Chưa qua", "untrained"),
    ],
)  # fmt: skip
def test_education_as_offices_write_it(cell, value):
    found = read_level("education", cell)
    assert (found.value, found.code) == (value, None)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("political_theory", "CC", "advanced"), ("political_theory", "Cao cấp", "advanced"),
        ("political_theory", "LLCT trung cấp", "intermediate"),
        ("political_theory", "TCLLCT", "intermediate"),
        ("political_theory", "Cao cấp lý luận chính trị", "advanced"),
        ("political_theory", "SC", "elementary"),
        ("political_theory", "Cử nhân chính trị", "bachelor"), ("political_theory", "Chưa qua", "none"),
        ("state_management", "CV", "specialist"), ("state_management", "CVC", "principal"),
        ("state_management", "CVCC", "senior"), ("state_management", "CS", "clerk"),
        ("state_management", "QLNN ngạch chuyên viên chính", "principal"),
        ("state_management", "Chưa", "none"),
    ],
)  # fmt: skip
def test_other_levels_as_offices_write_them(kind, cell, value):
    found = read_level(kind, cell)
    assert (found.value, found.code) == (value, None)


def test_levels_that_need_a_word():
    assert (read_level("education", "ĐH, ThS").value, read_level("education", "ĐH, ThS").code) == (
        "master",
        "level_highest",
    )
    assert (read_level("state_management", "x").value, read_level("state_management", "x").code) == (
        "clerk",
        "level_marked",
    )
    assert read_level("state_management", "CC").code == "level_unknown"
    assert read_level("education", "Giỏi").refused
    assert read_level("education", None).code is None


def test_a_major_written_beside_the_level_is_kept():
    assert major_beside_level("Đại học Luật") == "Luật"
    assert major_beside_level("ThS Quản lý công") == "Quản lý công"
    assert major_beside_level("Đại học") is None
    assert major_beside_level("Chưa qua đào tạo") is None


@pytest.mark.parametrize(
    ("kind", "cell", "value", "code"),
    [
        ("it", "Chứng chỉ", "certificate", None),
        ("it", "Trung cấp trở lên", "intermediate_up", None),
        ("it", "x", "certificate", None),
        ("foreign_language", "ĐH trở lên", "university_up", None),
        ("foreign_language", "Chứng chỉ B", "certificate", None),
        ("foreign_language", "IELTS 6.0", "certificate", None),
        ("ethnic_language", "Tiếng Mông", "certificate", None),
        ("ethnic_language", "đang học", "certificate", "level_kept"),
        ("it", "Không", "none", None),
    ],
)
def test_certificates(kind, cell, value, code):
    found = read_certificate(kind, cell)
    assert (found.value, found.code) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("Kinh", "01", None), ("Thái", "03", None), ("Khơ-mú", "29", None), ("Khơ mú", "29", None),
        ("dân tộc Hà Nhì", "35", None), ("Xinh Mun", "34", None), ("Si La", "50", None),
        ("Mông", "08", "ethnicity_read"), ("H'Mông", "08", "ethnicity_read"),
        ("Thái trắng", "03", "ethnicity_read"),
        ("Hmông (Mông)", "08", None), ("Klingon", None, "ethnicity_unknown"), (None, None, None),
    ],
)  # fmt: skip
def test_ethnic_groups(cell, value, code):
    found = read_ethnicity(cell)
    assert (found.value, found.code) == (value, code)


def test_the_reading_of_mong_is_said():
    assert read_ethnicity("Mông").params == {"value": "Hmông (Mông)"}


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("01.003", "01.003", None), ("01003", "01.003", "rank_read"), (1.003, "01.003", "rank_read"),
        ("Chuyên viên", "01.003", None), ("CVCC", "01.001", None),
        ("Ngạch chuyên viên chính", "01.002", None),
        ("01.004 - Cán sự", "01.004", None), ("06.031", "06.031", "rank_kept"),
        ("V.07.02.04", "V.07.02.04", "rank_kept"),
        ("Trưởng phòng", None, "rank_unknown"), (None, None, None),
    ],
)  # fmt: skip
def test_ranks(cell, value, code):
    found = read_rank(cell)
    assert (found.value, found.code) == (value, code)


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("3,33", "3.33", None), (3.33, "3.33", None), (3.3299999999, "3.33", None), (4.4, "4.40", None),
        (3, "3.00", None), ("333", None, "coefficient_unknown"), ("3,3,3", None, "coefficient_unknown"),
        ("3.335", None, "coefficient_unknown"), ("NaN", None, "coefficient_unknown"),
        ("1e999999999", None, "coefficient_unknown"), (True, None, "coefficient_unknown"), ("", None, None),
    ],
)  # fmt: skip
def test_coefficients(cell, value, code):
    found = read_coefficient(cell)
    assert (found.value, found.code) == (value, code)


@pytest.mark.parametrize(
    ("reader", "cell", "value"),
    [
        (read_step, 6.0, 6), (read_step, "6/9", 6), (read_step, "9 VK 5%", 9), (read_step, "Bậc 3", 3),
        (read_sex, "Nữ", "female"), (read_sex, "NAM", "male"),
        (read_mark, "x", True), (read_mark, "X ", True), (read_mark, "✓", True), (read_mark, 1.0, True),
        (read_mark, None, False), (read_mark, "0", False), (read_mark, "-", False),
        (read_category, "Cán bộ", "cadre"), (read_category, "Công chức", "civil_servant"),
        (read_category, "Viên chức", "public_employee"), (read_category, "HĐLĐ", "contract_worker"),
        (read_category, "Không chuyên trách", "non_specialised"),
    ],
)  # fmt: skip
def test_other_listed_words(reader, cell, value):
    found = reader(cell)
    assert (found.value, found.code) == (value, None)


@pytest.mark.parametrize(
    ("reader", "cell", "code"),
    [
        (read_step, "ba", "step_unknown"), (read_step, 99, "step_unknown"), (read_sex, "khác", "sex_unknown"),
        (read_mark, "có lẽ", "mark_unknown"), (read_category, "khách", "category_unknown"),
        (read_text, "x" * 201, "text_long"),
    ],
)  # fmt: skip
def test_other_listed_words_refused(reader, cell, code):
    assert (reader(cell).value, reader(cell).code) == (None, code)


def test_years():
    assert read_year(2010.0, 2026).value == 2010
    assert read_year("15/06/2010", 2026).value == 2010
    assert read_year("2027", 2026).code == "year_unknown"
    assert read_year("²010", 2026).code == "year_unknown"


@pytest.mark.parametrize(
    ("post", "category"),
    [
        ("Chủ tịch UBND", "cadre"),
        ("Phó Chủ tịch UBND, Giám đốc Trung tâm", "cadre"),
        ("Trưởng phòng, Phó Bí thư Đảng ủy", "cadre"),
        ("Chuyên viên", "civil_servant"),
        ("Thư ký Chủ tịch", "civil_servant"),
        (None, "civil_servant"),
    ],
)
def test_category_follows_the_post(post, category):
    assert infer_category(post) == category


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=60),
    st.text("0123456789/.-, eE+x", max_size=20),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(READERS))
@given(cell=CELLS)
def test_no_reader_ever_raises(name, cell):
    found = READERS[name](cell)
    assert not (found.refused and found.value is not None)


@given(cell=CELLS)
def test_the_readers_outside_the_table_never_raise_either(cell):
    read_date(cell)
    read_mark(cell)
    read_year(cell, 2026)
    major_beside_level(cell)
    for kind in ("education", "political_theory", "state_management"):
        read_level(kind, cell)
    for kind in ("it", "foreign_language", "ethnic_language"):
        read_certificate(kind, cell)


@given(st.dates(date(1901, 1, 1), date(2100, 12, 31)), st.sampled_from("/-."))
def test_every_day_comes_back_however_it_is_written(day, separator):
    text = f"{day.day}{separator}{day.month:02d}{separator}{day.year}"
    assert read_date(text).value == day.isoformat()
    assert read_date(day.isoformat()).value == day.isoformat()
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    if not 1900 <= serial <= 2100:
        assert read_date(serial).value == day.isoformat()


@given(st.integers(1, 96), st.integers(0, 3), st.integers(0, 99), st.integers(0, 999_999))
def test_every_number_comes_back_from_a_number_cell(province, code, year, rest):
    number = f"{province:03d}{code}{year:02d}{rest:06d}"
    assert read_id_number(number).value == number
    assert read_id_number(float(int(number))).value == number
