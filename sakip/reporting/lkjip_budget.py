"""Budget and absorption of a performance report, a programme each, with the sum; or why nobody knows."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.organisation.models import Unit
from sakip.facts.budget import ZERO, ProgrammeBudget, absorption, budget_of
from sakip.facts.published_reports import Subject
from sakip.facts.stored_values import realisation_to_plain
from sakip.reasons import Reason, short
from sakip.reporting.lkjip_words import both, number
from sakip.rounding import HALF_UP, ROUNDED, Rounding
from sakip.spans import YEAR

UNVERIFIED = Text("serapan anggaran belum diverifikasi", "spending not verified yet")
PRINTED = Rounding(2, HALF_UP, ROUNDED)


def budget_values(session: Session, subject: Subject) -> dict[str, Any]:
    """Programmes with budget, amount spent and percent, those of the region by ``unit``; then their sum. Nothing
    is added up that is not known."""
    programmes = budget_of(session, subject.region_id, subject.unit_id, subject.year, YEAR)
    known = [one.absorbed for one in programmes if one.absorbed is not None or not one.budget]
    names = _units(session, subject.region_id) if subject.unit_id is None else {}
    is_whole = len(known) == len(programmes)
    spent = sum((one or ZERO for one in known), ZERO) if is_whole else None
    return {
        "programmes": [{**_programme(one), "unit": names.get(one.unit_id)} for one in programmes],
        "total": _money(sum((one.budget for one in programmes), ZERO)),
        "absorbed": None if spent is None or not programmes else _money(spent),
        **_share(absorption(programmes), is_unverified=False),
    }


def _units(session: Session, region_id: int) -> dict[int | None, str]:
    return {row.id: row.name for row in session.execute(select(Unit.id, Unit.name).where(Unit.region_id == region_id))}


def _programme(one: ProgrammeBudget) -> dict[str, Any]:
    return {
        "key": one.key, "code": one.code, "title": one.title, "supports": sorted(one.supports),
        "budget": _money(one.budget), "absorbed": None if one.absorbed is None else _money(one.absorbed),
        **_share(absorption([one]), is_unverified=one.is_unverified),
    }  # fmt: skip


def _share(percent: Fraction | Reason, *, is_unverified: bool) -> dict[str, Any]:
    """The percentage, or why there is none; the table names the programmes, so the sentence does not."""
    if isinstance(percent, Reason):
        said = UNVERIFIED if is_unverified else short(percent.code)
        return {"percent": None, "reason": percent.code, "sentence": both(said)}
    return {"percent": PRINTED.printed(percent), "reason": None, "sentence": None}


def _money(amount: Fraction) -> dict[str, Any]:
    return {"value": realisation_to_plain(amount), "id": number(amount), "en": number(amount, "en")}
