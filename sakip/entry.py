"""What somebody typed or a spreadsheet holds becomes a value, or a reason with a proposal (reference §5.4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from sakip import reasons
from sakip.configuration.measurement import GRADE, MILESTONES, NUMBER, PERCENT, YES_NO, Measurement, Unit
from sakip.reasons import Reason
from sakip.typed_numbers import LONGEST, decimal_of_cell, number_of_cell, read_number, shortened
from sakip.values import Realisation

_WORDS = {"ya": True, "yes": True, "tidak": False, "no": False}


def read_text(rules: Measurement, unit: Unit, text: str) -> Realisation | Reason:
    """The value of a typed text in this unit: a number (Fraction), a grade as the scale writes it, yes or no,
    milestones divided by commas. An empty text is no number either: whether a field was left empty is for the caller.
    """
    typed = text.strip()
    if unit.kind == GRADE:
        return _grade(rules, unit, typed)
    if unit.kind == YES_NO:
        found = _WORDS.get(typed.casefold())
        return Reason(reasons.WRONG_KIND, {"value": shortened(typed)}) if found is None else found
    if unit.kind == MILESTONES:
        return frozenset(one.strip() for one in re.split("[,;]", typed) if one.strip())
    return read_number(typed, places=unit.places, is_percent=unit.kind == PERCENT)


def read_cell(rules: Measurement, unit: Unit, cell: Any) -> Realisation | Reason:
    """The value of a cell: numbers as they are whatever their decimals, texts by the rule of typed text."""
    if isinstance(cell, bool):
        return cell if unit.kind == YES_NO else Reason(reasons.WRONG_KIND, {"value": str(cell).lower()})
    if isinstance(cell, int | float | Decimal):
        return number_of_cell(cell) if unit.kind in (NUMBER, PERCENT) else _no_grade(cell)
    if isinstance(cell, str):
        return read_text(rules, unit, cell)
    return Reason(reasons.WRONG_KIND, {"value": shortened(str(cell))})


def _no_grade(cell: int | float | Decimal) -> Reason:
    return Reason(reasons.WRONG_KIND, {"value": f"{decimal_of_cell(cell):.6g}"})


def named(rules: Mapping[str, Any], text: str) -> str | None:
    """The key of a method or consolidation that a file of another system calls by key or alias, capitals ignored; None
    for a name nobody has. Only imports understand aliases, and nothing writes them (§5.1)."""
    wanted = text.strip().casefold()
    for key, one in rules.items():
        if wanted in (key.casefold(), *(alias.casefold() for alias in one.aliases)):
            return key
    return None


def _grade(rules: Measurement, unit: Unit, typed: str) -> str | Reason:
    scale = rules.scales.get(unit.scale) if unit.scale else None
    if not scale:
        return Reason(reasons.NO_SCALE, {"unit": unit.title})
    written = {grade.casefold(): grade for grade in scale}
    found = written.get(typed.casefold())
    if found is not None:
        return found
    near = get_close_matches(typed[:LONGEST].casefold(), written, 1)
    known = {"value": shortened(typed), "known": tuple(scale)}
    return Reason(reasons.UNKNOWN_GRADE, {**known, "proposal": written[near[0]]} if near else known)
