"""Authorised absences, and in a table of their own the reasons"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
        "absence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_half", sa.String(length=40), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ends_half", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_half IN ('morning', 'afternoon')", name=op.f("ck_absence_ends_half")),
        sa.CheckConstraint("starts_half IN ('morning', 'afternoon')", name=op.f("ck_absence_starts_half")),
        sa.CheckConstraint(
            "starts_on < ends_on OR (starts_on = ends_on AND NOT (starts_half = 'afternoon' AND ends_half = 'morning'))",
            name=op.f("ck_absence_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_absence_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_absence_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_absence_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("uid", name=op.f("uq_absence_uid")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_days", ["ends_on", "starts_on"], unique=False)
        batch_op.create_index("ix_absence_person_id_starts_on", ["person_id", "starts_on"], unique=False)

    op.create_table(
        "absence_reason",
        sa.Column("absence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("slip_number", sa.String(length=60), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absence.id"], name=op.f("fk_absence_reason_absence_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_absence_reason_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("absence_id", name=op.f("pk_absence_reason")),
    )
    with op.batch_alter_table("absence_reason", schema=None) as batch_op:
        batch_op.create_index("ix_absence_reason_person_id", ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("absence_reason", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_reason_person_id")

    op.drop_table("absence_reason")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_person_id_starts_on")
        batch_op.drop_index("ix_absence_days")

    op.drop_table("absence")
