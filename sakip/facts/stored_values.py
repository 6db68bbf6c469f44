"""Targets and realisations as JSON keeps them, exact to the last decimal (reference §11).

A number is its text (``"34.49"``, a third ``"1/3"``), a range ``{"from": …, "to": …}``, a grade ``{"grade": "BB"}``,
yes and no ``true`` and ``false``, milestones aimed at ``{"milestones": {name: weight}}``, those reached
``{"reached": [names]}``.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sakip.values import Milestones, Range, Realisation, Target, as_text

_GRADE, _MILESTONES, _REACHED = "grade", "milestones", "reached"
_PRINTED = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")


@lru_cache(maxsize=65_536)
@lru_cache(maxsize=16_384)  # the same amounts are read with every page
def number_from_text(text: str) -> Fraction:
    """The number a text such as ``34.49`` or ``1/3`` stands for. Raises ValueError for any other."""
    return Fraction(text)


def printed_number(text: str) -> Fraction | None:
    """What somebody wrote on a command line, from 0 and with a point (``71.35``); None for anything else. Exponents are
    none: ``1e999999999`` would fill the memory before anybody could say that it is too much."""
    return Fraction(text.strip()) if _PRINTED.fullmatch(text.strip()) else None


def target_to_plain(target: Target) -> Any:
    """A target as JSON."""
    if isinstance(target, Milestones):
        return {_MILESTONES: {name: as_text(weight) for name, weight in target.weights.items()}}
    if isinstance(target, Range):
        return {"from": as_text(target.low), "to": as_text(target.high)}
    return _single_to_plain(target)


def target_from_plain(plain: Any) -> Target:
    """The target behind its JSON. Raises ValueError for what is none."""
    if isinstance(plain, dict):
        if _MILESTONES in plain:
            return Milestones({name: number_from_text(weight) for name, weight in plain[_MILESTONES].items()})
        if plain.keys() == {"from", "to"}:
            return Range(number_from_text(plain["from"]), number_from_text(plain["to"]))
    return _single_from_plain(plain)


def realisation_to_plain(realisation: Realisation) -> Any:
    """What was reached as JSON; "belum terbit" is a column of its own."""
    if isinstance(realisation, frozenset):
        return {_REACHED: sorted(realisation)}
    return _single_to_plain(realisation)


def realisation_from_plain(plain: Any) -> Realisation:
    """What was reached, behind its JSON. Raises ValueError for what is none."""
    if isinstance(plain, dict) and _REACHED in plain:
        return frozenset(plain[_REACHED])
    return _single_from_plain(plain)


def _single_to_plain(value: Fraction | str | bool) -> Any:
    if isinstance(value, bool):
        return value
    return {_GRADE: value} if isinstance(value, str) else as_text(value)


def _single_from_plain(plain: Any) -> Fraction | str | bool:
    if isinstance(plain, bool):
        return plain
    if isinstance(plain, str):
        return number_from_text(plain)
    if isinstance(plain, dict) and isinstance(plain.get(_GRADE), str):
        return str(plain[_GRADE])
    raise ValueError(f"no stored value: {plain!r}")
