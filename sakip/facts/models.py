"""The tables of facts and results (reference §11); values are exact JSON text.

The answers of cases are the documents; every fact here can be drawn from them again (reference §3.2).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, Identifier, JsonText


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class AgreementRow(Base):
    """One row of the annex of an agreement in force: what its first party's position answers for in a year.

    ``kind`` is the agreement's (an *individual* one feeds no unit figure, §4.6). ``copied`` is the row as agreed: the
    document is a snapshot (§4.5). An agreement opened again and agreed once more has rows under a later ``seq``.
    """

    __tablename__ = "sakip_agreement_rows"
    __table_args__ = (
        Index("uq_sakip_agreement_rows_case", "case_id", "seq", "row_key", unique=True),
        Index("ix_sakip_agreement_rows_unit", "region_id", "year", "unit_id", **_where("ended_on IS NULL")),
        Index("ix_sakip_agreement_rows_indicator", "region_id", "indicator_key", **_where("ended_on IS NULL")),
        Index("ix_sakip_agreement_rows_position", "position_id", "year", **_where("ended_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    case_id: Mapped[int] = mapped_column(Identifier)
    seq: Mapped[int]
    row_key: Mapped[str]
    year: Mapped[int]
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    position_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("positions.id"))
    kind: Mapped[str]
    node_key: Mapped[str | None]
    indicator_key: Mapped[str]
    revision_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("sakip_tree_revisions.id"))
    weight: Mapped[str | None]
    copied: Mapped[Any] = mapped_column(JsonText)
    in_force_on: Mapped[date]
    ended_on: Mapped[date | None]


class TargetRow(Base):
    """A target of an indicator for a period or the year, from a day on; append-only. ``period`` is "year" or a period
    of the indicator's set; ``case_id`` and ``seq`` say which act set it (None: an import). The plan's own targets stand
    in the tree, with its dates."""

    __tablename__ = "sakip_targets"
    __table_args__ = (
        Index(None, "region_id", "indicator_key", "year", "period", "valid_from"),
        Index("ix_sakip_targets_set", "region_id", "at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    indicator_key: Mapped[str]
    year: Mapped[int]
    period: Mapped[str]
    value: Mapped[Any | None] = mapped_column(JsonText)
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    seq: Mapped[int | None]
    valid_from: Mapped[date]
    at: Mapped[datetime]


class RealisationRow(Base):
    """A realisation as reported or verified. A later one under the same indicator, year and period takes
    ``is_current`` over; nothing else of a row ever changes. From a case (with the act's ``seq``) or an import
    (``digest`` of its file)."""

    __tablename__ = "sakip_realisations"
    __table_args__ = (
        Index(
            "uq_sakip_realisations_current", "region_id", "indicator_key", "year", "period",
            unique=True, **_where("is_current"),
        ),
        Index("ix_sakip_realisations_unit", "region_id", "year", "unit_id", **_where("is_current")),
        Index(
            "ix_sakip_realisations_unverified", "region_id", "year", "id",
            **_where("is_current AND state = 'reported'"),
        ),
        Index("ix_sakip_realisations_case", "case_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    indicator_key: Mapped[str]
    year: Mapped[int]
    period: Mapped[str]
    value: Mapped[Any | None] = mapped_column(JsonText)
    is_not_issued: Mapped[bool]
    state: Mapped[str]  # reported, verified
    drivers: Mapped[str]
    obstacles: Mapped[str]
    actions: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Identifier)
    seq: Mapped[int | None]
    digest: Mapped[str | None]
    at: Mapped[datetime]
    is_current: Mapped[bool]


class EvidencePiece(Base):
    """A registered piece of evidence: a file (by the engine's digest) or a link. ``state``: registered, accepted,
    refused, repaired; its history is `EvidenceAct`. A newer version names what it supersedes."""

    __tablename__ = "sakip_evidence"
    __table_args__ = (
        Index("ix_sakip_evidence_offered", "region_id", "kind", "year", "unit_id"),
        Index("ix_sakip_evidence_unit", "region_id", "unit_id", "year"),
        Index("ix_sakip_evidence_supersedes", "supersedes_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    kind: Mapped[str]
    year: Mapped[int]
    title: Mapped[str]
    file_digest: Mapped[str | None]
    file_name: Mapped[str | None]
    file_type: Mapped[str | None]
    file_bytes: Mapped[int | None]
    link: Mapped[str | None]
    link_checksum: Mapped[str | None]
    from_case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    from_revision_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("sakip_tree_revisions.id"))
    supersedes_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("sakip_evidence.id"))
    state: Mapped[str]
    registered_by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    registered_at: Mapped[datetime]


class EvidenceAct(Base):
    """What was done with a piece, or with one use of it; append-only."""

    __tablename__ = "sakip_evidence_acts"
    __table_args__ = (Index(None, "piece_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    piece_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sakip_evidence.id"))
    use_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("sakip_evidence_uses.id"))
    state: Mapped[str]
    reason: Mapped[str]
    by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    at: Mapped[datetime]


class EvidenceUse(Base):
    """A piece used somewhere: at a criterion (its path) or a row of a report (the indicator's key). ``state``: used,
    or refused (not evidence for this)."""

    __tablename__ = "sakip_evidence_uses"
    __table_args__ = (
        Index("uq_sakip_evidence_uses", "piece_id", "subject", "place", "year", "period", "unit_id", unique=True),
        Index("ix_sakip_evidence_uses_place", "region_id", "year", "unit_id", "subject", "place"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    piece_id: Mapped[int] = mapped_column(Identifier, ForeignKey("sakip_evidence.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    year: Mapped[int]
    period: Mapped[str]  # "" at a criterion
    subject: Mapped[str]  # criterion, realisation
    place: Mapped[str]
    piece: Mapped[str]  # the piece asked there, such as annual_plan-1; "" in a report
    case_id: Mapped[int | None] = mapped_column(Identifier)
    state: Mapped[str]
    by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    at: Mapped[datetime]


class ScoreRow(Base):
    """An answer of a worksheet's tier as it stood when the tier was left; a later leaving takes ``is_current`` over.
    ``unit_id`` None is the region itself; an unconfirmed answer is open (§7.8)."""

    __tablename__ = "sakip_scores"
    __table_args__ = (
        Index("ix_sakip_scores_current", "region_id", "year", "unit_id", "tier", **_where("is_current")),
        Index("ix_sakip_scores_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    year: Mapped[int]
    tier: Mapped[str]
    path: Mapped[str]
    answer: Mapped[str | None]
    evidence: Mapped[Any] = mapped_column(JsonText)
    note: Mapped[str]
    is_confirmed: Mapped[bool]
    case_id: Mapped[int] = mapped_column(Identifier)
    seq: Mapped[int]
    is_current: Mapped[bool]


class GradeRow(Base):
    """A predicate given outside and typed in (KemenPANRB's), with its date and letter (§7.12)."""

    __tablename__ = "sakip_grades"
    __table_args__ = (Index(None, "region_id", "unit_id", "year", "source"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    year: Mapped[int]
    source: Mapped[str]
    score: Mapped[str | None]
    predicate: Mapped[str]
    letter: Mapped[str]
    on_date: Mapped[date]
    by: Mapped[int | None] = mapped_column(Identifier, ForeignKey("people.id"))
    at: Mapped[datetime]


class ResultRow(Base):
    """A number with its band, or a reason; computed from facts, read by pages, frozen by publication (§6, §11).

    ``subject_kind``: indicator, node, unit, region; ``subject`` its key (a unit's and the region's by key). ``span`` is
    a period, ``to_<period>``, ``year``, or a tier. ``details``: target, realisation, raw value, limits, items, parts.
    """

    __tablename__ = "sakip_results"
    __table_args__ = (
        Index(
            "uq_sakip_results", "region_id", "subject_kind", "subject", "figure", "year", "span", unique=True
        ),
        Index("ix_sakip_results_unit", "region_id", "year", "span", "unit_id", "figure"),
        Index(
            "ix_sakip_results_published", "region_id", "year",
            **_where("frozen_at IS NOT NULL AND subject_kind IN ('unit', 'region')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    subject_kind: Mapped[str]
    subject: Mapped[str]
    year: Mapped[int]
    span: Mapped[str]
    figure: Mapped[str]  # achievement, efficiency, score, report (a published one)
    numerator: Mapped[str | None]
    denominator: Mapped[str | None]
    shown: Mapped[str | None]
    band: Mapped[str | None]
    tone: Mapped[str | None]
    reason: Mapped[str | None]
    because: Mapped[str | None]
    is_provisional: Mapped[bool]
    details: Mapped[Any] = mapped_column(JsonText)
    digest: Mapped[str]
    computed_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]


class RecommendationRow(Base):
    """A recommendation and the case that follows it up. ``source``: internal, or who gave it outside."""

    __tablename__ = "sakip_recommendations"
    __table_args__ = (
        Index("ix_sakip_recommendations_unit", "region_id", "unit_id", "year"),
        Index("ix_sakip_recommendations_open", "region_id", "due_on", **_where("closed_on IS NULL")),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    region_id: Mapped[int] = mapped_column(Identifier, ForeignKey("regions.id"))
    unit_id: Mapped[int | None] = mapped_column(Identifier, ForeignKey("units.id"))
    year: Mapped[int]
    source: Mapped[str]
    path: Mapped[str | None]
    text: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[str]  # open, planned, closed
    closed_on: Mapped[date | None]
    case_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    follow_up_id: Mapped[int | None] = mapped_column(Identifier, index=True)
    made_at: Mapped[datetime]
