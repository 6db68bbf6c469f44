"""Meaning: one function a check; each looks at a file as a region has it and reports what cannot be meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.definitions.problems import Problems
from engine.definitions.reading import Reader
from engine.definitions.source import Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.band_checks import check_measurement_bands, check_worksheet_bands
from sakip.configuration.check.effort import check_defaults, check_goal, check_paths, check_prices
from sakip.configuration.check.findings import Finding, Findings
from sakip.configuration.check.framework import check_framework, check_needs
from sakip.configuration.check.levels import check_level_names, check_level_order
from sakip.configuration.check.measurement import (
    check_aliases,
    check_applied,
    check_fitting,
    check_measurement_names,
    check_periods,
)
from sakip.configuration.check.methods import check_consolidations, check_methods
from sakip.configuration.check.scales import check_answer_scales, check_grade_scales
from sakip.configuration.check.scoring import (
    check_asked_kinds,
    check_case_names,
    check_criteria_meant,
    check_scoring,
    check_worksheet_names,
)
from sakip.configuration.check.tiers import check_result, check_tiers
from sakip.configuration.check.unconfirmed import check_unconfirmed
from sakip.configuration.check.weights import check_points, check_questions, check_sums
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, WHATIF
from sakip.configuration.unsure import take_out

Check = Callable[[Node, Around, Findings], None]

CHECKS: Mapping[str, tuple[Check, ...]] = {
    LEVELS: (check_level_names, check_level_order),
    MEASUREMENT: (
        check_measurement_names,
        check_methods,
        check_consolidations,
        check_grade_scales,
        check_fitting,
        check_aliases,
        check_applied,
        check_periods,
        check_measurement_bands,
    ),
    EVALUATION: (
        check_worksheet_names,
        check_criteria_meant,
        check_case_names,
        check_answer_scales,
        check_worksheet_bands,
        check_sums,
        check_questions,
        check_scoring,
        check_points,
        check_needs,
        check_framework,
        check_tiers,
        check_result,
        check_asked_kinds,
    ),
    WHATIF: (check_goal, check_prices, check_paths, check_defaults),
}


def check(schema: str, root: Node, around: Around) -> list[Finding]:
    """Every finding of meaning in a file of ``schema``: overlays merged, parameters in their places."""
    found = Findings(schema)
    check_unconfirmed(root, found)
    plain, _ = take_out(root, Reader(Problems()))  # `to_confirm` may stand among things that have names
    for one in CHECKS[schema]:
        one(plain, around, found)
    return found.found
