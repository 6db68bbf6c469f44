"""What a worksheet asks of one subject: its sub-components in order, each with the questions that count (§7.1–§7.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from engine.definitions.model import Text
from sakip.configuration.evaluation import Criterion, Evaluation, Scale, SubComponent
from sakip.scorings import SCORINGS, Scoring

NOT_APPLICABLE = "na"
ALL, NONE = "all", "none"


@dataclass(frozen=True, eq=False, slots=True)
class Question:
    """One thing that is answered: a criterion, or under `graded` the sub-component itself.

    ``shares`` are the answers of its scale with their share (value / full); ``pieces`` the evidence whose acceptance
    is the answer (S4), None when a person answers. ``needs`` is the path of another question of the same section.
    """

    path: str
    title: Text
    scale: Scale | None
    shares: Mapping[str, Fraction]
    pieces: tuple[str, ...] | None
    not_applicable: str | None
    points: Fraction | None
    needs: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Section:
    """A sub-component with the questions asked of this subject; none when it asks nothing."""

    sub: SubComponent
    scoring: Scoring
    questions: tuple[Question, ...]

    @property
    def counts(self) -> bool:
        """Whether it takes part in the score: it has a weight or asks something."""
        return bool(self.questions) or self.sub.weight != 0

    def parts(self, questions: Sequence[Question]) -> Sequence[Fraction]:
        """Which part of the share each of these questions carries (the others of the section are left out). Parts add
        up to 1; all are 0 when none has points."""
        return self.scoring.parts([one.points for one in questions])


@lru_cache(maxsize=128)
def worksheet(evaluation: Evaluation, subject: str, unit_type: str | None) -> tuple[Section, ...]:
    """The sections in the order of the worksheet. ``subject`` is region or unit, ``unit_type`` None when unknown."""
    scorings = SCORINGS.values()
    return tuple(_section(sub, scorings[sub.scoring], subject, unit_type) for sub in evaluation.sub_components())


def _section(sub: SubComponent, scoring: Scoring, subject: str, unit_type: str | None) -> Section:
    counted = [one for one in sub.criteria.values() if one.counts_for(subject, unit_type)]
    if scoring.has_one_grade:
        grade = Question(sub.path, sub.title, sub.scale, _shares(sub.scale), None, None, None, None)
        return Section(sub, scoring, (grade,) if counted else ())
    asked = {one.key for one in counted}
    return Section(sub, scoring, tuple(_question(sub, one, asked) for one in counted))


def _question(sub: SubComponent, criterion: Criterion, asked: set[str]) -> Question:
    scale = criterion.scale or sub.scale
    needs = criterion.needs.rpartition(".")[2] if criterion.needs else None
    return Question(
        criterion.path,
        criterion.title,
        scale,
        {} if criterion.is_answered_by_evidence else _shares(scale),
        criterion.pieces() if criterion.is_answered_by_evidence else None,
        criterion.not_applicable,
        criterion.points,
        f"{sub.path}.{needs}" if needs in asked else None,
    )


def _shares(scale: Scale | None) -> Mapping[str, Fraction]:
    return {key: scale.share(key) for key in scale.answers} if scale is not None else {}
