"""Achievement less absorption of the budget, with its band (reference §5.15).

v_efficiency:
  kind: efficiency
  given: {bands: efficiency, achievement: "95", absorption: "90"}
  expect: {value: "5.00", band: fairly}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.aggregate import efficiency
from sakip.configuration.folder import Configuration
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import EFFICIENCY
from sakip.judged import as_row
from sakip.vectors import day_of, kind
from sakip.vectors.achievement import measurement_of
from sakip.vectors.band import judging
from sakip.vectors.worksheet import number


@kind("efficiency", MEASUREMENT)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The difference in points and its band, or ``no_bands`` where efficiency is off."""
    rules = judging(given, measurement_of(given, configuration), EFFICIENCY)
    achievement, absorption = (number(given.get(name), name) for name in ("achievement", "absorption"))
    return as_row(efficiency(rules, achievement, absorption, day_of(given)))
