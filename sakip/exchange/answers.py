"""Answers of a worksheet from a file: saved in its case as if somebody had typed them (reference §7, §12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from engine.cases.fire import fire
from engine.cases.models import Case, CaseAnswers
from engine.changes import Refusal
from engine.definitions.model import Text
from engine.errors import NotFound
from engine.facts import Command
from sakip.answers import NOT_ASKED, refusal
from sakip.configuration.evaluation import Tier
from sakip.exchange.record import Reading
from sakip.exchange.table import Column, Kind
from sakip.exchange.told import in_whose_name, tell_refused, unit_meant
from sakip.exchange.work import Looked, Readings, Work
from sakip.facts.scores import SUBJECT_REGION
from sakip.facts.sheets import EVIDENCE, NotAsked, Sheet, given_of, sheet_of

KIND = Kind(
    "answers",
    (
        Column("unit", Text("Perangkat daerah", "Unit"), ("opd", "skpd", "unit kerja")),
        Column("year", Text("Tahun", "Year"), ("tahun kinerja", "performance year")),
        Column("tier", Text("Tahap", "Tier"), required=True),
        Column("path", Text("Kriteria", "Criterion"), ("kode kriteria",), required=True),
        Column("answer", Text("Jawaban", "Answer"), required=True),
        Column("pieces", Text("Bukti yang dihitung", "Evidence that counts"), ("bukti", "evidence")),
        Column("met", Text("Kriteria yang terpenuhi", "Criteria that hold")),
        Column("note", Text("Catatan", "Note"), ("keterangan",)),
        Column("question", Text("Pertanyaan", "Question"), used=False),
        Column("confirmed", Text("Ditetapkan", "Confirmed"), used=False),
        Column("title", Text("Uraian", "Description"), used=False),
    ),
)
SAVE = "save"
NO_CASE = Text("Belum ada berkas evaluasi yang terbuka untuk ini.", "No evaluation is open for this.")
CLOSED = Text("Tahap ini sedang tidak diisi.", "This tier is not being answered now.")
_UNKNOWN = {
    NOT_ASKED: Text("Kriteria ini tidak ditanyakan di sini.", "This criterion is not asked here."),
    "unknown_answer": Text("Jawaban ini tidak ada pada skalanya.", "This answer is not on its scale."),
}
Subject = tuple[int | None, int]  # unit (None: the region), year


@dataclass(slots=True)
class _Case:
    """The open evaluation of one subject, and the rows of its tiers as they would be."""

    case_id: int
    rows: dict[str, dict[str, dict[str, Any]]]  # tier -> path -> row
    changed: dict[str, Reading] = field(default_factory=dict)  # tier -> the first row that changes it


class _Looking:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._sheets: dict[Subject, Sheet | None] = {}
        self.cases: dict[Subject, _Case | None] = {}
        self._rows: dict[tuple[Subject, str, str], int] = {}
        self.unchanged = self.changed = 0

    def look(self, reading: Reading) -> None:
        unit = self._subject(reading)
        year = reading.year("year", self._work.wish.year)
        if reading.is_bad or year is None:
            return
        sheet = self._sheet(reading, (unit, year))
        tier = None if sheet is None else self._tier(reading, sheet)
        path = reading.text("path", required=True)
        if sheet is None or tier is None or reading.is_bad:
            return
        row = self._row(reading, sheet, path)
        if row is None or self._is_doubled(reading, ((unit, year), tier.key, path)):
            return
        case = self._case(reading, (unit, year))
        if case is not None:
            self._compare(reading, case, tier, path, row)

    def _subject(self, reading: Reading) -> int | None:
        named = reading.text("unit")
        if named.casefold() in ("region", self._work.region_key.casefold()) and named:
            if self._work.wish.unit_id is not None:
                reading.tell("unit", "other_unit", "Bukan perangkat daerah yang dipilih.", "Not the chosen unit.")
            return None
        return unit_meant(self._work, reading)

    def _sheet(self, reading: Reading, subject: Subject) -> Sheet | None:
        if subject not in self._sheets:
            try:
                self._sheets[subject] = sheet_of(self._work.session, self._work.wish.region_id, *subject)
            except (NotAsked, NotFound):
                self._sheets[subject] = None
        if self._sheets[subject] is None:
            reading.tell(
                "", "not_evaluated", f"Tidak dievaluasi pada tahun {subject[1]}.", f"Not evaluated in {subject[1]}."
            )  # fmt: skip
        return self._sheets[subject]

    @staticmethod
    def _tier(reading: Reading, sheet: Sheet) -> Tier | None:
        said = reading.text("tier", required=True).casefold()
        for key, tier in sheet.evaluation.tiers.items():
            if said and said in (key.casefold(), tier.title.id.casefold(), tier.title.en.casefold()):
                if tier.answers == EVIDENCE:
                    reading.tell(
                        "tier", "tier_of_evidence", "Tahap ini memeriksa bukti, bukan menjawab kriteria.",
                        "This tier looks at evidence and answers no criteria.",
                    )  # fmt: skip
                    return None
                return tier
        if said:
            known = ", ".join(sheet.evaluation.tiers)
            reading.tell("tier", "unknown_tier", f"Tahap tidak dikenal: {known}.", f"Unknown tier: {known}.")
        return None

    @staticmethod
    def _row(reading: Reading, sheet: Sheet, path: str) -> dict[str, Any] | None:
        row: dict[str, Any] = {"answer": reading.text("answer") or None}
        for name in ("pieces", "met"):
            if name in reading.record.letters:
                row[name] = [one.strip() for one in reading.text(name).split(",") if one.strip()]
        if "note" in reading.record.letters:
            row["note"] = reading.text("note") or None
        question = sheet.questions.get(path)
        given = row["answer"] if question is None else given_of(question, row)
        refused = refusal(sheet.sections, path, given)
        if refused is not None:
            column = "path" if refused == NOT_ASKED else "answer"
            reading.tell(column, refused, _UNKNOWN[refused].id, _UNKNOWN[refused].en)
        return None if reading.is_bad else row

    def _is_doubled(self, reading: Reading, place: tuple[Subject, str, str]) -> bool:
        first = self._rows.setdefault(place, reading.record.row)
        if first != reading.record.row:
            reading.tell(
                "", "doubled_row", f"Kriteria ini sudah dijawab di baris {first}.",
                f"This criterion is answered in row {first} already.",
            )  # fmt: skip
        return first != reading.record.row

    def _case(self, reading: Reading, subject: Subject) -> _Case | None:
        if subject not in self.cases:
            self.cases[subject] = self._open_case(subject)
        if self.cases[subject] is None:
            reading.tell("", "no_case", NO_CASE.id, NO_CASE.en)
        return self.cases[subject]

    def _open_case(self, subject: Subject) -> _Case | None:
        unit, year = subject
        sheet = self._sheets[subject]
        if sheet is None:
            return None
        query = (
            select(Case, CaseAnswers.answers)
            .join(CaseAnswers, CaseAnswers.case_id == Case.id)
            .where(
                Case.region_id == self._work.wish.region_id, Case.case_type == sheet.evaluation.case_type,
                Case.closed_at.is_(None), Case.is_sealed.is_(False),
            )
            .order_by(Case.id)
        )  # fmt: skip
        if unit is not None:
            query = query.where(Case.unit_id == unit)
        for case, answers in self._work.session.execute(query):
            is_region = answers.get("subject") == SUBJECT_REGION
            if int(answers.get("year") or 0) == year and is_region == (unit is None):
                tiers = sheet.evaluation.tiers
                return _Case(case.id, {key: _by_path(answers.get(key) or ()) for key in tiers})
        return None

    def _compare(self, reading: Reading, case: _Case, tier: Tier, path: str, row: Mapping[str, Any]) -> None:
        rows = case.rows[tier.key]
        before = rows.get(path, {"path": path})
        after = before | dict(row) | ({} if tier.starts_from is None else {"confirmed_in": tier.key})
        if {name: value for name, value in after.items() if value} == {
            name: value for name, value in before.items() if value
        }:
            self.unchanged += 1
            reading.settle(False)
            return
        reading.settle(True, {"answer": before.get("answer")})
        rows[path] = after
        case.changed.setdefault(tier.key, reading)
        self.changed += 1


def _by_path(rows: Any) -> dict[str, dict[str, Any]]:
    return {row["path"]: dict(row) for row in rows if row.get("path")}


def _kept(work: Work, case: _Case, tier: str) -> bool:
    """Whether the case has what was saved: answers of a tier that is not shown now are let go without a word."""
    stored = work.session.get_one(CaseAnswers, case.case_id, populate_existing=True).answers.get(tier) or ()
    told = {path: row.get("answer") for path, row in _by_path(stored).items()}
    return all(told.get(path) == row.get("answer") for path, row in case.rows[tier].items())


def look(work: Work, readings: Readings) -> Looked:
    """Every answer held against the worksheet, and the cases in which they are saved."""
    person = in_whose_name(work)
    looking = _Looking(work)
    for reading in readings:
        looking.look(reading)

    def write_them() -> None:
        for case in looking.cases.values():
            for tier, first in {} if case is None else case.changed.items():
                assert case is not None
                command = Command(SAVE, person, answers={tier: list(case.rows[tier].values())})
                try:
                    outcome = fire(work.session, case.case_id, command, now=work.now)
                except NotFound:  # whoever may not see a case hears no more than that
                    first.tell("", "no_case", NO_CASE.id, NO_CASE.en)
                    continue
                if isinstance(outcome, Refusal):
                    tell_refused(first, outcome)
                elif not _kept(work, case, tier):
                    first.tell("tier", "not_editable", CLOSED.id, CLOSED.en)

    return Looked(looking.changed, looking.unchanged, write_them, is_tried=True)
