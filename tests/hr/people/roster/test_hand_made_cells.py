"""Cells written by hand as offices write them: each is read right, or refused with its reason."""

import csv
import tomllib
from datetime import date

import pytest

from core.tabular import Sheet
from hr.people.roster import cells, listed, words
from hr.people.roster.layout import suggest_mapping
from hr.people.roster.reader import apply
from hr.people.roster.unitnames import UnitTable
from tests.hr.people.roster.conftest import ROOT

with (ROOT / "tests/data/roster_cells.toml").open("rb") as file:
    CELLS = tomllib.load(file)


def cases(kind):
    return [pytest.param(*line, id=f"{line[0]!r}") for line in CELLS[kind]]


def told(found):
    """The value and the code, "" for none."""
    return ("" if found.value is None else found.value, found.code or "")


@pytest.fixture(scope="module")
def units():
    with (ROOT / "core/data/dien_bien_units.csv").open(encoding="utf-8", newline="") as file:
        return UnitTable.of({**row, "name": row["name_vi"]} for row in csv.DictReader(file))


@pytest.mark.parametrize(("raw", "value", "code"), cases("date"))
def test_a_day(raw, value, code):
    assert told(cells.read_date(raw)) == (value, code)


@pytest.mark.parametrize(("raw", "value", "code"), cases("id_number"))
def test_a_personal_identification_number(raw, value, code):
    assert told(cells.read_id_number(raw)) == (value, code)


@pytest.mark.parametrize(("raw", "value", "code"), cases("name"))
def test_a_name(raw, value, code):
    assert told(cells.read_name(raw)) == (value, code)


@pytest.mark.parametrize(("raw", "value", "code"), cases("unit"))
def test_a_unit(units, raw, value, code):
    assert told(units.resolve(raw)) == (value, code)


@pytest.mark.parametrize("kind", ["education", "political_theory"])
def test_a_level(kind):
    read = {raw: words.exact_level(kind, words.plain(raw)) for raw, _value, _code in CELLS[kind]}

    assert read == {raw: value for raw, value, _code in CELLS[kind]}


@pytest.mark.parametrize("kind", ["education", "political_theory", "state_management"])
def test_a_level_as_the_whole_reader_takes_it(kind):
    lines = CELLS[f"level_{kind}"]

    read = [[raw, *told(listed.read_level(kind, raw))] for raw, _value, _code in lines]

    assert read == lines


@pytest.mark.parametrize("kind", ["rank", "step", "coefficient", "sex", "ethnicity", "category"])
def test_a_word_or_figure_of_a_list(kind):
    read = [[raw, *told(getattr(listed, f"read_{kind}")(raw))] for raw, _value, _code in CELLS[kind]]

    assert read == CELLS[kind]


@pytest.mark.parametrize(("raw", "value", "code"), cases("year"))
def test_a_year(raw, value, code):
    assert told(cells.read_year(raw, 2026)) == (value, code)


#: Column → its header and a cell of a person that is right.
PERSON = {
    "full_name": ("Họ và tên", "Lò Văn Ổn"),
    "id_number": ("Số CCCD", "011084000001"),
    "born_on": ("Ngày sinh", "02/03/1984"),
    "sex": ("Giới tính", "Nam"),
    "post": ("Chức vụ", "Kế toán"),
    "unit": ("Đơn vị", "Xã Nà Hỳ"),
    "division": ("Phòng", ""),
    "ethnicity": ("Dân tộc", "Thái"),
    "education": ("Trình độ chuyên môn", ""),
    "political_theory": ("Lý luận chính trị", ""),
    "state_management": ("QLNN", ""),
    "category": ("Đối tượng", ""),
    "rank_code": ("Mã ngạch", ""),
    "native_place": ("Quê quán", ""),
    "issuer": ("Nơi đào tạo", ""),
    "major": ("Chuyên ngành", ""),
    "note": ("Ghi chú", ""),
}


def read_with(units, *persons):
    """Lines of a sheet, each right but for the cells given."""
    right = {name: cell for name, (_header, cell) in PERSON.items()}
    head = [header for header, _cell in PERSON.values()]
    sheet = Sheet("S", [head, *(list((right | given).values()) for given in persons)])
    mapping = suggest_mapping(sheet)
    return mapping, apply(sheet, mapping, units=units, today=date(2026, 7, 1))


@pytest.fixture(scope="module")
def communes():
    with (ROOT / "core/data/dien_bien_units.csv").open(encoding="utf-8", newline="") as file:
        return [{**row, "name": row["name_vi"]} for row in csv.DictReader(file)]


@pytest.mark.parametrize(("column", "raw", "value", "codes"), cases("legacy"))
def test_a_cell_of_an_old_font(communes, column, raw, value, codes):
    mapping, reading = read_with(communes, {column: raw})
    letter = mapping.fields[column].letter

    (line,) = reading.rows + reading.refused
    assert (line[column] or "") == value
    assert sorted(item.code for item in reading.problems if item.column == letter) == codes.split()
    assert len(reading.refused) == (value == "")


@pytest.mark.parametrize(("names", "values", "codes"), [pytest.param(*c) for c in CELLS["legacy_column"]])
def test_a_name_among_others_of_its_column(communes, names, values, codes):
    numbered = [{"full_name": name, "id_number": f"0110840000{n:02d}"} for n, name in enumerate(names, 1)]
    mapping, reading = read_with(communes, *numbered)
    letter = mapping.fields["full_name"].letter

    lines = sorted(reading.rows + reading.refused, key=lambda row: row["row"])
    found = {item.row: item.code for item in reading.problems if item.column == letter}
    assert [line["full_name"] or "" for line in lines] == values
    assert [found.get(line["row"], "") for line in lines] == codes
