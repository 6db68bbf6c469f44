"""Calls of connectors, since when a case is paused, and more time for a unit in a schedule's window."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connector_calls",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("result", JsonText(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector_calls")),
    )
    op.create_index("uq_connector_calls_once", "connector_calls", ["case_id", "revision", "place"], unique=True)
    op.create_index(
        "ix_connector_calls_waiting",
        "connector_calls",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "schedule_extensions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("schedule", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("granted_by", Identifier, nullable=False),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["granted_by"], ["people.id"], name=op.f("fk_schedule_extensions_granted_by_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_schedule_extensions_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_schedule_extensions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_extensions")),
    )
    op.create_index(
        "ix_schedule_extensions_unit", "schedule_extensions", ["unit_id", "case_type", "schedule"], unique=False
    )
    op.add_column("cases", sa.Column("suspended_at", Moment(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "suspended_at")
    op.drop_index("ix_schedule_extensions_unit", table_name="schedule_extensions")
    op.drop_table("schedule_extensions")
    op.drop_index("ix_connector_calls_waiting", table_name="connector_calls")
    op.drop_index("uq_connector_calls_once", table_name="connector_calls")
    op.drop_table("connector_calls")
