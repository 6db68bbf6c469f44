"""What a revised agreement takes over from the one it replaces: all that its reason does not touch (reference §3.3).

| Reason | Touches | Comes from |
|---|---|---|
| `official` (mutasi) | the parties | – |
| `strategy` (strategi) | programmes and budget | the tree, budgets by code |
| `assumption` (asumsi) | goals, indicators, targets | the tree |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers
from engine.cases.stored import definition_of
from engine.definitions.model import Field
from engine.errors import NotFound
from engine.field_types import kind_of
from engine.field_types.table import ROW_KEY

CASE_TYPE = "performance_agreement"
OFFICIAL, STRATEGY, ASSUMPTION = "official", "strategy", "assumption"
_TOUCHED = {"goals": ASSUMPTION, "programmes": STRATEGY}  # table -> the reason that touches it
_PARTY = ("name", "capacity", "position", "nip", "rank", "decree")
_BASIS = ("budget_basis", "budget_basis_number", "budget_basis_on")


def is_from_tree(table: str, values: Mapping[str, Any]) -> bool:
    """Whether a table is taken from the tree anew: in an original agreement, and in a revision whose reason touches
    it. ``values``: ``stage``, ``reason``, ``replaces``."""
    is_revision = values.get("stage") == "revision" and bool(values.get("replaces"))
    return not is_revision or values.get("reason") == _TOUCHED.get(table)


def replaced(session: Session, region_id: int, number: Any) -> Case | None:
    """The agreement of a number, None when the region has none such."""
    wanted = select(Case).where(
        Case.region_id == region_id, Case.number == str(number or "").strip(), Case.case_type == CASE_TYPE
    )
    return session.scalar(wanted)


def carried(
    session: Session, region_id: int, table: str, values: Mapping[str, Any], columns: Mapping[str, Field]
) -> list[dict[str, Any]]:
    """The rows of a table of the agreement that ``values`` say is replaced, as raw answers of these columns; none for
    an original agreement or one that is not there. Row keys stay: the links to the tree are carried over too."""
    if values.get("stage") != "revision":
        return []
    case = replaced(session, region_id, values.get("replaces"))
    if case is None:
        return []
    return _rows(answers_of_case(session, case).get(table) or (), columns)


def answers_of_case(session: Session, case: Case) -> dict[str, Any]:
    """The answers of a case as typed values."""
    fields = definition_of(session, case.digest).fields
    plain = session.get_one(CaseAnswers, case.id).answers
    return {
        name: kind_of(fields[name].type).from_store(value, fields[name])
        for name, value in plain.items()
        if name in fields and value is not None
    }


def _rows(rows: Any, columns: Mapping[str, Field]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        kept = {name: value for name, value in row.items() if name in columns or name == ROW_KEY}
        for name, value in kept.items():
            if name != ROW_KEY and columns[name].type == "table":
                kept[name] = _rows(value or (), columns[name].columns)
        found.append({name: value for name, value in kept.items() if name == ROW_KEY or columns[name].computed is None})
    return found


def revision_answers(session: Session, region_id: int, case_id: int, reason: str) -> dict[str, Any]:
    """The raw answers with which a revision of an agreement is opened; its tables are proposed when it opens.

    A change of the official leaves the first party open, any other reason keeps both; a change of strategy leaves the
    basis of the budget open. Raises NotFound for no such agreement in the region.
    """
    case = session.get(Case, case_id)
    if case is None or case.region_id != region_id or case.case_type != CASE_TYPE:
        raise NotFound("There is no such agreement.")
    before = answers_of_case(session, case)
    names = ["period", "level", "place", "second_party", *(f"second_party_{part}" for part in _PARTY)]
    if reason != OFFICIAL:
        names += ["first_party", *(f"first_party_{part}" for part in _PARTY)]
    if reason != STRATEGY:
        names += _BASIS
    found = {name: before[name] for name in names if name in before}
    if reason == OFFICIAL and "first_party_position" in before:  # the seat is the same, who sits on it is not
        found["first_party_position"] = before["first_party_position"]
    return found | {"stage": "revision", "revision_reason": reason, "replaces": case.number}
