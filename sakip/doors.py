"""Everything the field registers with the engine: kinds of definition, connectors, sources (reference §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.whose import case_unit
from engine.connectors import connector
from engine.definitions.model import Text
from engine.field_types.sources import rows_check, store_source
from engine.jobs import job
from engine.publishing.kinds import Kind, register, rests_on_case_types
from sakip import all_models
from sakip.case_types_named import look_at_names, look_at_rubrics
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT
from sakip.exchange.kept import write_waiting
from sakip.facts.agreements import agreement_in_force
from sakip.facts.connectors import (
    action_plan_in_force,
    deadline,
    due_rows,
    look_at_plan,
    look_at_rows,
    look_at_verification,
    plan_rows,
    realisations_reported,
    realisations_verified,
    verification_rows,
)
from sakip.facts.due_programmes import look_at_programmes, programme_rows
from sakip.facts.evaluation_calls import evaluation_closed, follow_up_state, tier_locked
from sakip.facts.following import impact_of
from sakip.facts.indicator_choices import indicators
from sakip.facts.period_choices import periods
from sakip.facts.recommendation_rows import check_recommendations
from sakip.facts.score_following import impact_on_scores
from sakip.facts.sheets import evaluated_unit
from sakip.facts.worksheet_rows import check_worksheet, no_rows, windows, worksheet_rows
from sakip.monthly import send_due
from sakip.published import KIND_NAMES, build_of, prove_of
from sakip.reporting.lkjip_rows import check_lkjip, lkjip_rows
from sakip.reporting.publishing import report_published, report_reviewed
from sakip.reporting.review_checklist import review_checklist
from sakip.tree.annex_check import check_annex
from sakip.tree.annex_rows import annex, annex_missions, annex_programmes
from sakip.tree.connectors import edge_agreed, tree_in_force
from sakip.tree.proposals import check_tree_rows, tree_rows

__all__ = ["KINDS", "all_models"]


def _no_impact(session: Session, files: Mapping[str, str], key: str, region: int | None) -> Sequence[Mapping[str, Any]]:  # noqa: ARG001
    return ()


_IMPACTS = {MEASUREMENT: impact_of, EVALUATION: impact_on_scores}
NAMING_CASE_TYPES = frozenset({LEVELS, EVALUATION})

KINDS = {
    schema: register(
        Kind(
            name,
            build=partial(build_of, schema),
            prove=prove_of,
            impact=_IMPACTS.get(schema, _no_impact),
            look=look_at_names if schema in NAMING_CASE_TYPES else None,
        )
    )
    for schema, name in KIND_NAMES.items()
}

_CONNECTORS = (  # with what people read of them
    ("sakip.tree_in_force", tree_in_force, Text("Pohon kinerja yang berlaku", "The tree in force")),
    ("sakip.edge_agreed", edge_agreed, Text("Kaitan yang disepakati", "The agreed link")),
    ("sakip.tier_locked", tier_locked, Text("Jawaban dan nilai satu tahap", "Answers and score of a tier")),
    ("sakip.evaluation_closed", evaluation_closed, Text("Hasil akhir evaluasi", "The final result of the evaluation")),
    ("sakip.follow_up_state", follow_up_state, Text("Keadaan tindak lanjut", "The state of the follow-up")),
    ("sakip.realisations_reported", realisations_reported, Text("Realisasi yang dilaporkan", "Reported realisations")),
    ("sakip.realisations_verified", realisations_verified, Text("Realisasi yang disahkan", "Verified realisations")),
    ("sakip.action_plan_in_force", action_plan_in_force, Text("Rencana aksi yang berlaku", "The action plan in force")),
    ("sakip.agreement_in_force", agreement_in_force, Text("Perjanjian kinerja yang berlaku", "The agreement in force")),
    ("sakip.report_published", report_published, Text("Laporan kinerja yang terbit", "The published report")),
    ("sakip.report_reviewed", report_reviewed, Text("Pernyataan reviu", "The statement of review")),
)
for _name, _run, _title in _CONNECTORS:
    connector(_name, _title)(_run)

rests_on_case_types("sakip", look_at_rubrics)
store_source("sakip.tree_nodes")(tree_rows)
rows_check("sakip.tree_nodes")(check_tree_rows)
store_source("sakip.windows")(windows)
store_source("sakip.worksheet")(worksheet_rows)
case_unit("sakip.worksheet")(evaluated_unit)
rows_check("sakip.worksheet")(check_worksheet)
store_source("sakip.recommendations")(no_rows)
rows_check("sakip.recommendations")(check_recommendations)
store_source("sakip.deadline")(deadline)
store_source("sakip.indicators")(indicators)
store_source("sakip.periods")(periods)
store_source("sakip.due_rows")(due_rows)
rows_check("sakip.due_rows")(look_at_rows)
store_source("sakip.verification_rows")(verification_rows)
rows_check("sakip.verification_rows")(look_at_verification)
store_source("sakip.due_programmes")(programme_rows)
rows_check("sakip.due_programmes")(look_at_programmes)
store_source("sakip.plan_rows")(plan_rows)
rows_check("sakip.plan_rows")(look_at_plan)
store_source("sakip.annex")(annex)
store_source("sakip.annex_programmes")(annex_programmes)
store_source("sakip.annex_missions")(annex_missions)
rows_check("sakip.annex")(check_annex)
job("sakip.imports", every=timedelta(seconds=2))(write_waiting)
store_source("sakip.lkjip")(lkjip_rows)
rows_check("sakip.lkjip")(check_lkjip)
store_source("sakip.review_checklist")(review_checklist)
job("sakip.monthly", every=timedelta(minutes=10))(send_due)
