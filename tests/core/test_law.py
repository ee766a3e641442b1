"""Rules in force: the version of the day, for the category."""

from datetime import date

import pytest
from sqlalchemy import select

from core.db import db
from core.errors import Unprocessable
from core.law import (
    RuleInForce,
    add_version,
    as_plain,
    list_rules,
    load_rules,
    new_rule,
    read_law,
    rule,
)

LAW = """
[[rule]]
code = "test.limit"
value = 90
valid_from = 2020-01-01
valid_to = 2025-06-30
legal_basis = "Decree A Art. 1"
certainty = "V"

[[rule]]
code = "test.limit"
value = 60
valid_from = 2025-07-01
legal_basis = "Decree B Art. 2"
certainty = "V2"

[[rule]]
code = "test.limit"
categories = ["public_employee"]
value = 30
valid_from = 2026-07-01
legal_basis = "Decree C Art. 3"
certainty = "U"
"""


@pytest.fixture
def law(tmp_path, system):
    path = tmp_path / "law.toml"
    path.write_text(LAW, "utf-8")
    load_rules(by=system, paths=[path])
    return path


@pytest.mark.parametrize(
    ("on", "category", "value", "basis"),
    [
        (date(2024, 1, 1), None, 90, "Decree A Art. 1"),
        (date(2025, 6, 30), "civil_servant", 90, "Decree A Art. 1"),
        (date(2025, 7, 1), "civil_servant", 60, "Decree B Art. 2"),
        (date(2026, 7, 1), "civil_servant", 60, "Decree B Art. 2"),
        (date(2026, 6, 30), "public_employee", 60, "Decree B Art. 2"),
        (date(2026, 7, 1), "public_employee", 30, "Decree C Art. 3"),
    ],
)
def test_the_version_of_the_day_and_category(law, on, category, value, basis):
    found = rule("test.limit", on=on, category=category)

    assert found is not None
    assert (found.value, found.legal_basis) == (value, basis)


def test_no_rule_is_said_not_guessed(law):
    assert rule("test.limit", on=date(2019, 12, 31)) is None
    assert rule("test.unknown", on=date(2026, 1, 1)) is None


def test_loading_twice_adds_nothing(law, system):
    assert load_rules(by=system, paths=[law]) == 0


def test_a_new_version_ends_the_running_one(law, system):
    entry = RuleInForce(
        code="test.limit",
        categories="",
        value=45,
        valid_from=date(2027, 1, 1),
        legal_basis="Decree D",
        certainty="V",
    )
    add_version(by=system, entry=entry)

    assert rule("test.limit", on=date(2026, 12, 31)).value == 60
    assert rule("test.limit", on=date(2027, 1, 1)).value == 45
    row = db.session.scalars(select(RuleInForce).where(RuleInForce.legal_basis == "Decree B Art. 2")).one()
    assert row.valid_to == date(2026, 12, 31)


def test_a_version_before_a_later_one_is_refused(law, system):
    entry = RuleInForce(
        code="test.limit", categories="", value=1, valid_from=date(2025, 1, 1), legal_basis="x", certainty="V"
    )
    with pytest.raises(Unprocessable):
        add_version(by=system, entry=entry)


def test_an_entry_that_lacks_something_is_named(tmp_path):
    path = tmp_path / "law.toml"
    path.write_text('[[rule]]\ncode = "x"\nvalue = 1\nvalid_from = 2025-01-01\ncertainty = "V"\n', "utf-8")
    with pytest.raises(ValueError, match="rule 1: legal_basis"):
        read_law(path)


def test_rules_are_changed_by_the_operator_alone(law, as_viewer):
    with as_viewer("admin") as viewer, pytest.raises(Unprocessable):
        add_version(by=viewer, entry=new_rule(code="test.limit", value=1, valid_from=date(2030, 1, 1)))


def test_a_rule_for_some_categories_leaves_the_others(law, system):
    entry = new_rule(
        categories=["contract_worker", "cadre"],
        code="test.limit",
        value=15,
        valid_from=date(2026, 8, 1),
        legal_basis="Decree E",
        certainty="M",
        note="tạm",
    )
    add_version(by=system, entry=entry)

    assert rule("test.limit", on=date(2026, 8, 1), category="cadre").value == 15
    assert rule("test.limit", on=date(2026, 8, 1), category="civil_servant").value == 60
    assert as_plain(entry) == {
        "code": "test.limit",
        "categories": ["cadre", "contract_worker"],
        "value": 15,
        "valid_from": "2026-08-01",
        "valid_to": None,
        "legal_basis": "Decree E",
        "certainty": "M",
        "note": "tạm",
    }


def test_rules_are_listed_newest_first_within_a_code(law):
    listed = [row.legal_basis for row in list_rules() if row.code == "test.limit"]

    assert listed == ["Decree B Art. 2", "Decree A Art. 1", "Decree C Art. 3"]
