"""The custodians of a region: the group whose members can open an identity, and together every officer's keys."""

from __future__ import annotations

from datetime import datetime

from engine.facts import Audience
from engine.organisation.directory import StoreDirectory

CUSTODIANS = "custodians"  # the group's key


def custodians(directory: StoreDirectory, now: datetime) -> frozenset[int]:
    """Who is to be asked as one now, stand-ins too."""
    return frozenset(int(seat.person) for seat in directory.seats(Audience("group", CUSTODIANS), now))
