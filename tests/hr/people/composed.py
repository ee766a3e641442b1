"""Demo registers for the tests, composed once for each day, and how the tests read them."""

from datetime import date

from hr.people.codes import LEVELS
from hr.people.demo.composer import compose
from hr.people.enums import QualificationKind

COUNTED = date(2026, 6, 30)
DAYS = (date(2026, 3, 1), date(2026, 8, 1), date(2026, 11, 22), date(2027, 3, 1))
HIGHER = ("university", "master", "doctor")

_registers = {}


def register_of(day):
    """The composer is pure and the tests only read: one register a day serves them all."""
    if day not in _registers:
        _registers[day] = compose(day)
    return _registers[day]


def unit_on(day, person):
    return person.home_on(day).unit_code


def is_commune(code):
    return code[0] == "0"


def awarded(paper):
    return paper.awarded_on or date(paper.awarded_year, 12, 31)


def diplomas(person):
    return [paper for paper in person.qualifications if paper.kind is QualificationKind.EDUCATION]


def highest(person, day):
    """Code of the highest education held on the day."""
    held = [paper.level for paper in diplomas(person) if awarded(paper) <= day]
    order = LEVELS[QualificationKind.EDUCATION]
    return max(held, key=lambda level: order[level].order, default="untrained")


def holds(person, kind, day):
    return any(
        paper.kind is kind and paper.level != "none" and awarded(paper) <= day and paper.expires_on is None
        for paper in person.qualifications
    )
