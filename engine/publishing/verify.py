"""Holds what is kept of publications against the digests the audit's chain has of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.anchors import AnchorLine
from engine.audit.findings import AuditFinding, about_publication
from engine.audit.models import INSTALLATION
from engine.audit.stored import ENTRIES
from engine.audit.verify import verify
from engine.publishing.models import Publication, PublicationRecord
from engine.publishing.record import PUBLISHED, SUBJECT, record_digest


class _Promise(NamedTuple):
    """What an entry of the chain says of one publication; ``record`` is the digest over all that was kept of it."""

    chain: int
    seq: int
    at: datetime
    case_type: str
    version: str
    record: str


def verify_all(session: Session, kept: Iterable[AnchorLine] = ()) -> list[AuditFinding]:
    """What ``audit.verify`` finds (``kept`` as there), and every publication that is not as it was made."""
    return [*verify(session, kept), *_publication_findings(session)]


def _publication_findings(session: Session) -> Iterator[AuditFinding]:
    """Records are read before entries: one that is made meanwhile has its entry by then."""
    recorded = select(Publication.id, Publication.region_id, Publication.case_type)
    recorded = recorded.join(PublicationRecord, PublicationRecord.publication_id == Publication.id)
    unexplained = {row.id: row for row in session.execute(recorded.order_by(Publication.id))}
    for promise in _promises(session):
        digests = {each: _digest(session, each) for each in _meant(session, promise)}
        kept = [each for each, digest in digests.items() if digest is not None]
        fitting = [each for each in kept if digests[each] == promise.record]
        for each in fitting or kept:
            unexplained.pop(each, None)
        if not fitting:
            yield about_publication(
                promise.chain,
                promise.seq,
                promise.case_type,
                "tidak sama lagi dengan catatannya" if kept else "tidak ada lagi catatannya",
                "is not as it was recorded" if kept else "has lost its record",
            )
    for row in unexplained.values():
        yield about_publication(
            _chain(row.region_id), None, row.case_type, "tidak pernah dicatat", "was never recorded"
        )


def _chain(region_id: int | None) -> int:
    return INSTALLATION if region_id is None else region_id


def _promises(session: Session) -> Iterator[_Promise]:
    """Entries made before records were kept promise nothing; one that cannot be read, the chain itself has named."""
    entries = select(ENTRIES).where(ENTRIES.c.event.in_(PUBLISHED)).order_by(ENTRIES.c.region_id, ENTRIES.c.seq)
    for row in session.execute(entries).all():
        try:
            new = json.loads(row.new)
            version, record = new["digest"], new["record"]
        except (KeyError, TypeError, ValueError):
            continue
        yield _Promise(row.region_id, row.seq, row.at, row.subject.removeprefix(SUBJECT), version, record)


def _meant(session: Session, promise: _Promise) -> Iterable[int]:
    region = None if promise.chain == INSTALLATION else promise.chain
    return session.scalars(
        select(Publication.id).where(
            Publication.case_type == promise.case_type,
            Publication.region_id.is_not_distinct_from(region),
            Publication.published_at == promise.at,
            Publication.digest == promise.version,
        )
    ).all()


def _digest(session: Session, publication: int) -> str | None:
    """Of the rows as they are now: None without a record, nothing that fits where they cannot be read."""
    try:
        kept = session.get(PublicationRecord, publication, populate_existing=True)
        row = session.get_one(Publication, publication, populate_existing=True)
        return None if kept is None else record_digest(row, kept)
    except (TypeError, ValueError):
        return ""
