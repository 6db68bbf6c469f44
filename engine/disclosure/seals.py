"""The opened keys of one sealed case: what reads and writes its texts, for whoever holds a copy."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from engine.database import driver_rows, json_text
from engine.disclosure import case_keys
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.keyring import Keyring, held
from engine.disclosure.primitives import CannotOpen, lock, unlock
from engine.errors import KeyNeeded, NotFound
from engine.sessions import dialect_name

SEALED = "$sealed"  # the one key of a stored JSON value that is ciphertext

_NAMED = "SELECT c.number, r.key FROM cases c JOIN regions r ON r.id = c.region_id WHERE c.id = ? AND c.is_sealed"
_STANDS = "SELECT 1 FROM cases WHERE id = ? AND title <> ''"  # a case that was destroyed has no title any more
_COPIES = "SELECT kind, sealed FROM case_keys WHERE case_id = ? AND holder = ?"


@dataclass(frozen=True)
class CaseSeal:
    """``content`` opens everything but the reporter's identity, which opens by ``identity``: None unless a custodian,
    or somebody it was released to, is at work. Locked texts are base64, so that both databases keep them alike."""

    name: CaseName
    content: bytes = field(repr=False)
    identity: bytes | None = field(repr=False, default=None)

    def lock(self, place: str, text: str) -> str:
        """``text`` locked for one place of this case (``answers``, ``message:<id>``): it opens nowhere else."""
        return to_text(lock(self.content, text.encode(), self.name.context(place)))

    def unlock(self, place: str, locked: str) -> str:
        """The text again. Raises CannotOpen."""
        return unlock(self.content, to_bytes(locked), self.name.context(place)).decode()

    def lock_json(self, place: str, value: Any) -> str:
        """A JSON-able value, as ``lock`` does it."""
        return self.lock(place, json_text(value))

    def unlock_json(self, place: str, locked: str) -> Any:
        """The value again. Raises CannotOpen."""
        return json.loads(self.unlock(place, locked))

    def copies(self, kind: Kind, holders: Mapping[str, bytes]) -> dict[str, str]:
        """Copies of a key for public keys, by holder, as ``case_keys`` keeps them. Raises KeyNeeded for the identity
        key where it is not open."""
        key = self.content if kind is Kind.CONTENT else self.identity
        if key is None:
            raise KeyNeeded
        if not holders:
            return {}
        return {
            holder: to_text(sealed) for holder, sealed in case_keys.sealed_for(kind, self.name, key, holders).items()
        }


def is_sealed(session: Session, case_id: int) -> bool:
    """Whether there is such a case, and it is sealed."""
    return bool(driver_rows(session, _NAMED, (case_id,)))


def hold_still(session: Session, case_id: int) -> None:
    """Keeps a sealed case from being moved or destroyed until this transaction ends. Who read it before it was
    destroyed must not write into it afterwards: copies of its key would come back. Raises NotFound when it is gone."""
    is_sqlite = dialect_name(session) == "sqlite"  # there the write lock is held already
    if not driver_rows(session, _STANDS if is_sqlite else f"{_STANDS} FOR UPDATE", (case_id,)):
        raise NotFound("There is no such case.")


def seal_of(session: Session, case_id: int) -> CaseSeal:
    """The case's keys, opened with the keyring this session holds. Raises NotFound for a case that is not there or
    not sealed, KeyNeeded without a keyring or without a copy for it."""
    found = driver_rows(session, _NAMED, (case_id,))
    if not found:
        raise NotFound("There is no such case.")
    number, region = found[0]
    return opened_with(session, held(session), case_id, CaseName(region, number))


def opened_with(session: Session, keyring: Keyring | None, case_id: int, name: CaseName) -> CaseSeal:
    """The same for a case whose name is known. Raises KeyNeeded."""
    if keyring is None:
        raise KeyNeeded
    copies = dict(driver_rows(session, _COPIES, (case_id, keyring.holder)))
    if Kind.CONTENT not in copies:
        raise KeyNeeded
    try:
        content = case_keys.opened(Kind.CONTENT, name, to_bytes(copies[Kind.CONTENT]), keyring.pair)
        sealed = copies.get(Kind.IDENTITY)
        identity = None if sealed is None else case_keys.opened(Kind.IDENTITY, name, to_bytes(sealed), keyring.pair)
    except CannotOpen as fault:
        raise KeyNeeded from fault
    return CaseSeal(name, content, identity)


def to_text(blob: bytes) -> str:
    """Ciphertext as base64 text."""
    return base64.b64encode(blob).decode("ascii")


def to_bytes(text: str) -> bytes:
    """The ciphertext again. Raises CannotOpen for what is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise CannotOpen from fault


def as_json(locked: str) -> str:
    """Ciphertext where JSON is kept."""
    return json_text({SEALED: locked})


def locked_in(stored: Any) -> str | None:
    """The ciphertext in a stored JSON value, None where it was stored in the clear."""
    return stored.get(SEALED) if isinstance(stored, Mapping) else None
