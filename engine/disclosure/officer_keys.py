"""An officer's pair of keys: opened by the officer's password, or by the custodians of the region together."""

from __future__ import annotations

import struct
import unicodedata
from dataclasses import dataclass, replace

from engine.disclosure.budget import MIB, OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import (
    COST_OF_A_PASSWORD,
    FORMAT,
    SALT_BYTES,
    CannotOpen,
    Context,
    Cost,
    KeyPair,
    is_same,
    labelled,
    new_pair,
    new_salt,
    pair_of,
    seal,
    slow_key,
    unseal,
    unwrap,
    wrap,
)
from engine.organisation.passwords import LONGEST

_HEAD = struct.Struct(f">cBI{SALT_BYTES}s")  # layout, passes, memory in KiB, salt
_KIB = 1024
_MOST = Cost(16, 512 * MIB)  # a changed row must not make the machine work without end


@dataclass(frozen=True)
class Owner:
    """Whose keys: a region and the person's id in it. Authenticated with them, so rows cannot be exchanged."""

    region: str
    person: str

    def context(self, field: str) -> Context:
        """Where one of this person's keys belongs."""
        return Context(self.region, f"officer:{self.person}", field)


@dataclass(frozen=True)
class OfficerKeys:
    """What is kept of an officer's pair; none of it opens anything without the password or the escrow.

    ``by_password`` carries its own cost and salt, so a later, higher cost needs no new column; ``by_escrow`` is
    sealed for the pair of the region's escrow."""

    owner: Owner
    public: bytes
    by_password: bytes
    by_escrow: bytes


def new_officer_keys(
    owner: Owner,
    password: str,
    escrow_public: bytes,
    *,
    cost: Cost = COST_OF_A_PASSWORD,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> tuple[KeyPair, OfficerKeys]:
    """A new pair, and what is kept of it. Nobody can be given a case before having one. Raises TooBusy."""
    pair = new_pair()
    by_password = _by_password(owner, pair, password, cost, budget)
    return pair, OfficerKeys(owner, pair.public, by_password, _by_escrow(owner, pair, escrow_public))


def opened(kept: OfficerKeys, password: str, *, budget: MemoryBudget = OF_THIS_PROCESS) -> KeyPair:
    """The pair, by the officer's password. Raises CannotOpen, also when the public key kept is not the private
    one's: cases would be sealed for somebody else. Raises TooBusy."""
    try:
        layout, passes, memory, salt = _HEAD.unpack_from(kept.by_password)
    except struct.error as fault:
        raise CannotOpen from fault
    cost = Cost(passes, memory * _KIB)
    if layout != FORMAT or not (1 <= cost.passes <= _MOST.passes and 8 * _KIB <= cost.memory <= _MOST.memory):
        raise CannotOpen
    key = _from_password(password, salt, cost, budget)
    return _checked(kept, unwrap(key, kept.by_password[_HEAD.size :], kept.owner.context("private-key")))


def with_new_password(
    kept: OfficerKeys,
    old: str,
    new: str,
    *,
    cost: Cost = COST_OF_A_PASSWORD,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> OfficerKeys:
    """The same pair under another password: every case stays open, and the old password opens nothing kept from now on.
    An old backup still opens with the old password; who fears that needs a new pair. Raises CannotOpen and TooBusy."""
    pair = opened(kept, old, budget=budget)
    return replace(kept, by_password=_by_password(kept.owner, pair, new, cost, budget))


def recovered(
    kept: OfficerKeys,
    escrow: KeyPair,
    new: str,
    *,
    cost: Cost = COST_OF_A_PASSWORD,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> OfficerKeys:
    """The same pair under a new password, the old one being forgotten: by the region's custodians together, nobody
    else. Raises CannotOpen and TooBusy."""
    pair = escrowed(kept, escrow)
    return replace(kept, by_password=_by_password(kept.owner, pair, new, cost, budget))


def under_new_escrow(kept: OfficerKeys, old: KeyPair, new_public: bytes) -> OfficerKeys:
    """The copy for the custodians moved to a new escrow, by those of the old one. Raises CannotOpen."""
    return replace(kept, by_escrow=_by_escrow(kept.owner, escrowed(kept, old), new_public))


def under_password(
    kept: OfficerKeys,
    pair: KeyPair,
    password: str,
    *,
    cost: Cost = COST_OF_A_PASSWORD,
    budget: MemoryBudget = OF_THIS_PROCESS,
) -> OfficerKeys:
    """What is kept of an opened pair, wrapped by ``password`` at today's cost. Raises CannotOpen for another person's
    pair, and TooBusy."""
    return replace(kept, by_password=_by_password(kept.owner, _checked(kept, pair.private), password, cost, budget))


def under_escrow(kept: OfficerKeys, pair: KeyPair, escrow_public: bytes) -> OfficerKeys:
    """What is kept of an opened pair, with the custodians' copy for the escrow of today: the way to a new one when the
    sheets of the old one are lost. Raises CannotOpen for another person's pair."""
    return replace(kept, by_escrow=_by_escrow(kept.owner, _checked(kept, pair.private), escrow_public))


def escrowed(kept: OfficerKeys, escrow: KeyPair) -> KeyPair:
    """The pair, by the region's custodians together. Raises CannotOpen."""
    return _checked(kept, unseal(escrow, kept.by_escrow, kept.owner.context("escrowed-key")))


def is_outdated(kept: OfficerKeys, cost: Cost = COST_OF_A_PASSWORD) -> bool:
    """Whether the password's hash is cheaper than today's; it is renewed at the next sign-in. Raises CannotOpen."""
    try:
        _, passes, memory, _ = _HEAD.unpack_from(kept.by_password)
    except struct.error as fault:
        raise CannotOpen from fault
    return bool(passes < cost.passes or memory * _KIB < cost.memory)


def _by_password(owner: Owner, pair: KeyPair, password: str, cost: Cost, budget: MemoryBudget) -> bytes:
    salt = new_salt()
    key = _from_password(password, salt, cost, budget)
    head = _HEAD.pack(FORMAT, cost.passes, cost.memory // _KIB, salt)
    return head + wrap(key, pair.private, owner.context("private-key"))


def _by_escrow(owner: Owner, pair: KeyPair, escrow_public: bytes) -> bytes:
    return seal(escrow_public, pair.private, owner.context("escrowed-key"))


def _from_password(password: str, salt: bytes, cost: Cost, budget: MemoryBudget) -> bytes:
    """The sign-in checks the same password by another hash with another salt; the label keeps the two apart for
    good."""
    if len(password) > LONGEST:
        raise CannotOpen
    plain = unicodedata.normalize("NFKC", password).encode("utf-8", "replace")
    return labelled(slow_key(plain, salt, cost, budget), b"alur officer")


def _checked(kept: OfficerKeys, private: bytes) -> KeyPair:
    pair = pair_of(private)
    if not is_same(pair.public, kept.public):
        raise CannotOpen
    return pair
