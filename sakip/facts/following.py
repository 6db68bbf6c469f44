"""Results follow when what they stand on changes without a report: a tree, or the measurement (reference §11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.clock import system_clock
from engine.organisation.models import Region
from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import Publication
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY, Measurement
from sakip.facts.efficiencies import efficiency_lines
from sakip.facts.models import ResultRow
from sakip.facts.result_rows import newest_year
from sakip.facts.results import compute, recompute
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_results import to_stored
from sakip.published import KIND_NAMES, model_of
from sakip.tree.models import IndicatorRow, NodeRow, TreeRevision

MOST_SHOWN = 1_000  # figures a draft changes that are listed one by one


def after_revision(session: Session, revision: TreeRevision, now: datetime) -> None:
    """The results of everything a revision of the tree touched, in the year it goes in force and those since, a year
    ahead that is agreed on already among them."""
    after_revisions(session, [revision], now)


def after_revisions(session: Session, revisions: Sequence[TreeRevision], now: datetime) -> None:
    """The same of several revisions of a region's trees at once."""
    keys = sorted({key for one in revisions for key in _touched(session, one)})
    if keys:
        region_id, first = revisions[0].region_id, min(one.in_force_on.year for one in revisions)
        this = now.astimezone(ZoneInfo(session.get_one(Region, region_id).timezone)).year
        last = max(this, first, newest_year(session, region_id) or 0)
        for year in range(first, last + 1):
            recompute(session, region_id, keys, year, now)


def _touched(session: Session, revision: TreeRevision) -> list[str]:
    """The indicators that are new, changed or ended by it, or stand under nodes that are."""
    session.flush()
    day_before = revision.in_force_on - timedelta(days=1)
    nodes = select(NodeRow.key).where(
        NodeRow.region_id == revision.region_id,
        or_(NodeRow.revision_id == revision.id, NodeRow.valid_to == day_before),
    )
    query = select(IndicatorRow.key).where(
        IndicatorRow.region_id == revision.region_id,
        or_(
            IndicatorRow.revision_id == revision.id,
            IndicatorRow.valid_to == day_before,
            IndicatorRow.node_key.in_(nodes),
        ),
    )
    return sorted(set(session.scalars(query)))


def after_publishing(session: Session, region_id: int | None, now: datetime) -> None:
    """The results of a region (None: of all) by the measurement that counts now; frozen ones stay, and so does what was
    measured over periods that had ended before."""
    for region, year in _measured(session, region_id):
        recompute(session, region, None, year, now)


def _measured(session: Session, region_id: int | None) -> list[tuple[int, int]]:
    """The regions and fiscal years that have results which are not frozen yet."""
    query = select(ResultRow.region_id, ResultRow.year).distinct()
    query = query.where(ResultRow.figure == ACHIEVEMENT, ResultRow.frozen_at.is_(None))
    if region_id is not None:
        query = query.where(ResultRow.region_id == region_id)
    return sorted((row.region_id, row.year) for row in session.execute(query))


def changed_by(session: Session, draft: Measurement, region_id: int | None, on: date) -> Iterator[dict[str, Any]]:
    """Every figure of the year of ``on`` that a draft would change if it counted from that day, old and new; the last
    line says how many more there are beyond a thousand."""
    found = 0
    for region, year in _measured(session, region_id):
        if (
            year != on.year
            or not draft.head.governs(year)
            or (region_id is None and has_its_own(session, region, MEASUREMENT))
        ):
            continue
        name = session.get_one(Region, region).key
        before = _figures(session, region, year, Rulebook(session, region))
        after = _figures(session, region, year, Rulebook(session, region, draft, on))
        for place in dict.fromkeys((*before, *after)):
            if before.get(place) != after.get(place):
                found += 1
                if found <= MOST_SHOWN:
                    figure, kind, subject, span = place
                    yield {
                        "region": name, "figure": figure, "kind": kind, "subject": subject, "span": span,
                        "old": before.get(place), "new": after.get(place),
                    }  # fmt: skip
    if found > MOST_SHOWN:
        yield {"more": found - MOST_SHOWN}


def impact_of(session: Session, files: Mapping[str, str], key: str, region_id: int | None) -> list[dict[str, Any]]:
    """What publishing a measurement for a region (None: for all that have none of their own) would change today."""
    region = None if region_id is None else session.get_one(Region, region_id)
    draft: Measurement = model_of(MEASUREMENT, key, files, None if region is None else region.key).model
    zone = ZoneInfo("Asia/Jakarta" if region is None else region.timezone)
    return list(changed_by(session, draft, region_id, system_clock().astimezone(zone).date()))


def has_its_own(session: Session, region_id: int, schema: str) -> bool:
    """Whether a file of this schema is published for this region alone: one for all does not reach it."""
    name = f"{KIND_NAMES[schema]}{SEPARATOR}"
    query = select(Publication.id).where(Publication.region_id == region_id)
    return session.scalar(query.where(Publication.case_type.startswith(name, autoescape=True)).limit(1)) is not None


def _figures(session: Session, region_id: int, year: int, book: Rulebook) -> dict[tuple[str, ...], dict[str, Any]]:
    """What is shown of each result of a year by these rules, by figure, kind, subject and span."""
    lines = compute(session, region_id, None, year, book).lines
    efficiency = efficiency_lines(session, region_id, year, book=book, lines=lines)
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for figure, each in ((ACHIEVEMENT, lines), (EFFICIENCY, efficiency)):
        for line in each:
            made = to_stored(line.result)
            found[(figure, line.kind, line.subject, line.span)] = {
                "value": made.shown, "band": made.band, "reason": made.reason, "because": made.because,
            }  # fmt: skip
    return found
