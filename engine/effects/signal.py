"""Tells a linked case that something happened here: it takes that action as the system.

tell_parent: {signal: {link: parent, event: corrected}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import SignalCase
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("signal", link=Option("key", is_required=True), event=Option("key", is_required=True))
def signal(options: Mapping[str, Any], situation: Situation) -> Iterator[SignalCase]:  # noqa: ARG001
    """Yields the link and the action."""
    yield SignalCase(options["link"], options["event"])
