"""Databases for tests: one filled template a worker, copied for each test, on either engine."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, make_url

from tests.postgres_server import VARIABLE


class SqliteEngine:
    """A template file copied with SQLite's own backup (about 2 ms)."""

    name = "sqlite"

    def __init__(self, folder: Path, worker: str):
        self.template = folder / f"template-{worker}.sqlite3"
        self.path = folder / f"test-{worker}.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def make_template(self, fill: Callable[[], None]) -> None:
        """Runs `fill` on the database at `url` and keeps the result as the template."""
        fill()
        _copy(self.path, self.template)

    def fresh(self) -> None:
        """Puts the template's state back."""
        for suffix in ("-wal", "-shm", ""):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        _copy(self.template, self.path)

    def close(self) -> None:
        """Nothing to stop."""


class PostgresEngine:
    """A template database on the server of TEST_POSTGRES_URL, cloned for each test."""

    name = "postgresql"

    def __init__(self, server_url: str, worker: str):
        self.admin = make_url(server_url)
        self.database = f"register_test_{worker}"
        self.template = f"register_template_{worker}"

    @property
    def url(self) -> str:
        return self.admin.set(database=self.database).render_as_string(hide_password=False)

    def make_template(self, fill: Callable[[], None]) -> None:
        """Runs `fill` on the database at `url` and keeps the result as the template."""
        self._run(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._run(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.database}")
        fill()
        self._run(f"ALTER DATABASE {self.database} RENAME TO {self.template}")

    def fresh(self) -> None:
        """Puts the template's state back."""
        self._run(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._run(f"CREATE DATABASE {self.database} TEMPLATE {self.template} STRATEGY FILE_COPY")

    def close(self) -> None:
        """Drops both databases."""
        self._run(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._run(f"DROP DATABASE IF EXISTS {self.template} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = create_engine(self.admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def engine_for(folder: Path, worker: str) -> SqliteEngine | PostgresEngine:
    """PostgreSQL where the environment names a server, else SQLite."""
    server = os.environ.get(VARIABLE)
    return PostgresEngine(server, worker) if server else SqliteEngine(folder, worker)


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    with sqlite3.connect(source) as one, sqlite3.connect(target) as two:
        one.backup(two)
    one.close()
    two.close()
