"""What a receipt does not reach although its key would open it, and how much one can fill without an account."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from engine.cases.attachments import attach
from engine.cases.views import AttachmentView
from engine.channel import drafting, evidence, talking
from engine.channel.report_page import report_page
from engine.disclosure.models import SealedFile
from engine.disclosure.receiving import Unfit
from engine.errors import NotFound
from tests.engine.channel.outside import Outside


def test_a_reporter_neither_sees_nor_fetches_what_officers_attached(outside: Outside) -> None:
    ref = outside.draft()
    mine = outside.attach(ref)
    case = outside.send(ref).case
    outside.office.at_work("ida")
    kept = attach(
        outside.session, case.case_id, outside.office.people["ida"].id, BytesIO(b"Keterangan saksi Budi"),
        "saksi-budi.txt", now=outside.now, store=None, largest=1_000, vault=outside.vault,  # type: ignore[arg-type]
    )  # fmt: skip
    assert isinstance(kept, AttachmentView)
    seen = report_page(outside.session, case, outside.channel, outside.now)
    assert [file.id for file in seen.files] == [mine.id]
    theirs = outside.session.scalars(select(SealedFile.id).where(SealedFile.side == "office")).one()
    with pytest.raises(NotFound):
        talking.file_pieces(outside.session, case, theirs, outside.vault)
    _, pieces = talking.file_pieces(outside.session, case, mine.id, outside.vault)
    assert b"".join(pieces) == b"oto"


def test_what_was_not_sent_has_one_limit_in_a_region_and_what_is_written_still_passes(outside: Outside) -> None:
    sent = outside.draft()
    outside.attach(sent, b"x" * 200_000)
    outside.send(sent)  # no longer counted
    files = replace(outside.channel.settings.files, most_bytes=200_000 // evidence.UNSENT_SHARES)
    first, second = outside.draft(), outside.draft()
    outside.attach(first, b"x" * 250_000)
    outside.channel = replace(outside.channel, settings=replace(outside.channel.settings, files=files))
    received = outside.take_in(b"foto")
    refused = drafting.attach_to_draft(outside.session, second, outside.channel, received, outside.vault, outside.now)
    assert isinstance(refused, Unfit) and refused.status == 503
    with pytest.raises(NotFound):
        outside.vault.open(received.copy.id)
    outside.send(second)


def test_one_report_takes_a_number_of_messages_a_day(outside: Outside) -> None:
    case = outside.report()
    for number in range(talking.MOST_MESSAGES_A_DAY):
        assert talking.say(outside.session, case, outside.channel, f"Pesan {number}", outside.now) is None
    faults = talking.say(outside.session, case, outside.channel, "Satu lagi", outside.now)
    assert faults is not None and "tomorrow" in faults.by_field["text"].en
