"""The newest cases of a region are read in their order instead of being sorted."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_region", "cases", ["region_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_region", table_name="cases")
