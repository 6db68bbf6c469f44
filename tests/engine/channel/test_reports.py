"""A report from its first word to the answer, as its reporter meets it."""

from __future__ import annotations

from datetime import date

from engine.channel.report_page import report_page
from tests.engine.channel.outside import STORY, Outside


def test_a_report_is_written_sent_and_read_again(outside: Outside) -> None:
    ref = outside.draft(place="Pasar Baru", happened_on="sekitar Maret 2026", reported_aliases=["Budi, kepala pasar"])
    outside.attach(ref)
    sent = outside.send(ref)
    assert sent.receipt is not None and outside.fresh is not None and sent.receipt == outside.fresh.receipt
    assert [day for _, day in sent.dates] == [date(2026, 3, 5)]
    page = report_page(outside.session, sent.case, outside.channel, outside.now)
    assert page.status.id == "Diterima" and page.reported_on == date(2026, 3, 2)
    assert [line.shown.id for line in page.told] == [
        STORY, "Pasar Baru", "sekitar Maret 2026", "Budi, kepala pasar", "foto.jpg"
    ]  # fmt: skip
    assert [file.name for file in page.files] == ["foto.jpg"]
