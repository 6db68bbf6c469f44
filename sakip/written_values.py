"""Targets and realisations as YAML writes them, become values of the kind of their unit (reference §5.3).

A number is a number; a range ``{from, to}``; a grade its text; yes and no ``true``/``false`` or the words; milestones
aimed at a map of weights or a list (all weigh the same), those reached a list or a map of yes and no; ``not_issued``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sakip.configuration.measurement import GRADE, MILESTONES, NUMBER, PERCENT, YES_NO
from sakip.values import NOT_ISSUED, Absence, Milestones, Range, Realisation, Target

_PRINTED = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # a number as files of vectors print it
_YES_NO = {"yes": True, "no": False, "ya": True, "tidak": False}


def target(kind: str, written: Any) -> Target | None:
    """The target of a unit of ``kind``; None for nothing. What fits no kind becomes what the measure names as wrong."""
    if isinstance(written, list) and kind in (MILESTONES, GRADE):
        return Milestones({str(name): Fraction(1) for name in written})
    if isinstance(written, Mapping):
        numbers = {str(name): _number(_weight(one)) for name, one in written.items()}
        exact = {name: one for name, one in numbers.items() if isinstance(one, Fraction)}
        if kind == MILESTONES and len(exact) == len(numbers):
            return Milestones(exact)
        if exact.keys() == {"from", "to"} == numbers.keys():
            return Range(exact["from"], exact["to"])
        return Milestones(dict.fromkeys(numbers, Fraction(1))) if kind == GRADE else str(dict(written))
    return _single(kind, written)


def realisation(kind: str, written: Any) -> Realisation | Absence | None:
    """What was filled in for a unit of ``kind``; None for nothing. What fits no kind becomes what the measure names as
    wrong: for a grade never a text, which would be a grade nobody knows."""
    if written == NOT_ISSUED.value:
        return NOT_ISSUED
    if (isinstance(written, list | Mapping) and kind == GRADE) or (isinstance(written, list) and kind == MILESTONES):
        return frozenset(map(str, written))
    if kind == MILESTONES and isinstance(written, Mapping):
        answers = {str(name): _yes_no(done) for name, done in written.items() if done is not None}
        known = None not in answers.values()
        return frozenset(name for name, done in answers.items() if done) if known else str(dict(written))
    return _single(kind, written)


def _weight(written: Any) -> Any:
    """What a milestone weighs, written as its number or as ``{weight: …}`` beside its title."""
    return written.get("weight") if isinstance(written, Mapping) else written


def _single(kind: str, written: Any) -> Fraction | str | bool | None:
    if written is None or (isinstance(written, str) and not written.strip()):
        return None  # empty is neither zero nor a wrong value
    if kind == YES_NO:
        answer = _yes_no(written)
        return str(written) if answer is None else answer
    if isinstance(written, bool):
        return written
    if isinstance(written, str) and kind not in (NUMBER, PERCENT):
        return written
    return _number(written)


def _yes_no(written: Any) -> bool | None:
    return written if isinstance(written, bool) else _YES_NO.get(str(written).casefold())


def _number(written: Any) -> Fraction | str:
    if isinstance(written, int | Decimal | Fraction) and not isinstance(written, bool):
        return Fraction(written)
    return Fraction(written) if isinstance(written, str) and _PRINTED.fullmatch(written) else str(written)
