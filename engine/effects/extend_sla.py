"""Gives a running promise more time; a warning that has not fired moves with it.

more: {extend_sla: {sla: resolution, by: {working_days: 15}}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import ExtendSla
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("extend_sla", sla=Option("sla", is_required=True), by=Option("duration", is_required=True))
def extend_sla(options: Mapping[str, Any], situation: Situation) -> Iterator[ExtendSla]:  # noqa: ARG001
    """Yields the SLA and the time it gains."""
    yield ExtendSla(options["sla"], options["by"])
