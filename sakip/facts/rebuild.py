"""Facts drawn again from the cases, and results from the facts: what differs is named, or put right (§3.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from engine.errors import AlurError
from engine.outbox.calls import DONE
from engine.outbox.models import ConnectorCall
from sakip.case_answers import document_at
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY
from sakip.facts.computing import Line
from sakip.facts.draws import DRAWS, Act
from sakip.facts.efficiencies import efficiency_lines
from sakip.facts.evidence_checks import piece_differences, with_judgements
from sakip.facts.fact_tables import (
    OF_CASES,
    OF_TREES,
    Difference,
    FactTable,
    are_trees_comparable,
    as_the_trees_stood,
    differences,
    snapshot,
    take_back,
)
from sakip.facts.models import RealisationRow, ResultRow, TargetRow
from sakip.facts.published_reports import publication_differences
from sakip.facts.putting_right import put_right
from sakip.facts.recommendation_checks import recommendation_differences
from sakip.facts.registering import register_again
from sakip.facts.results import compute, recompute
from sakip.facts.score_checks import rewrite_scores, score_differences
from sakip.facts.stored_results import to_stored

HELD_UP = "held_up"  # in a call's result: it was told, and nothing was written
_RESULT_KEY = ("figure", "year", "span", "subject_kind", "subject")
_COMPARED = ("numerator", "denominator", "shown", "band", "tone", "reason", "because", "is_provisional", "details")

Tell = Callable[[str], None]


@dataclass(slots=True)
class Rebuilt:
    """How many rows were looked at, and those that differed."""

    compared: int = 0
    different: list[Difference] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"compared": self.compared, "different": [one.plain() for one in self.different]}


def rebuild(
    session: Session, region_id: int, now: datetime, *, is_check: bool, tell: Tell = lambda text: None
) -> Rebuilt:
    """Compare the facts of a region with its cases and its results with its facts; without ``is_check`` put right what
    differs (a frozen result stays, and is named). ``tell`` hears of the progress. The caller commits."""
    found = Rebuilt()
    tables = (*OF_TREES, *OF_CASES) if are_trees_comparable(session, region_id) else OF_CASES
    stored = snapshot(session, region_id, tables)
    drawn, failed = _drawn_again(session, region_id, tables, tell)
    with_judgements(session, region_id, stored, drawn)
    if tables is OF_CASES:
        as_the_trees_stood(tables, stored, drawn)
    found.compared += len(stored)
    wrong = list(differences(tables, stored, drawn))
    found.different += [*failed, *wrong]
    if not is_check:
        put_right(session, region_id, tables, stored, drawn)
    found.different += _not_registered(session, region_id, is_check=is_check)
    # publications before anything is recomputed
    for hold in (piece_differences, recommendation_differences, publication_differences):
        compared, other = hold(session, region_id, is_check=is_check)
        found.compared += compared
        found.different += other
    for year in _years(session, region_id):
        tell(f"results of {year}")
        for compared, other in (_results(session, region_id, year), _efficiency(session, region_id, year)):
            found.compared += compared
            found.different += other
        if not is_check:
            recompute(session, region_id, None, year, now)
    compared, other = score_differences(session, region_id)
    found.compared += compared
    found.different += other
    if not is_check:
        rewrite_scores(session, region_id, now)
    return found


def _drawn_again(
    session: Session, region_id: int, tables: Sequence[FactTable], tell: Tell
) -> tuple[dict[Any, dict[str, Any]], list[Difference]]:
    """The facts as the cases alone make them. Nothing of it stays: it is done in a savepoint that is rolled back."""
    calls = _calls(session, region_id, is_with_trees=len(tables) > len(OF_CASES))
    savepoint = session.begin_nested()
    failed: list[Difference] = []
    try:
        take_back(session, region_id, tables)
        for number, call in enumerate(calls, 1):
            if number % 100 == 0:
                tell(f"{number} of {len(calls)} acts")
            try:
                document = document_at(session, region_id, call.case_id, call.revision)
                DRAWS[call.connector](session, Act(document, call.created_at, call.content))
            except (AlurError, ValueError) as error:
                named = {"case_id": call.case_id, "seq": call.revision, "connector": call.connector}
                failed.append(Difference("connector_calls", named, {"state": DONE}, {"error": str(error)}))
        return snapshot(session, region_id, tables), failed
    finally:
        savepoint.rollback()
        session.expire_all()


def _not_registered(session: Session, region_id: int, *, is_check: bool) -> list[Difference]:
    """What cases say is in the register of evidence and is not; without ``is_check`` it is there afterwards."""
    savepoint = session.begin_nested()
    missing = [
        Difference(
            "sakip_evidence", {"case_id": one.from_case_id, "revision_id": one.from_revision_id, "kind": one.kind},
            None, {"year": one.year, "title": one.title},
        )
        for one in register_again(session, region_id)
    ]  # fmt: skip
    if is_check:
        savepoint.rollback()
        session.expire_all()
    else:
        savepoint.commit()
    return missing


def _calls(session: Session, region_id: int, *, is_with_trees: bool) -> list[ConnectorCall]:
    """The acts that wrote facts, in the order in which they did: one that was made late, after a retry, found what had
    been written meanwhile."""
    query = select(ConnectorCall).where(
        ConnectorCall.region_id == region_id, ConnectorCall.state == DONE, ConnectorCall.connector.in_(sorted(DRAWS))
    )
    order = (
        ConnectorCall.finished_at, ConnectorCall.created_at, ConnectorCall.case_id, ConnectorCall.revision,
        ConnectorCall.place,
    )  # fmt: skip
    found = [one for one in session.scalars(query.order_by(*order)) if HELD_UP not in (one.result or {})]
    for one in found:
        session.expunge(one)  # they are read before everything is taken back
    of_trees = ("sakip.tree_in_force", "sakip.edge_agreed")
    return [one for one in found if is_with_trees or one.connector not in of_trees]


def _years(session: Session, region_id: int) -> list[int]:
    """The fiscal years about which there is anything to compute."""
    asked = union(*(
        select(model.year).where(model.region_id == region_id).distinct()
        for model in (TargetRow, RealisationRow, ResultRow)
    ))  # fmt: skip
    return sorted(session.scalars(asked))


def _results(session: Session, region_id: int, year: int) -> tuple[int, list[Difference]]:
    """How many results of a year there are, and those that the facts do not give; frozen ones too."""
    return _against(session, region_id, year, ACHIEVEMENT, compute(session, region_id, None, year).lines)


def _efficiency(session: Session, region_id: int, year: int) -> tuple[int, list[Difference]]:
    """The same of efficiency, by the achievements that are stored."""
    return _against(session, region_id, year, EFFICIENCY, efficiency_lines(session, region_id, year))


def _against(
    session: Session, region_id: int, year: int, figure: str, lines: Iterable[Line]
) -> tuple[int, list[Difference]]:
    stored: dict[tuple[Any, ...], dict[str, Any]] = {}
    query = select(ResultRow).where(
        ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.figure == figure
    )
    for row in session.scalars(query):
        stored[tuple(getattr(row, name) for name in _RESULT_KEY)] = {name: getattr(row, name) for name in _COMPARED}
    computed: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        more = {} if line.total is None else {"counted": line.counted, "total": line.total}
        made = to_stored(line.result, more)
        values = {name: getattr(made, name) for name in _COMPARED}
        computed[(figure, year, line.span, line.kind, line.subject)] = values
    found = []
    for key in dict.fromkeys((*stored, *computed)):
        one, other = stored.get(key), computed.get(key)
        if one != other:
            names = [name for name in _COMPARED if one is None or other is None or one[name] != other[name]]
            found.append(Difference(
                "sakip_results", dict(zip(_RESULT_KEY, key, strict=True)),
                None if one is None else {name: one[name] for name in names},
                None if other is None else {name: other[name] for name in names},
            ))  # fmt: skip
    return len(stored), found
