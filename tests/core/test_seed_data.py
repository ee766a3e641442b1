"""The units the register starts with, against Resolution 1661/NQ-UBTVQH15 and its name traps."""

import unicodedata
from collections import Counter
from datetime import date

from core.seed_data import DATA, _denied_digests, is_denied_name, provincial_units
from core.units import Block, UnitKind


def _unit(code, on):
    """The one unit with this code on the day, as the register would find it."""
    standing = [
        unit
        for unit in provincial_units()
        if unit.code == code
        and (unit.valid_from is None or unit.valid_from <= on)
        and (unit.valid_to is None or on <= unit.valid_to)
    ]
    assert len(standing) == 1, f"{code} on {on}: {standing}"
    return standing[0]


BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def test_the_tree_has_the_published_number_of_units_of_each_kind():
    assert Counter(unit.kind for unit in provincial_units()) == {
        UnitKind.PROVINCE: 1,
        UnitKind.DEPARTMENT: 8,
        UnitKind.SERVICE_UNIT: 3,
        UnitKind.COMMUNE: 42,
        UnitKind.WARD: 3,
        UnitKind.DIVISION: 265,
        UnitKind.FORMER_COMMUNE: 129,
        UnitKind.FORMER_DISTRICT: 10,
    }


def test_the_province_is_the_only_root_and_parents_come_first():
    seen = {None}
    for unit in provincial_units():
        assert unit.parent_code in seen, unit
        seen.add(unit.code)
    assert [unit.code for unit in provincial_units() if unit.parent_code is None] == ["11"]
    assert _unit("11", AFTER).name == "Tỉnh Điện Biên"


def test_a_code_with_a_day_is_one_unit():
    assert _unit("03127", BEFORE).name == "Phường Him Lam"
    assert _unit("03127", AFTER).name == "Phường Điện Biên Phủ"
    reused = [code for code, n in Counter(unit.code for unit in provincial_units()).items() if n > 1]
    for code in reused:
        _unit(code, BEFORE)
        _unit(code, AFTER)


def test_new_communes_begin_the_day_after_the_former_ones_end():
    for unit in provincial_units():
        if unit.kind in (UnitKind.COMMUNE, UnitKind.WARD):
            assert (unit.valid_from, unit.valid_to) == (date(2025, 7, 1), None)
        elif unit.kind in (UnitKind.FORMER_COMMUNE, UnitKind.FORMER_DISTRICT):
            assert (unit.valid_from, unit.valid_to) == (None, date(2025, 6, 30))


def test_every_former_commune_went_into_exactly_one_new_unit():
    former = [unit.code for unit in provincial_units() if unit.kind == UnitKind.FORMER_COMMUNE]
    successions = [code for unit in provincial_units() for code in unit.predecessors]
    assert len(former) == len(set(former)) == 129
    assert sorted(successions) == sorted(former)


def test_names_that_moved_are_not_confused():
    def former_names(code):
        return {_unit(old, BEFORE).name for old in _unit(code, AFTER).predecessors}

    assert "Xã Chà Cang" in former_names("03166")  # xã Mường Chà comes from Nậm Pồ district
    assert "Thị trấn Mường Chà" in former_names("03172")  # the old town is in xã Na Sang
    assert former_names("03334") == {"Phường Noong Bua", "Phường Nam Thanh", "Xã Thanh Xương"}
    assert "Phường Mường Thanh" in former_names("03127")
    assert former_names("03356") == {"Xã Pom Lót", "Xã Na Ư"}
    assert "Xã Sam Mứn" in former_names("03352")


def test_former_communes_stand_below_their_own_district():
    def district(code):
        return _unit(_unit(code, BEFORE).parent_code, BEFORE).name

    assert district("03319") == "Huyện Điện Biên"  # Mường Pồn, merged with one of Mường Chà
    assert district("03202") == "Huyện Mường Chà"
    assert district("03256") == "Huyện Mường Ảng"
    in_muong_ang = [u for u in provincial_units() if u.parent_code == "102"]
    assert len(in_muong_ang) == 10


def test_each_commune_ward_and_department_has_its_five_divisions():
    divisions = Counter(u.parent_code for u in provincial_units() if u.kind == UnitKind.DIVISION)
    assert len(divisions) == 53
    assert set(divisions.values()) == {5}

    names = [u.name for u in provincial_units() if u.parent_code == "03169" and u.kind == UnitKind.DIVISION]
    assert names == [
        "Lãnh đạo UBND",
        "Văn phòng HĐND và UBND",
        "Phòng Kinh tế",
        "Phòng Văn hóa - Xã hội",
        "Trung tâm Phục vụ hành chính công",
    ]
    assert _unit("03334.3", AFTER).name == "Phòng Kinh tế, Hạ tầng và Đô thị"


def test_the_departments_bear_their_names():
    assert [(u.code, u.name) for u in provincial_units() if u.kind == UnitKind.DEPARTMENT] == [
        ("SNV", "Sở Nội vụ"),
        ("STC", "Sở Tài chính"),
        ("SNNMT", "Sở Nông nghiệp và Môi trường"),
        ("SXD", "Sở Xây dựng"),
        ("SKHCN", "Sở Khoa học và Công nghệ"),
        ("STP", "Sở Tư pháp"),
        ("VPUB", "Văn phòng UBND tỉnh"),
        ("TTT", "Thanh tra tỉnh"),
    ]
    assert {u.block for u in provincial_units()} == {Block.GOVERNMENT}


def test_seed_files_are_composed_text_with_plain_line_ends():
    for path in sorted(DATA.glob("*.csv")):
        text = path.read_bytes().decode("utf-8")
        assert text == unicodedata.normalize("NFC", text), path.name
        assert "\r" not in text, path.name


def test_a_listed_name_is_denied_however_it_is_typed(monkeypatch):
    monkeypatch.setattr("core.seed_data._denied_digests", lambda: frozenset({"4b43fc75aa62"}))
    assert is_denied_name("Đặng Thị Ổn")
    assert is_denied_name(unicodedata.normalize("NFD", "Đặng Thị Ổn"))
    assert not is_denied_name("Đặng Thị Ơn")


def test_the_list_of_denied_names_holds_digests_only():
    assert len(_denied_digests()) == 17
    assert all(len(digest) == 12 and int(digest, 16) >= 0 for digest in _denied_digests())
    assert not is_denied_name("Lò Thị Khuyên")
