"""Contact and papers, origin and work, armed forces: groups of the form 2C"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def key_text(length: int) -> sa.types.TypeEngine[str]:
    """Text in byte order on both engines."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def of_person(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """One row a person."""
    return (
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "person_contact",
        *of_person("person_contact"),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("registered_address", sa.String(length=300), nullable=True),
        sa.Column("current_address", sa.String(length=300), nullable=True),
        sa.Column("id_issued_on", sa.Date(), nullable=True),
        sa.Column("id_issued_by", sa.String(length=200), nullable=True),
        sa.Column("social_insurance_number", key_text(20), nullable=True),
        sa.Column("health_insurance_number", key_text(20), nullable=True),
    )
    op.create_table(
        "person_origin",
        *of_person("person_origin"),
        sa.Column("class_origin", sa.String(length=100), nullable=True),
        sa.Column("job_before", sa.String(length=200), nullable=True),
        sa.Column("joined_agency_on", sa.Date(), nullable=True),
        sa.Column("strength", sa.String(length=300), nullable=True),
        sa.Column("main_duty", sa.String(length=300), nullable=True),
        sa.Column("general_education", key_text(10), nullable=True, comment="12/12 or 10/10"),
        sa.Column("academic_title", sa.String(length=100), nullable=True),
        sa.Column("academic_title_year", sa.SmallInteger(), nullable=True),
        sa.Column("policy_group", sa.String(length=200), nullable=True),
        sa.Column("war_invalid_class", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "academic_title_year IS NULL OR academic_title_year BETWEEN 1900 AND 2200",
            name=op.f("ck_person_origin_title_year"),
        ),
    )
    op.create_table(
        "person_military",
        *of_person("person_military"),
        sa.Column("enlisted_on", sa.Date(), nullable=True),
        sa.Column("discharged_on", sa.Date(), nullable=True),
        sa.Column("top_rank", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "discharged_on IS NULL OR enlisted_on IS NULL OR enlisted_on <= discharged_on",
            name=op.f("ck_person_military_dates"),
        ),
    )


def downgrade() -> None:
    for table in ("person_military", "person_origin", "person_contact"):
        op.drop_table(table)
