"""Offers the open tasks of the state to one more role, as an escalation does.

raise: {add_candidate: division_head}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import AddCandidate
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("add_candidate", "role", role=Option("role", is_required=True))
def add_candidate(options: Mapping[str, Any], situation: Situation) -> Iterator[AddCandidate]:  # noqa: ARG001
    """Yields the role."""
    yield AddCandidate(options["role"])
