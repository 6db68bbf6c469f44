"""The performance cycle: tree of goals, targets, realisations, evidence, scores, results, recommendations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database import Identifier, JsonText, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sakip_targets",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("indicator_key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", JsonText(), nullable=True),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_targets_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_targets")),
    )
    op.create_index(op.f("ix_sakip_targets_case_id"), "sakip_targets", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_sakip_targets_region_id_indicator_key_year_period_valid_from"),
        "sakip_targets",
        ["region_id", "indicator_key", "year", "period", "valid_from"],
        unique=False,
    )

    op.create_table(
        "sakip_realisations",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("indicator_key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", JsonText(), nullable=True),
        sa.Column("is_not_issued", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("drivers", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("actions", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_realisations_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_realisations_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_realisations")),
    )
    op.create_index("ix_sakip_realisations_case", "sakip_realisations", ["case_id"], unique=False)
    op.create_index(
        "ix_sakip_realisations_unit",
        "sakip_realisations",
        ["region_id", "year", "unit_id"],
        unique=False,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "ix_sakip_realisations_unverified",
        "sakip_realisations",
        ["region_id", "year", "state"],
        unique=False,
        sqlite_where=sa.text("is_current AND state = 'reported'"),
        postgresql_where=sa.text("is_current AND state = 'reported'"),
    )
    op.create_index(
        "uq_sakip_realisations_current",
        "sakip_realisations",
        ["region_id", "indicator_key", "year", "period"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "sakip_recommendations",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("follow_up_id", Identifier, nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_recommendations_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_recommendations_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_recommendations")),
    )
    op.create_index(op.f("ix_sakip_recommendations_case_id"), "sakip_recommendations", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_sakip_recommendations_follow_up_id"), "sakip_recommendations", ["follow_up_id"], unique=False
    )
    op.create_index(
        "ix_sakip_recommendations_open",
        "sakip_recommendations",
        ["region_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index(
        "ix_sakip_recommendations_unit", "sakip_recommendations", ["region_id", "unit_id", "year"], unique=False
    )

    op.create_table(
        "sakip_results",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("span", sa.Text(), nullable=False),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("numerator", sa.Text(), nullable=True),
        sa.Column("denominator", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("band", sa.Text(), nullable=True),
        sa.Column("tone", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("details", JsonText(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("computed_at", Moment(), nullable=False),
        sa.Column("frozen_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_results_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_results_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_results")),
    )
    op.create_index(
        "ix_sakip_results_unit", "sakip_results", ["region_id", "year", "span", "unit_id", "figure"], unique=False
    )
    op.create_index(
        "uq_sakip_results",
        "sakip_results",
        ["region_id", "subject_kind", "subject", "figure", "year", "span"],
        unique=True,
    )

    op.create_table(
        "sakip_scores",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("evidence", JsonText(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_scores_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_scores_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_scores")),
    )
    op.create_index("ix_sakip_scores_case", "sakip_scores", ["case_id"], unique=False)
    op.create_index(
        "ix_sakip_scores_current",
        "sakip_scores",
        ["region_id", "year", "unit_id", "tier"],
        unique=False,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )

    op.create_table(
        "sakip_tree_revisions",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_tree_revisions_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_tree_revisions_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_tree_revisions")),
    )
    op.create_index(op.f("ix_sakip_tree_revisions_case_id"), "sakip_tree_revisions", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_sakip_tree_revisions_region_id_unit_id_number"),
        "sakip_tree_revisions",
        ["region_id", "unit_id", "number"],
        unique=False,
    )

    op.create_table(
        "sakip_unit_successions",
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=False),
        sa.Column("predecessor_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["units.id"], name=op.f("fk_sakip_unit_successions_predecessor_id_units")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["regions.id"], name=op.f("fk_sakip_unit_successions_region_id_regions")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_unit_successions_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "predecessor_id", name=op.f("pk_sakip_unit_successions")),
    )
    op.create_index(
        op.f("ix_sakip_unit_successions_region_id_predecessor_id"),
        "sakip_unit_successions",
        ["region_id", "predecessor_id"],
        unique=False,
    )

    op.create_table(
        "sakip_agreement_rows",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("case_id", Identifier, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("position_id", Identifier, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("node_key", sa.Text(), nullable=True),
        sa.Column("indicator_key", sa.Text(), nullable=False),
        sa.Column("revision_id", Identifier, nullable=True),
        sa.Column("weight", sa.Text(), nullable=True),
        sa.Column("copied", JsonText(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_sakip_agreement_rows_position_id_positions")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_agreement_rows_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["sakip_tree_revisions.id"],
            name=op.f("fk_sakip_agreement_rows_revision_id_sakip_tree_revisions"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_agreement_rows_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_agreement_rows")),
    )
    op.create_index(
        "ix_sakip_agreement_rows_indicator",
        "sakip_agreement_rows",
        ["region_id", "indicator_key"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "ix_sakip_agreement_rows_position",
        "sakip_agreement_rows",
        ["position_id", "year"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index(
        "ix_sakip_agreement_rows_unit",
        "sakip_agreement_rows",
        ["region_id", "year", "unit_id"],
        unique=False,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index("uq_sakip_agreement_rows_case", "sakip_agreement_rows", ["case_id", "seq", "row_key"], unique=True)

    op.create_table(
        "sakip_edges",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("partner_id", Identifier, nullable=True),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("revision_id", Identifier, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["partner_id"], ["units.id"], name=op.f("fk_sakip_edges_partner_id_units")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_edges_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["sakip_tree_revisions.id"], name=op.f("fk_sakip_edges_revision_id_sakip_tree_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_edges")),
    )
    op.create_index(
        "ix_sakip_edges_back",
        "sakip_edges",
        ["region_id", "ends"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(op.f("ix_sakip_edges_case_id"), "sakip_edges", ["case_id"], unique=False)
    op.create_index(op.f("ix_sakip_edges_partner_id"), "sakip_edges", ["partner_id"], unique=False)
    op.create_index(
        "uq_sakip_edges_current",
        "sakip_edges",
        ["region_id", "kind", "starts", "ends", "partner"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "sakip_evidence",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=True),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_type", sa.Text(), nullable=True),
        sa.Column("file_bytes", sa.Integer(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("link_checksum", sa.Text(), nullable=True),
        sa.Column("from_case_id", Identifier, nullable=True),
        sa.Column("from_revision_id", Identifier, nullable=True),
        sa.Column("supersedes_id", Identifier, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_by", Identifier, nullable=True),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_revision_id"],
            ["sakip_tree_revisions.id"],
            name=op.f("fk_sakip_evidence_from_revision_id_sakip_tree_revisions"),
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_evidence_region_id_regions")),
        sa.ForeignKeyConstraint(["registered_by"], ["people.id"], name=op.f("fk_sakip_evidence_registered_by_people")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["sakip_evidence.id"], name=op.f("fk_sakip_evidence_supersedes_id_sakip_evidence")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_evidence_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_evidence")),
    )
    op.create_index(op.f("ix_sakip_evidence_from_case_id"), "sakip_evidence", ["from_case_id"], unique=False)
    op.create_index(
        "ix_sakip_evidence_offered", "sakip_evidence", ["region_id", "kind", "year", "unit_id"], unique=False
    )
    op.create_index("ix_sakip_evidence_unit", "sakip_evidence", ["region_id", "unit_id", "year"], unique=False)

    op.create_table(
        "sakip_grades",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=True),
        sa.Column("predicate", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("by", Identifier, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_sakip_grades_by_people")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_grades_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_grades_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_grades")),
    )
    op.create_index(
        op.f("ix_sakip_grades_region_id_unit_id_year_source"),
        "sakip_grades",
        ["region_id", "unit_id", "year", "source"],
        unique=False,
    )

    op.create_table(
        "sakip_indicators",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("node_key", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("revision_id", Identifier, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", Identifier, nullable=True),
        sa.Column("verifier_id", Identifier, nullable=True),
        sa.Column("is_key", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["positions.id"], name=op.f("fk_sakip_indicators_owner_id_positions")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_indicators_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["sakip_tree_revisions.id"],
            name=op.f("fk_sakip_indicators_revision_id_sakip_tree_revisions"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_indicators_unit_id_units")),
        sa.ForeignKeyConstraint(
            ["verifier_id"], ["positions.id"], name=op.f("fk_sakip_indicators_verifier_id_positions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_indicators")),
    )
    op.create_index(
        "ix_sakip_indicators_ended",
        "sakip_indicators",
        ["region_id", "unit_id", "valid_to"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NOT NULL"),
        postgresql_where=sa.text("valid_to IS NOT NULL"),
    )
    op.create_index("ix_sakip_indicators_history", "sakip_indicators", ["region_id", "key", "valid_from"], unique=False)
    op.create_index(
        "ix_sakip_indicators_published",
        "sakip_indicators",
        ["region_id"],
        unique=False,
        sqlite_where=sa.text("is_published"),
        postgresql_where=sa.text("is_published"),
    )
    op.create_index(
        "ix_sakip_indicators_of_node",
        "sakip_indicators",
        ["region_id", "node_key"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "ix_sakip_indicators_of_unit",
        "sakip_indicators",
        ["region_id", "unit_id"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(op.f("ix_sakip_indicators_owner_id"), "sakip_indicators", ["owner_id"], unique=False)
    op.create_index(op.f("ix_sakip_indicators_revision_id"), "sakip_indicators", ["revision_id"], unique=False)
    op.create_index(
        "uq_sakip_indicators_current",
        "sakip_indicators",
        ["region_id", "key"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "sakip_nodes",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("revision_id", Identifier, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent_key", sa.Text(), nullable=True),
        sa.Column("owner_id", Identifier, nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("result_kind", sa.Text(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", JsonText(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["positions.id"], name=op.f("fk_sakip_nodes_owner_id_positions")),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_nodes_region_id_regions")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["sakip_tree_revisions.id"], name=op.f("fk_sakip_nodes_revision_id_sakip_tree_revisions")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_nodes_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_nodes")),
    )
    op.create_index(
        "ix_sakip_nodes_below",
        "sakip_nodes",
        ["region_id", "parent_key"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(
        "ix_sakip_nodes_ended",
        "sakip_nodes",
        ["region_id", "unit_id", "valid_to"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NOT NULL"),
        postgresql_where=sa.text("valid_to IS NOT NULL"),
    )
    op.create_index("ix_sakip_nodes_history", "sakip_nodes", ["region_id", "key", "valid_from"], unique=False)
    op.create_index(
        "ix_sakip_nodes_of_unit",
        "sakip_nodes",
        ["region_id", "unit_id"],
        unique=False,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.create_index(op.f("ix_sakip_nodes_owner_id"), "sakip_nodes", ["owner_id"], unique=False)
    op.create_index(op.f("ix_sakip_nodes_revision_id"), "sakip_nodes", ["revision_id"], unique=False)
    op.create_index(
        "uq_sakip_nodes_current",
        "sakip_nodes",
        ["region_id", "key"],
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    )

    op.create_table(
        "sakip_evidence_uses",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("region_id", Identifier, nullable=False),
        sa.Column("piece_id", Identifier, nullable=False),
        sa.Column("unit_id", Identifier, nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("piece", sa.Text(), nullable=False),
        sa.Column("case_id", Identifier, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", Identifier, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_sakip_evidence_uses_by_people")),
        sa.ForeignKeyConstraint(
            ["piece_id"], ["sakip_evidence.id"], name=op.f("fk_sakip_evidence_uses_piece_id_sakip_evidence")
        ),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_sakip_evidence_uses_region_id_regions")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_sakip_evidence_uses_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_evidence_uses")),
    )
    op.create_index(
        "ix_sakip_evidence_uses_place",
        "sakip_evidence_uses",
        ["region_id", "year", "unit_id", "subject", "place"],
        unique=False,
    )
    op.create_index(
        "uq_sakip_evidence_uses",
        "sakip_evidence_uses",
        ["piece_id", "subject", "place", "year", "period", "unit_id"],
        unique=True,
    )

    op.create_table(
        "sakip_evidence_acts",
        sa.Column("id", Identifier, nullable=False),
        sa.Column("piece_id", Identifier, nullable=False),
        sa.Column("use_id", Identifier, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", Identifier, nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_sakip_evidence_acts_by_people")),
        sa.ForeignKeyConstraint(
            ["piece_id"], ["sakip_evidence.id"], name=op.f("fk_sakip_evidence_acts_piece_id_sakip_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["use_id"], ["sakip_evidence_uses.id"], name=op.f("fk_sakip_evidence_acts_use_id_sakip_evidence_uses")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sakip_evidence_acts")),
    )
    op.create_index(op.f("ix_sakip_evidence_acts_piece_id_id"), "sakip_evidence_acts", ["piece_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("sakip_evidence_acts")
    op.drop_table("sakip_evidence_uses")
    op.drop_table("sakip_nodes")
    op.drop_table("sakip_indicators")
    op.drop_table("sakip_grades")
    op.drop_table("sakip_evidence")
    op.drop_table("sakip_edges")
    op.drop_table("sakip_agreement_rows")
    op.drop_table("sakip_unit_successions")
    op.drop_table("sakip_tree_revisions")
    op.drop_table("sakip_scores")
    op.drop_table("sakip_results")
    op.drop_table("sakip_recommendations")
    op.drop_table("sakip_realisations")
    op.drop_table("sakip_targets")
