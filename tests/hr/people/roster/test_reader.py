"""Whole rosters: the three sample files to the last person, and what offices do to theirs."""

from collections import Counter
from datetime import date

import pytest

from core.child import Refused
from core.tabular import Sheet, write_workbook
from hr.people.roster.intake import read_roster
from hr.people.roster.layout import suggest_mapping
from hr.people.roster.problems import MESSAGES
from hr.people.roster.reader import apply, read

TODAY = date(2026, 7, 1)
HEAD = ["Họ và tên", "Số CCCD", "Ngày sinh", "Giới tính", "Chức vụ"]
LO = ["Lò Văn Ổn", "011084000001", "02/03/1984", "Nam", "Chuyên viên"]
CA = ["Cà Thị Ân", "011186000002", "05/06/1986", "Nữ", "Kế toán"]


def reading_of(rows, units=(), merged=(), **options):
    sheet = Sheet("S", [list(row) for row in rows], tuple(merged))
    return apply(sheet, suggest_mapping(sheet), units=units, today=TODAY, **options)


def codes(reading):
    return [item.code for item in reading.problems]


# --- the three files ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def province(units, rosters):
    return read({"path": str(rosters / "roster_province.xlsx"), "units": units, "today": "2026-07-01"})


@pytest.mark.slow
def test_the_province_file_gives_its_figures(province):
    rows = province["rows"]
    trained = ("intermediate", "college", "university", "master", "doctor")
    degree = ("university", "master", "doctor")
    communes = [row for row in rows if row["unit"].isdecimal()]
    assert province["counts"] == {"read": 2587, "good": 2587, "refused": 0}
    assert len({row["id_number"] for row in rows}) == 2587
    assert len(communes) == 1880
    assert sum(row["education"] in trained for row in rows) == 2538
    assert round(2538 / 2587 * 100, 1) == 98.1
    assert (
        sum(row["political_theory"] != "none" and row["state_management"] != "none" for row in rows) == 1889
    )
    assert sum(row["education"] in degree for row in communes) == 1350
    assert sum(row["sex"] == "female" for row in rows) == 1079
    assert not [item for item in province["problems"] if item["severity"] == "error"]


@pytest.mark.slow
def test_the_province_file_gives_each_unit_its_people(province):
    by_unit = Counter(row["unit"] for row in province["rows"])
    forty_one = "03328 03334 03349 03352 03356 03358 03368 03370 03382 03385".split()
    forty_two = (
        "03127 03151 03158 03160 03162 03163 03164 03166 03169 03172 03175 03176 03181 03193 03194 03199 "
        "03202 "
        "03203 03208 03214 03217 03220 03226 03241 03244 03253 03256 03260 03268 03283 03295 03301 03313 "
        "03316 03325"
    ).split()
    assert by_unit == {
        **dict.fromkeys(forty_two, 42),
        **dict.fromkeys(forty_one, 41),
        "Sở Nội vụ": 89,
        "Sở Tài chính": 89,
        "Sở Nông nghiệp và Môi trường": 89,
        "Sở Xây dựng": 88,
        "Sở Khoa học và Công nghệ": 88,
        "Sở Tư pháp": 88,
        "Văn phòng UBND tỉnh": 88,
        "Thanh tra tỉnh": 88,
    }


def test_the_province_file_keeps_each_cell(province):
    assert province["as_of"] == "2026-06-30"
    assert province["sheets"][0]["header_row"] == 7
    assert province["sheets"][0]["header_rows"] == 2
    assert Counter(item["reason"] for item in province["skipped"]) == {
        "section": 53,
        "total": 1,
        "signature": 2,
    }
    first = province["rows"][0]
    assert first == {
        "sheet": "Danh sách CBCC", "row": 10, "full_name": "Lò Kim Sao", "other_name": None,
        "id_number": "011184000000", "sex": "female", "born_on": "1984-03-02", "birthplace": None,
        "native_place": None, "ethnicity": "29", "religion": "Không", "party_joined_on": "2009-01-07",
        "party_official_on": None, "division": "Lãnh đạo UBND", "post": "Chủ tịch UBND",
        "position": "Chủ tịch UBND",
        "category": "cadre", "recruited_on": "2011-08-01", "rank_code": "01.003", "step": 6,
        "coefficient": "3.99",
        "step_since": None, "education": "university", "major": "Quản lý đất đai",
        "issuer": "Đại học Nội vụ Hà Nội", "graduated": 2010, "political_theory": "intermediate",
        "state_management": "clerk", "it": None, "it_detail": None, "foreign_language": "university_up",
        "foreign_language_detail": None, "ethnic_language": None, "ethnic_language_detail": None,
        "note": None,
        "unit": "03127", "unit_text": "Phường Điện Biên Phủ (mã 03127)", "inferred": ["category"],
    }  # fmt: skip
    (group,) = province["summary"]
    assert (group["code"], group["count"], group["column"], group["row"]) == ("ethnicity_read", 786, "F", 11)


def test_the_file_of_marks_gives_42_people(units, rosters):
    found = read({"path": str(rosters / "roster_bung_lao.xlsx"), "units": units, "today": "2026-07-01"})
    assert found["counts"] == {"read": 42, "good": 42, "refused": 0}
    assert {row["unit"] for row in found["rows"]} == {"03301"}
    assert Counter(item["code"] for item in found["problems"]) == {
        "id_zero": 42, "level_marked": 33, "ethnicity_read": 11,
    }  # fmt: skip
    first, third = found["rows"][0], found["rows"][2]
    assert (first["id_number"], first["sex"], first["born_on"]) == ("011182001302", "female", "1982-01-20")
    assert (first["education"], first["political_theory"]) == ("university", "intermediate")
    assert (first["step"], first["coefficient"], first["recruited_on"]) == (8, "4.65", "2010-09-15")
    assert (third["sex"], third["education"], third["political_theory"]) == ("male", "college", "elementary")
    assert third["state_management"] is None
    marked = [row["education"] for row in found["rows"]]
    assert Counter(marked)["university"] == 28  # the x-marks of column L
    assert None not in marked


def test_the_csv_refuses_two_rows_by_row_and_column(units, rosters):
    found = read(
        {"path": str(rosters / "roster_na_sang.csv"), "units": units, "today": "2026-07-01", "unit": "03172"}
    )
    assert found["counts"] == {"read": 42, "good": 40, "refused": 2}
    errors = [item for item in found["problems"] if item["severity"] == "error"]
    assert [(e["row"], e["column"], e["header"], e["raw"], e["code"], e["params"]) for e in errors] == [
        (9, "B", "Ngày sinh", "31/02/1984", "date_absent", {"value": "31/02/1984"}),
        (13, "E", "Số CCCD", "01108", "id_length", {"count": 5}),
    ]
    assert [row["full_name"] for row in found["refused"]] == ["Lầu Thị Hồng", "Giàng Minh Khánh"]
    assert {row["unit"] for row in found["rows"]} == {"03172"}
    assert found["rows"][0]["coefficient"] == "3.33"


@pytest.mark.slow
def test_the_child_reads_the_same(units, rosters):
    told = []
    path = rosters / "roster_province.xlsx"
    found = read_roster(path, "a.xlsx", units=units, today=TODAY, on_progress=told.append)
    assert found["counts"] == {"read": 2587, "good": 2587, "refused": 0}
    assert told[0] == {"done": 500, "total": 2652}
    assert told[-1] == {"done": 2652, "total": 2652}


# --- what offices do ----------------------------------------------------------------------------


def test_sections_totals_numbering_repeated_headers_and_signatures(units):
    numbered = ["TT", *HEAD]
    reading = reading_of(
        [
            ["UBND TỈNH", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["DANH SÁCH (tính đến ngày 30 tháng 6 năm 2026)"],
            numbered,
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
            ["I", "Xã Búng Lao"],
            ["I.1", "Phòng Kinh tế"],
            [1, *LO],
            [None, "Cộng: 1 người"],
            numbered,
            ["II", "UBND xã Na Sang", None, None, None, "1 người"],
            [1, *CA],
            [2],
            ["Tổng cộng: 2"],
            [None, None, "Điện Biên, ngày 30 tháng 6 năm 2026"],
            [None, "NGƯỜI LẬP BIỂU", None, "CHỦ TỊCH"],
        ],
        units,
    )
    assert reading.problems == []
    assert [(row["full_name"], row["unit"], row["division"]) for row in reading.rows] == [
        ("Lò Văn Ổn", "03301", "Phòng Kinh tế"),
        ("Cà Thị Ân", "03172", None),
    ]
    assert [(item["row"], item["reason"]) for item in reading.skipped] == [
        (4, "numbering"), (5, "section"), (6, "section"), (8, "total"), (9, "header"), (10, "section"),
        (13, "total"), (14, "signature"), (15, "signature"),
    ]  # fmt: skip
    assert reading.as_of == "2026-06-30"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([None, "Cộng: 39 người", None, "20 nam"], "total"),
        ([None, "Tổng số", "39 người", "20 nam, 19 nữ"], "total"),
        ([None, "Cộng xã", 39, 39, 20], "total"),
        ([None, "Trong đó nữ", 19, 19], "total"),
        ([None, None, None, "ngày 30 tháng 6 năm 2026"], "signature"),
        ([None, "Lập biểu ngày 30/06/2026", None, "30/06/2026"], "signature"),
        ([None, None, None, "Na Sang, 30/6/2026"], "text"),
        ([3, None, None, "05/06/1986", "Nữ", "Kế toán"], "text"),
    ],
)
def test_counts_days_and_lines_without_a_name_or_number_are_no_refused_people(row, reason):
    reading = reading_of([["TT", *HEAD], [1, *LO], row])

    assert reading.refused == reading.problems == []
    assert [(item["row"], item["reason"]) for item in reading.skipped] == [(3, reason)]


def test_who_signed_is_nobody_of_the_list_until_the_next_section(units):
    reading = reading_of(
        [
            ["TT", *HEAD],
            ["I", "Xã Búng Lao"],
            [1, *LO],
            [None, "NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH"],
            [None, "Lò Thị Lan", None, None, "Giàng A Dế"],
            ["II", "Xã Na Sang"],
            [None, "Cà Thị Ân", None, None, None, "Kế toán"],
        ],
        units,
    )

    assert [item["reason"] for item in reading.skipped] == ["section", "signature", "signature", "section"]
    assert [row["full_name"] for row in reading.refused] == ["Cà Thị Ân"]


def test_a_number_without_a_name_is_a_person_whose_name_is_missing():
    reading = reading_of([HEAD, [None, *LO[1:]]])

    assert codes(reading) == ["name_missing"]
    assert len(reading.refused) == 1


def test_a_section_of_an_unknown_unit_refuses_the_people_below(units):
    reading = reading_of([HEAD, ["Xã Không Có"], LO], units)
    assert reading.rows == []
    assert [(item.row, item.column, item.code) for item in reading.problems] == [
        (2, "A", "unit_unknown"), (3, None, "unit_unknown"),
    ]  # fmt: skip


def test_a_unit_column_wins_and_a_former_name_is_said(units):
    reading = reading_of([[*HEAD, "Đơn vị"], [*LO, "Phường Him Lam"], [*CA, "Xã Nào Đó"]], units)
    assert [row["unit"] for row in reading.rows] == ["03127"]
    assert [(item.row, item.column, item.code) for item in reading.problems] == [
        (2, "F", "unit_former"), (3, "F", "unit_unknown"),
    ]  # fmt: skip


def test_without_a_unit_the_file_says_so_and_takes_the_one_given(units):
    assert reading_of([HEAD, LO], units).rows[0]["unit"] is None
    assert [item.code for item in reading_of([HEAD, LO], units).notes] == ["unit_not_named"]
    assert reading_of([HEAD, LO], units, unit="03172").rows[0]["unit"] == "03172"


def test_a_number_that_stands_twice_refuses_both_naming_the_other():
    reading = reading_of([HEAD, LO, CA, ["Vừ A Páo", LO[1], "02/03/1984", "Nam", "Văn thư"]])
    assert [row["full_name"] for row in reading.rows] == ["Cà Thị Ân"]
    assert [(item.row, item.code, item.params["row"]) for item in reading.problems] == [
        (2, "id_twice", 4), (4, "id_twice", 2),
    ]  # fmt: skip


def test_a_number_that_stands_twice_in_two_sheets(tmp_path, units):
    import xlsxwriter

    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in ("Xã Búng Lao", "Xã Na Sang"):
        page = book.add_worksheet(name)
        page.write_row(0, 0, HEAD)
        page.write_row(1, 0, LO if name == "Xã Búng Lao" else ["Lò Văn Ổn", LO[1], *LO[2:]])
    page = book.add_worksheet("Danh mục")
    page.write_row(0, 0, ["một", "hai"])
    book.close()
    found = read({"path": str(path), "units": units, "today": "2026-07-01"})
    assert [(item["sheet"], item["params"]["sheet"]) for item in found["problems"]] == [
        ("Xã Búng Lao", "Xã Na Sang"), ("Xã Na Sang", "Xã Búng Lao"),
    ]  # fmt: skip
    assert [row["unit"] for row in found["refused"]] == ["03301", "03172"]
    assert [item["code"] for item in found["notes"]] == ["unit_from_title", "unit_from_title", "no_header"]


def test_values_of_one_row_are_held_against_each_other():
    head = [*HEAD, "Ngày tuyển dụng", "Mã ngạch", "Bậc", "Hệ số"]
    reading = reading_of(
        [
            head,
            [*LO, "01/01/2000", "01.003", 3, 3.33],  # recruited at 15; step 3 of 01.003 is 3,00
            ["Cà Thị Ân", "011086000002", "05/06/1987", "Nữ", "Kế toán", "01/01/2030", "01.003", None, 3.33],
            ["Vừ A Páo", "011212000003", "05/06/2012", "Nam", "Văn thư", None, "01.005", 13, None],
        ]
    )
    assert [(item.row, item.column, item.code) for item in reading.problems] == [
        (2, "F", "recruited_young"), (2, "I", "coefficient_step"),
        (3, "F", "date_future"), (3, "B", "id_sex"), (3, "B", "id_year"),
        (4, "C", "born_late"), (4, "H", "step_off"),
    ]  # fmt: skip
    assert reading.problems[0].params == {"age": 15}
    assert reading.problems[1].params == {"rank": "01.003", "step": 3, "expected": "3,00"}
    # A young age is a note: the minimum of the day and category is the register's to apply.
    assert [row["row"] for row in reading.rows] == [2, 4]
    assert [row["step"] for row in reading.refused] == [4]


def test_a_step_from_before_the_pay_tables_is_not_compared():
    head = [*HEAD, "Mã ngạch", "Bậc", "Hệ số", "Ngày hưởng"]
    reading = reading_of(
        [
            head,
            [*LO, "01.003", 3, 3.33, "31/07/2021"],
            [*CA, "01.003", 3, 3.33, "01/08/2021"],
            ["Vừ A Páo", "011086000003", "05/06/1986", "Nam", "Văn thư", "01.003", None, 3.33, "01/03/2015"],
        ]
    )
    assert [(item.row, item.code) for item in reading.problems] == [(3, "coefficient_step")]
    assert [row["step"] for row in reading.rows] == [3, 3, 4]


def test_birth_dates_under_nam_and_nu_without_merges(units):
    reading = reading_of(
        [
            ["TT", "Họ và tên", "Ngày sinh", None, "Số CCCD", "Chức vụ"],
            [None, None, "Nam", "Nữ"],
            [1, "Lò Văn Ổn", "02/03/1984", None, "011084000001", "Văn thư"],
            [2, "Cà Thị Ân", None, 31568, "011186000002", "Kế toán"],
            [3, "Vừ A Páo", "01/01/1980", "01/01/1980", "011080000003", "Kế toán"],
            [4, "Vừ A Dơ", None, None, "011080000004", "Kế toán"],
            [5, "Vừ A Tủa", 1980, None, "011080000005", "Kế toán"],
        ]
    )
    assert [(row["sex"], row["born_on"]) for row in reading.rows] == [
        ("male", "1984-03-02"), ("female", "1986-06-05"),
    ]  # fmt: skip
    assert [(item.row, item.column, item.code) for item in reading.problems] == [
        (4, "D", "date_serial"), (5, "D", "sex_both"), (6, "C", "birth_missing"), (6, "E", "sex_from_id"),
        (7, "C", "date_year_only"),
    ]  # fmt: skip


def test_three_rows_of_header_with_merges():
    reading = reading_of(
        [
            ["Họ và tên", "Số CCCD", "Ngày sinh", "Trình độ", None, None, None],
            [None, None, None, "Chuyên môn", None, "LLCT", None],
            [None, None, None, "Đại học", "Cao đẳng", "Cao cấp", "Trung cấp"],
            [*LO[:3], "x", None, None, "x"],
            [*CA[:3], None, "x", "có lẽ", None],
        ],
        merged=[(0, 3, 0, 6), (1, 3, 1, 4), (1, 5, 1, 6), (0, 0, 2, 0)],
    )
    assert [(row["education"], row["political_theory"]) for row in reading.rows] == [
        ("university", "intermediate")
    ]
    assert [(item.row, item.column, item.code) for item in reading.problems if item.severity == "error"] == [
        (5, "F", "mark_unknown"),
    ]  # fmt: skip


def test_the_shape_is_remembered_and_a_choice_wins(tmp_path, units):
    head = ["Họ và tên", "Số CCCD", "Ngày sinh", "Giới tính", "Cột lạ", "Chức vụ"]
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook(head, [[*LO[:4], "Phòng Kinh tế", "Văn thư"]]).getvalue())
    payload = {"path": str(path), "units": units, "today": "2026-07-01"}
    first = read(payload)
    assert first["rows"][0]["division"] is None
    assert [item["params"]["value"] for item in first["notes"] if item["code"] == "columns_unread"] == [
        "Cột lạ"
    ]
    shape = first["sheets"][0]["shape"]
    again = read({**payload, "mapping": {shape: {"E": "division", "F": None}}})
    assert again["sheets"][0]["shape"] == shape
    assert (again["rows"][0]["division"], again["rows"][0]["post"]) == ("Phòng Kinh tế", None)


def test_the_shape_does_not_depend_on_the_people():
    one, other = (suggest_mapping(Sheet("S", [HEAD, row])) for row in (LO, CA))
    third = suggest_mapping(Sheet("S", [[*HEAD, "Ghi chú"], LO]))
    assert one.shape == other.shape != third.shape


def test_a_missing_column_is_named_once_not_on_every_row():
    reading = reading_of(
        [["Họ và tên", "Số CCCD", "Chức vụ"], *[["Lò Văn Ổn", "011084000001", "Văn thư"]] * 50]
    )
    assert [(item.code, item.params) for item in reading.problems] == [
        ("column_missing", {"value": "Ngày sinh"}),
    ]  # fmt: skip
    assert reading.rows == []


def test_two_columns_for_one_thing():
    reading = reading_of([[*HEAD, "Ngày sinh"], [*LO, "01/01/1970"]])
    assert reading.rows[0]["born_on"] == "1984-03-02"
    assert ("duplicate_column", {"value": "C"}) in [(item.code, item.params) for item in reading.notes]


def test_a_row_with_a_name_only_is_a_person_with_gaps():
    reading = reading_of([["STT", *HEAD], [1, "Lò Văn Ổn"], [2, "Cà Thị Ân", None, None, "Nữ", "Kế toán"]])
    assert [(item.row, item.column, item.code) for item in reading.problems] == [
        (2, "C", "id_missing"), (2, "D", "birth_missing"), (3, "C", "id_missing"), (3, "D", "birth_missing"),
    ]  # fmt: skip


def test_a_table_without_names_is_refused(tmp_path, units):
    path = tmp_path / "a.csv"
    path.write_text("một;hai\n1;2\n", "utf-8")
    with pytest.raises(Refused) as caught:
        read({"path": str(path), "units": units, "today": "2026-07-01"})
    assert caught.value.code == "no_header"
    with pytest.raises(Refused) as caught:
        read_roster(path, "a.csv", units=units, today=TODAY)
    assert caught.value.code == "no_header"


def test_hostile_cells_are_refused_one_by_one(tmp_path, units):
    path = tmp_path / "a.xlsx"
    rows = [
        ["Lò Thị Ổn 🌾", "011184000001", "02/03/1984", "Nữ", "x" * 30_000],
        ["=HYPERLINK()", 2**63, "31/12/9999", "Nữ", "Văn thư"],
        ["Lò Văn Ổn" * 50, "0" * 12, "²/03/1984", "?" * 200, None],
        LO,
    ]
    path.write_bytes(write_workbook(HEAD, rows).getvalue())
    found = read_roster(path, "a.xlsx", units=units, today=TODAY)
    assert found["counts"] == {"read": 4, "good": 1, "refused": 3}
    errors = [
        (item["row"], item["column"], item["code"])
        for item in found["problems"]
        if item["severity"] == "error"
    ]
    assert set(errors) >= {
        (2, "A", "name_characters"), (2, "E", "text_long"), (3, "A", "name_characters"),
        (3, "C", "date_range"),
        (4, "A", "text_long"), (4, "C", "date_format"), (4, "D", "sex_unknown"),
    }  # fmt: skip
    assert all(len(str(item["raw"])) <= 120 for item in found["problems"])


@pytest.mark.slow
def test_fifty_thousand_doubles_do_not_take_long(tmp_path, units):
    rows = [HEAD, *[LO] * 5_000]
    reading = reading_of(rows)
    assert len(reading.refused) == 5_000
    assert len(codes(reading)) == 5_000


def test_every_message_has_its_parameters_filled():
    for code, (severity, message) in MESSAGES.items():
        assert severity in ("error", "note"), code
        assert not message.endswith("."), code


def test_what_follows_from_another_cell_is_told_apart_from_what_the_office_wrote():
    """A blank cell must not change the register, so it must not look like a filled one."""
    head = [*HEAD, "Đối tượng"]
    stated = [*LO, "Viên chức"]
    blank = ["Cà Thị Ân", "011186000002", "05/06/1986", "", "Kế toán", ""]

    first, second = reading_of([head, stated, blank]).rows

    assert (first["category"], first["sex"], "inferred" in first) == ("public_employee", "male", False)
    assert (second["category"], second["sex"]) == ("civil_servant", "female")
    assert sorted(second["inferred"]) == ["category", "sex"]
