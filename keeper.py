"""Ends what ``serve`` started when ``serve`` itself was killed: it hears of each process, and of its parent's end.

``serve`` starts it with a pipe as its standard input: ``+12`` is a group of processes to end, ``-12`` one that ended by
itself. The pipe closes when nobody holds it any more, which no signal can prevent: so it works where the kernel has no
way to tell a child that its parent died.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

PATIENCE = 10.0  # seconds between asking and killing


def main() -> None:
    """Listen until the pipe closes, then end what is left."""
    left: set[int] = set()
    for line in sys.stdin:
        sign, number = line[:1], line[1:].strip()
        (left.add if sign == "+" else left.discard)(int(number))
    _end(left)


def _end(groups: set[int]) -> None:
    for group in groups:
        _signal(group, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while any(_signal(group, 0) for group in groups) and time.monotonic() < until:
        time.sleep(0.1)
    for group in groups:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Whether there was anybody to hear it."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
        return True
    return False


if __name__ == "__main__":
    main()
