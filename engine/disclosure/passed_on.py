"""Whether requests reach the reporting pages with an address in them: noted as a day, for the operator alone."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from engine.disclosure.vault import ONE_DATE

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
    place = folder / _NAME
    place.write_text(f"{today.isoformat()}\n", encoding="ascii")
    for dated in (place, folder):
        os.utime(dated, (ONE_DATE, ONE_DATE))  # or its date would be the moment of somebody's visit


def last_noted(folder: Path, today: date) -> date | None:
    """The day it last happened, if that was not long ago."""
    try:
        day = date.fromisoformat((folder / _NAME).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return day if today - day <= FRESH else None
