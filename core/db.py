"""The database: base class, column types, engine behaviour of SQLite and PostgreSQL.

Transactions are begun by us, not by the driver: reads use plain BEGIN, a connection marked
`writing` uses BEGIN IMMEDIATE, so that a reader never turns into a writer half way (SQLite
would answer "database is locked" at once, whatever the busy timeout).
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Dialect, Engine, ForeignKey, MetaData, String, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator, TypeEngine

from core.clock import now
from core.ids import Uid, new_uid

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING)


#: `expire_on_commit` off: after an action the view may still read the row it changed to build
#: its answer; the session ends with the request.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class KeyText(TypeDecorator[str]):
    """Text that is sorted, range-scanned or compared by key: byte order on both engines."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(
            String(getattr(self.impl_instance, "length", None), collation=collation)
        )


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on both engines (SQLite keeps no zone)."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A StrEnum stored by value. No CHECK: each new value would rebuild the table."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum], length: int = 40):
        super().__init__(length)
        self.enum = enum

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.enum(value).value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        """A dictionary's look-up: a page reads thousands of values. KeyError for one that is not
        of the list."""
        known: dict[str | None, StrEnum | None] = {member.value: member for member in self.enum}
        known[None] = None
        return known.__getitem__


class JsonText(TypeDecorator[Any]):
    """JSON as text, keys sorted: the same bytes on both engines, fit for a digest."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


#: Made once: `json.dumps` with options makes one for each call.
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def to_json(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, text as it is."""
    return _CANONICAL.encode(value)


class Identified:
    """Integer key inside, uid outside."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(Uid, unique=True, default=new_uid)


class Versioned:
    """Counts the changes of a row; forms carry the number they were opened with (409 if it moved)."""

    version: Mapped[int] = mapped_column(default=1)


class Recorded:
    """When and by whom the row was entered."""

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @declared_attr
    def created_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))


class Annullable:
    """Nothing is deleted: a row entered by mistake is annulled, with who and when."""

    annulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    def annulled_by_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """Options for `create_engine`; the pool holds two connections a thread (a view's and the log's)."""
    options: dict[str, Any] = {"pool_size": threads * 2, "max_overflow": threads * 2, "pool_pre_ping": False}
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 30, "check_same_thread": False}
    else:
        options["pool_pre_ping"] = True
    return options


def is_sqlite(engine_or_dialect: Any) -> bool:
    """Whether this engine (or session bind) is SQLite."""
    dialect = getattr(engine_or_dialect, "dialect", engine_or_dialect)
    return bool(dialect.name == "sqlite")


@event.listens_for(Engine, "connect")
def _on_connect(dbapi_connection: Any, _record: Any) -> None:
    if not type(dbapi_connection).__module__.startswith("sqlite3"):
        return
    # We send BEGIN ourselves; the driver must not.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=30000",
        "cache_size=-16000",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _on_begin(connection: Any) -> None:
    if not is_sqlite(connection):
        return
    if connection.get_execution_options().get("writing"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # Waits for nothing and cannot fail: sent past SQLAlchemy, whose way is ten times as long.
        connection.connection.driver_connection.execute("BEGIN")


def insert_rows(session: Any, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Bulk insert in few statements, for loads of thousands of rows inside an action.

    Steps around the unit of work (the scope check of single rows with it), so the caller answers
    for the scope: imports, demo and seeds, which run for a viewer of the whole province.
    """
    if rows:
        table: Any = model.__table__
        session.execute(table.insert(), rows, execution_options={"unscoped": True})
