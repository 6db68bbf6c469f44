"""The cheapest way to the next predicate as a page asks for it: whose, when, under which wishes (§9, §13.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.sealed import openable
from sakip.configuration.evaluation import Tier
from sakip.configuration.folder import Configuration
from sakip.configuration.whatif import WhatIf
from sakip.cycle import ACTION_PLAN
from sakip.facts.models import ResultRow
from sakip.facts.score_results import SCORE, is_withheld, score_rows
from sakip.facts.scores import current_answers
from sakip.facts.sheets import Sheet, sheet_of
from sakip.looking import Viewer
from sakip.pieces_held import pieces_held
from sakip.reasons import TIER_MISSING, Reason
from sakip.subjects_seen import Seen, Subject, seen_by
from sakip.tiers import TierAnswer, counting
from sakip.whatif.goals import weeks_left
from sakip.whatif.model import Answer, Wish
from sakip.whatif.ways import cheapest


@dataclass(frozen=True, eq=False, slots=True)
class Improvement:
    """The answer for a subject and year. ``sheet`` None: no rubric or no efforts govern the year, and ``answer`` is
    None too. ``tier`` is whose answers it starts from; ``weeks`` are those left until ``until`` by the file (None: no
    date); ``who`` are titles of the region's own groups, roles and units by key; ``may_plan`` where the region has
    action plans at all."""

    subject: Subject
    year: int
    years: tuple[int, ...]
    today: date
    sheet: Sheet | None
    whatif: WhatIf | None
    tier: Tier | None
    wish: Wish
    weeks: int | None
    answer: Answer | Reason | None
    who: Mapping[str, str]
    may_plan: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a subject stands by one tier: its score as printed and predicate, points to the next; None: no score."""

    subject: Subject
    score: ResultRow | None


def improvement(
    session: Session, person_id: int, name: str, year: int | None, wish: Wish, now: datetime
) -> Improvement:
    """The cheapest way for a subject (its key) in a performance year; without one the newest that is evaluated.

    Weeks nobody named are those left to the file's target date. Raises NotFound for a subject that is not the person's
    to read, NotAsked for a subject the rubric does not ask, WhatIfFault for a goal or a fixed path that is none.
    """
    seen = seen_by(session, person_id, now)
    subject = seen.called(name)
    configuration = seen.viewer.configuration
    years, today = evaluated_years(configuration), seen.viewer.today
    asked = year if year is not None else _usual_year(session, seen, subject, years)
    whatif = configuration.whatif(asked)
    if configuration.evaluation(asked) is None or whatif is None:
        return Improvement(subject, asked, years, today, None, None, None, wish, None, None, {}, False)
    sheet = sheet_of(session, seen.viewer.region_id, subject.unit_id, asked)
    weeks = weeks_left(whatif.target_date, today)
    full = Wish(wish.goal, wish.margin, weeks if wish.weeks_left is None else wish.weeks_left, wish.fixed,
                wish.alternatives)  # fmt: skip
    kept = withheld(session, seen.viewer, sheet)
    tier, answer = answer_of(session, sheet, whatif, full, kept)
    may_plan = ACTION_PLAN in openable(session, seen.viewer.region_id, now)
    return Improvement(subject, asked, years, today, sheet, whatif, tier, full, weeks, answer, _who(seen), may_plan)


def withheld(session: Session, viewer: Viewer, sheet: Sheet) -> frozenset[str]:
    """The tiers whose answers are not for this viewer yet, because the viewer belongs to who is scored."""
    if not viewer.belongs_to(sheet.unit_id):
        return frozenset()
    return frozenset(row.span for row in score_rows(session, sheet) if is_withheld(sheet.evaluation, row))


def answer_of(
    session: Session, sheet: Sheet, whatif: WhatIf, wish: Wish, without: frozenset[str] = frozenset()
) -> tuple[Tier | None, Answer | Reason]:
    """The tier whose answers it starts from (none of ``without``) and the cheapest way; or the reason there is none.
    Raises WhatIfFault."""
    answers = {key: given for key, given in current_answers(session, sheet).items() if key not in without}
    held = pieces_held(session, sheet.region_id, [sheet])
    return way_from(sheet, whatif, wish, answers, held[sheet.unit_id])


def way_from(
    sheet: Sheet, whatif: WhatIf, wish: Wish, answers: Mapping[str, Mapping[str, TierAnswer]], held: frozenset[str]
) -> tuple[Tier | None, Answer | Reason]:
    """The same from what was read: the answers of tiers by path, and the pieces the register has."""
    tiers = sheet.evaluation.tiers
    key = next((one for one in tiers_to_start(whatif) if one in tiers and one in answers), None)
    # A goal or a path that is none is refused also where there are no answers yet.
    found = cheapest(
        sheet.evaluation, whatif, sheet.subject, sheet.unit_type,
        counting(answers[key]) if key is not None else {}, wish, held,
    )  # fmt: skip
    if key is None:
        named = [one for one in tiers_to_start(whatif) if one in tiers][:1]
        return None, Reason(TIER_MISSING, {"tiers": tuple(tiers[one].title for one in named), "keys": tuple(named)})
    return tiers[key], found


def tiers_to_start(whatif: WhatIf) -> tuple[str, ...]:
    """The tiers whose answers a way may start from, the first that has any."""
    return tuple(key for key in (whatif.start_tier, whatif.fallback_tier) if key is not None)


def _who(seen: Seen) -> dict[str, str]:
    org = seen.viewer.organisation
    return {**{one.key: one.name for one in org.units.values()}, **org.groups}


def evaluated_years(configuration: Configuration) -> tuple[int, ...]:
    """The years with a rubric, newest first."""
    return tuple(sorted({one.model.year for one in configuration.evaluations}, reverse=True))


def _usual_year(session: Session, seen: Seen, subject: Subject, years: Sequence[int]) -> int:
    """The newest year with a score, otherwise the newest that is evaluated and not ahead, otherwise this year."""
    query = select(ResultRow.year).where(
        ResultRow.region_id == seen.viewer.region_id, ResultRow.figure == SCORE, ResultRow.subject == subject.key,
        ResultRow.subject_kind == subject.kind,
        ResultRow.shown.is_not(None),
    )  # fmt: skip
    scored = set(session.scalars(query)) & set(years)
    past = [year for year in years if year <= seen.viewer.today.year]
    return max(scored) if scored else past[0] if past else years[0] if years else seen.viewer.today.year


def standings(
    session: Session, person_id: int, year: int | None, now: datetime
) -> tuple[int, tuple[int, ...], list[Standing]]:
    """Every subject a person may read of with the score its way starts from; the year and the years there are."""
    seen = seen_by(session, person_id, now)
    years = evaluated_years(seen.viewer.configuration)
    past = [one for one in years if one <= seen.viewer.today.year]
    asked = year if year is not None else past[0] if past else seen.viewer.today.year
    whatif = seen.viewer.configuration.whatif(asked)
    query = select(ResultRow).where(
        ResultRow.region_id == seen.viewer.region_id, ResultRow.figure == SCORE, ResultRow.year == asked,
        ResultRow.span == (whatif.start_tier if whatif is not None else ""),
    )  # fmt: skip
    rubric = seen.viewer.configuration.evaluation(asked)
    scores = {
        (row.subject_kind, row.subject): row
        for row in session.scalars(query)
        if rubric is None or not (is_withheld(rubric, row) and seen.viewer.belongs_to(row.unit_id))
    }
    rows = [Standing(one, scores.get((one.kind, one.key))) for one in seen.subjects]
    listed = [one for one in rows if one.score is not None or one.subject.is_agency or one.subject.unit_id is None]
    return asked, years, listed
