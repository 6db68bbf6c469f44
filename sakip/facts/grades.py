"""The predicate somebody outside gave, typed in from their letter; nothing here computes it (reference §7.12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput
from engine.organisation.models import Region
from sakip.facts.models import GradeRow
from sakip.facts.sheets import sheet_of
from sakip.facts.stored_values import number_from_text, printed_number
from sakip.tiers import MINISTRY, TypedPredicate
from sakip.values import as_text

LONGEST_LETTER = 200


@dataclass(frozen=True, slots=True)
class Given:
    """What a letter says: ``predicate`` by key or short name, ``score`` with a point or None where it names none."""

    predicate: str
    score: str | None
    letter: str
    on: date


def record_grade(
    session: Session, region_id: int, unit_id: int | None, year: int, given: Given, *, by: int | None, now: datetime,
    source: str = MINISTRY,
) -> GradeRow:  # fmt: skip
    """Write a grade of a unit (None: of the region) and year; a later one takes over, the same one is written once.
    ``now`` is aware; which day it is the region's clock says.

    Raises NotFound for a unit of another region, NotAsked for a year without a rubric, InvalidInput for a predicate or
    score the rubric does not know, a letter that is not named, or a day ahead.
    """
    sheet = sheet_of(session, region_id, unit_id, year)
    rows = sheet.evaluation.predicate.rows
    wanted = given.predicate.strip().casefold()
    row = next((one for one in rows if wanted in (one.key.casefold(), one.short.casefold())), None)
    if row is None:
        known = ", ".join(one.short or one.key for one in rows)
        raise InvalidInput(f"There is no predicate '{given.predicate.strip()}'. Known: {known}.")
    letter = " ".join(given.letter.split())
    if not letter or len(letter) > LONGEST_LETTER:
        raise InvalidInput(f"The letter has to be named, with at most {LONGEST_LETTER} characters.")
    if not letter.isprintable():
        raise InvalidInput("The letter's number holds characters that nobody sees.")
    if given.on > now.astimezone(ZoneInfo(session.get_one(Region, region_id).timezone)).date():
        raise InvalidInput("The day of the letter lies ahead.")
    score = None if given.score is None or not given.score.strip() else _score(given.score.strip())
    bands = sheet.evaluation.predicate
    if score is not None and (
        (bands.minimum is not None and score < bands.minimum) or (bands.maximum is not None and score > bands.maximum)
    ):
        raise InvalidInput(f"The score {as_text(score)} lies outside what can be scored.")
    last = last_grade(session, region_id, unit_id, year, source)
    text = None if score is None else as_text(score)
    if last is not None and (last.score, last.predicate, last.letter, last.on_date) == (
        text,
        row.key,
        letter,
        given.on,
    ):
        return last
    grade = GradeRow(region_id=region_id, unit_id=unit_id, year=year, source=source, score=text, predicate=row.key)
    grade.letter, grade.on_date, grade.by, grade.at = letter, given.on, by, now
    session.add(grade)
    session.flush()
    return grade


def _score(text: str) -> Fraction:
    found = printed_number(text)
    if found is None:
        raise InvalidInput(f"'{text}' is no number; write it like 71.35.")
    return found


def last_grade(
    session: Session, region_id: int, unit_id: int | None, year: int, source: str = MINISTRY
) -> GradeRow | None:  # fmt: skip
    """The grade that counts: the one written last."""
    query = select(GradeRow).where(
        GradeRow.region_id == region_id, GradeRow.year == year, GradeRow.source == source,
        GradeRow.unit_id.is_(None) if unit_id is None else GradeRow.unit_id == unit_id,
    )  # fmt: skip
    return session.scalar(query.order_by(GradeRow.id.desc()).limit(1))


def typed(grade: GradeRow | None) -> TypedPredicate | None:
    """A grade as the three predicates show it."""
    if grade is None:
        return None
    score = None if grade.score is None else number_from_text(grade.score)
    return TypedPredicate(score, grade.predicate, grade.on_date, grade.letter)
