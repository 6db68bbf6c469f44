"""The walls around the process that opens what strangers sent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def limit_costs(memory: int, cpu_seconds: int) -> None:
    """At most ``memory`` bytes of address space and ``cpu_seconds``; nothing on disk, not even as a core dump."""
    with contextlib.suppress(OSError):  # when memory is short, this process ends and not the one that serves pages
        Path("/proc/self/oom_score_adj").write_text("1000")
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CPU, cpu_seconds)
    if sys.platform == "linux":  # elsewhere the address space cannot be limited; time and the other walls remain
        _lower(resource.RLIMIT_AS, memory)
        _ask_kernel(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _ask_kernel(_PR_SET_DUMPABLE, 0)
        _ask_kernel(_PR_SET_NO_NEW_PRIVS, 1)
    os.nice(5)


def close_doors() -> None:
    """From here on no file, socket, pipe or memory file can be opened and no process started; what is open stays.

    Without a free file descriptor every such call fails in the kernel, whatever code makes it. Call it when all
    modules are loaded."""
    _lower(resource.RLIMIT_NPROC, 0)
    _lower(resource.RLIMIT_NOFILE, 0)


def _lower(which: int, value: int) -> None:
    resource.setrlimit(which, (value, value))


def _ask_kernel(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
