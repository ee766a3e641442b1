"""Letters to issuers and what they replied"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """With its zone where the engine keeps one."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def points_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A reference that holds its row."""
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="RESTRICT")


def upgrade() -> None:
    op.create_table(
        "issuer_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "issuer", sa.String(length=300), nullable=False, comment="addressee, as it stands on the letter"
        ),
        sa.Column("point", sa.LargeBinary(length=16), nullable=True),
        sa.Column("seen", key_text(64), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("answer_number", sa.String(length=60), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer_note", sa.String(length=1000), nullable=True),
        sa.Column("answer_document_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", moment(), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("(number IS NULL) = (sent_on IS NULL)", name=op.f("ck_issuer_letter_sent")),
        sa.CheckConstraint(
            "answered_on IS NULL OR sent_on <= answered_on", name=op.f("ck_issuer_letter_answer_after_letter")
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR withdrawn_at IS NULL", name=op.f("ck_issuer_letter_answered_or_withdrawn")
        ),
        points_to("issuer_letter", "created_by_id", "user"),
        points_to("issuer_letter", "withdrawn_by_id", "user"),
        points_to("issuer_letter", "answer_document_id", "document"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_letter")),
        sa.UniqueConstraint("uid", name=op.f("uq_issuer_letter_uid")),
    )
    op.create_index("ix_issuer_letter_point", "issuer_letter", ["point"])
    op.create_table(
        "issuer_letter_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("qualification_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(length=40), nullable=True),
        points_to("issuer_letter_paper", "letter_id", "issuer_letter"),
        points_to("issuer_letter_paper", "qualification_id", "qualification"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_letter_paper")),
    )
    op.create_index(
        "uq_issuer_letter_paper", "issuer_letter_paper", ["letter_id", "qualification_id"], unique=True
    )
    op.create_index("ix_issuer_letter_paper_qualification_id", "issuer_letter_paper", ["qualification_id"])


def downgrade() -> None:
    op.drop_table("issuer_letter_paper")
    op.drop_table("issuer_letter")
