"""A receipt made ready before the database is touched, so that no lock waits for a slow hash."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.channel.settings import Channel
from engine.disclosure.budget import OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import COST_OF_A_RECEIPT, Cost


@dataclass(frozen=True, slots=True)
class FreshReceipt:
    """A receipt nobody has seen yet: ``receipt`` to be shown, ``lookup`` (hex) to be kept, ``private`` for the
    reporter's locked web session."""

    receipt: str = field(repr=False)
    lookup: str
    private: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The half that is kept."""
        raise NotImplementedError

    def to_plain(self) -> dict[str, str]:
        """As the locked web session keeps it."""
        raise NotImplementedError

    @classmethod
    def from_plain(cls, plain: dict[str, str]) -> FreshReceipt:
        """The receipt again."""
        raise NotImplementedError


def fresh_receipt(
    channel: Channel, pepper: bytes, *, cost: Cost = COST_OF_A_RECEIPT, budget: MemoryBudget = OF_THIS_PROCESS
) -> FreshReceipt:
    """A new receipt for this region, in about 0.12 s. Take it before the first statement of a transaction, and keep it
    in the reporter's locked session before it is used: then a process killed at any point loses no receipt. Raises
    TooBusy."""
    raise NotImplementedError
