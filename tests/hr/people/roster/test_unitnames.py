"""Which unit of today a name or code means; the traps of July 2025."""

import pytest

from hr.people.roster.unitnames import UnitTable, looks_like_division, looks_like_unit


@pytest.fixture(scope="module")
def table(units):
    return UnitTable.of(units)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Phường Điện Biên Phủ (mã 03127)", "03127"), ("Xã Na Sang", "03172"), ("Na Sang", "03172"),
        ("UBND xã Búng Lao", "03301"), ("Ủy ban nhân dân xã Búng Lao", "03301"),
        ("UBND XÃ BÚNG LAO", "03301"),
        ("X. Búng Lao", "03301"), ("P. Mường Lay", "03151"), ("I. Xã Búng Lao", "03301"),
        ("Phòng Kinh tế, UBND xã Búng Lao", "03301"), ("03172", "03172"), (3172, "03172"), (3172.0, "03172"),
        ("Sở Nội vụ", "Sở Nội vụ"), ("VP UBND tỉnh", "Văn phòng UBND tỉnh"),
        ("Thanh tra tỉnh Điện Biên", "Thanh tra tỉnh"),
    ],
)  # fmt: skip
def test_todays_names_and_codes(table, text, code):
    found = table.resolve(text)
    assert (found.value, found.code) == (code, None)


@pytest.mark.parametrize(
    ("text", "code", "today"),
    [
        ("Phường Him Lam", "03127", "Phường Điện Biên Phủ"),
        ("Thị trấn Mường Chà", "03172", "Xã Na Sang"),
        ("03130", "03127", "Phường Điện Biên Phủ"),
        (3130, "03127", "Phường Điện Biên Phủ"),
    ],
)
def test_former_names_lead_to_the_unit_of_today(table, text, code, today):
    found = table.resolve(text)
    assert (found.value, found.code, found.params["unit"]) == (code, "unit_former", today)


@pytest.mark.parametrize(
    ("text", "code", "other"),
    [
        ("Xã Sam Mứn", "03356", "Xã Thanh An"),
        ("Phường Mường Thanh", "03334", "Phường Điện Biên Phủ"),
    ],
)
def test_a_name_that_moved_is_taken_as_todays_and_said(table, text, code, other):
    found = table.resolve(text)
    assert (found.value, found.code, found.params["other"]) == (code, "unit_trap", other)


@pytest.mark.parametrize("text", ["Xã Không Có", "Phường Na Sang", "99999", "x" * 5_000, "🌾"])
def test_what_is_no_unit_is_refused(table, text):
    found = table.resolve(text)
    assert (found.value, found.code) == (None, "unit_unknown")


def test_code_and_name_that_disagree_are_refused(table):
    found = table.resolve("Xã Na Sang (mã 03127)")
    assert (found.value, found.code) == (None, "unit_disagrees")
    assert found.params == {"code": "03127", "unit": "Phường Điện Biên Phủ", "value": "Xã Na Sang"}


def test_a_former_name_in_two_districts_needs_a_code():
    table = UnitTable.of(
        [
            {"code": "1", "name": "Xã A", "predecessors": [{"name": "Xã Cũ", "code": "11"}]},
            {"code": "2", "name": "Xã B", "predecessors": [{"name": "Xã Cũ", "code": "12"}]},
        ]
    )
    found = table.resolve("Xã Cũ")
    assert found.code == "unit_ambiguous"
    assert found.params["units"] == "Xã A (1), Xã B (2)"


def test_every_unit_is_found_by_its_name_and_code(table, units):
    assert len(units) == 53
    for unit in units:
        assert table.resolve(unit["name"]).value == unit["code"]
        assert table.by_code(unit["code"]).value == unit["code"]


def test_a_unit_within_a_title(table):
    assert table.mentioned("DANH SÁCH CÁN BỘ, CÔNG CHỨC XÃ BÚNG LAO") == "03301"
    assert table.mentioned("DANH SÁCH CÁN BỘ, CÔNG CHỨC TỈNH ĐIỆN BIÊN") is None


def test_kinds_of_headings():
    assert looks_like_unit("UBND xã Mới")
    assert not looks_like_unit("Lò Văn Ổn")
    assert looks_like_division("II. Phòng Kinh tế")
    assert not looks_like_division("Phòng")
