"""The score of one tier, its predicate and the way to the next one (reference §7.6–§7.11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sakip.bands import UPPER, Band
from sakip.configuration.evaluation import Evaluation
from sakip.reasons import Reason
from sakip.rounding import ROUNDED, printed
from sakip.shares import Given, Share, answer_shares, framed, is_open
from sakip.worksheet import Section, worksheet


@dataclass(frozen=True, eq=False, slots=True)
class Scored:
    """The score of a tier, exact, with what it is made of. Paths stand in the order of the worksheet.

    ``points`` of every sub-component (weight × counted share), ``shares`` of those that ask something, ``answers`` the
    share of every question (None: left out). ``limited`` are sub-components that count less than they were answered,
    ``warned`` those that stand above what they rest on, and criteria above the one they need; ``refused`` keep the
    tier from being locked.
    """

    score: Fraction
    points: Mapping[str, Fraction]
    shares: Mapping[str, Share]
    answers: Mapping[str, Fraction | None]
    limited: tuple[str, ...]
    warned: tuple[str, ...]
    refused: tuple[str, ...]

    @property
    def may_be_locked(self) -> bool:
        """Whether the framework lets the tier be locked with these answers."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class Next:
    """The predicate above, and the smallest printable number of points that reaches it."""

    predicate: Band
    points: Fraction
    printed: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A score as it is printed, the predicate it has, and the next one (None at the highest)."""

    score: Fraction
    printed: str
    predicate: Band
    next: Next | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of a worksheet is answered: never a score."""

    answered: int
    of: int
    open: tuple[str, ...]


def score(evaluation: Evaluation, subject: str, unit_type: str | None, answers: Mapping[str, Given]) -> Scored | Reason:
    """The score of one tier from its answers by path (see ``sakip.shares.shares``), or why there is none."""
    sections = worksheet(evaluation, subject, unit_type)
    answered = answer_shares(sections, answers)
    if isinstance(answered, Reason):
        return answered
    shares = framed(evaluation, sections, answered)
    points = {
        one.sub.path: one.sub.weight * shares[one.sub.path].counted if one.sub.path in shares else Fraction(0)
        for one in sections
    }
    return Scored(
        sum(points.values(), Fraction(0)),
        points,
        shares,
        answered.of,
        tuple(path for path, share in shares.items() if share.limited_by is not None),
        tuple(_warned(sections, shares, answered.of)),
        tuple(path for path, share in shares.items() if share.is_refused),
    )


def _warned(
    sections: tuple[Section, ...], shares: Mapping[str, Share], answers: Mapping[str, Fraction | None]
) -> Iterator[str]:
    for section in sections:
        share = shares.get(section.sub.path)
        if share is not None and share.warned_by is not None:
            yield section.sub.path
        for question in section.questions:
            needed = answers.get(question.needs) if question.needs else None
            own = answers[question.path]
            if own is not None and needed is not None and own > needed:
                yield question.path


def judge(evaluation: Evaluation, exact: Fraction) -> Judged:
    """The predicate of an exact score: rounded once, then the bands (§7.10)."""
    rounding, bands = evaluation.rounding, evaluation.predicate
    judged = rounding.judged(exact, bands.places)
    row = bands.of(judged)
    above = bands.after(row.key)
    following = None
    if above is not None and above.start is not None:
        # On the grid of what judges, so that judged + points is itself a score that can be judged.
        places = rounding.places if rounding.band_on != ROUNDED or bands.places is None else bands.places
        points = _points(above.start - judged, Fraction(1, 10**places), bands.includes)
        following = Next(above, points, printed(points, places))
    return Judged(rounding.rounded(exact), rounding.printed(exact), row, following)


def _points(gap: Fraction, step: Fraction, includes: str) -> Fraction:
    if includes == UPPER:  # the boundary itself still belongs to the lower row
        return (gap // step + 1) * step
    return -(-gap // step) * step


def progress(evaluation: Evaluation, subject: str, unit_type: str | None, answers: Mapping[str, Given]) -> Progress:
    """How many questions are answered, and which are not."""
    asked = [one.path for section in worksheet(evaluation, subject, unit_type) for one in section.questions]
    opened = tuple(path for path in asked if is_open(answers.get(path)))
    return Progress(len(asked) - len(opened), len(asked), opened)


def asks_recommendation(evaluation: Evaluation, final: Scored) -> tuple[str, ...]:
    """The paths whose final share asks the evaluator for a recommendation, in the order of the worksheet (§7.11)."""
    rule = evaluation.recommendations
    if rule is None:
        return ()
    return tuple(path for path, share in final.answers.items() if share is not None and share < rule.required_below)
