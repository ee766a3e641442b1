"""The demo's points to check: as many as the guide tells of, and none on an office-holder."""

from collections import Counter
from datetime import date

import pytest

from hr.people.demo.checking import with_points
from hr.people.demo.composer import compose
from hr.people.enums import QualificationKind

DAY = date(2026, 7, 15)


@pytest.mark.slow
def test_six_serial_numbers_stand_on_two_people_and_three_papers_have_odd_days():
    people = compose(DAY).people
    changed = with_points(people, DAY)

    serials = Counter(
        (row.kind, row.issuer, row.serial) for one in changed for row in one.qualifications if row.serial
    )
    assert sorted(serials.values())[-7:] == [1, 2, 2, 2, 2, 2, 2]
    early = [
        one
        for one in changed
        for row in one.qualifications
        if row.kind is QualificationKind.EDUCATION and row.awarded_year == one.born_on.year + 14
    ]
    assert len(early) == 2
    late = [
        one
        for one in changed
        for row in one.qualifications
        if row.studied_from and row.awarded_year and row.awarded_year < row.studied_from.year
    ]
    assert len(late) == 1
    assert {row.unit_code.isalpha() for one in early for row in one.assignments if row.ends_on is None} == {
        True
    }
    assert [one.full_name for one in changed] == [one.full_name for one in people]
