"""Files brought in from a page: kept between looking and writing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sakip_imports",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("wish", JsonText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("outcome", JsonText(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sakip_imports_person_id_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_imports_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_imports")),
    )
    op.create_index(op.f("ix_sakip_imports_person_id_id"), "sakip_imports", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_sakip_imports_kept",
        "sakip_imports",
        ["state", "seen_at"],
        unique=False,
        sqlite_where=sa.text("content IS NOT NULL"),
        postgresql_where=sa.text("content IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("sakip_imports")
