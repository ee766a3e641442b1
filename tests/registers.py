"""Empty databases and a small application over them, for tests of what runs before there is a register."""

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import Babel
from sqlalchemy import create_engine, make_url

from core import cli
from core.config import Config, flask_settings, load
from core.db import db
from core.health import bp as health
from core.ids import UidConverter
from core.subjects import Subject, register
from tests.postgres_server import VARIABLE

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
    cli.init_app(app)
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
