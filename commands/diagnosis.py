"""What an installation needs to be sound, asked one question at a time. Nothing here changes anything."""

from __future__ import annotations

import os
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import holidays
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from commands import diagnosis_machine as machine
from commands.disclosure import has_pepper
from config import Settings
from delivery.connectors.addresses import read_addresses
from engine.channel.published import faults_of_files, faults_of_regions
from engine.clock import system_clock
from engine.database import open_database
from engine.definitions.sealed_files import is_private
from engine.disclosure import passed_on
from engine.errors import EnvironmentFault
from engine.migration import schema_state
from engine.organisation.accounts import has_demo_accounts
from engine.organisation.models import Holiday, Region
from engine.outbox.models import Message
from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import Publication
from engine.publishing.verify import verify_all
from engine.reports.key_checks import TOO_FEW_CUSTODIANS, KeyFinding, check_keys, regions_with_keys
from engine.timers import heartbeat

FRESH = timedelta(minutes=2)
LEAST_FREE = 1_000_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """``level`` is ok, warning or missing; ``sentence`` says what is and, if need be, what to do."""

    check: str
    level: str
    sentence: str


def diagnose(settings: Settings) -> list[Finding]:
    """Every question asked of this installation, in an order in which the first missing thing is the one to mend."""
    findings = [*_settings(settings), _files(settings), _cache(settings), _mail(settings), _connectors(settings)]
    findings += _reports(settings)
    findings += [Finding(*machine.backups(settings)), Finding(*machine.private_files(settings))]
    try:
        state = schema_state(settings.database_url)
    except (SQLAlchemyError, EnvironmentFault) as fault:
        return [*findings, Finding("database", "missing", f"does not answer: {str(fault).splitlines()[0]}")]
    if state != "newest":
        return [*findings, Finding("database", "missing", f"is {state}: run flask db upgrade")]
    findings.append(Finding("database", "ok", "answers and is at the newest migration"))
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            questions: tuple[Callable[[Settings, Session], Finding], ...] = (
                _accounts, _definitions, _worker, _outbox, _calendar, _channels, _audit,
            )  # fmt: skip
            findings += [question(settings, session) for question in questions]
            findings += _keys(settings, session)
            has_sealed = bool(regions_with_keys(session))
            findings.append(Finding(*machine.private_mail(settings, has_sealed)))
            findings += [Finding(*one) for one in machine.memory_on_disk(has_sealed)]
    finally:
        database.close()
    return findings


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.is_production:
        yield Finding("settings", "ok", "production")
    else:
        yield Finding("settings", "warning", f"ALUR_ENV is {settings.environment}; a real office needs production")
    if settings.is_production and not settings.is_https:
        yield Finding("https", "missing", "ALUR_BASE_URL must begin with https://, or passwords travel in the clear")
    if settings.is_https and settings.trusted_proxies == 0:
        yield Finding("proxy", "warning", "ALUR_TRUSTED_PROXIES is 0: behind a proxy everybody looks like one address")


def _files(settings: Settings) -> Finding:
    folder = settings.files_dir
    parent = next((each for each in (folder, *folder.parents) if each.is_dir()), None)
    if parent is None or not os.access(parent, os.W_OK):
        return Finding("files", "missing", f"{folder} cannot be written to")
    if shutil.disk_usage(parent).free < LEAST_FREE:
        return Finding("files", "warning", f"less than 1 GB is free under {folder}")
    return Finding("files", "ok", f"{folder} can be written to")


def _cache(settings: Settings) -> Finding:
    """Without the folder everything works, but each start reads every definition from its texts."""
    folder = settings.cache_dir
    if not folder.exists():
        parent = next((each for each in folder.parents if each.exists()), None)
        if parent is None or not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            return Finding("cache", "warning", f"{folder} cannot be made; definitions are compiled at each start")
        return Finding("cache", "ok", f"{folder} will be made when a definition is compiled")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("cache", "warning", f"{folder} cannot be written to; definitions are compiled at each start")
    if not is_private(folder):
        sentence = f"{folder} is open to others and is not used: make it this account's alone, chmod 700 {folder}"
        return Finding("cache", "warning", sentence)
    return Finding("cache", "ok", f"{folder} can be written to and is this account's alone")


def _mail(settings: Settings) -> Finding:
    try:
        with smtplib.SMTP(settings.mail_server, settings.mail_port, timeout=5) as server:
            server.noop()
    except OSError as fault:
        place = f"{settings.mail_server}:{settings.mail_port}"
        return Finding("mail", "missing", f"no mail server at {place} ({fault}); mails wait in the outbox")
    return Finding("mail", "ok", f"{settings.mail_server}:{settings.mail_port} answers")


def _connectors(settings: Settings) -> Finding:
    try:
        addresses = read_addresses(settings.connectors_file)
    except EnvironmentFault as fault:
        return Finding("connectors", "missing", str(fault))
    names = ", ".join(sorted({name for name, _region in addresses}))
    return Finding("connectors", "ok", f"addresses of: {names}" if names else "no address outside is configured")


def _reports(settings: Settings) -> Iterator[Finding]:
    """The reporting pages: a host name of their own, by https, behind a proxy that keeps addresses to itself."""
    if not settings.report_url:
        return
    if settings.is_production and not settings.report_url.startswith("https://"):
        yield Finding("reports", "missing", "ALUR_REPORT_URL must begin with https://")
    if urlsplit(settings.report_url).netloc == urlsplit(settings.base_url).netloc:
        yield Finding("reports", "missing", "ALUR_REPORT_URL must be another host name or port than ALUR_BASE_URL")
    day = passed_on.last_noted(settings.sealed_dir, system_clock().date())
    if day is not None:
        sentence = f"requests came with addresses of visitors in them, last on {day}: a proxy passes them on"
        yield Finding("reports", "warning", f"{sentence}; see docs/how-to/run-a-reporting-channel.md")


def _accounts(settings: Settings, session: Session) -> Finding:
    if not has_demo_accounts(session):
        return Finding("accounts", "ok", "no demonstration accounts")
    level = "missing" if settings.is_production else "warning"
    return Finding("accounts", level, "demonstration accounts with a published password exist")


def _definitions(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    names = session.scalars(select(Publication.case_type).distinct()).all()
    others = sum(SEPARATOR in name for name in names)  # files of other kinds, such as measurements and rubrics
    if len(names) == others:
        return Finding("definitions", "missing", "none is published: flask workflow publish PATH --reason … --yes")
    beside = f", files of other kinds: {others}" if others else ""
    return Finding("definitions", "ok", f"case types published: {len(names) - others}{beside}")


def _worker(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    seen = heartbeat.last_seen(session)
    if seen is None or system_clock() - seen > FRESH:
        return Finding("worker", "missing", "none is running: deadlines pass unseen and mails wait; flask worker")
    return Finding("worker", "ok", "seen in the last two minutes")


def _outbox(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    failed = session.scalar(select(func.count()).select_from(Message).where(Message.state == "failed")) or 0
    if failed:
        return Finding("outbox", "warning", f"{failed} mails could not be sent; see the outbox in the administration")
    return Finding("outbox", "ok", "no mail has failed")


def _calendar(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    """Joint leave days are decreed late in the year before; without them deadlines of the new year are too early."""
    year = system_clock().year + 1
    if holidays.country_holidays("ID", years=year, categories=("government",)):
        return Finding("calendar", "ok", f"joint leave days of {year} are known")
    within = Holiday.on_date.between(date(year, 1, 1), date(year, 12, 31))
    own = session.scalar(select(func.count()).select_from(Holiday).where(within))
    if own:
        return Finding("calendar", "ok", f"holidays of {year} are in the region's own table")
    return Finding("calendar", "warning", f"no joint leave days of {year} are known; enter them once they are decreed")


def _channels(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    """The first fault of a reporting channel; ``flask disclosure lint`` says all of the files."""
    faults = [
        *faults_of_files(),
        *(one for found in faults_of_regions(session, system_clock()).values() for one in found),
    ]
    if not faults:
        return Finding("channels", "ok", "the reporting channels' files can be used and fit what is published")
    first = faults[0]
    level = "missing" if first.is_error else "warning"
    return Finding("channels", level, f"{first.file}:{first.line}: {first.message.en} flask disclosure lint says all")


def _keys(settings: Settings, session: Session) -> Iterator[Finding]:
    """Of the custodians and of everything else the worst there is; ``flask disclosure check`` says all."""
    found = [
        (region.key, finding)
        for region in regions_with_keys(session)
        for finding in check_keys(session, region.id, has_pepper(settings), system_clock())[0]
    ]
    if not found:
        yield Finding("keys", "ok", "no region works with sealed cases")
        return
    few = [(key, one) for key, one in found if one.code == TOO_FEW_CUSTODIANS]
    yield _worst("custodians", few, "every region with sealed cases has enough of them")
    others = [one for one in found if one not in few]
    yield _worst("keys", others, "escrow, pepper and officers of every region with sealed cases have what they need")


def _worst(check: str, found: list[tuple[str, KeyFinding]], sentence: str) -> Finding:
    for level in ("missing", "warning"):
        first = next(((key, one) for key, one in found if one.level == level), None)
        if first is not None:
            return Finding(check, level, f"{first[0]}: {first[1].text.en}; flask disclosure check says all")
    return Finding(check, "ok", sentence)


def _audit(settings: Settings, session: Session) -> Finding:  # noqa: ARG001
    if session.scalar(select(func.count()).select_from(Region)) == 0:
        return Finding("audit", "ok", "nothing to verify yet")
    findings = verify_all(session)
    if findings:
        return Finding("audit", "missing", f"{len(findings)} rows do not fit: flask audit verify")
    return Finding("audit", "ok", "every chain holds")
