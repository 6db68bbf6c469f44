"""What a reference may point at: rows of decided cases, such as the indicators of a superior's agreement in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.answers import from_store
from engine.cases.models import Case, CaseAnswers
from engine.cases.state import from_plain
from engine.cases.stored import definition_of
from engine.definitions.model import Definition, Field
from engine.organisation.models import Person, Unit
from web.fields import Choices
from web.form_layout import Layout

MOST_CASES = 40


def referable(session: Session, region_id: int, person_id: int, to: str, of: str) -> Choices:
    """(``case|code|words``, words) of the rows ``to`` names (``performance_agreement.goals.indicators``) in the newest
    decided cases: of the person's unit and those above (``superior``), of their own (``unit``), or of the region."""
    case_type, _dot, path = to.partition(".")
    query = (
        select(Case, CaseAnswers.answers, Unit.path)
        .join(CaseAnswers, CaseAnswers.case_id == Case.id)
        .join(Unit, Unit.id == Case.unit_id, isouter=True)
        .where(Case.region_id == region_id, Case.case_type == case_type, Case.closed_at.is_not(None))
        .order_by(Case.id.desc())
        .limit(MOST_CASES)
    )
    own = select(Unit.path).join(Person, Person.unit_id == Unit.id).where(Person.id == person_id)
    here = session.scalar(own) or ""
    found: list[tuple[str, str]] = []
    for case, stored, unit in session.execute(query):
        if not _is_meant(of, unit or "", here):
            continue
        definition = definition_of(session, case.digest)
        if definition.is_sealed or not _is_decided(definition, from_plain(case.state).active):
            continue
        answers = from_store(definition.fields, stored)
        for code, name in _rows(definition.fields, answers, path.split(".")):
            words = f"{code} {name}".strip().replace("|", "/")
            found.append((f"{case.id}|{code}|{words}", f"{words} ({case.number})"))
    return tuple(found)


def _is_meant(of: str, unit: str, here: str) -> bool:
    if of == "any":
        return True
    return bool(unit) and (unit == here if of == "unit" else here.startswith(unit))


def _is_decided(definition: Definition, active: Mapping[str, Any]) -> bool:
    return any(state in active for state in definition.milestones.get("decided", ()))


def _rows(fields: Mapping[str, Field], values: Mapping[str, Any], path: list[str]) -> Iterator[tuple[str, str]]:
    table = fields.get(path[0])
    if table is None or table.type != "table":
        return
    layout = Layout(table)
    for row in values.get(path[0]) or ():
        if len(path) > 1:
            yield from _rows(table.columns, row, path[1:])
        elif layout.code is not None:
            yield layout.code_of(row), str(row.get(layout.name.key) or "") if layout.name is not None else ""
