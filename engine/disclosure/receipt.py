"""The code a reporter takes along: the only way back to an anonymous case, and never kept."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from engine.disclosure.budget import OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import COST_OF_A_RECEIPT, Cost, is_same, labelled, slow_key
from engine.organisation.faults import Unacceptable

# Crockford's: no I, L, O and U, which are misread or make words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = (
    16  # 80 bits: one guess tries all open cases of a region, so the 53 bits of a telephone number are few
)
LONGEST_INPUT = 128  # longer ones would buy an attacker slow hashes over megabytes (found in SecureDrop in 2015)
GROUP = 4

_VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BITS = 5
_FIELD = 0b100101  # x^5 + x^2 + 1: arithmetic in the field of 32 elements, one for each character
_SEPARATORS = re.compile(r"[\s_.\-\u2010-\u2015]+")  # telephones like to turn a hyphen into a dash


@dataclass(frozen=True)
class Derived:
    """What a receipt turns into: ``lookup`` is kept and finds the case, ``key`` opens it and is never kept."""

    lookup: bytes
    key: bytes = field(repr=False)


def new() -> str:
    """A receipt of 16 random characters and one that checks them, without separators."""
    drawn = secrets.randbits(_BITS * RANDOM_CHARACTERS)
    values = [drawn >> (_BITS * place) & 31 for place in range(RANDOM_CHARACTERS)]
    return _with_check("".join(ALPHABET[value] for value in values))


def shown(receipt: str) -> str:
    """The receipt as people write it down: four groups, the check character at the end of the last one."""
    groups = [receipt[at : at + GROUP] for at in range(0, RANDOM_CHARACTERS - GROUP, GROUP)]
    return "-".join([*groups, receipt[RANDOM_CHARACTERS - GROUP :]])


def normalised(text: str) -> str | None:
    """What somebody typed as a receipt, or None when it cannot be one. Small letters, spaces and hyphens are
    welcome, O is read as 0, I and L as 1. The check character may be left out; if it is there it catches every
    single wrong character and every two characters exchanged. It protects from slips, not from guessing."""
    signs = _signs(text)
    if len(signs) < RANDOM_CHARACTERS or any(sign not in _VALUES for sign in signs):
        return None
    plain = "".join(ALPHABET[_VALUES[sign]] for sign in signs)
    whole = _with_check(plain[:RANDOM_CHARACTERS])
    return whole if plain in (whole, whole[:RANDOM_CHARACTERS]) else None


def is_proven(receipt: str, typed: str) -> bool:
    """Whether somebody has the receipt before them: they typed its last four characters, with or without the check
    character; more of its end is as good."""
    plain = "".join(ALPHABET[_VALUES[sign]] if sign in _VALUES else "?" for sign in _signs(typed))
    return len(plain) >= GROUP and any(
        is_same(end[-len(plain) :].encode(), plain.encode()) for end in (receipt, receipt[:RANDOM_CHARACTERS])
    )


def derived(
    typed: str,
    region_salt: bytes,
    server_pepper: bytes,
    *,
    cost: Cost = COST_OF_A_RECEIPT,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> Derived:
    """The look-up hash and the key of what somebody typed as a receipt.

    ``region_salt`` (16 bytes) is one for the region, as there is no name to look up a salt by; ``server_pepper`` (16
    to 64 bytes) is kept outside the database, so that the database alone does not even allow guessing. What cannot
    be a receipt goes the same way at the same price, and finds nothing: whoever looks up the result treats unknown
    and malformed alike without trying to. Raises Unacceptable over 128 characters, before the slow hash, TooBusy, and
    ValueError for a salt or a pepper of another length."""
    if len(typed) > LONGEST_INPUT:
        raise Unacceptable("Kode terlalu panjang.", "The code is too long.", "receipt")
    receipt = normalised(typed)
    slow = slow_key((receipt or typed).encode("utf-8", "replace"), region_salt, cost, budget)
    root = labelled(server_pepper, b"alur receipt", slow)
    return Derived(labelled(root, b"alur rcpt lookup"), labelled(root, b"alur rcpt key"))


def _signs(typed: str) -> str:
    return _SEPARATORS.sub("", typed).upper()


def _with_check(characters: str) -> str:
    """Horner's rule with a generator of the field: each place weighs differently, and none weighs nothing."""
    check = 0
    for character in characters:
        check = (check ^ _VALUES[character]) << 1
        check ^= _FIELD if check > 31 else 0
    return characters + ALPHABET[check]
