"""The groups of form 2C of the demo's people, and their yearly ratings."""

from collections import Counter
from datetime import date

import pytest

from core.seed_data import is_denied_name
from hr.people import entry
from hr.people.demo.facts import facts_of
from hr.people.demo.ratings import ratings_of
from hr.people.enums import Sex
from hr.people.groups.enums import FamilySide, Relation
from hr.people.groups.registry import GROUPS
from hr.people.ratings.enums import RatingLevel, RatingState
from tests.hr.people.composed import DAYS, register_of

pytestmark = pytest.mark.slow

DAY = date(2026, 11, 22)


def unit_name(code, day):
    return f"{code} {day:%Y}"


@pytest.fixture(scope="module")
def facts():
    return [(person, list(facts_of(person, DAY, unit_name))) for person in register_of(DAY).people]


@pytest.fixture(scope="module")
def ratings():
    return ratings_of(register_of(DAY).people, DAY, unit_name)


def rows(held, code):
    return [values for group, values in held if group == code]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_group_that_may_be_loaded_has_rows_and_every_row_keeps_the_rules(day):
    found = Counter()
    for person in register_of(day).people:
        for code, values in facts_of(person, day, unit_name):
            entry.check_facts(code, values, person.born_on, day)
            found[code] += 1

    assert set(found) == {code for code, group in GROUPS.items() if group.enabled} - {"ratings"}


def test_no_row_of_a_person_stands_twice_under_one_key(facts):
    for _person, held in facts:
        for code, group in GROUPS.items():
            keys = [tuple(values.get(name) for name in group.key) for values in rows(held, code)]
            assert not group.many or len(set(keys)) == len(keys)


def test_the_same_day_gives_the_same_facts(facts):
    again = [list(facts_of(person, DAY, unit_name)) for person, _held in facts[:200]]

    assert again == [held for _person, held in facts[:200]]


def test_parents_are_of_an_age_and_the_father_gives_the_surname(facts):
    for person, held in facts:
        family = rows(held, "family")
        own = {row["relation"]: row for row in family if row["side"] is FamilySide.OWN}
        assert 15 < person.born_on.year - own[Relation.MOTHER]["born_year"] < 45
        assert own[Relation.FATHER]["full_name"].split()[0] == person.full_name.split()[0]
        spouse = own.get(Relation.SPOUSE)
        father = person.full_name if person.sex is Sex.MALE else spouse and spouse["full_name"]
        for row in family:
            assert not is_denied_name(row["full_name"])
            if row["relation"] is Relation.CHILD:
                assert row["full_name"].split()[0] == father.split()[0]
                assert row["born_year"] - person.born_on.year >= 18
                assert row["born_year"] < DAY.year


def test_service_in_the_forces_ends_before_recruitment(facts):
    served = [(person, row) for person, held in facts for row in rows(held, "military")]

    assert 200 < len(served) < 600
    assert all(
        person.sex is Sex.MALE and row["discharged_on"] < person.recruited_on for person, row in served
    )


def test_ratings_of_2025_are_the_published_ones(ratings):
    levels = Counter(row["level"] for held in ratings.values() for row in held if row["year"] == 2025)

    assert levels == {
        RatingLevel.EXCELLENT: 466,
        RatingLevel.GOOD: 1842,
        RatingLevel.COMPLETED: 262,
        RatingLevel.NOT_COMPLETED: 17,
    }


def test_who_did_not_complete_the_tasks_is_a_specialist_of_a_department(ratings):
    people = {person.id_number: person for person in register_of(DAY).people}
    for number, held in ratings.items():
        if any(row["level"] is RatingLevel.NOT_COMPLETED for row in held):
            home = people[number].home_on(date(2025, 12, 31))
            assert home.unit_code.isalpha()
            assert home.post.startswith("Chuyên viên")


@pytest.mark.parametrize(("day", "years"), [(DAY, {2025, 2026}), (date(2026, 8, 1), {2025})])
def test_three_communes_have_proposed_once_the_year_is_rated(day, years):
    held = [row for one in ratings_of(register_of(day).people, day, unit_name).values() for row in one]

    assert {row["year"] for row in held} == years
    states = Counter(row["state"] for row in held if row["year"] == 2026)
    if years == {2025, 2026}:
        assert set(states) == {RatingState.PROPOSED, RatingState.SENT_BACK}
    assert all(row["state"] is RatingState.CONFIRMED for row in held if row["year"] == 2025)
