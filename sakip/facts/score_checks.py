"""The scores of a region held against its answers: what differs is named, frozen ones too, or written anew (§11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from engine.errors import NotFound
from sakip.facts.fact_tables import Difference
from sakip.facts.models import ResultRow, ScoreRow
from sakip.facts.score_results import SCORE, columns_of, evaluate, score_rows, write_scores
from sakip.facts.scores import current_answers
from sakip.facts.sheets import NotAsked, Sheet, sheet_of
from sakip.standing import configuration_then

_COMPARED = ("numerator", "denominator", "shown", "band", "tone", "reason", "because", "is_provisional", "details")


def score_differences(session: Session, region_id: int) -> tuple[int, list[Difference]]:
    """How many score rows there are, and those that the answers do not give."""
    compared = 0
    different: list[Difference] = []
    for sheet in sheets_scored(session, region_id):
        rows = score_rows(session, sheet)
        different += _by_another_rubric(session, sheet, rows)
        stored = {row.span: {name: getattr(row, name) for name in _COMPARED} for row in rows}
        answers = current_answers(session, sheet)
        computed = {}
        if answers:
            for span, one in evaluate(sheet, answers).items():
                computed[span] = {name: columns_of(sheet, one)[name] for name in _COMPARED}
        compared += len(stored)
        different += [
            Difference("sakip_results", _named(sheet, span), *_differing(stored.get(span), computed.get(span)))
            for span in dict.fromkeys((*stored, *computed))
            if stored.get(span) != computed.get(span)
        ]
    return compared, different


def _by_another_rubric(session: Session, sheet: Sheet, rows: Iterable[ResultRow]) -> Iterator[Difference]:
    """Closed scores whose digest is not of the rubric that counted when they were closed."""
    for row in rows:
        if row.frozen_at is None:
            continue
        then = configuration_then(session, sheet.region_id, row.frozen_at).evaluation(sheet.year)
        if then is not None and row.digest != then.head.digest:
            named = _named(sheet, row.span)
            yield Difference("sakip_results", named, {"digest": row.digest}, {"digest": then.head.digest})


def rewrite_scores(session: Session, region_id: int, now: datetime) -> None:
    """Compute every score of a region again; a frozen one stays."""
    for sheet in sheets_scored(session, region_id):
        answers = current_answers(session, sheet)
        if answers:
            write_scores(session, sheet, answers, now)


def sheets_scored(session: Session, region_id: int, year: int | None = None) -> Iterator[Sheet]:
    """The worksheets of a region (of a performance year) that have answers of tiers that were left, or scores."""
    asked = union(
        select(ScoreRow.unit_id, ScoreRow.year).where(ScoreRow.region_id == region_id),
        select(ResultRow.unit_id, ResultRow.year).where(ResultRow.region_id == region_id, ResultRow.figure == SCORE),
    )
    places = {(unit, year) for unit, year in session.execute(asked)}
    for unit, of_year in sorted(places, key=lambda place: (place[1], place[0] or 0)):
        if year not in (None, of_year):
            continue
        try:
            yield sheet_of(session, region_id, unit, of_year)
        except (NotAsked, NotFound):
            continue  # a year nothing governs any more: there is nothing to hold it against


def _named(sheet: Sheet, span: str) -> dict[str, Any]:
    return {
        "figure": SCORE, "year": sheet.year, "span": span, "subject_kind": sheet.subject, "subject": sheet.subject_key,
    }  # fmt: skip


def _differing(
    stored: dict[str, Any] | None, computed: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if stored is None or computed is None:
        return stored, computed
    wrong = [name for name in _COMPARED if stored[name] != computed[name]]
    return {name: stored[name] for name in wrong}, {name: computed[name] for name in wrong}
