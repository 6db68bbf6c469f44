"""The two keys of a sealed case, for its content and for the reporter's identity, and who holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.disclosure.primitives import Context, KeyPair, lock, new_key, pair_of, seal, unlock, unseal, unwrap, wrap


class Kind(StrEnum):
    """What a key of a case opens."""

    CONTENT = "content-key"  # answers, messages, names and keys of files: for the recipients and the reporter
    IDENTITY = "identity-key"  # who the reporter is: for the custodians alone


@dataclass(frozen=True)
class CaseName:
    """Which case: a region and the case's random id."""

    region: str
    case: str

    def context(self, field_name: str) -> Context:
        """Where one field of this case belongs."""
        return Context(self.region, self.case, field_name)


@dataclass(frozen=True)
class NewCaseKeys:
    """The keys of a new case in memory, and what is kept of them: one sealed copy a holder, by the holder's name.

    The identity key is a key of its own, so that it is cryptography and not a condition in the code that keeps the
    investigators from the reporter's name."""

    content: bytes = field(repr=False)
    identity: bytes = field(repr=False)
    sealed_content: Mapping[str, bytes]
    sealed_identity: Mapping[str, bytes]


def new_case_keys(case: CaseName, content: Mapping[str, bytes], identity: Mapping[str, bytes]) -> NewCaseKeys:
    """Keys for a new case. ``content`` has the public keys of the recipients and of the receipt, ``identity`` those
    of the custodians, by holder; who is excluded is simply not among them. Raises ValueError when either is empty:
    what is sealed for nobody is lost."""
    content_key, identity_key = new_key(), new_key()
    return NewCaseKeys(
        content_key,
        identity_key,
        sealed_for(Kind.CONTENT, case, content_key, content),
        sealed_for(Kind.IDENTITY, case, identity_key, identity),
    )


def receipt_pair(key: bytes) -> KeyPair:
    """The reporter's pair: the key that comes from the receipt is its private half. The reporter is so a holder like
    any other, and officers can renew a case's key without the receipt."""
    return pair_of(key)


def sealed_for(kind: Kind, case: CaseName, key: bytes, holders: Mapping[str, bytes]) -> dict[str, bytes]:
    """Copies of a key of this case for public keys, by holder; also to add recipients, which so needs somebody who
    holds the key. Taking somebody off is removing the copy. Raises ValueError without any holder."""
    if not holders:
        raise ValueError("A key sealed for nobody is lost.")
    context = case.context(kind)
    return {holder: seal(public, key, context) for holder, public in holders.items()}


def opened(kind: Kind, case: CaseName, sealed: bytes, pair: KeyPair) -> bytes:
    """The case's key, from the copy of one holder. Raises CannotOpen."""
    return unseal(pair, sealed, case.context(kind))


def moved(kind: Kind, case: CaseName, sealed: bytes, pair: KeyPair, public: bytes) -> bytes:
    """The copy of a holder made anew for another public key: the holder's new pair, or the reporter's new receipt.
    Raises CannotOpen."""
    return seal(public, opened(kind, case, sealed, pair), case.context(kind))


def renewed(kind: Kind, case: CaseName, holders: Mapping[str, bytes]) -> tuple[bytes, dict[str, bytes]]:
    """A new key in place of one that somebody may have kept, with the copies for those who stay. What it is to open
    must be moved to it (``relocked``, ``rewrapped``). Raises ValueError without any holder."""
    key = new_key()
    return key, sealed_for(kind, case, key, holders)


def relocked(old: bytes, new: bytes, locked: bytes, context: Context) -> bytes:
    """A text moved from an old key to a new one. Raises CannotOpen."""
    return lock(new, unlock(old, locked, context), context)


def rewrapped(old: bytes, new: bytes, wrapped: bytes, context: Context) -> bytes:
    """A file's key moved from an old key to a new one; the file itself stays as it is. Raises CannotOpen."""
    return wrap(new, unwrap(old, wrapped, context), context)
