"""The figures of a dashboard by mail once a month, for whoever asked for them, with the filters they chose (§10).

What was achieved and what is late stand apart, and each number leads to its list. The choice is a setting of the
person's own; the letter goes into the outbox once a month, however often the worker looks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from engine.database import Database
from engine.definitions.model import Text
from engine.errors import AlurError, InvalidInput, NotFound
from engine.organisation.models import Person, Region
from engine.outbox.letters import is_queued, queue_letter
from sakip.configuration.parse_periods import MONTHS
from sakip.counted import counted
from sakip.figures import FIGURES
from sakip.looking import Filters, Viewer, read_filters, viewer_of
from sakip.predicates_of import graded, newest

log = logging.getLogger("alur.sakip")

KIND = "performance.monthly"
SETTING = "performance_monthly"  # in the person's mail settings
FILTERS = ("role", "year", "span", "unit")  # of a dashboard's address
FIRST_DAY, LAST_DAY, USUAL_DAY = 1, 28, 5  # every month has them
AT = time(7)  # where the region is
PLACE, STOP = "/performance/monthly", "/performance/monthly/stop/"
ACHIEVED = ("below_target", "indicators", "unit_results", "unverified", "recommendations", "refused_evidence",
            "integrity", "worksheets")  # fmt: skip
LATE = ("late_documents", "approvals_waiting", "not_reporting")
ALWAYS = ("below_target", "indicators", "late_documents")  # said though it is none


@dataclass(frozen=True, slots=True)
class Monthly:
    """What a person asked for: on which day of the month, the filters of the dashboard, and since when."""

    day: int
    filters: Mapping[str, str]
    since: datetime


def monthly_of(session: Session, person_id: int) -> Monthly | None:
    """What a person asked for; None for nothing. Raises NotFound for somebody who is not there."""
    return _read(_person(session, person_id))


@dataclass(frozen=True, slots=True)
class MonthlyPage:
    """The choice as its page shows it: what was asked for, the filters looked at with the look they make, the address
    letters go to. ``is_lost``: what was asked for is not the person's to see any more, and no letter leaves."""

    asked: Monthly | None
    chosen: Mapping[str, str]
    viewer: Viewer
    filters: Filters
    is_lost: bool
    email: str | None


def monthly_page(session: Session, person_id: int, wanted: Mapping[str, str], now: datetime) -> MonthlyPage:
    """The page with the filters of an address, without any with those that were asked for. Raises NotFound for filters
    of an address that are not there or not the person's to use."""
    person = _person(session, person_id)
    asked, is_lost = _read(person), False
    chosen = dict(wanted)
    if not chosen and asked is not None:
        try:
            viewer, filters = _look(session, person_id, asked.filters, now)
            return MonthlyPage(asked, dict(asked.filters), viewer, filters, False, person.email)
        except NotFound:  # another office since, or a unit that is gone: this page is where it ends
            is_lost = True
    return MonthlyPage(asked, chosen, *_look(session, person_id, chosen, now), is_lost, person.email)


def _look(session: Session, person_id: int, filters: Mapping[str, str], now: datetime) -> tuple[Viewer, Filters]:
    viewer = viewer_of(session, person_id, now, filters.get("role", ""))
    return viewer, read_filters(viewer, filters)


def subscribe(session: Session, person_id: int, day: int, filters: Mapping[str, str], now: datetime) -> None:
    """Ask for the mail, or for another day and other filters; the caller commits. Raises InvalidInput for a day that
    not every month has, NotFound for filters that are not the person's to use."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InvalidInput("The day has to be one that every month has.")
    kept = {name: value for name in FILTERS if (value := filters.get(name, ""))}
    read_filters(viewer_of(session, person_id, now, kept.get("role", "")), kept)
    person = _person(session, person_id)
    chosen = {"day": day, "filters": kept, "since": now.isoformat()}
    person.mail_settings = {**(person.mail_settings or {}), SETTING: chosen}
    session.flush()


def unsubscribe(session: Session, person_id: int) -> None:
    """Ask for it no more; asked twice, nothing happens. The caller commits. Raises NotFound."""
    person = _person(session, person_id)
    person.mail_settings = {name: value for name, value in (person.mail_settings or {}).items() if name != SETTING}
    session.flush()


def send_due(database: Database, now: datetime) -> int:
    """Put the letters of this month into the outbox whose day has come; returns how many."""
    with database.reading() as session:
        due = list(_due(session, now))
    sent = 0
    for person_id, region_id, number, asked in due:
        with database.writing.begin() as session:
            if is_queued(session, person_id, KIND, number):
                continue
            try:
                content = letter_of(session, person_id, asked, now)
            except AlurError as refused:  # another office, a unit that is gone: their next look at the page says so
                log.info("no monthly mail for person %d: %s", person_id, refused)
                continue
            queue_letter(session, region_id, person_id, KIND, number, content, now)
            sent += 1
    return sent


def _due(session: Session, now: datetime) -> Iterator[tuple[int, int, int, Monthly]]:
    query = select(Person, Region.timezone).join(Region, Region.id == Person.region_id)
    query = query.where(Person.is_active, cast(Person.mail_settings, String).contains(f'"{SETTING}"'))
    for person, zone in session.execute(query):
        asked, here = _read(person), now.astimezone(ZoneInfo(zone))
        if asked is None:
            continue
        moment = datetime.combine(date(here.year, here.month, asked.day), AT, here.tzinfo)
        number = here.year * 100 + here.month
        if asked.since <= moment <= here and not is_queued(session, person.id, KIND, number):
            yield person.id, person.region_id, number, asked


def letter_of(session: Session, person_id: int, asked: Monthly, now: datetime) -> dict[str, Any]:
    """What the letter says (``delivery.without_case``). Raises NotFound where the filters are not theirs any more."""
    viewer = viewer_of(session, person_id, now, asked.filters.get("role", ""))
    filters = read_filters(viewer, asked.filters)
    below = _count(session, viewer, filters, "below_target")
    name = filters.unit.name if filters.unit else _name(session, viewer)
    month = MONTHS[viewer.today.month - 1]
    of_month = {one: f"{month.into(one)} {viewer.today.year}" for one in ("id", "en")}
    return {
        "subject": {
            "id": f"Kinerja {name}, {of_month['id']}: {below} indikator di bawah target",
            "en": f"Performance of {name}, {of_month['en']}: {counted(below, 'indicator', 'indicators')} below target",
        },
        "lead": {
            "id": f"Angka kinerja {name}, tahun {filters.year}, dihitung {viewer.today.day} {of_month['id']}.",
            "en": f"The figures of {name}, {filters.year}, computed on {viewer.today.day} {of_month['en']}.",
        },
        "parts": [part for part in _parts(session, viewer, filters, asked) if part["lines"]],
        "button": {
            "words": {"id": "Buka halaman kinerja", "en": "Open the dashboard"},
            "path": _path("/performance", asked.filters),
        },
        "why": {
            "id": "Anda menerima surel ini karena Anda memintanya setiap bulan.",
            "en": "You receive this mail because you asked for it every month.",
        },
        "settings": {"words": {"id": "Ubah pilihannya", "en": "Choose otherwise"}, "path": PLACE},
        "stop": STOP,
    }  # fmt: skip


def _parts(session: Session, viewer: Viewer, filters: Filters, asked: Monthly) -> Iterator[dict[str, Any]]:
    yield {
        "title": {"id": "Capaian", "en": "Achievement"},
        "lines": [*_predicate(session, viewer, filters, asked), *_lines(session, viewer, filters, asked, ACHIEVED)],
    }
    yield {
        "title": {"id": "Keterlambatan", "en": "What is late"},
        "note": {"id": "Tidak memengaruhi angka kinerja.", "en": "No performance number changes by it."},
        "lines": _lines(session, viewer, filters, asked, LATE),
    }


def _lines(
    session: Session, viewer: Viewer, filters: Filters, asked: Monthly, names: tuple[str, ...]
) -> list[dict[str, Any]]:
    found = []
    for name in names:
        if viewer.role in FIGURES.values()[name].roles:
            count = _count(session, viewer, filters, name)
            if count or name in ALWAYS:
                found.append(_line(FIGURES.values()[name].sentence(count), f"/performance/list/{name}", asked))
    return found


def _predicate(session: Session, viewer: Viewer, filters: Filters, asked: Monthly) -> list[dict[str, Any]]:
    found = newest(graded(session, viewer, filters))
    if found is None or viewer.role not in FIGURES.values()["predicates"].roles:
        return []
    score = f" ({found.score.replace('.', ',')})" if found.score else ""
    english = f" ({found.score})" if found.score else ""
    said = Text(
        f"{found.title.id} {found.year}: {found.short}{score}", f"{found.title.en} {found.year}: {found.short}{english}"
    )
    return [_line(said, "/performance/list/predicates", asked)]


def _count(session: Session, viewer: Viewer, filters: Filters, name: str) -> int:
    return FIGURES.values()[name].list(session, viewer, filters).count(session)


def _line(words: Text, place: str, asked: Monthly) -> dict[str, Any]:
    return {"words": {"id": words.id, "en": words.en}, "path": _path(place, asked.filters)}


def _path(place: str, filters: Mapping[str, str]) -> str:
    chosen = [(name, filters[name]) for name in FILTERS if name in filters]
    return f"{place}?{urlencode(chosen)}" if chosen else place


def _name(session: Session, viewer: Viewer) -> str:
    if viewer.unit_ids is not None and viewer.units:
        return ", ".join(unit.name for unit in viewer.units)
    return session.get_one(Region, viewer.region_id).name


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _read(person: Person) -> Monthly | None:
    chosen = (person.mail_settings or {}).get(SETTING)
    if not chosen:
        return None
    return Monthly(int(chosen["day"]), dict(chosen["filters"]), datetime.fromisoformat(chosen["since"]))
