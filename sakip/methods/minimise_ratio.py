"""The lower the better: T/R, the target as a share of the realisation.

minimise_ratio:
  kind: minimise_ratio
  title: {id: Makin rendah makin baik, en: Lower is better}
  units: [number, percent]
  zero_realisation: 100
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import (
    NUMBER_OR_REFUSE,
    ZERO_REALISATION,
    ZERO_TARGET,
    Compared,
    Option,
    decided,
    method,
    percent,
)
from sakip.reasons import Reason


@method(
    "minimise_ratio",
    Text("makin rendah makin baik", "lower is better"),
    Option("zero_realisation", NUMBER_OR_REFUSE, is_needed=True),
)
def minimise_ratio(given: Compared) -> Fraction | Reason:
    """T/R in percent; a target of zero is ``zero_target``, a realisation of zero what ``zero_realisation`` says."""
    if not given.target:
        return ZERO_TARGET
    if not given.realisation:
        return decided(given.option("zero_realisation"), ZERO_REALISATION)
    return percent(given.target, given.realisation)
