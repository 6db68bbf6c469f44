"""Units and targets of the tree as the form of agreements writes them, and back (reference §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sakip.configuration.measurement import GRADE, MILESTONES, NUMBER, PERCENT, YES_NO, Measurement, Unit
from sakip.values import Milestones, Range, Target, as_text

FormUnits = Mapping[str, Mapping[str, Any]]
_FORM_KINDS = {NUMBER: "number", PERCENT: "percent", GRADE: "predicate", YES_NO: "predicate", MILESTONES: "percent"}
_YES, _NO = "sudah", "belum"  # grades of the form's scale ``done``
_ALL_STEPS = Decimal(100)  # milestones are agreed as all of them: 100 per cent


def form_unit(units: FormUnits, measurement: Measurement | None, unit: str | None) -> str | None:
    """The form's unit for one of the measurement: that of the same key, otherwise the first of the same kind and scale
    with the same title, otherwise of the same kind and scale; None where the form has none."""
    known = _unit(measurement, unit)
    if unit in units and _fits(units[str(unit)], known):
        return unit
    fitting = [key for key, one in units.items() if _fits(one, known)]
    titled = [key for key in fitting if known is not None and _title(units[key]) == known.title.id.casefold()]
    return next(iter(titled or fitting), None)


def _unit(measurement: Measurement | None, unit: str | None) -> Unit | None:
    return None if measurement is None else measurement.units.get(unit or "number")


def _fits(written: Mapping[str, Any], unit: Unit | None) -> bool:
    kind = written.get("kind", "number")
    kind = "predicate" if kind == "grade" else kind
    if unit is None:
        return bool(kind == "number")
    if kind != _FORM_KINDS.get(unit.kind, "number"):
        return False
    if unit.kind == GRADE:
        return bool(written.get("scale") == unit.scale)
    return unit.kind != YES_NO or written.get("scale") == "done"


def _title(written: Mapping[str, Any]) -> str:
    title = written.get("title")
    found = title.get("id") if isinstance(title, Mapping) else getattr(title, "id", "")
    return str(found or "").casefold()


def form_target(target: Target | None) -> Any:
    """A target as a raw answer of type measure; of a range its lower end, None where it cannot be written exactly."""
    if isinstance(target, bool):
        return _YES if target else _NO
    if isinstance(target, Milestones):
        return _ALL_STEPS
    number = target.low if isinstance(target, Range) else target
    if isinstance(number, Fraction):
        text = as_text(number)
        return None if "/" in text else Decimal(text)
    return number


def agreed_target(planned: Target | None, answer: Any) -> Target | None:
    """The target that an answer in stored form means: the tree's own where the parties left it as it was proposed,
    otherwise what they wrote, as the kind of the tree's target."""
    if answer is None:
        return None
    written: Target = str(answer["grade"]) if isinstance(answer, Mapping) else Fraction(str(answer))
    proposed = form_target(planned)
    if planned is not None and written == (Fraction(proposed) if isinstance(proposed, Decimal) else proposed):
        return planned
    if isinstance(planned, bool) and written in (_YES, _NO):
        return written == _YES
    if isinstance(planned, Range) and isinstance(written, Fraction):
        return Range(written, written + (planned.high - planned.low))
    return planned if isinstance(planned, Milestones) else written
