"""What a worker does for sealed cases every hour: times of mails, daily mails, days until which cases are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.sealed_mail import add_steady_mails, drop_old_mails
from engine.channel.keeping import date_cases, tell_due
from engine.channel.mailing import keep_mail_times


def tidy(session: Session, now: datetime) -> None:
    """All of it, in the caller's transaction; it needs no key and opens nothing."""
    keep_mail_times(session)
    add_steady_mails(session, now)
    drop_old_mails(session, now)
    date_cases(session)
    tell_due(session, now)
