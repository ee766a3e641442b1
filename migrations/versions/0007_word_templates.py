"""Word templates the office put in place of the shipped ones"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def moment() -> sa.types.TypeEngine[object]:
    """With its zone where the engine keeps one."""
    return sa.DateTime().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "office_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", key_text(40), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", moment(), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
            name=op.f("fk_office_template_document_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_template")),
        sa.UniqueConstraint("uid", name=op.f("uq_office_template_uid")),
    )
    in_use = sa.text("annulled_at IS NULL")
    op.create_index(
        "uq_office_template_code",
        "office_template",
        ["code"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )


def downgrade() -> None:
    op.drop_index("uq_office_template_code", table_name="office_template")
    op.drop_table("office_template")
