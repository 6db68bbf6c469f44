"""A target as it is typed beside its unit of measure: its value, or the reason with a proposal (reference §5.4)."""

from __future__ import annotations

from fractions import Fraction

from sakip.configuration.measurement import GRADE, MILESTONES, PERCENT, YES_NO, Measurement, Unit
from sakip.entry import read_text
from sakip.reasons import NOT_A_NUMBER, WRONG_KIND, Reason
from sakip.tree.target_text import NoTarget, target_of_text, text_of_target
from sakip.tree.values import DEFAULT_UNIT
from sakip.typed_numbers import proposal, read_number, shortened
from sakip.values import Milestones, Range, Target

_ENDS = ".."
_QUOTIENT = "/"


def read_target(rules: Measurement | None, unit_key: str | None, text: str) -> Target | Reason | None:
    """The target a typed text stands for in a unit (None: a plain number), None for an empty one.

    A grade comes back as its scale writes it. Without rules, or in a unit nobody knows, any target is one.
    """
    said = text.strip()
    unit = None if rules is None else rules.units.get(unit_key or DEFAULT_UNIT)
    if said and rules is not None and unit is not None and unit.kind in (GRADE, YES_NO):
        found = read_text(rules, unit, said.strip('"'))
        return found if not isinstance(found, frozenset) else None
    try:
        target = target_of_text(said)
    except NoTarget as fault:
        return fault.reason or Reason(NOT_A_NUMBER, {"text": shortened(str(fault.args[0]))})
    return target if unit is None or target is None else _in_unit(unit, said, target)


def target_in_unit(rules: Measurement | None, unit_key: str | None, target: Target) -> Target | Reason:
    """A target that was read from a file held against its unit of measure (None: a plain number): itself, a grade as
    its scale writes it, or why it is none. Decimals count as they are. Without rules, or in a unit nobody knows, any
    target is one."""
    unit = None if rules is None else rules.units.get(unit_key or DEFAULT_UNIT)
    if rules is None or unit is None:
        return target
    if unit.kind == GRADE:
        found = read_text(rules, unit, text_of_target(target).strip('"'))
        return Reason(WRONG_KIND) if isinstance(found, frozenset) else found
    fitting = {YES_NO: bool, MILESTONES: Milestones}.get(unit.kind, Fraction | Range)
    if isinstance(target, fitting):
        return target
    said = shortened(text_of_target(target))
    if unit.kind in (YES_NO, MILESTONES):
        return Reason(WRONG_KIND, {"value": said})
    return Reason(NOT_A_NUMBER, {"text": said})


def _in_unit(unit: Unit, said: str, target: Target) -> Target | Reason:
    if unit.kind == MILESTONES:
        is_fitting = isinstance(target, Milestones)
        return target if is_fitting else Reason(WRONG_KIND, {"value": shortened(said)})
    if isinstance(target, str | bool | Milestones):
        return Reason(NOT_A_NUMBER, {"text": shortened(said), "proposal": proposal(said)})
    ends = said.split(_ENDS) if isinstance(target, Range) else [said]
    for end in ends:
        read = read_number(end, places=unit.places, is_percent=unit.kind == PERCENT)
        if isinstance(read, Reason) and _QUOTIENT not in end:
            return read
    return target
