"""From the outbox to the mailbox: to whom, in which language, in which thread; and nothing lost or doubled."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from delivery.deliver import Delivery
from engine.cases.models import Case
from engine.publishing.models import DefinitionVersion
from engine.publishing.publish import publish
from engine.vocabulary import load
from tests.conftest import FrozenClock
from tests.delivery.outbox_world import FORM, WORKFLOW, World
from tests.publishers import publishers


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_message_becomes_a_mail_that_leads_to_the_case(world: World, delivery: Delivery) -> None:
    sent = world.message()
    assert delivery.deliver_due() == 1
    (mail,) = world.sink.messages
    assert mail["To"] == '"Budi Santoso, S.E." <budi@daerah.example>'
    assert mail["From"] == "Alur Kabupaten Contoh <notifikasi@kab-contoh.example>"
    assert mail["Subject"] == "Menunggu Anda: Perjanjian Kinerja 2026, Dinas Kominfo"
    assert mail["X-Alur-Reason"] == "assigned"
    text = text_of(mail)
    assert text.startswith("Yth. Budi Santoso, S.E.,")
    assert f"https://alur.kab-contoh.example/case/{world.case.id}" in text
    assert "Nomor   : PK/2026/0001" in text
    assert "Anda menerima surel ini karena langkah tersebut dapat Anda kerjakan." in text
    row = world.row(sent)
    assert (row.state, row.recipient, row.sent_at) == ("sent", "budi@daerah.example", world.now)
    assert row.message_id == mail["Message-ID"]
    assert delivery.deliver_due() == 0
    assert len(world.sink.messages) == 1


def test_everybody_reads_their_own_language(world: World, delivery: Delivery) -> None:
    world.message(world.budi)
    world.message(world.sari)
    delivery.deliver_due()
    indonesian, english = world.sink.messages
    assert indonesian["Content-Language"] == "id"
    assert english["Content-Language"] == "en"
    assert english["Subject"].startswith("Waiting for you: ")
    assert "Step   : Review" in text_of(english)
    assert "Langkah : Telaah" in text_of(indonesian)


def test_a_group_gets_one_mail_a_person(world: World, delivery: Delivery) -> None:
    world.message(audience="group:planning")
    world.message(world.sari)
    delivery.deliver_due()
    assert sorted(to for (to,) in world.sink.recipients) == ["budi@daerah.example", "sari@daerah.example"]


@pytest.mark.parametrize(
    ("due", "shown", "short"),
    [
        ("2026-03-06T09:00:00+00:00", "Jumat, 6 Maret 2026, 16.00 WIB", "Jumat 6 Maret"),
        ("2026-03-02T09:00:00+00:00", "Senin, 2 Maret 2026, 16.00 WIB (hari ini)", "Senin 2 Maret"),
        ("2026-03-03T09:00:00+00:00", "Selasa, 3 Maret 2026, 16.00 WIB (besok)", "Selasa 3 Maret"),
        ("2026-03-01T20:00:00+00:00", "Senin, 2 Maret 2026, 03.00 WIB (sudah lewat)", "Senin 2 Maret"),
    ],
)
def test_a_due_moment_is_told_in_the_regions_time(
    world: World, delivery: Delivery, due: str, shown: str, short: str
) -> None:
    world.message(content={"task.due": due})
    delivery.deliver_due()
    (mail,) = world.sink.messages
    assert f"Batas : {shown}" in text_of(mail)
    assert mail["Subject"].endswith(f"(batas {short})")


def test_mails_of_one_case_to_one_person_are_a_thread(world: World, delivery: Delivery, clock: FrozenClock) -> None:
    for revision in (1, 2, 3):
        world.message(revision=revision)
        delivery.deliver_due()
        clock.advance(minutes=1)
    first, second, third = world.sink.messages
    (root,) = first["References"].split()
    assert first["In-Reply-To"] == root
    assert second["References"].split() == [root, first["Message-ID"]]
    assert third["References"].split() == [root, first["Message-ID"], second["Message-ID"]]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert len({mail["Message-ID"] for mail in world.sink.messages}) == 3
    assert all(mail["Message-ID"].endswith("@kab-contoh.example>") for mail in world.sink.messages)


def test_another_person_and_another_case_are_other_threads(world: World, delivery: Delivery) -> None:
    world.message(world.budi)
    world.message(world.sari)
    world.message(world.budi, case_id=world.another_case())
    delivery.deliver_due()
    of_budi, of_sari, other_case = (mail["References"].split() for mail in world.sink.messages)
    assert of_budi == of_sari
    assert other_case != of_budi
    assert len(other_case) == 1


def test_ids_do_not_tell_how_many_cases_there_are(world: World, delivery: Delivery) -> None:
    sent = world.message()
    delivery.deliver_due()
    (mail,) = world.sink.messages
    local = mail["Message-ID"].strip("<>").partition("@")[0]
    assert str(sent) not in local.split(".")
    assert str(world.case.id) not in local.split(".")


def test_a_server_that_is_down_loses_nothing_and_doubles_nothing(
    world: World, delivery: Delivery, clock: FrozenClock
) -> None:
    first, second = world.message(world.budi), world.message(world.sari)
    world.sink.stop()
    for _ in range(40):  # more tries than a message has
        delivery.deliver_due()
        clock.advance(minutes=2)
    assert world.states() == ["waiting", "waiting"]
    assert "does not answer" in (world.row(first).last_error or "")
    world.sink.start()
    delivery.deliver_due()
    assert [to for (to,) in world.sink.recipients] == ["budi@daerah.example", "sari@daerah.example"]
    assert (world.row(first).state, world.row(second).state) == ("sent", "sent")
    assert world.row(first).last_error is None


def test_a_server_that_is_down_is_not_asked_all_the_time(world: World, delivery: Delivery, clock: FrozenClock) -> None:
    waiting = world.message()
    world.sink.stop()
    pauses = []
    for _ in range(8):
        delivery.deliver_due()
        until = world.row(waiting).not_before
        pauses.append((until - clock()).total_seconds())
        clock.moment = until
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


def test_one_message_the_server_puts_off_does_not_hold_up_the_others(
    world: World, delivery: Delivery, clock: FrozenClock
) -> None:
    put_off = world.message(world.budi)
    world.sink.refusal = "451 4.2.2 mailbox full"
    delivery.deliver_due()
    world.sink.refusal = None
    world.message(world.sari)
    delivery.deliver_due()
    assert [to for (to,) in world.sink.recipients] == ["sari@daerah.example"]
    assert (world.row(put_off).state, world.row(put_off).attempts) == ("waiting", 1)
    clock.advance(minutes=2)
    delivery.deliver_due()
    assert world.row(put_off).state == "sent"


def test_an_address_that_is_refused_for_good_is_given_up_with_its_reason(world: World, delivery: Delivery) -> None:
    refused = world.message()
    world.sink.refusal = "550 5.1.1 no such user"
    delivery.deliver_due()
    row = world.row(refused)
    assert (row.state, row.recipient) == ("failed", None)
    assert "550" in (row.last_error or "")


def test_a_mail_sent_twice_after_a_crash_is_the_same_mail(world: World, delivery: Delivery, clock: FrozenClock) -> None:
    sent = world.message()
    delivery.deliver_due()
    # The worker was killed after the server took the mail and before it could note that.
    world.change(world.row(sent), state="waiting", message_id=None, sent_at=None)
    other = Delivery(world.settings, world.database, clock, "worker-2")
    other.deliver_due()
    first, second = world.sink.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["References"] == second["References"]


def test_what_another_worker_holds_is_left_alone_until_its_lease_runs_out(
    world: World, delivery: Delivery, clock: FrozenClock
) -> None:
    held = world.message(lease_until=clock() + timedelta(minutes=5), leased_by="worker-0")
    assert delivery.deliver_due() == 0
    clock.advance(minutes=6)
    assert delivery.deliver_due() == 1
    assert world.row(held).state == "sent"


def test_a_reminder_nobody_needs_any_more_is_cancelled(world: World, delivery: Delivery) -> None:
    world.task(closed_at=world.now, outcome="approve")
    waiting = world.message(task=1, reason="reminder", notification="reminder")
    delivery.deliver_due()
    assert world.sink.messages == []
    assert world.row(waiting).state == "cancelled"


@pytest.mark.parametrize("change", [{"email": None}, {"email": ""}, {"is_active": False}])
def test_somebody_who_cannot_be_reached_gets_nothing_and_the_row_says_why(
    world: World, delivery: Delivery, change: dict[str, Any]
) -> None:
    waiting = world.message()
    world.change(world.budi, **change)
    delivery.deliver_due()
    assert world.sink.messages == []
    assert world.row(waiting).state == "cancelled"
    assert world.row(waiting).last_error


def test_an_authors_text_may_use_ordinary_answers_and_no_others(world: World, delivery: Delivery) -> None:
    content = {"period": 2026, "budget": "4100832755", "salary": "99000000"}
    world.message(world.budi, notification="own", reason="outcome", content=content)
    world.message(world.sari, notification="own", reason="outcome", content=content)
    delivery.deliver_due()
    indonesian, english = world.sink.messages
    assert indonesian["Subject"] == "PK/2026/0001 tahun 2026, Rp4.100.832.755"
    assert english["Subject"] == "PK/2026/0001 of 2026, Rp4,100,832,755"
    for mail in world.sink.messages:
        assert "99000000" not in mail.as_string().replace(".", "").replace(",", "")


def test_what_people_typed_cannot_add_a_header(world: World, delivery: Delivery) -> None:
    world.message(content={"comment": "x\r\nBcc: spy@evil.example\r\n\r\nhttps://evil.example", "actor.name": "a\nb"})
    delivery.deliver_due()
    (mail,) = world.sink.messages
    assert "Bcc" not in mail
    assert world.sink.recipients == [("budi@daerah.example",)]
    assert "evil.example/" not in mail.as_string()
    assert "https://evil" not in text_of(mail)


def test_a_text_the_definition_does_not_know_still_arrives(world: World, delivery: Delivery) -> None:
    world.message(notification="incident", reason="incident", content={"comment": "no_candidate"})
    delivery.deliver_due()
    (mail,) = world.sink.messages
    assert mail["Subject"].startswith("Terhenti: ")


def test_quiet_hours_wait_for_the_morning_of_a_working_day(
    world: World, delivery: Delivery, clock: FrozenClock
) -> None:
    world.change(world.region, settings={"quiet_hours": {"from": "18:00", "to": "07:00"}})
    clock.advance(days=4, hours=10)  # Friday 6 March, 19.00 in Jakarta
    waiting, urgent = world.message(), world.message(world.sari, is_urgent=True)
    delivery.deliver_due()
    assert world.row(urgent).state == "sent"
    assert world.row(waiting).state == "waiting"
    local = world.row(waiting).not_before + timedelta(hours=7)
    assert (local.isoweekday(), local.hour, local.minute) == (1, 7, 0)
    clock.moment = world.row(waiting).not_before
    delivery.deliver_due()
    assert world.row(waiting).state == "sent"


def test_demonstration_mail_says_so_in_its_subject(world: World, clock: FrozenClock) -> None:
    settings = type(world.settings)(
        **{name: getattr(world.settings, name) for name in world.settings.__slots__} | {"demo": True}
    )
    world.message()
    Delivery(settings, world.database, clock, "worker-1").deliver_due()
    assert world.sink.messages[0]["Subject"].startswith("[DATA CONTOH] Menunggu Anda: ")


def test_many_messages_leave_in_batches_and_each_once(world: World, delivery: Delivery) -> None:
    for revision in range(1, 46):
        world.message(revision=revision)
    assert [delivery.deliver_due() for _ in range(4)] == [20, 20, 5, 0]
    assert len({mail["Message-ID"] for mail in world.sink.messages}) == 45


READERS = "visibility: {classes: {confidential: {readers: [planning, employee]}}}"


def test_a_sealed_case_sends_one_constant_mail_that_tells_nothing(world: World, delivery: Delivery) -> None:
    first = world.message(world.budi, reason="assigned", content={"comment": "rahasia"})
    with world.database.writing() as session:
        plain = session.get_one(DefinitionVersion, "d" * 64)
        sealed = plain.files["workflows/small.yaml"].replace(
            "legal_basis: [x]", f"legal_basis: [x]\nconfidentiality: sealed\n{READERS}"
        )
        sealed = (
            sealed.replace("salary: edit", "salary: hidden").split("  own:")[0]
            + "lifecycle:"
            + sealed.split("lifecycle:")[1]
        )
        session.add(
            DefinitionVersion(
                digest="e" * 64,
                case_type="small",
                region_id=None,
                region_key=None,
                number=2,
                version="1.0.1",
                title=plain.title,
                files={**plain.files, "workflows/small.yaml": sealed},
                stored_at=world.now,
            )
        )
        session.flush()
        session.get_one(Case, world.case.id).digest = "e" * 64
        session.commit()
    world.message(world.budi, revision=2, reason="reminder", notification="reminder", content={})
    delivery.deliver_due()
    assert world.row(first).state == "sent"
    one, other = world.sink.messages
    assert one["Subject"] == other["Subject"] == "Pemberitahuan layanan internal"
    assert text_of(one) == text_of(other)
    assert "http" not in text_of(one)
    assert one["Message-ID"] != other["Message-ID"]
    for mail in (one, other):
        assert not {"References", "In-Reply-To", "List-Id", "X-Alur-Reason"} & set(mail.keys())
        for secret in ("PK/2026", "Kominfo", "rahasia", "Telaah"):
            assert secret not in mail.as_string()


def test_a_mail_text_that_was_published_since_is_what_is_sent(world: World, delivery: Delivery) -> None:
    newer = WORKFLOW.replace("1.0.0", "1.1.0").replace("{case.title} selesai.", "{case.title} rampung.")
    assert newer.count("rampung") == 1
    world.message(world.budi, notification="own", reason="outcome")
    with world.database.writing.begin() as session:
        files = {"workflows/small.yaml": newer, "forms_config/small.yaml": FORM}
        publish(
            session, files, "small", reason="Kata yang lebih baik", region=None, vocabulary=load(),
            now=world.now, prove=lambda _: (), **publishers(session),
        )  # fmt: skip
    delivery.deliver_due()
    (mail,) = world.sink.messages
    assert "rampung" in text_of(mail)
