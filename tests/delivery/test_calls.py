"""The worker's road for calls: claimed, made, marked; a failing one holds up no other and ends as an incident."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from config import Settings
from delivery.calls import Calls
from delivery.connectors.addresses import Address
from engine.cases.models import Incident
from engine.connectors import CONNECTORS, Call, CallRefused, connector
from engine.database import Database
from engine.organisation.recorded import Author
from engine.organisation.regions import set_letterhead
from engine.outbox.models import ConnectorCall
from tests.conftest import FrozenClock
from tests.delivery.http_sink import HttpSink
from tests.kept import Kept, a_kept_world

WRITTEN = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter]}
      transitions:
        submit: {to: over, effects: {tell: {call: {connector: NAME, with: {number: case.number}}}}}
    over: {type: final}
"""


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    opened = HttpSink()
    yield opened
    opened.close()


def called(database: Database, clock: FrozenClock, *names: str) -> Kept:
    """A case each that has called the connector of that name."""
    with database.writing() as session:
        kept = a_kept_world(session, clock())
        for name in names:
            kind = name.replace(".", "_")
            kept.publish(WRITTEN.replace("NAME", name), case_type=kind)
            kept.open(case_type=kind)
            assert kept.do("ani", "submit") is None
        session.commit()
    return kept


def rows(database: Database) -> list[ConnectorCall]:
    with database.reading() as session:
        return list(session.scalars(select(ConnectorCall).order_by(ConnectorCall.id)))


def calls(database: Database, clock: FrozenClock, addresses: Mapping[Any, Address] | None = None) -> Calls:
    return Calls(Settings(secret_key="k" * 32), database, clock, "worker-1", addresses or {})


def test_a_call_goes_to_the_regions_own_address_once(database: Database, clock: FrozenClock, sink: HttpSink) -> None:
    kept = called(database, clock, "e_office")
    own = {("e_office", kept.region.key): Address(f"{sink.url}/own", "s" * 32, 5, True),
           ("e_office", None): Address(f"{sink.url}/all", "s" * 32, 5, True)}  # fmt: skip
    made = calls(database, clock, own)
    assert (made.make_due(), made.make_due()) == (1, 0)
    assert [posted.path for posted in sink.posted] == ["/own"]
    (row,) = rows(database)
    assert json.loads(sink.posted[0].body)["values"] == row.content
    assert (row.state, row.result, row.finished_at) == ("done", {"status": 200, "answer": '{"ok": true}'}, clock())


def test_a_server_in_trouble_gets_the_same_call_again_under_the_same_key(
    database: Database, clock: FrozenClock, sink: HttpSink
) -> None:
    called(database, clock, "e_office")
    made = calls(database, clock, {("e_office", None): Address(sink.url, "s" * 32, 5, True)})
    sink.answers = [(503, b"", {}), (200, b"", {})]
    assert (made.make_due(), made.make_due()) == (1, 0)
    assert [(row.state, row.attempts) for row in rows(database)] == [("waiting", 1)]
    clock.advance(minutes=1)
    assert made.make_due() == 1
    assert [(row.state, row.attempts, row.last_error) for row in rows(database)] == [("done", 2, None)]
    assert len({posted.headers["Idempotency-Key"] for posted in sink.posted}) == 1


def test_a_call_without_an_address_or_refused_for_good_is_an_incident_and_holds_up_no_other(
    database: Database, clock: FrozenClock, sink: HttpSink
) -> None:
    called(database, clock, "nowhere", "e_office", "simpeg")
    sink.answers = [(400, b"no such field", {}), (200, b"", {})]
    address = Address(sink.url, "s" * 32, 5, True)
    assert calls(database, clock, {("e_office", None): address, ("simpeg", None): address}).make_due() == 3
    assert [row.state for row in rows(database)] == ["failed", "failed", "done"]
    with database.reading() as session:
        incidents = session.scalars(select(Incident).order_by(Incident.id)).all()
    assert [(each.code, each.case_id) for each in incidents] == [("message_failed", 1), ("message_failed", 2)]
    assert "no address is configured" in incidents[0].detail and "no such field" in incidents[1].detail


def test_what_a_connector_of_ours_wrote_is_kept_only_with_its_mark(database: Database, clock: FrozenClock) -> None:
    def written(session: Any, call: Call) -> None:
        author = Author(None, call.at)
        set_letterhead(session, call.region_id, {call.name: call.values["number"]}, author=author)

    @connector("registry.writes")
    def writes(session: Any, call: Call) -> dict[str, str]:
        written(session, call)
        return {"wrote": "yes"}

    @connector("registry.breaks")
    def breaks(session: Any, call: Call) -> None:
        written(session, call)
        raise LookupError("half-way")

    @connector("registry.refuses")
    def refuses(session: Any, call: Call) -> None:
        written(session, call)
        raise CallRefused("never")

    try:
        kept = called(database, clock, "registry.writes", "registry.breaks", "registry.refuses")
        assert calls(database, clock).make_due() == 3
    finally:
        for name in ("registry.writes", "registry.breaks", "registry.refuses"):
            del CONNECTORS[name]
    assert [(row.state, row.last_error) for row in rows(database)] == [
        ("done", None),
        ("waiting", "LookupError: half-way"),
        ("failed", "never"),
    ]
    with database.reading() as session:
        region = session.get_one(type(kept.region), kept.region.id)
        assert set(region.settings) == {"registry.writes"}


def test_where_nobody_answers_the_other_calls_wait_without_a_try(database: Database, clock: FrozenClock) -> None:
    called(database, clock, "e_office")
    with database.writing() as session:
        first = session.scalars(select(ConnectorCall)).one()
        for place in (1, 2):
            more = ConnectorCall(region_id=first.region_id, case_id=first.case_id, revision=first.revision, place=place)
            more.connector, more.content, more.state = "e_office", {}, "waiting"
            more.created_at = more.not_before = first.not_before
            session.add(more)
        session.commit()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
    made = calls(database, clock, {("e_office", None): Address(closed, "s" * 32, 5, True)})
    assert made.make_due() == 3
    assert [(row.state, row.attempts) for row in rows(database)] == [("waiting", 1), ("waiting", 0), ("waiting", 0)]
    assert {row.not_before for row in rows(database)} == {clock() + timedelta(minutes=1)}
