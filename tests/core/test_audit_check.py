"""Each way of touching the log is found and told by the number of the row; an untouched log is whole."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from core import audit
from core.audit import AuditType
from core.audit_check import Anchor, current_anchor, verify
from core.ids import new_uid
from core.schema import create_schema, drop_triggers
from core.scope import system_viewer
from tests.registers import AUDIT_KEY, command_of, configuration, empty_database, running, small_app

pytestmark = pytest.mark.slow

KEYS = {"k1": AUDIT_KEY}
ROWS = 30


class Thing:
    """Something the log can name."""

    def __init__(self) -> None:
        self.uid = new_uid()

    def __str__(self) -> str:
        return "thing"


@pytest.fixture
def log_app(tmp_path: Path) -> Iterator[Flask]:
    """An application whose log holds ROWS rows, every one with values; the triggers are off, as for
    somebody who has the file."""
    with empty_database(tmp_path) as url:
        app = small_app(configuration(url, tmp_path))
        with running(app) as engine:
            create_schema(engine)
            viewer = system_viewer("tests")
            for number in range(1, ROWS + 1):
                audit.record_outside(AuditType.SEEDED, Thing(), viewer, values={"number": number})
            with engine.begin() as connection:
                drop_triggers(connection)
            yield app


@pytest.fixture
def log(log_app: Flask) -> Engine:
    from core.db import db

    return db.engine


@pytest.fixture
def forge(log: Engine) -> Callable[..., None]:
    """Runs statements behind the program's back."""

    def run(*statements: str) -> None:
        with log.begin() as connection:
            connection.execution_options(unscoped=True)
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


def found(engine: Engine, *anchors: Anchor) -> list[tuple[str, int, int]]:
    """Kind and rows of every problem."""
    return [(one.kind, one.first, one.last) for one in verify(engine, KEYS, anchors).problems]


def test_an_untouched_log_is_whole(log):
    verdict = verify(log, KEYS)

    assert verdict.ok
    assert (verdict.rows, verdict.last_seq) == (ROWS, ROWS)


def test_an_empty_log_is_whole(tmp_path):
    with empty_database(tmp_path) as url, running(small_app(configuration(url, tmp_path))) as engine:
        create_schema(engine)

        assert verify(engine, KEYS).ok


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'",
        "type = 'no such type'",
        "reason = 'because'",
        "subject_uid = NULL",
        "unit_id = 4",
        "address = '10.0.0.1'",
    ],
)
def test_a_changed_row_is_found(log, forge, change):
    forge(f"UPDATE audit_event SET {change} WHERE seq = 12")

    assert found(log) == [("changed", 12, 12)]


def test_a_changed_time_is_found(log, forge):
    forge("UPDATE audit_event SET at = '2020-01-01 00:00:00' WHERE seq = 12")

    assert found(log) == [("changed", 12, 12)]


@pytest.mark.sqlite
def test_what_is_no_time_or_uid_at_all_is_found_and_does_not_stop_the_check(log, forge):
    forge(
        "UPDATE audit_event SET at = 'yesterday' WHERE seq = 5",
        "UPDATE audit_event SET subject_uid = 'x' WHERE seq = 9",
    )

    assert found(log) == [("changed", 5, 5), ("changed", 9, 9)]


def test_only_the_forged_row_is_named_when_its_mac_was_replaced(log, forge):
    other = "x'00'" if log.dialect.name == "sqlite" else "'\\x00'::bytea"
    forge(f"UPDATE audit_event SET mac = {other} WHERE seq = 12")

    assert found(log) == [("changed", 12, 12)]


def test_changed_values_are_found(log, forge):
    forge("UPDATE audit_event SET value_json = '{\"number\":99}' WHERE seq = 7")

    assert found(log) == [("changed", 7, 7)]


def test_removed_rows_are_found(log, forge):
    forge("DELETE FROM audit_event WHERE seq BETWEEN 10 AND 12")

    assert found(log) == [("removed", 10, 12)]


def test_a_removed_beginning_is_found(log, forge):
    forge("DELETE FROM audit_event WHERE seq < 4")

    assert found(log) == [("removed", 1, 3)]


def test_rows_removed_and_the_rest_numbered_anew_are_found(log, forge):
    forge(
        "DELETE FROM audit_event WHERE seq IN (10, 11)",
        "UPDATE audit_event SET seq = -(seq - 2) WHERE seq > 11",
        "UPDATE audit_event SET seq = -seq WHERE seq < 0",
        f"UPDATE audit_head SET seq = {ROWS - 2}",
    )

    assert found(log) == [("renumbered", 10, 10)]


def test_rows_that_changed_places_are_found(log, forge):
    forge(
        "UPDATE audit_event SET seq = -8 WHERE seq = 8",
        "UPDATE audit_event SET seq = 8 WHERE seq = 20",
        "UPDATE audit_event SET seq = 20 WHERE seq = -8",
    )

    verdict = verify(log, KEYS)

    assert [(one.kind, one.first, one.last) for one in verdict.problems] == [
        ("moved", 8, 8),
        ("moved", 20, 20),
    ]
    assert "logged as row 20" in verdict.problems[0].detail


def test_neighbours_that_changed_places_are_found(log, forge):
    forge(
        "UPDATE audit_event SET seq = -8 WHERE seq = 8",
        "UPDATE audit_event SET seq = 8 WHERE seq = 9",
        "UPDATE audit_event SET seq = 9 WHERE seq = -8",
    )

    assert found(log) == [("moved", 8, 8), ("moved", 9, 9)]


def test_an_added_row_is_found(log, forge):
    columns = "at, actor_name, type, subject_kind, subject_label, key_id, mac"
    copied = f"SELECT {ROWS + 1}, {columns} FROM audit_event WHERE seq = 3"
    forge(f"INSERT INTO audit_event (seq, {columns}) {copied}")

    assert found(log) == [("changed", ROWS + 1, ROWS + 1), ("added", ROWS + 1, ROWS + 1)]


def test_a_cut_off_end_is_found_by_the_head(log, forge):
    forge(f"DELETE FROM audit_event WHERE seq > {ROWS - 3}")

    assert found(log) == [("cut off", ROWS - 2, ROWS)]


def test_an_end_cut_off_together_with_the_head_is_found_by_an_anchor_only(log, forge):
    anchor = current_anchor(log)
    forge(
        f"DELETE FROM audit_event WHERE seq > {ROWS - 3}",
        f"UPDATE audit_head SET seq = {ROWS - 3}, mac = (SELECT mac FROM audit_event WHERE seq = {ROWS - 3})",
    )

    assert found(log) == []
    assert found(log, anchor) == [("cut off", ROWS - 2, ROWS)]


def test_a_log_rewritten_with_the_key_is_found_by_an_anchor_only(log, forge, log_app):
    early = Anchor(10, "")
    with log.connect() as connection:
        mac = connection.exec_driver_sql("SELECT mac FROM audit_event WHERE seq = 10").scalar_one()
        early = Anchor(10, mac.hex())
    nothing = "x'" + "00" * 32 + "'" if log.dialect.name == "sqlite" else "'\\x" + "00" * 32 + "'::bytea"
    forge("DELETE FROM audit_event", f"UPDATE audit_head SET seq = 0, mac = {nothing}")
    for _ in range(ROWS):
        audit.record_outside(AuditType.SEEDED, Thing(), system_viewer("a forger with the key"))

    assert found(log) == []
    assert found(log, early) == [("rewritten", 1, 10)]


def test_a_missing_head_is_found(log, forge):
    forge("DELETE FROM audit_head")

    assert found(log) == [("cut off", ROWS + 1, ROWS + 1)]


def test_blanked_values_need_a_recorded_erasure(log, forge):
    thing = Thing()
    viewer = system_viewer("tests")
    audit.record_outside(AuditType.PERSON_CREATED, thing, viewer, values={"name": "x"})
    forge(f"UPDATE audit_event SET value_json = NULL WHERE seq IN (5, {ROWS + 1})")
    assert found(log) == [("blanked", 5, 5), ("blanked", ROWS + 1, ROWS + 1)]

    audit.record_outside(AuditType.ERASURE, thing, viewer, reason="asked for")

    verdict = verify(log, KEYS)
    assert [(one.kind, one.first) for one in verdict.problems] == [("blanked", 5)]
    assert verdict.erased == 1


def test_an_erasure_covers_only_what_was_logged_before_it(log, forge):
    thing = Thing()
    viewer = system_viewer("tests")
    audit.record_outside(AuditType.ERASURE, thing, viewer)
    audit.record_outside(AuditType.PERSON_CREATED, thing, viewer, values={"name": "x"})
    forge(f"UPDATE audit_event SET value_json = NULL WHERE seq = {ROWS + 2}")

    assert found(log) == [("blanked", ROWS + 2, ROWS + 2)]


def test_another_key_proves_nothing(log):
    problems = verify(log, {"k1": "another key of at least thirty-two characters"}).problems

    assert [(one.kind, one.first, one.last) for one in problems] == [("changed", 1, ROWS)]


def test_rows_of_a_key_that_was_not_given_are_called_unproven(log):
    problems = verify(log, {"k2": AUDIT_KEY}).problems

    assert [(one.kind, one.first, one.last) for one in problems] == [("unproven", 1, ROWS)]
    assert "'k1'" in problems[0].detail


def test_older_rows_verify_with_the_older_key(log, log_app, tmp_path):
    url = log.url.render_as_string(hide_password=False)
    newer = configuration(
        url,
        tmp_path,
        AUDIT_KEY="a newer key of at least thirty-two characters",
        AUDIT_KEY_ID="k2",
        AUDIT_KEY_FALLBACKS=f"k1={AUDIT_KEY}",
    )
    log_app.extensions["config"] = newer
    audit.record_outside(AuditType.SEEDED, Thing(), system_viewer("tests"))

    assert verify(log, newer.audit_keys).ok
    assert not verify(log, {"k1": AUDIT_KEY}).ok


def test_the_commands(log, log_app, forge, tmp_path):
    run = command_of(log_app)
    kept = tmp_path / "anchors"
    kept.write_text(run("audit", "anchor").output)

    whole = run("audit", "verify", "--anchor", str(kept))
    assert (whole.exit_code, whole.output) == (0, f"{ROWS} rows: whole, 1 anchors held\n")

    forge("UPDATE audit_event SET reason = 'x' WHERE seq = 3")
    broken = run("audit", "verify", "--json")
    verdict = json.loads(broken.output)
    assert broken.exit_code == 1
    assert (verdict["ok"], verdict["problems"][0]["kind"], verdict["problems"][0]["first"]) == (
        False,
        "changed",
        3,
    )
    assert run("audit", "verify").output.startswith("row 3 changed: ")


def test_an_export_is_whole_and_logged(log_app, tmp_path):
    run = command_of(log_app)
    target = tmp_path / "log.jsonl"

    assert run("audit", "export", "--json", "--out", str(target)).exit_code == 0

    lines = [json.loads(line) for line in target.read_text("utf-8").splitlines()]
    assert [line["seq"] for line in lines] == list(range(1, ROWS + 2))
    assert json.loads(lines[4]["values"]) == {"number": 5}
    assert lines[-1]["type"] == "log_exported"
    assert {"actor_id", "unit_id"}.isdisjoint(lines[0])


def test_an_export_of_days_leaves_the_others_out(log_app):
    run = command_of(log_app)

    assert run("audit", "export", "--until", "2020-01-01").output == ""
    assert len(run("audit", "export", "--since", "2020-01-01").output.splitlines()) == ROWS + 2


def test_memory_does_not_grow_with_a_log_that_is_broken_throughout(log, forge):
    """Every row touched: told as one stretch, and the trying out of origins is bounded."""
    forge("UPDATE audit_event SET address = 'x'")

    assert found(log) == [("changed", 1, ROWS)]


def test_problems_read_as_sentences(log, forge):
    forge("DELETE FROM audit_event WHERE seq BETWEEN 4 AND 6")

    problem: Any = verify(log, KEYS).problems[0]

    assert str(problem).startswith("rows 4 to 6 removed: not there any more")
