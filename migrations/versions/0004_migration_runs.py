"""Runs of migration plans, and what became of each case in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "migration_runs",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=True),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", Identifier, nullable=True),
        sa.Column("next_case_id", Identifier, nullable=False),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"], ["definition_versions.digest"], name=op.f("fk_migration_runs_digest_definition_versions")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_migration_runs_region_id_regions")),
        sa.ForeignKeyConstraint(["started_by"], ["people.id"], name=op.f("fk_migration_runs_started_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_runs")),
    )
    op.create_index(op.f("ix_migration_runs_digest_plan"), "migration_runs", ["digest", "plan"], unique=False)
    op.create_table(
        "migrated_cases",
        sa.Column("run_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("reason", JsonText(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", JsonText(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", "case_id", name=op.f("pk_migrated_cases")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_migrated_cases_case_id"), "migrated_cases", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_migrated_cases_case_id"), table_name="migrated_cases")
    op.drop_table("migrated_cases")
    op.drop_index(op.f("ix_migration_runs_digest_plan"), table_name="migration_runs")
    op.drop_table("migration_runs")
