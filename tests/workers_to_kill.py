"""Processes that share their start: a server imports the program once, and each is forked from it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerProcess
from typing import Any

from sqlalchemy.orm import configure_mappers

import parts
from worker import main

parts.load()  # definitions call connectors of them
configure_mappers()  # otherwise each would for itself

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.workers_to_kill", "tests.steps_until_killed", "tests.moves_until_killed"])


def start(environment: Mapping[str, str]) -> ForkServerProcess:
    """A worker of its own process and memory, with what ``environment`` adds to the surroundings."""
    process = FORKS.Process(target=_work, args=(dict(environment),))
    process.start()
    return process


def killed_at_work(work: Callable[..., None], *given: Any, after: float) -> bool:
    """Kills ``work(*given, going)`` so many seconds after it called ``going``; whether it was still at work."""
    hears, says = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=_begin, args=(work, given, says))
    process.start()
    says.close()
    with hears:
        assert hears.recv() == "going"
    process.join(after)
    was_at_work = process.exitcode is None
    process.kill()
    process.join()
    process.close()
    return was_at_work


def _begin(work: Callable[..., None], given: tuple[Any, ...], says: Any) -> None:
    work(*given, lambda: says.send("going"))


def _work(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    raise SystemExit(main())
