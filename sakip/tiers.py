"""Several looks at one worksheet: which answers of a tier count, how scores become the result (§7.8, §7.9, §7.12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sakip.configuration.evaluation import Evaluation
from sakip.reasons import TIER_MISSING, Reason
from sakip.score import Judged, judge
from sakip.shares import Given

CRITERIA, PROVISIONAL = "criteria", "provisional"
BY_TIER, BY_WEIGHTED = "tier", "weighted"
SELF_ASSESSMENT, INSPECTORATE, MINISTRY = "self_assessment", "inspectorate", "ministry"


@dataclass(frozen=True, slots=True)
class TierAnswer:
    """What stands in a tier's row: the answer, and whether the tier's own people confirmed it."""

    given: Given
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class TierResult:
    """The exact score over the tiers. ``missing`` are the tiers it had to do without: then it is provisional."""

    score: Fraction
    missing: tuple[str, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether a tier is still missing."""
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class TypedPredicate:
    """What KemenPANRB decided, as its letter says it; nothing here computes it."""

    score: Fraction | None
    predicate: str
    decided_on: date
    letter: str


@dataclass(frozen=True, slots=True)
class Predicates:
    """The three predicates of one year. They are kept apart and each is named wherever it stands (§7.12)."""

    self_assessment: Judged | Reason
    inspectorate: Judged | Reason
    ministry: TypedPredicate | None


def counting(answers: Mapping[str, TierAnswer]) -> dict[str, Given]:
    """The answers of a tier that count: an unconfirmed one is open."""
    return {path: one.given for path, one in answers.items() if one.is_confirmed}


def result(evaluation: Evaluation, scores: Mapping[str, Fraction | None]) -> TierResult | Reason:
    """The score over the tiers that `result` names, from their exact scores (None or left out: missing).

    A missing tier never counts as zero: it refuses, or the others count among themselves and the result is provisional.
    """
    rule = evaluation.result
    given = {tier: found for tier in rule.tiers if (found := scores.get(tier)) is not None}
    missing = tuple(tier for tier in rule.tiers if tier not in given)
    if missing and rule.missing != PROVISIONAL:
        return _missing(evaluation, missing)
    weights = {tier: rule.weights[tier] if rule.by == BY_WEIGHTED else Fraction(1) for tier in given}
    whole = sum(weights.values(), Fraction(0))
    if not whole:
        return _missing(evaluation, missing)
    return TierResult(sum((weights[tier] * found for tier, found in given.items()), Fraction(0)) / whole, missing)


def _missing(evaluation: Evaluation, missing: tuple[str, ...]) -> Reason:
    titles = tuple(evaluation.tiers[key].title if key in evaluation.tiers else key for key in missing)
    return Reason(TIER_MISSING, {"tiers": titles, "keys": missing})


def predicates(
    evaluation: Evaluation, scores: Mapping[str, Fraction | None], ministry: TypedPredicate | None
) -> Predicates:
    """The predicate of the first tier that answers criteria, of the result over the tiers, and of the ministry."""
    first = next((tier.key for tier in evaluation.tiers.values() if tier.answers == CRITERIA), "")
    own = scores.get(first)
    whole = result(evaluation, scores)
    return Predicates(
        _missing(evaluation, (first,)) if own is None else judge(evaluation, own),
        whole if isinstance(whole, Reason) else judge(evaluation, whole.score),
        ministry,
    )
