"""Starts a promise's clock, if it does not run yet.

promise: {start_sla: resolution}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import StartSla
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("start_sla", "sla", sla=Option("sla", is_required=True))
def start_sla(options: Mapping[str, Any], situation: Situation) -> Iterator[StartSla]:  # noqa: ARG001
    """Yields the SLA to start."""
    yield StartSla(options["sla"])
