"""What a migration plan has no answer for in one case."""

from __future__ import annotations

from engine.definitions.model import Text


class NotCovered(Exception):
    """Something of the case has no place in the newer version; ``state`` is the older state in question, if any."""

    def __init__(self, reason: Text, state: str | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.state = state
