"""The SMTP server of the tests is a real one."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest

from tests.mail_sink import MailSink


def _send(sink: MailSink, subject: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@daerah.example", "b@daerah.example"
    message.set_content("Isi")
    with smtplib.SMTP(sink.host, sink.port) as connection:
        connection.send_message(message)


def test_a_mail_sent_arrives(mail_sink: MailSink) -> None:
    _send(mail_sink, "Halo")
    assert [message["Subject"] for message in mail_sink.messages] == ["Halo"]
    assert mail_sink.recipients == [("b@daerah.example",)]


def test_a_refusal_is_told_to_the_sender(mail_sink: MailSink) -> None:
    mail_sink.refusal = "451 Coba lagi nanti"
    with pytest.raises(smtplib.SMTPDataError, match="Coba lagi"):
        _send(mail_sink, "Halo")


def test_a_server_that_is_down_refuses_the_connection_and_comes_back(mail_sink: MailSink) -> None:
    mail_sink.stop()
    with pytest.raises(OSError):
        _send(mail_sink, "Hilang")
    mail_sink.start()
    _send(mail_sink, "Sampai")
    assert [message["Subject"] for message in mail_sink.messages] == ["Sampai"]
