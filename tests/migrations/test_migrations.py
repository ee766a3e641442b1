"""Every revision goes up, agrees with the models, goes down and up again, empty and filled."""

import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import op
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from core import migrate
from core.audit_check import verify
from core.reference import load_reference
from core.revisions import MIGRATIONS, MigrationError, current, head, is_empty
from core.schema import create_schema
from tests.migrations.shape import shape_of
from tests.registers import AUDIT_KEY, LAW, command_of

pytestmark = pytest.mark.slow


def revisions() -> list[str]:
    """Oldest first."""
    found = ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    return [one.revision for one in reversed([*found])]


def rows(engine: Any, table: str) -> int:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


def test_migrations_make_what_the_models_declare(bare, twin):
    migrate.upgrade(bare)
    create_schema(twin)

    assert shape_of(bare) == shape_of(twin)
    assert migrate.differences(bare) == []


def test_a_fresh_register_has_one_head_of_the_log(bare):
    migrate.upgrade(bare)

    with bare.connect() as connection:
        head = connection.exec_driver_sql("SELECT id, seq, mac FROM audit_head").all()
    assert [tuple(row) for row in head] == [(1, 0, bytes(32))]


def test_each_revision_goes_up_down_and_up_again_with_data(bare):
    for revision in revisions():
        migrate.upgrade(bare, revision, copy=False)
        if revision == head():
            load_reference([LAW])
            assert rows(bare, "unit") > 200
        before = shape_of(bare)
        migrate.downgrade(bare, "-1", copy=False)
        assert current(bare) != revision
        migrate.upgrade(bare, revision, copy=False)

        assert shape_of(bare) == before


def test_down_to_base_leaves_nothing(bare):
    migrate.upgrade(bare)
    load_reference([LAW])

    migrate.downgrade(bare, "base", copy=False)

    left = {name: value for name, value in shape_of(bare).items() if "alembic_version" not in name}
    assert left == {}
    assert is_empty(bare)


def test_the_log_is_append_only_after_migrating(bare):
    migrate.upgrade(bare)
    load_reference([LAW])

    for statement in (
        "DELETE FROM audit_event",
        "UPDATE audit_event SET actor_name = 'nobody'",
        "UPDATE audit_event SET value_json = '{}'",
    ):
        with pytest.raises(DBAPIError, match="append-only"), bare.begin() as connection:
            connection.exec_driver_sql(statement)


def test_a_revision_that_fails_leaves_nothing_of_itself(bare, monkeypatch):
    def break_at_the_end(connection: Any) -> None:
        raise MigrationError("the last step fails")

    monkeypatch.setattr(migrate, "create_triggers", break_at_the_end)

    with pytest.raises(MigrationError, match="the last step fails"):
        migrate.upgrade(bare)

    assert current(bare) is None
    assert set(inspect(bare).get_table_names()) <= {"alembic_version"}


def test_dangling_rows_stop_a_revision(bare, monkeypatch):
    """Foreign keys are off while tables are rebuilt; what dangles then must not be kept."""
    migrate.upgrade(bare)
    with migrate.own_connection(bare) as connection, connection.begin():
        statement = "INSERT INTO unit_tree (ancestor_id, unit_id, block) VALUES (7, 8, 'government')"
        if bare.dialect.name == "postgresql":
            with pytest.raises(DBAPIError, match="foreign key"):
                connection.exec_driver_sql(statement)
            return
        connection.exec_driver_sql(statement)

    monkeypatch.setattr(op, "drop_table", lambda *_args, **_options: None)
    monkeypatch.setattr(op, "drop_index", lambda *_args, **_options: None)
    with pytest.raises(MigrationError, match="rows without the row they point to"):
        migrate.downgrade(bare, "-1", copy=False)

    assert current(bare) == head()


#: Rebuilds the log's table and a table that others point to, as later revisions will have to.
NEXT = '''"""Rebuild two tables."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("audit_event") as batch:
        batch.add_column(sa.Column("extra", sa.String(10)))
        batch.alter_column("address", type_=sa.String(80), existing_type=sa.String(64))
    with op.batch_alter_table("unit") as batch:
        batch.alter_column("name", type_=sa.String(250), existing_type=sa.String(200))


def downgrade():
    with op.batch_alter_table("audit_event") as batch:
        batch.drop_column("extra")
        batch.alter_column("address", type_=sa.String(64), existing_type=sa.String(80))
    with op.batch_alter_table("unit") as batch:
        batch.alter_column("name", type_=sa.String(200), existing_type=sa.String(250))
'''


def test_rebuilt_tables_keep_rows_keys_and_triggers(bare, tmp_path, monkeypatch):
    """Alembic's rebuilding on SQLite drops triggers and trips over foreign keys; ours must not."""
    migrate.upgrade(bare)
    load_reference([LAW])
    before, counts = shape_of(bare), [rows(bare, table) for table in ("unit", "unit_tree", "audit_event")]
    later = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, later)
    (later / "versions" / "9999_next.py").write_text(NEXT.format(newest=head()), "utf-8")
    monkeypatch.setattr("core.revisions.MIGRATIONS", later)

    migrate.upgrade(bare, copy=False)

    assert current(bare) == "9999"
    assert "extra" in shape_of(bare)["table audit_event"]["columns"]
    with pytest.raises(DBAPIError, match="append-only"), bare.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit_event")
    assert verify(bare, {"k1": AUDIT_KEY}).ok

    migrate.downgrade(bare, "-1", copy=False)

    assert shape_of(bare) == before
    assert [rows(bare, table) for table in ("unit", "unit_tree", "audit_event")] == counts


def test_differences_are_named(bare):
    migrate.upgrade(bare)
    with bare.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE unit ADD COLUMN stray INTEGER")
        connection.exec_driver_sql("DROP INDEX ix_unit_parent_id")
        name = "audit_event_no_delete" if bare.dialect.name == "sqlite" else "audit_event_append_only"
        of = "" if bare.dialect.name == "sqlite" else " ON audit_event"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{of}")

    found = migrate.differences(bare)

    assert len(found) == 3
    assert "stray" in "".join(found)
    assert "ix_unit_parent_id" in "".join(found)
    assert f"trigger missing: {name}" in found


def test_a_missing_check_is_a_difference(bare, twin):
    """A CHECK that only the models know would guard nothing."""
    migrate.upgrade(bare)
    create_schema(twin)
    with twin.connect() as connection:
        checks = inspect(connection).get_check_constraints("person")
    assert {check["name"] for check in checks} >= {"ck_person_id_number", "ck_person_ended_with_status"}
    assert shape_of(bare)["table person"]["checks"] == shape_of(twin)["table person"]["checks"] != []


@pytest.mark.sqlite
def test_a_filled_database_is_copied_before_it_is_changed(bare, database, tmp_path):
    migrate.upgrade(bare)
    load_reference([LAW])
    told: list[str] = []

    migrate.downgrade(bare, "base", tell=told.append)

    (copy,) = tmp_path.glob("*.sqlite3.at-*")
    assert str(copy) in told[0]
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as kept:
        assert kept.execute("SELECT count(*) FROM unit WHERE parent_id IS NULL").fetchone() == (1,)
    assert rows(bare, "alembic_version") == 0


@pytest.mark.sqlite
def test_asking_for_the_revision_makes_no_file(bare, tmp_path):
    assert current(bare) is None
    assert list(tmp_path.glob("*.sqlite3")) == []


def test_commands_migrate_and_say_where_they_stand(app):
    run = command_of(app)

    assert run("migrate", "current").exit_code == 1
    up = run("migrate", "up")
    assert up.exit_code == 0, up.output
    assert up.output.splitlines()[-1] == f"at revision {head()}"
    assert run("migrate", "current", "--json").output == (f'{{"current": "{head()}", "head": "{head()}"}}\n')
    assert run("migrate", "check").output == "database and program agree\n"
    assert run("migrate", "up").exit_code == 0
    assert run("migrate", "down", "base", "--yes").output.endswith("at revision none\n")
    assert run("migrate", "check", "--json").exit_code == 1


def test_up_loads_units_and_rules_once(app, bare):
    run = command_of(app)
    run("migrate", "up")
    first = rows(bare, "unit"), rows(bare, "rule_in_force")
    run("migrate", "up")

    assert (rows(bare, "unit"), rows(bare, "rule_in_force")) == first
    assert first[0] > 200
    assert first[1] > 0


def test_going_back_asks_first(app):
    run = command_of(app)
    run("migrate", "up")

    assert run("migrate", "down", input="n\n").exit_code == 1
    assert run("migrate", "current").output == f"{head()}\n"


def test_an_unknown_revision_is_one_line(app):
    found = command_of(app)("migrate", "up", "nothing-like-it")

    assert found.exit_code == 1
    assert "nothing-like-it" in found.output
    assert "Traceback" not in found.output


def test_two_servers_starting_together_migrate_once(bare):
    with ThreadPoolExecutor(2) as pool:
        started = [pool.submit(migrate.upgrade, bare) for _ in range(2)]
        for one in started:
            one.result(60)

    assert current(bare) == head()
    assert rows(bare, "audit_head") == 1
