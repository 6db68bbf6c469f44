"""The scores of a worksheet as result rows: one a tier, and the result over the tiers (reference §7.6–§7.10, §11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.evaluation import Evaluation
from sakip.facts.models import ResultRow
from sakip.facts.sheets import EVIDENCE, Sheet
from sakip.facts.sheets import RESULT as RESULT
from sakip.facts.sheets import SCORE as SCORE
from sakip.framework_words import framework_sentences
from sakip.reasons import NOTHING_APPLIES, Reason
from sakip.score import Judged, Scored, judge, score
from sakip.tiers import BY_TIER, TierAnswer, counting, result

PLACES_OF_A_PART = 4


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A tier's score or the result over the tiers; or why there is none. ``scored`` is None for a result that is not
    one tier's alone."""

    tier: str
    judged: Judged | Reason
    exact: Fraction | None
    scored: Scored | None
    is_provisional: bool = False


def evaluate(sheet: Sheet, answers: Mapping[str, Mapping[str, TierAnswer]]) -> dict[str, Evaluated]:
    """Every tier that answers criteria and was left once, and the result over the tiers under ``result``."""
    found: dict[str, Evaluated] = {}
    for tier in sheet.evaluation.tiers.values():
        if tier.answers != EVIDENCE and tier.key in answers:
            found[tier.key] = evaluate_tier(sheet, tier.key, answers[tier.key])
    found[RESULT] = _together(sheet.evaluation, found)
    return found


def evaluate_tier(sheet: Sheet, tier: str, answers: Mapping[str, TierAnswer]) -> Evaluated:
    """The score of one tier by its confirmed answers; one that looks at evidence alone answers no criterion."""
    if sheet.evaluation.tiers[tier].answers == EVIDENCE:
        return Evaluated(tier, Reason(NOTHING_APPLIES), None, None)
    scored = score(sheet.evaluation, sheet.subject, sheet.unit_type, counting(answers))
    if isinstance(scored, Reason):
        return Evaluated(tier, scored, None, None)
    return Evaluated(tier, judge(sheet.evaluation, scored.score), scored.score, scored)


def _together(evaluation: Evaluation, found: Mapping[str, Evaluated]) -> Evaluated:
    whole = result(evaluation, {key: one.exact for key, one in found.items()})
    if isinstance(whole, Reason):
        return Evaluated(RESULT, whole, None, None)
    rule = evaluation.result
    one = found[rule.tiers[0]] if rule.by == BY_TIER else None
    scored = None if one is None else one.scored
    return Evaluated(RESULT, judge(evaluation, whole.score), whole.score, scored, whole.is_provisional)


def plain(sheet: Sheet, one: Evaluated) -> dict[str, Any]:
    """An evaluation as the command line prints it (§12); numbers with a point are texts as printed."""
    judged, scored = one.judged, one.scored
    is_told = not isinstance(judged, Reason)
    return {
        "unit": sheet.subject_key,
        "tier": one.tier,
        "score": judged.printed if not isinstance(judged, Reason) else None,
        "predicate": judged.predicate.key if not isinstance(judged, Reason) else None,
        "next": _next(judged) if not isinstance(judged, Reason) else None,
        "sub_components": _parts(sheet, scored),
        "limited": list(scored.limited) if scored is not None else [],
        "warned": list(scored.warned) if scored is not None else [],
        "reason": judged.code if isinstance(judged, Reason) else None,
        **({"provisional": True} if is_told and one.is_provisional else {}),
    }


def without_score(subject: str, tier: str) -> dict[str, Any]:
    """What nothing was evaluated of, in the shape of what was; the caller gives the ``reason``."""
    nothing: dict[str, Any] = {"unit": subject, "tier": tier, "score": None, "predicate": None, "next": None}
    return nothing | {"sub_components": {}, "limited": [], "warned": [], "reason": None}


def _next(judged: Judged) -> dict[str, Any] | None:
    return None if judged.next is None else {"predicate": judged.next.predicate.key, "points": judged.next.printed}


def _parts(sheet: Sheet, scored: Scored | None) -> dict[str, str]:
    if scored is None:
        return {}
    printed = sheet.evaluation.rounding.printed
    return {path: printed(points, PLACES_OF_A_PART) for path, points in scored.points.items()}


def write_scores(session: Session, sheet: Sheet, answers: Mapping[str, Mapping[str, TierAnswer]], now: datetime) -> int:
    """Put the scores of a subject and year into their rows. A frozen one stays; one that is the same keeps the moment
    it was computed at, and one of a tier the rubric has given up goes. Returns how many changed."""
    session.flush()
    kept = {row.span: row for row in score_rows(session, sheet)}
    told = evaluate(sheet, answers)
    gone = [row for span, row in kept.items() if span not in told and row.frozen_at is None]
    for left in gone:
        session.delete(left)
    changed = len(gone)
    for span, one in told.items():
        row = kept.get(span)
        if row is not None and row.frozen_at is not None:
            continue
        columns = columns_of(sheet, one)
        if row is None:
            row = ResultRow(region_id=sheet.region_id, unit_id=sheet.unit_id, subject_kind=sheet.subject)
            row.subject, row.year, row.span, row.figure = sheet.subject_key, sheet.year, span, SCORE
            session.add(row)
        elif all(getattr(row, name) == value for name, value in columns.items()):
            continue
        for name, value in columns.items():
            setattr(row, name, value)
        row.computed_at = now
        changed += 1
    session.flush()
    return changed


def columns_of(sheet: Sheet, one: Evaluated) -> dict[str, Any]:
    """What a result row says of a score, without its keys and its moments."""
    digest = sheet.evaluation.head.digest
    if isinstance(one.judged, Reason):
        sentence = one.judged.sentence
        details: dict[str, Any] = {"sentence": _words(sentence), "paths": list(one.judged.values.get("paths", ()))}
        empty = dict.fromkeys(("numerator", "denominator", "shown", "band", "tone", "because"))
        return empty | {"reason": one.judged.code, "is_provisional": False, "details": details, "digest": digest}
    exact = one.exact or Fraction(0)
    return {
        "numerator": str(exact.numerator),
        "denominator": str(exact.denominator),
        "shown": one.judged.printed,
        "band": one.judged.predicate.key,
        "tone": one.judged.predicate.tone,
        "reason": None,
        "because": None,
        "is_provisional": one.is_provisional,
        "details": _details(sheet, one.judged, one.scored),
        "digest": digest,
    }


def _details(sheet: Sheet, judged: Judged, scored: Scored | None) -> dict[str, Any]:
    told: dict[str, Any] = {"short": judged.predicate.short, "next": _next(judged)}
    if scored is None:
        return told
    sentences = framework_sentences(sheet.evaluation, sheet.sections, scored)
    printed = sheet.evaluation.rounding.printed
    shares = {
        path: {"raw": printed(one.raw, PLACES_OF_A_PART), "counted": printed(one.counted, PLACES_OF_A_PART)}
        for path, one in scored.shares.items()
    }
    return told | {
        "sub_components": _parts(sheet, scored),
        "shares": shares,
        "limited": list(scored.limited),
        "warned": list(scored.warned),
        "refused": list(scored.refused),
        "sentences": {path: _words(text) for path, text in sentences.items()},
    }


def _words(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}


def is_withheld(rubric: Evaluation, row: ResultRow) -> bool:
    """Whether a score is not for those who work in the unit yet: a tier that it is made of is ``hidden_until`` a later
    step, and the evaluation is not closed (which freezes its scores)."""
    tiers = rubric.result.tiers if row.span == RESULT else (row.span,)
    hidden = (rubric.tiers[one].hidden_until for one in tiers if one in rubric.tiers)
    return row.frozen_at is None and any(until is not None for until in hidden)


def score_rows(session: Session, sheet: Sheet) -> list[ResultRow]:
    """The rows of a subject's scores in a year, tier by tier and the result."""
    query = select(ResultRow).where(
        ResultRow.region_id == sheet.region_id, ResultRow.figure == SCORE, ResultRow.year == sheet.year,
        ResultRow.subject_kind == sheet.subject, ResultRow.subject == sheet.subject_key,
    )  # fmt: skip
    return list(session.scalars(query))
