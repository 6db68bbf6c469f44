"""The higher the better: R/T, the realisation as a share of the target.

maximise: {kind: maximise, title: {id: Makin tinggi makin baik, en: Higher is better}, units: [number, percent]}
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import ZERO_TARGET, Compared, method, percent
from sakip.reasons import Reason


@method("maximise", Text("makin tinggi makin baik", "higher is better"))
def maximise(given: Compared) -> Fraction | Reason:
    """R/T in percent; a target of zero is ``zero_target``."""
    return percent(given.realisation, given.target) if given.target else ZERO_TARGET
