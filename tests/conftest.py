"""Shared fixtures: one application a worker, a fresh copy of the filled database for each test.

The code under test commits as it likes; the next test starts from the template again.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import create_app
from core.config import load
from core.db import db
from core.scope import Viewer, bind_viewer, current_viewer, system_viewer
from tests import cast
from tests.client import CheckedClient
from tests.engines import KeptStates, PostgresEngine, SqliteEngine, engine_for
from tests.personas import CAST
from tests.postgres_server import VARIABLE

#: The legal date of the tests.
TODAY = date(2026, 7, 15)
#: Names of the modules that make databases beside the worker's.
MAKERS = re.compile(r"^from tests\.(registers|postgres_server|engines) import", re.MULTILINE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skips what is of the other engine. In the PostgreSQL run, tests that ask for no database are left
    out: they say the same on every engine and run with the embedded one."""
    postgres = bool(os.environ.get(VARIABLE))
    if postgres:
        left_out = [item for item in items if not asks_for_database(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if asks_for_database(item)]
    for item in items:
        if item.get_closest_marker("postgres") and not postgres:
            item.add_marker(pytest.mark.skip(reason="PostgreSQL only: make test-postgres"))
        if item.get_closest_marker("sqlite") and postgres:
            item.add_marker(pytest.mark.skip(reason="SQLite only"))


def asks_for_database(item: pytest.Item) -> bool:
    """Whether a test asks for the worker's database, or its file or folder makes databases of its own."""
    asked = "engine" in getattr(item, "fixturenames", ()) or item.get_closest_marker("postgres") is not None
    return asked or _makes_databases(item.path) or _makes_databases(item.path.with_name("conftest.py"))


@cache
def _makes_databases(file: Path) -> bool:
    return file.exists() and MAKERS.search(file.read_text("utf-8")) is not None


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteEngine | PostgresEngine]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    chosen = engine_for(tmp_path_factory.mktemp("database"), worker)
    yield chosen
    chosen.close()


@pytest.fixture(scope="session")
def settings(engine: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    environment = {
        "ENVIRONMENT": "test",
        "DATABASE_URL": engine.url,
        "SECRET_KEY": "test-secret-key-of-at-least-32-characters",
        "AUDIT_KEY": "test-audit-key-of-at-least-32-characters!",
        "FILES_URL": str(tmp_path_factory.mktemp("files")),
    }
    return load(environment)


@pytest.fixture(scope="session")
def whole_app(engine: Any, settings: Any) -> Iterator[Flask]:
    """The application of this worker over a template filled with units, rules and the cast."""
    os.environ["CLOCK"] = TODAY.isoformat()
    app = create_app(settings)
    app.test_client_class = CheckedClient
    app.config["TESTING"] = True

    def fill() -> None:
        with app.app_context():
            cast.fill(app)
            db.session.remove()
            db.engine.dispose()

    engine.make_template(fill)
    # A "no" is asked for again after each change: no test's count of statements holds it.
    app.extensions["is_demo"] = False
    yield app
    os.environ.pop("CLOCK", None)


@pytest.fixture
def app(whole_app: Flask, engine: Any) -> Iterator[Flask]:
    """The application with a database as the template has it."""
    engine.fresh()
    yield whole_app
    assert current_viewer() is None, "a viewer was left bound"
    with whole_app.app_context():
        db.session.remove()
        engine.release(db.engine)


@pytest.fixture(scope="session")
def kept_states(engine: Any, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> KeptStates:
    """What `made_once` has made on this worker."""
    return KeptStates(engine, Path(settings.files_url), tmp_path_factory.mktemp("kept"))


@pytest.fixture
def made_once(app: Flask, kept_states: KeptStates) -> Callable[[str, Callable[[], Any]], Any]:
    """`made_once("a world", make)`: what `make()` returned, run once a worker; for every later test the
    database and files are put back as they stood after it, and it gets a copy of the value.

    Whatever the test wrote before is gone then: ask first, sign in afterwards.
    """

    def ask(name: str, make: Callable[[], Any]) -> Any:
        with app.app_context():
            db.session.remove()
            kept_states.engine.release(db.engine)
        return kept_states.ask(name, make)

    return ask


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An application context, for tests below the web."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture
def system(context: Flask) -> Iterator[Viewer]:
    """An application context with a viewer who sees and may do everything."""
    viewer = system_viewer("tests", TODAY)
    with bind_viewer(viewer):
        yield viewer


@pytest.fixture
def as_viewer(context: Flask) -> Callable[[str], AbstractContextManager[Viewer]]:
    """`with as_viewer("chair_a") as viewer:` binds the viewer that sign-in would give the persona."""

    @contextmanager
    def bind(persona: str) -> Iterator[Viewer]:
        db.session.rollback()
        db.session.expunge_all()
        viewer = cast.viewer_of(persona)
        with bind_viewer(viewer):
            yield viewer

    return bind


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """A browser that is not signed in."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def client_as(app: Flask) -> Callable[[str], CheckedClient]:
    """`client_as("home_affairs")`: a browser signed in as the persona."""

    def make(persona: str) -> CheckedClient:
        assert persona in CAST
        found: CheckedClient = app.test_client()  # type: ignore[assignment]
        cast.sign_in(app, found, persona)
        return found

    return make


class Statements(list[str]):
    """SQL statements sent to the database; transaction control, PRAGMA and what PostgreSQL has in its
    place (SET LOCAL) left out."""


@pytest.fixture
def count_statements(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with count_statements() as sent:` collects every statement of all connections."""

    @contextmanager
    def counting() -> Iterator[Statements]:
        sent = Statements()

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if (
                not statement.lstrip()
                .upper()
                .startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "SET LOCAL"))
            ):
                sent.append(statement)

        with app.app_context():
            target = db.engine
        event.listen(target, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(target, "before_cursor_execute", note)

    return counting


@pytest.fixture
def data_folder() -> Path:
    """Files the tests bring along."""
    return Path(__file__).parent / "data"


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Moves the legal date for one test."""

    def move(day: date) -> None:
        monkeypatch.setenv("CLOCK", day.isoformat())

    return move


@pytest.fixture
def still_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """Form tokens carry the second they were signed in: here it stands, so equal pages are equal bytes."""
    second = int(time.time())
    monkeypatch.setattr("itsdangerous.timed.TimestampSigner.get_timestamp", lambda _self: second)


def without(viewer: Viewer, *permissions: Any) -> Viewer:
    """`viewer` less some permissions."""
    return replace(viewer, permissions=viewer.permissions - set(permissions))
