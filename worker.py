"""The second process: due timers, waiting messages and calls, migrations, audit anchors, tidying. Any number may run.

``python -m worker`` runs until SIGTERM or SIGINT; ``flask worker --once`` does what is due now and ends.
"""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

import parts
import readiness
from config import Settings, read_settings
from delivery.calls import Calls
from delivery.deliver import Delivery
from engine.audit.anchors import anchor
from engine.cases.destroying import was_destroyed, wipe
from engine.cases.escalate import is_any_due, run_due_timers
from engine.cases.migrate_background import move_one, next_in_background
from engine.cases.reoffer import reoffer_changed
from engine.channel.purging import purge
from engine.channel.tidying import tidy
from engine.clock import Clock, system_clock
from engine.database import Database, open_database
from engine.disclosure.vault import Vault
from engine.errors import AlurError
from engine.jobs import JOBS
from engine.organisation.sessions import drop_old_sessions
from engine.organisation.throttle import drop_old_counts
from engine.publishing import library
from engine.publishing.sealed_drafts import drop_sealed_drafts
from engine.timers import heartbeat
from engine.vocabulary import load

log = logging.getLogger("alur.worker")

SHORTEST_IDLE, LONGEST_IDLE = 0.25, 1.0  # seconds between two looks when nothing is due
TROUBLE_IDLE, LONGEST_TROUBLE_IDLE = 1.0, 30.0  # the same after an error, such as a database that is away
TIMERS_A_ROUND = 50
CASES_A_ROUND = 20
HEARTBEAT_EVERY = timedelta(seconds=15)
BURY_EVERY = timedelta(minutes=1)
ANCHOR_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)
OFFERS_EVERY, OFFERS_A_ROUND = timedelta(seconds=10), 500  # cases looked at after the organisation changed


@dataclass(slots=True)
class Chore:
    """Something done every so often. ``due_at`` None: at once."""

    name: str
    every: timedelta
    work: Callable[[Session, datetime], None]
    due_at: datetime | None = None


class Worker:
    """One worker. ``run`` blocks; ``stop`` may be called from a signal or another thread."""

    def __init__(
        self, settings: Settings, *, database: Database | None = None, clock: Clock = system_clock, name: str = ""
    ) -> None:
        self._settings = settings
        self._database = database or open_database(settings.database_url)
        self._clock = clock
        self.name = name or own_name()
        self._stopping = threading.Event()
        self._sweeps_at: datetime | None = None
        self._jobs_at: dict[str, datetime] = {}
        self._delivery = Delivery(settings, self._database, clock, self.name)
        self._calls = Calls(settings, self._database, clock, self.name)
        self._chores = (
            Chore("heartbeat", HEARTBEAT_EVERY, self._beat),
            Chore("bury", BURY_EVERY, self._bury),
            Chore("anchor", ANCHOR_EVERY, self._anchor),
            Chore("tidy", TIDY_EVERY, self._tidy),
            Chore("offers", OFFERS_EVERY, self._offer_anew),
        )

    def refuse_unready(self) -> None:
        """Raises EnvironmentFault for a database a production worker must not work on."""
        readiness.refuse_unready(self._database, self._settings)

    def stop(self) -> None:
        """End after the round that is running."""
        self._stopping.set()

    def run(self, once: bool = False) -> int:
        """Work until told to stop, or with ``once`` until nothing is due. Returns how many acts were done."""
        done, idle, trouble = 0, SHORTEST_IDLE, TROUBLE_IDLE
        while not self._stopping.is_set():
            try:
                count = self.round()
            except Exception as error:  # whatever it is, the next deadline must still be watched
                if once:
                    raise
                self._complain(error, trouble)
                self._stopping.wait(trouble)
                trouble = min(trouble * 2, LONGEST_TROUBLE_IDLE)
                continue
            trouble = TROUBLE_IDLE
            done += count
            if count == 0 and once:
                break
            idle = SHORTEST_IDLE if count else min(idle * 1.5, LONGEST_IDLE)
            if count == 0:
                self._stopping.wait(idle)
        self._say_goodbye()
        return done

    def round(self) -> int:
        """What is due now: timers first, since they write messages. Returns how many acts were done."""
        self._do_chores()
        self._sweep()
        fired = self._fire_timers() + self._migrate() + self._do_jobs()
        return fired + self._calls.make_due() + self._delivery.deliver_due()

    def _fire_timers(self) -> int:
        with self._database.reading() as session:
            if not is_any_due(session, self._clock()):  # an idle worker never takes the write lock
                return 0
        with self._database.writing() as session:
            fired = run_due_timers(session, self._clock(), self.name, TIMERS_A_ROUND)
            session.commit()
        if fired:
            log.info("%d timers fired", fired)
        return fired

    def _migrate(self) -> int:
        """Some cases of a migration that was left to workers, one transaction each; deadlines come in between."""
        with self._database.reading() as session:
            run = next_in_background(session)
        moved = 0
        while run is not None and moved < CASES_A_ROUND:
            with self._database.writing() as session:
                outcome = move_one(session, run, self._clock())
                session.commit()
            moved += 1
            if outcome is None:
                log.info("migration run %d has no case left for a worker", run)
                break
        return moved

    def _do_jobs(self) -> int:
        """What the parts of this installation have to do; one that fails is tried again when it is due next."""
        now, done = self._clock(), 0
        for job in JOBS.values():
            if self._jobs_at.get(job.name, now) <= now:
                self._jobs_at[job.name] = now + job.every
                try:
                    done += job.work(self._database, now)
                except SQLAlchemyError:
                    raise  # a database that is away is away for everything
                except Exception:
                    log.exception("the job %s failed", job.name)
        return done

    def _do_chores(self) -> None:
        now = self._clock()
        for chore in self._chores:
            if chore.due_at is None or chore.due_at <= now:
                chore.due_at = now + chore.every
                with self._database.writing() as session:
                    chore.work(session, now)
                    session.commit()

    def _sweep(self) -> None:
        """Outside any transaction: what destroyed cases left in the database's files is overwritten."""
        now = self._clock()
        if self._sweeps_at is None or self._sweeps_at <= now:
            self._sweeps_at = now + TIDY_EVERY
            with self._database.reading() as session:
                is_needed = was_destroyed(session, now)
            if is_needed:
                wipe(self._database)

    def _beat(self, session: Session, now: datetime) -> None:
        heartbeat.beat(session, self.name, now)

    def _anchor(self, session: Session, now: datetime) -> None:
        anchor(session, now)

    def _offer_anew(self, session: Session, now: datetime) -> None:
        reoffer_changed(session, now, OFFERS_A_ROUND)

    def _tidy(self, session: Session, now: datetime) -> None:
        drop_old_sessions(session, now)
        drop_old_counts(session, now)
        drop_sealed_drafts(session, now, load())
        tidy(session, now)
        purge(session, Vault(self._settings.sealed_dir), now)

    def _bury(self, session: Session, now: datetime) -> None:  # noqa: ARG002  the chores' shape
        for name in heartbeat.names(session):
            if is_dead(name):
                heartbeat.bury(session, name)
                log.warning("worker %s was killed; its work is taken over", name)

    def _say_goodbye(self) -> None:
        try:
            with self._database.writing() as session:
                heartbeat.leave(session, self.name)
                session.commit()
        except SQLAlchemyError as error:
            log.warning("the database did not hear the goodbye (%s)", type(error).__name__)

    def _complain(self, error: Exception, pause: float) -> None:
        if isinstance(error, SQLAlchemyError | OSError):
            log.error("the database does not answer (%s), next try in %g s", type(error).__name__, pause)
        else:
            log.error("a round failed, next try in %g s", pause, exc_info=error)


_started_here: set[str] = set()


def own_name() -> str:
    """A name no worker had before: machine, process, and a word for this start."""
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    _started_here.add(name)
    return name


def is_dead(name: str) -> bool:
    """Whether the worker ``name`` ran on this machine and runs no more. Of other machines nothing is known: False."""
    host, process, _ = name.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    if process == str(os.getpid()):
        return name not in _started_here  # the number was given again, to us
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def main() -> int:
    """The process: settings from the environment, a line of log an act, an orderly end on SIGTERM and SIGINT."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = read_settings()
        parts.load()
        readiness.leave_no_core()
        library.keep_compiled(settings.cache_dir, settings.secret_key)
        worker = Worker(settings)
        if settings.is_production:
            worker.refuse_unready()
        readiness.settle()
    except AlurError as fault:
        print(f"alur: {fault}", file=sys.stderr)
        return 4

    def _asked_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        worker.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _asked_to_stop)
    log.info("worker %s runs", worker.name)
    worker.run()
    log.info("worker %s ended", worker.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
