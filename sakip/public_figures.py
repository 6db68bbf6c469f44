"""What everybody may read: indicators marked as published with their results, and reports that were published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import NotFound
from engine.organisation.models import Region, Unit
from sakip.bands import Bands
from sakip.configuration.measurement import ACHIEVEMENT, Measurement
from sakip.due_indicators import stored_of, value_cell
from sakip.facts.computing import INDICATOR
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import FIGURE
from sakip.facts.stored_results import from_stored
from sakip.facts.stored_values import realisation_from_plain, target_from_plain
from sakip.listing import Cell, read_key, write_key
from sakip.public_reports import OF_UNITS_PUBLISHED, PublicReport, public_reports, years_published
from sakip.reasons import Reason
from sakip.spans import YEAR, span_day
from sakip.standing import configuration_of
from sakip.tree.models import IndicatorRow
from sakip.unit_signs import UnitSign, unit_sign
from sakip.unsettled import unsettled_of_methods

PAGE = 50
KEYS = (int, str, int)
IS_PUBLISHED = text("sakip_indicators.is_published")  # as its partial index says it


@dataclass(frozen=True, slots=True)
class PublicIndicator:
    """A published indicator: target, realisation and achievement of the year, or why there is no number; ``measure``
    is how its numbers are shown. What stands on values nobody verified is provisional."""

    name: str
    unit: str
    is_key: bool
    target: Cell
    realisation: Cell
    shown: str | None
    band: Text | None
    tone: str
    reason: Text | None
    measure: UnitSign
    is_provisional: bool = False


@dataclass(frozen=True, slots=True)
class PublicPage:
    """One page of a region's published indicators of a year, the years there are, and that year's reports."""

    region: str
    name: str
    timezone: str
    year: int
    years: tuple[int, ...]
    indicators: tuple[PublicIndicator, ...]
    next_key: str | None
    reports: tuple[PublicReport, ...]
    doubts: tuple[Text, ...]  # what of the rules is not settled yet


def public_regions(session: Session) -> list[tuple[str, str]]:
    """Key and name of every region that has published an indicator or a report."""
    query = select(Region.key, Region.name).where(_publishes_something()).order_by(Region.name, Region.id)
    return [(row.key, row.name) for row in session.execute(query)]


def _publishes_something() -> ColumnElement[bool]:
    """A condition over `Region`; results are looked at one region at a time, by their index: there are millions."""
    indicators = select(IndicatorRow.id).where(
        IndicatorRow.region_id == Region.id, IS_PUBLISHED, IndicatorRow.valid_to.is_(None)
    )
    reports = select(ResultRow.id).where(
        ResultRow.region_id == Region.id, OF_UNITS_PUBLISHED, ResultRow.figure == FIGURE
    )
    return or_(indicators.exists(), reports.exists())


def public_page(session: Session, key: str, year: int | None, after: str | None, now: datetime) -> PublicPage:
    """What a region publishes. Only results that are frozen, their report published, have numbers here. Raises NotFound
    for a region or a year without any, InvalidInput for a key of no page."""
    region, years, wanted = _place(session, key, year, now)
    reports = public_reports(session, region.id, region.name, ZoneInfo(region.timezone), wanted)
    indicators, following, doubts = _part(session, region, wanted, after)
    return PublicPage(
        region.key, region.name, region.timezone, wanted, years, indicators, following, tuple(reports), doubts
    )


def _place(session: Session, key: str, year: int | None, now: datetime) -> tuple[Region, tuple[int, ...], int]:
    """The region of a key, the years of its page, and the one that is looked at."""
    region = session.scalar(select(Region).where(Region.key == key, _publishes_something()))
    if region is None:
        raise NotFound("There is no such page.")
    this, published = now.astimezone(ZoneInfo(region.timezone)).year, years_published(session, region.id)
    years = tuple(sorted({this, this - 1, *published}, reverse=True))
    wanted = year if year is not None else (published[0] if published else this - 1)
    if wanted not in years:
        raise NotFound("There is no such year.")
    return region, years, wanted


def _part(
    session: Session, region: Region, wanted: int, after: str | None
) -> tuple[tuple[PublicIndicator, ...], str | None, tuple[Text, ...]]:
    """Some indicators of a year, the key of the next, and what is not settled of how these are measured."""
    rules = configuration_of(session, region.id).measurement(wanted)
    day = None if rules is None else span_day(rules, None, YEAR, wanted)
    bands = None if rules is None or day is None else rules.bands_on(ACHIEVEMENT, day)
    rows = _indicators(session, region.id, wanted, after)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return (
        tuple(_indicator(row, region.name, bands, rules) for row in rows[:PAGE]),
        None if last is None else write_key([last.place, last.name, last.id]),
        unsettled_of_methods(rules, (_method(row) for row in rows[:PAGE])),
    )


def public_indicators(
    session: Session, key: str, year: int | None, now: datetime
) -> tuple[int, Iterator[PublicIndicator]]:
    """The year of a page and every published indicator of it, in the order of the page. Raises NotFound as the page
    does."""
    region, _years, wanted = _place(session, key, year, now)

    def every() -> Iterator[PublicIndicator]:
        after: str | None = ""
        while after is not None:
            indicators, after, _doubts = _part(session, region, wanted, after)
            yield from indicators

    return wanted, every()


def _indicators(session: Session, region_id: int, year: int, after: str | None) -> Sequence[Any]:
    final = date(year, 12, 31)
    place = func.coalesce(IndicatorRow.unit_id, 0).label("place")
    query = (
        select(
            IndicatorRow.id, IndicatorRow.name, IndicatorRow.is_key, IndicatorRow.content, Unit.name.label("unit"),
            place, ResultRow.numerator, ResultRow.denominator, ResultRow.shown, ResultRow.band, ResultRow.tone,
            ResultRow.reason, ResultRow.because, ResultRow.is_provisional, ResultRow.details,
        )
        .outerjoin(Unit, Unit.id == IndicatorRow.unit_id)
        .outerjoin(
            ResultRow,
            and_(
                ResultRow.region_id == region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year,
                ResultRow.span == YEAR, ResultRow.subject_kind == INDICATOR, ResultRow.subject == IndicatorRow.key,
                ResultRow.frozen_at.is_not(None),
            ),
        )
        .where(
            IndicatorRow.region_id == region_id, IS_PUBLISHED, IndicatorRow.valid_from <= final,
            or_(IndicatorRow.valid_to.is_(None), IndicatorRow.valid_to >= final),
        )
    )  # fmt: skip
    if after:
        unit, name, row = read_key(after, KEYS)
        query = query.where(or_(
            place > unit,
            and_(place == unit, IndicatorRow.name > name),
            and_(place == unit, IndicatorRow.name == name, IndicatorRow.id > row),
        ))  # fmt: skip
    return session.execute(query.order_by(place, IndicatorRow.name, IndicatorRow.id).limit(PAGE + 1)).all()


def _method(row: Any) -> str:
    said = row.content or {}
    return str(said.get("method") or said.get("direction") or "")


def _indicator(row: Any, region: str, bands: Bands | None, rules: Measurement | None) -> PublicIndicator:
    unit, measure = row.unit or region, unit_sign(rules, (row.content or {}).get("unit"))
    if row.details is None:
        told = Text("belum diterbitkan", "not published yet")
        return PublicIndicator(row.name, unit, row.is_key, None, None, None, None, "", told, measure)
    stored = stored_of(row)
    result = from_stored(stored, None if bands is None else {one.key: one for one in bands.rows})
    if isinstance(result, Reason):
        return PublicIndicator(row.name, unit, row.is_key, None, None, None, None, "", result.sentence, measure)
    target, realisation = stored.details.get("target"), stored.details.get("realisation")
    return PublicIndicator(
        row.name, unit, row.is_key,
        None if target is None else value_cell(target_from_plain(target)),
        None if realisation is None else value_cell(realisation_from_plain(realisation)),
        row.shown, result.band.title, row.tone or "", None, measure, bool(row.is_provisional),
    )  # fmt: skip
