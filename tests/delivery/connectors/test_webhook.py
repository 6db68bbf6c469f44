"""A call reaches a real server as signed JSON, and no address it must not reach."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from threading import Event, Thread
from time import monotonic

import pytest

from delivery.connectors.addresses import Address
from delivery.connectors.webhook import CallDeferred, NoAnswer, post
from engine.connectors import Call, CallRefused
from tests.delivery.http_sink import HttpSink

SECRET = "s" * 32


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    opened = HttpSink()
    yield opened
    opened.close()


@pytest.fixture
def call(now: datetime) -> Call:
    return Call("c1.r2.0", "e_office", 1, "kab_1", 1, "PK/2026/1", "sample", 2, now, {"amount": "7.50"})


def at(url: str, allows_private: bool = True, timeout: int = 5) -> Address:
    return Address(url, SECRET, timeout, allows_private)


def test_the_other_side_gets_json_it_can_prove_to_be_ours(sink: HttpSink, call: Call, now: datetime) -> None:
    assert post(call, at(f"{sink.url}/hook?tenant=1"), now) == {"status": 200, "answer": '{"ok": true}'}
    (posted,) = sink.posted
    assert posted.path == "/hook?tenant=1"
    assert json.loads(posted.body) == {
        "key": "c1.r2.0",
        "connector": "e_office",
        "region": "kab_1",
        "case": "PK/2026/1",
        "case_type": "sample",
        "at": now.isoformat(),
        "values": {"amount": "7.50"},
    }
    assert posted.headers["Idempotency-Key"] == "c1.r2.0"
    assert posted.headers["Content-Type"].startswith("application/json")
    told = posted.headers["X-Alur-Timestamp"].encode() + b"." + posted.body
    expected = hmac.new(SECRET.encode(), told, hashlib.sha256).hexdigest()
    assert posted.headers["X-Alur-Signature"] == f"sha256={expected}"


def test_an_inner_address_is_not_reached_unless_the_installation_allows_it(
    sink: HttpSink, call: Call, now: datetime
) -> None:
    port = sink.url.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1", "0.0.0.0"):
        with pytest.raises(CallRefused, match="inner network"):
            post(call, at(f"http://{host}:{port}/", allows_private=False), now)
    assert sink.posted == []


def test_a_redirect_is_not_followed(sink: HttpSink, call: Call, now: datetime) -> None:
    sink.answers = [(302, b"", {"Location": f"{sink.url}/elsewhere"})]
    with pytest.raises(CallRefused, match="302"):
        post(call, at(sink.url), now)
    assert [posted.path for posted in sink.posted] == ["/"]


@pytest.mark.parametrize(
    ("status", "kind"), [(400, CallRefused), (404, CallRefused), (429, CallDeferred), (503, CallDeferred)]
)
def test_a_refusal_for_good_and_one_for_now_are_told_apart(
    sink: HttpSink, call: Call, now: datetime, status: int, kind: type[Exception]
) -> None:
    sink.answers = [(status, b"no", {})]
    with pytest.raises(kind, match=str(status)):
        post(call, at(sink.url), now)


def test_a_server_that_is_not_there_or_never_answers_is_tried_again_later(call: Call, now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(CallDeferred, match="does not answer"):
            post(call, at(f"http://127.0.0.1:{port}/", timeout=1), now)
    with pytest.raises(CallDeferred, match="does not answer"):
        post(call, at(f"http://127.0.0.1:{port}/"), now)


def test_of_a_long_answer_only_the_beginning_is_read(sink: HttpSink, call: Call, now: datetime) -> None:
    sink.answers = [(200, b"x" * 100_000, {})]
    assert len(post(call, at(sink.url), now)["answer"]) == 4000


def test_an_answer_that_is_no_http_is_tried_again_later(call: Call, now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as wrong:

        def answer() -> None:
            connection, _ = wrong.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"hello\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(CallDeferred):
            post(call, at(f"http://127.0.0.1:{wrong.getsockname()[1]}/"), now)
        thread.join()


def test_a_server_that_answers_one_byte_now_and_then_does_not_hold_the_worker(call: Call, now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as slow:
        gone = Event()

        def drip() -> None:
            connection, _ = slow.accept()
            with connection, suppress(OSError):
                while not gone.wait(0.05):
                    connection.sendall(b"H")

        thread = Thread(target=drip)
        thread.start()
        begun = monotonic()
        with pytest.raises(NoAnswer):
            post(call, at(f"http://127.0.0.1:{slow.getsockname()[1]}/", timeout=1), now)
        gone.set()
        thread.join()
        assert monotonic() - begun < 30  # without an end it would be an hour
