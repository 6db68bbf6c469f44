"""Whether requests reach the reporting pages with an address in them: noted as a day, for the operator alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

# What proxies put an address into. The value is never looked at, only whether there is one.
HEADERS = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP")
FRESH = timedelta(days=7)
_NAME = "addresses-were-passed-on"


def is_telling(values: Iterable[str | None]) -> bool:
    """Whether any of the headers' values says something."""
    return any(value is not None and value.strip() for value in values)


def note(folder: Path, today: date) -> None:
    """Keeps that it happened on this day, beside the sealed files."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / _NAME).write_text(f"{today.isoformat()}\n", encoding="ascii")


def last_noted(folder: Path, today: date) -> date | None:
    """The day it last happened, if that was not long ago."""
    try:
        day = date.fromisoformat((folder / _NAME).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return day if today - day <= FRESH else None
