"""The recommendations of a region held against the cases they come from: closed evaluations and follow-ups (§7.11)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case, CaseAnswers, History
from engine.errors import AlurError
from engine.outbox.calls import DONE
from engine.outbox.models import ConnectorCall
from sakip.case_answers import Document, document_at
from sakip.facts.asking import parts
from sakip.facts.fact_tables import Difference
from sakip.facts.follow_ups import CLOSED, OPEN, STATES, from_outside, given_in
from sakip.facts.models import RecommendationRow
from sakip.facts.scores import sheet_of_case
from sakip.facts.sheets import NotAsked

CLOSING, FOLLOWING = "sakip.evaluation_closed", "sakip.follow_up_state"
_COMPARED = (
    "unit_id", "year", "source", "path", "text", "due_on", "state", "closed_on", "case_id", "follow_up_id", "made_at",
)  # fmt: skip
_Values = dict[str, Any]


def recommendation_differences(session: Session, region_id: int, *, is_check: bool) -> tuple[int, list[Difference]]:
    """How many recommendations there are, and those their cases do not give; without ``is_check`` they are put right,
    but for a follow-up that is not there: nobody opens cases after the fact."""
    stored = session.scalars(
        select(RecommendationRow).where(RecommendationRow.region_id == region_id).order_by(RecommendationRow.id)
    ).all()
    told = _Told(session, region_id, stored)
    left, found = {row.id: row for row in stored}, []
    for given in told.all_of_them():
        row = _match(left.values(), given)
        if row is not None:
            del left[row.id]
        found += list(_held(session, region_id, row, given, is_check=is_check))
    for row in left.values():
        found.append(Difference(RecommendationRow.__tablename__, _named(row.__dict__), _columns(row), None))
        if not is_check:
            session.delete(row)
    session.flush()
    return len(stored), found


def _held(
    session: Session, region_id: int, row: RecommendationRow | None, given: _Values, *, is_check: bool
) -> Iterator[Difference]:
    """One row against what its cases say."""
    stored = None if row is None else _columns(row)
    if stored == given:
        return
    wrong = [name for name in _COMPARED if stored is None or stored[name] != given[name]]
    yield Difference(
        RecommendationRow.__tablename__, _named(given),
        None if stored is None else {name: stored[name] for name in wrong}, {name: given[name] for name in wrong},
    )  # fmt: skip
    if not is_check:
        kept = RecommendationRow(region_id=region_id) if row is None else row
        for name, value in given.items():
            setattr(kept, name, value)
        session.add(kept)


def _match(rows: Iterable[RecommendationRow], given: _Values) -> RecommendationRow | None:
    """The row that says the same in the same case, otherwise the one that the same case follows up."""
    among = list(rows)
    for names in (("case_id", "path", "text", "follow_up_id"), ("follow_up_id",), ("case_id", "path", "text")):
        if any(given[name] is not None for name in names):
            for row in among:
                if all(getattr(row, name) == given[name] for name in names):
                    return row
    return None


class _Told:
    """What the cases of a region say about its recommendations."""

    def __init__(self, session: Session, region_id: int, stored: Iterable[RecommendationRow]) -> None:
        self._session, self._region_id = session, region_id
        self._stored = list(stored)
        self._calls = self._acts()
        self._states: dict[int, list[ConnectorCall]] = {}
        for call in self._calls:
            if call.connector == FOLLOWING:
                self._states.setdefault(call.case_id, []).append(call)
        self._follow_ups = self._opened()

    def all_of_them(self) -> list[_Values]:
        """Every recommendation, those of evaluations first, in the order of the acts."""
        found: list[_Values] = []
        for call in self._calls:
            if call.connector == CLOSING:
                found += self._of_evaluation(call, {(one["case_id"], one["path"], one["text"]) for one in found})
        inside = {one["follow_up_id"] for one in found}
        linked = {row.follow_up_id for row in self._stored if row.case_id is None and row.follow_up_id is not None}
        outside = sorted({*self._states, *linked} - inside)
        return found + [one for case in outside for one in self._from_outside(case)]

    def _of_evaluation(self, call: ConnectorCall, known: set[tuple[Any, ...]]) -> Iterator[_Values]:
        """Those a closing adds to what is ``known``."""
        try:
            document = document_at(self._session, self._region_id, call.case_id, call.revision)
            given = given_in(self._session, sheet_of_case(self._session, document), document)
        except (AlurError, NotAsked, ValueError):
            return  # drawing its scores names what is wrong with such an act
        for one in given:
            place = (document.case_id, one["path"], one["text"])
            if place not in known:
                known.add(place)
                yield self._followed(one, document)

    def _acts(self) -> list[ConnectorCall]:
        query = select(ConnectorCall).where(
            ConnectorCall.region_id == self._region_id, ConnectorCall.state == DONE,
            ConnectorCall.connector.in_((CLOSING, FOLLOWING)),
        )  # fmt: skip
        order = (ConnectorCall.created_at, ConnectorCall.case_id, ConnectorCall.revision, ConnectorCall.place)
        return list(self._session.scalars(query.order_by(*order)))

    def _opened(self) -> dict[str, dict[int, Mapping[str, Any]]]:
        """The answers of the cases that follow up, by the number of the evaluation they name."""
        linked = {row.follow_up_id for row in self._stored if row.follow_up_id is not None}
        query = select(Case.id, CaseAnswers.answers).join(CaseAnswers, CaseAnswers.case_id == Case.id)
        query = query.where(Case.region_id == self._region_id).order_by(Case.id)
        found: dict[str, dict[int, Mapping[str, Any]]] = {}
        for part in parts(sorted({*self._states, *linked})):  # a region has a million cases, and few of these
            for case, answers in self._session.execute(query.where(Case.id.in_(part))):
                found.setdefault(str(answers.get("evaluation") or ""), {})[case] = answers
        return found

    def _followed(self, given: _Values, document: Document) -> _Values:
        """A recommendation of an evaluation with the case that follows it up, and how far that is."""
        among = self._follow_ups.get(document.number, {})
        case = next((one for one, said in among.items() if _is_about(said, given)), None)
        if case is None:  # whoever registers may have put its words right before passing it on
            linked = (row for row in self._stored if row.case_id == document.case_id and row.follow_up_id in among)
            case = next((row.follow_up_id for row in linked if row.text == given["text"]), None)
        if case is not None and (said := self._opened_with(case).get("due_on")) is not None:
            given["due_on"] = date.fromisoformat(str(said)[:10])  # as it was counted then, whatever the rubric says now
        return given | {"follow_up_id": case} | self._state_of(case)

    def _opened_with(self, case: int) -> Mapping[str, Any]:
        first = self._session.scalar(select(func.min(History.seq)).where(History.case_id == case))
        return {} if first is None else document_at(self._session, self._region_id, case, first).answers

    def _state_of(self, case: int | None) -> _Values:
        state, closed_on = OPEN, None
        for call in self._states.get(case or 0, ()):
            told = str((call.content or {}).get("state"))
            if told == CLOSED and state != CLOSED:
                closed_on = document_at(self._session, self._region_id, call.case_id, call.revision).on
            state = max(state, told, key=STATES.index)
        return {"state": state, "closed_on": closed_on}

    def _from_outside(self, case: int) -> Iterator[_Values]:
        """One that somebody registered: written when its case first told how far it is, or by an import at once."""
        calls = self._states.get(case, ())
        made = [row.made_at for row in self._stored if row.follow_up_id == case]
        acts = select(History.seq).where(History.case_id == case, History.at.in_(made)).order_by(History.seq)
        seqs = [seq for seq in self._session.scalars(acts) if not calls or seq <= calls[0].revision]
        seq = seqs[-1] if seqs else (calls[0].revision if calls else None)
        if seq is None:
            return
        try:
            document = document_at(self._session, self._region_id, case, seq)
        except AlurError:
            return
        yield from_outside(document) | self._state_of(case)


def _is_about(answers: Mapping[str, Any], given: _Values) -> bool:
    return (answers.get("path") or None, answers.get("recommendation")) == (given["path"], given["text"])


def _columns(row: RecommendationRow) -> _Values:
    return {name: getattr(row, name) for name in _COMPARED}


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in ("unit_id", "year", "path", "case_id", "follow_up_id")}
