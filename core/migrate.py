"""Migrations: a connection of their own and one transaction per revision, on both engines.

Alembic alone would leave a killed migration half applied on SQLite, fail on a parent table while
foreign keys are on, and drop the log's triggers when it rebuilds a table: all three are met here.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations.ops import DropTableOp
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, NullPool, create_engine, func, inspect, select
from sqlalchemy.types import TypeDecorator

from core import revisions
from core.audit import POSTGRESQL_TRIGGERS, SQLITE_TRIGGERS, AuditEvent, AuditHead
from core.clock import now
from core.db import Base, KeyText, UtcDateTime, is_sqlite
from core.gate import writer_lock
from core.revisions import MigrationError, Told, current, head
from core.schema import create_head, create_triggers, drop_triggers

#: One number for everybody who migrates: on PostgreSQL the second of two waits for the first.
_LOCK = 0x50C0_6A55


@contextmanager
def own_connection(engine: Engine) -> Iterator[Connection]:
    """A connection outside the pool, writing at once, with foreign keys off on SQLite: they cannot
    be switched inside a transaction, and are checked before each commit instead."""
    options = {"connect_args": {"timeout": 30}} if is_sqlite(engine) else {}
    own = create_engine(engine.url, poolclass=NullPool, **options)
    try:
        with own.connect() as connection:
            if is_sqlite(engine):
                driver: Any = connection.connection.dbapi_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            yield connection.execution_options(writing=True, unscoped=True)
    finally:
        own.dispose()


def run_revisions(connection: Connection) -> None:
    """What env.py does: carries out the steps Alembic was asked for on this connection."""
    first = context.config.attributes.get("first", False)
    context.configure(
        connection=connection,
        transactional_ddl=True,
        transaction_per_migration=True,
        on_version_apply=_before_commit,
        process_revision_directives=_drop_tables_only if first else None,
        **_comparing(batch=not first),
    )
    context.run_migrations()


def upgrade(engine: Engine, to: str = "head", *, copy: bool = True, tell: Told = lambda _line: None) -> None:
    """Carries out every revision up to `to`. A SQLite database that holds a register is copied first."""
    with _alone(engine):
        if current(engine) == head():
            return
        if copy and (kept := copy_beside(engine)):
            tell(f"Copy of the database as it was: {kept}")
        _run(engine, command.upgrade, to)


def downgrade(engine: Engine, to: str, *, copy: bool = True, tell: Told = lambda _line: None) -> None:
    """Goes back to `to` ("-1", a revision, or "base": nothing left); copies a SQLite database first."""
    with _alone(engine):
        if copy and (kept := copy_beside(engine)):
            tell(f"Copy of the database as it was: {kept}")
        _run(engine, command.downgrade, to)


def differences(engine: Engine) -> list[str]:
    """How the database differs from what the code declares; empty when it does not."""
    found = []
    if current(engine) != head():
        found.append(f"database at revision {current(engine) or 'none'}, code at {head()}")
    with own_connection(engine) as connection:
        settings = MigrationContext.configure(connection, opts=_comparing())
        found += [f"{entry!r}" for entry in compare_metadata(settings, Base.metadata)]
        found += [f"trigger missing: {name}" for name in _missing_triggers(connection)]
    return found


def new_revision(message: str) -> Path:
    """Writes the revision that leads from the newest migration to what the models say now, found on
    a scratch database. To be read by hand: it knows nothing of the data."""
    numbers = [int(one.revision) for one in ScriptDirectory.from_config(_config()).walk_revisions()]
    with tempfile.TemporaryDirectory() as folder:
        scratch = create_engine(f"sqlite:///{folder}/scratch.sqlite3", poolclass=NullPool)
        if numbers:
            _run(scratch, command.upgrade, "head")
        with own_connection(scratch) as connection:
            config = _config(connection)
            config.attributes["first"] = not numbers
            number = f"{max(numbers, default=0) + 1:04}"
            made: Any = command.revision(config, message, autogenerate=True, rev_id=number)
    path = Path(made.path)
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("    # ### ")), "utf-8")
    return path


def copy_beside(engine: Engine) -> Path | None:
    """A whole copy of a filled SQLite database beside it; None where there is nothing to copy.
    PostgreSQL is left to the operator's own copies: its migrations are transactions as well."""
    if not is_sqlite(engine) or (revision := current(engine)) is None:
        return None
    source = Path(str(engine.url.database))
    target = source.with_name(f"{source.name}.at-{revision}-{now():%Y%m%d-%H%M%S-%f}")
    vacuum_into(source, target)
    return target


def vacuum_into(source: Path, target: Path) -> None:
    """One consistent file of a SQLite database in use, readable for its owner only."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = sqlite3.connect(source, timeout=30, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()
    with target.open("rb") as written:
        os.fsync(written.fileno())


def rendered_type(kind: str, item: Any, _context: Any) -> str | bool:
    """Column types of ours as plain SQL types (two of them as the functions of script.py.mako), so
    that a migration already written never changes with the program."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    if isinstance(item, KeyText):
        return f"key_text({item.impl_instance.length})"  # type: ignore[attr-defined]
    if isinstance(item, UtcDateTime):
        return "moment()"
    return f"sa.{item.impl_instance!r}"


def _drop_tables_only(_context: Any, _revision: Any, scripts: list[Any]) -> None:
    """The first migration goes down by dropping tables; their indexes go with them."""
    down = scripts[0].downgrade_ops
    down.ops = [step for step in down.ops if isinstance(step, DropTableOp)]


def _comparing(*, batch: bool = True) -> dict[str, Any]:
    return {
        "target_metadata": Base.metadata,
        "render_as_batch": batch,
        "compare_type": True,
        "render_item": rendered_type,
        "user_module_prefix": "sa.",
        "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    }


def _config(connection: Connection | None = None) -> Config:
    found = Config(str(revisions.MIGRATIONS / "alembic.ini"))
    found.attributes["connection"] = connection
    return found


def _run(engine: Engine, step: Callable[..., Any], to: str) -> None:
    try:
        with own_connection(engine) as connection:
            step(_config(connection), to)
    except CommandError as error:  # an unknown revision, two heads
        raise MigrationError(str(error)) from error


def _before_commit(ctx: MigrationContext, *_details: Any, **_named: Any) -> None:
    """Last in the transaction of each revision: the log has its head and is append-only, no key dangles."""
    connection = ctx.connection
    assert connection is not None
    if inspect(connection).has_table("audit_event"):
        create_triggers(connection)
        empty = not connection.scalar(select(func.count(AuditEvent.seq)))
        if empty and not connection.scalar(select(func.count(AuditHead.id))):
            create_head(connection)
    else:
        drop_triggers(connection)
    if is_sqlite(connection):
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if dangling:
            raise MigrationError(f"rows without the row they point to: {dangling[:5]}")


def _missing_triggers(connection: Connection) -> list[str]:
    if is_sqlite(connection):
        names = set(SQLITE_TRIGGERS)
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        names = {*POSTGRESQL_TRIGGERS, "audit_event_no_truncate"}
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return sorted(names - {row[0] for row in connection.exec_driver_sql(query)})


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Holds off other migrations, and on SQLite every other writer."""
    if is_sqlite(engine):
        Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
        with writer_lock(engine):
            yield
        return
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({_LOCK})")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")
