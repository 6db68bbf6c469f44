"""Sends what waits in the outbox: claimed in one transaction, sent with none open, marked in another."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import Settings
from delivery.channels import Channel, Deferred, Envelope, Line, Undeliverable, Unreachable, shelf
from delivery.letters import Later, Ready, prepare
from engine.cases.outgoing import claim_due, mark_failed
from engine.clock import Clock
from engine.database import Database
from engine.outbox.messages import DueMessage, cancel, is_anything_due, mark_sent, postpone

log = logging.getLogger("alur.delivery")

BATCH = 20
NEEDS_TLS = "mails of sealed cases leave encrypted or not at all: set ALUR_MAIL_USE_TLS"
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=1)


@dataclass(slots=True)
class Delivery:
    """The road out of one worker. A channel that does not answer rests for a growing while; its messages wait, are
    not counted as tried, and are never given up for it."""

    settings: Settings = field(repr=False)  # holds passwords
    database: Database
    clock: Clock
    worker: str
    channels: dict[str, Channel] = field(default_factory=dict)
    _pauses: dict[str, timedelta] = field(default_factory=dict)
    _closed_until: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, make in shelf.values().items():
            self.channels.setdefault(name, make(self.settings))

    def deliver_due(self, limit: int = BATCH) -> int:
        """Claim and send up to ``limit`` messages; how many were dealt with. Mail that is obsolete is cancelled."""
        with self.database.reading() as session:
            if not is_anything_due(session, self.clock()):  # so that an idle worker never takes the write lock
                return 0
        with self.database.writing() as session:
            due = claim_due(session, self.clock(), self.worker, limit)
            session.commit()
        ready: dict[str, list[tuple[DueMessage, Ready]]] = defaultdict(list)
        for message in due:
            prepared = self._prepare(message)
            if prepared is not None:
                ready[prepared.channel].append((message, prepared))
        for channel, letters in ready.items():
            self._send_all(channel, letters)
        return len(due)

    def _prepare(self, message: DueMessage) -> Ready | None:
        with self.database.reading() as session:
            try:
                prepared = prepare(session, message, self.settings, self.clock())
            except Exception as error:  # one broken message must not hold up the others
                log.exception("message %s cannot be written", message.id)
                self._note_failure(message, f"the text cannot be made ({type(error).__name__})", is_final=False)
                return None
        if isinstance(prepared, Ready):
            if prepared.needs_tls and self.settings.is_production and not self.settings.mail_use_tls:
                self._note_failure(message, NEEDS_TLS, is_final=False)
                return None
            return prepared
        with self.database.writing() as session:
            if isinstance(prepared, Later):
                postpone(session, message.id, prepared.until, "quiet hours")
            else:
                cancel(session, message.id, prepared.why)
            session.commit()
        return None

    def _send_all(self, name: str, letters: Sequence[tuple[DueMessage, Ready]]) -> None:
        waiting = deque(letters)
        closed_until = self._closed_until.get(name)
        if closed_until is not None and closed_until > self.clock():
            self._put_back([message for message, _ in waiting], closed_until, "the channel is resting")
            return
        try:
            with self.channels[name].open() as line:
                while waiting:
                    self._send(line, *waiting.popleft())
        except Unreachable as error:
            self._rest(name, [message for message, _ in waiting], error)
        else:
            self._pauses.pop(name, None)
            self._closed_until.pop(name, None)

    def _send(self, line: Line, message: DueMessage, ready: Ready) -> None:
        try:
            line.send(ready.envelope, ready.letter)
        except (Undeliverable, Deferred) as error:
            self._note_failure(message, str(error), is_final=isinstance(error, Undeliverable))
        except Unreachable as error:
            # Counted, unlike the others: a message that makes the server hang up must not stand first for ever.
            self._note_failure(message, str(error), is_final=False)
            raise
        else:
            self._note_sent(message, ready.envelope)

    def _note_sent(self, message: DueMessage, envelope: Envelope) -> None:
        with self.database.writing() as session:
            mark_sent(session, message.id, self.clock(), envelope.to_address, envelope.message_id)
            session.commit()
        log.info("message %s sent (%s)", message.id, message.reason)

    def _note_failure(self, message: DueMessage, why: str, *, is_final: bool) -> None:
        with self.database.writing() as session:
            is_given_up = mark_failed(session, message.id, self.clock(), why, is_final=is_final)
            session.commit()
        log.warning("message %s %s: %s", message.id, "given up" if is_given_up else "is tried again later", why)

    def _rest(self, name: str, waiting: Sequence[DueMessage], error: Unreachable) -> None:
        """The channel broke off: let it rest, twice as long each time, and put back what it had not taken."""
        pause = min(self._pauses.get(name, SHORTEST_PAUSE / 2) * 2, LONGEST_PAUSE)
        until = self.clock() + pause
        self._pauses[name], self._closed_until[name] = pause, until
        log.warning("channel %s rests for %d s: %s", name, pause.total_seconds(), error)
        self._put_back(waiting, until, str(error))

    def _put_back(self, waiting: Sequence[DueMessage], until: datetime, why: str) -> None:
        with self.database.writing() as session:
            for message in waiting:
                postpone(session, message.id, until, why)
            session.commit()
