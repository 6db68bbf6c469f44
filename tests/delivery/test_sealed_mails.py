"""The constant mail of sealed cases on the wire: what it says (nothing), to whom, when, and what failing does to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from config import Settings
from delivery.catcher.mailbox import KEPT_FOR as KEPT_IN_SPOOL
from delivery.catcher.mailbox import Mailbox
from delivery.channels.email import Email
from delivery.deliver import NEEDS_TLS, Delivery
from engine.cases.incidents import open_incidents
from engine.cases.models import Incident
from engine.cases.sealed_mail import (
    NO_CASE,
    add_messages,
    add_steady_mails,
    drop_old_mails,
    sealed_messages,
    slots_of,
)
from engine.changes import Refusal
from engine.database import Database, open_database
from engine.disclosure.ceremony import region_row
from engine.disclosure.keyring import hold, officer
from engine.disclosure.mail_rules import MailRules, keep_mail_rules
from engine.disclosure.models import CaseKey
from engine.facts import REPORTER
from engine.organisation.directory import snapshot
from engine.outbox.models import Message
from tests.conftest import FrozenClock
from tests.mail_sink import MailSink
from tests.sealed_office import SECRET, SealedOffice, a_sealed_office


def settings_for(sink: MailSink, **values: object) -> Settings:
    return replace(
        Settings(
            environment="test", secret_key="x" * 40, base_url="https://alur.kab-contoh.example", mail_server=sink.host,
            mail_port=sink.port, mail_sender="notifikasi@kab-contoh.example", mail_reply_to="bantuan@x.example",
            files_dir=Path("unused"),
        ),
        **values,
    )  # fmt: skip


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


class Post:
    """An inspectorate without a published definition: messages are put into the outbox as a step does it."""

    def __init__(self, database: Database, sink: MailSink, clock: FrozenClock, *, publishes: bool = False) -> None:
        self.database, self.sink, self.clock = database, sink, clock
        self.delivery = self.worker("worker-1")
        with database.writing() as session:
            self.office = a_sealed_office(session, clock(), publishes=publishes)
            region_row(session, self.office.region.id)
            session.commit()

    def worker(self, name: str, **values: object) -> Delivery:
        settings = settings_for(self.sink, **values)
        return Delivery(settings, self.database, self.clock, name, {"email": Email(settings, self.clock)})

    @property
    def region_id(self) -> int:
        return self.office.region.id

    def id_of(self, name: str) -> int:
        return self.office.people[name].id

    def rules(self, **values: object) -> None:
        with self.database.writing() as session:
            keep_mail_rules(session, self.region_id, replace(MailRules(), **values))
            session.commit()

    def holds(self, *names: str, case_id: int = 7) -> None:
        with self.database.writing() as session:
            for name in names:
                session.add(CaseKey(case_id=case_id, kind="content-key", holder=officer(self.id_of(name)), sealed="x"))
            session.commit()

    def tell(self, *names: str, is_urgent: bool = False, is_from_outside: bool = False) -> None:
        with self.database.writing() as session:
            slots = slots_of(session, self.region_id, snapshot(session, self.region_id, self.clock()))
            rows = sealed_messages(
                self.region_id, [self.id_of(name) for name in names], slots, self.clock(), is_urgent=is_urgent,
                is_from_outside=is_from_outside,
            )  # fmt: skip
            add_messages(session, rows)
            session.commit()

    def rows(self) -> list[Message]:
        with self.database.reading() as session:
            return list(session.scalars(select(Message).order_by(Message.not_before, Message.id)))

    def deliver(self, until: datetime | None = None) -> None:
        """Every row at its own moment, as a worker does it."""
        while True:
            waiting = [row.not_before for row in self.rows() if row.state == "waiting"]
            if not waiting or (until is not None and min(waiting) > until):
                return
            self.clock.moment = max(self.clock.moment, *[moment for moment in waiting if moment == min(waiting)])
            self.delivery.deliver_due()


@pytest.fixture
def post(sqlite_url: str, mail_sink: MailSink, clock: FrozenClock) -> Iterator[Post]:
    database = open_database(sqlite_url)
    yield Post(database, mail_sink, clock)
    database.close()


def test_t60_no_mail_of_a_case_says_anything_about_it(
    database: Database, mail_sink: MailSink, clock: FrozenClock
) -> None:
    """A report, its registration, a question, its answer and a deadline: all mails are one mail (T60, T61)."""
    post = Post(database, mail_sink, clock, publishes=True)
    with database.writing() as session:
        office: SealedOffice = replace(post.office, session=session)
        assert not isinstance(office.report(reported_aliases=["Si Untung"], category="corruption"), Refusal)
        assert office.do("ida", "register") is None
        assert office.do("vina", "ask_reporter", "Kapan kejadiannya?") is None
        assert office.do(REPORTER, "provide", "Bulan Januari") is None
        hold(session, None)
        number, case_id = office.number, office.case_id
        session.commit()
    post.deliver()
    assert len(mail_sink.messages) >= 2  # one a slot, and none to who handed the case on
    told = (SECRET, "Si Untung", "corruption", "Korupsi", "Kapan", "Januari", number, f"/case/{case_id}", "Pengaduan")
    for mail in mail_sink.messages:
        whole = mail.as_string() + text_of(mail) + str(mail["Subject"])
        assert not [word for word in (*told, *(name.capitalize() for name in post.office.people)) if word in whole]
    assert {mail["Subject"] for mail in mail_sink.messages} == {"Pemberitahuan layanan internal"}
    assert len({text_of(mail) for mail in mail_sink.messages}) == 1
    assert len({len(mail.get_body(("html",)).get_content()) for mail in mail_sink.messages}) == 1  # type: ignore[union-attr]
    assert {row.case_id for row in post.rows()} == {NO_CASE}
    for mail in mail_sink.messages:
        assert not {"References", "In-Reply-To", "List-Id", "X-Alur-Reason", "Reply-To", "Cc", "Bcc"} & set(mail.keys())
    ids = [mail["Message-ID"] for mail in mail_sink.messages]
    assert len(set(ids)) == len(ids) and not [each for each in ids if str(case_id) == each.strip("<>").split("@")[0]]


def test_t61_each_mail_goes_to_one_person_and_leads_nowhere(post: Post) -> None:
    post.holds("ida", "irma")
    post.tell("ida", "irma")
    post.tell("ida", "irma")
    post.deliver()
    assert sorted(post.sink.recipients) == sorted((post.office.people[name].email,) for name in ("ida", "irma"))
    for mail, (address,) in zip(post.sink.messages, post.sink.recipients, strict=True):
        assert str(mail["To"]) == address and "http" not in mail.as_string()


def test_t61_a_region_may_name_the_page_for_signing_in_and_nothing_deeper(post: Post) -> None:
    post.rules(has_link=True)
    post.holds("ida")
    post.tell("ida")
    post.deliver()
    (mail,) = post.sink.messages
    assert "https://alur.kab-contoh.example/sign-in" in text_of(mail)
    assert text_of(mail).count("http") == 1


def test_t62_a_mail_leaves_at_a_slot_and_not_when_something_happened(post: Post) -> None:
    """Nine in the morning in Jakarta: the office's own act is told at twelve, an outside one at one of three slots."""
    post.holds("ida", "irma", "sam")
    post.tell("irma")
    (own,) = post.rows()
    local = own.not_before.astimezone(post.office.zone)
    assert (local.date().isoformat(), local.hour) == ("2026-03-02", 12) and own.created_at.minute == 0
    drawn = set()
    for second in range(40):
        post.clock.advance(minutes=1)
        with post.database.writing() as session:
            session.execute(delete(Message).where(Message.person_id == post.id_of("ida")))
            session.commit()
        post.tell("ida", is_from_outside=True, is_urgent=second % 2 == 0)
        moment = next(row for row in post.rows() if row.person_id == post.id_of("ida"))
        drawn.add(moment.created_at.astimezone(post.office.zone).strftime("%d %H:%M"))
    assert drawn == {"02 12:00", "02 15:00", "03 08:00"}
    post.deliver()
    for mail in post.sink.messages:
        sent = parsedate_to_datetime(mail["Date"]).astimezone(post.office.zone)
        assert sent.time().replace(second=0) >= time(8) and sent.minute < 10


def test_t62_slots_are_the_regions_own_hours_and_working_days(post: Post) -> None:
    with post.database.writing() as session:
        session.get_one(type(post.office.region), post.region_id).timezone = "Asia/Jayapura"
        session.get_one(type(post.office.region), post.region_id).organisation_revision += 1
        session.commit()
    post.rules(slots=(time(9, 30),), jitter_minutes=0)
    post.clock.moment = datetime(2026, 3, 18, 5, tzinfo=UTC)  # Wednesday afternoon; Nyepi and Idul Fitri follow
    post.tell("ida")
    (row,) = post.rows()
    assert row.not_before == datetime(2026, 3, 25, 0, 30, tzinfo=UTC)


def test_t62_what_is_urgent_takes_the_next_quarter_of_an_hour(post: Post) -> None:
    post.clock.moment = datetime(2026, 3, 1, 18, 7, tzinfo=UTC)  # a Sunday night
    post.tell("ida", is_urgent=True)
    (row,) = post.rows()
    begins = datetime(2026, 3, 1, 18, 15, tzinfo=UTC)
    assert begins <= row.not_before <= begins + timedelta(minutes=9) and not row.is_urgent


def test_t62_a_daily_mail_comes_to_every_holder_of_a_key_and_nothing_else_does(post: Post) -> None:
    post.rules(is_steady=True, takes_urgent=False)
    post.holds("ida")
    post.tell("ida")
    post.tell("ida", is_urgent=True)
    assert post.rows() == []
    for _ in range(2):
        with post.database.writing() as session:
            add_steady_mails(session, post.clock())
            session.commit()
    rows = post.rows()
    assert {row.person_id for row in rows} == {person.id for person in post.office.people.values()}
    assert len(rows) == len(post.office.people)
    assert {row.created_at.astimezone(post.office.zone).strftime("%d %H:%M") for row in rows} == {"03 08:00"}
    with post.database.writing() as session:
        session.get_one(type(post.office.people["udin"]), post.id_of("udin")).is_active = False
        session.commit()
    post.deliver()
    assert len(post.sink.messages) == len(rows) - 1
    assert len({text_of(mail) for mail in post.sink.messages}) == 1


def test_t31_somebody_who_lost_the_copy_since_or_left_gets_no_mail(post: Post) -> None:
    post.holds("ida", "irma", "sam")
    post.tell("ida", "irma", "sam")
    with post.database.writing() as session:
        session.execute(delete(CaseKey).where(CaseKey.holder == officer(post.id_of("ida"))))
        session.get_one(type(post.office.people["sam"]), post.id_of("sam")).is_active = False
        session.commit()
    post.deliver()
    assert post.sink.recipients == [(post.office.people["irma"].email,)]
    assert sorted(row.state for row in post.rows()) == ["cancelled", "cancelled", "sent"]


def test_t63_a_server_that_is_down_loses_and_doubles_nothing(
    database: Database, mail_sink: MailSink, clock: FrozenClock
) -> None:
    """The report is taken as ever; the mail waits with growing pauses, says so, and leaves once."""
    post = Post(database, mail_sink, clock, publishes=True)
    mail_sink.stop()
    with database.writing() as session:
        assert not isinstance(replace(post.office, session=session).report(), Refusal)
        hold(session, None)
        session.commit()
    waiting = len(post.rows())
    assert waiting == 1
    clock.moment = max(row.not_before for row in post.rows())
    pauses = []
    for _ in range(7):
        post.delivery.deliver_due()
        until = min(row.not_before for row in post.rows())
        pauses.append((until - clock()).total_seconds())
        clock.moment = until
    assert pauses == [2, 4, 8, 16, 32, 60, 60]
    assert {row.state for row in post.rows()} == {"waiting"}
    assert "does not answer" in str(post.rows()[0].last_error)
    mail_sink.start()
    for delivery in (post.delivery, post.worker("worker-2"), post.delivery):
        delivery.deliver_due()
        clock.advance(minutes=2)
    assert len(mail_sink.messages) == waiting == len({mail["Message-ID"] for mail in mail_sink.messages})


def test_t63_a_mail_that_is_given_up_is_seen_and_names_no_case(post: Post) -> None:
    post.holds("ida")
    post.tell("ida")
    post.sink.refusal = "550 5.1.1 no such user"
    post.deliver()
    (row,) = post.rows()
    assert row.state == "failed"
    with post.database.reading() as session:
        (incident,) = session.scalars(select(Incident))
        assert (incident.code, incident.case_id) == ("message_failed", None)
        (seen,) = open_incidents(session, post.id_of("sam"), post.clock())
        assert seen.number == ""


def test_t63_in_production_a_mail_of_a_sealed_case_leaves_encrypted_or_not_at_all(post: Post) -> None:
    post.holds("ida")
    post.tell("ida")
    post.clock.moment = post.rows()[0].not_before
    post.worker("worker-1", environment="production").deliver_due()
    (row,) = post.rows()
    assert (row.state, row.last_error, post.sink.messages) == ("waiting", NEEDS_TLS, [])
    assert row.not_before == post.clock() + timedelta(minutes=1)
    post.clock.moment = row.not_before
    post.worker("worker-1", environment="production", mail_use_tls=True).deliver_due()  # the sink has no TLS
    assert post.sink.messages == [] and post.rows()[0].state == "waiting"


def test_t64_rows_of_mails_that_left_are_gone_after_a_month(post: Post) -> None:
    post.holds("ida")
    post.tell("ida", "irma")  # irma's is cancelled
    post.deliver()
    post.clock.advance(days=29)
    post.tell("ida")
    for days, left in ((0, 3), (2, 1)):
        post.clock.advance(days=days)
        with post.database.writing() as session:
            drop_old_mails(session, post.clock())
            session.commit()
        assert len(post.rows()) == left
    with post.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message).where(Message.state == "waiting")) == 1


def test_t64_the_catcher_forgets_mails_after_a_fortnight(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    mailbox = Mailbox(tmp_path)
    old = mailbox.keep(b"Message-ID: <a@x>\r\n\r\nx", ("a@x",), now)
    new = mailbox.keep(b"Message-ID: <b@x>\r\n\r\nx", ("a@x",), now + KEPT_IN_SPOOL)
    assert mailbox.read(old) is not None
    mailbox.keep(b"Message-ID: <c@x>\r\n\r\nx", ("a@x",), now + KEPT_IN_SPOOL + timedelta(minutes=1))
    assert mailbox.read(old) is None and mailbox.read(new) is not None
