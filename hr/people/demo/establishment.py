"""Posts of the demo province: quota and present per line, and one slot per official to be composed.

45 units × 44 posts = quota 1,980; 138 specialists are missing in ten fields, 38 deputies are above
quota since the merger: 1,880 people. In departments every post is filled. hr.positions may read the
lines, so that quotas and vacancies agree with the people.
"""

import tomllib
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

from core.seed_data import provincial_units
from core.units import COMMUNE_LEVEL

#: Vacant posts by field in the 45 units.
VACANCIES = {
    "it": 27,
    "construction": 19,
    "land": 18,
    "justice": 16,
    "industry_trade": 14,
    "finance": 13,
    "transport": 12,
    "information": 9,
    "home_affairs": 5,
    "labour": 5,
}
#: Units short of most: four deputies above quota each, so four more vacancies. Nậm Kè, Tủa Thàng,
#: Tìa Dình, Sín Thầu.
SHORT_HANDED = ("03162", "03220", "03385", "03158")
#: Units with 41 people instead of 42: three posts more vacant than above quota, elsewhere two.
FORTY_ONE = ("03328", "03334", "03349", "03352", "03356", "03358", "03368", "03370", "03382", "03385")
#: Specialists a unit has beyond the common 30, one for each deputy its quota lacks.
EXTRA = ("agriculture", "culture", "one_stop", "office")


class Standing(IntEnum):
    """How high a post stands; cadres are the upper two of a commune."""

    SPECIALIST = 0
    DEPUTY = 1
    HEAD = 2
    VICE = 3
    CHIEF = 4


STANDING = {
    "Chủ tịch UBND": Standing.CHIEF,
    "Phó Chủ tịch UBND": Standing.VICE,
    "Chánh Văn phòng": Standing.HEAD,
    "Trưởng phòng": Standing.HEAD,
    "Phó Chánh Văn phòng": Standing.DEPUTY,
    "Phó Trưởng phòng": Standing.DEPUTY,
    "Phó Giám đốc Trung tâm": Standing.DEPUTY,
}


@dataclass(frozen=True, slots=True)
class PostLine:
    """One post of one division: how many the quota allows, how many hold it."""

    unit_code: str
    division_code: str
    field: str
    post: str
    standing: Standing
    quota: int
    present: int


@cache
def _template() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("establishment.toml").read_text(encoding="utf-8"))


@cache
def commune_codes() -> tuple[str, ...]:
    """Codes of the 45 communes and wards."""
    return tuple(unit.code for unit in provincial_units() if unit.kind in COMMUNE_LEVEL)


@cache
def _surpluses() -> dict[str, int]:
    """Deputies above quota by unit: 4 in the four short-handed units, 1 in the 22 most merged others."""
    merged = {unit.code: len(unit.predecessors) for unit in provincial_units() if unit.predecessors}
    others = sorted((code for code in merged if code not in SHORT_HANDED), key=lambda c: (-merged[c], c))
    return dict.fromkeys(merged, 0) | dict.fromkeys(SHORT_HANDED, 4) | dict.fromkeys(others[:22], 1)


@cache
def _vacant_fields() -> dict[str, tuple[str, ...]]:
    """Fields with a vacant post by unit: the unit with most vacancies takes the scarcest fields first."""
    left = dict(VACANCIES)
    missing = {code: extra + (3 if code in FORTY_ONE else 2) for code, extra in _surpluses().items()}
    vacant = {}
    for code in sorted(missing, key=lambda c: (-missing[c], c)):
        vacant[code] = tuple(sorted(left, key=lambda field: -left[field])[: missing[code]])
        for field in vacant[code]:
            left[field] -= 1
    return vacant


def _commune_lines(code: str) -> list[PostLine]:
    surplus, vacant = _surpluses()[code], list(_vacant_fields()[code])
    extra, lines = list(EXTRA[:surplus]), []
    # The Centre's second deputy is the first one above quota, then those of the other divisions.
    above = {5, 4, 3, 2} if surplus == 4 else {5} if surplus else set()
    template = _template()
    for row in (*template["leaders"], *template["specialists"]):
        standing = STANDING.get(row["post"], Standing.SPECIALIST)
        division, field, quota = row["division"], row["field"], row["quota"]
        line = PostLine(code, f"{code}.{division}", field, row["post"], standing, quota, quota)
        if standing is Standing.DEPUTY and division in above:
            line = replace(line, quota=1)
        elif standing is Standing.SPECIALIST:
            if field in extra:
                extra.remove(field)
                line = replace(line, quota=quota + 1, present=quota + 1)
            # Of the two IT posts, every other unit lacks the one in the Centre.
            if field in vacant and not (field == "it" and division == 2 and int(code) % 2):
                vacant.remove(field)
                line = replace(line, present=line.quota - 1)
        lines.append(line)
    return lines


def _department_lines(code: str) -> list[PostLine]:
    row = _template()["departments"][code]
    head, deputy = row.get("head", "Giám đốc Sở"), row.get("deputy", "Phó Giám đốc Sở")
    lines = [
        PostLine(code, f"{code}.1", "leadership", head, Standing.CHIEF, 1, 1),
        PostLine(code, f"{code}.1", "leadership", deputy, Standing.VICE, 3, 3),
    ]
    each, more = divmod(row["people"] - 4 - 4 * 3, 4)
    for number, field in enumerate(row["fields"], 2):
        office = number == 2 and code != "VPUB"
        titles = (
            ("Chánh Văn phòng", "Phó Chánh Văn phòng") if office else ("Trưởng phòng", "Phó Trưởng phòng")
        )
        specialists = each + (number - 2 < more)
        division = f"{code}.{number}"
        lines += [
            PostLine(code, division, field, titles[0], Standing.HEAD, 1, 1),
            PostLine(code, division, field, titles[1], Standing.DEPUTY, 2, 2),
            PostLine(code, division, field, "Chuyên viên", Standing.SPECIALIST, specialists, specialists),
        ]
    return lines


@cache
def post_lines() -> tuple[PostLine, ...]:
    """Every post of the 45 units and 8 departments, unit by unit."""
    communes = [line for code in commune_codes() for line in _commune_lines(code)]
    departments = [line for code in _template()["departments"] for line in _department_lines(code)]
    return (*communes, *departments)
