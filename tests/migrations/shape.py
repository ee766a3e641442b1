"""The shape of a database as plain values, on either engine: columns, keys, indexes, CHECKs, triggers."""

import re
from typing import Any

from sqlalchemy import Connection, Engine, inspect

#: Kept by Alembic, not declared by the models.
ITS_OWN = "alembic_version"

Shape = dict[str, Any]


def shape_of(engine: Engine) -> Shape:
    """Everything two databases of the same kind must have in common to be called equal."""
    with engine.connect() as connection:
        found = inspect(connection)
        names = sorted(set(found.get_table_names()) - {ITS_OWN})
        shape: Shape = {f"table {name}": _table(found, name) for name in names}
        return shape | (_sqlite_only(connection) if engine.dialect.name == "sqlite" else _pg_only(connection))


def _table(found: Any, name: str) -> Shape:
    return {
        "columns": {
            column["name"]: (
                str(column["type"]),
                column["nullable"],
                str(column["default"]),
                column.get("comment"),
            )
            for column in found.get_columns(name)
        },
        "primary key": found.get_pk_constraint(name),
        "unique": sorted(_plain(found.get_unique_constraints(name)), key=str),
        "foreign keys": sorted(_plain(found.get_foreign_keys(name)), key=str),
        "checks": sorted((check["name"], check["sqltext"]) for check in found.get_check_constraints(name)),
        "indexes": sorted(_plain(found.get_indexes(name)), key=str),
    }


def _plain(entries: list[Any]) -> list[Any]:
    """Reflected entries without their order of keys and with the text of a partial index's condition."""
    return [{key: _text(entry[key]) for key in sorted(entry)} for entry in entries]


def _text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _text(inner) for key, inner in sorted(value.items())}
    return value if isinstance(value, list | bool | None) else str(value)


def _sqlite_only(connection: Connection) -> Shape:
    """What reflection leaves out: triggers, and tables without a row number."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    found: Shape = {}
    for kind, name, sql in rows:
        if kind == "trigger":
            found[f"trigger {name}"] = _squeezed(sql)
        elif kind == "table" and name != ITS_OWN:
            found[f"without rowid {name}"] = bool(re.search(r"\)\s*WITHOUT ROWID\s*$", sql))
    return found


def _pg_only(connection: Connection) -> Shape:
    """What reflection leaves out: triggers, their functions, and collations of columns."""
    triggers = connection.exec_driver_sql(
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    functions = connection.exec_driver_sql(
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    collations = connection.exec_driver_sql(
        "SELECT table_name, column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    return {
        **{f"trigger {name}": _squeezed(sql) for name, sql in triggers},
        **{f"function {name}": _squeezed(sql) for name, sql in functions},
        **{f"collation {table}.{column}": collation for table, column, collation in collations},
    }


def _squeezed(sql: str) -> str:
    return " ".join(sql.split())
