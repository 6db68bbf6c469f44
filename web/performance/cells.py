"""Cells of lists: on a page a comma and days as people say them, in a file a point and ISO dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from babel.numbers import format_decimal

from engine.definitions.model import Text
from sakip.exchange.writing import neutral
from sakip.listing import Cell
from sakip.unit_signs import UnitSign
from sakip.values import as_text, in_decimals
from web.language import language, short_day, short_moment, words

LONG = 6  # decimals a page shows of a number that has more
MORE = 32  # digits to reckon with beside those a number has itself
UNBROKEN = "\u00a0"  # between a number and its unit, so that a line never begins with the unit


def on_page(cell: Cell) -> str:
    """A cell in the reader's language; "" for none."""
    if cell is None:
        return ""
    if isinstance(cell, Fraction | int):
        return number(cell)
    if isinstance(cell, datetime):
        return short_moment(cell)
    if isinstance(cell, date):
        return short_day(cell)
    return words(cell) if isinstance(cell, Text) else str(cell)


def in_unit(cell: Cell, measure: UnitSign) -> str:
    """A target or realisation with the sign of its unit, at most with the unit's decimals; "" for none."""
    if cell is None:
        return ""
    said = number(measure.of(Fraction(cell))) if isinstance(cell, Fraction | int) else on_page(cell)
    return f"{said} {words(measure.sign)}".rstrip()


def judged(value: Fraction | str) -> str:
    """An achievement or a score: with two decimals at least, so that numbers above each other can be compared."""
    text = value if isinstance(value, str) else as_text(value)
    return number(text, 2) if "/" not in text and len(text.partition(".")[2]) < 2 else number(text)


def number(value: Fraction | int | str, places: int | None = None) -> str:
    """A number with the reader's comma and points: ``1.250,75``; of a printed text, with its own decimals."""
    exact = value if isinstance(value, str | Fraction) else Fraction(value)
    return _number(exact if isinstance(exact, str) else as_text(exact), places, language())


def numbers(places: int) -> Callable[[Fraction], str]:
    """`number` for hundreds of them: the reader's language is asked for once."""
    locale = language()
    return lambda value: _number(as_text(value), places, locale)


@lru_cache(maxsize=16_384)
def _number(text: str, places: int | None, locale: str) -> str:
    with localcontext(prec=len(text) + MORE):  # the usual 28 digits are fewer than people may type
        if "/" in text:
            exact = Fraction(text)
            value = Decimal(exact.numerator) / Decimal(exact.denominator)
            return str(format_decimal(value, format="#,##0.##", locale=locale))
        decimals = len(text.partition(".")[2]) if places is None else places
        pattern = "#,##0" + ("." + "0" * min(decimals, LONG) if decimals else "")
        return str(format_decimal(Decimal(text), format=pattern, locale=locale))


def in_file(cell: Cell) -> str | Fraction | int:
    """A cell for a spreadsheet: numbers stay numbers (a third in decimals, ``1/3`` is a day there), days and moments
    are ISO, words cannot be formulas."""
    if isinstance(cell, Fraction | int):
        return in_decimals(Fraction(cell))
    if isinstance(cell, date):  # a datetime too
        return cell.isoformat(timespec="minutes") if isinstance(cell, datetime) else cell.isoformat()
    return neutral("" if cell is None else words(cell))
