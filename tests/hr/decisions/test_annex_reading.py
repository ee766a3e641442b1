"""The lines of an annex as written: columns by header or content, cells of Excel, lines left out."""

import pytest

from hr.decisions.annex.reader import read_text


def lines(*rows):
    return read_text("\n".join(rows)).lines


def further(line):
    return {item.field or item.header: item.text for item in line.further}


def test_columns_beside_who_is_meant_are_kept_as_text():
    (line,) = lines(
        "TT\tHọ và tên\tNgày sinh\tChức vụ hiện tại\tChức vụ bổ nhiệm\tBậc lương mới\tHệ số mới\tThành tích",
        "1\tLò Văn An\t12/05/1984\tPhó Trưởng phòng\tTrưởng phòng\t5/9\t3,66\tXuất sắc",
    )

    assert further(line) == {
        "post": "Phó Trưởng phòng",
        "new_post": "Trưởng phòng",
        "new_step": "5/9",
        "new_coefficient": "3,66",
        "Thành tích": "Xuất sắc",
    }


def test_the_unit_to_come_is_not_where_the_person_is_looked_for():
    (line,) = lines("TT;Họ và tên;Đơn vị mới", "1;Lò Văn An;Xã Na Sang")

    assert line.unit == ""
    assert line.value("new_unit") == "Xã Na Sang"


def test_a_header_of_two_rows_is_read_downwards():
    (line,) = lines(
        "TT;Họ và tên;Ngày sinh;Ngạch, bậc lương mới;", ";;;Bậc;Hệ số", "1;Lò Văn An;12/05/1984;5;3,66"
    )

    assert further(line) == {"new_step": "5", "new_coefficient": "3,66"}


def test_a_name_cut_in_two_columns_is_one():
    (line,) = lines("TT;Họ và tên;Họ và tên;Ngày sinh", "1;Lò Văn;An;12/05/1984")

    assert line.name == "Lò Văn An"


def test_a_cell_of_several_lines_stays_one_cell():
    first, second = lines(
        "TT\tHọ và tên\tNgày sinh\tChức vụ",
        '1\tLò Văn An\t12/05/1984\t"Chủ tịch',
        'UBND xã"',
        "2\tĐặng Thị Huệ\t30/01/1990\tCông chức",
    )

    assert first.value("post") == "Chủ tịch UBND xã"
    assert second.name == "Đặng Thị Huệ"


def test_a_lone_quotation_mark_swallows_no_line():
    found = lines(
        "TT\tHọ và tên\tNgày sinh\tChức vụ",
        '1\tLò Văn An\t12/05/1984\t"Chủ tịch',
        "2\tĐặng Thị Huệ\t30/01/1990\tCông chức",
    )

    assert [line.name for line in found] == ["Lò Văn An", "Đặng Thị Huệ"]


def test_a_digit_mistaken_for_a_letter_is_a_problem_of_the_number():
    first, second = lines("1;Lò Văn An;011084000001", "2;Đặng Thị Huệ;O1119OOOOOO2")

    assert first.id_number == "011084000001"
    assert (second.id_number, [item.code for item in second.problems]) == (None, ["id_characters"])


def test_a_column_of_steps_is_no_running_number():
    (line, _other) = lines("Lò Văn An;12/05/1984;5", "Đặng Thị Huệ;30/01/1990;4")

    assert further(line) == {"": "5"}


@pytest.mark.parametrize("signer", ["GIÁM ĐỐC;;", "KT. GIÁM ĐỐC;;", "Điện Biên, ngày 01 tháng 7 năm 2026"])
def test_who_signs_is_not_of_the_last_unit(signer):
    found = read_text(f"TT;Họ và tên;Ngày sinh\nI;Xã Búng Lao;\n1;Lò Văn An;\n;{signer}\n;Cà Văn Ký;")

    assert [line.name for line in found.lines] == ["Lò Văn An"]
    assert [item.reason for item in found.left_out] == ["header", "section", "signature", "text"]


def test_who_holds_a_post_is_no_signer():
    found = read_text("Họ và tên;Chức vụ\nLò Văn An;Chủ tịch UBND xã\nĐặng Thị Huệ;Phó Giám đốc")

    assert [line.name for line in found.lines] == ["Lò Văn An", "Đặng Thị Huệ"]


@pytest.mark.parametrize("head", ["TT;Họ và tên;Ngày sinh\n", ""])
def test_the_title_of_a_list_is_no_line_left_out(head):
    found = read_text(f"DANH SÁCH;;\n(Kèm theo Quyết định số 1447/QĐ-UBND);;\n{head}1;Lò Văn An;12/05/1984")

    assert [line.name for line in found.lines] == ["Lò Văn An"]
    assert {item.reason for item in found.left_out} <= {"title", "header"}
