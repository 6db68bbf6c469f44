"""The register of evidence held against the log of judgements and the cases it stands for (reference §8.3, §8.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.organisation.models import Region
from sakip.facts.evidence_uses import USED
from sakip.facts.fact_tables import USES, Difference, Key
from sakip.facts.models import EvidenceAct, EvidencePiece
from sakip.facts.self_registered import rubric_of, title_of_case, title_of_tree
from sakip.tree.models import TreeRevision

ONE_DAY = timedelta(days=1)


def with_judgements(
    session: Session, region_id: int, stored: Mapping[Key, Mapping[str, Any]], drawn: dict[Key, dict[str, Any]]
) -> None:
    """Give the drawn uses what people decided about them, which no case tells: the state of the last judgement in the
    log. A use somebody judged stays, also when its case names it no more."""
    judged = dict(_last_acts(session, region_id, is_of_uses=True))
    for key, row in stored.items():
        if key[0] != USES.name:
            continue
        if row["id"] in judged:
            again = drawn.get(key, row)
            told = row if again["at"] > row["at"] else again  # it stayed when an act between named it no more
            drawn[key] = {**told, "state": judged[row["id"]]}
        elif key in drawn and drawn[key]["state"] != USED:  # a judgement drawn without its act in the log is none
            drawn[key]["state"] = USED


def piece_differences(session: Session, region_id: int, *, is_check: bool) -> tuple[int, list[Difference]]:
    """How many pieces there are, and those whose state is not the last one of their log, or that registered themselves
    and are not called what their case or revision is called; without ``is_check`` they are put right."""
    states = dict(_last_acts(session, region_id, is_of_uses=False))
    cases = {row[0]: row[1] for row in session.execute(_numbers(region_id))}
    revisions = {one.id: one for one in session.scalars(_revisions(region_id))}
    region = session.get_one(Region, region_id)
    found: list[Difference] = []
    pieces = session.scalars(
        select(EvidencePiece).where(EvidencePiece.region_id == region_id).order_by(EvidencePiece.id)
    ).all()
    for piece in pieces:
        right = {"state": states.get(piece.id, piece.state)}
        if piece.from_case_id in cases or piece.from_revision_id in revisions:
            day = piece.registered_at.astimezone(ZoneInfo(region.timezone)).date()
            titles = list(_titles(session, piece, day, cases.get(piece.from_case_id), revisions))
            if titles and piece.title not in titles:
                right["title"] = titles[0]
        wrong = {name: value for name, value in right.items() if getattr(piece, name) != value}
        if wrong:
            named = {"id": piece.id, "kind": piece.kind, "year": piece.year}
            found.append(Difference("sakip_evidence", named, {name: getattr(piece, name) for name in wrong}, wrong))
        if not is_check:
            for name, value in wrong.items():
                setattr(piece, name, value)
    session.flush()
    return len(pieces), found


def _titles(
    session: Session, piece: EvidencePiece, day: date, number: str | None, revisions: Mapping[int | None, TreeRevision]
) -> Iterator[str]:
    """What the piece may be called: by the rubric as it stood around the day it registered itself, and today's."""
    for on in (day, day - ONE_DAY, day + ONE_DAY, None):
        rubric = rubric_of(session, piece.region_id, piece.year, on)
        kind = None if rubric is None else rubric.evidence_kinds.get(piece.kind)
        if kind is not None and number is not None:
            yield title_of_case(kind, number)
        elif kind is not None:
            yield title_of_tree(kind, revisions[piece.from_revision_id])


def _last_acts(session: Session, region_id: int, *, is_of_uses: bool) -> Iterator[tuple[int, str]]:
    """Each piece (or use) with the state its last act gave it."""
    query = (
        select(EvidenceAct.use_id if is_of_uses else EvidenceAct.piece_id, EvidenceAct.state)
        .join(EvidencePiece, EvidencePiece.id == EvidenceAct.piece_id)
        .where(EvidencePiece.region_id == region_id)
        .where(EvidenceAct.use_id.is_not(None) if is_of_uses else EvidenceAct.use_id.is_(None))
    )
    for about, state in session.execute(query.order_by(EvidenceAct.id)):
        if about is not None:
            yield about, state


def _numbers(region_id: int) -> Any:
    asked = select(EvidencePiece.from_case_id).where(EvidencePiece.region_id == region_id)
    return select(Case.id, Case.number).where(Case.id.in_(asked))


def _revisions(region_id: int) -> Any:
    return select(TreeRevision).where(TreeRevision.region_id == region_id)
