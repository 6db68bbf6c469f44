"""Answers and recommendations from files go through cases, with the engine's own refusals (§12)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from sakip.answers import expand
from sakip.exchange.bringing import bring_in
from sakip.exchange.outcome import Outcome
from sakip.exchange.work import Wish
from sakip.facts.models import RecommendationRow
from tests.factories import a_region
from tests.sakip.evaluation_office import AT_B, an_evaluation_office, answers, begun, sheet
from tests.sakip.tree_office import Office
from tests.sakip.workbooks import workbook

ANSWERS = ("Perangkat daerah", "Tahun", "Tahap", "Kriteria", "Jawaban", "Catatan")
ADVICE = ("Perangkat daerah", "Tahun", "Asal", "Kriteria", "Rekomendasi", "Batas waktu")


@pytest.fixture
def office(session: Session) -> Office:
    return an_evaluation_office(session)


def bring(office: Office, rows: Sequence[Sequence[Any]], by: str | None = "sari", **wish: Any) -> Outcome:
    person = None if by is None else office.people[by].id
    told = Wish(office.region.id, person_id=person, **wish)
    return bring_in(office.session, workbook(*rows), "a.xlsx", told, office.now)


def codes(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in outcome.problems]


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.read, outcome.written, outcome.unchanged


def answered(office: Office) -> list[tuple[Any, ...]]:
    given = expand(sheet(office).sections, AT_B)
    return [("kominfo", 2025, "self", path, str(answer).upper() if answer == "x" else answer, None)
            for path, answer in given.items()]  # fmt: skip


def test_answers_are_saved_in_the_open_evaluation_as_if_typed(office: Office) -> None:
    case_id = begun(office)
    rows = answered(office)
    assert counts(bring(office, [ANSWERS, *rows], is_dry=True)) == (len(rows), len(rows), 0)
    assert not any(row.get("answer") for row in answers(office, case_id).get("self") or ())
    outcome = bring(office, [ANSWERS, *rows])
    assert (outcome.kind, counts(outcome), codes(outcome)) == ("answers", (len(rows), len(rows), 0), [])
    kept = {row["path"]: row["answer"] for row in answers(office, case_id)["self"]}
    assert kept == {path: answer for _, _, _, path, answer, _ in rows}
    assert counts(bring(office, [ANSWERS, *rows])) == (len(rows), 0, len(rows))
    assert office.do(case_id, "sari", "lock") is None, office.refusal


def test_answers_that_are_not_asked_or_of_another_scale_are_named(office: Office) -> None:
    begun(office)
    path = answered(office)[0][3]
    outcome = bring(
        office,
        [
            ANSWERS,
            ("kominfo", 2025, "self", "planning.existence.nothing", "a", None),
            ("kominfo", 2025, "self", path, "zz", None),
            ("kominfo", 2025, "verify", path, "a", None),
            ("kominfo", 2025, "last", path, "a", None),
            ("dinkes", 2025, "self", path, "a", None),
            ("nowhere", 2025, "self", path, "a", None),
            ("kominfo", 2019, "self", path, "a", None),
            ("kominfo", 2025, "self", path, "a", None),
        ],
    )
    assert (outcome.read, outcome.wrong) == (8, 7)  # rows, however much is wrong with one
    assert codes(outcome) == [
        (2, "D", "not_asked"), (3, "E", "unknown_answer"), (4, "C", "tier_of_evidence"), (5, "C", "unknown_tier"),
        (6, "", "no_case"), (7, "A", "unknown_unit"), (8, "", "not_evaluated"),
    ]  # fmt: skip


def test_a_tier_that_is_not_open_or_not_ones_own_is_refused_and_nothing_changes(office: Office) -> None:
    case_id = begun(office)
    path = answered(office)[0][3]
    early = bring(office, [ANSWERS, ("kominfo", 2025, "assure", path, "a", None)])
    assert early.written == 0 and len(early.problems) == 1
    stranger = bring(office, [ANSWERS, ("kominfo", 2025, "self", path, "a", None)], by="wati")
    assert (stranger.written, codes(stranger)) == (0, [(2, "", "no_case")])
    assert not any(row.get("answer") for row in answers(office, case_id).get("self") or ())
    assert codes(bring(office, [ANSWERS, ("kominfo", 2025, "self", path, "a", None)], by=None)) == [
        (0, "", "person_needed")
    ]  # fmt: skip


def test_recommendations_open_a_case_each_and_only_once(office: Office) -> None:
    rows = [
        ADVICE,
        ("kominfo", 2024, "KemenPANRB", None, "Perbaiki pohon kinerja", date(2026, 6, 30)),
        ("kominfo", 2024, "Inspektorat", None, "Lengkapi bukti", "30-06-2026"),
    ]
    assert (counts(bring(office, rows, "slamet", is_dry=True)), cases(office)) == ((2, 2, 0), 0)
    wish = Wish(office.region.id, person_id=office.people["slamet"].id)
    read = bring_in(office.session, workbook(*rows), "a.xlsx", wish, office.now, is_only_read=True)
    assert (counts(read), cases(office)) == ((2, 2, 0), 0)
    outcome = bring(office, rows, "slamet")
    assert (outcome.kind, counts(outcome), codes(outcome)) == ("recommendations", (2, 2, 0), [])
    found = office.session.scalars(select(RecommendationRow).order_by(RecommendationRow.id)).all()
    assert [(one.unit_id, one.year, one.source, one.text, one.due_on, one.state) for one in found] == [
        (office.units["kominfo"].id, 2024, "kemenpanrb", "Perbaiki pohon kinerja", date(2026, 6, 30), "open"),
        (office.units["kominfo"].id, 2024, "internal", "Lengkapi bukti", date(2026, 6, 30), "open"),
    ]
    assert (counts(bring(office, rows, "slamet")), cases(office)) == ((2, 0, 2), 2)


def cases(office: Office) -> int:
    query = select(func.count()).select_from(Case).where(Case.case_type == "follow_up")
    return office.session.scalar(query) or 0


def test_recommendations_that_do_not_fit_are_named(office: Office) -> None:
    told = codes(
        bring(
            office,
            [
                ADVICE,
                ("kominfo", 2025, "BPK", None, "Satu", None),
                ("kominfo", 2025, None, "planning.nothing", "Dua", None),
                ("kominfo", 2025, None, None, "Tiga", 46112),
                ("kominfo", 2025, None, None, None, "2026-06-30"),
                ("kominfo", 2025, None, None, "Lima", None),
                ("kominfo", 2025, None, None, "Lima", None),
            ],
            "slamet",
        )
    )
    assert told == [
        (2, "C", "unknown_source"), (3, "D", "not_asked"), (4, "F", "number_for_date"), (5, "E", "empty_cell"),
        (7, "", "doubled_row"),
    ]  # fmt: skip
    assert cases(office) == 0


def test_another_regions_units_are_not_there(office: Office, session: Session) -> None:
    other = a_region(session)
    wish = Wish(other.id, person_id=office.people["slamet"].id)
    rows = workbook(ADVICE, ("kominfo", 2024, None, None, "Perbaiki", None))
    outcome = bring_in(session, rows, "a.xlsx", wish, office.now)
    assert codes(outcome) == [(2, "A", "unknown_unit")]
