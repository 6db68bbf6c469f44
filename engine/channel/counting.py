"""How often a network tried receipts or sent reports, counted so that the count tells of nobody.

A bucket's key is a keyed hash (pepper) of the purpose, the span of time and the network cut to ten bits, so thousands
of networks share one, and the row beside it has a day alone: who reads the table learns neither where somebody was nor
when. Nothing is counted by case or receipt: then wrong receipts could lock a reporter out.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine.channel.model import Channel
from engine.database import insert_or
from engine.disclosure.models import ReporterCount
from engine.disclosure.primitives import labelled
from engine.organisation.throttle import coarse_network

TRIES_WINDOW = timedelta(minutes=15)
REPORTS_WINDOW = timedelta(hours=1)
NETWORK_BUCKETS = 1024
SHARED_AT_LEAST = 16  # of so many tries behind a shared exit one is let through, whatever comes in
SHARED_WAIT = timedelta(minutes=1)
_EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody comes from, for as long as a request runs; ``pepper`` is the server's, 16 to 64 bytes."""

    address: str
    pepper: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """One window of time, by its number since 1970."""

    number: int
    ends_at: datetime
    day: date


def span_at(now: datetime, window: timedelta) -> Span:
    """The window ``now`` lies in."""
    number = int(now.timestamp() // window.total_seconds())
    ends_at = datetime.fromtimestamp((number + 1) * window.total_seconds(), UTC)
    return Span(number, ends_at, now.astimezone(UTC).date())


def is_shared(channel: Channel, address: str) -> bool:
    """Whether many people come out there: configured exits, and this machine, where an onion service comes in."""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_loopback or any(found in network for network in channel.settings.rates.shared_networks)


def reserve_try(session: Session, channel: Channel, visitor: Visitor, now: datetime) -> datetime | None:
    """Counts one try before it is made, so that tries at the same moment cannot slip through together. None when it may
    be made, else when to come again.

    When all together tried too much, a network gets fewer tries, but still some: a reporter who comes back in the
    middle of an attack on the whole service is not locked out by it. Behind an exit that many share, and so behind a
    proxy that tells no addresses, nobody can be told from the attacker: there some tries are let through."""
    span, rates = span_at(now, TRIES_WINDOW), channel.settings.rates
    of_all = _raise(session, _key(channel, visitor, "tries", span, _EVERYBODY), span)
    of_network = _raise(session, _key(channel, visitor, "tries", span, _network(visitor, span)), span)
    if is_shared(channel, visitor.address):
        return None if _is_let_through(of_network, rates.tries_of_all) else now + SHARED_WAIT
    most = rates.tries if of_all <= rates.tries_of_all else min(rates.tries, rates.tries_under_attack)
    return span.ends_at if of_network > most else None


def _is_let_through(count: int, most: int) -> bool:
    """Up to ``most`` always; after that by lot, the more seldom the more are tried, so that slow hashes stay few and
    whoever tries again gets through."""
    return count <= most or secrets.randbelow(count) < max(most, count // SHARED_AT_LEAST)


def settle_try(session: Session, channel: Channel, visitor: Visitor, now: datetime, *, counts: bool) -> None:
    """How the try ended: one that was right is given back, since only guessing shall count. Both ways change the same
    rows, so that the time does not tell which it was."""
    span = span_at(now, TRIES_WINDOW)
    places = (_EVERYBODY, _network(visitor, span))
    _lower(session, [_key(channel, visitor, "tries", span, place) for place in places], 0 if counts else 1)


def count_report(session: Session, channel: Channel, visitor: Visitor, now: datetime) -> datetime | None:
    """Counts one report. None when it may be sent, else when to come again; shared networks may always."""
    span, rates = span_at(now, REPORTS_WINDOW), channel.settings.rates
    if is_shared(channel, visitor.address):
        return None
    of_network = _raise(session, _key(channel, visitor, "reports", span, _network(visitor, span)), span)
    return span.ends_at if of_network > rates.reports else None


def count_begun(session: Session, channel: Channel, visitor: Visitor, now: datetime) -> datetime | None:
    """Counts one draft begun, which takes room for a day and may bring files. None when it may be, else when to come
    again; shared networks may always."""
    if is_shared(channel, visitor.address):
        return None
    span = span_at(now, TRIES_WINDOW)
    of_network = _raise(session, _key(channel, visitor, "drafts", span, _network(visitor, span)), span)
    return span.ends_at if of_network > channel.settings.rates.tries else None


def count_receipt(session: Session, channel: Channel, visitor: Visitor, now: datetime) -> datetime | None:
    """The same for one receipt made, which costs a slow hash whether or not it is used: as many as tries, and behind a
    shared exit some whatever comes in."""
    span, rates = span_at(now, TRIES_WINDOW), channel.settings.rates
    of_network = _raise(session, _key(channel, visitor, "receipts", span, _network(visitor, span)), span)
    if is_shared(channel, visitor.address):
        return None if _is_let_through(of_network, rates.tries_of_all) else now + SHARED_WAIT
    return span.ends_at if of_network > rates.tries else None


def is_alarming(session: Session, channel: Channel, visitor: Visitor, now: datetime) -> bool:
    """Counts one report of the region; whether it is the one at which the region is to be alarmed."""
    span = span_at(now, REPORTS_WINDOW)
    of_all = _raise(session, _key(channel, visitor, "reports", span, _EVERYBODY), span)
    return of_all == channel.settings.rates.alarm_reports


def drop_old_counts(session: Session, now: datetime) -> int:
    """Removes the counts of days that are over; how many."""
    gone = delete(ReporterCount).where(ReporterCount.day < now.astimezone(UTC).date())
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _network(visitor: Visitor, span: Span) -> str:
    told = f"{span.day}|{coarse_network(visitor.address)}".encode()
    return str(int.from_bytes(labelled(visitor.pepper, b"alur network", told)[:4], "big") % NETWORK_BUCKETS)


def _key(channel: Channel, visitor: Visitor, purpose: str, span: Span, place: str) -> str:
    told = f"{channel.region}|{purpose}|{span.number}|{place}".encode()
    return labelled(visitor.pepper, b"alur count", told)[:16].hex()


def _raise(session: Session, key: str, span: Span) -> int:
    insert = insert_or(session, ReporterCount).values(bucket=key, count=1, day=span.day)
    session.execute(insert.on_conflict_do_update(index_elements=["bucket"], set_={"count": ReporterCount.count + 1}))
    return int(session.scalar(select(ReporterCount.count).where(ReporterCount.bucket == key)) or 0)


def _lower(session: Session, keys: Sequence[str], by: int) -> None:
    for key in keys:  # in the order they were raised in, or two could wait for each other
        counted = update(ReporterCount).where(ReporterCount.bucket == key, ReporterCount.count > 0)
        session.execute(counted.values(count=ReporterCount.count - by, ended=ReporterCount.ended + 1))
