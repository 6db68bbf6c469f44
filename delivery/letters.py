"""A queued message becomes a letter in its envelope: the reader's language, the region's clock, the case's thread."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from delivery import without_case
from delivery.channels import Envelope
from delivery.quiet import waits_until
from delivery.reasons import why
from delivery.render import Frame, Letter, render
from delivery.wording import LANGUAGES, Wording, named, names
from engine.definitions.model import Definition, Field, Text
from engine.disclosure.mail_rules import mail_rules
from engine.errors import InvalidInput
from engine.field_types import FIELD_TYPES
from engine.organisation.directory import snapshot
from engine.organisation.models import Person, Region
from engine.outbox.letters import NO_CASE
from engine.outbox.messages import SENT, DueMessage
from engine.outbox.models import Message
from engine.publishing.library import running
from engine.vocabulary import load

log = logging.getLogger("alur.delivery")

LONGEST_THREAD = 20  # earlier mails named in References; the root is always there
FALLBACK = "incident"  # the text of a message whose notification the definition does not know

GREETING = Text("Yth. {name},", "Dear {name},")
SEALED_GREETING = Text("Yth. Petugas,", "Dear officer,")
SEALED_SENDER = Text("Layanan Internal {region}", "Internal Service {region}")
SEALED_WHY = Text(
    "Pertanyaan: datang langsung ke pengelola layanan.", "Questions: come to the service's office in person."
)
SIGN_IN = Text("Halaman masuk: {url}", "Sign in: {url}")
SETTINGS = Text("Ubah pengaturan surel", "Change mail settings")
HELP = Text("Bantuan", "Help")
SAMPLE = Text("[DATA CONTOH]", "[SAMPLE DATA]")
DAYS = {0: Text("hari ini", "today"), 1: Text("besok", "tomorrow")}
PAST = Text("sudah lewat", "overdue")


@dataclass(frozen=True, slots=True)
class Ready:
    """What a channel needs to send one message. ``needs_tls``: in production it leaves encrypted or not at all."""

    channel: str
    envelope: Envelope
    letter: Letter
    needs_tls: bool = False


@dataclass(frozen=True, slots=True)
class Unsendable:
    """A message that has nobody to go to; ``why`` is kept in the outbox."""

    why: str


@dataclass(frozen=True, slots=True)
class Later:
    """A message that has to wait for the morning of a working day."""

    until: datetime


def prepare(session: Session, message: DueMessage, settings: Settings, now: datetime) -> Ready | Unsendable | Later:
    """The letter of ``message`` as its reader wants it, or why there is none now. Only reads."""
    person, region = session.get(Person, message.person_id), session.get(Region, message.region_id)
    if person is None or region is None or not person.is_active:
        return Unsendable("the person no longer works here")
    if not person.email:
        return Unsendable("the person has no mail address")
    language = person.language if person.language in LANGUAGES else settings.default_language
    if message.is_sealed:
        return _sealed(message, person.email, region, settings, language, mail_rules(session, region.id).has_link)
    until = None if message.is_urgent else _quiet_until(session, region, now)
    if until is not None:
        return Later(until)
    if message.case_id == NO_CASE:
        told = without_case.why_and_settings(message.content, language, settings)
        frame = _frame(person.name, told, settings, language)
        letter = without_case.letter(message, language, frame, settings)
        return Ready("email", without_case.envelope(message, person, region, settings), letter)
    definition = running(session, message.digest, region.id, now.astimezone(ZoneInfo(region.timezone)).date(), load())
    if definition.is_sealed:
        return _sealed(message, person.email, region, settings, language)
    notification = definition.notifications.get(message.notification)
    values, brief = _values(message, definition, language, now, ZoneInfo(region.timezone))
    values["url"] = f"{settings.base_url.rstrip('/')}/case/{message.case_id}"
    reason = why(session, message, definition, language, now)
    profile = f"{settings.base_url.rstrip('/')}/profile"
    frame = _frame(person.name, (reason, SETTINGS.into(language), profile), settings, language)
    letter = render(_wording(definition, message.notification), values, frame, language, brief)
    envelope = Envelope(
        to_name=person.name,
        to_address=person.email,
        from_name=f"Alur {region.name}",
        list_key=region.key,
        reason=message.reason,
        message_id=_mail_id(settings, message.case_id, message.id),
        references=_thread(session, message, settings),
    )
    return Ready(notification.channel if notification else "email", envelope, letter)


def _quiet_until(session: Session, region: Region, now: datetime) -> datetime | None:
    try:
        return waits_until(
            now, region.settings or {}, ZoneInfo(region.timezone), snapshot(session, region.id, now).holidays
        )
    except InvalidInput as fault:  # a slip in a setting must not keep mails from people
        log.warning("region %s: %s", region.key, fault)
        return None


def _sealed(
    message: DueMessage, address: str, region: Region, settings: Settings, language: str, has_link: bool = False
) -> Ready:
    """The one constant mail of sealed case types: no case, no thread, no reason (reference §14); no link either, so
    that a forged copy has nothing to imitate, or where a region wants one the page for signing in."""
    frame = Frame(SEALED_GREETING.into(language), SEALED_WHY.into(language))
    identity = hmac.new(settings.secret_key.encode(), f"sealed {message.id}".encode(), hashlib.sha256).hexdigest()[:32]
    envelope = Envelope(
        to_name="",
        to_address=address,
        from_name=SEALED_SENDER.into(language).format(region=region.name),
        list_key="",
        reason="",
        message_id=f"<{identity}@{_domain(settings)}>",
        takes_answers=False,
    )
    wording, values = named("sealed"), {}
    if has_link:
        wording = replace(
            wording, body=Text(*(f"{wording.body.into(each)}\n\n{SIGN_IN.into(each)}" for each in LANGUAGES))
        )
        values["url"] = f"{settings.base_url.rstrip('/')}/sign-in"
    return Ready("email", envelope, render(wording, values, frame, language), needs_tls=True)


def _wording(definition: Definition, key: str) -> Wording:
    notification = definition.notifications.get(key)
    if notification is None:
        return named(key if key in names() else FALLBACK)
    if notification.template is not None:
        return named(notification.template)
    nothing = Text("", "")
    return Wording(notification.subject or nothing, notification.body or nothing)


def _frame(name: str, why_it_came: tuple[str, str, str], settings: Settings, language: str) -> Frame:
    """``why_it_came`` is the reason, and the words and the address where the reader chooses otherwise."""
    reason, label, address = why_it_came
    return Frame(
        greeting=GREETING.into(language).replace("{name}", name),
        why=reason,
        settings_label=label,
        settings_url=address,
        help_label=HELP.into(language),
        help_address=settings.mail_reply_to,
        mark=SAMPLE.into(language) if settings.demo else "",
    )


def _thread(session: Session, message: DueMessage, settings: Settings) -> tuple[str, ...]:
    """The root of the case's thread, then the earlier mails of this case to this person, oldest first."""
    earlier = session.scalars(
        select(Message.message_id)
        .where(
            Message.case_id == message.case_id,
            Message.person_id == message.person_id,
            Message.state == SENT,
            Message.message_id.is_not(None),
            Message.id != message.id,
        )
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(LONGEST_THREAD)
    ).all()
    return (_mail_id(settings, message.case_id, None), *(str(identity) for identity in reversed(earlier)))


def _mail_id(settings: Settings, case_id: int, message_id: int | None) -> str:
    """The same at every attempt, under our own domain, and telling nobody how many cases or mails there are."""
    last = "root" if message_id is None else _token(settings, f"message {message_id}")
    return f"<case.{_token(settings, f'case {case_id}')}.{last}@{_domain(settings)}>"


def _token(settings: Settings, text: str) -> str:
    return hmac.new(settings.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()[:12]


def _domain(settings: Settings) -> str:
    return settings.mail_sender.rpartition("@")[2]


def _values(
    message: DueMessage, definition: Definition, language: str, now: datetime, zone: ZoneInfo
) -> tuple[dict[str, str], dict[str, str]]:
    """The variables in words, and shorter ones for the subject."""
    values = dict.fromkeys(("task.title", "task.due", "actor.name", "comment"), "")
    values["case.number"], values["case.title"] = message.case_number, message.case_title
    brief: dict[str, str] = {}
    for name, given in message.content.items():
        if name == "task.due":
            values[name], brief[name] = _due(given, language, now, zone)
        elif name in values and not name.startswith("case."):  # those are known better by now
            values[name] = _in_language(given, language)
    for key, field in definition.fields.items():
        # Authors may write {period} and {case.period}; anything but ordinary answers stays inside.
        if field.classification == "ordinary":
            given = message.content.get(key, message.content.get(f"case.{key}"))
            values[key] = values[f"case.{key}"] = _answer(given, field, language)
    return values, brief


def _answer(stored: Any, field: Field, language: str) -> str:
    """An answer as people read it; as it was stored where its type cannot tell."""
    kind = FIELD_TYPES.values().get(field.type)
    if stored is None or kind is None:
        return ""
    try:
        return str(kind.show(kind.from_store(stored, field), field, language))
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
        return str(stored)


def _in_language(value: Any, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("id") or "")
    return str(value)


def _due(value: Any, language: str, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """A due moment in the region's time: in full with how near it is, and as a weekday and day."""
    if not value:
        return "", ""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return _in_language(value, language), _in_language(value, language)
    local = moment.astimezone(zone)
    clock = local.strftime("%H.%M" if language == "id" else "%H:%M")
    full = f"{_long_day(local.date(), language)}, {clock} {local.tzname()}"
    near = PAST if moment <= now else DAYS.get((local.date() - now.astimezone(zone).date()).days)
    if near is not None:
        full = f"{full} ({near.into(language)})"
    return full, str(format_date(local.date(), "EEEE d MMMM", locale=language))


def _long_day(day: date, language: str) -> str:
    return str(format_date(day, "EEEE, d MMMM y", locale=language))
