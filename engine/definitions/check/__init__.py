"""Meaning: one function a check; each looks at a case type and reports what cannot be meant (reference §12)."""

from __future__ import annotations

from collections.abc import Callable

from engine.definitions.check.circles import automatic_circles
from engine.definitions.check.content import bands, legal_basis, sealed_fields
from engine.definitions.check.initiators import own_decisions
from engine.definitions.check.joins import impossible_joins
from engine.definitions.check.makers import hidden_transitions, last_guards, nobody_may
from engine.definitions.check.migrations import migration_plans
from engine.definitions.check.reachable import dead_ends, unreachable_states
from engine.definitions.check.scenario_names import scenario_names
from engine.definitions.check.tables import decision_rules
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems

Check = Callable[[CaseType, Problems], None]

CHECKS: tuple[Check, ...] = (
    unreachable_states,
    automatic_circles,
    dead_ends,
    impossible_joins,
    hidden_transitions,
    own_decisions,
    nobody_may,
    last_guards,
    legal_basis,
    sealed_fields,
    bands,
    decision_rules,
    scenario_names,
    migration_plans,
)


def check_case_type(case_type: CaseType, problems: Problems) -> None:
    """Run every check on one case type; of two findings at one token the first stays."""
    lifecycle = case_type.entry("lifecycle")
    if lifecycle is not None and case_type.graph.is_too_large:
        problems.add(
            "WF005",
            lifecycle.key,
            "Terlalu besar: langkah dan tindakan induknya terlalu banyak.",
            "Too large: too many states, and actions they inherit.",
        )
        return
    for check in CHECKS:
        check(case_type, problems)
