"""A grade: the score of the grade reached as a share of that aimed at.

grade: {kind: grade, title: {id: Predikat, en: Grade}, units: [grade]}
"""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.model import Text
from sakip.methods import GRADED, ZERO_TARGET, Compared, method, percent
from sakip.reasons import Reason


@method("grade", Text("makin tinggi predikatnya makin baik", "a higher grade is better"), takes=GRADED)
def grade(given: Compared) -> Fraction | Reason:
    """score(R)/score(T) in percent, on the unit's scale; a target whose score is zero is ``zero_target``."""
    return percent(given.realisation, given.target) if given.target else ZERO_TARGET
