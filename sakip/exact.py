"""Exact arithmetic over many numbers in whole numbers: Fraction itself takes ten times as long to compare or add.

A year of a large region compares a million of them. What comes out is exact all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm


def is_below(one: Fraction, other: Fraction) -> bool:
    """Whether ``one < other``."""
    return one.numerator * other.denominator < other.numerator * one.denominator


def exact_sum(values: Sequence[Fraction], parts: int = 1) -> Fraction:
    """The sum of the values divided by ``parts`` (above zero); zero without values."""
    if len(values) == 1 == parts:
        return values[0]
    under = lcm(*[one.denominator for one in values])
    return Fraction(sum([one.numerator * (under // one.denominator) for one in values]), under * parts)
