"""How a number of a unit of measure is shown: the sign behind it, and at most how many decimals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.definitions.model import Text
from sakip.configuration.measurement import NUMBER, PERCENT, Measurement
from sakip.rounding import Rounding
from sakip.tree.values import DEFAULT_UNIT
from sakip.values import as_text

PERCENT_SIGN = Text("%", "%")
NO_SIGN = Text("", "")


@dataclass(frozen=True, slots=True)
class UnitSign:
    """``sign`` is "%" for percent, the unit's title for other numbers, empty for the plain number and for what is no
    number; ``places`` None shows every decimal there is."""

    sign: Text
    places: int | None = None
    rounding: Rounding | None = None

    def of(self, number: Fraction) -> str:
        """A number as printed, with a point: rounded to the unit's decimals, without zeros at their end."""
        if self.places is None or self.rounding is None:
            return as_text(number)
        text = self.rounding.printed(number, self.places)
        return text.rstrip("0").rstrip(".") if "." in text else text


def unit_sign(rules: Measurement | None, key: str | None) -> UnitSign:
    """The sign of a unit (None: the plain number); of one nobody knows its key."""
    name = key or DEFAULT_UNIT
    unit = None if rules is None else rules.units.get(name)
    if unit is None:
        return UnitSign(NO_SIGN if name == DEFAULT_UNIT else Text(name, name))
    if rules is None or unit.kind not in (NUMBER, PERCENT):
        return UnitSign(NO_SIGN)
    sign = PERCENT_SIGN if unit.kind == PERCENT else NO_SIGN if unit.key == DEFAULT_UNIT else unit.title
    return UnitSign(sign, unit.places, rules.rounding)
