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
        places = self.places if places is None else places
        return Fraction(self.steps(value, places), 10**places)

    def steps(self, value: Fraction, places: int) -> int:
        """The same as a whole number of the smallest steps of ``places`` decimals: 66.25 is 6,625 at two."""
        return _whole(value.numerator * 10**places, value.denominator, self.mode)

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
    steps = abs(value.numerator) * 10**places // value.denominator
    return printed_steps(-steps if value.numerator < 0 else steps, places)


def printed_steps(steps: int, places: int) -> str:
    """So many of the smallest steps of ``places`` decimals as text with a point."""
    sign = "-" if steps < 0 else ""
    digits = str(abs(steps)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _whole(numerator: int, denominator: int, mode: str) -> int:
    sign = -1 if numerator < 0 else 1
    whole, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if twice > denominator or (twice == denominator and (mode == HALF_UP or whole % 2 == 1)):
        whole += 1
    return sign * whole
