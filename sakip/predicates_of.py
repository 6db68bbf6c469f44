"""The three predicates of a subject over the years, kept apart and each with its date (reference §7.12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.evaluation import Evaluation
from sakip.facts.models import GradeRow, ResultRow
from sakip.facts.score_results import RESULT, SCORE, is_withheld
from sakip.looking import Filters, Viewer
from sakip.reasons import CODES, short
from sakip.score import Judged, judge
from sakip.tiers import CRITERIA, INSPECTORATE, MINISTRY, SELF_ASSESSMENT

SOURCES = {
    SELF_ASSESSMENT: Text("Penilaian sendiri", "Self-assessment"),
    INSPECTORATE: Text("Evaluasi Inspektorat", "Evaluation by the Inspektorat"),
    MINISTRY: Text("Evaluasi KemenPANRB", "Evaluation by KemenPANRB"),
}
YEARS_BACK = 4
REGION, UNIT = "region", "unit"


@dataclass(frozen=True, slots=True)
class Graded:
    """One predicate of a year: by whom, since when; ``score`` as printed (None: only the word is known). Without a
    number ``reason`` says why. ``judged`` places a score the rubric can judge; ``parts`` what it is made of."""

    year: int
    source: str
    score: str | None
    predicate: Text | None
    short: str
    tone: str
    on: date | None
    is_provisional: bool
    reason: Text | None
    letter: str
    judged: Judged | None
    details: Any

    @property
    def title(self) -> Text:
        """By whom."""
        return SOURCES[self.source]


def graded(session: Session, viewer: Viewer, filters: Filters) -> list[Graded]:
    """Every predicate there is of the unit asked for, or of the region, in the year and the four before: the newest
    year first, in it self-assessment, Inspektorat, KemenPANRB."""
    subject = subject_of(viewer, filters)
    if subject is None:
        return []
    kind, key, unit_id = subject
    years = range(filters.year - YEARS_BACK, filters.year + 1)
    scores = session.scalars(
        select(ResultRow).where(
            ResultRow.region_id == viewer.region_id, ResultRow.figure == SCORE, ResultRow.year.in_(years),
            ResultRow.subject_kind == kind, ResultRow.subject == key,
        )
    ).all()  # fmt: skip
    grades = session.scalars(
        select(GradeRow)
        .where(
            GradeRow.region_id == viewer.region_id, GradeRow.year.in_(years),
            GradeRow.unit_id.is_(None) if unit_id is None else GradeRow.unit_id == unit_id,
        )
        .order_by(GradeRow.on_date, GradeRow.id)
    ).all()  # fmt: skip
    found: list[Graded] = []
    for year in reversed(years):
        rubric = viewer.configuration.evaluation(year)
        found += _scored(rubric, [one for one in scores if one.year == year], viewer)
        typed = [one for one in grades if one.year == year]
        found += [_typed(rubric, typed[-1])] if typed else []
    return found


def newest(found: list[Graded]) -> Graded | None:
    """The predicate that is spoken of first: of the newest year with a number, the one furthest outside."""
    told = [one for one in found if one.reason is None]
    order = {source: place for place, source in enumerate(SOURCES)}
    return max(told, key=lambda one: (one.year, order[one.source]), default=None)


def before(found: list[Graded], one: Graded) -> Graded | None:
    """The predicate of the same source in the newest year before."""
    earlier = [other for other in found if other.source == one.source and other.year < one.year and other.score]
    return max(earlier, key=lambda other: other.year, default=None)


def subject_of(viewer: Viewer, filters: Filters) -> tuple[str, str, int | None] | None:
    """Whose predicates these are: its kind, its key and, of a unit, its id; None for whoever looks at no unit."""
    if filters.unit is not None:
        return UNIT, filters.unit.key, filters.unit.id
    if viewer.unit_ids is None:
        return REGION, viewer.organisation.key, None
    return (UNIT, viewer.units[0].key, viewer.units[0].id) if viewer.units else None


def _scored(rubric: Evaluation | None, rows: list[ResultRow], viewer: Viewer) -> Iterator[Graded]:
    if rubric is None:
        return
    first = next((tier.key for tier in rubric.tiers.values() if tier.answers == CRITERIA), "")
    for source, span in ((SELF_ASSESSMENT, first), (INSPECTORATE, RESULT)):
        row = next((one for one in rows if one.span == span), None)
        if row is None or (is_withheld(rubric, row) and viewer.belongs_to(row.unit_id)):
            continue
        on = row.computed_at.astimezone(viewer.organisation.timezone).date()
        if row.reason is not None:
            yield Graded(row.year, source, None, None, "", "", on, False, _why(row), "", None, row.details)
            continue
        judged = judge(rubric, Fraction(int(row.numerator or 0), int(row.denominator or 1)))
        band = judged.predicate
        yield Graded(
            row.year, source, row.shown, band.title, band.short, band.tone, on, row.is_provisional, None, "", judged,
            row.details,
        )  # fmt: skip


def _typed(rubric: Evaluation | None, row: GradeRow) -> Graded:
    exact = None if row.score is None else Fraction(row.score)
    judged = judge(rubric, exact) if rubric is not None and exact is not None else None
    band = None
    for one in () if rubric is None else rubric.predicate.rows:
        if row.predicate.casefold() in (one.key.casefold(), one.short.casefold()):
            band = one
    title = band.title if band is not None else Text(row.predicate, row.predicate)
    tone = band.tone if band is not None else ""
    word = band.short if band is not None else row.predicate
    return Graded(row.year, MINISTRY, row.score, title, word, tone, row.on_date, False, None, row.letter, judged, None)


def _why(row: ResultRow) -> Text:
    sentence = (row.details or {}).get("sentence")
    if isinstance(sentence, dict):
        return Text(sentence["id"], sentence["en"])
    return short(row.reason or "") if row.reason in CODES else Text(row.reason or "", row.reason or "")
