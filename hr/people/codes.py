"""Code lists of the law for the personnel file: levels here, ranks and ethnic groups from `tables`.

Levels: form 2C-BNV/2008 items 15.2–15.6 and the catalogue of Decree 171/2025/NĐ-CP; their words are
translated, those of ranks and ethnic groups stay the official ones.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from hr.people.enums import QualificationKind
from hr.people.tables import ETHNIC_GROUPS, ETHNICITY, RANKS, RANKS_FROM, Rank

__all__ = [
    "ETHNICITY",
    "ETHNIC_GROUPS",
    "LEVELS",
    "RANKS",
    "RANKS_FROM",
    "Level",
    "Rank",
    "codes_from",
    "level_of",
]


@dataclass(frozen=True, slots=True, eq=False)
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
