"""What a worksheet asks of a unit or of the region in a year, and the answers a table's rows give (reference §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import InvalidInput, NotFound
from engine.organisation.models import Region, Unit
from sakip.configuration.evaluation import REGION, UNIT, Evaluation, Tier
from sakip.configuration.heads import EVALUATION
from sakip.facts.models import ResultRow
from sakip.shares import Given, is_open
from sakip.standing import configuration_of, configuration_then, published_file, today_in
from sakip.tiers import TierAnswer
from sakip.worksheet import ALL, NONE, NOT_APPLICABLE, Question, Section, worksheet

SCORE = "score"  # the figure
RESULT = "result"  # the span of what the tiers give together
EVIDENCE = "evidence"  # what such a tier answers: which pieces are accepted
NOT_EVALUATED, NO_RUBRIC = "not_evaluated", "no_rubric"
NAMES = {REGION: Text("pemerintah daerah", "the region"), UNIT: Text("perangkat daerah", "agencies")}


class NotAsked(InvalidInput):
    """This year or this subject is not evaluated; ``code`` is no_rubric or not_evaluated."""

    def __init__(self, code: str, told: Text) -> None:
        super().__init__(told.en)
        self.code = code
        self.told = told


@dataclass(frozen=True, slots=True)
class Sheet:
    """The worksheet of one subject and year. ``unit_id`` None is the region itself; ``subject_key`` is its key."""

    evaluation: Evaluation
    region_id: int
    unit_id: int | None
    subject_key: str
    unit_type: str | None
    year: int

    @property
    def subject(self) -> str:
        """What the rubric calls it: region or unit."""
        return REGION if self.unit_id is None else UNIT

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its sub-components with their questions, in order."""
        return worksheet(self.evaluation, self.subject, self.unit_type)

    @property
    def questions(self) -> Mapping[str, Question]:
        """Every question by its path, in the order of the worksheet."""
        return {one.path: one for section in self.sections for one in section.questions}

    def pieces(self) -> dict[str, tuple[str, ...]]:
        """The evidence asked at each path, whether acceptance answers it or a person does."""
        found: dict[str, tuple[str, ...]] = {}
        for section in self.sections:
            counted = [one for one in section.sub.criteria.values() if one.counts_for(self.subject, self.unit_type)]
            if section.scoring.has_one_grade:
                if section.questions:
                    asked = dict.fromkeys(piece for one in counted for piece in one.pieces())
                    found[section.sub.path] = tuple(asked)
            else:
                found |= {one.path: one.pieces() for one in counted}
        return found

    def ticks(self, path: str) -> tuple[str, ...]:
        """The criteria (paths) one may tick at a sub-component with one grade."""
        return tuple(
            one.path
            for section in self.sections
            if section.sub.path == path and section.scoring.has_one_grade
            for one in section.sub.criteria.values()
            if one.counts_for(self.subject, self.unit_type)
        )


def sheet_of(
    session: Session, region_id: int, unit_id: int | None, year: int, at: datetime | None = None
) -> Sheet:  # fmt: skip
    """The worksheet of a unit (None: of the region) in a performance year, by what is published for the region; with
    ``at`` by what counted at that moment, before anything was by what counts today. What was closed keeps the rubric
    it was closed by.

    Raises NotFound for a unit of another region, NotAsked where no rubric governs the year or asks such a subject.
    """
    return sheets_of(session, region_id, [unit_id], year, at)[0]


def sheets_of(
    session: Session, region_id: int, unit_ids: Sequence[int | None], year: int, at: datetime | None = None
) -> list[Sheet]:
    """The worksheets of several subjects, read together, in their order. Raises as for one."""
    region = session.get_one(Region, region_id)
    wanted = [one for one in unit_ids if one is not None]
    query = select(Unit.id, Unit.key, Unit.level).where(Unit.region_id == region_id, Unit.id.in_(wanted))
    units = {row.id: row for row in session.execute(query)} if wanted else {}
    if any(one not in units for one in wanted):
        raise NotFound("There is no such unit in this region.")
    then = None if at is None else configuration_then(session, region_id, at).evaluation(year)
    counting = then or configuration_of(session, region_id).evaluation(year)
    closed = _closed_by(session, region_id, year, counting) if at is None else {}
    found = []
    for unit_id in unit_ids:
        key, level = (region.key, None) if unit_id is None else (units[unit_id].key, units[unit_id].level)
        evaluation = closed.get(key) or counting
        if evaluation is None:
            raise NotAsked(NO_RUBRIC, Text(
                f"Belum ada lembar kerja evaluasi yang terbit untuk tahun {year}.",
                f"No evaluation worksheet is published for {year} yet.",
            ))  # fmt: skip
        sheet = Sheet(evaluation, region_id, unit_id, key, level, year)
        if sheet.subject not in evaluation.subjects:
            raise NotAsked(NOT_EVALUATED, Text(
                f"Evaluasi tahun {year} tidak menilai {NAMES[sheet.subject].id}.",
                f"The evaluation of {year} does not ask {NAMES[sheet.subject].en}.",
            ))  # fmt: skip
        found.append(sheet)
    return found


def _closed_by(session: Session, region_id: int, year: int, counting: Evaluation | None) -> dict[str, Evaluation]:
    """The rubrics of a year that closed evaluations were closed by, by the key of who was evaluated, where it is not
    the one that counts."""
    query = select(ResultRow.subject, ResultRow.digest).where(
        ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.figure == SCORE,
        ResultRow.span == RESULT, ResultRow.frozen_at.is_not(None),
    )  # fmt: skip
    if counting is not None:
        query = query.where(ResultRow.digest != counting.head.digest)
    found: dict[str, Evaluation] = {}
    for subject, digest in session.execute(query):
        file = published_file(session, EVALUATION, digest)
        if file is not None:
            found[subject] = file.model
    return found


def evaluated_unit(session: Session, region_id: int, unit_id: int) -> int | None:
    """The unit whose worksheet somebody of ``unit_id`` opens: the nearest at or above it that is evaluated, which is
    one of a type that keeps a tree (``plan.subjects``). None where there is none."""
    levels = configuration_of(session, region_id).levels(today_in(session, region_id).year)
    path = session.get_one(Unit, unit_id).path
    line = [int(step) for step in path.split("/") if step]
    subjects = () if levels is None else levels.subjects
    wanted = select(Unit.id).where(Unit.id.in_(line), Unit.level.in_(subjects))
    return session.scalars(wanted.order_by(Unit.path.desc()).limit(1)).first()


def tier_answers(
    sheet: Sheet, tier: Tier, rows: Iterable[Mapping[str, Any]], accepted: Mapping[str, frozenset[str]] | None = None
) -> dict[str, TierAnswer]:
    """What the rows of a tier's table answer, by path. ``accepted`` are the pieces an earlier tier accepted: where
    accepted evidence is the answer, others count nothing (§7.4)."""
    questions = sheet.questions
    found: dict[str, TierAnswer] = {}
    for row in rows:
        question = questions.get(row.get("path") or "")
        if question is not None:
            given = given_of(question, row)
            if accepted is not None and question.pieces is not None and given != NOT_APPLICABLE and not is_open(given):
                given = _among(question, given, accepted.get(question.path, frozenset()))
            found[question.path] = TierAnswer(given, is_confirmed(tier, row))
    return found


def is_confirmed(tier: Tier, row: Mapping[str, Any]) -> bool:
    """Whether the tier's own people stand by a row; in a tier that starts from nothing to answer is to confirm."""
    return tier.starts_from is None or row.get("confirmed_in") == tier.key


def given_of(question: Question, row: Mapping[str, Any]) -> Given:
    """The answer in a row. Where evidence is the answer: the pieces named, or one of `all`, `none`, `na`."""
    answer = row.get("answer") or None
    if question.pieces is None or answer == NOT_APPLICABLE:
        return answer
    if row.get("pieces"):
        return tuple(row["pieces"])
    return answer


def _among(question: Question, given: Given, accepted: frozenset[str]) -> Given:
    named = (question.pieces or ()) if given == ALL else () if given == NONE or given is None else tuple(given)
    return tuple(piece for piece in named if piece in accepted)


def accepted_before(
    sheet: Sheet, tier: Tier, answers: Mapping[str, Any]
) -> Mapping[str, frozenset[str]] | None:  # fmt: skip
    """The pieces that the evidence tiers before this one accepted in a case; None when there is no such tier."""
    earlier = [one for one in sheet.evaluation.tiers.values() if one.answers == EVIDENCE and one.order < tier.order]
    if not earlier:
        return None
    rows = answers.get(earlier[-1].key) or ()
    return {row["path"]: frozenset(row.get("pieces") or ()) for row in rows if row.get("checked") and row.get("path")}
