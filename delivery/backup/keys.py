"""The pair of keys of backups as people handle it: the public half in the settings, the private one on paper."""

from __future__ import annotations

import hashlib

from engine.disclosure.primitives import KeyPair, new_pair, pair_of
from engine.errors import InvalidInput

_SHORT = 8  # digits of the checksum
_WRONG = "This is no key of backups: 64 letters and digits from 0-9 and a-f, then 8 that check them."


def new_keys() -> tuple[str, str]:
    """A new pair: (public, private), each as text to be copied and written down."""
    pair = new_pair()
    return _text(pair.public), _text(pair.private)


def public_of(text: str) -> bytes:
    """The public key somebody typed or configured. Raises InvalidInput."""
    return _bytes(text)


def pair_from(text: str) -> KeyPair:
    """The pair a private key belongs to, as somebody typed it from paper. Raises InvalidInput."""
    return pair_of(_bytes(text))


def _text(key: bytes) -> str:
    digits = key.hex() + _check(key)
    return "-".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _bytes(text: str) -> bytes:
    digits = "".join(text.split()).replace("-", "").lower()
    try:
        key = bytes.fromhex(digits[:-_SHORT])
    except ValueError as fault:
        raise InvalidInput(_WRONG) from fault
    if len(key) != 32 or _check(key) != digits[-_SHORT:]:
        raise InvalidInput(_WRONG)
    return key


def _check(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:_SHORT]
