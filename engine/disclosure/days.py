"""Moments of outside acts, at day grain: when exactly somebody wrote could tell who it was (threat A4, A3)."""

from __future__ import annotations

from datetime import datetime, time, tzinfo


def coarse(now: datetime, zone: tzinfo, not_before: datetime | None = None) -> datetime:
    """The beginning of ``now``'s day in ``zone``, aware; never before ``not_before``, the case's last act, whose
    moment is known anyway: clocks must not run backwards."""
    begun = datetime.combine(now.astimezone(zone).date(), time(), zone)
    return begun if not_before is None or not_before <= begun else not_before
