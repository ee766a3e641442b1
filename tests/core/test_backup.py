"""Copies of a running register: backup and restore, move to another database; the copy is the same."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from accounts.models import User
from core import audit_check, migrate
from core.db import db
from core.dump import canonical_lines
from core.files import Document, path_of
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


@pytest.fixture
def new_register(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """`new_register("name")`: an application over an empty database and a files folder of its own."""
    opened = []

    def make(name: str) -> Flask:
        holder = empty_database(tmp_path)
        opened.append(holder)
        folder = tmp_path / name
        folder.mkdir()
        return small_app(configuration(holder.__enter__(), folder), [small_subject()])

    yield make
    for holder in opened:
        holder.__exit__(None, None, None)


@pytest.fixture
def filled(new_register: Callable[..., Flask]) -> Flask:
    """A register with the small demo, several times over."""
    app = new_register("filled")
    run = command_of(app)
    assert run("migrate", "up").exit_code == 0
    assert run("seed", "--people", "9000").exit_code == 0
    return app


def dump_of(app: Flask) -> list[str]:
    with running(app):
        return [*canonical_lines()]


def verdict_of(app: Flask) -> audit_check.Verdict:
    with running(app) as engine:
        return audit_check.verify(engine, app.extensions["config"].audit_keys)


def test_a_restored_backup_is_the_register(filled, new_register, tmp_path):
    target = tmp_path / "copy"
    assert command_of(filled)("backup", str(target)).exit_code == 0
    other = new_register("other")

    restored = command_of(other)("restore", str(target))

    assert restored.exit_code == 0, restored.output
    lines = dump_of(other)
    assert lines == dump_of(filled)
    assert sum('"table":"user"' in line for line in lines) == 8
    assert verdict_of(other).ok
    assert verdict_of(other).rows == verdict_of(filled).rows


def test_files_come_along_and_new_rows_get_new_ids(filled, new_register, tmp_path):
    command_of(filled)("backup", str(tmp_path / "copy"))
    other = new_register("other")
    command_of(other)("restore", str(tmp_path / "copy"))

    with running(other):
        names = {row.sha256: path_of(row.sha256).read_bytes() for row in db.session.scalars(select(Document))}
        highest = max(db.session.scalars(select(User.id)))
        add_account(by=system_viewer("tests"))
        newest = max(db.session.scalars(select(User.id)))
    assert len(names) == 4
    assert {body[:8] for body in names.values()} == {b"%PDF-1.7"}
    assert newest > highest


def test_backups_taken_while_others_write_are_whole(filled, new_register, tmp_path):
    stop = threading.Event()

    def write() -> int:
        with running(filled):
            by, written = system_viewer("a writer"), 0
            while not stop.is_set():
                make_small_demo(by=by, multiple=1, start=100 + written)
                written += 1
            return written

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        taken = [command_of(filled)("backup", str(tmp_path / f"copy{number}")) for number in range(3)]
        stop.set()
        assert writer.result(30) > 0

    for number, backed_up in enumerate(taken):
        assert backed_up.exit_code == 0, backed_up.output
        other = new_register(f"other{number}")
        assert command_of(other)("restore", str(tmp_path / f"copy{number}")).exit_code == 0
        assert verdict_of(other).ok
        with running(other):
            documents = db.session.scalars(select(Document.sha256)).all()
            assert all(path_of(sha256).exists() for sha256 in documents)
            assert len(db.session.scalars(select(User.id)).all()) == 2 * len(documents)


def test_a_backup_never_overwrites(filled, tmp_path):
    (tmp_path / "copy").mkdir()

    refused = command_of(filled)("backup", str(tmp_path / "copy"))

    assert refused.exit_code == 1
    assert "is there already" in refused.output
    assert [*(tmp_path / "copy").iterdir()] == []


def test_only_an_empty_register_takes_a_backup(filled, tmp_path):
    command_of(filled)("backup", str(tmp_path / "copy"))
    before = dump_of(filled)

    refused = command_of(filled)("restore", str(tmp_path / "copy"))

    assert refused.exit_code == 1
    assert "not empty" in refused.output
    assert dump_of(filled) == before


def test_a_migrated_but_unused_register_takes_a_backup(filled, new_register, tmp_path):
    command_of(filled)("backup", str(tmp_path / "copy"))
    other = new_register("other")
    command_of(other)("migrate", "up")

    assert command_of(other)("restore", str(tmp_path / "copy")).exit_code == 0
    assert dump_of(other) == dump_of(filled)
    assert verdict_of(other).ok


@pytest.mark.parametrize("part", ["database", "file", "manifest"])
def test_a_damaged_backup_is_refused_before_anything_is_written(filled, new_register, tmp_path, part):
    target = tmp_path / "copy"
    command_of(filled)("backup", str(target))
    manifest = json.loads((target / "manifest.json").read_text())
    if part == "manifest":
        (target / "manifest.json").unlink()
    else:
        damaged = (
            target / manifest["database"] if part == "database" else target / "files" / manifest["files"][0]
        )
        damaged.write_bytes(damaged.read_bytes()[:-1])
    other = new_register("other")

    refused = command_of(other)("restore", str(target))

    assert refused.exit_code == 1
    assert "damaged" in refused.output or "no whole backup" in refused.output
    with running(other) as engine:
        assert migrate.current(engine) is None
    assert not (tmp_path / "other" / "files").exists()


def test_a_lost_file_is_told_and_the_rest_is_saved(filled, tmp_path):
    with running(filled):
        path_of(db.session.scalars(select(Document.sha256)).first() or "").unlink()

    told = command_of(filled)("backup", str(tmp_path / "copy"))

    assert told.exit_code == 0
    assert "file missing" in told.output
    assert len(json.loads((tmp_path / "copy" / "manifest.json").read_text())["missing_files"]) == 1


def test_a_backup_can_be_read_by_its_owner_only(filled, tmp_path):
    command_of(filled)("backup", str(tmp_path / "copy"))
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())

    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert (tmp_path / "copy" / manifest["database"]).stat().st_mode & 0o077 == 0


def test_nothing_to_back_up_is_said(new_register, tmp_path):
    refused = command_of(new_register("other"))("backup", str(tmp_path / "copy"))

    assert refused.exit_code == 1
    assert "no register" in refused.output
    assert not (tmp_path / "copy").exists()


def test_a_moved_register_is_the_same(filled, new_register):
    other = new_register("other")

    moved = command_of(filled)("move", "--to", other.extensions["config"].database_url)

    assert moved.exit_code == 0, moved.output
    assert "the log verifies there" in moved.output
    assert dump_of(other) == dump_of(filled)
    with running(other) as engine:
        assert migrate.differences(engine) == []


@pytest.mark.postgres
def test_sqlite_moves_to_postgresql(tmp_path, new_register):
    small = tmp_path / "small"
    small.mkdir()
    source = small_app(configuration(f"sqlite:///{small}/register.sqlite3", small), [small_subject()])
    run = command_of(source)
    run("migrate", "up")
    run("seed", "--people", "6000")
    target = new_register("target")

    moved = run("move", "--to", target.extensions["config"].database_url)

    assert moved.exit_code == 0, moved.output
    assert dump_of(target) == dump_of(source)
    assert verdict_of(target).ok
    assert verdict_of(target).rows == verdict_of(source).rows
    with running(target):
        add_account(by=system_viewer("tests"))
        assert len(db.session.scalars(select(User)).all()) == 7


def test_a_filled_database_is_no_target(filled, new_register):
    other = new_register("other")
    command_of(other)("migrate", "up")

    refused = command_of(filled)("move", "--to", other.extensions["config"].database_url)

    assert refused.exit_code == 1
    assert "not empty" in refused.output


def test_backups_stand_alone(filled, new_register, tmp_path):
    """Carried to another machine: nothing in it points back to where it was taken."""
    command_of(filled)("backup", str(tmp_path / "copy"))
    shutil.move(tmp_path / "copy", tmp_path / "elsewhere")
    other = new_register("other")

    assert command_of(other)("restore", str(tmp_path / "elsewhere")).exit_code == 0
    with running(other) as engine:
        assert "person" in inspect(engine).get_table_names()
