"""Rows of agreements in force: whose they are, what they copied, in what they differ from the tree by now (§4.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from sakip.facts.models import AgreementRow
from sakip.facts.stored_values import target_from_plain
from sakip.tree.annex import annex_differences
from sakip.tree.rows import MOST_AT_ONCE
from sakip.tree.situation import CarriedRow
from sakip.tree.store import nodes_on
from sakip.tree.values import Indicator


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of an agreement in force and what the tree says today. ``parts`` are text, unit, target, or ``ended`` when
    the indicator is not in the tree any more."""

    agreement: str
    row: CarriedRow
    now: Indicator | None
    parts: tuple[str, ...]


ENDED = "ended"


def carried_rows(
    session: Session, region_id: int, year: int, *, unit_id: int | None = None, case_id: int | None = None
) -> list[tuple[AgreementRow, CarriedRow]]:
    """The rows of agreements in force in a fiscal year, of a unit or a case when one is named, in their order."""
    wanted = (
        select(AgreementRow, Case.number)
        .join(Case, Case.id == AgreementRow.case_id)
        .where(AgreementRow.region_id == region_id, AgreementRow.year == year, AgreementRow.ended_on.is_(None))
        .order_by(AgreementRow.id)
    )
    if unit_id is not None:
        wanted = wanted.where(AgreementRow.unit_id == unit_id)
    if case_id is not None:
        wanted = wanted.where(AgreementRow.case_id == case_id)
    return [(row, _carried(row, number)) for row, number in session.execute(wanted)]


def _carried(row: AgreementRow, number: str) -> CarriedRow:
    copied: Mapping[str, Any] = row.copied
    target = copied.get("target")
    return CarriedRow(
        number, row.indicator_key, str(copied.get("text") or ""), copied.get("unit"),
        None if target is None else target_from_plain(target),
    )  # fmt: skip


def differences(
    session: Session, region_id: int, year: int, day: date, *, unit_id: int | None = None, case_id: int | None = None
) -> list[Difference]:
    """In what the annexes of agreements in force differ from the tree as it stands on a day, row by row; rows that do
    not differ are left out."""
    rows = carried_rows(session, region_id, year, unit_id=unit_id, case_id=case_id)
    nodes = nodes_on(session, region_id, {row.node_key for row, _ in rows if row.node_key}, day)
    indicators = {one.key: one for node in nodes.values() for one in node.indicators}
    found = []
    for row, carried in rows:
        now = indicators.get(row.indicator_key)
        parts = (ENDED,) if now is None else annex_differences(carried, now, year)
        if parts:
            found.append(Difference(carried.agreement, carried, now, parts))
    return found


def superiors_rows(session: Session, region_id: int, year: int, indicators: Iterable[str]) -> dict[str, dict[str, str]]:
    """For indicators of superiors the row of an agreement in force that carries each: ``case`` (its number), ``item``
    (the row's code), ``title`` (its text)."""
    keys, found = sorted(indicators), {}
    for start in range(0, len(keys), MOST_AT_ONCE):
        part = keys[start : start + MOST_AT_ONCE]
        wanted = (
            select(AgreementRow.indicator_key, AgreementRow.copied, Case.number)
            .join(Case, Case.id == AgreementRow.case_id)
            .where(AgreementRow.region_id == region_id, AgreementRow.year == year, AgreementRow.ended_on.is_(None))
            .where(AgreementRow.indicator_key.in_(part))
            .order_by(AgreementRow.id)
        )
        for key, copied, number in session.execute(wanted):
            found[key] = {
                "case": number, "item": str(copied.get("code") or key), "title": str(copied.get("text") or "")[:500]
            }  # fmt: skip
    return found
