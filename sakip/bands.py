"""Bands: rows that divide a line of numbers, each with a title and a tone (reference §5.11, language §2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from engine.definitions.model import Text

LOWER, UPPER = "lower", "upper"


@dataclass(frozen=True, slots=True)
class Band:
    """One row: where it starts (None: open below), its title, tone (bad, warn, good, plain) and short name."""

    key: str
    start: Fraction | None
    title: Text | None
    tone: str
    short: str


@dataclass(frozen=True, slots=True)
class Bands:
    """Rows in the order of their starts. A boundary belongs to the row that starts there (``lower``) or to the row
    below it (``upper``); the minimum always belongs to the first row. ``places`` are the decimals these bands judge
    with, or None for the file's own."""

    minimum: Fraction | None
    maximum: Fraction | None
    includes: str
    places: int | None
    rows: tuple[Band, ...]
    _later: tuple[tuple[Band, int, int], ...] = field(init=False, repr=False, compare=False)  # rows with their starts

    def __post_init__(self) -> None:
        later = []
        for row in self.rows[1:]:
            if row.start is None:
                break
            later.append((row, *row.start.as_integer_ratio()))
        object.__setattr__(self, "_later", tuple(later))

    def of(self, value: Fraction) -> Band:
        """The row a judged value falls into; below the first row it is the first."""
        return self.of_ratio(value.numerator, value.denominator)

    def of_ratio(self, numerator: int, denominator: int) -> Band:
        """The same for ``numerator / denominator`` (above zero), in lowest terms or not: a whole year's figures are
        judged in whole numbers, which compare ten times as fast as fractions."""
        found = self.rows[0]
        for row, start, parts in self._later:
            above = numerator * parts - start * denominator
            if above < 0 or (above == 0 and self.includes == UPPER):
                break
            found = row
        return found

    def is_above(self, row: Band) -> bool:
        """Whether a row begins above its start, the boundary itself belonging to the row below."""
        return self.includes == UPPER and row is not self.rows[0]

    def after(self, key: str) -> Band | None:
        """The next higher row, or None for the highest."""
        place = [row.key for row in self.rows].index(key)
        return self.rows[place + 1] if place + 1 < len(self.rows) else None

    def lowest(self, row: Band, step: Fraction) -> Fraction:
        """The smallest printable value that falls into ``row``; ``step`` is the smallest printable difference."""
        if row is self.rows[0] or row.start is None:
            return self.minimum if self.minimum is not None else Fraction(0)
        printable = -(-row.start // step) * step
        return printable + step if self.includes == UPPER and printable == row.start else printable
