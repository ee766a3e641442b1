"""No drafts of closed groups"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for group in ("family", "health", "history", "relatives_abroad"):
        op.execute(f"DELETE FROM draft WHERE place LIKE '/people/%/lists/{group}/%'")


def downgrade() -> None:
    """What was typed and never saved is gone for good."""
