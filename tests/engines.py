"""Databases for tests: one a worker, filled once and put back for each test, on either engine."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import psycopg
from sqlalchemy import URL, Engine, make_url

from core import changes
from tests.postgres_server import VARIABLE

#: The state every test starts from unless it asks for another.
CAST = "cast"


class SqliteEngine:
    """A file for each kept state, copied with SQLite's own backup (about 2 ms)."""

    name = "sqlite"

    def __init__(self, folder: Path, worker: str):
        self.folder = folder
        self.path = folder / f"test-{worker}.sqlite3"

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def make_template(self, fill: Callable[[], None]) -> None:
        """Runs `fill` on the database at `url` and keeps the result as the state CAST."""
        fill()
        self.keep(CAST)

    def keep(self, state: str) -> None:
        """Keeps what the database holds now, under a name."""
        _copy(self.path, self._kept(state))

    def fresh(self, state: str = CAST) -> None:
        """Puts a kept state back."""
        for suffix in ("-wal", "-shm", ""):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        _copy(self._kept(state), self.path)

    def release(self, pool: Engine) -> None:
        """After a test: the file will be another one."""
        pool.dispose()

    def close(self) -> None:
        """Nothing to stop."""

    def _kept(self, state: str) -> Path:
        return self.folder / f"kept-{state}.sqlite3"


#: Puts back the tables and sequences that differ from a kept state; a database made anew takes ten times
#: as long. With session_replication_role "replica" neither the log's triggers nor foreign keys stand in
#: the way. The bodies are texts: no object of the register's own schema hangs on another.
_PRISTINE = """
CREATE SCHEMA pristine;
CREATE TABLE pristine.digests (state text, name text, digest text);
CREATE TABLE pristine.sequences (state text, name text, value bigint);
CREATE VIEW pristine.sequences_now AS
  SELECT quote_ident(sequencename) AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public';
DO $make$
DECLARE body text;
BEGIN
  SELECT string_agg(format(
    'SELECT %L, count(*) || '':'' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM public.%I t',
    tablename, tablename), ' UNION ALL ') INTO body FROM pg_tables WHERE schemaname = 'public';
  EXECUTE format('CREATE FUNCTION pristine.now() RETURNS TABLE (name text, digest text) AS %L '
                 'LANGUAGE plpgsql', 'BEGIN RETURN QUERY ' || body || '; END');
END $make$;
CREATE FUNCTION pristine.keep(kept text) RETURNS void AS $$
DECLARE t text;
BEGIN
  INSERT INTO pristine.digests SELECT kept, n.name, n.digest FROM pristine.now() n;
  INSERT INTO pristine.sequences SELECT kept, n.name, n.value FROM pristine.sequences_now n;
  FOR t IN SELECT d.name FROM pristine.digests d WHERE d.state = kept LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', kept || ' ' || t, t);
  END LOOP;
END $$ LANGUAGE plpgsql;
CREATE FUNCTION pristine.restore(kept text) RETURNS void AS $$
DECLARE t text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR t IN SELECT d.name FROM pristine.digests d JOIN pristine.now() n USING (name)
           WHERE d.state = kept AND d.digest <> n.digest LOOP
    EXECUTE format('DELETE FROM public.%I', t);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM pristine.%I', t, kept || ' ' || t);
  END LOOP;
  PERFORM setval(('public.' || s.name)::regclass, coalesce(s.value, 1), s.value IS NOT NULL)
    FROM pristine.sequences s JOIN pristine.sequences_now n USING (name)
    WHERE s.state = kept AND s.value IS DISTINCT FROM n.value;
END $$ LANGUAGE plpgsql;
"""
#: Whoever is still at work or holds a lock is thrown out; a connection that waits for use in a pool may stay.
_CLEAR = """
SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND (a.state <> 'idle' OR EXISTS (SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.granted))
"""


class PostgresEngine:
    """A database on the server of TEST_POSTGRES_URL, put back as it was for each test."""

    name = "postgresql"

    def __init__(self, server_url: str, worker: str):
        self.admin = make_url(server_url)
        self.database = f"register_test_{worker}"
        self._keeper: psycopg.Connection | None = None

    @property
    def url(self) -> str:
        return self.admin.set(database=self.database).render_as_string(hide_password=False)

    def make_template(self, fill: Callable[[], None]) -> None:
        """Runs `fill` on the database at `url` and keeps a copy of each table beside it."""
        with _connected(self.admin) as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {self.database}")
        fill()
        # One connection for all tests: it has the tables' plans and catalogue at hand.
        self._keeper = _connected(make_url(self.url))
        self._keeper.execute(_PRISTINE)
        self.keep(CAST)

    def keep(self, state: str) -> None:
        """Keeps what the database holds now, under a name."""
        assert self._keeper is not None
        self._keeper.execute("SELECT pristine.keep(%s)", [state])

    def fresh(self, state: str = CAST) -> None:
        """Puts a kept state back; whoever is still at work is thrown out first."""
        assert self._keeper is not None
        self._keeper.execute(_CLEAR)
        self._keeper.execute("SELECT pristine.restore(%s)", [state])
        changes._count()  # as a new connection would: what was kept in memory was made of other data

    def release(self, pool: Engine) -> None:
        """After a test: connections stay open for the next one, a new one costs 20 ms."""

    def close(self) -> None:
        """Drops the database."""
        if self._keeper is not None:
            self._keeper.close()
        with _connected(self.admin) as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


def _connected(url: URL) -> psycopg.Connection:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


class KeptStates:
    """States of the register that are dear to make: each is made once, then put back."""

    def __init__(self, engine: SqliteEngine | PostgresEngine, files: Path, folder: Path):
        self.engine, self._files, self._folder = engine, files, folder
        self._values: dict[str, object] = {}

    def ask(self, name: str, make: Callable[[], object]) -> object:
        """A copy of what `make` returned, with database and files as they stood after it."""
        copies = self._folder / name
        if name in self._values:
            self.engine.fresh(name)
            shutil.copytree(copies, self._files, copy_function=_link_missing, dirs_exist_ok=True)
        else:
            self._values[name] = make()
            self.engine.keep(name)
            # Links do: a file of the register is named by its content and never written again.
            shutil.copytree(self._files, copies, copy_function=_link_missing)
        return deepcopy(self._values[name])


def _link_missing(source: str, target: str) -> None:
    if not Path(target).exists():
        os.link(source, target)


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
