"""Empty databases and a small application over them, for tests of what runs before there is a register."""

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from flask_babel import Babel
from sqlalchemy import create_engine, make_url, select

from accounts.models import User
from core import audit, cli
from core.actions import action
from core.clock import now
from core.config import Config, flask_settings, load
from core.db import db
from core.dump import Rows
from core.files import record_document, store
from core.health import bp as health
from core.ids import UidConverter
from core.scope import Viewer
from core.subjects import Subject, register
from tests.postgres_server import VARIABLE

LAW = Path(__file__).parents[1] / "hr" / "people" / "law.toml"
AUDIT_KEY = "audit-key-of-at-least-thirty-two-characters"


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a database that holds nothing: a file that is not there yet, or a new one on the
    PostgreSQL server of the environment, dropped afterwards."""
    server = os.environ.get(VARIABLE)
    if not server:
        yield f"sqlite:///{folder / f'{uuid.uuid4().hex[:8]}.sqlite3'}"
        return
    name = f"empty_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def configuration(url: str, folder: Path, **settings: str) -> Config:
    """A configuration for tests over the database at `url`."""
    return load(
        {
            "ENVIRONMENT": "test",
            "DATABASE_URL": url,
            "SECRET_KEY": "secret-key-of-at-least-thirty-two-characters",
            "AUDIT_KEY": AUDIT_KEY,
            "FILES_URL": str(folder / "files"),
            **settings,
        }
    )


def small_app(config: Config, subjects: Sequence[Subject] = ()) -> Flask:
    """An application of the kernel alone, with these subjects: database, commands, health."""
    app = Flask("small", static_folder=None)
    app.url_map.converters["uid"] = UidConverter
    app.extensions["config"] = config
    app.config.update(flask_settings(config))
    Babel(app)
    db.init_app(app)
    app.register_blueprint(health)
    register(app, subjects)
    cli.init_app(app, {})
    return app


@contextmanager
def running(app: Flask) -> Iterator[Any]:
    """An application context whose connections are closed behind it; yields the engine."""
    with app.app_context():
        try:
            yield db.engine
        finally:
            db.session.remove()
            db.engine.dispose()


Command = Callable[..., Any]


def command_of(app: Flask) -> Command:
    """`run("migrate", "up")` runs a command and answers with click's result."""
    runner = app.test_cli_runner()

    def run(*arguments: str, **options: Any) -> Any:
        return runner.invoke(args=list(arguments), **options)

    return run


def small_demo(*, by: Viewer, tell: Callable[[str], None], multiple: int = 1) -> None:
    """A demo of two accounts, one of which disabled the other, and a file each time."""
    make_small_demo(by=by, multiple=multiple)
    tell("two accounts")


@action(None)
def make_small_demo(*, by: Viewer, multiple: int, start: int = 0) -> None:
    """Rows that point to their own table, backwards and forwards, and a file."""
    for number in range(start, start + multiple):
        first, second = (_account(f"{name}{number}") for name in ("first", "second"))
        db.session.add_all((second, first))
        db.session.flush()
        second.disabled_by_id, second.disabled_at, second.active = first.id, now(), False
        first.created_by_id = second.id if number else None
        stored = store(BytesIO(b"%PDF-1.7\n" + str(number).encode()), name=f"paper {number}.pdf")
        record_document(by=by, stored=stored)
    audit.record(audit.AuditType.SEEDED, "user", values={"multiple": multiple})


@action(None)
def add_account(*, by: Viewer) -> User:
    """One account more."""
    account = _account("another")
    db.session.add(account)
    db.session.flush()
    audit.record(audit.AuditType.ACCOUNT_CREATED, account)
    return account


def small_dump() -> Iterator[tuple[str, Rows]]:
    """The accounts by name."""
    users = db.session.scalars(select(User))
    yield (
        "user",
        [{"username": row.username, "name": row.display_name, "active": row.active} for row in users],
    )


def small_subject() -> Subject:
    """A subject with every hook the commands ask."""
    return Subject(
        blueprint=Blueprint("small_subject", __name__),
        law=LAW,
        demo="tests.registers:small_demo",
        dump=small_dump,
        sign_ins=lambda: [("Officer", "first0", "a-demo-password")],
    )


def _account(name: str) -> User:
    return User(
        username=name,
        display_name=f"Tên {name}",
        name_key=name,
        name_fold=name,
        password="-",
        fs_uniquifier=name,
    )
