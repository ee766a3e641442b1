"""The kernel's commands: what they do, their exit codes, and what a program reads from them."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest
from click import Group
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy import func, select

from accounts.models import User
from app import create_app
from core import cli, demo, law, marks, migrate, serve
from core.db import db
from core.errors import Unprocessable
from core.files import Document, path_of
from core.schema import drop_triggers
from core.scope import system_viewer
from tests.registers import (
    add_account,
    command_of,
    configuration,
    empty_database,
    make_small_demo,
    running,
    small_app,
    small_subject,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def new_app(tmp_path: Path) -> Iterator[Flask]:
    """A small application over a database that holds nothing."""
    with empty_database(tmp_path) as url:
        yield small_app(configuration(url, tmp_path), [small_subject()])


@pytest.fixture
def run(new_app: Flask) -> Callable[..., Any]:
    return command_of(new_app)


def production(app: Flask) -> Flask:
    """The same application as if it ran in production."""
    app.extensions["config"] = replace(app.extensions["config"], environment="production")
    return app


def accounts() -> int:
    return db.session.scalar(select(func.count(User.id))) or 0


# --- preparing and serving ------------------------------------------------------------------------
def test_the_first_start_makes_the_register_and_the_demo(new_app):
    told: list[str] = []

    with running(new_app) as engine:
        serve.prepare(told.append, empty=False)

        assert migrate.differences(engine) == []
        assert accounts() == 2
        assert marks.is_demo()
    assert "two accounts" in told
    assert told[0] == "Preparing the database …"


def test_the_second_start_does_nothing(new_app):
    with running(new_app):
        serve.prepare(lambda _line: None, empty=False)
        told: list[str] = []
        serve.prepare(told.append, empty=False)

        assert told == []
        assert accounts() == 2


def test_an_empty_start_makes_no_demo(new_app):
    with running(new_app):
        serve.prepare(lambda _line: None, empty=True)

        assert accounts() == 0
        assert not marks.is_demo()


def test_a_register_in_use_never_gets_the_demo(new_app):
    with running(new_app):
        serve.prepare(lambda _line: None, empty=True)
        add_account(by=system_viewer("tests"))
        serve.prepare(lambda _line: None, empty=False)

        assert accounts() == 1
        with pytest.raises(Unprocessable, match="not empty"):
            demo.make_demo(lambda _line: None)


def test_a_demo_cut_short_is_made_anew(new_app):
    def stop_after_some(_line: str) -> None:
        raise KeyboardInterrupt

    with running(new_app):
        serve.prepare(lambda _line: None, empty=True)
        with pytest.raises(KeyboardInterrupt):
            demo.make_demo(stop_after_some)
        db.session.remove()
        assert demo.was_cut_short()
        told: list[str] = []
        serve.prepare(told.append, empty=False)

        assert "cut short" in told[0]
        assert accounts() == 2
        assert not demo.was_cut_short()


def test_the_address_and_a_sign_in_of_each_kind_are_printed(new_app):
    with running(new_app):
        serve.prepare(lambda _line: None, empty=False)
        told: list[str] = []
        serve.greet(told.append, "127.0.0.1:8000")

    assert "http://127.0.0.1:8000" in told[0]
    assert any(line.split() == ["Officer", "first0", "a-demo-password"] for line in told)


def test_no_sign_in_is_printed_for_a_real_register(new_app):
    with running(new_app):
        serve.prepare(lambda _line: None, empty=True)
        told: list[str] = []
        serve.greet(told.append, "127.0.0.1:8000")

    assert "a-demo-password" not in "".join(told)


@pytest.mark.parametrize(
    "command", [["serve"], ["demo"], ["seed", "--people", "5"], ["migrate", "new", "Something"]]
)
def test_what_is_for_development_is_refused_in_production(new_app, command):
    refused = command_of(production(new_app))(*command)

    assert refused.exit_code == 1
    assert "docs/operations.md" in refused.output


def test_a_taken_port_is_said_before_any_work(run, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run("serve", "--port", str(other.getsockname()[1]))

    assert refused.exit_code == 1
    assert "is taken" in refused.output
    assert list(tmp_path.glob("*.sqlite3")) == []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(url: str, seconds: float = 60) -> str:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - loopback
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_serve_answers_and_ends_when_told(tmp_path):
    """The whole program in a process of its own, as `make run EMPTY=1` starts it."""
    with empty_database(tmp_path) as url:
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "DATA_FOLDER": str(tmp_path / "data"),
            "DATABASE_URL": url,
        }
        command = [sys.executable, "-m", "flask", "serve", "--empty", "--port", str(port)]
        log = (tmp_path / "log").open("wb")
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            assert answer(f"http://127.0.0.1:{port}/healthz") == "ok\n"
            assert answer(f"http://127.0.0.1:{port}/readyz") == "ok\n"
        finally:
            server.send_signal(signal.SIGTERM)
            code = server.wait(20)
            log.close()

    assert code == 0, (tmp_path / "log").read_text("utf-8")
    assert f"http://127.0.0.1:{port}" in (tmp_path / "log").read_text("utf-8")


def test_a_multiple_holds_at_least_so_many_people():
    assert [demo.multiple_for(people) for people in (1, 2_587, 2_588, 25_870)] == [1, 1, 2, 10]


# --- the list of addresses ------------------------------------------------------------------------
def test_every_address_is_listed_with_its_policy(app):
    listed = json.loads(command_of(app)("addresses", "--json").output)

    assert {(row["rule"], row["endpoint"]) for row in listed} == {
        (rule.rule, rule.endpoint) for rule in app.url_map.iter_rules()
    }
    assert all(row["policy"] for row in listed)
    assert {row["rule"]: row for row in listed}["/healthz"] == {
        "rule": "/healthz",
        "endpoint": "health.alive",
        "methods": ["GET"],
        "parameters": {},
        "policy": "public",
        "writes": False,
    }


def test_identifiers_in_addresses_are_named_with_their_kind(app):
    listed = json.loads(command_of(app)("addresses", "--json").output)
    kinds = {kind for row in listed for kind in row["parameters"].values()}

    assert "uid" in kinds
    assert [row["rule"] for row in listed if re.search(r"<int:", row["rule"])] == []
    assert any(row["writes"] for row in listed)


# --- rules in force -------------------------------------------------------------------------------
def test_rules_are_listed_and_added(new_app, run):
    run("migrate", "up")
    before = json.loads(run("law", "list", "--json").output)
    added = run(
        *("law", "add", "tests.limit", "--value", "24", "--from", "2026-03-01"),
        *("--basis", "Nghị định 1/2026", "--certainty", "V", "--category", "cadre"),
    )

    assert added.exit_code == 0, added.output
    new = [row for row in json.loads(run("law", "list", "--json").output) if row not in before]
    assert new == [
        {
            "code": "tests.limit",
            "categories": ["cadre"],
            "value": 24,
            "valid_from": "2026-03-01",
            "valid_to": None,
            "legal_basis": "Nghị định 1/2026",
            "certainty": "V",
            "note": None,
        }
    ]
    assert len(run("law", "list", "--code", "tests.").output.splitlines()) == 1
    with running(new_app):
        found = law.rule("tests.limit", on=date(2026, 3, 1), category="cadre")
        assert found is not None
        assert found.value == 24
        assert law.rule("tests.limit", on=date(2026, 2, 28), category="cadre") is None


def test_a_rule_from_an_earlier_day_than_the_running_one_is_refused(run):
    run("migrate", "up")
    options = ("--basis", "x", "--certainty", "M", "--value", "1")
    assert run("law", "add", "tests.limit", "--from", "01/03/2026", *options).exit_code == 0

    refused = run("law", "add", "tests.limit", "--from", "01/02/2026", *options)

    assert refused.exit_code == 1
    assert refused.output.startswith("Error: ")


def test_a_value_that_is_no_json_is_one_line(run):
    run("migrate", "up")
    refused = run(
        *("law", "add", "x", "--value", "{", "--from", "2026-03-01", "--basis", "x", "--certainty", "M")
    )

    assert refused.exit_code == 1
    assert len(refused.output.splitlines()) == 1


# --- doctor ---------------------------------------------------------------------------------------
def examined(app: Flask, *options: str) -> tuple[int, dict[str, tuple[str, str]]]:
    found = command_of(app)("doctor", "--json", *options)
    return found.exit_code, {row["check"]: (row["state"], row["detail"]) for row in json.loads(found.output)}


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Flask]:
    """The whole application over a database of its own, made by migrations."""
    with empty_database(tmp_path) as url:
        made = create_app(configuration(url, tmp_path))
        assert command_of(made)("migrate", "up").exit_code == 0
        yield made
        with running(made):
            pass


def test_a_sound_register_has_no_fault(whole):
    code, found = examined(whole)
    durable = {name: found.pop(name) for name in [*found] if name.startswith("durability ")}
    with running(whole) as engine:
        embedded = engine.dialect.name == "sqlite"

    assert {state for state, _ in found.values()} <= {"ok", "warning"}
    if embedded:
        assert code == 0
        assert durable == {
            "durability journal_mode": ("ok", "wal"),
            "durability synchronous": ("ok", "2"),
            "durability foreign_keys": ("ok", "1"),
        }
    else:  # a server for tests may be set to forget: doctor must say what it is set to
        assert {state for state, detail in durable.values() if detail == "off"} <= {"fault"}
        assert {state for state, detail in durable.values() if detail == "on"} <= {"ok"}
        assert len(durable) == 3
    assert found["log"][0] == "ok"
    assert "default-src 'none'" in found["header Content-Security-Policy"][1]
    assert found["session cookie httponly"] == ("ok", "True")


def test_a_lost_file_is_a_fault_and_a_stray_one_a_warning(whole):
    old = time.time() - 3 * 24 * 3600
    with running(whole):
        make_small_demo(by=system_viewer("tests"), multiple=2)
        documents = sorted(db.session.scalars(select(Document.sha256)))
        path_of(documents[0]).unlink()
        for name in ("a" * 64, "b" * 64):
            stray = path_of(name)
            stray.parent.mkdir(parents=True, exist_ok=True)
            stray.write_bytes(b"left behind")
        os.utime(path_of("a" * 64), (old, old))

        code, found = examined(whole)
        assert code == 1
        assert found["files of rows"] == ("fault", f"1 of 2 missing, first: {documents[0]}")
        assert found["files without a row"] == ("warning", "1 to remove with --sweep")

        examined(whole, "--sweep")
        assert not path_of("a" * 64).exists()
        assert path_of("b" * 64).exists(), "too young: its row may be on the way"
        assert path_of(documents[1]).exists()


def test_a_touched_log_is_a_fault(whole):
    with running(whole) as engine, engine.begin() as connection:
        drop_triggers(connection)
        connection.exec_driver_sql("UPDATE audit_event SET actor_name = 'x' WHERE seq = 1")

    code, found = examined(whole)

    assert code == 1
    assert found["log"][0] == "fault"
    assert "row 1 changed" in found["log"][1]
    assert found["migrations"][0] == "fault"
    assert "trigger missing" in found["migrations"][1]


def test_what_development_may_do_production_may_not(whole):
    assert examined(whole)[1]["secure cookies"][0] == "warning"

    code, found = examined(production(whole))

    assert code == 1
    assert found["secure cookies"][0] == "fault"


def test_an_unmigrated_database_is_a_fault(new_app):
    code, found = examined(new_app)

    assert code == 1
    assert found["migrations"][0] == "fault"


# --- all of them ----------------------------------------------------------------------------------
def test_every_command_explains_itself(new_app):
    run = command_of(new_app)
    found = {name: resolve_name(place) for name, place in cli.COMMANDS.items()}
    names = [[name] for name, command in found.items() if not isinstance(command, Group)]
    names += [
        [name, inner] for name, group in found.items() if isinstance(group, Group) for inner in group.commands
    ]

    for name in names:
        helped = run(*name, "--help")
        assert helped.exit_code == 0
        assert len(helped.output.splitlines()) > 4, name


def test_no_command_hides_behind_one_of_flask_s_own():
    built_in = FlaskGroup(add_version_option=False).commands

    assert {*cli.COMMANDS} & {*built_in} == set()
