"""What tests of delivery share: the small world of ``outbox_world``, and a delivery on a clock that stands still."""

from __future__ import annotations

import pytest

from delivery.deliver import Delivery
from engine.database import Database
from tests.conftest import FrozenClock
from tests.delivery.outbox_world import World, a_world
from tests.mail_sink import MailSink


@pytest.fixture
def world(database: Database, mail_sink: MailSink, clock: FrozenClock) -> World:
    return a_world(database, mail_sink, clock())


@pytest.fixture
def delivery(world: World, clock: FrozenClock) -> Delivery:
    return Delivery(world.settings, world.database, clock, "worker-1")
