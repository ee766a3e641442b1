"""Whole files, file → child → cells: letters of old fonts and zeros are neither lost nor made up."""

import csv
from datetime import date

import pytest

from core.tabular import write_workbook
from hr.people.roster.intake import read_roster
from tests.hr.people.roster.test_legacy_fonts import to_tcvn3, to_vni

HEAD = ["Họ và tên", "Số CCCD", "Ngày sinh", "Giới tính", "Chức vụ"]
#: Every letter with a mark of Vietnamese, in a word that is a syllable.
NAMES = (
    "Lò Là Lả Lã Lá Lạ", "Lò Lăng Lằng Lẳng Lẵng Lắng Lặng", "Lò Lân Lần Lẩn Lẫn Lấn Lận",
    "Lò Lè Lẻ Lẽ Lé Lẹ", "Lò Lê Lề Lể Lễ Lế Lệ", "Lò Lì Lỉ Lĩ Lí Lị", "Lò Lò Lỏ Lõ Ló Lọ",
    "Lò Lô Lồ Lổ Lỗ Lố Lộ", "Lò Lơ Lờ Lở Lỡ Lớ Lợ", "Lò Lù Lủ Lũ Lú Lụ", "Lò Lư Lừ Lử Lữ Lứ Lự",
    "Lò Lỳ Lỷ Lỹ Lý Lỵ", "Lò Đa Ăng Ân Êm Ôn Ơn Ưng", "Lò Khánh Ước", "Nguyễn Thị Phương",
    "Dương Văn Trường", "Lò Thị Hoà Bưởi",
)  # fmt: skip


def rows_of(stored):
    return [
        [stored(name), f"0110840000{number:02d}", "02/03/1984", "Nam", stored("Văn thư - Lưu trữ")]
        for number, name in enumerate(NAMES)
    ]


def written(folder, kind, rows):
    path = folder / f"roster.{kind.partition(' ')[0]}"
    if kind == "xlsx":
        path.write_bytes(write_workbook(HEAD, []).getvalue())
        import xlsxwriter

        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("S")
            for number, row in enumerate([HEAD, *rows]):
                sheet.write_row(number, 0, row)
        return path
    _kind, encoding = kind.split(" ")
    head = HEAD if encoding == "utf-8-sig" else ["Ho va ten", "So CCCD", "Ngay sinh", "Gioi tinh", "Chuc vu"]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, *rows])
    return path


@pytest.mark.parametrize("kind", ["xlsx", "csv utf-8-sig", "csv cp1252"])
@pytest.mark.parametrize("stored", [to_tcvn3, to_vni])
def test_every_letter_of_the_font_comes_through_the_whole_reader(tmp_path, kind, stored):
    path = written(tmp_path, kind, rows_of(stored))

    found = read_roster(path, path.name, units=(), today=date(2026, 7, 1))

    assert [row["full_name"] for row in found["rows"]] == list(NAMES)
    assert {row["post"] for row in found["rows"]} == {"Văn thư - Lưu trữ"}
    assert found["refused"] == []


def test_a_soft_hyphen_of_a_text_in_unicode_is_dropped(tmp_path):
    row = ["Nguyễn\u00ad Văn Hùng", "011084000001", "02/03/1984", "Nam", "Chuyên\u00ad viên"]
    path = written(tmp_path, "xlsx", [row])

    found = read_roster(path, path.name, units=(), today=date(2026, 7, 1))

    assert [(row["full_name"], row["post"]) for row in found["rows"]] == [("Nguyễn Văn Hùng", "Chuyên viên")]
    assert [item["code"] for item in found["problems"]] == []


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("xlsx", "11084000001", None),
        ("csv utf-8-sig", "01184000001", None),
        ("csv utf-8-sig", "11084000001", "011084000001"),
    ],
)
def test_zeros_come_back_to_numbers_only(tmp_path, kind, text, number):
    """A .csv file does not tell numbers from texts: digits without a zero before them are a number."""
    row = ["Lò Văn Ổn", text, "02/03/1984", "Nam", "Kế toán"]
    path = written(tmp_path, kind, [row])

    found = read_roster(path, path.name, units=(), today=date(2026, 7, 1))

    assert [line["id_number"] for line in found["rows"] + found["refused"]] == [number]
