"""What a roster means three ways"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """A moment in UTC; SQLite keeps no zone."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_missing",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_missing_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_import_missing_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_import_missing_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_missing")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_import_missing_batch_id_person_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_missing_uid")),
    )
    with op.batch_alter_table("import_missing", schema=None) as batch_op:
        batch_op.create_index("ix_import_missing_person_id", ["person_id"], unique=False)

    op.create_table(
        "imported_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False, comment="lines of the unit that were taken"),
        sa.Column("left_out", sa.Integer(), nullable=False, comment="lines of the unit that were not"),
        sa.Column("confirmed_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_unit_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_imported_unit_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_unit")),
        sa.UniqueConstraint("batch_id", "unit_id", name=op.f("uq_imported_unit_batch_id_unit_id")),
    )
    with op.batch_alter_table("imported_unit", schema=None) as batch_op:
        batch_op.create_index("ix_imported_unit_unit_id", ["unit_id", "confirmed_at"], unique=False)

    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "changed_here",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="the register moved, the file did not",
            )
        )
        batch_op.add_column(
            sa.Column(
                "proposed",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="perhaps somebody already there",
            )
        )
        batch_op.add_column(
            sa.Column(
                "missing",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="in the units of the file, not in the file",
            )
        )

    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("unit_id", sa.Integer(), nullable=True, comment="the unit the file names for the line")
        )
        batch_op.add_column(sa.Column("id_number", key_text(12), nullable=True, comment="as the file has it"))
        batch_op.add_column(
            sa.Column(
                "kind_json", sa.Text(), nullable=True, comment="field: [kind, value of the last import]"
            )
        )
        batch_op.add_column(
            sa.Column(
                "accepted",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="confirming takes the line",
            )
        )
        batch_op.add_column(sa.Column("choice_json", sa.Text(), nullable=True, comment="field: whose value"))
        batch_op.add_column(
            sa.Column("candidate_json", sa.Text(), nullable=True, comment="keys of the people it may be")
        )
        batch_op.add_column(
            sa.Column(
                "by_hand",
                sa.Boolean(),
                server_default=sa.false(),
                nullable=False,
                comment="a person said who it is",
            )
        )
        batch_op.create_index("ix_import_line_unit_id", ["unit_id", "person_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_import_line_unit_id"), "unit", ["unit_id"], ["id"], ondelete="RESTRICT"
        )
    _carry_over(op.get_bind())


def _carry_over(connection: sa.Connection) -> None:
    """Lines of imports that were confirmed before are what the next file of their unit is compared with."""
    names = sa.table("unit", sa.column("id"), sa.column("code"), sa.column("valid_to"))
    batches = sa.table("import_batch", sa.column("id"), sa.column("status"))
    lines = sa.table(
        "import_line",
        *map(
            sa.column,
            ("id", "batch_id", "outcome", "value_json", "unit_id", "id_number", "accepted", "person_id"),
        ),
    )
    people = sa.table("person", sa.column("id"), sa.column("id_number"))
    units = dict(
        connection.execute(sa.select(names.c.code, names.c.id).where(names.c.valid_to.is_(None))).all()
    )
    confirmed = sa.select(batches.c.id).where(batches.c.status == "confirmed")
    taken = ("new", "changed", "unchanged")
    query = sa.select(lines.c.id, lines.c.value_json, lines.c.outcome, lines.c.batch_id)
    standing = set(connection.scalars(confirmed))
    for key, text, outcome, batch in connection.execute(query).all():
        values = json.loads(text)
        accepted = batch in standing and outcome in taken
        found = {"unit_id": units.get(values.get("unit")), "id_number": values.get("id_number")}
        connection.execute(lines.update().where(lines.c.id == key).values(**found, accepted=accepted))
    entered = sa.select(people.c.id).where(people.c.id_number == lines.c.id_number).scalar_subquery()
    new = lines.update().where(lines.c.outcome == "new", lines.c.accepted, lines.c.person_id.is_(None))
    connection.execute(new.values(person_id=entered))


def downgrade() -> None:
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_import_line_unit_id"), type_="foreignkey")
        batch_op.drop_index("ix_import_line_unit_id")
        batch_op.drop_column("by_hand")
        batch_op.drop_column("candidate_json")
        batch_op.drop_column("choice_json")
        batch_op.drop_column("accepted")
        batch_op.drop_column("kind_json")
        batch_op.drop_column("id_number")
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_column("missing")
        batch_op.drop_column("proposed")
        batch_op.drop_column("changed_here")

    with op.batch_alter_table("imported_unit", schema=None) as batch_op:
        batch_op.drop_index("ix_imported_unit_unit_id")

    op.drop_table("imported_unit")
    with op.batch_alter_table("import_missing", schema=None) as batch_op:
        batch_op.drop_index("ix_import_missing_person_id")

    op.drop_table("import_missing")
