"""Targets are found by when they were set, and published reports of units without looking at all results of a year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


PUBLISHED = sa.text("frozen_at IS NOT NULL AND subject_kind IN ('unit', 'region')")


def upgrade() -> None:
    op.create_index("ix_sakip_targets_set", "sakip_targets", ["region_id", "at"], unique=False)
    op.create_index(
        "ix_sakip_results_published",
        "sakip_results",
        ["region_id", "year"],
        unique=False,
        sqlite_where=PUBLISHED,
        postgresql_where=PUBLISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_sakip_results_published", table_name="sakip_results")
    op.drop_index("ix_sakip_targets_set", table_name="sakip_targets")
