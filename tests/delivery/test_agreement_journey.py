"""The shipped agreement from draft to in force: the mails everybody gets on the way, and the document at the end."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest

from config import Settings
from delivery.documents.typesetting import render
from engine.cases.pages import case_page
from engine.database import Database
from sakip.document import TEMPLATE, agency_name, performance_agreement_data
from sakip.document import Office as Letterhead
from sakip.signatures import Signature, signatures_of
from tests.conftest import FrozenClock
from tests.factories import a_holder
from tests.mail_sink import MailSink
from tests.office import Office, an_office
from worker import Worker


class Journey:
    """One agreement under way; ``act`` does one thing and lets the worker do what is due."""

    def __init__(self, database: Database, sink: MailSink, clock: FrozenClock) -> None:
        self.database, self.sink, self.clock = database, sink, clock
        settings = Settings(
            environment="test",
            secret_key="x" * 40,
            mail_server=sink.host,
            mail_port=sink.port,
            mail_sender="notifikasi@kab-contoh.example",
            files_dir=Path("unused"),
        )
        self.worker = Worker(settings, database=database, clock=clock)
        with database.writing() as session:
            self.office: Office = an_office(session, clock())
            self.office.fitri.language = "en"
            a_holder(
                session, self.office.positions["fitri"], self.office.joko, "plt", date(2026, 1, 1), date(2026, 12, 31)
            )
            self.case_id = self.office.open(session, clock()).case_id
            session.commit()

    def act(self, who: str, action: str, **values: Any) -> None:
        with self.database.writing() as session:
            self.office.act(session, self.case_id, who, action, self.clock(), **values)
            session.commit()
        self.work()

    def work(self) -> None:
        self.worker.run(once=True)

    def mails(self) -> list[tuple[str, str]]:
        """(first name, reason) of the mails since the last time, in order."""
        found = [(mail["To"].addresses[0].display_name.lower(), mail["X-Alur-Reason"]) for mail in self.sink.messages]
        self.sink.messages.clear()
        return found


@pytest.fixture
def journey(database: Database, mail_sink: MailSink, clock: FrozenClock) -> Journey:
    return Journey(database, mail_sink, clock)


def test_everybody_hears_what_concerns_them_and_nothing_else(journey: Journey) -> None:
    journey.act("sari", "submit")
    assert journey.mails() == [("budi", "assigned")]
    journey.act("budi", "return", comment="Target belum sesuai.")
    assert ("sari", "returned") in journey.mails()
    journey.act("sari", "resubmit")
    journey.act("budi", "approve")
    journey.act("dewi", "approve")
    assert journey.mails() == [
        ("budi", "assigned"), ("dewi", "assigned"), ("gita", "assigned"), ("hadi", "assigned"), ("indra", "assigned"),
    ]  # fmt: skip
    journey.act("gita", "approve")
    journey.act("hadi", "approve")
    journey.act("eko", "approve")
    # The acting official gets what the head of the agency gets.
    assert Counter(journey.mails()) == Counter(
        [("eko", "assigned"), ("sari", "assigned"), ("fitri", "assigned"), ("joko", "assigned")]
    )
    journey.act("sari", "sign")
    journey.act("joko", "sign")
    (mail,) = journey.sink.messages
    assert "sudah berlaku" in mail["Subject"]
    assert mail["To"].addresses[0].display_name == "Sari"


def test_a_stand_in_is_told_for_whom(journey: Journey) -> None:
    journey.act("sari", "submit")
    for who in ("budi", "dewi", "gita", "hadi", "eko"):
        journey.act(who, "approve")
    said = {}
    for mail in journey.sink.messages[-3:]:
        body = mail.get_body(("plain",))
        assert body is not None
        said[mail["To"].addresses[0].display_name] = " ".join(body.get_content().split())
    assert "karena Anda mewakili Fitri (Plt.) pada langkah tersebut." in said["Joko"]
    assert "because you can work on that step." in said["Fitri"]


def test_in_a_joint_review_whoever_still_has_to_decide_is_reminded(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    journey.act("budi", "approve")
    journey.act("dewi", "approve")
    journey.mails()
    journey.act("gita", "claim", state="joint_review")
    journey.sink.stop()  # so that the reminders wait while Hadi decides
    clock.advance(days=1)
    journey.work()
    journey.act("hadi", "approve")
    journey.sink.start()
    clock.advance(minutes=5)
    journey.work()
    assert sorted(journey.mails()) == [("gita", "reminder"), ("indra", "reminder")]


def test_a_superior_who_only_hears_of_a_delay_hears_of_it(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    journey.act("budi", "approve")
    journey.act("dewi", "approve")
    clock.advance(days=3)
    journey.work()
    late = {name for name, reason in journey.mails() if reason == "escalated"}
    assert {"gita", "hadi", "indra"} < late  # the candidates, and those above them


def test_a_late_reviewer_is_reminded_and_the_superior_hears_of_it(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    clock.advance(days=1)
    journey.work()
    clock.advance(days=2)
    journey.work()
    assert journey.mails() == [
        ("budi", "assigned"), ("budi", "reminder"), ("budi", "escalated"), ("dewi", "escalated"),
    ]  # fmt: skip


def test_a_reminder_that_came_too_late_is_not_sent(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    journey.sink.stop()  # the reminder falls due while the mail server is away, and Budi acts meanwhile
    clock.advance(days=1)
    journey.work()
    journey.act("budi", "approve")
    journey.sink.start()
    clock.advance(minutes=5)
    journey.work()
    assert ("budi", "reminder") not in journey.mails()


def test_the_document_shows_both_signatures_and_in_whose_name(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    for who in ("budi", "dewi", "gita", "hadi", "eko"):
        journey.act(who, "approve")
    journey.act("sari", "sign")
    assert [signature.place for signature in journey_signatures(journey)] == ["first_party"]
    journey.act("joko", "decline", comment="Tanggal keliru.")
    assert journey_signatures(journey) == ()
    journey.act("sari", "resubmit")
    clock.advance(hours=1)
    journey.act("sari", "sign")
    journey.act("joko", "sign")
    first, second = journey_signatures(journey)
    assert (first.person_name, first.principal_name) == ("Sari", None)
    assert (second.person_name, second.principal_name, second.kind) == ("Joko", "Fitri", "Plt.")
    text = printed(journey)
    assert "Ditandatangani melalui Alur oleh Plt. Joko atas nama Fitri 2 Maret 2026, 10.00 WIB" in text
    assert "Rp2.721.236.800" in text
    assert journey.office.units["agency"].name.upper() in text


def journey_signatures(journey: Journey) -> tuple[Signature, ...]:
    with journey.database.reading() as session:
        return signatures_of(case_page(session, journey.office.sari.id, journey.case_id, journey.clock()))


def printed(journey: Journey) -> str:
    with journey.database.reading() as session:
        page = case_page(session, journey.office.sari.id, journey.case_id, journey.clock())
        agency = agency_name(page.facts.directory, page.facts.unit)  # type: ignore[arg-type]  the store's own
        letterhead = Letterhead(page.region_name, agency, page.timezone, {})
        form = page.definition.forms["performance_agreement"]
        data = performance_agreement_data(
            page.answers, form, page.number, letterhead, signatures_of(page), is_draft=False
        )
    reader = pypdf.PdfReader(io.BytesIO(render(TEMPLATE, data, journey.clock())))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_a_deadline_passes_once_however_often_the_worker_looks(journey: Journey, clock: FrozenClock) -> None:
    journey.act("sari", "submit")
    clock.moment += timedelta(days=1)
    for _ in range(5):
        journey.work()
    assert journey.mails().count(("budi", "reminder")) == 1
