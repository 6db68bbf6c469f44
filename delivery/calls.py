"""Makes the calls that wait in the outbox: inside in the transaction that marks them, outside with none open."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config import Settings
from delivery.connectors.addresses import Address, Addresses, address_of, read_addresses
from delivery.connectors.webhook import CallDeferred, NoAnswer, post
from engine.cases.calling import DueCall, claim_due_calls, mark_call_failed, run_inside
from engine.clock import Clock
from engine.connectors import CallRefused
from engine.database import Database
from engine.outbox.calls import is_any_due, mark_done, postpone

log = logging.getLogger("alur.delivery")

BATCH = 20
REST = timedelta(minutes=1)  # for an address where nobody answers: its other calls wait without a try


@dataclass(slots=True)
class Calls:
    """The calls of one worker. One that cannot be made holds up no other."""

    settings: Settings = field(repr=False)
    database: Database
    clock: Clock
    worker: str
    addresses: Addresses = field(default_factory=dict, repr=False)
    _resting: dict[Address, datetime] = field(default_factory=dict, repr=False)  # where nobody answers, until when

    def __post_init__(self) -> None:
        self.addresses = self.addresses or read_addresses(self.settings.connectors_file)

    def make_due(self, limit: int = BATCH) -> int:
        """Claim and make up to ``limit`` calls; how many were dealt with."""
        with self.database.reading() as session:
            if not is_any_due(session, self.clock()):  # so that an idle worker never takes the write lock
                return 0
        with self.database.writing() as session:
            due = claim_due_calls(session, self.clock(), self.worker, limit)
            session.commit()
        for each in due:
            self._make(each)
        return len(due)

    def _make(self, due: DueCall) -> None:
        try:
            if due.is_inside:
                self._inside(due)
            else:
                self._outside(due)
        except CallRefused as refused:
            self._note_failure(due, str(refused), is_final=True)
        except CallDeferred as deferred:
            self._note_failure(due, str(deferred), is_final=False)
        except Exception as error:  # whatever a connector raises, the others must go on
            log.exception("call %s (%s) failed", due.id, due.call.name)
            self._note_failure(due, f"{type(error).__name__}: {error}", is_final=False)

    def _inside(self, due: DueCall) -> None:
        with self.database.writing() as session:
            run_inside(session, due, self.clock())
            session.commit()
        log.info("call %s made (%s)", due.id, due.call.name)

    def _outside(self, due: DueCall) -> None:
        address = address_of(self.addresses, due.call.name, due.call.region)
        if address is None:
            raise CallRefused(f"no address is configured for '{due.call.name}' in {due.call.region}")
        until = self._resting.get(address)
        if until is not None and until > self.clock():
            self._put_back(due, until)
            return
        try:
            result = post(due.call, address, self.clock())
        except NoAnswer:
            self._resting[address] = self.clock() + REST
            raise
        with self.database.writing() as session:
            mark_done(session, due.id, self.clock(), result)
            session.commit()
        log.info("call %s made (%s)", due.id, due.call.name)

    def _put_back(self, due: DueCall, until: datetime) -> None:
        with self.database.writing() as session:
            postpone(session, due.id, until, "nobody answers there")
            session.commit()

    def _note_failure(self, due: DueCall, why: str, *, is_final: bool) -> None:
        with self.database.writing() as session:
            is_given_up = mark_call_failed(session, due, self.clock(), why, is_final=is_final)
            session.commit()
        log.warning("call %s %s: %s", due.id, "given up" if is_given_up else "is tried again later", why)
