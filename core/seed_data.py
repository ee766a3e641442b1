"""Units the register starts with: province, departments, 45 communes and wards, and what they came from.

Pure: reads the files in `core/data`, touches no database. Codes are reused (new 03127 stands for the
old 03127 too), so a unit is identified by its code *and* the dates it is valid.
"""

import csv
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from core.units import Block, UnitKind

DATA = Path(__file__).parent / "data"

PROVINCE_CODE = "11"
#: Resolution 1661/NQ-UBTVQH15: 129 former units end, 45 begin; the district tier ends.
REORGANISED_ON = date(2025, 7, 1)
LAST_DAY_OF_FORMER = date(2025, 6, 30)

_PREDECESSOR = re.compile(r"(?P<name>[^\[\];]+) \[(?P<code>\d{5}), (?P<district>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class UnitSeed:
    """One unit. `valid_from` None: since before the register (departments keep one code through renamings).

    The parent is the unit that bears `parent_code` on this unit's own days. `predecessors` are codes of
    former communes whose last day is the day before `valid_from`.
    """

    code: str
    name: str
    kind: UnitKind
    parent_code: str | None
    valid_from: date | None = None
    valid_to: date | None = None
    block: Block = Block.GOVERNMENT
    predecessors: tuple[str, ...] = ()


def provincial_units() -> list[UnitSeed]:
    """The whole tree, parents before children."""
    return list(_tree())


@cache
def _tree() -> tuple[UnitSeed, ...]:
    present = [*_departments(), *_communes()]
    return (*present, *_divisions(present), *_former_districts(), *_former_communes())


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _departments() -> list[UnitSeed]:
    return [
        UnitSeed(
            code=row["code"],
            name=row["name"],
            kind=UnitKind(row["kind"]),
            parent_code=None if row["code"] == PROVINCE_CODE else PROVINCE_CODE,
        )
        for row in _rows("departments.csv")
    ]


def _communes() -> list[UnitSeed]:
    return [
        UnitSeed(
            code=row["code"],
            name=row["name_vi"],
            kind=UnitKind.WARD if row["kind"] == "phường" else UnitKind.COMMUNE,
            parent_code=PROVINCE_CODE,
            valid_from=REORGANISED_ON,
            predecessors=tuple(match["code"] for match in _PREDECESSOR.finditer(row["predecessors"])),
        )
        for row in _rows("dien_bien_units.csv")
    ]


def _divisions(parents: list[UnitSeed]) -> list[UnitSeed]:
    rows = _rows("divisions.csv")
    return [
        UnitSeed(
            code=f"{parent.code}.{row['number']}",
            name=row["name"],
            kind=UnitKind.DIVISION,
            parent_code=parent.code,
            valid_from=parent.valid_from,
        )
        for parent in parents
        for row in rows
        if row["of"] in (parent.kind.value, parent.code)
    ]


def _former_districts() -> list[UnitSeed]:
    return [
        UnitSeed(
            code=row["code"],
            name=row["name"],
            kind=UnitKind.FORMER_DISTRICT,
            parent_code=PROVINCE_CODE,
            valid_to=LAST_DAY_OF_FORMER,
        )
        for row in _rows("former_districts.csv")
    ]


def _former_communes() -> list[UnitSeed]:
    districts = {row["name"]: row["code"] for row in _rows("former_districts.csv")}
    return [
        UnitSeed(
            code=match["code"],
            name=match["name"].strip(),
            kind=UnitKind.FORMER_COMMUNE,
            parent_code=districts[match["district"]],
            valid_to=LAST_DAY_OF_FORMER,
        )
        for row in _rows("dien_bien_units.csv")
        for match in _PREDECESSOR.finditer(row["predecessors"])
    ]


@cache
def _denied_digests() -> frozenset[str]:
    return frozenset(json.loads((DATA / "denied_names.json").read_text(encoding="utf-8")))


def is_denied_name(full_name: str) -> bool:
    """True for the full name of a real person quoted in the press: no invented person may bear it.

    Only digests are kept (first 12 hex digits of the SHA-256 of the NFC name), never the names.
    """
    digest = hashlib.sha256(unicodedata.normalize("NFC", full_name).encode()).hexdigest()
    return digest[:12] in _denied_digests()
