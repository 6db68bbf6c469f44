"""How much memory slow hashes may take in this process at one moment, first come, first served."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from engine.organisation.passwords import TooBusy

WAIT_SECONDS = 10.0
MIB = 1024 * 1024


class MemoryBudget:
    """A slow hash is slow because it fills memory, so fifty at once would be an attack on the machine by itself.
    Whoever does not fit waits for a place in the order of coming, so that one large hash is not overtaken for ever
    by small ones."""

    def __init__(self, limit: int, wait_seconds: float = WAIT_SECONDS) -> None:
        """``limit`` in bytes; ``wait_seconds`` is how long one waits for a place."""
        self._limit = limit
        self._free = limit
        self._wait_seconds = wait_seconds
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        """How many wait for a place at this moment."""
        with self._changed:
            return len(self._queue)

    @contextmanager
    def taking(self, amount: int) -> Iterator[None]:
        """Holds ``amount`` bytes while the block runs. Raises TooBusy when there is no place in time, or never one."""
        self._enter(amount)
        try:
            yield
        finally:
            with self._changed:
                self._free += amount
                self._changed.notify_all()

    def _enter(self, amount: int) -> None:
        place = object()
        with self._changed:
            self._queue.append(place)
            try:
                fits = amount <= self._limit and self._changed.wait_for(
                    lambda: self._queue[0] is place and amount <= self._free, self._wait_seconds
                )
                if not fits:
                    raise TooBusy("Too many codes and passwords are being checked at this moment. Please try again.")
                self._free -= amount
            finally:
                self._queue.remove(place)
                self._changed.notify_all()


# Two officers or eight receipts at once. The hashes of sign-in passwords have their own limit beside this one
# (``organisation.passwords``: two of 64 MiB), so a process takes 640 MiB for slow hashes at most.
OF_THIS_PROCESS = MemoryBudget(512 * MIB)
