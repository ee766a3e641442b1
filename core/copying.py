"""Rows from one database to another: what a register holds, and how tables are read and filled.

Works on the tables of the models or on reflected ones: a backup must also be possible while the
database still stands at an older revision than the code.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    Table,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from core import migrate
from core.db import Base, is_sqlite
from core.errors import Unprocessable
from core.gate import writer_lock
from core.revisions import VERSION_TABLE, Told, current, head

CHUNK = 2000


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are in the database, parents first, without Alembic's own."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSION_TABLE]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the whole database, whatever is written meanwhile."""
    with engine.connect() as connection:
        if not is_sqlite(engine):
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection.execution_options(unscoped=True)


def read_table(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """The rows in chunks, in the order of the primary key."""
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execute(query, execution_options={"yield_per": CHUNK})
    for chunk in result.mappings().partitions(CHUNK):
        yield [{str(name): value for name, value in row.items()} for row in chunk]


def pour(connection: Connection, table: Table, chunks: Iterable[list[dict[str, Any]]]) -> int:
    """Writes rows as they are, ids included. Keys into the same table are set when all rows are
    there: they may point forwards, and in circles. Returns how many rows there were."""
    own_keys = [column.name for column in table.columns if _points_home(column)]
    later: list[dict[str, Any]] = []
    written = 0
    for chunk in chunks:
        if chunk:
            later += [row for row in chunk if any(row[name] is not None for name in own_keys)]
            connection.execute(insert(table), [{**row, **dict.fromkeys(own_keys)} for row in chunk])
            written += len(chunk)
    if later:
        (key,) = table.primary_key.columns
        change = update(table).where(key == bindparam(f"its_{key.name}"))
        change = change.values({name: bindparam(f"its_{name}") for name in own_keys})
        connection.execute(
            change, [{f"its_{name}": row[name] for name in (*own_keys, key.name)} for row in later]
        )
    return written


def empty_tables(connection: Connection, tables: Iterable[Table]) -> None:
    """Takes out what a fresh migration put in (the first head of the log), before rows come in."""
    for table in reversed([*tables]):
        connection.execute(delete(table))


def set_counters(connection: Connection, tables: Iterable[Table]) -> None:
    """On PostgreSQL the next id of each table comes after the ids that were poured in."""
    if is_sqlite(connection):
        return
    for table in tables:
        key = table.autoincrement_column
        if key is None:
            continue
        name = connection.dialect.identifier_preparer.format_table(table)
        asked = {"name": name, "key": key.name}
        counter = connection.scalar(text("SELECT pg_get_serial_sequence(:name, :key)"), asked)
        if counter:
            following = (connection.scalar(select(func.max(key))) or 0) + 1
            set_next = text("SELECT setval(CAST(:counter AS regclass), :following, false)")
            connection.execute(set_next, {"counter": counter, "following": following})


def move(source: Engine, target: Engine, tell: Told) -> None:
    """Copies a whole register into an empty database, as a rule from SQLite to PostgreSQL. Writers
    on SQLite wait meanwhile. The log goes along row by row, so its chain verifies there too."""
    if current(source) != head():
        raise Unprocessable("bring the register to the newest migration first: flask migrate up")
    if current(target) is not None or inspect(target).get_table_names():
        raise Unprocessable("the target is not empty: give a database without tables")
    tables = Base.metadata.sorted_tables
    migrate.upgrade(target)
    with (
        writer_lock(source),
        snapshot(source) as reading,
        migrate.own_connection(target) as writing,
        writing.begin(),
    ):
        empty_tables(writing, tables)
        for table in tables:
            tell(f"  {table.name}: {pour(writing, table, read_table(reading, table))}")
        set_counters(writing, tables)


def _points_home(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)
