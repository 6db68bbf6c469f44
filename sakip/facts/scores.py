"""The answers of a worksheet as rows, drawn from the case each time a tier is left (reference §3.2, §7, §11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.cases.models import History
from engine.errors import NotFound
from sakip.case_answers import Document, document_at
from sakip.configuration.evaluation import Tier
from sakip.facts.evidence import REFUSED, piece_of
from sakip.facts.evidence_uses import CRITERION, USED, Place, refuse_use, restore_use, use, uses_at
from sakip.facts.models import EvidencePiece, ScoreRow
from sakip.facts.score_results import write_scores
from sakip.facts.sheets import EVIDENCE, NotAsked, Sheet, accepted_before, sheet_of, tier_answers
from sakip.facts.sheets import is_confirmed as stands_by
from sakip.shares import Given
from sakip.tiers import TierAnswer

SUBJECT_REGION = "region"


def sheet_of_case(session: Session, document: Document) -> Sheet:
    """The worksheet a case of evaluation is about, by the rubric that counted at the act. Raises NotFound, NotAsked."""
    year = document.answers.get("year")
    if year is None:
        raise NotFound("The case names no performance year.")
    unit_id = None if document.answers.get("subject") == SUBJECT_REGION else document.unit_id
    return sheet_of(session, document.region_id, unit_id, int(year), document.at)


def draw_tier(session: Session, region_id: int, case_id: int, seq: int, values: Mapping[str, Any]) -> int:
    """Write the answers of the tier ``values`` names as they stood at an act, with the scores that follow from them.

    ``agency`` limits it to the components that agency looks at. Run twice it writes once; returns how many answers the
    act has, nothing for a tier the rubric has given up: the case passes through its state.
    """
    document = document_at(session, region_id, case_id, seq)
    sheet = sheet_of_case(session, document)
    tier = sheet.evaluation.tiers.get(str(values.get("tier")))
    if tier is None:
        return 0
    written = _written(session, document, tier, values.get("agency"))
    if written:
        return written
    rows = _of_agency(tier, document.answers.get(tier.key) or (), values.get("agency"))
    paths = None if values.get("agency") is None else {row["path"] for row in rows}
    is_newest = not _is_left_since(session, sheet, tier.key, paths, document)
    if is_newest:
        _set_aside(session, sheet, tier.key, paths)
    if tier.answers == EVIDENCE:
        added = [_evidence_row(row) for row in rows]
        if is_newest:
            _judge_uses(session, sheet, rows, document)
    else:
        answers = _told(sheet, tier, rows, document)
        given = {row["path"]: row for row in rows if row.get("path") in answers}
        added = [_answer_row(path, one, given[path]) for path, one in answers.items()]
        if is_newest:
            _use_evidence(session, sheet, given.values(), document)
    for row in added:
        row.region_id, row.unit_id, row.year, row.tier = region_id, sheet.unit_id, sheet.year, tier.key
        row.case_id, row.seq, row.is_current = case_id, seq, is_newest
    session.add_all(added)
    session.flush()
    if tier.answers != EVIDENCE:
        with suppress(NotAsked):  # by the rubric that counts now, which may not ask this subject any more
            asked = sheet_of(session, region_id, sheet.unit_id, sheet.year)
            write_scores(session, asked, current_answers(session, asked), document.at)
    return len(added)


def _told(sheet: Sheet, tier: Tier, rows: Sequence[Mapping[str, Any]], document: Document) -> dict[str, TierAnswer]:
    """What the rows of an act answer; also what a rubric published since does not ask any more: the act said so."""
    found = tier_answers(sheet, tier, rows, accepted_before(sheet, tier, document.answers))
    for row in rows:
        if row["path"] not in found:
            given: Given = tuple(row["pieces"]) if row.get("pieces") else row.get("answer") or None
            found[row["path"]] = TierAnswer(given, stands_by(tier, row))
    return found


def _is_left_since(
    session: Session, sheet: Sheet, tier: str, paths: Collection[str] | None, document: Document
) -> bool:
    """Whether a later act has left the tier already: one that is drawn late takes nobody's place."""
    query = select(ScoreRow.path, History.at, History.seq).join(
        History, (History.case_id == ScoreRow.case_id) & (History.seq == ScoreRow.seq)
    )
    query = query.where(
        ScoreRow.region_id == sheet.region_id, ScoreRow.year == sheet.year, ScoreRow.tier == tier, ScoreRow.is_current,
        ScoreRow.unit_id.is_(None) if sheet.unit_id is None else ScoreRow.unit_id == sheet.unit_id,
    )  # fmt: skip
    mine = (document.at, document.seq)
    return any((at, seq) > mine for path, at, seq in session.execute(query) if paths is None or path in paths)


def _written(session: Session, document: Document, tier: Tier, agency: Any) -> int:
    """How many answers of a tier (of one agency's components) an act has written already. One act may leave the states
    of several agencies, each with a call of its own."""
    query = select(ScoreRow.path).where(
        ScoreRow.case_id == document.case_id, ScoreRow.seq == document.seq, ScoreRow.tier == tier.key
    )
    paths: list[Mapping[str, Any]] = [{"path": path} for path in session.scalars(query)]
    return len(_of_agency(tier, paths, agency))


def current_answers(session: Session, sheet: Sheet) -> dict[str, dict[str, TierAnswer]]:
    """The answers that count now, by tier and path; a tier nobody has left yet is not there."""
    found: dict[str, dict[str, TierAnswer]] = {}
    for row in current_rows(session, sheet):
        found.setdefault(row.tier, {})[row.path] = TierAnswer(_given(row.answer, row.evidence), row.is_confirmed)
    return found


def answers_of_all(session: Session, region_id: int, year: int) -> dict[int | None, dict[str, dict[str, TierAnswer]]]:
    """The answers that count now of everything in a region that somebody scored in a year, by unit (None: the region),
    tier and path, read together."""
    query = (
        select(
            ScoreRow.unit_id, ScoreRow.tier, ScoreRow.path, ScoreRow.answer, ScoreRow.evidence, ScoreRow.is_confirmed
        )
        .where(ScoreRow.region_id == region_id, ScoreRow.year == year, ScoreRow.is_current)
        .order_by(ScoreRow.id)
    )
    found: dict[int | None, dict[str, dict[str, TierAnswer]]] = {}
    for unit_id, tier, path, answer, evidence, is_confirmed in session.execute(query):
        given = TierAnswer(_given(answer, evidence), is_confirmed)
        found.setdefault(unit_id, {}).setdefault(tier, {})[path] = given
    return found


def current_rows(session: Session, sheet: Sheet, tier: str | None = None) -> Sequence[ScoreRow]:
    """The rows that count now, in the order they were written."""
    query = select(ScoreRow).where(
        ScoreRow.region_id == sheet.region_id, ScoreRow.year == sheet.year, ScoreRow.is_current,
        ScoreRow.unit_id.is_(None) if sheet.unit_id is None else ScoreRow.unit_id == sheet.unit_id,
    )  # fmt: skip
    if tier is not None:
        query = query.where(ScoreRow.tier == tier)
    return session.scalars(query.order_by(ScoreRow.id)).all()


def _given(answer: str | None, evidence: Mapping[str, Any] | None) -> Given:
    counted = (evidence or {}).get("counted")
    return answer if counted is None else tuple(counted)


def _answer_row(path: str, answer: TierAnswer, row: Mapping[str, Any]) -> ScoreRow:
    told = {name: list(row[name]) for name in ("evidence", "met") if row.get(name)}
    is_text = answer.given is None or isinstance(answer.given, str)
    score = ScoreRow(path=path, answer=answer.given if is_text else None, note=row.get("note") or "")
    score.evidence = told if is_text else told | {"counted": list(answer.given or ())}
    score.is_confirmed = answer.is_confirmed
    return score


def _evidence_row(row: Mapping[str, Any]) -> ScoreRow:
    told = {"counted": list(row.get("pieces") or ()), "refused": list(row.get("refused") or ())}
    score = ScoreRow(path=row["path"], answer=None, note=row.get("note") or "", evidence=told)
    score.is_confirmed = bool(row.get("checked"))
    return score


def _of_agency(tier: Tier, rows: Sequence[Mapping[str, Any]], agency: Any) -> list[Mapping[str, Any]]:
    """The rows an agency answers for: those of its components, whatever else it may have written."""
    given = [row for row in rows if row.get("path")]
    if agency is None:
        return given
    return [row for row in given if tier.by_component.get(row["path"].partition(".")[0]) == agency]


def _set_aside(session: Session, sheet: Sheet, tier: str, paths: Collection[str] | None) -> None:
    """What an earlier leaving of the tier wrote counts no more."""
    query = update(ScoreRow).where(
        ScoreRow.region_id == sheet.region_id, ScoreRow.year == sheet.year, ScoreRow.tier == tier, ScoreRow.is_current,
        ScoreRow.unit_id.is_(None) if sheet.unit_id is None else ScoreRow.unit_id == sheet.unit_id,
    )  # fmt: skip
    if paths is not None:
        query = query.where(ScoreRow.path.in_(paths))
    session.execute(query.values(is_current=False).execution_options(synchronize_session=False))


def piece_name(sheet: Sheet, piece: EvidencePiece) -> str:
    """What a registered piece is called where this year's worksheet asks it: ``annual_plan-1`` is last year's."""
    return piece.kind if piece.year == sheet.year else f"{piece.kind}{piece.year - sheet.year:+d}"


def _use_evidence(session: Session, sheet: Sheet, rows: Collection[Mapping[str, Any]], document: Document) -> None:
    used = {
        (one.place, piece.id)
        for one, piece in uses_at(session, sheet.region_id, sheet.unit_id, sheet.year, CRITERION)
    }  # fmt: skip
    for row in rows:
        for number in row.get("evidence") or ():
            if (row["path"], int(number)) in used:  # as the tier before left it
                continue
            piece = piece_of(session, sheet.region_id, int(number))
            place = Place(CRITERION, row["path"], sheet.unit_id, sheet.year, piece=piece_name(sheet, piece))
            use(session, sheet.region_id, piece.id, place, by=None, now=document.at, case_id=document.case_id)


def _judge_uses(
    session: Session, sheet: Sheet, rows: Collection[Mapping[str, Any]], document: Document
) -> None:  # fmt: skip
    """A piece refused at a criterion is no evidence for it; elsewhere it stands as before (§8.4)."""
    judged = {row["path"]: row for row in rows}
    for used, _piece in uses_at(session, sheet.region_id, sheet.unit_id, sheet.year, CRITERION):
        row = judged.get(used.place)
        if row is None:
            continue
        if used.piece in (row.get("refused") or ()) and used.state == USED:
            reason = row.get("note") or "-"
            refuse_use(session, sheet.region_id, used.id, by=None, now=document.at, reason=reason)
        elif used.piece in (row.get("pieces") or ()) and used.state == REFUSED:
            restore_use(session, sheet.region_id, used.id, by=None, now=document.at)
