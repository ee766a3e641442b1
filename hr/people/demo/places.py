"""Where made-up people come from: ethnic mix by district, native places in the former communes."""

from collections.abc import Mapping
from functools import cache
from random import Random

from core.seed_data import UnitSeed, provincial_units
from core.units import UnitKind
from hr.people.demo import names

#: Shares of ethnic groups among officials, by former district of the unit; "" stands for departments.
MIX: dict[str, dict[str, int]] = {
    "": {
        names.KINH: 58,
        names.THAI: 26,
        names.MONG: 9,
        names.TAY: 2,
        names.MUONG: 2,
        names.KHO_MU: 2,
        names.HA_NHI: 1,
    },
    "094": {names.KINH: 40, names.THAI: 44, names.MONG: 6, names.KHO_MU: 6, names.TAY: 2, names.MUONG: 2},
    "095": {names.KINH: 24, names.THAI: 54, names.MONG: 16, names.KHANG: 3, names.DAO: 3},
    "096": {
        names.KINH: 12,
        names.THAI: 24,
        names.MONG: 42,
        names.HA_NHI: 12,
        names.SI_LA: 3,
        names.CONG: 3,
        names.DAO: 4,
    },
    "097": {names.KINH: 16, names.THAI: 36, names.MONG: 42, names.KHO_MU: 4, names.KHANG: 2},
    "098": {names.KINH: 16, names.THAI: 24, names.MONG: 52, names.DAO: 4, names.KHANG: 4},
    "099": {names.KINH: 18, names.THAI: 52, names.MONG: 22, names.KHO_MU: 5, names.KHANG: 3},
    "100": {
        names.KINH: 30,
        names.THAI: 48,
        names.MONG: 11,
        names.KHO_MU: 5,
        names.LAO: 4,
        names.TAY: 1,
        names.MUONG: 1,
    },
    "101": {names.KINH: 14, names.THAI: 30, names.MONG: 44, names.LAO: 5, names.KHO_MU: 4, names.XINH_MUN: 3},
    "102": {names.KINH: 20, names.THAI: 60, names.MONG: 11, names.KHO_MU: 9},
    "103": {names.KINH: 14, names.THAI: 30, names.MONG: 46, names.DAO: 3, names.KHO_MU: 4, names.CONG: 3},
}


@cache
def units_by_code() -> Mapping[str, UnitSeed]:
    """Units that stand now."""
    return {unit.code: unit for unit in provincial_units() if unit.valid_to is None}


@cache
def former_by_code() -> Mapping[str, UnitSeed]:
    """Former communes and districts, ended on 30/06/2025."""
    return {unit.code: unit for unit in provincial_units() if unit.valid_to is not None}


@cache
def home_district(unit_code: str) -> str:
    """Code of the former district the unit mostly lay in; "" for departments and service units."""
    if unit_code not in units_by_code():
        former = former_by_code()[unit_code]
        return former.code if former.kind == UnitKind.FORMER_DISTRICT else former.parent_code or ""
    predecessors = units_by_code()[unit_code].predecessors
    if not predecessors:
        return ""
    districts = [former_by_code()[code].parent_code or "" for code in predecessors]
    return max(districts, key=districts.count)


@cache
def communes_of(district: str) -> tuple[str, ...]:
    """Codes of the former communes of a former district; of all districts for ""."""
    return tuple(
        unit.code
        for unit in former_by_code().values()
        if unit.kind == UnitKind.FORMER_COMMUNE and district in ("", unit.parent_code)
    )


@cache
def place_name(former_code: str) -> str:
    """ "Xã Nà Hỳ, huyện Nậm Pồ, tỉnh Điện Biên"."""
    unit = former_by_code()[former_code]
    district = former_by_code()[unit.parent_code or ""].name
    return f"{unit.name}, {district[0].lower()}{district[1:]}, tỉnh Điện Biên"


@cache
def _weights(district: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    mix = MIX[district]
    return tuple(mix), tuple(mix.values())


def draw_ethnicity(rng: Random, unit_code: str) -> str:
    """An ethnic group by the mix of the place."""
    groups, weights = _weights(home_district(unit_code))
    return rng.choices(groups, weights)[0]


def draw_native_place(rng: Random, unit_code: str) -> str:
    """Code of a former commune: mostly of the unit's own former district."""
    near = rng.random() < 0.8
    return rng.choice(communes_of(home_district(unit_code) if near else ""))
