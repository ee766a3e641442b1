"""Imports can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", key_text(40), nullable=False),
        sa.Column(
            "row_uid",
            sa.LargeBinary(length=16),
            nullable=False,
            comment="of the row, or of the person where a person has one row; no foreign key",
        ),
        sa.Column(
            "before_json", sa.Text(), nullable=True, comment="columns as they stood; NULL: there was no row"
        ),
        sa.Column("after_json", sa.Text(), nullable=False, comment="columns as written"),
        sa.Column(
            "version", sa.Integer(), nullable=True, comment="of a person: the file's version since then"
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_change_batch_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    op.create_index("ix_import_change_batch_id", "import_change", ["batch_id", "id"])
    op.create_index("ix_import_change_row", "import_change", ["table_name", "row_uid"])
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.add_column(sa.Column("undone_at", moment(), nullable=True))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("undo_reason", sa.String(length=500), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_import_batch_undone_by_id"), "user", ["undone_by_id"], ["id"], ondelete="RESTRICT"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_import_batch_undone"), "(status = 'undone') = (undone_at IS NOT NULL)"
        )
        batch_op.drop_constraint(batch_op.f("ck_import_batch_confirmed"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_import_batch_confirmed"),
            "(status IN ('confirmed', 'undone')) = (confirmed_at IS NOT NULL)",
        )


def downgrade() -> None:
    # What was taken back cannot be told any more: to the register it is as if it was set aside.
    op.execute(
        "UPDATE import_batch SET status = 'discarded', confirmed_at = NULL, undone_at = NULL"
        " WHERE status = 'undone'"
    )
    with op.batch_alter_table("import_batch") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_import_batch_undone"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_import_batch_confirmed"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_import_batch_confirmed"),
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)",
        )
        batch_op.drop_constraint(batch_op.f("fk_import_batch_undone_by_id"), type_="foreignkey")
        batch_op.drop_column("undo_reason")
        batch_op.drop_column("undone_by_id")
        batch_op.drop_column("undone_at")

    op.drop_index("ix_import_change_row", table_name="import_change")
    op.drop_index("ix_import_change_batch_id", table_name="import_change")
    op.drop_table("import_change")
