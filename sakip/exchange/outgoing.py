"""What a region holds as rows for other programs: tree, targets, realisations, results, scores, documents (§12).

Trees, realisations and answers come out in the columns in which they are brought in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.organisation.models import Region, Unit
from sakip.exchange.writing import Value
from sakip.facts.due import names_of
from sakip.facts.models import EvidencePiece, RealisationRow, ResultRow, ScoreRow
from sakip.facts.published_reports import FIGURE as PUBLISHED_REPORT
from sakip.facts.realisations import TEXTS
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.facts.subjects import HeldIndicator, held_on, indicators_of
from sakip.facts.targets import targets_on
from sakip.standing import configuration_of
from sakip.tree.target_text import FILES as AS_FILES
from sakip.tree.target_text import text_of_target
from sakip.values import Range, Target

Row = Sequence[Value]
FILES = "file"
CASES = "case"
AT_ONCE = 2_000  # rows read at a time: a file may hold hundreds of thousands


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are wanted: of a region, of a unit with all below it (None: everything), of a fiscal year (None: all
    years; targets need one), as things stand on a local day."""

    region_id: int
    unit_id: int | None
    year: int | None
    on: date


class Places:
    """The units rows may be about, and what they are called; the region itself is called by its own key."""

    def __init__(self, session: Session, asked: Asked) -> None:
        region = session.get_one(Region, asked.region_id)
        self.zone, self._region, self._is_whole = ZoneInfo(region.timezone), region.key, asked.unit_id is None
        query = select(Unit.id, Unit.key, Unit.path).where(Unit.region_id == asked.region_id)
        mark = f"/{asked.unit_id}/"
        self._keys = {
            unit: key
            for unit, key, path in session.execute(query)
            if self._is_whole or mark in f"/{path.strip('/')}/" or unit == asked.unit_id
        }

    def wants(self, unit_id: int | None) -> bool:
        """Whether rows of this unit are asked for."""
        return self._is_whole if unit_id is None else unit_id in self._keys

    def name(self, unit_id: int | None) -> str:
        """What it is called."""
        return self._region if unit_id is None else self._keys[unit_id]

    def moment(self, at: datetime | None) -> datetime | None:
        """A moment on the region's clock."""
        return None if at is None else at.astimezone(self.zone).replace(microsecond=0)


def target_cell(target: Target | None) -> Value:
    """A target as a cell: a number stays one, all else is the text that stands for it."""
    if target is None or isinstance(target, Fraction | bool):
        return target
    return text_of_target(target, AS_FILES)


def value_cell(plain: Any) -> Value:
    """What was reached as a cell."""
    value = realisation_from_plain(plain)
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else value


def source_cell(case_id: int | None, digest: str | None) -> str:
    """From where a fact comes."""
    if case_id is not None:
        return f"{CASES}:{case_id}"
    return "" if digest is None else f"{FILES}:{digest[:12]}"


TARGETS = ("unit", "indicator", "name", "measure", "year", "period", "target", "from", "to")


def targets(session: Session, asked: Asked) -> Iterator[Row]:
    """Every target in force on the day, of periods and of the year; the ends of a range stand in columns too."""
    places = Places(session, asked)
    year = asked.on.year if asked.year is None else asked.year
    held = _indicators(session, asked, places, year)
    names = _names(session, asked, held)
    for key, found in targets_on(session, asked.region_id, list(held), year, asked.on).items():
        one = held[key]
        for period, target in found.items():
            if target is not None:
                ends = (target.low, target.high) if isinstance(target, Range) else (None, None)
                yield (
                    places.name(one.unit), key, names[key], one.measured.unit, year, period, target_cell(target), *ends
                )  # fmt: skip


REALISATIONS = (
    "unit", "indicator", "name", "measure", "year", "period", "value", "not_issued", "state", *TEXTS, "source", "at",
)  # fmt: skip


def realisations(session: Session, asked: Asked) -> Iterator[Row]:
    """Every realisation that counts today."""
    places = Places(session, asked)
    query = select(RealisationRow).where(RealisationRow.region_id == asked.region_id, RealisationRow.is_current)
    for year in _years(session, asked, RealisationRow):
        held = _indicators(session, asked, places, year)
        names = _names(session, asked, held)
        of_year = query.where(RealisationRow.year == year)
        for row in session.scalars(of_year.order_by(RealisationRow.indicator_key, RealisationRow.period)):
            if places.wants(row.unit_id):
                one = held.get(row.indicator_key)
                yield (
                    places.name(row.unit_id), row.indicator_key, names.get(row.indicator_key, ""),
                    "" if one is None else one.measured.unit, row.year, row.period,
                    None if row.is_not_issued or row.value is None else value_cell(row.value), row.is_not_issued,
                    row.state, row.drivers, row.obstacles, row.actions, source_cell(row.case_id, row.digest),
                    places.moment(row.at),
                )  # fmt: skip


RESULTS = (
    "unit", "subject_kind", "subject", "year", "span", "figure", "value", "band", "reason", "because", "provisional",
    "target", "realisation", "configuration", "computed_at", "frozen_at",
)  # fmt: skip


def results(session: Session, asked: Asked) -> Iterator[Row]:
    """Every stored result: a number with its band, or the reason why there is none."""
    places = Places(session, asked)
    query = select(ResultRow).where(ResultRow.region_id == asked.region_id, ResultRow.figure != PUBLISHED_REPORT)
    if asked.year is not None:
        query = query.where(ResultRow.year == asked.year)
    order = (ResultRow.year, ResultRow.figure, ResultRow.subject_kind, ResultRow.subject, ResultRow.span)
    for row in session.scalars(query.order_by(*order).execution_options(yield_per=AT_ONCE)):
        if places.wants(row.unit_id):
            target, realisation = row.details.get("target"), row.details.get("realisation")
            yield (
                places.name(row.unit_id), row.subject_kind, row.subject, row.year, row.span, row.figure,
                None if row.shown is None else Fraction(row.shown), row.band, row.reason, row.because,
                row.is_provisional, None if target is None else target_cell(target_from_plain(target)),
                None if realisation is None else value_cell(realisation), row.digest, places.moment(row.computed_at),
                places.moment(row.frozen_at),
            )  # fmt: skip


SCORES = ("unit", "year", "tier", "path", "answer", "pieces", "met", "note", "confirmed")


def scores(session: Session, asked: Asked) -> Iterator[Row]:
    """Every answer of a worksheet that counts today."""
    places = Places(session, asked)
    query = select(ScoreRow).where(ScoreRow.region_id == asked.region_id, ScoreRow.is_current)
    if asked.year is not None:
        query = query.where(ScoreRow.year == asked.year)
    order = (ScoreRow.year, ScoreRow.unit_id, ScoreRow.tier, ScoreRow.id)
    for row in session.scalars(query.order_by(*order).execution_options(yield_per=AT_ONCE)):
        if places.wants(row.unit_id):
            told: Mapping[str, Any] = row.evidence or {}
            yield (
                places.name(row.unit_id), row.year, row.tier, row.path, row.answer,
                ", ".join(map(str, told.get("counted") or ())), ", ".join(map(str, told.get("met") or ())), row.note,
                row.is_confirmed,
            )  # fmt: skip


ESR = (
    "unit", "year", "kind", "title", "document", "file_name", "file_digest", "link", "state", "registered_at",
)  # fmt: skip


def esr(session: Session, asked: Asked) -> Iterator[Row]:
    """The documents of a year as KemenPANRB's portal asks for them: one row a registered piece that nothing newer
    supersedes, with what the rubric of the year calls its kind."""
    places = Places(session, asked)
    newer = select(EvidencePiece.supersedes_id).where(EvidencePiece.supersedes_id.is_not(None))
    query = select(EvidencePiece).where(EvidencePiece.region_id == asked.region_id, EvidencePiece.id.not_in(newer))
    if asked.year is not None:
        query = query.where(EvidencePiece.year == asked.year)
    configuration = configuration_of(session, asked.region_id)
    order = (EvidencePiece.year, EvidencePiece.unit_id, EvidencePiece.id)
    for row in session.scalars(query.order_by(*order).execution_options(yield_per=AT_ONCE)):
        if places.wants(row.unit_id):
            rubric = configuration.evaluation(row.year)
            kind = None if rubric is None else rubric.evidence_kinds.get(row.kind)
            yield (
                places.name(row.unit_id), row.year, row.kind, row.kind if kind is None else kind.title.id, row.title,
                row.file_name, row.file_digest, row.link, row.state, places.moment(row.registered_at),
            )  # fmt: skip


def _indicators(session: Session, asked: Asked, places: Places, year: int) -> dict[str, HeldIndicator]:
    found: dict[str, HeldIndicator] = {}
    for key, versions in indicators_of(session, asked.region_id, year).items():
        one = held_on(versions, asked.on) or versions[-1]
        if places.wants(one.unit):
            found[key] = one
    return found


def _names(session: Session, asked: Asked, held: Mapping[str, HeldIndicator]) -> dict[str, str]:
    keys, found = list(held), dict[str, str]()
    for start in range(0, len(keys), 400):
        part = keys[start : start + 400]
        found |= {key: name for key, (name, _) in names_of(session, asked.region_id, part, asked.on).items()}
    return found


def _years(session: Session, asked: Asked, table: Any) -> Sequence[int]:
    if asked.year is not None:
        return [asked.year]
    query = select(table.year).where(table.region_id == asked.region_id).distinct()
    return session.scalars(query.order_by(table.year)).all()
