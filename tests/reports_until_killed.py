"""Reporters who send one report after the other until they are killed: ``go`` on stdin begins another of them."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from engine.channel import drafting, receipts, sending, settings
from engine.channel.model import Channel
from engine.channel.receipts import fresh_receipt
from engine.channel.sending import Sent
from engine.database import open_database
from engine.disclosure.primitives import Cost
from engine.disclosure.vault import Vault
from tests.engine.channel.outside import PEPPER, STORY, as_it_is

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def main(url: str, region: str, folder: str) -> None:
    """Reads what all of them need once; each begins as a process of its own, whose number is said, then ``gone``."""
    receipts._cost = Cost(1, 64 * 1024)
    database = open_database(url)
    with database.reading() as session:
        channel = settings.channel(session, region, NOW)
    database.close()
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            report(url, channel, Vault(Path(folder)))
        print(process, flush=True)
        os.waitpid(process, 0)
        print("gone", flush=True)


def report(url: str, channel: Channel, vault: Vault) -> None:
    """Says each receipt before the report is sent with it, as a reporter's page keeps it; never ends by itself."""
    database = open_database(url)
    while True:
        fresh = fresh_receipt(channel, PEPPER)
        received = drafting.take_in(channel, BytesIO(b"xfoto"), "foto.jpg", vault, as_it_is)
        assert isinstance(received, drafting.Received)
        with database.writing() as session:
            ref = drafting.new_draft(session, channel, NOW)
            drafting.save_draft(session, ref, channel, NOW, way="anonymous")
            drafting.save_draft(session, ref, channel, NOW, question="what", answers={"summary": STORY})
            drafting.attach_to_draft(session, ref, channel, received, vault, NOW)
            session.commit()
        os.write(1, f"{fresh.receipt}\n".encode())
        with database.writing() as session:
            assert isinstance(sending.send(session, ref, channel, fresh, NOW), Sent)
            session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
