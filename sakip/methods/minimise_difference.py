"""The lower the better: (2T − R)/T, as far above 100 as the realisation is below the target.

minimise_difference:
  {kind: minimise_difference, title: {id: Makin rendah makin baik, en: Lower is better}, units: [number, percent]}
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import ZERO_TARGET, Compared, method, percent
from sakip.reasons import Reason


@method("minimise_difference", Text("makin rendah makin baik", "lower is better"))
def minimise_difference(given: Compared) -> Fraction | Reason:
    """(2T − R)/T in percent; a target of zero is ``zero_target``."""
    return percent(2 * given.target - given.realisation, given.target) if given.target else ZERO_TARGET
