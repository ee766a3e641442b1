"""The schema beyond the tables: triggers of the log, the chain's first head, a fresh schema for tests."""

from sqlalchemy import Connection, Engine

from core.audit import POSTGRESQL_TRIGGERS, SQLITE_TRIGGERS, AuditHead
from core.db import Base, is_sqlite


def create_schema(engine: Engine) -> None:
    """All tables as the models say, triggers and the head of the chain. Registers are made by
    migrations; a test holds the two equal."""
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_triggers(connection)
        create_head(connection)


def create_triggers(connection: Connection) -> None:
    """(Re-)creates the triggers; Alembic's batch mode on SQLite drops them silently."""
    sqlite = is_sqlite(connection)
    for name, statement in (SQLITE_TRIGGERS if sqlite else POSTGRESQL_TRIGGERS).items():
        if sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            connection.exec_driver_sql(statement)
        else:
            drop_triggers(connection)
            for part in _split(statement):
                connection.exec_driver_sql(part)


def drop_triggers(connection: Connection) -> None:
    """Takes the triggers off, for a migration that rebuilds the log's table."""
    if is_sqlite(connection):
        for name in SQLITE_TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name in ("audit_event_append_only", "audit_event_no_truncate"):
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON audit_event")
    connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_event_append_only()")


def create_head(connection: Connection) -> None:
    """The head of an empty chain: number 0 and a mac of zeros."""
    connection.execute(AuditHead.__table__.insert().values(id=1, seq=0, mac=bytes(32)))  # type: ignore[attr-defined]


def _split(statement: str) -> list[str]:
    """The statements of a text in which the function body holds semicolons of its own."""
    body_end = statement.index("LANGUAGE plpgsql;") + len("LANGUAGE plpgsql;")
    rest = [part for part in statement[body_end:].split(";") if part.strip()]
    return [statement[:body_end], *rest]
