"""Gives up every claim that a person or a role has in the case.

drop: {release_tasks_of: actor}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import ReleaseTasks
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("release_tasks_of", "role", role=Option("role_or_actor", is_required=True))
def release_tasks_of(options: Mapping[str, Any], situation: Situation) -> Iterator[ReleaseTasks]:  # noqa: ARG001
    """Yields whose claims are given up: "actor", or a role."""
    yield ReleaseTasks(options["role"])
