"""The band a value falls into: of bands by name, or of those that hold on a day (reference §5.8, §5.10, §5.11).

b_boundary:
  kind: band
  given: {bands: five_statuses, value: "105"}
  expect: {band: reached}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT, Applied, Measurement
from sakip.judged import as_row, judge
from sakip.vectors import VectorFault, day_of, kind
from sakip.vectors.achievement import measurement_of
from sakip.vectors.worksheet import number


@kind("band", MEASUREMENT)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """Band and printed value; limits do not hold here."""
    rules = judging(given, measurement_of(given, configuration), ACHIEVEMENT)
    return as_row(judge(rules, number(given.get("value"), "value"), day_of(given), is_limited=False))


def judging(given: Mapping[str, Any], rules: Measurement, figure: str) -> Measurement:
    """The rules under which ``figure`` is judged by the bands a vector names, if it names any."""
    name = given.get("bands")
    if name is None:
        return rules
    if name not in rules.bands:
        raise VectorFault(f"bands: {name!r} is not among {', '.join(rules.bands)}")
    return replace(rules, applies={**rules.applies, figure: (Applied("vector", date.min, str(name), ()),)})
