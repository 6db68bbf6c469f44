"""Mail, through the office's own SMTP server.

notifications:
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask import Flask
from flask_mail import Connection, Mail, Message

from config import Settings
from delivery.channels import Deferred, Envelope, Undeliverable, Unreachable, channel
from delivery.render import Letter
from delivery.wording import plain
from engine.clock import Clock, system_clock
from engine.errors import AlurError

SECONDS_TO_ANSWER = 20
LONGEST_NAME = 80
LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
# A subject folded right after its name would be shown with a blank before it; the parts are encoded before this.
ON_THE_WIRE = SMTP.clone(max_line_length=240)
CLOSING = 421
FOR_GOOD = range(500, 600)  # SMTP answers that will not change by trying again


class _PatientConnection(Connection):
    """Flask-Mail's connection, which would wait for ever for a silent server and believe any certificate."""

    def configure_host(self) -> smtplib.SMTP:
        server = smtplib.SMTP(self.mail.server, self.mail.port, timeout=SECONDS_TO_ANSWER)
        try:
            if self.mail.use_tls:
                server.starttls(context=ssl.create_default_context())
            if self.mail.username:
                server.login(self.mail.username, self.mail.password or "")
        except BaseException:
            server.close()
            raise
        return server


class _ReadyMessage(Message):
    """A message whose bytes are made by the standard library: it refuses line breaks in headers by itself, and a
    mail is multipart/alternative without a mixed part around it."""

    def __init__(self, ready: EmailMessage, sender: str, recipient: str) -> None:
        super().__init__(subject=str(ready["Subject"]), recipients=[recipient], sender=sender)
        self._ready = ready

    def as_bytes(self) -> bytes:
        return self._ready.as_bytes(policy=ON_THE_WIRE)


class _OpenLine:
    def __init__(self, settings: Settings, clock: Clock, connection: Connection) -> None:
        self._settings = settings
        self._clock = clock
        self._connection = connection

    def send(self, envelope: Envelope, letter: Letter) -> None:
        """One mail to one person; see ``Line``."""
        recipient = _address(envelope.to_address, plain(envelope.to_name, letter.language, LONGEST_NAME))
        ready = _compose(envelope, letter, recipient, self._settings)
        ready["Date"] = format_datetime(self._clock())
        message = _ReadyMessage(ready, self._settings.mail_sender, recipient.addr_spec)
        try:
            self._connection.send(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise _failure(code, f"the mail server refuses the address ({code})") from error
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, f"the mail server refuses the message ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"the mail server broke off ({type(error).__name__})") from error


@channel("email")
class Email:
    """Mails of this installation: one connection a round, no line open between rounds."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self._settings = settings
        self._clock = clock
        # Flask-Mail lives in an application; this one has no pages.
        self._app = Flask("alur-mail")
        self._app.config.update(
            MAIL_SERVER=settings.mail_server,
            MAIL_PORT=settings.mail_port,
            MAIL_USERNAME=settings.mail_username or None,
            MAIL_PASSWORD=settings.mail_password or None,
            MAIL_USE_TLS=settings.mail_use_tls,
            MAIL_DEFAULT_SENDER=settings.mail_sender,
        )
        self._mail = Mail(self._app)

    @contextmanager
    def open(self) -> Iterator[_OpenLine]:
        """A line to the mail server; raises Unreachable when it does not answer."""
        connection = _PatientConnection(self._mail)
        with self._app.app_context():
            try:
                connection.__enter__()
            except (smtplib.SMTPException, OSError) as error:
                raise Unreachable(f"the mail server does not answer ({type(error).__name__})") from error
            try:
                yield _OpenLine(self._settings, self._clock, connection)
            finally:
                _hang_up(connection)


def _hang_up(connection: Connection) -> None:
    host = connection.host
    if host is not None:
        try:
            host.quit()
        except (smtplib.SMTPException, OSError):
            host.close()


def _failure(code: int, sentence: str) -> AlurError:
    if code == CLOSING:
        return Unreachable(sentence)
    return Undeliverable(sentence) if code in FOR_GOOD else Deferred(sentence)


def _address(address: str, name: str) -> Address:
    """An address that may stand in a header. One that cannot is Undeliverable."""
    local, _, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Undeliverable("the address is not one") from error
    if not LOCAL_PART.fullmatch(local) or not DOMAIN.fullmatch(ascii_domain):
        raise Undeliverable("the address is not one")
    return Address(name, username=local, domain=ascii_domain)


def _compose(envelope: Envelope, letter: Letter, recipient: Address, settings: Settings) -> EmailMessage:
    from_name = plain(envelope.from_name, letter.language, LONGEST_NAME)
    sender = Address(from_name, addr_spec=settings.mail_sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    if settings.mail_reply_to and envelope.takes_answers:
        message["Reply-To"] = settings.mail_reply_to
    message["Subject"] = letter.subject
    message["Message-ID"] = envelope.message_id
    if envelope.references:
        message["In-Reply-To"] = envelope.references[-1]
        message["References"] = " ".join(envelope.references)
        message["List-Id"] = f"{from_name} <{envelope.list_key.replace('_', '-')}.{sender.domain}>"
    if envelope.stop_url:
        message["List-Unsubscribe"] = f"<{envelope.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines stay silent
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    if envelope.reason:
        message["X-Alur-Reason"] = envelope.reason
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = letter.language  # only now: making parts moves such headers into the first of them
    return message
