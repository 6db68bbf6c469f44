"""The money of programmes: what each was given in a year, and what was spent by the end of a period."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CURRENT = {"sqlite_where": sa.text("is_current"), "postgresql_where": sa.text("is_current")}


def upgrade() -> None:
    op.create_table(
        "sakip_budgets",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("programme_key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("supports", JsonText(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_budgets_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_budgets_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_budgets")),
    )
    op.create_index("ix_sakip_budgets_case", "sakip_budgets", ["case_id"], unique=False)
    op.create_index(
        "ix_sakip_budgets_programme", "sakip_budgets", ["region_id", "programme_key"], unique=False, **_CURRENT
    )
    op.create_index("ix_sakip_budgets_year", "sakip_budgets", ["region_id", "year", "kind", "unit_id"], unique=False)
    op.create_index(
        "uq_sakip_budgets_current",
        "sakip_budgets",
        ["region_id", "year", "unit_id", "programme_key"],
        unique=True,
        **_CURRENT,
    )

    op.create_table(
        "sakip_absorptions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("programme_key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("amount", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_absorptions_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_absorptions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_absorptions")),
    )
    op.create_index("ix_sakip_absorptions_case", "sakip_absorptions", ["case_id"], unique=False)
    op.create_index(
        "uq_sakip_absorptions_current",
        "sakip_absorptions",
        ["region_id", "year", "unit_id", "programme_key", "period"],
        unique=True,
        **_CURRENT,
    )


def downgrade() -> None:
    op.drop_table("sakip_absorptions")
    op.drop_table("sakip_budgets")
