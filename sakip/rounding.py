"""Rounding, once and at the end, from an exact value (reference §5.10)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

HALF_UP, HALF_EVEN = "half_up", "half_even"
ROUNDED, EXACT = "rounded", "exact"


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a value is shown and judged: decimal places, what a half does, and whether bands see the rounded value."""

    places: int
    mode: str  # half_up (away from zero) or half_even
    band_on: str  # rounded or exact

    def rounded(self, value: Fraction, places: int | None = None) -> Fraction:
        """The value at ``places`` decimals (the rule's own when None), still exact as a fraction."""
        scale = 10 ** (self.places if places is None else places)
        return Fraction(_whole(value.numerator * scale, value.denominator, self.mode), scale)

    def judged(self, value: Fraction, places: int | None = None) -> Fraction:
        """What bands compare: rounded to the bands' ``places``, or the exact value."""
        return self.rounded(value, places) if self.band_on == ROUNDED else value

    def printed(self, value: Fraction, places: int | None = None) -> str:
        """The rounded value with a decimal point and all its places: ``66.25``, never ``-0.00``."""
        return printed(self.rounded(value, places), self.places if places is None else places)

    def step(self, places: int | None = None) -> Fraction:
        """The smallest difference that can be printed."""
        return Fraction(1, 10 ** (self.places if places is None else places))


def printed(value: Fraction, places: int) -> str:
    """A value that fits into ``places`` decimals as text with a point."""
    whole = (
        value.numerator * 10**places // value.denominator
        if value >= 0
        else -(-value.numerator * 10**places // value.denominator)
    )
    sign = "-" if whole < 0 else ""
    digits = str(abs(whole)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _whole(numerator: int, denominator: int, mode: str) -> int:
    sign = -1 if numerator < 0 else 1
    whole, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and (mode == HALF_UP or whole % 2 == 1)):
        whole += 1
    return sign * whole
