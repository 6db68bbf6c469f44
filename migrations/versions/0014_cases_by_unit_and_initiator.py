"""Who sees few of many cases is led to these by their unit or by who opened them instead of passing by all."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_unit", "cases", ["unit_id", "id"], unique=False)
    op.create_index("ix_cases_initiator", "cases", ["initiator_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_cases_initiator", table_name="cases")
    op.drop_index("ix_cases_unit", table_name="cases")
