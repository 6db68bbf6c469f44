"""Scores follow when a rubric is published: what a draft would change of them, and those that are not frozen anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Region
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.heads import EVALUATION
from sakip.facts.following import has_its_own
from sakip.facts.models import ResultRow
from sakip.facts.score_checks import rewrite_scores, sheets_scored
from sakip.facts.score_results import SCORE, columns_of, evaluate, score_rows
from sakip.facts.scores import current_answers
from sakip.facts.sheets import Sheet
from sakip.published import model_of

_SHOWN = {"value": "shown", "band": "band", "reason": "reason", "because": "because"}


def scores_after_publishing(session: Session, region_id: int | None, now: datetime) -> None:
    """The scores of a region (None: of all) by the rubrics that count now; those of closed evaluations stay."""
    for region in _scored(session, region_id, None):
        rewrite_scores(session, region, now)


def impact_on_scores(
    session: Session, files: Mapping[str, str], key: str, region_id: int | None
) -> list[dict[str, Any]]:  # fmt: skip
    """Every score of its year that publishing a rubric for a region (None: for all that have none of their own) would
    change, old and new, as ``following.changed_by`` tells figures; those of closed evaluations are not touched."""
    region = None if region_id is None else session.get_one(Region, region_id)
    draft: Evaluation = model_of(EVALUATION, key, files, None if region is None else region.key).model
    return [
        line
        for one in _scored(session, region_id, draft.year)
        if region_id is not None or not has_its_own(session, one, EVALUATION)
        for sheet in sheets_scored(session, one, draft.year)
        for line in _changed(session, sheet, draft)
    ]


def _scored(session: Session, region_id: int | None, year: int | None) -> list[int]:
    """The regions that have scores which are not frozen yet."""
    query = select(ResultRow.region_id).distinct().where(ResultRow.figure == SCORE, ResultRow.frozen_at.is_(None))
    if region_id is not None:
        query = query.where(ResultRow.region_id == region_id)
    if year is not None:
        query = query.where(ResultRow.year == year)
    return sorted(session.scalars(query))


def _changed(session: Session, sheet: Sheet, draft: Evaluation) -> Iterator[dict[str, Any]]:
    answers = current_answers(session, sheet)
    if not answers:
        return
    frozen = {row.span for row in score_rows(session, sheet) if row.frozen_at is not None}
    before = _figures(sheet, evaluate(sheet, answers))
    asks = sheet.subject in draft.subjects
    drafted = replace(sheet, evaluation=draft)
    after = _figures(drafted, evaluate(drafted, answers)) if asks else {}
    for span in dict.fromkeys((*before, *after)):
        if span not in frozen and before.get(span) != after.get(span):
            yield {
                "region": session.get_one(Region, sheet.region_id).key, "figure": SCORE, "kind": sheet.subject,
                "subject": sheet.subject_key, "span": span, "old": before.get(span), "new": after.get(span),
            }  # fmt: skip


def _figures(sheet: Sheet, found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    told = {span: columns_of(sheet, one) for span, one in found.items()}
    return {span: {name: columns[column] for name, column in _SHOWN.items()} for span, columns in told.items()}
