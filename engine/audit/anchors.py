"""Anchors: every minute, what each chain of a region looked like, so that a case cannot vanish with all its rows.

An anchor lists the chains that grew since the one before. Kept elsewhere, on paper or on another machine, its hash
proves everything before it; ``flask audit anchors`` prints them. Sealed cases are anchored once a day, when the day is
over: an anchor a minute would tell the minute in which a reporter wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION, Anchor, AuditHead
from engine.audit.record import GENESIS, chain_hash, lock_chain
from engine.audit.stored import CASES, HISTORY, REGIONS
from engine.database import json_text, moment_text

ADMINISTRATION = 0  # in a leaf, instead of a case's id
LARGEST = 2_000  # leaves of one anchor
# A row may become visible some time after the moment it carries: other clocks, a commit that took long.
OVERLAP = timedelta(minutes=10)


class Leaf(NamedTuple):
    """The newest row of one chain: a case's (``case_id``, ``number``), or ADMINISTRATION's."""

    case_id: int
    seq: int
    hash: str
    number: str


class AnchorLine(NamedTuple):
    """An anchor as it is printed and kept elsewhere."""

    region_id: int
    seq: int
    at: datetime
    row_count: int
    hash: str


def anchor(session: Session, now: datetime) -> list[Anchor]:
    """Anchor what grew since the last time, region by region, and return the new anchors (none where nothing did)."""
    regions = [INSTALLATION, *session.scalars(select(REGIONS.c.id).order_by(REGIONS.c.id))]
    return [made for region_id in regions for made in _anchor_region(session, region_id, now)]


def anchors(session: Session, region_id: int) -> Sequence[AnchorLine]:
    """All anchors of a region, oldest first, for printing."""
    columns = (Anchor.region_id, Anchor.seq, Anchor.at, Anchor.row_count, Anchor.hash)
    rows = session.execute(select(*columns).where(Anchor.region_id == region_id).order_by(Anchor.seq))
    return [AnchorLine(*row) for row in rows]


def anchor_hash(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of an anchor over the one before it; ``root`` stands for its leaves."""
    payload = [row["region_id"], row["seq"], moment_text(row["at"]), row["row_count"], row["root"]]
    return chain_hash(previous, payload)


def root_of(leaves: Sequence[Sequence[Any]]) -> str:
    """One hash over all leaves of an anchor."""
    return hashlib.sha256(json_text([list(leaf) for leaf in leaves]).encode()).hexdigest()


def _anchor_region(session: Session, region_id: int, now: datetime) -> Iterator[Anchor]:
    head = lock_chain(session, region_id)  # two workers at once: the second finds nothing left to anchor
    last = session.scalars(
        select(Anchor).where(Anchor.region_id == region_id).order_by(Anchor.seq.desc()).limit(1)
    ).one_or_none()
    known = _recently_anchored(session, region_id, last)
    grown = []
    if region_id != INSTALLATION:
        since = None if last is None else last.at - OVERLAP
        grown = [*_grown_cases(session, region_id, known, since=since, is_sealed=False),
                 *_grown_sealed(session, region_id, last, now)]  # fmt: skip
    administered = _administration_leaf(head, last)
    if administered is not None:
        grown.append(administered)
    for start in range(0, len(grown), LARGEST):
        last = _write(session, region_id, last, grown[start : start + LARGEST], now)
        yield last


def _recently_anchored(session: Session, region_id: int, last: Anchor | None) -> dict[int, int]:
    """case id -> seq, of the anchors whose rows may come up again because the windows overlap."""
    if last is None:
        return {}
    return _anchored_since(session, region_id, last.at - 2 * OVERLAP)


def _anchored_since(session: Session, region_id: int, since: datetime) -> dict[int, int]:
    recent = select(Anchor.leaves).where(Anchor.region_id == region_id, Anchor.at >= since)
    known: dict[int, int] = {}
    for leaves in session.scalars(recent.order_by(Anchor.seq)):
        known.update({leaf[0]: leaf[1] for leaf in leaves})
    return known


def _grown_sealed(session: Session, region_id: int, last: Anchor | None, now: datetime) -> Iterator[tuple[Leaf, int]]:
    """The sealed cases that grew on days that are over, with the region's first anchor of a new day. What a reporter
    did stands at the beginning of its day, so the day before the last anchor's is looked at once more."""
    zone = ZoneInfo(session.scalars(select(REGIONS.c.timezone).where(REGIONS.c.id == region_id)).one())
    today = _day_of(now, zone)
    if last is not None and _day_of(last.at, zone) == today:
        return
    since = None if last is None else _day_of(last.at, zone) - timedelta(days=1)
    known = {} if since is None else _anchored_since(session, region_id, since - timedelta(days=1))
    yield from _grown_cases(session, region_id, known, since=since, before=today, is_sealed=True)


def _day_of(moment: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def _grown_cases(
    session: Session,
    region_id: int,
    known: Mapping[int, int],
    *,
    since: datetime | None,
    before: datetime | None = None,
    is_sealed: bool,
) -> Iterator[tuple[Leaf, int]]:
    """The newest row of every case with rows not anchored yet, and how many rows those are."""
    touched = (
        select(HISTORY.c.case_id, func.max(HISTORY.c.seq).label("seq"), func.count().label("rows"))
        .join(CASES, CASES.c.id == HISTORY.c.case_id)
        .where(CASES.c.is_sealed.is_(is_sealed))
    )
    if since is not None:
        touched = touched.where(HISTORY.c.at >= since)
    if before is not None:
        touched = touched.where(HISTORY.c.at < before)
    grown = touched.group_by(HISTORY.c.case_id).subquery()
    rows = session.execute(
        select(grown.c.case_id, grown.c.seq, grown.c.rows, HISTORY.c.hash, CASES.c.number)
        .join(CASES, CASES.c.id == grown.c.case_id)
        .join(HISTORY, (HISTORY.c.case_id == grown.c.case_id) & (HISTORY.c.seq == grown.c.seq))
        .where(CASES.c.region_id == region_id)
        .order_by(grown.c.case_id)
    )
    for case_id, seq, count, row_hash, number in rows:
        seen = known.get(case_id)
        if seen is None or seq > seen:
            yield Leaf(case_id, seq, row_hash, number), count if seen is None else seq - seen


def _administration_leaf(head: AuditHead, last: Anchor | None) -> tuple[Leaf, int] | None:
    anchored = 0 if last is None else last.administration_seq
    if head.seq <= anchored:
        return None
    return Leaf(ADMINISTRATION, head.seq, head.hash, ""), head.seq - anchored


def _write(
    session: Session, region_id: int, last: Anchor | None, grown: Sequence[tuple[Leaf, int]], now: datetime
) -> Anchor:
    leaves = [list(leaf) for leaf, _ in grown]
    previous = GENESIS if last is None else last.hash
    values: dict[str, Any] = {
        "region_id": region_id,
        "seq": 1 if last is None else last.seq + 1,
        "at": now,
        "row_count": sum(count for _, count in grown),
        "root": root_of(leaves),
    }
    administered = [leaf.seq for leaf, _ in grown if leaf.case_id == ADMINISTRATION]
    values["administration_seq"] = administered[0] if administered else 0 if last is None else last.administration_seq
    made = Anchor(**values, leaves=leaves, previous_hash=previous, hash=anchor_hash(previous, values))
    session.add(made)
    session.flush()
    return made
