"""Cells written by hand as offices write them: each is read right, or refused with its reason."""

import csv
import tomllib

import pytest

from hr.people.roster import cells, words
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
