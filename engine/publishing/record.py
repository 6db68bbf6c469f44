"""What a publication keeps beside the version: both names, findings, strength, decisions, and what proves it whole."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.audit.models import INSTALLATION, AuditEntry
from engine.database import json_text, moment_text
from engine.definitions.problems import Problem
from engine.organisation.models import Person
from engine.publishing.models import DefinitionVersion, Publication, PublicationRecord

PUBLISHED = ("definition_published", "definition_published_again")  # the audit's events
SUBJECT = "case_type:"


@dataclass(frozen=True, slots=True)
class Considered:
    """What whoever publishes was shown and decided, as JSON can hold it; None: nobody looked.

    ``strength``: changes, caught, score (whole percent), survivors and untested, as numbers. ``decisions``: one for
    each group of running cases and each step of theirs that is gone.
    """

    strength: Mapping[str, int] | None = None
    decisions: Sequence[Mapping[str, Any]] | None = None


NOTHING = Considered()


@dataclass(frozen=True, slots=True)
class PublicationView:
    """One publication as it is told. ``is_audited`` says whether what is kept is what the audit's chain vouches for;
    None for one made before records were kept (its ``findings`` and the rest are None then)."""

    digest: str
    number: int
    version: str
    counts_from: str
    published_at: datetime
    published_by: str | None
    approved_by: str | None
    reason: str
    legal_basis: Sequence[str]
    findings: Sequence[Mapping[str, Any]] | None
    strength: Mapping[str, int] | None
    decisions: Sequence[Mapping[str, Any]] | None
    is_audited: bool | None


def keep_record(
    session: Session, row: Publication, problems: Sequence[Problem], approved_by: int | None, considered: Considered
) -> str:  # fmt: skip
    """Writes the record of a publication; its digest, for the audit's chain. A version that was published before keeps
    the strength measured then, where none was measured now: its text is the same."""
    strength = considered.strength if considered.strength is not None else _measured_before(session, row)
    kept = PublicationRecord(
        publication_id=row.id,
        approved_by=approved_by,
        findings=[_plain(problem) for problem in problems],
        strength=None if strength is None else dict(strength),
        decisions=None if considered.decisions is None else [dict(each) for each in considered.decisions],
    )
    session.add(kept)
    session.flush()
    return record_digest(row, kept)


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code, "level": problem.level, "file": problem.file,
        "line": problem.line, "column": problem.column,
        "message": {"id": problem.message.id, "en": problem.message.en},
    }  # fmt: skip


def _measured_before(session: Session, row: Publication) -> Mapping[str, int] | None:
    query = (
        select(PublicationRecord.strength)
        .join(Publication, Publication.id == PublicationRecord.publication_id)
        .where(Publication.digest == row.digest, Publication.id < row.id)
        .order_by(Publication.id.desc())
    )
    return next((found for found in session.scalars(query) if found is not None), None)


def record_digest(row: Publication, kept: PublicationRecord) -> str:
    """SHA-256 (hex) over everything a publication and its record say."""
    content = {
        "case_type": row.case_type,
        "region": row.region_id,
        "digest": row.digest,
        "counts_from": row.counts_from.isoformat(),
        "published_at": moment_text(row.published_at),
        "published_by": row.published_by,
        "approved_by": kept.approved_by,
        "reason": row.reason,
        "legal_basis": list(row.legal_basis),
        "findings": kept.findings,
        "strength": kept.strength,
        "decisions": kept.decisions,
    }
    return hashlib.sha256(json_text(content).encode()).hexdigest()


def publications(session: Session, case_type: str, region: int | None) -> tuple[PublicationView, ...]:
    """Every publication of a case type for exactly this region (None: for all), the newest first."""
    author, second = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Publication, DefinitionVersion, PublicationRecord, author.name, second.name)
        .join(DefinitionVersion, DefinitionVersion.digest == Publication.digest)
        .outerjoin(PublicationRecord, PublicationRecord.publication_id == Publication.id)
        .outerjoin(author, author.id == Publication.published_by)
        .outerjoin(second, second.id == PublicationRecord.approved_by)
        .where(Publication.case_type == case_type, Publication.region_id.is_not_distinct_from(region))
        .order_by(Publication.id.desc())
    ).all()
    vouched = _vouched(session, case_type, region) if rows else frozenset()
    return tuple(_told(*row, vouched=vouched) for row in rows)


def _vouched(session: Session, case_type: str, region: int | None) -> frozenset[str]:
    """The digests of records that stand in the chain."""
    chain = INSTALLATION if region is None else region
    query = select(AuditEntry.new).where(
        AuditEntry.region_id == chain, AuditEntry.subject == f"{SUBJECT}{case_type}", AuditEntry.event.in_(PUBLISHED)
    )  # fmt: skip
    return frozenset(new["record"] for new in session.scalars(query) if new and "record" in new)


def _told(
    row: Publication, version: DefinitionVersion, kept: PublicationRecord | None, by: str | None, second: str | None,
    *, vouched: frozenset[str],
) -> PublicationView:  # fmt: skip
    return PublicationView(
        digest=row.digest,
        number=version.number,
        version=version.version,
        counts_from=row.counts_from.isoformat(),
        published_at=row.published_at,
        published_by=by,
        approved_by=second,
        reason=row.reason,
        legal_basis=tuple(row.legal_basis),
        findings=None if kept is None else tuple(kept.findings),
        strength=None if kept is None else kept.strength,
        decisions=None if kept is None or kept.decisions is None else tuple(kept.decisions),
        is_audited=None if kept is None else record_digest(row, kept) in vouched,
    )
