"""The mean of items that have a value or a reason (reference §5.12).

a_unit_average:
  kind: aggregate
  given: {level: unit, items: {a: {value: "100"}, b: {value: "83.333"}, c: {reason: not_due}}}
  expect: {value: "91.67", of: "2 of 3"}
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sakip.aggregate import Item, aggregate
from sakip.bands import Band
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import MEASUREMENT
from sakip.judged import Achievement, Result, as_row
from sakip.reasons import Reason
from sakip.vectors import VectorFault, day_of, kind
from sakip.vectors.achievement import measurement_of
from sakip.vectors.worksheet import number

_ANY = Band("", None, None, "plain", "")  # the band of an item decides nothing


@kind("aggregate", MEASUREMENT)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """Value, band and how many of how many count; or the reason and the item's reason because of which."""
    rules = measurement_of(given, configuration)
    level = given.get("level")
    if level not in rules.aggregates:
        raise VectorFault(f"level: {level!r} is not among {', '.join(rules.aggregates)}")
    items = given.get("items") or {}
    found = aggregate(rules, str(level), [_item(key, one) for key, one in items.items()], day_of(given))
    return {**as_row(found.result), "of": found.said.en}


def _item(key: str, written: Any) -> Item:
    if not isinstance(written, Mapping) or ("value" in written) == ("reason" in written):
        raise VectorFault(f"items.{key}: either a value or a reason")
    weight = written.get("weight")
    return Item(key, _result(key, written), None if weight is None else number(weight, f"items.{key}.weight"))


def _result(key: str, written: Mapping[str, Any]) -> Result:
    if "reason" in written:
        return Reason(str(written["reason"]))
    value: Fraction = number(written["value"], f"items.{key}.value")
    return Achievement(value, value, None, "", _ANY)
