"""Work of the parts beyond the engine that a worker does every so often: a part registers it, the worker asks when.

@job("registry.letters", every=timedelta(hours=1))
def letters(database, now): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from engine.errors import AlurError

if TYPE_CHECKING:
    from engine.database import Database

Work = Callable[["Database", datetime], int]


@dataclass(frozen=True, slots=True)
class Job:
    """``work`` gets the database and the moment (aware), opens transactions of its own and returns how much it did;
    every worker calls it, so it has to stand being done by two at once."""

    name: str
    every: timedelta
    work: Work


JOBS: dict[str, Job] = {}


def job(name: str, every: timedelta) -> Callable[[Work], Work]:
    """Registers the decorated function under ``name`` (``part.what``); a name used twice is refused."""

    def register(work: Work) -> Work:
        standing = JOBS.get(name)
        if standing is not None and standing.work.__module__ != work.__module__:
            raise AlurError(f"the job {name!r} is registered by {standing.work.__module__} already")
        JOBS[name] = Job(name, every, work)
        return work

    return register
