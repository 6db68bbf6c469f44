"""Checks one chain of rows: which row was changed, which is missing, which stands where another stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.audit.record import GENESIS

Row = Mapping[str, Any]
HashOf = Callable[[str, Row], str]  # (hash before, row) -> the hash the row ought to carry

TRIED_BY_ALL = 60  # longer chains are searched for moved rows among neighbours only


@dataclass(slots=True)
class ChainState:
    """What a check of one chain found. ``misfits`` fit nowhere in it; ``moved`` maps where a row is to where it was.

    ``gaps`` are numbers without a row; each keeps the hash before it, or None when that is missing too.
    """

    misfits: list[Row] = field(default_factory=list)
    moved: dict[int, int] = field(default_factory=dict)
    gaps: dict[int, str | None] = field(default_factory=dict)
    last_seq: int = 0
    last_hash: str = GENESIS


def check_chain(rows: Sequence[Row], hash_of: HashOf) -> ChainState:
    """Check the rows of one chain, sorted by ``seq``; each has ``seq`` and ``hash``."""
    state = ChainState()
    suspects: list[Row] = []
    previous: str | None = GENESIS
    for row in rows:
        for number in range(state.last_seq + 1, row["seq"]):
            state.gaps[number] = previous
            previous = None
        # After a gap a row cannot be checked against the one before it; the one after it vouches for its hash.
        if previous is not None and hash_of(previous, row) != row["hash"]:
            suspects.append(row)
        previous = state.last_hash = row["hash"]
        state.last_seq = row["seq"]
    after_gaps = [row for row in rows if row["seq"] - 1 in state.gaps]
    for row in (*suspects, *after_gaps):
        origin = _origin(row, rows, state, hash_of)
        if origin is not None and origin != row["seq"]:
            state.moved[row["seq"]] = origin
            state.gaps.pop(origin, None)
        elif origin is None and row in suspects:
            state.misfits.append(row)
    return state


def _origin(row: Row, rows: Sequence[Row], state: ChainState, hash_of: HashOf) -> int | None:
    """The number under which the row's hash is right, if there is one."""
    longest = max(state.last_seq, len(rows)) + 1
    near = range(1, longest + 1) if longest <= TRIED_BY_ALL else range(row["seq"] - 5, row["seq"] + 6)
    before = {GENESIS, *(other["hash"] for other in rows if longest <= TRIED_BY_ALL or other["seq"] in near)}
    for number in near:
        placed = {**row, "seq": number}
        if any(hash_of(previous, placed) == row["hash"] for previous in before):
            return number
    return None
