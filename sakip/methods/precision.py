"""The closer the better: 100 less the distance from the target, as a share of the target.

precision:
  {kind: precision, title: {id: Makin dekat makin baik, en: The closer the better}, units: [number], negative: compute}
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import HUNDRED, ZERO_TARGET, Compared, method, percent
from sakip.reasons import Reason


@method("precision", Text("makin dekat makin baik", "the closer the better"))
def precision(given: Compared) -> Fraction | Reason:
    """100 − |R − T|/|T| in percent; a target of zero is ``zero_target``."""
    if not given.target:
        return ZERO_TARGET
    return HUNDRED - percent(abs(given.realisation - given.target), abs(given.target))
