"""What last year's evaluation said at the same criterion: its answer and its recommendation (reference §7.11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.facts.models import RecommendationRow, ScoreRow
from sakip.facts.score_results import is_withheld, score_rows
from sakip.facts.sheets import NotAsked, Sheet, sheet_of
from sakip.tiers import BY_TIER

STATES = ("open", "planned", "closed")  # of a recommendation, in their order


@dataclass(frozen=True, slots=True)
class LastYear:
    """The answer of the tier that made the result (a key of its scale, or the pieces that counted), and what was
    recommended with how far it is, of several the one that is least far; "" where there was nothing."""

    answer: str
    recommendation: str
    state: str


def last_year_at(session: Session, sheet: Sheet) -> Mapping[str, LastYear]:
    """By path. A key means the same in every year, so a changed rubric keeps what it still asks. Of a tier that is
    hidden until last year's evaluation is closed nothing is told before."""
    answers = _answers(session, sheet)
    recommended = _recommended(session, sheet)
    return {
        path: LastYear(answers.get(path, ""), *recommended.get(path, ("", "")))
        for path in answers.keys() | recommended.keys()
    }


def _last(session: Session, sheet: Sheet) -> Sheet | None:
    """Last year's worksheet, by the rubric of that year; None where there is none."""
    try:
        return sheet_of(session, sheet.region_id, sheet.unit_id, sheet.year - 1)
    except NotAsked:
        return None


def _answers(session: Session, sheet: Sheet) -> dict[str, str]:
    last = _last(session, sheet)
    rule = None if last is None else last.evaluation.result
    if last is None or rule is None or not rule.tiers:
        return {}
    tier = rule.tiers[0] if rule.by == BY_TIER else rule.tiers[-1]
    if any(row.span == tier and is_withheld(last.evaluation, row) for row in score_rows(session, last)):
        return {}
    query = select(ScoreRow).where(
        ScoreRow.region_id == sheet.region_id, ScoreRow.year == sheet.year - 1, ScoreRow.tier == tier,
        ScoreRow.unit_id.is_(None) if sheet.unit_id is None else ScoreRow.unit_id == sheet.unit_id,
        ScoreRow.is_current,
    )  # fmt: skip
    return {
        row.path: row.answer or ", ".join((row.evidence or {}).get("counted", ())) for row in session.scalars(query)
    }


def _recommended(session: Session, sheet: Sheet) -> dict[str, tuple[str, str]]:
    query = select(RecommendationRow).where(
        RecommendationRow.region_id == sheet.region_id, RecommendationRow.year == sheet.year - 1,
        RecommendationRow.unit_id.is_(None) if sheet.unit_id is None else RecommendationRow.unit_id == sheet.unit_id,
        RecommendationRow.path.is_not(None),
    )  # fmt: skip
    found: dict[str, tuple[str, str]] = {}
    for row in session.scalars(query.order_by(RecommendationRow.id)):
        text, state = found.get(row.path or "", ("", row.state))
        found[row.path or ""] = (f"{text}\n{row.text}".strip(), min(state, row.state, key=STATES.index))
    return found
