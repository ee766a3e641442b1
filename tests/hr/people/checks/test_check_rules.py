"""What makes a point to check, and when it is one anew."""

from dataclasses import replace
from datetime import date

import pytest

from hr.people.checks.enums import CheckKind
from hr.people.checks.rules import Paper, Side, found_in, messages
from hr.people.enums import ProofState, QualificationKind, Sex


def paper(number: int, **over):
    values = {
        "id": number,
        "uid": f"paper {number}",
        "kind": QualificationKind.EDUCATION,
        "level": "university",
        "major": "Luật",
        "issuer": "Đại học Tây Bắc",
        "serial": f"B {number}",
        "awarded_on": date(2012, 6, 30),
        "awarded_year": None,
        "studied_from": None,
        "proof_state": ProofState.CLAIMED,
        "scan": None,
    }
    return Paper(**{**values, **over})


def side(number: int, held: Paper | None = None, **over) -> Side:
    values = {"id_number": "011084000001", "sex": Sex.MALE, "born_on": date(1984, 5, 12)}
    return Side(number, f"person {number}", f"Tên {number}", f"{number}", **{**values, **over}, paper=held)


def kinds(papers=(), people=()):
    return [point.kind for point in found_in(papers, people)]


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        ({}, True),
        ({"issuer": "ĐẠI HỌC  tay bac"}, True),
        ({"serial": "b1"}, True),
        ({"level": "college"}, True),
        ({"serial": "B 2"}, False),
        ({"issuer": "Đại học Luật Hà Nội"}, False),
        ({"kind": QualificationKind.IT}, False),
        ({"issuer": None}, False),
        ({"serial": None}, False),
    ],
)
def test_the_same_issuer_kind_and_serial_of_two_people_is_a_point(other, is_found):
    papers = [side(1, paper(1)), side(2, paper(2, **{"serial": "B 1", **other}))]

    assert kinds(papers) == ([CheckKind.SAME_SERIAL] if is_found else [])


def test_two_papers_of_one_person_are_no_point():
    assert kinds([side(1, paper(1, scan="a")), side(1, paper(2, serial="B 1", scan="a"))]) == []


def test_papers_without_a_scan_share_none():
    assert kinds([side(1, paper(1)), side(2, paper(2))]) == []


def test_the_same_scan_on_three_people_gives_two_points_not_three():
    found = found_in([side(number, paper(number, scan="a")) for number in (1, 2, 3)], ())

    assert [point.kind for point in found] == [CheckKind.SAME_SCAN, CheckKind.SAME_SCAN]
    assert [[one.person_id for one in point.sides] for point in found] in ([[1, 2], [1, 3]], [[1, 3], [1, 2]])


@pytest.mark.parametrize(
    ("awarded", "is_found"), [(date(1999, 5, 11), True), (date(1999, 5, 12), False)]
)  # fmt: skip
def test_an_education_paper_from_before_the_fifteenth_birthday_is_a_point(awarded, is_found):
    assert kinds([side(1, paper(1, awarded_on=awarded))]) == ([CheckKind.AWARDED_YOUNG] if is_found else [])


@pytest.mark.parametrize(
    ("awarded", "begun", "is_found"),
    [
        ({"awarded_on": date(2012, 8, 31)}, date(2012, 9, 1), True),
        ({"awarded_on": date(2012, 9, 1)}, date(2012, 9, 1), False),
        ({"awarded_on": None, "awarded_year": 2011}, date(2012, 9, 1), True),
        ({"awarded_on": None, "awarded_year": 2012}, date(2012, 9, 1), False),
        ({"awarded_on": None}, date(2012, 9, 1), False),
        ({"awarded_on": date(2012, 8, 31)}, None, False),
    ],
)
def test_a_paper_awarded_before_its_programme_began_is_a_point(awarded, begun, is_found):
    found = kinds([side(1, paper(1, **awarded, studied_from=begun))])

    assert found == ([CheckKind.BEFORE_START] if is_found else [])


def test_a_number_that_differs_from_sex_and_birth_is_one_point_that_says_both():
    (point,) = found_in((), [side(1, sex=Sex.FEMALE, born_on=date(1985, 5, 12))])

    assert point.kind is CheckKind.IDENTITY
    assert [str(message) for message in messages(point)] == [
        "The fourth digit of the number does not agree with the sex recorded",
        "The number does not agree with the year of birth recorded",
    ]


def test_a_point_keeps_its_name_when_the_paper_changes_but_not_its_content():
    first = side(1, paper(1, serial="B 1"))
    (before,) = found_in([first, side(2, paper(2, serial="B 1"))], ())
    (after,) = found_in([first, side(2, paper(2, serial="B 1", major="Kinh tế"))], ())
    (again,) = found_in([side(2, paper(2, serial="B 1")), first], ())

    assert before.uid == after.uid == again.uid
    assert before.seen == again.seen
    assert before.seen != after.seen


def test_a_name_or_the_proof_is_nothing_that_is_compared():
    one = side(1, paper(1, awarded_year=1990, awarded_on=None))
    renamed = replace(one, name="Khác", paper=replace(one.paper, proof_state=ProofState.ORIGINAL_SEEN))

    assert found_in([one], ())[0].seen == found_in([renamed], ())[0].seen
