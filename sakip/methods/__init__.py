"""The shelf of methods: one kind of comparing a realisation with its target a file (reference §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.definitions.model import Text
from engine.shelf import Shelf
from sakip import reasons
from sakip.reasons import Reason

# What an option may hold.
NUMBER_OR_REFUSE, CHOICE, YES_NO, ROWS = "number_or_refuse", "choice", "yes_no", "rows"
REFUSE, COMPUTE = "refuse", "compute"
HUNDRED = Fraction(100)

# What a target has to be for a method; of a unit of kind number, percent or grade it is a number by itself.
PLAIN, RANGE, GRADED, DONE = "plain", "range", "graded", "done"

ZERO_TARGET = Reason(reasons.ZERO_TARGET)
ZERO_REALISATION = Reason(reasons.ZERO_REALISATION)
NEGATIVE = Reason(reasons.NEGATIVE_VALUE)


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a kind: its name, what it holds, the words of a choice, whether a method has to say it, and what
    holds when it does not."""

    name: str
    holds: str
    choices: tuple[str, ...] = ()
    is_needed: bool = False
    default: Any = None


NEGATIVE_OPTION = Option("negative", CHOICE, (REFUSE, COMPUTE), default=REFUSE)  # every kind has it


@dataclass(frozen=True, slots=True)
class Compared:
    """What a kind compares: a target and a realisation after consolidation, exact numbers or what the kind takes,
    the method's options, and whether the whole year is looked at (span or basis ``year``)."""

    target: Any
    realisation: Any
    options: Mapping[str, Any]
    is_whole_year: bool

    def option(self, name: str) -> Any:
        """The value of an option, None when the method does not say it."""
        return self.options.get(name)


Compute = Callable[[Compared], Fraction | Reason]
Fits = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class MethodKind:
    """One kind: its words ("makin tinggi makin baik"), the form of its target, its options (without ``negative``,
    which all have), what it computes in percent before limits, and which targets fit it at all."""

    name: str
    reads: Text
    takes: str
    options: tuple[Option, ...]
    compute: Compute
    fits: Fits | None

    @property
    def all_options(self) -> tuple[Option, ...]:
        """Its own options and those of every kind."""
        return (*self.options, NEGATIVE_OPTION)


METHODS: Shelf[MethodKind] = Shelf(__name__)


def method(
    name: str, reads: Text, *options: Option, takes: str = PLAIN, fits: Fits | None = None
) -> Callable[[Compute], Compute]:
    """Puts the decorated function on the shelf as that kind of method."""
    return METHODS.named(name, lambda compute: MethodKind(name, reads, takes, options, compute, fits))


def percent(over: Fraction, under: Fraction) -> Fraction:
    """``over / under`` in percent; ``under`` is not zero."""
    return Fraction(100 * over.numerator * under.denominator, over.denominator * under.numerator)


def decided(option: Any, otherwise: Reason) -> Fraction | Reason:
    """The number an author decided for an edge, or the reason when the edge is refused or nothing is decided."""
    return option if isinstance(option, Fraction) else otherwise
