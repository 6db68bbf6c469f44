"""Meaning: one function a check; each looks at a case type and reports what cannot be meant (reference §12)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems
from engine.definitions.source import Node

Older = Mapping[tuple[str, str, str], Node]

CHECKS: tuple = ()


def check_case_type(case_type: CaseType, problems: Problems, older: Older) -> None:
    """Run every check on one case type; ``older`` are the versions kept in ``history/``."""
    for check in CHECKS:
        check(case_type, problems)
