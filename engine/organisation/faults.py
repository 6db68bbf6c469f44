"""What is wrong with a change to an organisation or an account, in both languages."""

from __future__ import annotations

from engine.definitions.model import Text
from engine.errors import InvalidInput


class Unacceptable(InvalidInput):
    """Nothing was changed; ``text`` says why, per language, and ``field`` which entry it is about, if one."""

    def __init__(self, indonesian: str, english: str, field: str | None = None) -> None:
        super().__init__(english)
        self.text = Text(indonesian, english)
        self.field = field
