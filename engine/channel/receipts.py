"""A receipt made ready before the database is touched, and kept out of what people write."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.channel.model import Channel
from engine.definitions.model import Text
from engine.disclosure import receipt as codes
from engine.disclosure.budget import OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import COST_OF_A_RECEIPT, Cost, pair_of

HOLDS_RECEIPT = Text(
    "Tulisan ini memuat kode laporan Anda. Hapus kodenya: siapa pun yang membacanya dapat membuka laporan Anda.",
    "This text has your report's code in it. Take the code out: whoever reads it could open your report.",
)
_RUN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{4}[\s_.\-\u2010-\u2015]?){3}[0-9A-Za-z]{5}(?![0-9A-Za-z])")
_OTHERS = re.compile(r"[^0-9A-Za-z]+")


@dataclass(frozen=True, slots=True)
class FreshReceipt:
    """A receipt nobody has seen yet: ``receipt`` to be shown, ``lookup`` (hex) to be kept, ``private`` the key it
    turns into. As a whole it belongs into the reporter's locked session and nowhere else."""

    receipt: str = field(repr=False)
    lookup: str
    private: bytes = field(repr=False)

    @property
    def shown(self) -> str:
        """The receipt in groups, as people write it down."""
        return codes.shown(self.receipt)

    @property
    def public(self) -> bytes:
        """The half that is kept."""
        return pair_of(self.private).public

    def to_plain(self) -> dict[str, str]:
        """As the locked session keeps it."""
        private = base64.b64encode(self.private).decode("ascii")
        return {"receipt": self.receipt, "lookup": self.lookup, "private": private}

    @classmethod
    def from_plain(cls, plain: Mapping[str, str]) -> FreshReceipt:
        """The receipt again."""
        return cls(plain["receipt"], plain["lookup"], base64.b64decode(plain["private"]))


def fresh_receipt(
    channel: Channel, pepper: bytes, *, cost: Cost | None = None, budget: MemoryBudget = OF_THIS_PROCESS
) -> FreshReceipt:
    """A new receipt for this region, in about 0.12 s. Take it before the first statement of a transaction, and keep it
    in the reporter's locked session before it is used: then a process killed at any point loses no receipt. Raises
    TooBusy."""
    receipt = codes.new()
    derived = codes.derived(receipt, channel.salt, pepper, cost=cost or cost_today(), budget=budget)
    return FreshReceipt(receipt, derived.lookup.hex(), derived.key)


def cost_today() -> Cost:
    """What turning a receipt into its key costs now."""
    return _cost


_cost = COST_OF_A_RECEIPT  # tests of what is not about the cost put a smaller one here


def holds_receipt(text: str, receipt: str) -> bool:
    """Whether a text has the writer's receipt in it, however it is spaced, or something that can only be one (with
    its check character): from then on it would be on officers' screens."""
    own = receipt[: codes.RANDOM_CHARACTERS]
    if own:
        plain = _OTHERS.sub("", text).upper().translate(_READ_AS)
        if own in plain:
            return True
    return any(_is_receipt(found.group()) for found in _RUN.finditer(text))


_READ_AS = str.maketrans("OIL", "011")


def _is_receipt(run: str) -> bool:
    """With its check character, and of letters and digits: four short words or a number are not meant."""
    return codes.normalised(run) is not None and any(map(str.isdigit, run)) and any(map(str.isalpha, run))
