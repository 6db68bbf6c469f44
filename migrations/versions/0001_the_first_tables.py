"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.audit.append_only import creating
from engine.database import Identifier, JsonText, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("region_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("seq", Identifier, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("administration_seq", Identifier, nullable=False),
        sa.Column("leaves", JsonText(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "seq", name=op.f("pk_anchors")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("region_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("seq", Identifier, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", Identifier, nullable=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("old", JsonText(), nullable=True),
        sa.Column("new", JsonText(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", "seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_region_id_subject"), "audit_entries", ["region_id", "subject"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("region_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("seq", Identifier, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "case_answers",
        sa.Column("case_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("answers", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_answers")),
    )
    op.create_table(
        "case_documents",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("answers", JsonText(), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "field", "revision", name=op.f("pk_case_documents")),
    )
    op.create_table(
        "exclusions",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "case_id", "number", name=op.f("pk_exclusions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "history",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor_id", Identifier, nullable=True),
        sa.Column("principal", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("states_left", JsonText(), nullable=False),
        sa.Column("states_entered", JsonText(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("details", JsonText(), nullable=False),
        sa.Column("answers_changed", JsonText(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name=op.f("pk_history")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_history_at", "history", ["at"], unique=False, postgresql_using="brin")

    op.create_table(
        "messages",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("notification", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("person_id", Identifier, nullable=True),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("uq_messages_once", "messages", ["case_id", "revision", "notification", "audience"], unique=True)

    op.create_table(
        "offer_rounds",
        sa.Column("region_id", Identifier, autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_case_id", Identifier, nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("region_id", name=op.f("pk_offer_rounds")),
    )
    op.create_table(
        "offers",
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("due_key", sa.BigInteger(), nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("powers", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "region_id", "audience", "due_key", "case_id", "number", "powers", name=op.f("pk_offers")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participants",
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("has_acted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("audience", "case_id", name=op.f("pk_participants")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_participants_case", "participants", ["case_id", "audience"], unique=False)

    op.create_table(
        "regions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("settings", JsonText(), nullable=False),
        sa.Column("organisation_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("key", name=op.f("uq_regions_key")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("window_starts_at", Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_window_starts_at"), "sign_in_attempts", ["window_starts_at"], unique=False
    )

    op.create_table(
        "tasks",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("assignee_id", Identifier, nullable=True),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("due_key", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", Identifier, nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", Identifier, nullable=True),
        sa.Column("principal", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_tasks")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_tasks_open_unit",
        "tasks",
        ["unit_id", "due_key", "case_id", "number"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )

    op.create_table(
        "timers",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("leased_by", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_timers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_timers_due", "timers", ["due_at"], unique=False)

    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "definition_versions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=True),
        sa.Column("region_key", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", JsonText(), nullable=False),
        sa.Column("files", JsonText(), nullable=False),
        sa.Column("stored_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_definition_versions_region_id_regions")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition_versions")),
    )
    op.create_index(
        op.f("ix_definition_versions_case_type_region_id_number"),
        "definition_versions",
        ["case_type", "region_id", "number"],
        unique=False,
    )

    op.create_table(
        "groups",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_groups_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_groups_region_id_key")),
    )
    op.create_table(
        "holidays",
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_holidays_region_id_regions")),
        sa.PrimaryKeyConstraint("region_id", "on_date", name=op.f("pk_holidays")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("resolved_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_incidents_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open",
        "incidents",
        ["region_id", "raised_at"],
        unique=False,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )

    op.create_table(
        "number_counters",
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_number_counters_region_id_regions")),
        sa.PrimaryKeyConstraint("region_id", "prefix", name=op.f("pk_number_counters")),
    )
    op.create_table(
        "units",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_id", Identifier, nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_units_parent_id_units")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_units_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("region_id", "key", name=op.f("uq_units_region_id_key")),
    )
    op.create_index(op.f("ix_units_parent_id"), "units", ["parent_id"], unique=False)
    op.create_index(op.f("ix_units_region_id_path"), "units", ["region_id", "path"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("mail_settings", JsonText(), nullable=False),
        sa.Column("page_settings", JsonText(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_people_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_people_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("region_id", "nip", name=op.f("uq_people_region_id_nip")),
    )
    op.create_index(op.f("ix_people_region_id_name_id"), "people", ["region_id", "name", "id"], unique=False)
    op.create_index(op.f("ix_people_unit_id"), "people", ["unit_id"], unique=False)

    op.create_table(
        "positions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_structural", sa.Boolean(), nullable=False),
        sa.Column("superior_position_id", Identifier, nullable=True),
        sa.Column("decision_limit", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_positions_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["superior_position_id"], ["positions.id"], name=op.f("fk_positions_superior_position_id_positions")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_positions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
    )
    op.create_index(op.f("ix_positions_region_id"), "positions", ["region_id"], unique=False)
    op.create_index(op.f("ix_positions_superior_position_id"), "positions", ["superior_position_id"], unique=False)
    op.create_index(op.f("ix_positions_unit_id_kind"), "positions", ["unit_id", "kind"], unique=False)

    op.create_table(
        "unit_parents",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("parent_id", Identifier, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["units.id"], name=op.f("fk_unit_parents_parent_id_units")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_parents_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_parents")),
    )
    op.create_index(op.f("ix_unit_parents_unit_id"), "unit_parents", ["unit_id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", Moment(), nullable=False),
        sa.Column("last_sign_in_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_table(
        "pending_sign_ins",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts.person_id"], name=op.f("fk_pending_sign_ins_person_id_accounts")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pending_sign_ins")),
    )
    op.create_index(op.f("ix_pending_sign_ins_expires_at"), "pending_sign_ins", ["expires_at"], unique=False)
    op.create_index(op.f("ix_pending_sign_ins_person_id"), "pending_sign_ins", ["person_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts.person_id"], name=op.f("fk_recovery_codes_person_id_accounts")
        ),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "second_factors",
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["accounts.person_id"], name=op.f("fk_second_factors_person_id_accounts")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "cases",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", JsonText(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("initiator_id", Identifier, nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("suspended_note", sa.Text(), nullable=True),
        sa.Column("attachment_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("returned_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("returned_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"], ["definition_versions.digest"], name=op.f("fk_cases_digest_definition_versions")
        ),
        sa.ForeignKeyConstraint(["initiator_id"], ["people.id"], name=op.f("fk_cases_initiator_id_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_cases_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cases_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_open_unit",
        "cases",
        ["unit_id", "id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("uq_cases_region_number", "cases", ["region_id", "number"], unique=True)

    op.create_table(
        "delegations",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("principal_id", Identifier, nullable=False),
        sa.Column("delegate_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("scope", JsonText(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decree_number", sa.Text(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('delegate', 'out_of_office')", name=op.f("ck_delegations_kind")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_delegations_period")
        ),
        sa.CheckConstraint("principal_id <> delegate_id", name=op.f("ck_delegations_two_people")),
        sa.ForeignKeyConstraint(["delegate_id"], ["people.id"], name=op.f("fk_delegations_delegate_id_people")),
        sa.ForeignKeyConstraint(["principal_id"], ["people.id"], name=op.f("fk_delegations_principal_id_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_delegations_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_delegate_id"), "delegations", ["delegate_id"], unique=False)
    op.create_index(op.f("ix_delegations_principal_id"), "delegations", ["principal_id"], unique=False)
    op.create_index(op.f("ix_delegations_region_id"), "delegations", ["region_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("answers", JsonText(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "subject", name=op.f("pk_drafts")),
    )
    op.create_table(
        "group_members",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("group_id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id_groups")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_group_members_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
    )
    op.create_index(op.f("ix_group_members_group_id"), "group_members", ["group_id"], unique=False)
    op.create_index(op.f("ix_group_members_person_id"), "group_members", ["person_id"], unique=False)

    op.create_table(
        "holders",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("position_id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("decree_number", sa.Text(), nullable=True),
        sa.Column("decree_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('definitif', 'pj', 'plt', 'plh')", name=op.f("ck_holders_kind")),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_holders_period")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_holders_person_id_people")),
        sa.ForeignKeyConstraint(["position_id"], ["positions.id"], name=op.f("fk_holders_position_id_positions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holders")),
    )
    op.create_index(op.f("ix_holders_person_id"), "holders", ["person_id"], unique=False)
    op.create_index(op.f("ix_holders_position_id"), "holders", ["position_id"], unique=False)

    op.create_table(
        "publications",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_type", sa.Text(), nullable=False),
        sa.Column("region_id", Identifier, nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", Identifier, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_basis", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["definition_versions.digest"], name=op.f("fk_publications_digest_definition_versions")
        ),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_publications_published_by_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_publications_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index(
        op.f("ix_publications_case_type_counts_from_id"),
        "publications",
        ["case_type", "counts_from", "id"],
        unique=False,
    )

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"], unique=False)

    op.create_table(
        "case_attachments",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("attached_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_attachments_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_attachments_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachments")),
    )
    op.create_index("ix_case_attachments_case", "case_attachments", ["case_id"], unique=False)

    op.create_table(
        "case_links",
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("other_case_id", Identifier, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id_cases")),
        sa.ForeignKeyConstraint(["other_case_id"], ["cases.id"], name=op.f("fk_case_links_other_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "name", "other_case_id", name=op.f("pk_case_links")),
    )
    op.create_index("ix_case_links_other", "case_links", ["other_case_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_comments_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_comments_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_case", "comments", ["case_id"], unique=False)

    op.create_table(
        "follows",
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follows_case_id_cases")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_follows_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "case_id", name=op.f("pk_follows")),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("person_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_views_person_id_people")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_saved_views_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_views_person_id_name")),
    )
    op.create_index(op.f("ix_saved_views_unit_id"), "saved_views", ["unit_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for table in ("history", "audit_entries", "anchors", "definition_versions", "publications"):
        for statement in creating(dialect, table):
            op.execute(statement)


def downgrade() -> None:
    for table in (
        "saved_views",
        "follows",
        "comments",
        "case_links",
        "case_attachments",
        "sessions",
        "publications",
        "holders",
        "group_members",
        "drafts",
        "delegations",
        "cases",
        "second_factors",
        "recovery_codes",
        "pending_sign_ins",
        "accounts",
        "unit_parents",
        "positions",
        "people",
        "units",
        "number_counters",
        "incidents",
        "holidays",
        "groups",
        "definition_versions",
        "workers",
        "timers",
        "tasks",
        "sign_in_attempts",
        "regions",
        "participants",
        "offers",
        "offer_rounds",
        "messages",
        "history",
        "exclusions",
        "case_documents",
        "case_answers",
        "audit_heads",
        "audit_entries",
        "anchors",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION alur_append_only()")
