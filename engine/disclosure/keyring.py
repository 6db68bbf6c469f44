"""Whose keys are at hand in this transaction: bound to the session of a request, and gone with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.disclosure.primitives import KeyPair

RECEIPT = "receipt"  # the holder's name of the reporter
_PLACE = "alur_keyring"


@dataclass(frozen=True)
class Keyring:
    """One holder's pair, opened: ``officer:<person id>`` by a password, ``receipt`` by a receipt. Never stored.

    ``at`` is the real moment of an act told at day grain: needed to choose a later moment for mails, and not kept."""

    holder: str
    pair: KeyPair
    at: datetime | None = None


def officer(person_id: int) -> str:
    """The holder's name of an officer."""
    return f"officer:{person_id}"


def hold(session: Session, keyring: Keyring | None) -> None:
    """From now on this session reads and writes what ``keyring`` opens; None puts it away."""
    session.info[_PLACE] = keyring


def held(session: Session) -> Keyring | None:
    """The keyring of this session, if one is held."""
    found: Keyring | None = session.info.get(_PLACE)
    return found
