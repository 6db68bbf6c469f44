"""Counts sign-ins in the database, so that guessing is slow however many processes answer."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from engine.database import insert_or
from engine.organisation.models import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_NETWORK = 200
PER_CODE = 5  # three of a million codes fit at any moment


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is counted together: ``key`` is stored, ``limit`` tries are allowed in a window."""

    key: str
    limit: int


def account_bucket(username: str) -> Bucket:
    """All tries for one account name, wherever they come from."""
    return Bucket(f"account:{_digest(username)}", PER_ACCOUNT)


def code_bucket(person_id: int) -> Bucket:
    """All codes of a second factor tried for one account, wherever it is asked for."""
    return Bucket(f"code:{person_id}", PER_CODE)


def network_bucket(address: str) -> Bucket:
    """All tries from one neighbourhood, an IPv4 /24 or an IPv6 /48: changing the address a little helps nobody."""
    return Bucket(f"network:{_digest(coarse_network(address))}", PER_NETWORK)


def coarse_network(address: str) -> str:
    """The neighbourhood of an address as text; what cannot be read counts as one place."""
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def count_try(session: Session, buckets: tuple[Bucket, ...], now: datetime) -> datetime | None:
    """Count one try in each bucket. None while all are within their limits, otherwise when to come back.

    The count is raised before anything is checked, so tries at the same moment cannot slip through together.
    """
    starts = _window_start(now)
    later = None
    for bucket in sorted(buckets, key=lambda one: one.key):  # one order for all, or two could wait for each other
        insert = insert_or(session, SignInAttempt).values(bucket=bucket.key, window_starts_at=starts, count=1)
        same_window = SignInAttempt.window_starts_at == starts
        insert = insert.on_conflict_do_update(
            index_elements=["bucket"],
            set_={"count": case((same_window, SignInAttempt.count + 1), else_=1), "window_starts_at": starts},
        )
        session.execute(insert)
        count = session.scalar(select(SignInAttempt.count).where(SignInAttempt.bucket == bucket.key))
        if count is not None and count > bucket.limit:
            later = starts + WINDOW
    return later


def take_back(session: Session, bucket: Bucket) -> None:
    """Uncount one try: a whole office signs in from one network in the morning, and only guessing shall count."""
    counted = update(SignInAttempt).where(SignInAttempt.bucket == bucket.key, SignInAttempt.count > 0)
    session.execute(counted.values(count=SignInAttempt.count - 1))


def forgive(session: Session, bucket: Bucket) -> None:
    """Start counting anew, after a sign-in that succeeded or on an administrator's word."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.bucket == bucket.key))


def drop_old_counts(session: Session, now: datetime) -> None:
    """Remove counts of windows that are over."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.window_starts_at < _window_start(now)))


def _window_start(now: datetime) -> datetime:
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % int(WINDOW.total_seconds()), UTC)


def _digest(text: str) -> str:
    # Names people typed may be passwords typed into the wrong field: never stored as they are.
    return hashlib.sha256(text.encode()).hexdigest()[:32]
