"""What hangs on a tree in the store: agreements in force, open reports, targets, figures, budgets (reference §4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.organisation.models import Unit
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.facts.budget import PROGRAMME
from sakip.facts.budget_models import BudgetRow
from sakip.facts.models import AgreementRow, RealisationRow, ResultRow, TargetRow
from sakip.facts.stored_values import number_from_text
from sakip.tree.impact import Programme, Surroundings
from sakip.tree.values import Node

MOST_AT_ONCE = 500  # values in one IN
REPORTED, INDICATOR = "reported", "indicator"


def around(session: Session, region_id: int, nodes: Iterable[Node], year: int) -> Surroundings:
    """What hangs on nodes of a region and their indicators, each thing by what names it to its reader: the number of an
    agreement in force, a reported period that nobody has verified, a target (year, period), a figure (year, span), and
    the budgets of programmes from a year on."""
    reached = list(nodes)
    keys = sorted({one.key for node in reached for one in node.indicators})
    agreements = _named(session, keys, lambda part: _agreements(region_id, part))
    reports = _named(session, keys, lambda part: _reports(region_id, part))
    targets = _named(session, keys, lambda part: _targets(region_id, part))
    figures = _named(session, keys, lambda part: _figures(region_id, part))
    return Surroundings(agreements, reports, targets, figures, _programmes(session, region_id, reached, year))


def _programmes(
    session: Session, region_id: int, nodes: Sequence[Node], year: int
) -> dict[str, tuple[Programme, ...]]:  # fmt: skip
    """Budgets by the nodes they serve or stand at; activities only of the units whose nodes are asked for."""
    wanted = {node.key for node in nodes}
    trees = {node.tree for node in nodes if not node.is_regional}
    if not wanted:
        return {}
    row = BudgetRow
    of_trees = Unit.key.in_(sorted(trees)) if len(trees) < MOST_AT_ONCE else true()
    is_unit_s = all(not node.is_regional for node in nodes)
    query = (
        select(Unit.key, row.programme_key, row.code, row.title, row.supports, row.year, row.amount)
        .join(Unit, Unit.id == row.unit_id)
        .where(row.region_id == region_id, row.is_current, row.amount.is_not(None), row.year >= year)
        .where(of_trees if is_unit_s else or_(row.kind == PROGRAMME, of_trees))
        .order_by(row.year, Unit.key, row.code, row.id)
    )
    found: dict[str, list[Programme]] = {}
    for unit, key, code, title, supports, of_year, amount in session.execute(query):
        served = frozenset(supports)
        one = Programme(code, title, number_from_text(amount), unit, of_year, key, served)
        for node in wanted & {key, *served}:
            found.setdefault(node, []).append(one)
    return {node: tuple(those) for node, those in found.items()}


def _named(session: Session, keys: list[str], wanted: Callable[[list[str]], Any]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for part in _parts(keys):
        for key, *names in session.execute(wanted(part)):
            said = " · ".join(str(one) for one in names if one not in (None, ""))
            if said not in found.setdefault(key, []):
                found[key].append(said)
    return {key: tuple(names) for key, names in found.items()}


def _parts(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), MOST_AT_ONCE):
        yield keys[start : start + MOST_AT_ONCE]


def _of(table: Any, region_id: int, column: ColumnElement[Any] | Any, keys: list[str]) -> tuple[Any, ...]:
    return (table.region_id == region_id, column.in_(keys))


def _agreements(region_id: int, keys: list[str]) -> Any:
    return (
        select(AgreementRow.indicator_key, Case.number)
        .join(Case, Case.id == AgreementRow.case_id)
        .where(*_of(AgreementRow, region_id, AgreementRow.indicator_key, keys), AgreementRow.ended_on.is_(None))
        .order_by(Case.number)
    )


def _reports(region_id: int, keys: list[str]) -> Any:
    row = RealisationRow
    return (
        select(row.indicator_key, Case.number, row.year, row.period)
        .outerjoin(Case, Case.id == row.case_id)
        .where(*_of(row, region_id, row.indicator_key, keys), row.is_current, row.state == REPORTED)
        .order_by(row.year, row.period)
    )


def _targets(region_id: int, keys: list[str]) -> Any:
    return (
        select(TargetRow.indicator_key, TargetRow.indicator_key, TargetRow.year, TargetRow.period)
        .where(*_of(TargetRow, region_id, TargetRow.indicator_key, keys))
        .order_by(TargetRow.indicator_key, TargetRow.year, TargetRow.period)
    )


def _figures(region_id: int, keys: list[str]) -> Any:
    row = ResultRow
    return (
        select(row.subject, row.subject, row.year, row.span)
        .where(*_of(row, region_id, row.subject, keys), row.subject_kind == INDICATOR, row.figure == ACHIEVEMENT)
        .order_by(row.subject, row.year, row.span)
    )
