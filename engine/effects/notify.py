"""Queues a notification for the people it names.

    tell: {notify: returned}

The people are found when the step is planned; the text is made when the message is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import Notify
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("notify", "notification", notification=Option("notification", is_required=True))
def notify(options: Mapping[str, Any], situation: Situation) -> Iterator[Notify]:  # noqa: ARG001 - the shelf's shape
    """Yields the notification."""
    yield Notify(options["notification"])
