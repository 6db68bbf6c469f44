"""The grade that ticked criteria propose for a sub-component; a person sets it (reference §7.3, S1)."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from sakip.configuration.evaluation import Evaluation, SubComponent, SuggestedGrade
from sakip.reasons import NOTHING_APPLIES, Reason


def suggested(rule: SuggestedGrade, met: int, of: int) -> str | Reason:
    """The answer proposed when ``met`` of ``of`` criteria hold: none, all, or between by the exact fraction.

    Raises ValueError when more hold than there are.
    """
    if met < 0 or met > of:
        raise ValueError(f"{met} of {of} criteria")
    if of == 0:
        return Reason(NOTHING_APPLIES)
    if met == 0:
        return rule.none
    return rule.all if met == of else rule.between.of(Fraction(met, of)).key


def suggested_for(
    evaluation: Evaluation, sub: SubComponent, subject: str, unit_type: str | None, ticked: Collection[str]
) -> str | Reason | None:
    """What the ticks (paths of criteria) propose for a sub-component; None when its scale has no suggestions."""
    rule = evaluation.suggested.get(sub.scale.key) if sub.scale is not None else None
    if rule is None:
        return None
    counted = [one.path for one in sub.criteria.values() if one.counts_for(subject, unit_type)]
    return suggested(rule, sum(path in ticked for path in counted), len(counted))
