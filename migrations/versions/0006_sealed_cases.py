"""Sealed cases: keys, receipts, reporters' drafts and open pages, conversations, files, releases, deletions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("is_sealed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("sessions", sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    op.add_column("pending_sign_ins", sa.Column("sealed_key", sa.LargeBinary(), nullable=True))
    op.add_column(
        "accounts", sa.Column("needs_second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.create_table(
        "disclosure_regions",
        sa.Column("region_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("escrow_public", sa.LargeBinary(), nullable=True),
        sa.Column("escrow_needed", sa.Integer(), nullable=True),
        sa.Column("escrow_custodians", sa.Integer(), nullable=True),
        sa.Column("escrow_made_at", Moment(), nullable=True),
        sa.Column("keys_revision", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("mail_rules", JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_disclosure_regions_region_id_regions")),
        sa.PrimaryKeyConstraint("region_id", name=op.f("pk_disclosure_regions")),
    )
    op.create_table(
        "officer_keys",
        sa.Column("person_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("by_password", sa.LargeBinary(), nullable=False),
        sa.Column("by_escrow", sa.LargeBinary(), nullable=False),
        sa.Column("escrow_public", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("vouched_at", Moment(), nullable=True),
        sa.Column("vouched_by", Identifier, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_officer_keys_person_id_people")),
        sa.ForeignKeyConstraint(["vouched_by"], ["people.id"], name=op.f("fk_officer_keys_vouched_by_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_officer_keys_region_id_regions")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_officer_keys")),
    )
    op.create_index(op.f("ix_officer_keys_region_id"), "officer_keys", ["region_id"], unique=False)
    op.create_table(
        "case_keys",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "holder", name=op.f("pk_case_keys")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_case_keys_holder"), "case_keys", ["holder", "kind", "case_id"], unique=False)
    op.create_table(
        "sealed_cases",
        sa.Column("case_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("is_held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("last_new_on", sa.Date(), nullable=False),
        sa.Column("recipients_seen", sa.Text(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_sealed_cases")),
    )
    op.create_index(op.f("ix_sealed_cases_keep_until"), "sealed_cases", ["keep_until"], unique=False)
    op.create_index(op.f("ix_sealed_cases_region_id"), "sealed_cases", ["region_id"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("draft_id", sa.Text(), nullable=True),
        sa.Column("wrapped", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_receipts_region_id_regions")),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_case_id"), "receipts", ["case_id"], unique=False)
    op.create_index(op.f("ix_receipts_draft_id"), "receipts", ["draft_id"], unique=False)
    op.create_table(
        "reporter_drafts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("locked", sa.Text(), nullable=False),
        sa.Column("has_receipt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_reporter_drafts_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporter_drafts")),
    )
    op.create_index(op.f("ix_reporter_drafts_day"), "reporter_drafts", ["day"], unique=False)
    op.create_table(
        "reporter_sessions",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_reporter_sessions")),
    )
    op.create_index(op.f("ix_reporter_sessions_day"), "reporter_sessions", ["day"], unique=False)
    op.create_table(
        "reporter_counts",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_reporter_counts")),
    )
    op.create_index(op.f("ix_reporter_counts_day"), "reporter_counts", ["day"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person_id", Identifier, nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("locked", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("uq_conversations_place"), "conversations", ["case_id", "place"], unique=True)
    op.create_table(
        "sealed_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("draft_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("of_file", sa.Text(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("person_id", Identifier, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.Text(), nullable=False),
        sa.Column("stored_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_files")),
    )
    op.create_index(op.f("ix_sealed_files_case_id"), "sealed_files", ["case_id"], unique=False)
    op.create_index(op.f("ix_sealed_files_draft_id"), "sealed_files", ["draft_id"], unique=False)
    op.create_table(
        "identity_releases",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("asked_by", Identifier, nullable=False),
        sa.Column("motive", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", Identifier, nullable=True),
        sa.Column("is_approved", sa.Boolean(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_identity_releases_asked_by_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_identity_releases_decided_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_releases")),
    )
    op.create_index(op.f("ix_identity_releases_case_id"), "identity_releases", ["case_id"], unique=False)
    op.create_table(
        "case_deletions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("asked_by", Identifier, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("decided_by", Identifier, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_case_deletions_asked_by_people")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_case_deletions_decided_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_deletions")),
    )
    op.create_index(op.f("ix_case_deletions_case_id"), "case_deletions", ["case_id"], unique=False)
    op.create_table(
        "tombstones",
        sa.Column("case_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", Identifier, nullable=False),
        sa.Column("confirmed_by", Identifier, nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_tombstones_region_id_regions")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_tombstones_asked_by_people")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_tombstones_confirmed_by_people")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_tombstones")),
    )
    op.create_index(op.f("ix_tombstones_region_id"), "tombstones", ["region_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tombstones_region_id"), table_name="tombstones")
    op.drop_table("tombstones")
    op.drop_index(op.f("ix_case_deletions_case_id"), table_name="case_deletions")
    op.drop_table("case_deletions")
    op.drop_index(op.f("ix_identity_releases_case_id"), table_name="identity_releases")
    op.drop_table("identity_releases")
    op.drop_index(op.f("ix_sealed_files_case_id"), table_name="sealed_files")
    op.drop_index(op.f("ix_sealed_files_draft_id"), table_name="sealed_files")
    op.drop_table("sealed_files")
    op.drop_index(op.f("uq_conversations_place"), table_name="conversations")
    op.drop_table("conversations")
    op.drop_index(op.f("ix_reporter_counts_day"), table_name="reporter_counts")
    op.drop_table("reporter_counts")
    op.drop_index(op.f("ix_reporter_sessions_day"), table_name="reporter_sessions")
    op.drop_table("reporter_sessions")
    op.drop_index(op.f("ix_reporter_drafts_day"), table_name="reporter_drafts")
    op.drop_table("reporter_drafts")
    op.drop_index(op.f("ix_receipts_case_id"), table_name="receipts")
    op.drop_index(op.f("ix_receipts_draft_id"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index(op.f("ix_sealed_cases_keep_until"), table_name="sealed_cases")
    op.drop_index(op.f("ix_sealed_cases_region_id"), table_name="sealed_cases")
    op.drop_table("sealed_cases")
    op.drop_index(op.f("ix_case_keys_holder"), table_name="case_keys")
    op.drop_table("case_keys")
    op.drop_index(op.f("ix_officer_keys_region_id"), table_name="officer_keys")
    op.drop_table("officer_keys")
    op.drop_table("disclosure_regions")
    op.drop_column("accounts", "needs_second_factor")
    op.drop_column("pending_sign_ins", "sealed_key")
    op.drop_column("sessions", "sealed_key")
    op.drop_column("cases", "is_sealed")
