"""The row of the rewards that a decision made"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

#: How many rows an effect points at.
ROWS = (
    "CASE WHEN assignment_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN rank_step_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN reward_id IS NULL THEN 0 ELSE 1 END"
)
ROW, ONE_ROW = "ck_decision_effect_row", "ck_decision_effect_one_row"


def upgrade() -> None:
    with op.batch_alter_table("decision_effect") as effect:
        effect.add_column(sa.Column("reward_id", sa.Integer(), nullable=True))
        effect.create_foreign_key(
            op.f("fk_decision_effect_reward_id"),
            "person_reward",
            ["reward_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        effect.create_index("ix_decision_effect_reward_id", ["reward_id"])
        effect.drop_constraint(op.f(ROW), type_="check")
        effect.drop_constraint(op.f(ONE_ROW), type_="check")
        effect.create_check_constraint(op.f(ROW), f"(effect = 'service_ended') = ({ROWS} = 0)")
        effect.create_check_constraint(op.f(ONE_ROW), f"{ROWS} <= 1")


def downgrade() -> None:
    # The rewards stay in the files; what made them is no longer told.
    op.execute("DELETE FROM decision_effect WHERE reward_id IS NOT NULL")
    with op.batch_alter_table("decision_effect") as effect:
        effect.drop_constraint(op.f(ROW), type_="check")
        effect.drop_constraint(op.f(ONE_ROW), type_="check")
        effect.create_check_constraint(
            op.f(ROW), "(effect = 'service_ended') = (assignment_id IS NULL AND rank_step_id IS NULL)"
        )
        effect.create_check_constraint(op.f(ONE_ROW), "assignment_id IS NULL OR rank_step_id IS NULL")
        effect.drop_index("ix_decision_effect_reward_id")
        effect.drop_constraint(op.f("fk_decision_effect_reward_id"), type_="foreignkey")
        effect.drop_column("reward_id")
