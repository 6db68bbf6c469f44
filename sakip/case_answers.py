"""A case as a document: its answers as they stood at an act, from which the facts are drawn (reference §3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers, History
from engine.errors import NotFound
from engine.organisation.models import Region


@dataclass(frozen=True, slots=True)
class Document:
    """One case at the history row ``seq``: ``answers`` in stored form, ``on`` the local day and ``at`` the moment of
    that act. ``unit_id`` and ``initiator_id`` are the case's own."""

    case_id: int
    number: str
    region_id: int
    unit_id: int | None
    initiator_id: int | None
    seq: int
    at: datetime
    on: date
    answers: Mapping[str, Any]


def document_at(session: Session, region_id: int, case_id: int, seq: int) -> Document:
    """The case's answers as they stood after the act that wrote ``seq``, whatever was changed since.

    Raises NotFound for a case of another region, or an act it does not have.
    """
    case = session.get(Case, case_id)
    if case is None or case.region_id != region_id or case.is_sealed:
        raise NotFound("There is no such case.")
    act = session.get(History, (case_id, seq))
    if act is None:
        raise NotFound("The case has no such act.")
    region = session.get_one(Region, region_id)
    kept = session.get_one(CaseAnswers, case_id, populate_existing=True)
    answers = dict(kept.answers)
    later = select(History.answers_changed).where(History.case_id == case_id, History.seq > seq)
    for changed in session.scalars(later.order_by(History.seq.desc())):
        for name, (old, _new) in (changed or {}).items():
            answers[name] = old
    return Document(
        case_id, case.number, region_id, case.unit_id, case.initiator_id, seq, act.at,
        act.at.astimezone(ZoneInfo(region.timezone)).date(),
        {name: value for name, value in answers.items() if value is not None},
    )  # fmt: skip
