"""What is typed into the groups is held against the law and the formats of the cards."""

from datetime import date

import pytest

from core.errors import Unprocessable
from hr.people.groups import actions
from hr.people.groups.enums import FamilySide, Relation
from hr.people.groups.registry import GROUPS
from tests.factories import people

BORN, TODAY = date(1990, 5, 12), date(2026, 7, 15)


def field_refused(group, **values):
    """The field of the refusal; None when nothing is refused."""
    try:
        GROUPS[group].check(values, BORN, TODAY)
    except Unprocessable as refusal:
        return refusal.field
    return None


@pytest.mark.parametrize(
    ("group", "values", "field"),
    [
        ("contact", {"phone": "abc"}, "phone"),
        ("contact", {"phone": "0912 345"}, "phone"),
        ("contact", {"phone": "0912 345 678"}, None),
        ("contact", {"phone": "0912.345.678"}, None),
        ("contact", {"phone": "+84912345678"}, None),
        ("contact", {"phone": "0215 3 825 111"}, None),
        ("contact", {"phone": None}, None),
        ("contact", {"social_insurance_number": "12"}, "social_insurance_number"),
        ("contact", {"social_insurance_number": "1108000001"}, None),
        ("contact", {"social_insurance_number": "011184000123"}, None),
        ("contact", {"health_insurance_number": "x"}, "health_insurance_number"),
        ("contact", {"health_insurance_number": "HC9111108000001"}, "health_insurance_number"),
        ("contact", {"health_insurance_number": "HC4111108000001"}, None),
        ("contact", {"health_insurance_number": "HC 4 11 11 0800 0001"}, None),
        ("contact", {"health_insurance_number": "1108000001"}, None),
        ("origin", {"academic_title_year": 2010}, "academic_title"),
        ("origin", {"academic_title": "Phó giáo sư", "academic_title_year": 1900}, "academic_title_year"),
        ("origin", {"academic_title": "Phó giáo sư", "academic_title_year": 2024}, None),
        ("military", {"enlisted_on": date(1996, 8, 1)}, "enlisted_on"),
        # Law 78/2015/QH13 Art. 12(1): registered from 17.
        ("military", {"enlisted_on": date(2007, 5, 11)}, "enlisted_on"),
        ("military", {"enlisted_on": date(2007, 5, 12)}, None),
        ("rewards", {"year": 2020, "reward": "Giấy khen", "decided_on": date(2019, 12, 31)}, "decided_on"),
        ("rewards", {"year": 2020, "reward": "Giấy khen", "decided_on": date(2021, 1, 5)}, None),
        ("rewards", {"year": 2020, "reward": "Giấy khen", "decided_on": date(2024, 1, 5)}, None),
        ("rewards", {"year": 1980, "reward": "Giấy khen"}, "year"),
    ],
)
def test_a_fact_is_held_against_its_format_and_the_law(group, values, field):
    assert field_refused(group, **values) == field


def test_a_class_of_war_invalids_is_one_of_four():
    assert GROUPS["origin"].field("war_invalid_class").options == ("1/4", "2/4", "3/4", "4/4")


def test_nobody_has_a_second_father_on_one_side(system):
    an = people.person("an")

    def add(side, relation, name):
        values = {"side": side, "relation": relation, "full_name": name}
        actions.add_entry(by=system, person=an, group=GROUPS["family"], values=values)

    add(FamilySide.OWN, Relation.FATHER, "Lò Văn Páo")
    add(FamilySide.SPOUSE, Relation.FATHER, "Quàng Văn Pó")
    add(FamilySide.OWN, Relation.CHILD, "Lò Văn Một")
    add(FamilySide.OWN, Relation.CHILD, "Lò Văn Hai")

    with pytest.raises(Unprocessable) as refusal:
        add(FamilySide.OWN, Relation.FATHER, "Lò Văn Khác")
    assert refusal.value.field == "relation"
