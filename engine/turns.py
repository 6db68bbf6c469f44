"""Writers of one SQLite file in this process take turns, first come, first served.

SQLite gives its only write lock to whoever asks at the right moment: those who wait look again after pauses that grow
to a tenth of a second, and when many write, an unlucky one looks in vain until its patience ends. So only one thread of
a process asks SQLite at a time. Other processes are few, and wait for one another as SQLite has it.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from pathlib import Path
from threading import Lock, RLock
from time import monotonic
from typing import Any
from weakref import WeakValueDictionary


class Turns:
    """The row of those who wait to write one file. A turn may be given back by another thread than took it."""

    def __init__(self) -> None:
        # Giving back may happen while rubbish is collected, in the middle of any of these lines: hence RLock.
        self._guard = RLock()
        self._waiting: deque[Any] = deque()
        self._called: Any = None

    def __len__(self) -> int:
        """How many wait; the one whose turn it is does not."""
        return len(self._waiting)

    def take_now(self) -> object | None:
        """A turn without waiting: what to give back afterwards, or None when somebody else has it."""
        with self._guard:
            if self._called is None and not self._waiting:
                self._called = turn = object()
                return turn
        return None

    def take(self, seconds: float) -> object | None:
        """Wait for a turn: what to give back afterwards, or None when it did not come within ``seconds``."""
        mine = Lock()
        mine.acquire()
        with self._guard:
            self._waiting.append(mine)
            self._call_next()
        try:
            if mine.acquire(timeout=seconds) or not self._leave(mine):
                return mine
        except BaseException:  # interrupted: whoever stands behind must not wait for a thread that is gone
            self._leave(mine)
            self.give_back(mine)
            raise
        return None

    def give_back(self, turn: object) -> None:
        """End a turn; the next one is called. Does nothing when it has ended already."""
        with self._guard:
            if self._called is turn:
                self._called = None
                self._call_next()

    def _leave(self, mine: object) -> bool:
        with self._guard:
            if mine not in self._waiting:  # called in the last moment
                return False
            self._waiting.remove(mine)
            return True

    def _call_next(self) -> None:
        if self._called is None and self._waiting:
            self._called = self._waiting.popleft()
            self._called.release()


_turns: WeakValueDictionary[Path, Turns] = WeakValueDictionary()
_turns_guard = Lock()


def turns_of(file: str | Path) -> Turns:
    """The row of a database file, the same for all its connections in this process; in memory each has its own."""
    if file in ("", ":memory:"):
        return Turns()
    path = Path(file).resolve()
    with _turns_guard:
        return _turns.setdefault(path, Turns())


class TurnTakingConnection(sqlite3.Connection):
    """SQLite's connection to a file; ``timeout`` (seconds) is how long it waits for its turn and the lock together."""

    def __init__(self, database: str, timeout: float, **options: Any) -> None:
        super().__init__(database, timeout=timeout, **options)
        self._patience = timeout
        self._turns = turns_of(database)
        self._turn: object | None = None

    def begin_writing(self) -> None:
        """Begin a transaction that holds the write lock. Raises sqlite3.OperationalError when others hold it for as
        long as this connection waits."""
        self._turn = self._turns.take_now()
        try:
            if self._turn is None:
                self._wait_and_begin()
            else:
                self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._end_turn()
            raise

    def _wait_and_begin(self) -> None:
        until = monotonic() + self._patience
        self._turn = self._turns.take(self._patience)
        if self._turn is None:
            raise sqlite3.OperationalError("database is locked: others of this process were writing all the time")
        # Should another process hold the lock: what is left of the time.
        self.execute(f"PRAGMA busy_timeout = {max(1, int((until - monotonic()) * 1000))}")
        try:
            self.execute("BEGIN IMMEDIATE")
        finally:
            self.execute(f"PRAGMA busy_timeout = {int(self._patience * 1000)}")

    def commit(self) -> None:
        """Make the transaction lasting and end the turn; a commit that failed keeps both."""
        super().commit()
        if self._turn is not None:
            self._end_turn()

    def rollback(self) -> None:
        """Leave nothing of the transaction and end the turn."""
        try:
            super().rollback()
        finally:  # what SQLite cannot roll back any more has no lock either
            if self._turn is not None:
                self._end_turn()

    def close(self) -> None:
        """Close; what was not committed never was."""
        try:
            super().close()
        finally:
            self._end_turn()

    def __del__(self) -> None:
        self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = getattr(self, "_turn", None), None
        if turn is not None:
            self._turns.give_back(turn)
