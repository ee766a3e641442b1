"""The demo's absences: as many of each kind on its day as the guide tells of, and never two at once."""

from collections import Counter
from datetime import date

from hr.people.absences.enums import AbsenceKind
from hr.people.absences.rules import overlapping
from hr.people.demo import away
from hr.people.enums import Sex
from hr.people.models import Person

DAY = date(2026, 7, 15)


def people(count):
    """Half of them women of thirty."""
    return [
        Person(id_number=f"{number:012}", sex=tuple(Sex)[number % 2], born_on=date(1996, 1, 1))
        for number in range(count)
    ]


def test_as_many_are_away_as_the_guide_tells_of_but_for_the_chair():
    entries = list(away._others(people(400), DAY))
    today = [one for _person, one in entries if one.starts_on <= DAY <= one.ends_on]

    assert Counter(one.kind for one in today) == {
        AbsenceKind.ANNUAL_LEAVE: 60,
        AbsenceKind.SICK_LEAVE: 14,
        AbsenceKind.MATERNITY: 19,
        AbsenceKind.MISSION: 8,
    }
    assert len(entries) == len(today) + 90
    assert {person.sex for person, one in entries if one.kind is AbsenceKind.MATERNITY} == {Sex.FEMALE}


def test_nobody_is_away_twice_and_no_absence_is_backwards():
    entries = list(away._others(people(400), DAY))

    assert max(Counter(person.id_number for person, _one in entries).values()) == 1
    assert all(overlapping(one, [one]) is one for _person, one in entries)
