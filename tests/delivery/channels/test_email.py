"""Mails through a real SMTP server: headers, parts, and what happens when it does not take them."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from config import Settings
from delivery.channels import Channel, Deferred, Envelope, Undeliverable, Unreachable, shelf
from delivery.render import Letter
from tests.mail_sink import MailSink

LETTER = Letter("Menunggu Anda: Perjanjian Kinerja é", "Yth. Budi,\n\nteks é\n", "<!doctype html><p>teks é</p>", "id")
ROOT = "<case.abcdef.root@kab-contoh.example>"
ENVELOPE = Envelope(
    to_name="Budi Santoso, S.E.",
    to_address="budi@daerah.example",
    from_name="Alur Kabupaten Contoh",
    list_key="kab_contoh",
    reason="assigned",
    message_id="<case.abcdef.2@kab-contoh.example>",
    references=(ROOT, "<case.abcdef.1@kab-contoh.example>"),
)


@pytest.fixture
def settings(mail_sink: MailSink) -> Settings:
    return Settings(
        environment="test",
        secret_key="x" * 32,
        mail_server=mail_sink.host,
        mail_port=mail_sink.port,
        mail_sender="notifikasi@kab-contoh.example",
        mail_reply_to="bantuan@kab-contoh.example",
        files_dir=Path("unused"),
    )


@pytest.fixture
def channel(settings: Settings) -> Channel:
    return shelf.values()["email"](settings)


def _sent(channel: Channel, sink: MailSink, envelope: Envelope = ENVELOPE, letter: Letter = LETTER) -> EmailMessage:
    with channel.open() as line:
        line.send(envelope, letter)
    return sink.messages[-1]


def test_a_mail_has_plain_text_first_and_html_second(channel: Channel, mail_sink: MailSink) -> None:
    mail = _sent(channel, mail_sink)
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content_charset() == html.get_content_charset() == "utf-8"
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert mail["Subject"] == LETTER.subject
    assert mail_sink.recipients == [("budi@daerah.example",)]


def test_headers_say_who_why_and_that_a_machine_wrote_it(channel: Channel, mail_sink: MailSink) -> None:
    mail = _sent(channel, mail_sink)
    assert mail["From"] == "Alur Kabupaten Contoh <notifikasi@kab-contoh.example>"
    assert mail["To"] == '"Budi Santoso, S.E." <budi@daerah.example>'
    assert mail["Reply-To"] == "bantuan@kab-contoh.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["X-Alur-Reason"] == "assigned"
    assert mail["Content-Language"] == "id"
    assert mail["List-Id"] == "Alur Kabupaten Contoh <kab-contoh.kab-contoh.example>"
    assert mail["Date"] is not None
    assert not {"X-Mailer", "User-Agent", "Precedence", "Bcc", "Cc", "List-Unsubscribe"} & set(mail.keys())


def test_a_thread_names_its_root_and_the_latest_mail(channel: Channel, mail_sink: MailSink) -> None:
    mail = _sent(channel, mail_sink)
    assert mail["Message-ID"] == ENVELOPE.message_id
    assert mail["In-Reply-To"] == ENVELOPE.references[-1]
    assert mail["References"].split() == list(ENVELOPE.references)


def test_a_long_thread_survives_the_wire(channel: Channel, mail_sink: MailSink) -> None:
    chain = (ROOT, *(f"<case.{'a' * 30}.{n}@{'sub.' * 5}kab-contoh.example>" for n in range(20)))
    mail = _sent(channel, mail_sink, replace(ENVELOPE, references=chain))
    assert mail["References"].split() == list(chain)


@pytest.mark.parametrize(
    "subject", ["Pengingat: " + "perjanjian kinerja " * 7, "Pengingat: é " + "perjanjian kinerja " * 7]
)
def test_a_long_subject_arrives_as_it_was_written(channel: Channel, mail_sink: MailSink, subject: str) -> None:
    mail = _sent(channel, mail_sink, letter=replace(LETTER, subject=subject.strip()))
    assert mail["Subject"] == subject.strip()
    assert all(len(line) <= 240 for line in mail.as_bytes().splitlines())


def test_a_mail_without_a_thread_has_no_trace_of_one(channel: Channel, mail_sink: MailSink) -> None:
    mail = _sent(channel, mail_sink, replace(ENVELOPE, references=()))
    assert not {"References", "In-Reply-To", "List-Id"} & set(mail.keys())


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: spy@evil.example", "x\nX-Evil: 1", 'x" <spy@evil.example>, "y', "x\r\n\r\nbody"]
)
def test_no_name_can_add_a_header_or_a_recipient(channel: Channel, mail_sink: MailSink, evil: str) -> None:
    mail = _sent(channel, mail_sink, replace(ENVELOPE, to_name=evil, from_name=evil))
    assert mail_sink.recipients == [("budi@daerah.example",)]
    assert not {"Bcc", "X-Evil"} & set(mail.keys())
    assert [address.addr_spec for address in mail["To"].addresses] == ["budi@daerah.example"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["notifikasi@kab-contoh.example"]


@pytest.mark.parametrize(
    "address", ["", "budi", "@x.example", "budi@", "a@b.example\r\nBcc: c@d.example", "a b@c d", "é@daerah.example"]
)
def test_an_address_that_is_none_is_undeliverable(channel: Channel, mail_sink: MailSink, address: str) -> None:
    with channel.open() as line, pytest.raises(Undeliverable):
        line.send(replace(ENVELOPE, to_address=address), LETTER)
    assert mail_sink.messages == []


def test_an_international_domain_is_written_in_ascii(channel: Channel, mail_sink: MailSink) -> None:
    _sent(channel, mail_sink, replace(ENVELOPE, to_address="budi@münchen.example"))
    assert mail_sink.recipients == [("budi@xn--mnchen-3ya.example",)]


def test_a_server_that_is_down_is_unreachable_and_comes_back(channel: Channel, mail_sink: MailSink) -> None:
    mail_sink.stop()
    with pytest.raises(Unreachable), channel.open():
        pass
    mail_sink.start()
    assert _sent(channel, mail_sink)["Message-ID"] == ENVELOPE.message_id


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [("451 4.3.0 try later", Deferred), ("554 5.7.1 we do not want it", Undeliverable), ("421 closing", Unreachable)],
)
def test_what_the_server_answers_decides_whether_to_try_again(
    channel: Channel, mail_sink: MailSink, answer: str, meaning: type[Exception]
) -> None:
    mail_sink.refusal = answer
    with channel.open() as line, pytest.raises(meaning):
        line.send(ENVELOPE, LETTER)


def test_a_server_that_hangs_up_at_once_is_unreachable(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        answering = threading.Thread(target=lambda: server.accept()[0].close())
        answering.start()
        with pytest.raises(Unreachable), shelf.values()["email"](replace(settings, mail_port=port)).open():
            pass
        answering.join()


def test_a_server_without_encryption_gets_nothing_where_encryption_is_asked_for(
    settings: Settings, mail_sink: MailSink
) -> None:
    with pytest.raises(Unreachable), shelf.values()["email"](replace(settings, mail_use_tls=True)).open():
        pass
    assert mail_sink.messages == []


def test_two_mails_go_over_one_line(channel: Channel, mail_sink: MailSink) -> None:
    with channel.open() as line:
        line.send(ENVELOPE, LETTER)
        line.send(replace(ENVELOPE, message_id="<case.abcdef.3@kab-contoh.example>"), LETTER)
    assert len(mail_sink.messages) == 2
