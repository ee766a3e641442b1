"""Units with their history: old names and codes lead to today's units, codes only together with a day."""

from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import db
from core.errors import Missing
from core.ids import new_uid
from core.scope import current_viewer, writing_allowed
from core.units import (
    Block,
    Unit,
    UnitKind,
    UnitSuccession,
    UnitTree,
    divisions_of,
    find_unit,
    main_units,
    predecessors_of,
    province,
    search_units,
    successors_of,
    unit_by_code,
)
from tests.personas import BUNG_LAO, NA_SANG

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 7, 15)


@pytest.mark.parametrize("day", [AFTER, TODAY])
def test_there_are_forty_five_communes_and_wards(context, day):
    found = db.session.scalars(main_units(day)).all()

    assert sum(unit.kind in (UnitKind.COMMUNE, UnitKind.WARD) for unit in found) == 45
    assert all(unit.exists_on(day) for unit in found)
    assert not [unit for unit in found if unit.kind in (UnitKind.FORMER_COMMUNE, UnitKind.DIVISION)]


def test_before_the_merger_there_were_129(context):
    query = select(func.count()).select_from(Unit).where(Unit.kind == UnitKind.FORMER_COMMUNE)

    assert db.session.scalar(query) == 129
    assert db.session.scalar(select(func.count(func.distinct(UnitSuccession.old_id)))) == 129
    assert db.session.scalar(select(func.count(func.distinct(UnitSuccession.new_id)))) == 45


@pytest.mark.slow
def test_every_former_commune_found_by_its_old_name_leads_to_today_s_unit(context):
    former = db.session.scalars(select(Unit).where(Unit.kind == UnitKind.FORMER_COMMUNE)).all()
    for unit in former:
        hits = search_units(unit.name, limit=200)
        assert unit in hits, unit.name
        new = successors_of(unit)
        assert new, unit.name
        assert all(one.exists_on(TODAY) and one.kind in (UnitKind.COMMUNE, UnitKind.WARD) for one in new)
        assert all(unit in predecessors_of(one) for one in new)


def test_every_old_code_on_an_old_day_is_the_old_unit(context):
    former = db.session.scalars(select(Unit).where(Unit.kind == UnitKind.FORMER_COMMUNE)).all()
    for unit in former:
        assert unit_by_code(unit.code, BEFORE) is unit


def test_codes_are_reused_and_the_day_decides(context):
    reused = 0
    for unit in db.session.scalars(main_units(TODAY)):
        old = unit_by_code(unit.code, BEFORE)
        assert unit_by_code(unit.code, TODAY) is unit
        if unit.kind in (UnitKind.COMMUNE, UnitKind.WARD) and old is not None:
            assert old.kind is UnitKind.FORMER_COMMUNE
            assert old is not unit
            reused += 1

    assert reused >= 40


def test_a_code_finds_the_unit_of_today_first_and_its_former_bearer_too(context):
    found = search_units(BUNG_LAO)

    assert [unit.exists_on(TODAY) for unit in found] == [True, False]
    assert {unit.code for unit in found} == {BUNG_LAO}


@pytest.mark.parametrize("words", ["bung lao", "Búng Lao", "BÚNG  LAO", "lao bung", "búng"])
def test_units_are_found_without_accents_in_any_order(context, words):
    assert unit_by_code(BUNG_LAO, TODAY) in search_units(words)


@pytest.mark.parametrize(
    "words", ["", "   ", "%", "_", "%%%", "không có xã này", "'; --", "\\", "%" * 60_000]
)
def test_words_that_name_no_unit_find_none(context, words):
    assert list(search_units(words)) == []


def test_a_unit_stands_from_its_first_day_to_its_last(context):
    new, old = unit_by_code(BUNG_LAO, TODAY), unit_by_code(BUNG_LAO, BEFORE)

    assert [new.exists_on(day) for day in (BEFORE, AFTER, TODAY)] == [False, True, True]
    assert [old.exists_on(day) for day in (date(1990, 1, 1), BEFORE, AFTER)] == [True, True, False]


def test_divisions_stand_below_their_unit(context):
    unit = unit_by_code(BUNG_LAO, TODAY)
    found = divisions_of(unit, TODAY)

    assert found
    assert all(one.parent_id == unit.id and one.kind is UnitKind.DIVISION for one in found)
    assert divisions_of(unit, BEFORE) == []


def test_the_closure_holds_each_unit_its_ancestors_and_nobody_else(context):
    units = {unit.id: unit for unit in db.session.scalars(select(Unit))}
    expected = set()
    for unit in units.values():
        above = unit
        while above is not None:
            expected.add((above.id, unit.id, unit.block))
            above = units.get(above.parent_id)

    assert {
        tuple(row)
        for row in db.session.execute(select(UnitTree.ancestor_id, UnitTree.unit_id, UnitTree.block))
    } == expected


def test_a_commune_s_subtree_holds_no_row_of_another(context):
    subtrees = []
    for code in (BUNG_LAO, NA_SANG):
        unit = unit_by_code(code, TODAY)
        subtrees.append(
            set(db.session.scalars(select(UnitTree.unit_id).where(UnitTree.ancestor_id == unit.id)))
        )

    assert len(subtrees[0]) > 1
    assert not subtrees[0] & subtrees[1]


def test_units_are_no_secret_and_absent_ones_are_missing(context):
    assert current_viewer() is None
    root = province()

    assert find_unit(root.uid) is root
    assert root.kind is UnitKind.PROVINCE
    assert root.block is Block.GOVERNMENT
    with pytest.raises(Missing):
        find_unit(new_uid())


def test_a_unit_set_up_later_gets_a_key_of_its_own(context):
    last = db.session.scalar(select(func.max(Unit.id)))
    later = Unit(code="99999", name="Xã Mới", name_fold="xa moi", name_key="", kind=UnitKind.COMMUNE)
    allowed = writing_allowed.set(True)
    db.session.add(later)
    db.session.commit()
    writing_allowed.reset(allowed)

    assert later.id == last + 1


def test_kinds_and_blocks_have_words(context):
    assert all(str(kind.label) for kind in UnitKind)
    assert all(str(block.label) for block in Block)
