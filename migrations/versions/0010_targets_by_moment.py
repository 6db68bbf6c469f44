"""Targets are found by when they were set: dashboards tell what changed since yesterday."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sakip_targets_set", "sakip_targets", ["region_id", "at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sakip_targets_set", table_name="sakip_targets")
