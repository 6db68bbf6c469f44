"""What is wrong with a change to an organisation or an account, in both languages."""

from __future__ import annotations

from datetime import datetime

from engine.definitions.model import Text
from engine.errors import InvalidInput


class Unacceptable(InvalidInput):
    """Nothing was changed; ``text`` says why, per language, and ``field`` which entry it is about, if one."""

    def __init__(self, indonesian: str, english: str, field: str | None = None) -> None:
        super().__init__(english)
        self.text = Text(indonesian, english)
        self.field = field


class TooManyTries(Unacceptable):
    """Codes were tried too often; again from ``retry_at`` on."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__("Terlalu banyak percobaan. Coba lagi nanti.", "Too many tries. Try again later.", "code")
        self.retry_at = retry_at
