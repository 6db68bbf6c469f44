"""What a receipt does not reach although its key would open it: papers and files of the office."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from engine.cases.attachments import attach
from engine.cases.views import AttachmentView
from engine.channel import talking
from engine.channel.report_page import report_page
from engine.disclosure.models import SealedFile
from engine.errors import NotFound
from tests.engine.channel.outside import Outside


def test_a_reporter_neither_sees_nor_fetches_what_officers_attached(outside: Outside) -> None:
    ref = outside.draft()
    mine = outside.attach(ref)
    case = outside.send(ref).case
    outside.office.at_work("ida")
    kept = attach(
        outside.session, case.case_id, outside.office.people["ida"].id, BytesIO(b"Keterangan saksi Budi"),
        "saksi-budi.txt", now=outside.now, store=None, vault=outside.vault,  # type: ignore[arg-type]
    )  # fmt: skip
    assert isinstance(kept, AttachmentView)
    seen = report_page(outside.session, case, outside.channel, outside.now)
    assert [file.id for file in seen.files] == [mine.id]
    theirs = outside.session.scalars(select(SealedFile.id).where(SealedFile.side == "office")).one()
    with pytest.raises(NotFound):
        talking.file_pieces(outside.session, case, theirs, outside.vault)
    _, pieces = talking.file_pieces(outside.session, case, mine.id, outside.vault)
    assert b"".join(pieces) == b"oto"
