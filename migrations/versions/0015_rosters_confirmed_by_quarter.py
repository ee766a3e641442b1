"""Rosters confirmed by quarter"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
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
        "roster_line",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("quarter", key_text(7), nullable=False, comment="2026-Q3"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "person_name", sa.String(length=200), nullable=False, comment="full name as of the confirmation"
        ),
        sa.Column("name_key", key_text(800), nullable=False, comment="Vietnamese order of person_name"),
        sa.Column("post", sa.String(length=200), nullable=False, comment="post as of the confirmation"),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "verdict = 'correct' OR note IS NOT NULL", name=op.f("ck_roster_line_not_correct_with_note")
        ),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_roster_line_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_roster_line_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_roster_line_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_roster_line_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_roster_line_uid")),
    )
    with op.batch_alter_table("roster_line", schema=None) as batch_op:
        batch_op.create_index("ix_roster_line_person_id", ["person_id"], unique=False)
        batch_op.create_index("ix_roster_line_quarter", ["quarter", "unit_id"], unique=False)
        batch_op.create_index(
            "uq_roster_line_valid",
            ["unit_id", "quarter", "person_id"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("roster_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_roster_line_valid",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index("ix_roster_line_quarter")
        batch_op.drop_index("ix_roster_line_person_id")

    op.drop_table("roster_line")
