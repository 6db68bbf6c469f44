"""Counts over the sealed cases one reader holds a key of, with small counts left out; without keys, only bare numbers.

Whoever is excluded from a case holds no copy and counts without it. What is told are numbers of cases, never which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import reader_of
from engine.cases.models import Case
from engine.cases.stored import StoredCase, read_case
from engine.channel.files import settings_for
from engine.definitions.model import Definition, Text
from engine.disclosure.case_keys import Kind
from engine.disclosure.declared import WAYS, Declared
from engine.disclosure.keyring import officer
from engine.disclosure.models import CaseKey, SealedCase
from engine.errors import DefinitionError, KeyNeeded
from engine.facts import RunningSla
from engine.field_types.question import Context
from engine.field_types.reading.chosen import options_of, title
from engine.organisation.models import Region
from engine.reports.suppressing import suppressed

FIELDS = ("category", "severity", "outcome", "protection")  # choices that are counted, where a definition has them
BELOW = 3  # of a region whose channel cannot be read
NOT_SAID = Text("Belum ditentukan", "Not decided yet")
WAY_TITLES: Mapping[str, Text] = {
    "anonymous": Text("Tanpa nama", "Anonymous"),
    "confidential": Text("Rahasia", "In confidence"),
    "open": Text("Terbuka", "Open"),
}
ROAD_TITLES: Mapping[str, Text] = {
    "": Text("Halaman pelaporan", "Reporting page"),
    "letter": Text("Surat", "Letter"),
    "desk": Text("Datang langsung", "At the desk"),
    "telephone": Text("Telepon", "Telephone"),
    "box": Text("Kotak pengaduan", "Box"),
    "forwarded": Text("Diteruskan lembaga lain", "Forwarded by another body"),
}
STAGE, KIND = Text("Tahap", "Stage"), Text("Jenis kasus", "Kind of case")
WAY, ROAD, APPEAL = Text("Cara melapor", "Way of reporting"), Text("Saluran", "Channel"), Text("Keberatan", "Appeal")
APPEALS = {"yes": Text("Diajukan", "Made"), "no": Text("Tidak diajukan", "None")}
KEPT = {
    "kept": Text("Tepat waktu", "In time"),
    "late": Text("Terlambat", "Late"),
    "running": Text("Masih berjalan", "Still running"),
}
UNTIL_CLOSED = Text("Hari sampai selesai", "Days until closed")


@dataclass(frozen=True, slots=True)
class Line:
    """``count`` is None where it is too small to be told, or would give another one away."""

    title: Text
    count: int | None


@dataclass(frozen=True, slots=True)
class Table:
    title: Text
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Mean:
    """Whole days on average, None over too few cases."""

    title: Text
    days: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the cases of one year. ``total`` is None when it is smaller than ``below``, and then nothing else is told."""

    year: int
    below: int
    total: int | None
    tables: tuple[Table, ...]
    means: tuple[Mean, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    stored: StoredCase
    kept: SealedCase
    declared: Declared


def statistics(session: Session, person_id: int, year: int, now: datetime) -> Statistics:
    """Over the cases of ``year`` (the day they were opened) whose key the reader has at hand. Raises NotFound for who
    is not there, KeyNeeded without an open key."""
    reader = reader_of(session, person_id, now)
    region = session.get_one(Region, reader.region_id).key
    below = _below(region)
    read = list(_read(session, person_id, reader.region_id, year, now))
    total = len(read)
    if total < below:
        return Statistics(year, below, None, (), ())
    definitions = {_type(each): each.stored.definition for each in read}
    main = _main(read)
    tables = [
        _table(KIND, {key: one.title for key, one in definitions.items()}, map(_type, read), below),
        _table(WAY, {way: WAY_TITLES[way] for way in WAYS}, (one.declared.way for one in read), below),
        _table(ROAD, ROAD_TITLES, (one.declared.came_by for one in read), below),
        *_of_type(definitions[main], [one for one in read if _type(one) == main], below),
    ]
    return Statistics(year, below, total, tuple(tables), tuple(_means(definitions[main], read, main, below)))


def years(session: Session, person_id: int, now: datetime) -> tuple[int, ...]:
    """The years in which cases of this reader were opened, the newest first, this one among them."""
    reader = reader_of(session, person_id, now)
    days = session.scalars(select(SealedCase.opened_on).where(SealedCase.case_id.in_(_mine(person_id)))).all()
    return tuple(sorted({reader.today.year, *(day.year for day in days)}, reverse=True))


def bare_numbers(session: Session, region_id: int, region: str) -> list[tuple[int, Table]]:
    """What the database tells without a key: cases by year, and how many of them have ended; small counts left out."""
    below = _below(region)
    rows = session.execute(
        select(SealedCase.opened_on, SealedCase.ended_on).where(SealedCase.region_id == region_id)
    ).all()
    found = []
    for year in sorted({opened.year for opened, _ in rows}, reverse=True):
        mine = ["ended" if ended else "open" for opened, ended in rows if opened.year == year]
        titles = {"open": Text("Ditangani", "Being handled"), "ended": Text("Selesai", "Ended")}
        of_year = Text(f"Tahun {year}", f"Year {year}")
        found.append((year, _table(of_year, titles, mine, below) if len(mine) >= below else Table(of_year, ())))
    return found


def _mine(person_id: int) -> Any:
    return select(CaseKey.case_id).where(CaseKey.holder == officer(person_id), CaseKey.kind == str(Kind.CONTENT))


def _read(session: Session, person_id: int, region_id: int, year: int, now: datetime) -> Iterable[_Read]:
    wanted = (
        select(SealedCase)
        .join(Case, Case.id == SealedCase.case_id)
        .where(
            SealedCase.region_id == region_id, SealedCase.case_id.in_(_mine(person_id)),
            SealedCase.opened_on.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(SealedCase.case_id)
    )  # fmt: skip
    for kept in session.scalars(wanted):
        stored = read_case(session, kept.case_id, now)
        if stored.seal is None:
            raise KeyNeeded
        yield _Read(stored, kept, Declared.from_text(stored.seal.unlock("declared", kept.declared)))


def _type(one: _Read) -> str:
    return one.stored.definition.case_type


def _main(read: Sequence[_Read]) -> str:
    """The case type most of them are of."""
    return Counter(map(_type, read)).most_common(1)[0][0]


def _of_type(definition: Definition, read: Sequence[_Read], below: int) -> Iterable[Table]:
    """Tables of what only one case type has: its steps, its answers, its clocks."""
    if len(read) < below:
        return
    told = [state.public_title for state in definition.states.values() if state.public_title is not None]
    stages = {shown.id: shown for shown in [*told, *map(_stage, read)]}
    yield _table(STAGE, stages, (_stage(one).id for one in read), below)
    for name in FIELDS:
        field = definition.fields.get(name)
        if field is not None and field.type == "choice":
            options = options_of(field, Context())
            titles = {key: Text(title(options, key, "id"), title(options, key, "en")) for key in options}
            titles[""] = NOT_SAID
            yield _table(field.title, titles, (str(one.stored.facts.answers.get(name) or "") for one in read), below)
    if "appeals" in definition.fields:
        appealed = ("yes" if one.stored.facts.answers.get("appeals") else "no" for one in read)
        yield _table(APPEAL, APPEALS, appealed, below)
    for key, sla in definition.slas.items():
        kept = [_is_kept(one.stored.facts.state.slas[key], one.stored.facts.now) for one in read
                if key in one.stored.facts.state.slas]  # fmt: skip
        if len(kept) >= below:
            yield _table(sla.title, KEPT, kept, below)


def _stage(one: _Read) -> Text:
    """The title a reporter reads, so that steps which look alike outside are one line."""
    states = one.stored.definition.states
    for key in reversed(list(one.stored.facts.state.active)):
        shown = states[key].public_title if key in states else None
        if shown is not None:
            return shown
    return states[next(iter(one.stored.facts.state.active))].title


def _is_kept(sla: RunningSla, now: datetime) -> str:
    if sla.stopped_at is not None:
        return "late" if sla.due_at is not None and sla.stopped_at > sla.due_at else "kept"
    return "late" if sla.due_at is not None and now > sla.due_at else "running"


def _means(definition: Definition, read: Sequence[_Read], main: str, below: int) -> Iterable[Mean]:
    mine = [one for one in read if _type(one) == main]
    closed = [(one.kept.ended_on - one.kept.opened_on).days for one in mine if one.kept.ended_on is not None]
    yield Mean(UNTIL_CLOSED, _mean(closed, below))
    for key, sla in definition.slas.items():
        slas = [one.stored.facts.state.slas[key] for one in mine if key in one.stored.facts.state.slas]
        spans = [(each.stopped_at - each.started_at).days for each in slas if each.stopped_at is not None]
        yield Mean(Text(f"Hari: {sla.title.id}", f"Days: {sla.title.en}"), _mean(spans, below))


def _mean(days: Sequence[int], below: int) -> int | None:
    return round(sum(days) / len(days)) if len(days) >= below else None


def _table(about: Text, titles: Mapping[str, Text], keys: Iterable[str], below: int) -> Table:
    counted = Counter(keys)
    order = [*titles, *sorted(counted.keys() - titles.keys())]
    counts = suppressed([counted[key] for key in order], below)
    lines = (Line(titles.get(key, Text(key, key)), count) for key, count in zip(order, counts, strict=True))
    return Table(about, tuple(lines))


def _below(region: str) -> int:
    try:
        return settings_for(region).suppress_below
    except DefinitionError:
        return BELOW
