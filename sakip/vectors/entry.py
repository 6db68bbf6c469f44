"""What somebody typed, read in a unit (reference §5.4).

e_percent:
  kind: entry
  given: {unit: percent, text: "34,49 %"}
  expect: {value: "34.49"}
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import NUMBER
from sakip.entry import read_cell
from sakip.reasons import Reason
from sakip.values import as_text
from sakip.vectors import VectorFault, kind
from sakip.vectors.achievement import measurement_of


@kind("entry", MEASUREMENT, exact=("value",))
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The value as a text with a point, or the reason with what was probably meant. A ``text`` that is a number in the
    file is taken as a spreadsheet's cell holding one."""
    rules = measurement_of(given, configuration)
    unit = rules.units.get(str(given.get("unit", NUMBER)))
    if unit is None:
        raise VectorFault(f"unit: {given.get('unit')!r} is not among {', '.join(rules.units)}")
    text = given.get("text")
    if not isinstance(text, str | int | Decimal):
        raise VectorFault(f"text: {text!r} is nothing one can type")
    found = read_cell(rules, unit, text)
    if isinstance(found, Reason):
        return {"value": None, "reason": found.code, "proposal": found.values.get("proposal")}
    return {"value": _printed(found), "reason": None}


def _printed(value: Any) -> Any:
    if isinstance(value, Fraction):
        return as_text(value)
    return sorted(value) if isinstance(value, frozenset) else value
