"""How a database stands: at which revision, at which the program is, and whether it holds a register.

Asked at every start, so it is read here without Alembic, which costs a served process a tenth of a
second and as many megabytes as all of Flask; what changes a revision is core/migrate.py.
"""

import re
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, column, inspect, select, table

from core.db import Base, is_sqlite

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
VERSION_TABLE = "alembic_version"
#: Filled by `migrate up` or by using the program at all: a register with rows in these only is empty.
NOT_COUNTED = frozenset(
    (
        "audit_event",
        "audit_head",
        "draft",
        "login_attempt",
        "register_setting",
        "rule_in_force",
        "submission",
        "unit",
        "unit_succession",
        "unit_tree",
    )
)

Told = Callable[[str], None]


class MigrationError(RuntimeError):
    """A migration that could not be carried out; nothing of its revision was kept."""


def head() -> str:
    """The newest revision the program knows. Revisions are numbered in one line, and each file begins
    with its number (tests/migrations compares with Alembic's own reading)."""
    names = (path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    numbers = [found[1] for name in names if (found := re.match(r"(\d{4})_", name))]
    if not numbers:
        raise MigrationError("there is no migration in migrations/versions")
    return max(numbers)


def current(engine: Engine) -> str | None:
    """The revision the database stands at; None for one that was never migrated."""
    if is_sqlite(engine) and not Path(engine.url.database or "").exists():
        return None  # asking would make the file
    with engine.connect() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.execution_options(unscoped=True).scalar(
            select(column("version_num")).select_from(table(VERSION_TABLE))
        )
    return None if found is None else str(found)


def is_empty(engine: Engine) -> bool:
    """Whether the register holds nothing but what every register starts with, or no tables at all."""
    present = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        connection.execution_options(unscoped=True)
        return not any(
            connection.execute(select(1).select_from(one).limit(1)).first()
            for one in Base.metadata.sorted_tables
            if one.name in present - NOT_COUNTED
        )
