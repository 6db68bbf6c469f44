"""Targets are found by when they were set, published reports without looking at all results of a year, and the first
values to verify without sorting all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


PUBLISHED = sa.text("frozen_at IS NOT NULL AND subject_kind IN ('unit', 'region')")
UNVERIFIED = sa.text("is_current AND state = 'reported'")


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
    _unverified("id")


def downgrade() -> None:
    _unverified("state")
    op.drop_index("ix_sakip_results_published", table_name="sakip_results")
    op.drop_index("ix_sakip_targets_set", table_name="sakip_targets")


def _unverified(last: str) -> None:
    op.drop_index("ix_sakip_realisations_unverified", table_name="sakip_realisations")
    op.create_index(
        "ix_sakip_realisations_unverified",
        "sakip_realisations",
        ["region_id", "year", last],
        unique=False,
        sqlite_where=UNVERIFIED,
        postgresql_where=UNVERIFIED,
    )
