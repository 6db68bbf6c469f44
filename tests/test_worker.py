"""The second process: what it does in a round, how it ends, and what becomes of the work of one that was killed."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from typing import Any

import pytest
from sqlalchemy import select

from config import ROOT
from engine import jobs
from engine.database import Database, open_database
from engine.errors import AlurError
from engine.outbox.models import Message
from engine.timers import heartbeat
from engine.timers.models import WorkerRow
from tests import workers_to_kill
from tests.conftest import FrozenClock
from tests.delivery.outbox_world import World, a_world
from tests.mail_sink import MailSink
from worker import Worker, is_dead, own_name

PATIENCE = 30  # seconds until a process that should have done something is called stuck


@pytest.fixture
def world(database: Database, mail_sink: MailSink, clock: FrozenClock) -> World:
    return a_world(database, mail_sink, clock())


def a_worker(world: World, clock: FrozenClock, name: str = "") -> Worker:
    return Worker(world.settings, database=world.database, clock=clock, name=name)


def workers(world: World) -> list[str]:
    with world.database.reading() as session:
        return list(heartbeat.names(session))


def test_once_does_what_is_due_and_ends(world: World, clock: FrozenClock) -> None:
    for revision in range(1, 26):
        world.message(revision=revision)
    assert a_worker(world, clock).run(once=True) == 25
    assert len(world.sink.messages) == 25
    assert a_worker(world, clock).run(once=True) == 0


def test_once_ends_although_the_mail_server_is_down(world: World, clock: FrozenClock) -> None:
    world.message()
    world.sink.stop()
    a_worker(world, clock).run(once=True)
    assert world.states() == ["waiting"]


def test_a_worker_is_seen_alive_while_it_runs_and_says_goodbye(world: World, clock: FrozenClock) -> None:
    worker = a_worker(world, clock)
    worker.round()
    with world.database.reading() as session:
        assert heartbeat.last_seen(session) == clock()
    clock.advance(minutes=1)
    worker.round()
    with world.database.reading() as session:
        assert heartbeat.last_seen(session) == clock()
    worker.run(once=True)
    assert workers(world) == []


def test_a_worker_told_to_stop_stops(world: World, clock: FrozenClock) -> None:
    worker = a_worker(world, clock)
    thread = threading.Thread(target=worker.run)
    thread.start()
    worker.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()


class _Listener(logging.Handler):
    """Says when a line with these words was logged."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.heard = threading.Event()
        self._words = words

    def emit(self, record: logging.LogRecord) -> None:
        if self._words in record.getMessage():
            self.heard.set()


def test_a_database_that_is_away_is_waited_for(world: World, clock: FrozenClock) -> None:
    worker = Worker(world.settings, database=open_database("sqlite://"), clock=clock)  # has no tables at all
    listener = _Listener("the database does not answer")
    logging.getLogger("alur.worker").addHandler(listener)
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert listener.heard.wait(PATIENCE)
    assert thread.is_alive()
    worker.stop()
    thread.join(PATIENCE)
    logging.getLogger("alur.worker").removeHandler(listener)
    assert not thread.is_alive()


def test_what_a_killed_worker_held_is_taken_over_at_once(world: World, clock: FrozenClock) -> None:
    dead = f"{own_name().rsplit(':', 2)[0]}:{os.getpid()}:before"
    with world.database.writing() as session:
        heartbeat.beat(session, dead, clock())
        session.commit()
    held = world.message(lease_until=clock.moment.replace(hour=23), leased_by=dead)
    a_worker(world, clock).run(once=True)
    assert world.row(held).state == "sent"
    assert workers(world) == []


def test_only_a_process_of_this_machine_that_is_gone_is_dead() -> None:
    own = own_name()
    host = own.rsplit(":", 2)[0]
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert is_dead(f"{host}:{gone.pid}:x")
    assert is_dead(f"{host}:{os.getpid()}:before")
    assert not is_dead(own)
    assert not is_dead(f"{host}:{os.getppid()}:x")
    assert not is_dead(f"elsewhere:{gone.pid}:x")


def test_workers_not_seen_for_a_day_are_forgotten(world: World, clock: FrozenClock) -> None:
    with world.database.writing() as session:
        heartbeat.beat(session, "elsewhere:1:x", clock())
        session.commit()
    clock.advance(days=2)
    a_worker(world, clock).run(once=True)
    with world.database.reading() as session:
        assert session.scalars(select(WorkerRow.name)).all() == []


def test_workers_side_by_side_send_each_mail_once(world: World, clock: FrozenClock) -> None:
    for revision in range(1, 81):
        world.message(revision=revision)
    threads = [threading.Thread(target=a_worker(world, clock).run, args=(True,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(world.sink.messages) == 80
    assert set(world.states()) == {"sent"}


class _Killer(MailSink):
    """A mail server that kills whoever is sending, at the mails it was told to: half of them before it answers."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.victim: ForkServerProcess | None = None
        self.kills_at: set[int] = set()
        self._rng = rng

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.messages) in self.kills_at and self.victim is not None:
            if self._rng.random() < 0.5:
                self.victim.kill()
            else:
                threading.Timer(self._rng.random() / 50, self.victim.kill).start()
        return answer


@pytest.fixture
def killer() -> Iterator[_Killer]:
    sink = _Killer(random.Random(20260302))
    sink.start()
    yield sink
    sink.stop()


def test_a_worker_killed_ten_times_loses_no_mail(engine_url: str, killer: _Killer) -> None:
    total, kills = 60, 10
    database = open_database(engine_url)
    world = a_world(database, killer, datetime.now(UTC))
    for revision in range(1, total + 1):
        world.message(revision=revision)
    environment = {
        "ALUR_ENV": "test",
        "ALUR_DATABASE_URL": engine_url,
        "ALUR_SECRET_KEY": world.settings.secret_key,
        "ALUR_MAIL_SERVER": killer.host,
        "ALUR_MAIL_PORT": str(killer.port),
        "ALUR_MAIL_SENDER": world.settings.mail_sender,
    }
    for number in range(1, kills + 1):
        killer.kills_at = {len(killer.messages) + 1 + number % 4}
        killer.victim = workers_to_kill.start(environment)
        killer.victim.join(PATIENCE)
        assert killer.victim.exitcode == -signal.SIGKILL
    killer.victim = None
    Worker(world.settings, database=database).run(once=True)
    identities = [mail["Message-ID"] for mail in killer.messages]
    assert len(set(identities)) == total
    assert len(identities) <= total + kills  # at most the one on its way at each kill, and with its own identity
    with database.reading() as session:
        assert set(session.scalars(select(Message.state))) == {"sent"}
    database.close()


def test_the_process_ends_in_order_when_asked(engine_url: str) -> None:
    environment = os.environ | {"ALUR_ENV": "test", "ALUR_DATABASE_URL": engine_url, "ALUR_SECRET_KEY": "x" * 40}
    with subprocess.Popen(
        [sys.executable, "-m", "worker"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "runs" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert "Traceback" not in process.stderr.read()


def test_a_database_that_cannot_be_is_one_clear_sentence() -> None:
    environment = os.environ | {"ALUR_ENV": "test", "ALUR_DATABASE_URL": "sqlite:////nowhere/alur.sqlite"}
    ended = subprocess.run(
        [sys.executable, "-m", "worker"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 4
    assert ended.stderr.startswith("alur: ")
    assert "Traceback" not in ended.stderr


def test_what_a_part_registers_is_done_when_it_is_due_and_its_failure_holds_nothing_up(
    world: World, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(jobs, "JOBS", jobs.JOBS | {})
    monkeypatch.setattr("worker.JOBS", jobs.JOBS)
    seen: list[datetime] = []

    @jobs.job("registry.breaks", every=timedelta(minutes=1))
    def breaks(database: Database, now: datetime) -> int:
        raise ValueError("no registry")

    @jobs.job("registry.letters", every=timedelta(hours=1))
    def letters(database: Database, now: datetime) -> int:
        seen.append(now)
        return 1

    world.message()
    one = a_worker(world, clock)
    assert one.run(once=True) == 2  # the mail and the job
    assert "registry.breaks" in caplog.text and len(seen) == 1
    clock.advance(minutes=59)
    assert one.run(once=True) == 0 and len(seen) == 1
    clock.advance(minutes=1)
    assert one.run(once=True) == 1 and len(seen) == 2


def test_two_parts_cannot_have_a_job_of_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "JOBS", {"registry.letters": jobs.Job("registry.letters", timedelta(1), is_dead)})
    with pytest.raises(AlurError, match="registered by"):
        jobs.job("registry.letters", every=timedelta(hours=1))(lambda database, now: 0)
