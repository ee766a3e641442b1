"""Spreadsheets in and out: what is read, what is refused and why, what is written."""

import io
import random
import struct
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from core import child
from core.tabular import (
    Column,
    Unreadable,
    column_letter,
    escape_formula,
    read_workbook,
    write_csv,
    write_workbook,
)
from core.tabular_scan import MESSAGES

ROSTERS = Path(__file__).parents[1] / "data" / "rosters"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def bare_xlsx(path, sheet_xml, part="worksheets/sheet1.xml", extra=()):
    """A workbook made by hand: the sheet's XML is the attack."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATION}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{NAMESPACE}" xmlns:r="{RELATION}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATION}/worksheet" '
            f'Target="{part}"/></Relationships>',
        )
        archive.writestr(f"xl/{part}", sheet_xml)
        for name, data in extra:
            archive.writestr(name, data)
    return path


def sheet_with(cells):
    return f'<worksheet xmlns="{NAMESPACE}"><sheetData>{cells}</sheetData></worksheet>'


def refusal(path, filename="danh sach.xlsx"):
    with pytest.raises(Unreadable) as caught:
        read_workbook(path, filename)
    return caught.value


def outcome(path):
    """ "read", or the code of the refusal."""
    try:
        read_workbook(path)
    except Unreadable as error:
        return error.code
    return "read"


# --- what is read -------------------------------------------------------------------------------


def test_cells_keep_their_kind_and_rows_their_number(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet("Biểu 1")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    page.write_string(2, 1, unicodedata.normalize("NFD", "Đặng Thị Ổn"))
    page.write_number(2, 2, 11184000000)
    page.write_number(2, 3, 3.33)
    page.write_datetime(2, 4, date(1984, 3, 2), day)
    page.write_boolean(2, 5, True)
    page.write_string(2, 6, "   ")
    page.merge_range(0, 0, 0, 3, "UBND XÃ")
    book.add_worksheet("Ẩn").hide()
    book.close()
    first, second = read_workbook(path)
    assert first.name == "Biểu 1"
    assert first.rows[2] == [None, "Đặng Thị Ổn", 11184000000, 3.33, "1984-03-02", True]
    assert first.merged == ((0, 0, 0, 3),)
    assert (first.hidden, second.hidden) == (False, True)


def test_the_province_file_is_read_whole():
    (sheet,) = read_workbook(ROSTERS / "roster_province.xlsx")
    assert len(sheet.rows) == 2652
    assert sheet.rows[4][0] == "(Thời điểm 30/6/2026)"
    assert sheet.rows[9][1:3] == ["Lò Kim Sao", "011184000000"]
    assert (6, 11, 6, 13) in sheet.merged


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [
        (";", "utf-8-sig"),
        (",", "utf-8"),
        ("\t", "utf-16"),
        (";", "utf-16-le"),
        (";", "utf-16-be"),
        ("|", "utf-8"),
    ],
)
def test_csv_of_every_office_kind(tmp_path, separator, encoding):
    path = tmp_path / "a.csv"
    head = ["Họ và tên", "Hệ số lương", "Ngày sinh"]
    row = ["Đặng Thị Ổn", f'"3{separator}33"', "31/02/1984"]
    path.write_bytes("\r\n".join(map(separator.join, [head, row, row])).encode(encoding))
    (sheet,) = read_workbook(path, "danh sach.csv")
    assert sheet.name == "danh sach"
    assert sheet.rows == [head, *[["Đặng Thị Ổn", f"3{separator}33", "31/02/1984"]] * 2]


def test_windows_1258_tones_join_their_letters(tmp_path):
    path = tmp_path / "a.csv"
    # Windows-1258 writes ổ as ô followed by the hook: ô = F4, hook = D2; Đ = D0, ặ = ă (E3) + dot (F2).
    path.write_bytes(b"H\xf2\xd2 t\xean;x\r\n\xd0\xe3\xf2ng \xd4\xd2n;1\r\n")
    (sheet,) = read_workbook(path)
    assert sheet.rows[1] == ["Đặng Ổn", "1"]
    assert unicodedata.is_normalized("NFC", sheet.rows[1][0])


def test_a_stated_separator_is_believed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\r\nmột, hai;ba\r\nbốn, năm;sáu\r\n", "utf-8")
    assert read_workbook(path)[0].rows == [["một, hai", "ba"], ["bốn, năm", "sáu"]]


def test_the_name_of_the_file_decides_nothing():
    (sheet,) = read_workbook(ROSTERS / "roster_na_sang.csv", "danh sach.xlsx")
    assert sheet.rows[0][0] == "Họ và tên"
    assert len(sheet.rows) == 43


def test_an_empty_row_at_the_end_of_the_sheet_does_no_harm(tmp_path):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" ht="12.8"/>'
    assert read_workbook(bare_xlsx(tmp_path / "a.xlsx", sheet_with(cells)))[0].rows == [[1]]


def test_ods_is_read(tmp_path):
    path = tmp_path / "a.ods"
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>Họ tên</text:p></table:table-cell>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest xmlns="{office}:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}:office:1.0" xmlns:table="{office}:table:1.0" '
            f'xmlns:text="{office}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">'
            f'<table:table-row>{cell}</table:table-row><table:table-row table:number-rows-repeated="1048575">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert read_workbook(path)[0].rows == [["Họ tên"]]


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "1048576"),
        ("<row><c s='1' r='XFD1048576'><v>1</v></c></row>", "XFD1048576"),
        ('<row><x:c\n r = "xfd1"><v>1</v></x:c></row>', "XFD1"),
        ('<row r="50001"><c><v>1</v></c></row>', "50001"),
    ],
)
@pytest.mark.parametrize("part", ["worksheets/sheet1.xml", "odd/place.bin"])
def test_a_cell_far_out_is_refused_wherever_the_sheet_lies(tmp_path, cell, address, part):
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with(cell), part)
    assert path.stat().st_size < 6000
    error = refusal(path)
    assert (error.code, error.params) == ("cell_beyond", {"cell": address})


def test_an_address_split_between_two_pieces_is_seen(tmp_path):
    before = "<!--" + "x" * ((1 << 18) - 200) + "-->"
    for shift in range(0, 120, 7):
        xml = sheet_with(before + " " * shift + '<row><c r="XFD1048576"><v>1</v></c></row>')
        assert refusal(bare_xlsx(tmp_path / "a.xlsx", xml)).code == "cell_beyond"


def test_a_wide_and_long_sheet_is_refused_before_memory_is(tmp_path):
    cells = '<row r="1"><c r="KN1"><v>1</v></c></row><row r="50000"><c r="A50000"><v>1</v></c></row>'
    assert refusal(bare_xlsx(tmp_path / "a.xlsx", sheet_with(cells))).code == "too_many_cells"


@pytest.mark.slow
def test_a_zip_bomb_is_refused_by_its_stated_size(tmp_path):
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with("x" * (201 << 20)))
    assert path.stat().st_size < 1 << 20
    assert refusal(path).code == "too_big"


def test_a_zip_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with(" " * (8 << 20)))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    stated = struct.pack("<I", real)
    assert data.count(stated) == 2
    path.write_bytes(bytes(data).replace(stated, struct.pack("<I", 100)))
    assert refusal(path).code == "damaged"


def test_too_many_parts_are_refused(tmp_path):
    parts = [(f"xl/media/{n}.png", b"") for n in range(500)]
    assert refusal(bare_xlsx(tmp_path / "a.xlsx", sheet_with(""), extra=parts)).code == "too_big"


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + sheet_with(""),
        ('<?xml version="1.0" encoding="UTF-16"?>' + sheet_with("")).encode("utf-16"),
        ('<?xml version="1.0" encoding="UTF-16"?>' + sheet_with("")).encode("utf-16-be"),
    ],
)
def test_markup_that_could_hide_cells_is_refused(tmp_path, xml):
    assert refusal(bare_xlsx(tmp_path / "a.xlsx", xml)).code == "file"


def test_a_password_is_named(tmp_path):
    path = tmp_path / "a.xlsx"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    path.write_bytes(header + "EncryptedPackage".encode("utf-16-le") + bytes(480))
    assert refusal(path).code == "password"


def test_a_locked_zip_is_named(tmp_path):
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with(""))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(signature)
        while start >= 0:
            data[start + offset] |= 1
            start = data.find(signature, start + 4)
    path.write_bytes(data)
    assert refusal(path).code == "password"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><table><tr><td>x</td></tr></table></html>", "web_page"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "web_page"),
        (b'<?xml version="1.0"?><Workbook/>', "web_page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, "kind"),
        (b"%PDF-1.7\n\x01\x02\x03", "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0d\0" * 100, "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0k\0b\0o\0o\0k\0" * 100, "damaged"),
        (b"", "empty"),
        (b"\r\n;;;\r\n", "empty"),
        (b"PK\x05\x06" + bytes(18), "kind"),
        (b"PK\x03\x04 but no more", "damaged"),
        (b"a;\x8a\x8d\r\n", "encoding"),
        (b"\xff\xfe\x00\xd8", "encoding"),
        (b"a;" + b"x" * (1 << 20), "text_too_long"),
        (b"a;" + b"x" * 32_768, "text_too_long"),
        (b"1\r\n" * 50_001, "too_many_rows"),
        (b";" * 300, "cell_beyond"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_other_files_are_refused_with_a_word_on_what_to_do(tmp_path, data, code):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)
    error = refusal(path)
    assert error.code == code
    assert "%(" not in str(error)


def test_every_cut_of_a_workbook_is_refused_not_raised(tmp_path):
    whole = (ROSTERS / "roster_bung_lao.xlsx").read_bytes()
    path = tmp_path / "a.xlsx"
    for length in range(8, len(whole), 331):
        path.write_bytes(whole[:length])
        assert refusal(path).code == "damaged"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_workbook_with_spoilt_bytes_is_read_or_refused(tmp_path_factory, seed, spoilt):
    chance = random.Random(seed)
    data = bytearray((ROSTERS / "roster_bung_lao.xlsx").read_bytes())
    for _ in range(spoilt):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path_factory.mktemp("spoilt") / "a.xlsx"
    path.write_bytes(data)
    assert outcome(path) in ("read", "damaged", "kind", "password", "file", "cell_beyond", "too_big", "empty")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "a"
    path.write_bytes(data)
    assert outcome(path) in ("read", *MESSAGES)


def test_what_slips_through_the_scan_ends_the_child_only(tmp_path, monkeypatch):
    """A bare ">" inside an attribute is legal XML and blinds the scan; the child's limits hold."""
    monkeypatch.setattr(child, "_slots_folder", lambda: tmp_path)
    first = '<row r="1"><c r="A1"><v>1</v></c></row>'
    cells = first + '<row s=">" r="1048576"><c s=">" r="XFD1048576"><v>1</v></c></row>'
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with(cells))
    with pytest.raises((child.Refused, child.ChildFailed)):
        child.run("core.tabular:read", {"path": str(path)})


def test_the_child_answers_with_sheets_and_refusals(tmp_path, monkeypatch):
    monkeypatch.setattr(child, "_slots_folder", lambda: tmp_path)
    (sheet,) = child.run("core.tabular:read", {"path": str(ROSTERS / "roster_bung_lao.xlsx")})
    assert sheet["name"] == "Biểu 1"
    assert sheet["rows"][4][5] == 11182001302
    path = bare_xlsx(tmp_path / "a.xlsx", sheet_with('<row><c r="XFD1048576"><v>1</v></c></row>'))
    with pytest.raises(child.Refused) as caught:
        child.run("core.tabular:read", {"path": str(path)})
    assert (caught.value.code, caught.value.params) == ("cell_beyond", {"cell": "XFD1048576"})


# --- what is written ----------------------------------------------------------------------------


def test_a_written_workbook_reads_back_as_it_was(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [
        ["Đặng Thị Ổn", "011184000000", date(1984, 3, 2), 3, Decimal("3.33"), None],
        ["=1+1", "http://x.vn", datetime(2026, 6, 30, 2, 5, tzinfo=UTC), 2.5, True, "a\x00\ud800b"],
    ]
    heads = [
        "Họ và tên",
        "Số định danh",
        Column("Ngày sinh", 12),
        "Bậc",
        Column("Hệ số", 8, "0.00"),
        "Ghi chú",
    ]
    path.write_bytes(write_workbook(heads, rows, title="Danh sách", sheet="Danh sách: [1]").getvalue())
    (sheet,) = read_workbook(path)
    assert sheet.name == "Danh sách   1"
    assert sheet.rows[0] == ["Danh sách"]
    assert sheet.rows[2] == ["Họ và tên", "Số định danh", "Ngày sinh", "Bậc", "Hệ số", "Ghi chú"]
    assert sheet.rows[3] == ["Đặng Thị Ổn", "011184000000", "1984-03-02", 3, 3.33]
    assert sheet.rows[4] == ["=1+1", "http://x.vn", "2026-06-30T09:05:00", 2.5, True, "ab"]
    with zipfile.ZipFile(path) as archive:
        page = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page
    assert '<pane ySplit="3"' in page


def test_a_date_no_spreadsheet_can_hold_is_written_as_text(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(write_workbook(["a", "b"], [[date(1899, 12, 31), float("inf")]]).getvalue())
    assert read_workbook(path)[0].rows[1] == ["1899-12-31", "inf"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84 215", "'+84 215"),
        ("-x", "'-x"),
        ("@sum", "'@sum"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-3,33", "-3,33"),
        ("-5", "-5"),
        ("+5", "'+5"),
        ("Lò Văn Ổn", "Lò Văn Ổn"),
    ],
)
def test_text_that_would_be_calculated_gets_an_apostrophe(text, written):
    assert escape_formula(text) == written


def test_csv_is_written_as_vietnamese_excel_reads_it():
    rows = [["Đặng; Ổn", date(1984, 3, 2), Decimal("3.33"), None, -5, "=cmd|' /C calc'!A0"]]
    data = write_csv(["Họ tên", Column("Ngày sinh"), "Hệ số", "@", "n", "x"], rows)
    assert data.decode("utf-8-sig") == (
        "Họ tên;Ngày sinh;Hệ số;'@;n;x\r\n\"Đặng; Ổn\";02/03/1984;3,33;;-5;'=cmd|' /C calc'!A0\r\n"
    )
    assert data.startswith(b"\xef\xbb\xbf")


@pytest.mark.slow
def test_twenty_thousand_rows_are_written_in_little_memory():
    import tracemalloc

    tracemalloc.start()
    stream = write_workbook(["a", "b"], ([f"Lò Văn {n}", n] for n in range(20_000)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(stream, io.BytesIO)
    assert peak < 8 << 20


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")])
def test_column_letters(index, letter):
    assert column_letter(index) == letter
