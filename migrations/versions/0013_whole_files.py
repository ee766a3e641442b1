"""What a file to import holds: a roster, or whole files"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added as it is on both engines: no table is rebuilt. Every import so far was a roster.
    op.add_column(
        "import_batch", sa.Column("content", sa.String(40), server_default="roster", nullable=False)
    )


def downgrade() -> None:
    with op.batch_alter_table("import_batch") as batch:
        batch.drop_column("content")
