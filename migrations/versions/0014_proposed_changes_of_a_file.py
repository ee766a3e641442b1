"""Proposed changes of a file"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
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
        "proposal",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "file_version", sa.Integer(), nullable=False, comment="version of the file it was made against"
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_proposal_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("uid", name=op.f("uq_proposal_uid")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_person_id", ["person_id"], unique=False)

    op.create_table(
        "proposal_line",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("field_name", key_text(80), nullable=False),
        sa.Column("value_json", sa.Text(), nullable=True),
        sa.Column(
            "seen",
            key_text(64),
            nullable=True,
            comment="digest of what the file held; NULL where the sender may not read it",
        ),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "(state = 'sent') = (answered_at IS NULL)", name=op.f("ck_proposal_line_answered")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR answer IS NOT NULL", name=op.f("ck_proposal_line_refused_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user.id"], name=op.f("fk_proposal_line_answered_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_proposal_line_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_line_proposal_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_proposal_line_uid")),
    )
    with op.batch_alter_table("proposal_line", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_line_proposal_id", ["proposal_id"], unique=False)
        batch_op.create_index("ix_proposal_line_state", ["state", "proposal_id"], unique=False)
        batch_op.create_index(
            "uq_proposal_line_open",
            ["person_id", "part", "field_name"],
            unique=True,
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("proposal_line", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_line_open",
            sqlite_where=sa.text("state = 'sent'"),
            postgresql_where=sa.text("state = 'sent'"),
        )
        batch_op.drop_index("ix_proposal_line_state")
        batch_op.drop_index("ix_proposal_line_proposal_id")

    op.drop_table("proposal_line")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_person_id")

    op.drop_table("proposal")
