"""The base a region's version was written on, and a count of publications, so that running cases notice hot changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("definition_versions", sa.Column("base_digest", sa.Text(), nullable=True))
    op.add_column(
        "regions", sa.Column("definitions_revision", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("regions", "definitions_revision")
    op.drop_column("definition_versions", "base_digest")
