"""The case types of the yearly cycle, as the definitions call them (reference §3.3)."""

from __future__ import annotations

from sakip.configuration.folder import Configuration

AGREEMENTS = ("performance_agreement",)
ACTION_PLAN = "action_plan"
REPORTS = ("measurement_report",)
EVALUATION = "lke_evaluation"
CYCLE = (
    "tree_revision", "crosscutting_agreement", *AGREEMENTS, ACTION_PLAN, *REPORTS, "performance_report",
    "report_review", EVALUATION, "follow_up", "sakip_document",
)  # fmt: skip


def case_types_of(configuration: Configuration) -> tuple[str, ...]:
    """The case types of the cycle in a region: the usual ones, and those its rubrics name."""
    found = dict.fromkeys(CYCLE)
    for one in configuration.evaluations:
        found[one.model.case_type] = None
        if one.model.recommendations is not None:
            found[one.model.recommendations.case_type] = None
    return tuple(found)


def evaluations_of(configuration: Configuration) -> tuple[str, ...]:
    """The case types in which worksheets are answered."""
    return tuple(dict.fromkeys([EVALUATION, *(one.model.case_type for one in configuration.evaluations)]))
