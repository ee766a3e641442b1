"""Databases for tests: one filled template a worker, copied for each test, on either engine."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, make_url

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


#: Puts back the tables and sequences that a test changed; a database made anew takes ten times as long.
#: With session_replication_role "replica" neither the log's triggers nor foreign keys stand in the way.
_RESTORE = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.digests (name text, digest text);
CREATE TABLE pristine.sequences AS
  SELECT quote_ident(sequencename) AS name, last_value FROM pg_sequences WHERE schemaname = 'public';
CREATE FUNCTION pristine.digest(name text) RETURNS text AS $$
DECLARE found text;
BEGIN
  EXECUTE format(
    'SELECT count(*) || '':'' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM public.%I t', name
  ) INTO found;
  RETURN found;
END $$ LANGUAGE plpgsql;
DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', 'table_' || t, t);
    INSERT INTO pristine.digests VALUES (t, pristine.digest(t));
  END LOOP;
END $$;
CREATE FUNCTION pristine.restore() RETURNS void AS $$
DECLARE d record; s record;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR d IN SELECT * FROM pristine.digests LOOP
    IF pristine.digest(d.name) <> d.digest THEN
      EXECUTE format('DELETE FROM public.%I', d.name);
      EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', d.name, 'table_' || d.name);
    END IF;
  END LOOP;
  FOR s IN SELECT * FROM pristine.sequences LOOP
    PERFORM setval(('public.' || s.name)::regclass, coalesce(s.last_value, 1), s.last_value IS NOT NULL);
  END LOOP;
END $$ LANGUAGE plpgsql;
"""


class PostgresEngine:
    """A database on the server of TEST_POSTGRES_URL, put back as it was for each test."""

    name = "postgresql"

    def __init__(self, server_url: str, worker: str):
        self.admin = make_url(server_url)
        self.database = f"register_test_{worker}"

    @property
    def url(self) -> str:
        return self.admin.set(database=self.database).render_as_string(hide_password=False)

    def make_template(self, fill: Callable[[], None]) -> None:
        """Runs `fill` on the database at `url` and keeps a copy of each table beside it."""
        self._run(self.admin, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._run(self.admin, f"CREATE DATABASE {self.database}")
        fill()
        self._run(make_url(self.url), _RESTORE)

    def fresh(self) -> None:
        """Puts the template's state back; whoever is still connected is thrown out first."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        self._run(make_url(self.url), f"{others} AND pid <> pg_backend_pid(); SELECT pristine.restore()")

    def close(self) -> None:
        """Drops the database."""
        self._run(self.admin, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def _run(self, url: URL, script: str) -> None:
        engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            # Several statements in one string go past the driver's prepared statements.
            connection.connection.driver_connection.execute(script)  # type: ignore[union-attr]
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
