"""Receipts on their way to the reporter: made before a transaction begins, since they are slow to make."""

from __future__ import annotations

from engine.channel.receipts import FreshReceipt, fresh_receipt
from web.disclosure.house import door, here


def fresh() -> FreshReceipt:
    """A receipt nobody has seen yet. Raises TooBusy."""
    return fresh_receipt(door(), here().pepper)
