"""Exact calculation with limits: no binary fractions, no numbers that grow without end."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

LARGEST = 10**30

# 60 digits hold the product of any two allowed numbers; only a quotient is ever rounded.
CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[DivisionByZero, InvalidOperation, Overflow])


class TooLarge(ArithmeticError):
    """A result beyond what any amount in a form can be."""


def _within(value: Any) -> Any:
    if -LARGEST < value < LARGEST:
        return value
    raise TooLarge


def add(one: Any, other: Any) -> Any:
    """The sum; raises TooLarge."""
    if type(one) is int and type(other) is int:
        return _within(one + other)
    return _within(CONTEXT.add(one, other))


def subtract(one: Any, other: Any) -> Any:
    """The difference; raises TooLarge."""
    if type(one) is int and type(other) is int:
        return _within(one - other)
    return _within(CONTEXT.subtract(one, other))


def multiply(one: Any, other: Any) -> Any:
    """The product; raises TooLarge."""
    if type(one) is int and type(other) is int:
        return _within(one * other)
    return _within(CONTEXT.multiply(one, other))


def divide(one: Any, other: Any) -> Decimal:
    """The quotient to 60 digits; raises ZeroDivisionError or TooLarge."""
    if other == 0:
        raise ZeroDivisionError
    quotient: Decimal = _within(CONTEXT.divide(one, other))
    return quotient


def negate(value: Any) -> Any:
    """The number with the other sign."""
    return -value if type(value) is int else value.copy_negate()


def total(values: Iterable[Any]) -> Any:
    """The sum of what is not empty; 0 of nothing."""
    result: Any = 0
    for value in values:
        if value is not None:
            result = add(result, value)
    return result


def rounded(value: Any, places: int) -> Decimal:
    """Commercially rounded (half away from zero) to ``places`` decimals, -12 to 12."""
    if not -12 <= places <= 12:
        raise TooLarge
    return Decimal(value).quantize(Decimal(1).scaleb(-places), context=CONTEXT)
