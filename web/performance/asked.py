"""What an address of the pages of evaluation asks, refused with a code where it cannot be meant."""

from __future__ import annotations

from flask import request

from engine.errors import InvalidInput

FIRST_YEAR, LAST_YEAR = 2000, 2200
LONGEST = 200  # of a value in an address


class NotMeant(InvalidInput):
    """An address asks something there cannot be; ``code`` says what: no_such_year, no_such_goal, …"""

    def __init__(self, code: str) -> None:
        super().__init__(code.replace("_", " "))
        self.code = code


def year_asked() -> int | None:
    """The performance year an address asks for, None without one. Raises NotMeant for what is no year."""
    text = request.args.get("year", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR):
        raise NotMeant("no_such_year")
    return int(text)
