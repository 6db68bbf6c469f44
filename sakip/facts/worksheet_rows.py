"""The rows a worksheet proposes to a case, and what is wrong with rows that come back (reference §3, §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.errors import NotFound
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from sakip.answers import NOT_ASKED, refusal
from sakip.configuration.evaluation import REGION, Tier
from sakip.facts.evidence import pieces_of, registers_of
from sakip.facts.models import EvidencePiece
from sakip.facts.past_years import last_year_at
from sakip.facts.scores import piece_name
from sakip.facts.sheets import EVIDENCE, NotAsked, Sheet, accepted_before, given_of, sheet_of, tier_answers
from sakip.reasons import CRITERION_OPEN, UNKNOWN_ANSWER, Reason
from sakip.score import score
from sakip.shares import Given, is_open
from sakip.tiers import counting
from sakip.worksheet import ALL, NONE, NOT_APPLICABLE

FOREIGN_EVIDENCE, EVIDENCE_NOT_ASKED = "foreign_evidence", "evidence_not_asked"
NOTE_REQUIRED, TWICE, FRAMEWORK_REFUSES = "note_required", "twice", "framework_refuses"
MOST_NAMED = 5  # criteria a sentence names
ANY_DAY = date(2000, 1, 1), date(2099, 12, 31)

_SAYS = {
    NOT_ASKED: Text("Kriteria ini tidak ditanyakan di sini.", "This criterion is not asked here."),
    UNKNOWN_ANSWER: Text("Jawaban ini tidak ada dalam skalanya.", "This answer is not on its scale."),
    FOREIGN_EVIDENCE: Text("Bukti ini milik perangkat daerah lain.", "This evidence belongs to another agency."),
    EVIDENCE_NOT_ASKED: Text("Bukti ini tidak diminta di sini.", "This evidence is not asked here."),
    NOTE_REQUIRED: Text("Tulis catatannya.", "Write a note."),
    TWICE: Text("Kriteria ini sudah ada di baris lain.", "This criterion stands in another row already."),
    CRITERION_OPEN: Text("Jawaban ini belum ditetapkan.", "This answer is not confirmed yet."),
}


def windows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row with the first and last day of every tier the form's table has columns for: what the rubric gives no
    window, or has given up, may be left any day, or a case would stay there for ever."""
    sheet = _sheet(session, region_id, context, values)
    table = context.form.fields.get("windows") if context.form is not None else None
    if sheet is None or table is None:
        return []
    row: dict[str, Any] = {"year": sheet.year}
    tiers = sheet.evaluation.tiers
    for name in table.columns:
        key, _, edge = name.rpartition("_")
        if edge in ("from", "to"):
            first, last = (tiers[key].window if key in tiers else None) or ANY_DAY
            row[name] = first if edge == "from" else last
    known = {name: day for name, day in row.items() if name in table.columns}
    return [known] if known else []


def worksheet_rows(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]
) -> list[dict[str, Any]]:  # fmt: skip
    """A row a question with last year's answer and recommendation; for a tier that looks at evidence a row a criterion
    that asks some. A tier that starts from another has its rows from there."""
    sheet = _sheet(session, region_id, context, values)
    tier = None if sheet is None else sheet.evaluation.tiers.get(str(values.get("tier")))
    if sheet is None or tier is None or tier.starts_from is not None:
        return []
    return _evidence_rows(sheet, tier) if tier.answers == EVIDENCE else _question_rows(session, sheet)


def _question_rows(session: Session, sheet: Sheet) -> list[dict[str, Any]]:
    before = last_year_at(session, sheet)
    rows = []
    for path, question in sheet.questions.items():
        last = before.get(path)
        row = {"row_key": path, "path": path, "question": question.title.id}
        if last is not None:
            row |= {"last_answer": last.answer, "last_recommendation": last.recommendation}
        rows.append({name: value for name, value in row.items() if value})
    return rows


def _evidence_rows(sheet: Sheet, tier: Tier) -> list[dict[str, Any]]:
    titles = _titles(sheet)
    return [
        {"row_key": path, "path": path, "question": titles[path].id, "agency": agency, "asked": list(pieces)}
        for path, pieces in sheet.pieces().items()
        if pieces and (agency := tier.by_component.get(path.partition(".")[0], ""))
    ]


def _titles(sheet: Sheet) -> dict[str, Text]:
    found = {one.path: one.title for section in sheet.sections for one in section.sub.criteria.values()}
    return found | {section.sub.path: section.sub.title for section in sheet.sections}


def no_rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Recommendations begin empty: which are asked for is known when the final answers are."""
    del session, region_id, context, values
    return []


@dataclass(frozen=True, slots=True)
class _Looked:
    """What the rows are held against."""

    session: Session
    sheet: Sheet
    tier: Tier
    answers: Mapping[str, Any]  # of the case, with those of this act


def check_worksheet(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any],
    rows: Sequence[Mapping[str, Any]], is_final: bool,
) -> Iterator[RowFault]:  # fmt: skip
    """What the rubric says is wrong with the rows of a tier; when they are to be locked also what is open, what differs
    without a note, and whether the framework refuses."""
    sheet = _sheet(session, region_id, context, values)
    tier = None if sheet is None else sheet.evaluation.tiers.get(str(values.get("tier")))
    if sheet is None or tier is None:
        return  # such a case is not begun: its year is in no window
    looked = _Looked(session, sheet, tier, context.scope.answers if context.scope is not None else {})
    check = _evidence_faults if tier.answers == EVIDENCE else _answer_faults
    faults = [*_place_faults(sheet, tier, rows), *check(looked, rows)]
    yield from faults
    if is_final and not faults and tier.answers != EVIDENCE:
        yield from _final_faults(looked, rows)


def _place_faults(sheet: Sheet, tier: Tier, rows: Sequence[Mapping[str, Any]]) -> Iterator[RowFault]:
    asked = sheet.pieces() if tier.answers == EVIDENCE else sheet.questions
    seen: set[str] = set()
    for place, row in enumerate(rows):
        path = row.get("path")
        if path is None:
            continue
        if path not in asked:
            yield _fault(place, "path", NOT_ASKED)
        elif path in seen:
            yield _fault(place, "path", TWICE)
        seen.add(path)


def _answer_faults(looked: _Looked, rows: Sequence[Mapping[str, Any]]) -> Iterator[RowFault]:
    sheet, questions, asked = looked.sheet, looked.sheet.questions, looked.sheet.pieces()
    above = set(registers_of(looked.session, sheet.unit_id))
    pieces = pieces_of(looked.session, sheet.region_id, (int(one) for row in rows for one in row.get("evidence") or ()))
    for place, row in enumerate(rows):
        question = questions.get(row.get("path") or "")
        if question is None:
            continue
        if refusal(sheet.sections, question.path, given_of(question, row)) is not None:
            yield _fault(place, "pieces" if row.get("pieces") else "answer", UNKNOWN_ANSWER)
        elif set(row.get("pieces") or ()) - set(asked[question.path]):
            yield _fault(place, "pieces", EVIDENCE_NOT_ASKED)
        if set(row.get("met") or ()) - set(sheet.ticks(question.path)):
            yield _fault(place, "met", NOT_ASKED)
        for number in row.get("evidence") or ():
            code = _evidence_code(sheet, pieces.get(int(number)), above, asked[question.path])
            if code is not None:
                yield _fault(place, "evidence", code)
                break


def _evidence_code(sheet: Sheet, piece: EvidencePiece | None, above: set[int], asked: Sequence[str]) -> str | None:
    if piece is None or (piece.unit_id is not None and piece.unit_id not in above):
        return FOREIGN_EVIDENCE
    return None if piece_name(sheet, piece) in asked else EVIDENCE_NOT_ASKED


def _evidence_faults(looked: _Looked, rows: Sequence[Mapping[str, Any]]) -> Iterator[RowFault]:
    asked = looked.sheet.pieces()
    for place, row in enumerate(rows):
        pieces = asked.get(row.get("path") or "")
        if pieces is None:
            continue
        for column in ("pieces", "refused"):
            if set(row.get(column) or ()) - set(pieces):
                yield _fault(place, column, EVIDENCE_NOT_ASKED)
        if set(row.get("pieces") or ()) & set(row.get("refused") or ()):
            yield _fault(place, "refused", TWICE)
        if row.get("refused") and row.get("checked") and not row.get("note"):
            yield _fault(place, "note", NOTE_REQUIRED)


def _final_faults(looked: _Looked, rows: Sequence[Mapping[str, Any]]) -> Iterator[RowFault]:
    sheet, tier = looked.sheet, looked.tier
    answers = tier_answers(sheet, tier, rows, accepted_before(sheet, tier, looked.answers))
    opened = [path for path in sheet.questions if path not in answers or is_open(answers[path].given)]
    if opened:
        yield RowFault(None, "", CRITERION_OPEN, _open_words(sheet, opened))
        return
    before = _started_from(looked)
    for place, row in enumerate(rows):
        path = row.get("path") or ""
        answer = answers.get(path)
        if answer is None:
            continue
        if not answer.is_confirmed:
            yield _fault(place, "confirmed_in", CRITERION_OPEN)
        elif path in before and before[path] != _meant(sheet, path, answer.given) and not row.get("note"):
            yield _fault(place, "note", NOTE_REQUIRED)
    found = score(sheet.evaluation, sheet.subject, sheet.unit_type, counting(answers))
    if not isinstance(found, Reason) and not found.may_be_locked:
        yield RowFault(None, "", FRAMEWORK_REFUSES, _refused_words(sheet, found.refused))


def _started_from(looked: _Looked) -> dict[str, Any]:
    """The answers of the tier this one starts from, as evidence that was accepted leaves them here."""
    sheet, tier = looked.sheet, looked.tier
    earlier = sheet.evaluation.tiers.get(tier.starts_from or "")
    if earlier is None:
        return {}
    rows = looked.answers.get(earlier.key) or ()
    answers = tier_answers(sheet, earlier, rows, accepted_before(sheet, tier, looked.answers))
    return {path: _meant(sheet, path, one.given) for path, one in answers.items()}


def _meant(sheet: Sheet, path: str, given: Given) -> Any:
    """An answer as two tiers' are compared: pieces whatever their order, and all of them however that is said."""
    pieces = sheet.questions[path].pieces
    if pieces is None or given is None or given == NOT_APPLICABLE:
        return given
    return frozenset(pieces) if given == ALL else frozenset() if given == NONE else frozenset(given)


def _refused_words(sheet: Sheet, refused: Sequence[str]) -> Text:
    parts = [
        (sub.title, component.title)
        for component in sheet.evaluation.components.values()
        for sub in component.sub_components.values()
        if sub.path in refused
    ]
    indonesian = ", ".join(f"{sub.id} ({of.id})" for sub, of in parts)
    english = ", ".join(f"{sub.en} ({of.en})" for sub, of in parts)
    return Text(f"Kerangka logis menolak {indonesian}.", f"The logical framework refuses {english}.")


def _open_words(sheet: Sheet, opened: Sequence[str]) -> Text:
    titles = [sheet.questions[path].title for path in opened[:MOST_NAMED]]
    more = "" if len(opened) <= MOST_NAMED else " …"
    return Text(
        f"{len(opened)} kriteria belum dijawab: {', '.join(one.id for one in titles)}{more}",
        f"{len(opened)} criteria are not answered yet: {', '.join(one.en for one in titles)}{more}",
    )


def _fault(row: int, column: str, code: str) -> RowFault:
    return RowFault(row, column, code, _SAYS[code])


def _sheet(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> Sheet | None:
    year = values.get("year")
    scope = context.scope
    if year is None or scope is None:
        return None
    subject = values.get("subject", scope.answers.get("subject"))
    unit = None if subject == REGION else scope.unit
    if subject != REGION and unit is None:
        return None
    try:
        return sheet_of(session, region_id, None if unit is None else int(unit), int(year))
    except (NotAsked, NotFound):
        return None
