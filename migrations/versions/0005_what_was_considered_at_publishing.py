"""What publishing considered, kept with each publication; and runs of migration plans that the worker carries out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.audit.append_only import creating
from engine.database import Identifier, JsonText

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication_records",
        sa.Column("publication_id", Identifier, nullable=False),
        sa.Column("approved_by", Identifier, nullable=True),
        sa.Column("findings", JsonText(), nullable=False),
        sa.Column("strength", JsonText(), nullable=True),
        sa.Column("decisions", JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_publication_records_approved_by_people")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_publication_records_publication_id_publications")
        ),
        sa.PrimaryKeyConstraint("publication_id", name=op.f("pk_publication_records")),
    )
    for statement in creating(op.get_bind().dialect.name, "publication_records"):
        op.execute(statement)
    op.add_column(
        "migration_runs", sa.Column("in_background", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("migration_runs", "in_background")
    op.drop_table("publication_records")
