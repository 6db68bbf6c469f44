"""An invented regency in which a year is played through pages: its database, its clock, its people's sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlalchemy.orm import Session

from demo.performance_after import publish_rubric
from demo.performance_facts import Stage
from demo.performance_year import play_tree, stage_of
from engine.database import Database, open_database
from engine.organisation import sessions
from engine.organisation.accounts import person_called
from tests.conftest import FrozenClock
from tests.journeys.year.hands import Hands
from tests.sakip.year_played import AFTER_ALL, prepare
from worker import Worker

REGENCY, AGENCY = "kab_contoh", "kominfo"
ZONE = ZoneInfo("Asia/Jakarta")
BEGINNING = datetime(2025, 1, 2, 8, 0, tzinfo=ZONE)


def build(url: str) -> None:
    """Fill a database with tables and no rows: people, case types, the files of measurement, and the region's own tree,
    in force already."""
    database = open_database(url)
    with database.writing.begin() as session:
        prepare(session, BEGINNING, (REGENCY,))
    with database.writing.begin() as session:
        stage = stage_of(session, REGENCY, AFTER_ALL)
        play_tree(Stage(stage.acts, {**stage.own, "agencies": {}}))
    database.close()


def stage_in(session: Session) -> Stage:
    """The demonstration's own view of the region."""
    return stage_of(session, REGENCY, AFTER_ALL)


@dataclass
class Played:
    """The regency while it is played. ``kept`` is what one act has to tell a later one; ``look`` is told of the pages
    that are worth a look as they stand in the middle of an act, by whose they are and their address. ``most`` of many
    alike things are done by the people's own hands, the rest by what does them in the demonstration; where nothing
    ``repeats``, so is what another year has already shown."""

    database: Database
    app: Flask
    clock: FrozenClock
    worker: Worker
    hands: Hands
    kept: dict[str, str] = field(default_factory=dict)
    most: int = 1_000
    repeats: bool = True
    look: Callable[[str, str], None] = field(default=lambda account, address: None)

    def at(self, moment: str) -> None:
        """Let it be ``YYYY-MM-DD HH:MM`` in the region, and the worker do what was due until then."""
        self.clock.moment = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        self.work()

    def work(self) -> None:
        """The worker does what is due now."""
        self.worker.run(once=True)

    def sits(self, part: str, agency: str | None = AGENCY) -> Hands:
        """The hands are now those of who plays a part, in the agency or in the region (None)."""
        return self.person(self.hand(part, agency))

    def person(self, account: str) -> Hands:
        """The hands are now those of this account."""
        with self.database.writing.begin() as session:
            person = person_called(session, account)
            token = sessions.open_session(session, person.id, browser="Tes", network="127.0.0.0/24", now=self.clock())
        self.hands.sign_in(token)
        return self.hands

    def hand(self, part: str, agency: str | None = AGENCY) -> str:
        """The account of who plays a part."""
        with self.stage() as stage:
            return stage.hand(part, agency)

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """The demonstration's own view of the region, for its facts."""
        with self.database.reading() as session:
            yield stage_in(session)

    def publish_rubric(self, year: int) -> None:
        """What the ministry's files of a later year would bring."""
        with self.database.writing.begin() as session:
            publish_rubric(stage_in(session), year)
