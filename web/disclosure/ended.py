"""Nothing is open any more: half an hour went by, the reporter left, or there never was anything."""

from __future__ import annotations

from engine.errors import AlurError


class Ended(AlurError):
    """There is nothing behind this browser's cookie."""

    def __init__(self) -> None:
        super().__init__("This session is over.")
