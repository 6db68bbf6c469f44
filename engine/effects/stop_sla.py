"""Stops a promise's clock: it was kept, or no longer matters.

kept: {stop_sla: resolution}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import StopSla
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("stop_sla", "sla", sla=Option("sla", is_required=True))
def stop_sla(options: Mapping[str, Any], situation: Situation) -> Iterator[StopSla]:  # noqa: ARG001
    """Yields the SLA to stop."""
    yield StopSla(options["sla"])
