"""How mails of sealed cases leave in a region: at which times, how late, to whom; kept where the core finds it.

A region's reporting channel says it; the channel stands above the cases, so what it says is written here when its file
is read, and cases only read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.disclosure.models import DisclosureRegion


@dataclass(frozen=True, slots=True)
class MailRules:
    """``slots`` are local times of working days; each mail is late by up to ``jitter_minutes``. ``is_steady``: one mail
    every working day to everybody who holds a key, whether or not there is something. ``takes_urgent``: what is urgent
    leaves at the next quarter of an hour. ``has_link``: the mail names the page for signing in."""

    slots: tuple[time, ...] = (time(8), time(12), time(15))  # research/ux.md §4.5
    jitter_minutes: int = 9
    is_steady: bool = False
    takes_urgent: bool = True
    has_link: bool = False


DEFAULT = MailRules()


def mail_rules(session: Session, region_id: int) -> MailRules:
    """The rules of a region; the defaults where its channel was never read."""
    kept: Any = session.scalar(select(DisclosureRegion.mail_rules).where(DisclosureRegion.region_id == region_id))
    if kept is None:
        return DEFAULT
    slots = tuple(time.fromisoformat(slot) for slot in kept["slots"])
    return MailRules(slots, kept["jitter_minutes"], kept["steady"], kept["urgent"], kept["link"])


def keep_mail_rules(session: Session, region_id: int, rules: MailRules) -> bool:
    """Writes them down where they differ from what is kept; whether they did. A region without keys has no row yet and
    no mails either."""
    row = session.get(DisclosureRegion, region_id)
    value = {
        "slots": [slot.isoformat("minutes") for slot in sorted(rules.slots)],
        "jitter_minutes": rules.jitter_minutes,
        "steady": rules.is_steady,
        "urgent": rules.takes_urgent,
        "link": rules.has_link,
    }
    if row is None or row.mail_rules == value:
        return False
    row.mail_rules = value
    session.flush()
    return True
