"""Budgets an agreement in force sets: the programmes of its annex, by their node or their code (reference §5.15)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.field_types.table import ROW_KEY
from engine.organisation.models import Unit
from sakip.case_answers import Document
from sakip.facts.budget import KINDS
from sakip.facts.budget_models import BudgetRow
from sakip.facts.budget_rows import Budgeted, write_budgets
from sakip.facts.realisations import Origin
from sakip.standing import levels_then
from sakip.tree.annex_rows import OWNERS
from sakip.tree.carried_over import replaced
from sakip.tree.models import NodeRow
from sakip.tree.store import tree_on
from sakip.tree.values import Node, Tree

REGION, AGENCY = "region", "agency"  # levels of agreements and of units


def draw_budgets(
    session: Session, document: Document, year: int, begins: date, unit_id: int | None, before: Iterable[int],
    *, is_first: bool, until: date | None = None, later: Collection[int] = (),
) -> list[str]:  # fmt: skip
    """Write the budgets of an agreement's programmes from the day it is in force on (what a year begins with, from its
    first), and end those of the agreements it replaces (``before``, by case) that it does not name any more.
    ``unit_id`` is the unit of its goals, None where none comes from a tree. Returns the programmes written, by key.

    The head of the region signs the sum of what others are given: nothing is written of that agreement, so that no
    rupiah counts twice; nor of those whose annex has no budget. One that is drawn late, when agreements of ``later``
    cases are in force since ``until``, ends where these name it no more.
    """
    kind = _kind(session, document, year)
    unit = unit_id if unit_id is not None else _agency(session, document)
    if kind is None or unit is None:
        return []
    tree = tree_on(session, document.region_id, unit, begins)
    given = _budgeted(document, tree, unit, kind, _ever_there(session, document, unit))
    cases = {document.case_id, *before}
    other = replaced(session, document.region_id, document.answers.get("replaces"))
    if other is not None:
        cases.add(other.id)
    standing = _standing(session, document.region_id, year, cases)
    gone = [
        Budgeted(row.unit_id, row.programme_key, row.code, row.title, row.kind, tuple(row.supports), None)
        for row in standing
        if (row.unit_id, row.programme_key) not in {(one.unit_id, one.key) for one in given}
    ]
    origin = Origin(document.at, document.case_id, document.seq)
    since = date(year, 1, 1) if is_first and not standing else begins
    written = write_budgets(session, document.region_id, year, [*given, *gone], since, origin)
    if until is not None:
        kept = {(row.unit_id, row.programme_key) for row in _standing(session, document.region_id, year, set(later))}
        over = [replace(one, amount=None) for one in given if (one.unit_id, one.key) not in kept]
        written += write_budgets(session, document.region_id, year, over, until, origin)
    return written


def _kind(session: Session, document: Document, year: int) -> str | None:
    """What the rows of this kind of agreement are: programmes, activities, sub-activities; None for no budget."""
    level = str(document.answers.get("level") or "")
    levels = levels_then(session, document.region_id, year, document.on)
    annex = None if levels is None else levels.annex.get(OWNERS.get(level, ""))
    return annex.budget if annex is not None and level != REGION and annex.budget in KINDS else None


def _agency(session: Session, document: Document) -> int | None:
    """The agency the case's unit is or lies in, otherwise that unit itself."""
    unit = None if document.unit_id is None else session.get(Unit, document.unit_id)
    if unit is None:
        return None
    line = [int(one) for one in unit.path.split("/") if one] or [unit.id]
    found = session.scalars(select(Unit.id).where(Unit.id.in_(line), Unit.level == AGENCY).order_by(Unit.path.desc()))
    return next(iter(found), unit.id)


def _standing(session: Session, region_id: int, year: int, cases: set[int]) -> Sequence[BudgetRow]:
    wanted = select(BudgetRow).where(
        BudgetRow.region_id == region_id, BudgetRow.year == year, BudgetRow.is_current, BudgetRow.amount.is_not(None),
        BudgetRow.case_id.in_(sorted(cases)),
    )  # fmt: skip
    return session.scalars(wanted.order_by(BudgetRow.id)).all()


def _ever_there(session: Session, document: Document, unit: int) -> set[str]:
    """The nodes that rows of the annex were taken from: those the unit's tree has, or had."""
    taken = sorted({str(row.get(ROW_KEY) or "") for row in document.answers.get("programmes") or ()})
    wanted = select(NodeRow.key).where(NodeRow.region_id == document.region_id, NodeRow.unit_id == unit)
    return set(session.scalars(wanted.where(NodeRow.key.in_(taken))))


def _budgeted(document: Document, tree: Tree, unit: int, kind: str, ever_there: set[str]) -> list[Budgeted]:
    """The rows of the annex, each programme once: what comes from several sources is added up."""
    goals = {
        str(goal.get("code")): str(goal[ROW_KEY]) for goal in document.answers.get("goals") or () if goal.get(ROW_KEY)
    }
    by_code = {str(node.fields["plan_code"]): node for node in tree.nodes.values() if node.fields.get("plan_code")}
    found: dict[str, Budgeted] = {}
    for row in document.answers.get("programmes") or ():
        code = str(row.get("code") or "").strip()
        taken = str(row.get(ROW_KEY) or "")
        is_taken = taken in ever_there  # whatever became of its node since
        node = tree.nodes.get(taken) or (None if is_taken else by_code.get(code))
        if row.get("budget") is None or not (code or node):
            continue
        key = taken if is_taken else code if node is None else node.key
        amount = Fraction(str(row["budget"])) + ((found[key].amount or 0) if key in found else 0)
        found[key] = Budgeted(
            unit, key, code, str(row.get("name") or ""), kind, _served(row, goals, tree, node), amount
        )
    return list(found.values())


def _served(row: Mapping[str, Any], goals: Mapping[str, str], tree: Tree, node: Node | None) -> tuple[str, ...]:
    """The nodes a row says it supports, what those hang under, and what its own node hangs under."""
    said = [goals[code] for each in str(row.get("supports") or "").split(",") if (code := each.strip()) in goals]
    starts = [tree.nodes[key] for key in said if key in tree.nodes] + ([] if node is None else [node])
    return tuple(dict.fromkeys((*said, *(above.key for one in starts for above in tree.ancestors(one)))))
