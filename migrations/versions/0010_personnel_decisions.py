"""Personnel decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
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
        "decision",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("office", sa.String(length=200), nullable=False, comment="who issues it, as it signs"),
        sa.Column("office_key", key_text(200), nullable=False, comment="folded office"),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="number and symbol as the office gave them",
        ),
        sa.Column("reference_key", key_text(80), nullable=True, comment="folded, no blanks"),
        sa.Column("year", sa.SmallInteger(), nullable=True, comment="of signed_on"),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(length=200), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True, comment="signed copy"),
        sa.Column(
            "left_out",
            sa.Text(),
            nullable=True,
            comment="lines of the annex that name nobody: text and reason",
        ),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", moment(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", moment(), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", moment(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", moment(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True, comment="why it was sent back or revoked"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'revoked') = (revoked_at IS NOT NULL)", name=op.f("ck_decision_revoked")
        ),
        sa.CheckConstraint(
            "(state IN ('issued', 'revoked')) = (issued_at IS NOT NULL)", name=op.f("ck_decision_issued")
        ),
        sa.CheckConstraint(
            "annulled_at IS NULL OR state = 'draft'", name=op.f("ck_decision_only_drafts_annulled")
        ),
        sa.CheckConstraint(
            "(reference IS NULL) = (reference_key IS NULL)", name=op.f("ck_decision_reference")
        ),
        sa.CheckConstraint("(year IS NULL) = (signed_on IS NULL)", name=op.f("ck_decision_year")),
        sa.CheckConstraint(
            "issued_at IS NULL OR (reference IS NOT NULL AND signed_on IS NOT NULL AND signer IS NOT NULL)",
            name=op.f("ck_decision_signed"),
        ),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_decision_annulled_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user.id"], name=op.f("fk_decision_checked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_decision_created_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_decision_document_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user.id"], name=op.f("fk_decision_drafted_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user.id"], name=op.f("fk_decision_issued_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["user.id"], name=op.f("fk_decision_revoked_by_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user.id"], name=op.f("fk_decision_submitted_by_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_uid")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index("ix_decision_effective_on_id", ["effective_on", "id"], unique=False)
        batch_op.create_index("ix_decision_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_decision_office_key_reference_key_year",
            ["office_key", "reference_key", "year"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )

    op.create_table(
        "decision_line",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "person_name", sa.String(length=200), nullable=False, comment="full name as of the decision"
        ),
        sa.Column("name_key", key_text(800), nullable=False, comment="Vietnamese order of person_name"),
        sa.Column("place_in_list", sa.SmallInteger(), nullable=False, comment="from 1, as in the annex"),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("division_id", sa.Integer(), nullable=True),
        sa.Column("post", sa.String(length=200), nullable=True),
        sa.Column("management_tier", sa.String(length=40), nullable=True),
        sa.Column(
            "assignment_kind",
            sa.String(length=40),
            nullable=True,
            comment="of an acting post: acting head or in charge",
        ),
        sa.Column("rank_code", key_text(20), nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("coefficient", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True, comment="NULL: the decision's effective date"),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("old_post", sa.String(length=200), nullable=True),
        sa.Column("old_unit_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=500), nullable=True, comment="why the line has no effect"),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_decision_line_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name=op.f("fk_decision_line_decision_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["division_id"], ["unit.id"], name=op.f("fk_decision_line_division_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["old_unit_id"], ["unit.id"], name=op.f("fk_decision_line_old_unit_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_decision_line_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_decision_line_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_line")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_line_uid")),
    )
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.create_index("ix_decision_line_person_id", ["person_id", "decision_id"], unique=False)
        batch_op.create_index(
            "uq_decision_line_decision_id_person_id", ["decision_id", "person_id"], unique=True
        )

    op.create_table(
        "decision_effect",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=40), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("rank_step_id", sa.Integer(), nullable=True),
        sa.Column("before_json", sa.Text(), nullable=True),
        sa.Column("after_json", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.CheckConstraint(
            "(effect = 'made') = (before_json IS NULL)", name=op.f("ck_decision_effect_before")
        ),
        sa.CheckConstraint(
            "(effect = 'service_ended') = (assignment_id IS NULL AND rank_step_id IS NULL)",
            name=op.f("ck_decision_effect_row"),
        ),
        sa.CheckConstraint(
            "assignment_id IS NULL OR rank_step_id IS NULL", name=op.f("ck_decision_effect_one_row")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_decision_effect_assignment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["decision_line.id"], name=op.f("fk_decision_effect_line_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["rank_step_id"],
            ["rank_step.id"],
            name=op.f("fk_decision_effect_rank_step_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_effect")),
        sa.UniqueConstraint("uid", name=op.f("uq_decision_effect_uid")),
    )
    with op.batch_alter_table("decision_effect", schema=None) as batch_op:
        batch_op.create_index("ix_decision_effect_assignment_id", ["assignment_id"], unique=False)
        batch_op.create_index("ix_decision_effect_line_id", ["line_id", "id"], unique=False)
        batch_op.create_index("ix_decision_effect_rank_step_id", ["rank_step_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("decision_effect", schema=None) as batch_op:
        batch_op.drop_index("ix_decision_effect_rank_step_id")
        batch_op.drop_index("ix_decision_effect_line_id")
        batch_op.drop_index("ix_decision_effect_assignment_id")

    op.drop_table("decision_effect")
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.drop_index("uq_decision_line_decision_id_person_id")
        batch_op.drop_index("ix_decision_line_person_id")

    op.drop_table("decision_line")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_office_key_reference_key_year",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index("ix_decision_state")
        batch_op.drop_index("ix_decision_effective_on_id")

    op.drop_table("decision")
