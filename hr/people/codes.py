"""Code lists of the law for the personnel file: levels, ranks and steps, ethnic groups.

Sources: levels `domain.md` §8.4 (form 2C-BNV/2008 items 15.2–15.6, Decree 171/2025 catalogue);
ranks, tables and coefficients Circular 2/2021/TT-BNV with Decree 204/2004; ethnic groups Decision
121-TCTK/PPCĐ of 02/03/1979 (list version 1979; keyed by name, since a newer list renumbers).
The words of a list stay Vietnamese in both languages: they are the official names on the papers,
save the levels, whose English reading stands in `Level.label`.
"""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from hr.people.enums import QualificationKind


@dataclass(frozen=True, slots=True)
class Level:
    """One level of one kind of qualification. `order` grows with the level; 0 means none held."""

    code: str
    order: int
    label: object


def _levels(*rows: tuple[str, object]) -> dict[str, Level]:
    return {code: Level(code, order, label) for order, (code, label) in enumerate(rows)}


LEVELS: dict[QualificationKind, dict[str, Level]] = {
    QualificationKind.EDUCATION: _levels(
        ("untrained", _l("untrained")),
        ("elementary", _l("elementary")),
        ("intermediate", _l("intermediate")),
        ("college", _l("college")),
        ("university", _l("university")),
        ("master", _l("master")),
        ("doctor", _l("doctor")),
    ),
    QualificationKind.POLITICAL_THEORY: _levels(
        ("none", _l("none")),
        ("elementary", _l("elementary")),
        ("intermediate", _l("intermediate")),
        ("advanced", _l("advanced")),
        ("bachelor", _l("bachelor")),
    ),
    QualificationKind.STATE_MANAGEMENT: _levels(
        ("none", _l("none")),
        ("clerk", _l("clerk")),
        ("specialist", _l("specialist")),
        ("principal", _l("principal specialist")),
        ("senior", _l("senior specialist")),
    ),
    QualificationKind.DEFENCE_SECURITY: _levels(
        ("none", _l("none")),
        ("group_4", _l("group 4")),
        ("group_3", _l("group 3")),
        ("group_2", _l("group 2")),
        ("group_1", _l("group 1")),
    ),
    QualificationKind.IT: _levels(
        ("none", _l("none")),
        ("certificate", _l("certificate")),
        ("intermediate_up", _l("intermediate or higher")),
    ),
    QualificationKind.FOREIGN_LANGUAGE: _levels(
        ("none", _l("none")),
        ("certificate", _l("certificate")),
        ("university_up", _l("university or higher")),
    ),
    QualificationKind.ETHNIC_LANGUAGE: _levels(
        ("none", _l("none")),
        ("certificate", _l("certificate")),
        ("university_up", _l("university or higher")),
    ),
    QualificationKind.DIGITAL_SKILLS: _levels(
        ("none", _l("none")),
        ("basic", _l("basic")),
        ("advanced", _l("advanced (digital skills)")),
    ),
}


def level_of(kind: QualificationKind, code: str) -> Level:
    """The level `code` of `kind`; KeyError for a code that is not on the list."""
    return LEVELS[kind][code]


def codes_from(kind: QualificationKind, code: str) -> list[str]:
    """Codes of `kind` at or above `code`, for "at least" questions."""
    floor = LEVELS[kind][code].order
    return [level.code for level in LEVELS[kind].values() if level.order >= floor]


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank (ngạch) with its pay table: coefficients by step, months between regular steps."""

    code: str
    name: str
    coefficients: tuple[Decimal, ...]
    months: int


def _rank(code: str, name: str, first: str, increment: str, steps: int, months: int) -> Rank:
    coefficients = tuple(Decimal(first) + Decimal(increment) * n for n in range(steps))
    return Rank(code, name, coefficients, months)


RANKS: dict[str, Rank] = {
    rank.code: rank
    for rank in (
        _rank("01.001", "Chuyên viên cao cấp", "6.20", "0.36", 6, 36),
        _rank("01.002", "Chuyên viên chính", "4.40", "0.34", 8, 36),
        _rank("01.003", "Chuyên viên", "2.34", "0.33", 9, 36),
        _rank("01.004", "Cán sự", "2.10", "0.31", 10, 36),
        _rank("01.005", "Nhân viên", "1.86", "0.20", 12, 24),
    )
}

#: Ethnic groups of the 1979 list, in its order (code = position, two digits).
ETHNIC_GROUPS: tuple[str, ...] = (
    "Kinh", "Tày", "Thái", "Hoa", "Khơ-me", "Mường", "Nùng", "Hmông (Mông)", "Dao", "Gia-rai",
    "Ngái", "Ê-đê", "Ba-na", "Xơ-đăng", "Sán Chay", "Cơ-ho", "Chăm", "Sán Dìu", "Hrê", "Mnông",
    "Ra-glai", "Xtiêng", "Bru-Vân Kiều", "Thổ", "Giáy", "Cơ-tu", "Gié-Triêng", "Mạ", "Khơ-mú",
    "Co", "Ta-ôi", "Chơ-ro", "Kháng", "Xinh-mun", "Hà Nhì", "Chu-ru", "Lào", "La Chí", "La Ha",
    "Phù Lá", "La Hủ", "Lự", "Lô Lô", "Chứt", "Mảng", "Pà Thẻn", "Cơ Lao", "Cống", "Bố Y", "Si La",
    "Pu Péo", "Brâu", "Ơ Đu", "Rơ-măm",
)  # fmt: skip
#: Code → name of the 1979 list ("08" → "Hmông (Mông)").
ETHNICITY: dict[str, str] = {f"{n:02d}": name for n, name in enumerate(ETHNIC_GROUPS, 1)}
