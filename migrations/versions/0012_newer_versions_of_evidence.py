"""Whether a newer version takes the place of a piece of evidence is asked of an index, not of every piece there is."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sakip_evidence_supersedes", "sakip_evidence", ["supersedes_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sakip_evidence_supersedes", table_name="sakip_evidence")
