"""Worker processes that share their start: a server imports the program once, and each worker is forked from it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from worker import main

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.workers_to_kill"])


def start(environment: Mapping[str, str]) -> ForkServerProcess:
    """A worker of its own process and memory, with what ``environment`` adds to the surroundings."""
    process = FORKS.Process(target=_work, args=(dict(environment),))
    process.start()
    return process


def _work(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    raise SystemExit(main())
