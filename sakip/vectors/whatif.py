"""The cheapest way to a predicate from answers by patterns, and what further ways cost (reference §9).

x_one_step:
  kind: whatif
  given: {answers: {"*": a, planning.existence.guideline: b}, goal: aa, weeks_left: 12, fixed: [], alternatives: 0}
  expect: {reachable: true, cost: 0, predicate: aa, alternatives: []}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.folder import Configuration
from sakip.configuration.heads import WHATIF
from sakip.reasons import Reason
from sakip.vectors import VectorFault, kind, year_of
from sakip.vectors.worksheet import answers_of, evaluation_of, number, subject_of
from sakip.whatif.model import WhatIfFault, Wish
from sakip.whatif.plain import plain
from sakip.whatif.ways import cheapest


@kind("whatif", WHATIF)
def run(given: Mapping[str, Any], configuration: Configuration) -> Mapping[str, Any]:
    """The answer as the command line prints it, of the alternatives their costs alone; or the reason there is none.

    Without ``weeks_left`` time is no matter: a vector has no day.
    """
    evaluation, whatif = evaluation_of(given, configuration), configuration.whatif(year_of(given))
    if whatif is None:
        raise VectorFault(f"no what-if governs {year_of(given)}")
    subject, unit_type = subject_of(given, evaluation)
    try:
        found = cheapest(evaluation, whatif, subject, unit_type, answers_of(given, evaluation), _wish(given))
    except WhatIfFault as fault:
        raise VectorFault(str(fault)) from fault
    if isinstance(found, Reason):
        return {"reason": found.code}
    return {**plain(found, evaluation), "alternatives": [way.cost for way in found.alternatives]}


def _wish(given: Mapping[str, Any]) -> Wish:
    goal, margin = given.get("goal"), given.get("margin")
    fixed = given.get("fixed") or ()
    if not isinstance(fixed, list | tuple):
        raise VectorFault("fixed: not a list of paths")
    return Wish(
        None if goal is None else str(goal),
        None if margin is None else number(margin, "margin"),
        _whole(given, "weeks_left"),
        tuple(str(path) for path in fixed),
        _whole(given, "alternatives"),
    )


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    value = given.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise VectorFault(f"{name}: {value!r} is no whole number from 0")
    return value
