"""What is wrong with the recommendations of an evaluation: one is asked for every low criterion (reference §7.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from sakip.answers import NOT_ASKED
from sakip.configuration.evaluation import REGION
from sakip.facts.sheets import NotAsked, Sheet, accepted_before, sheet_of, tier_answers
from sakip.reasons import Reason
from sakip.score import asks_recommendation, score
from sakip.tiers import counting

RECOMMENDATION_MISSING = "recommendation_missing"


def check_recommendations(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]], is_final: bool,
) -> Iterator[RowFault]:  # fmt: skip
    """A path has to be one of the worksheet; on locking, every criterion the rubric asks one for has one."""
    scope, year = context.scope, values.get("year")
    if scope is None or year is None:
        return
    unit = None if values.get("subject") == REGION else scope.unit
    try:
        sheet = sheet_of(session, region_id, None if unit is None else int(unit), int(year))
    except NotAsked:
        return
    known = {one.path for section in sheet.sections for one in section.sub.criteria.values()}
    known |= {section.sub.path for section in sheet.sections}
    for place, row in enumerate(rows):
        if row.get("path") and row["path"] not in known:
            message = Text("Kriteria ini tidak ditanyakan di sini.", "This criterion is not asked here.")
            yield RowFault(place, "path", NOT_ASKED, message)
    if is_final:
        given = {row.get("path") for row in rows}
        lacking = [path for path in asked_for(sheet, scope.answers) if path not in given]
        if lacking:
            yield RowFault(None, "", RECOMMENDATION_MISSING, _words(sheet, lacking))


def asked_for(sheet: Sheet, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths whose last tier's answers ask for a recommendation, by the answers of a case."""
    tier = max(sheet.evaluation.tiers.values(), key=lambda one: one.order)
    rows = answers.get(tier.key) or ()
    given = tier_answers(sheet, tier, rows, accepted_before(sheet, tier, answers))
    found = score(sheet.evaluation, sheet.subject, sheet.unit_type, counting(given))
    return () if isinstance(found, Reason) else asks_recommendation(sheet.evaluation, found)


def _words(sheet: Sheet, lacking: Sequence[str]) -> Text:
    titles = [sheet.questions[path].title for path in lacking]
    return Text(
        f"Belum ada rekomendasi untuk: {', '.join(one.id for one in titles)}",
        f"A recommendation is missing for: {', '.join(one.en for one in titles)}",
    )
