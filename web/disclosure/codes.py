"""What costs the service something before there is a report: receipts on their way to the reporter, drafts begun.

A receipt is made before a transaction begins, since that is slow. Both are counted by network, coarsely and for a day.
"""

from __future__ import annotations

from flask import request

from engine.channel.counting import Visitor, count_begun, count_receipt
from engine.channel.receipts import FreshReceipt, fresh_receipt
from engine.channel.sending import TooManyReports
from web.disclosure.house import db, door, here, now


def fresh() -> FreshReceipt:
    """A receipt nobody has seen yet. Raises TooBusy, and TooManyReports for a network that had many made."""
    with here().database.writing() as session:
        later = count_receipt(session, door(), _visitor(), now())
        session.commit()
    if later is not None:
        raise TooManyReports(later)
    return fresh_receipt(door(), here().pepper)


def count_draft() -> None:
    """Counts a draft about to be begun in this request's transaction. Raises TooManyReports."""
    later = count_begun(db(), door(), _visitor(), now())
    if later is not None:
        raise TooManyReports(later)


def _visitor() -> Visitor:
    return Visitor(request.remote_addr or "", here().pepper)
