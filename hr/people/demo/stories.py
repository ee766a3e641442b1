"""Persons of the storylines: names and places the guides and the other subjects' demos rely on.

Unfavourable stories sit with specialists of departments: nobody can take them for a real office-holder.
"""

from dataclasses import dataclass, replace
from datetime import date

from hr.people.demo import names
from hr.people.demo.calendar import retirement_day
from hr.people.enums import Sex
from hr.people.rules import add_months


@dataclass(frozen=True, slots=True)
class Story:
    """One person of a storyline. `key` finds the person later; empty values are composed as usual."""

    key: str
    full_name: str
    sex: Sex
    ethnicity: str
    unit_code: str
    field: str
    level: str = "university"
    #: Political theory and state management: "both", "theory" only, …; "" as it comes.
    held: str = ""
    born_on: date | None = None


def born_to_retire_near(day: date) -> date:
    """Birth date of a woman whose retirement under the law comes nearest to 80 days after `day`.

    The law leaves gaps: each year's higher age lets no woman reach it from January to April.
    """
    aim = day.toordinal() + 80
    births = [add_months(day.replace(day=11), -months) for months in range(54 * 12, 61 * 12)]
    due = [born for born in births if retirement_day(Sex.FEMALE, born) > day]
    return min(due, key=lambda born: abs(retirement_day(Sex.FEMALE, born).toordinal() - aim))


_MAN, _WOMAN = Sex.MALE, Sex.FEMALE
_SAME_DAY = date(1983, 9, 12)
_PANG = Story("pang", "Sùng Thị Pàng", _WOMAN, names.MONG, "03220", "land")
_OTHERS = (
    Story(
        "khuyen",
        "Lò Thị Khuyên",
        _WOMAN,
        names.THAI,
        "03169",
        "one_stop",
        "university",
        "theory",
        date(1993, 10, 5),
    ),
    Story("senh", "Vàng A Sềnh", _MAN, names.MONG, "03260", "justice", "college", "both", date(1994, 3, 2)),
    Story("bao", "Trần Quốc Bảo", _MAN, names.KINH, "SKHCN", "it", "university", "both", date(1990, 11, 23)),
    Story(
        "man", "Cà Thị Mận", _WOMAN, names.THAI, "03172", "finance", "university", "both", date(1991, 7, 14)
    ),
    Story(
        "la",
        "Tòng Thị Lả",
        _WOMAN,
        names.THAI,
        "03172",
        "agriculture",
        "university",
        "both",
        date(1989, 1, 9),
    ),
    Story("hung_1", "Nguyễn Văn Hùng", _MAN, names.KINH, "03334", "finance", born_on=_SAME_DAY),
    Story("hung_2", "Nguyễn Văn Hùng", _MAN, names.KINH, "03334", "agriculture", born_on=_SAME_DAY),
    Story("thuan", "Phạm Đình Thuận", _MAN, names.KINH, "SXD", "construction", born_on=date(1985, 5, 27)),
    Story("xoan", "Lường Thị Xoan", _WOMAN, names.THAI, "STC", "finance", born_on=date(1993, 4, 18)),
    Story("tuong", "Quàng Văn Tưởng", _MAN, names.THAI, "SNNMT", "agriculture", born_on=date(1984, 8, 6)),
    Story("lan", "Đỗ Thế Lân", _MAN, names.KINH, "STP", "justice", born_on=date(1986, 2, 20)),
)


def stories(day: date) -> tuple[Story, ...]:
    """Storyline persons among the officials on the demo's `day`."""
    return (*_OTHERS, replace(_PANG, born_on=born_to_retire_near(day)))


@dataclass(frozen=True, slots=True)
class Exchange:
    """A transfer within the year, made good the same day by a colleague going the other way."""

    key: str
    came_from: str


#: Lả came from Mường Chà (03166).
EXCHANGED = Exchange("la", "03166")
#: Came to the department from the office of a former district (Tủa Chùa).
FROM_DISTRICT = {"lan": "098"}
#: Sits in a service unit, outside the officials.
PUBLIC_EMPLOYEE = ("diep", "Hoàng Bích Diệp", Sex.FEMALE, names.KINH, "TTCNS")

RESERVED_NAMES = frozenset(
    {story.full_name for story in (*_OTHERS, _PANG)} | {PUBLIC_EMPLOYEE[1]},
)


def exchanged_on(day: date) -> date:
    """The day Lả moved: when two thirds of the year to `day` had gone, so that her training came before."""
    new_year = date(day.year, 1, 1)
    return date.fromordinal(new_year.toordinal() + (day - new_year).days * 2 // 3)
