"""Custodians' sheets typed one after another at one browser: what was typed travels locked with the next page.

Nothing is kept on the server. The lock's key needs both the browser's token and the installation's secret, so neither
the page that is shown to the next custodian nor the server's disk can give back the words of the one before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.disclosure import escrow
from engine.disclosure.primitives import CannotOpen, Context, labelled, lock, unlock
from engine.disclosure.seals import to_bytes, to_text
from engine.organisation.faults import Unacceptable

LASTS = timedelta(minutes=30)  # custodians sit together; what lies about longer is typed again
LONGEST = 600  # characters of one sheet: 33 words of at most eight letters, with room for careless blanks
_LABEL = b"alur sheet lock"


@dataclass(frozen=True)
class TypedSheets:
    """The sheets typed so far. ``places`` are their numbers, ``needed`` how many are; None before the first."""

    words: tuple[str, ...] = field(default=(), repr=False)
    places: tuple[int, ...] = ()
    needed: int | None = None
    begun_at: datetime | None = None

    @property
    def is_enough(self) -> bool:
        """Whether the escrow can be put together."""
        return self.needed is not None and len(self.places) >= self.needed


def with_sheet(typed: TypedSheets, words: str, now: datetime) -> TypedSheets:
    """One more sheet. Raises Unacceptable for words that do not fit, a sheet typed already, or another ceremony's."""
    plain = " ".join(words.lower().split())
    if len(plain) > LONGEST:
        raise Unacceptable("Lembar ini terlalu panjang.", "This sheet is too long.", "words")
    seen = escrow.seen(plain)
    if seen.place in typed.places:
        raise Unacceptable(
            f"Lembar {seen.place} sudah diketik. Minta pemegang lembar lain.",
            f"Sheet {seen.place} has been typed already. Ask another custodian.",
            "words",
        )
    if typed.words and escrow.seen(typed.words[0]).ceremony != seen.ceremony:
        raise Unacceptable(
            "Lembar ini berasal dari upacara kunci yang berbeda.",
            "This sheet comes from a different key ceremony.",
            "words",
        )
    return TypedSheets((*typed.words, plain), (*typed.places, seen.place), seen.needed, typed.begun_at or now)


def to_page(typed: TypedSheets, purpose: str, token: str, secret_key: str) -> str:
    """What the next page carries in a hidden field. ``purpose`` names the act and whom it is for."""
    if typed.begun_at is None:
        return ""
    content = json.dumps([typed.begun_at.isoformat(), *typed.words])
    return to_text(lock(_key(token, secret_key), content.encode(), _place(purpose)))


def from_page(carried: str, purpose: str, token: str, secret_key: str, now: datetime) -> TypedSheets:
    """What was typed, from the field of the page before; nothing when it is another's, changed, or too old."""
    try:
        begun, *words = json.loads(unlock(_key(token, secret_key), to_bytes(carried), _place(purpose)))
        begun_at = datetime.fromisoformat(begun)
    except (CannotOpen, ValueError, TypeError):
        return TypedSheets()
    if not timedelta() <= now - begun_at <= LASTS:
        return TypedSheets()
    return _read(words, begun_at)


def _read(words: Sequence[str], begun_at: datetime) -> TypedSheets:
    typed = TypedSheets(begun_at=begun_at)
    for one in words:
        typed = with_sheet(typed, one, begun_at)
    return typed


def _key(token: str, secret_key: str) -> bytes:
    return labelled(token.encode(), _LABEL, secret_key.encode())


def _place(purpose: str) -> Context:
    return Context("sheets", purpose, "typed")
