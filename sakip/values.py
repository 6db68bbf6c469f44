"""What an indicator can aim at and reach: a number, a range, a grade, yes or no, milestones, "not issued yet"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Final


class Absence(Enum):
    """The explicit "belum terbit": asked, answered, and still without a value (reference §5.3)."""

    NOT_ISSUED = "not_issued"


NOT_ISSUED: Final = Absence.NOT_ISSUED


@dataclass(frozen=True, slots=True)
class Range:
    """A target with two ends, both inside."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, eq=False, slots=True)
class Milestones:
    """A target of steps: each with its weight, by name."""

    weights: Mapping[str, Fraction]


# A number is a Fraction, a grade its text as the scale writes it, milestones reached a set of their names.
Target = Fraction | Range | str | bool | Milestones
Realisation = Fraction | str | bool | frozenset[str]


def as_text(number: Fraction) -> str:
    """A number that has finitely many decimals, with a point and no more decimals than it needs: ``34.49``, ``1250``.
    One that has none such (a third) is written as a fraction: ``1/3``."""
    if number.denominator == 1:
        return str(number.numerator)
    places = _places(number.denominator)
    if places is None:
        return f"{number.numerator}/{number.denominator}"
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number.numerator < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def in_decimals(number: Fraction) -> Fraction:
    """A number for tables of others, which take ``10/3`` for a day in March: where no decimals are exact, six of them,
    a half going up."""
    if _places(number.denominator) is not None:
        return number
    return Fraction((abs(number) * 2 * 10**6 + 1) // 2, 10**6) * (-1 if number < 0 else 1)


@lru_cache(maxsize=1024)
def _places(denominator: int) -> int | None:
    """How many decimals a fraction of this denominator has in lowest terms; None without an end."""
    twos, fives, rest = 0, 0, denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    return max(twos, fives) if rest == 1 else None
