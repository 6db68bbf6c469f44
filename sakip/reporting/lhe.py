"""The evaluation report (LHE): scores by component this year and last, predicate, findings, recommendations (§10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.facts.grades import last_grade
from sakip.facts.models import RecommendationRow, ResultRow
from sakip.facts.score_results import RESULT, score_rows
from sakip.facts.sheets import NotAsked, Sheet, sheet_of
from sakip.reasons import TIER_MISSING, Reason
from sakip.rounding import printed
from sakip.tiers import result
from sakip.unsettled import unsettled

PLACES = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """What the case adds to the figures: number and day of the report, its summary, recommendations not yet written
    as facts (path, text, due)."""

    number: str = ""
    on: date | None = None
    summary: str = ""
    recommendations: Sequence[Mapping[str, Any]] = ()


def lhe_values(session: Session, sheet: Sheet, paper: Paper | None = None) -> dict[str, Any]:
    """The report's values, JSON-able; numbers with a point are texts as printed. What has no number has its reason."""
    paper = paper or Paper()
    now = {row.span: row for row in score_rows(session, sheet)}
    before = {row.span: row for row in score_rows(session, replace(sheet, year=sheet.year - 1))}
    whole = now.get(RESULT)
    return {
        "unit": sheet.subject_key,
        "year": sheet.year,
        "number": paper.number,
        "on": None if paper.on is None else paper.on.isoformat(),
        "digest": sheet.evaluation.head.digest,
        "legal_basis": list(sheet.evaluation.head.legal_basis),
        "to_confirm": [_words(one) for one in unsettled(sheet.evaluation.head)],
        "result": _unscored(sheet) if whole is None else _line(sheet, whole),
        "last_year": _line(_last(session, sheet), before.get(RESULT)),
        "tiers": [
            {"tier": tier.key, "name": _words(tier.title), **_line(sheet, now.get(tier.key))}
            for tier in sheet.evaluation.tiers.values()
            if tier.key in now
        ],
        "components": _components(sheet, now, before),
        "findings": [{"path": path, "text": text} for path, text in _findings(sheet, now).items()],
        "summary": paper.summary,
        "recommendations": _recommendations(session, sheet, paper),
        "ministry": _ministry(session, sheet),
    }


def _last(session: Session, sheet: Sheet) -> Sheet:
    """Last year's worksheet, this year's where none is kept: only titles of predicates are asked of it."""
    try:
        return sheet_of(session, sheet.region_id, sheet.unit_id, sheet.year - 1)
    except NotAsked:
        return sheet


def _line(sheet: Sheet, row: ResultRow | None) -> dict[str, Any]:
    if row is None:
        return {"score": None, "predicate": None, "reason": None}
    titles = {one.key: one.title for one in sheet.evaluation.predicate.rows}
    title = titles.get(row.band or "")
    sentence = (row.details or {}).get("sentence") if row.reason else None
    return {
        "score": row.shown,
        "predicate": row.band,
        "title": None if title is None else _words(title),
        "next": _next(sheet, row),
        "reason": row.reason,
        "sentence": sentence,
        "provisional": row.is_provisional,
    }


def _unscored(sheet: Sheet) -> dict[str, Any]:
    """The result before any tier was left: it is missing, which is a reason like any other."""
    missing = result(sheet.evaluation, {})
    reason = missing if isinstance(missing, Reason) else Reason(TIER_MISSING)
    told = {"reason": reason.code, "sentence": _words(reason.sentence), "provisional": False}
    return {"score": None, "predicate": None, "title": None, "next": None, **told}


def _next(sheet: Sheet, row: ResultRow) -> dict[str, Any] | None:
    """The predicate above with what it is called for short, and the points to it; None where there is none."""
    further = (row.details or {}).get("next")
    return None if further is None else {**further, "short": _short(sheet, further["predicate"])}


def _short(sheet: Sheet, predicate: str) -> str:
    """What a predicate is called for short; one whose rubric does not say so goes by its key in capitals."""
    known = {one.key: one.short for one in sheet.evaluation.predicate.rows if one.short != one.key}
    return known.get(predicate) or predicate.upper()


def _made_of(sheet: Sheet, rows: Mapping[str, ResultRow]) -> ResultRow | None:
    """The row whose parts are told: the result's where one tier is the result, otherwise the last tier's."""
    whole = rows.get(RESULT)
    if whole is not None and (whole.details or {}).get("sub_components"):
        return whole
    last = [tier.key for tier in sheet.evaluation.tiers.values() if tier.key in rows]
    return rows[last[-1]] if last else None


def _components(
    sheet: Sheet, now: Mapping[str, ResultRow], before: Mapping[str, ResultRow]
) -> list[dict[str, Any]]:  # fmt: skip
    points, last = (_points(_made_of(sheet, rows)) for rows in (now, before))
    found = []
    for component in sheet.evaluation.components.values():
        paths = [sub.path for sub in component.sub_components.values()]
        found.append(
            {
                "component": component.key,
                "title": _words(component.title),
                "weight": _number(component.weight),
                "score": _sum(sheet, points, paths),
                "last_year": _sum(sheet, last, paths),
                "sub_components": [
                    {
                        "path": sub.path, "title": _words(sub.title), "weight": _number(sub.weight),
                        "score": _sum(sheet, points, [sub.path]), "last_year": _sum(sheet, last, [sub.path]),
                    }
                    for sub in component.sub_components.values()
                ],
            }
        )  # fmt: skip
    return found


def _points(row: ResultRow | None) -> Mapping[str, Fraction]:
    kept = {} if row is None else (row.details or {}).get("sub_components") or {}
    return {path: Fraction(text) for path, text in kept.items()}


def _sum(sheet: Sheet, points: Mapping[str, Fraction], paths: Sequence[str]) -> str | None:
    known = [points[path] for path in paths if path in points]
    return sheet.evaluation.rounding.printed(sum(known, Fraction(0)), PLACES) if known else None


def _number(weight: Fraction) -> str:
    return printed(weight, 0 if weight.denominator == 1 else PLACES)


def _findings(sheet: Sheet, now: Mapping[str, ResultRow]) -> dict[str, dict[str, str]]:
    """What the framework says of the result, or of the last tier that has a score."""
    scored = [now[tier.key] for tier in sheet.evaluation.tiers.values() if tier.key in now]
    whole = now.get(RESULT)
    told = (whole.details or {}).get("sentences") if whole is not None else None
    last = next((row for row in reversed(scored) if row.reason is None), None)
    if told is None and last is not None:
        told = (last.details or {}).get("sentences")
    return dict(told or {})


def _recommendations(session: Session, sheet: Sheet, paper: Paper) -> list[dict[str, Any]]:
    query = select(RecommendationRow).where(
        RecommendationRow.region_id == sheet.region_id, RecommendationRow.year == sheet.year,
        RecommendationRow.unit_id.is_(None) if sheet.unit_id is None else RecommendationRow.unit_id == sheet.unit_id,
        RecommendationRow.source == "internal",
    )  # fmt: skip
    written = session.scalars(query.order_by(RecommendationRow.id)).all()
    told: list[tuple[Any, Any, Any]] = [(row.path, row.text, row.due_on) for row in written] or [
        (row.get("path"), row.get("text"), row.get("due_on")) for row in paper.recommendations
    ]
    titles = {one.path: one.title for section in sheet.sections for one in section.sub.criteria.values()}
    titles |= {section.sub.path: section.sub.title for section in sheet.sections}
    return [
        {
            "path": path,
            "criterion": _words(titles[path]) if path in titles else None,
            "text": text,
            "due": str(due) if due else None,
        }
        for path, text, due in told
    ]


def _ministry(session: Session, sheet: Sheet) -> dict[str, Any] | None:
    row = last_grade(session, sheet.region_id, sheet.unit_id, sheet.year)
    if row is None:
        return None
    return {
        "score": row.score, "predicate": row.predicate, "short": _short(sheet, row.predicate), "letter": row.letter,
        "on": row.on_date.isoformat(),
    }  # fmt: skip


def _words(text: Text) -> dict[str, str]:
    return {"id": text.id, "en": text.en}
