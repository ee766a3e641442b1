"""The canonical dump: the same text for the same contents, however and wherever they were entered."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core.db import db
from core.dump import canonical_lines, line
from core.ids import is_uid
from core.reference import load_reference
from core.schema import create_schema
from core.scope import system_viewer
from hr.people.models import Person
from tests.registers import (
    LAW,
    add_account,
    command_of,
    configuration,
    empty_database,
    make_small_demo,
    running,
    small_app,
    small_subject,
)


def entered(app: Flask, steps: list[Any]) -> list[str]:
    """The dump of a new register in which these steps were taken in this order."""
    by = system_viewer("tests")
    with running(app) as engine:
        create_schema(engine)
        load_reference([LAW])
        for step in steps:
            step(by)
        return [*canonical_lines()]


def demo(by: Any) -> None:
    make_small_demo(by=by, multiple=1)


def account(by: Any) -> None:
    add_account(by=by)


@pytest.fixture
def apps(tmp_path: Path) -> Iterator[list[Flask]]:
    """Two applications over empty databases."""
    with empty_database(tmp_path) as one, empty_database(tmp_path) as other:
        yield [small_app(configuration(url, tmp_path), [small_subject()]) for url in (one, other)]


def test_the_order_of_entry_does_not_show(apps):
    first, second = entered(apps[0], [demo, account]), entered(apps[1], [account, demo])

    assert first == second
    assert sum('"table":"user"' in line for line in first) == 3


def test_a_difference_shows(apps):
    assert set(entered(apps[0], [demo, account])) - set(entered(apps[1], [demo])) == {
        '{"table":"user","username":"another","name":"Tên another","active":true}'
    }


def test_rows_stand_in_the_order_of_their_natural_key(context):
    lines = [*canonical_lines()]
    people = [json.loads(one)["id_number"] for one in lines if one.startswith('{"table":"person",')]

    assert people == sorted(people)
    assert len(people) > 3


def test_every_kind_of_register_row_is_there(context):
    tables = {json.loads(one)["table"] for one in canonical_lines()}

    assert tables >= {"unit", "unit_succession", "rule_in_force", "person", "assignment", "qualification"}
    assert tables.isdisjoint({"audit_event", "audit_head", "draft", "submission", "person_token"})


def test_no_key_or_time_of_entry_is_in_it(context):
    rows = [json.loads(one) for one in canonical_lines()]

    assert rows
    names = {name for row in rows for name in row}
    assert [name for name in names if name == "id" or name.endswith(("_id", "_at", "uid"))] == []
    assert [value for row in rows for value in row.values() if isinstance(value, str) and is_uid(value)] == []


def test_a_changed_value_changes_one_line(system):
    before = [*canonical_lines()]
    person = db.session.get(Person, 1)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET native_place = 'Mường Ảng' WHERE id = 1")
    db.session.rollback()

    after = [*canonical_lines()]

    assert person is not None
    assert len(set(after) - set(before)) == 1


def test_a_line_keeps_the_order_of_its_columns():
    assert line("thing", {"z": 1, "a": None, "m": "đ"}) == '{"table":"thing","z":1,"a":null,"m":"đ"}'


def test_the_command_writes_lines(app, tmp_path):
    target = tmp_path / "dump.jsonl"
    run = command_of(app)

    assert run("dump", "--canonical", "--out", str(target)).exit_code == 0
    assert run("dump").exit_code == 2
    with app.app_context():
        assert target.read_text("utf-8").splitlines() == [*canonical_lines()]
