"""What is missing before a region can work with sealed cases: an escrow, custodians, officers' keys, the pepper.

It stands above the cases because it asks both: definitions, for the roles that need a key, and keys, for who has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import system_clock
from engine.definitions.model import Definition, Role, Text
from engine.disclosure.ceremony import escrow_state
from engine.disclosure.custodians import CUSTODIANS, custodians
from engine.disclosure.models import DisclosureRegion
from engine.disclosure.overview import KeyLine, key_lines
from engine.facts import Audience, CaseFacts, CaseState
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.models import Region
from engine.publishing import library
from engine.vocabulary import load

MOST_NAMES = 6  # in one sentence
TOO_FEW_CUSTODIANS = "few_custodians"  # the code of that finding
FEWEST_CUSTODIANS = 3  # with two, one who falls ill leaves nobody to agree to a release


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """``code`` for programs; ``level`` is ok, warning or missing; ``text`` says what is, and what to do."""

    code: str
    level: str
    text: Text


def sealed_definitions(session: Session, region_id: int, now: datetime) -> list[Definition]:
    """The sealed case types that count in the region on that day."""
    day, words = snapshot(session, region_id, now).day(now), load()
    found = library.newest_of_all(session, region_id, day).values()
    definitions = [library.definition(session, version.digest, words) for version in found]
    return [definition for definition in definitions if definition.is_sealed]


def people_who_need_keys(session: Session, region_id: int, now: datetime) -> dict[int, tuple[Text, ...]]:
    """Who handles sealed cases by group or position, and by which roles; custodians are among them. People that a case
    itself names (the head of the unit concerned, an expert) are not known before there is one."""
    directory = snapshot(session, region_id, now)
    found: dict[int, dict[str, Text]] = {}
    definitions = sealed_definitions(session, region_id, now)
    for definition in definitions:
        for role in definition.roles.values():
            for person in _people(directory, role, now):
                found.setdefault(int(person), {})[role.key] = role.title
    if definitions:
        for one in custodians(directory, now):
            found.setdefault(one, {})[CUSTODIANS] = Text("Penjaga kunci", "Custodian")
    return {person: tuple(titles.values()) for person, titles in found.items()}


def check_keys(
    session: Session, region_id: int, has_pepper: bool, now: datetime
) -> tuple[list[KeyFinding], list[KeyLine]]:
    """What is missing in this region, and everybody who has or needs a key. No finding when nothing sealed is published
    and no ceremony was held: then the region does without."""
    needed = people_who_need_keys(session, region_id, now)
    lines = key_lines(session, region_id, {person: [text.id for text in titles] for person, titles in needed.items()})
    escrow = escrow_state(session, region_id)
    if not needed and not escrow.is_made:
        return [], lines
    findings = [
        *_of_region(escrow.is_made, has_pepper),
        *_of_custodians(session, region_id, lines, now),
        *_of_people(lines),
    ]
    return findings or [KeyFinding("keys", "ok", Text("semuanya lengkap", "everything is there"))], lines


def regions_with_keys(session: Session) -> list[Region]:
    """The regions for whom sealed cases are prepared: a ceremony was held, or something sealed is published there."""
    rows = session.scalars(select(Region).order_by(Region.id)).all()
    prepared = set(session.scalars(select(DisclosureRegion.region_id)))
    now = system_clock()
    return [row for row in rows if row.id in prepared or sealed_definitions(session, row.id, now)]


def _of_region(has_escrow: bool, has_pepper: bool) -> Iterator[KeyFinding]:
    if not has_escrow:
        yield KeyFinding("no_escrow", "missing", Text(
            "upacara kunci belum diadakan: flask disclosure ceremony",
            "no key ceremony was held: flask disclosure ceremony",
        ))  # fmt: skip
    if not has_pepper:
        yield KeyFinding("no_pepper", "missing", Text(
            "ALUR_RECEIPT_PEPPER kosong atau terlalu pendek: kode laporan tidak dapat dibuat",
            "ALUR_RECEIPT_PEPPER is missing or too short: no receipt can be made",
        ))  # fmt: skip


def _of_custodians(session: Session, region_id: int, lines: list[KeyLine], now: datetime) -> Iterator[KeyFinding]:
    group = custodians(snapshot(session, region_id, now), now)
    ready = sum(line.person_id in group and line.has_key and line.is_active for line in lines)
    if ready < FEWEST_CUSTODIANS:
        level = "missing" if ready < 2 else "warning"  # a release needs two of them
        yield KeyFinding(TOO_FEW_CUSTODIANS, level, Text(
            f"hanya {ready} penjaga kunci yang memiliki kunci; perlu {FEWEST_CUSTODIANS}",
            f"only {ready} {'custodian has' if ready == 1 else 'custodians have'} a key;"
            f" {FEWEST_CUSTODIANS} are needed",
        ))  # fmt: skip


def _of_people(lines: list[KeyLine]) -> Iterator[KeyFinding]:
    without = [line.name for line in lines if line.roles and not line.has_key]
    if without:
        yield KeyFinding("no_key", "warning", Text(
            f"belum memiliki kunci, jadi tidak menerima kasus: {_some(without)}",
            f"have no key, so they are given no case: {_some(without)}",
        ))  # fmt: skip
    locked = [line.name for line in lines if line.is_out_of_reach and line.is_active]
    if locked:
        yield KeyFinding("out_of_reach", "warning", Text(
            f"kuncinya terkunci sejak kata sandinya diganti orang lain: {_some(locked)}",
            f"their key is locked since somebody else set their password: {_some(locked)}",
        ))  # fmt: skip
    waiting = [line.name for line in lines if line.waits and line.is_active]
    if waiting:
        yield KeyFinding("waits", "warning", Text(
            f"belum menyetujui upacara kunci terakhir, jadi tidak dapat dipulihkan: {_some(waiting)}",
            f"have not agreed to the newest ceremony, so nobody can recover their keys: {_some(waiting)}",
        ))  # fmt: skip
    for line in lines:
        if line.alone and (not line.is_active or line.is_out_of_reach):
            yield KeyFinding("last_copy", "missing", Text(
                f"ada kasus yang hanya dapat dibuka dengan kunci {line.name}, yang tidak dapat"
                " memakainya lagi: flask disclosure hand-over",
                f"some cases open only with the key of {line.name}, who cannot use it any more:"
                " flask disclosure hand-over",
            ))  # fmt: skip


def _some(names: list[str]) -> str:
    """A few of the names, and how many more there are."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" (+{more})" if more > 0 else "")


def _no_case(directory: StoreDirectory, now: datetime) -> CaseFacts:
    """A case of which nothing is known: only roles that do not look at it find anybody."""
    return CaseFacts(
        case_type="", number=None, title="", region=directory.region_key, unit=None, initiator=None, opened_at=now,
        revision=0, state=CaseState(), answers={}, now=now, directory=directory,
    )  # fmt: skip


def _people(directory: StoreDirectory, role: Role, now: datetime) -> Iterator[str]:
    group = role.options.get("group")
    if role.resolve in ("group", "case_role") and group:
        audiences: tuple[Audience, ...] = (Audience("group", group),)
    else:
        audiences = directory.audiences(role, _no_case(directory, now))
    for audience in audiences:
        for seat in directory.seats(audience, now):
            yield str(seat.person)
