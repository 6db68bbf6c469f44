"""A unit is evaluated tier by tier, the report closed, its recommendations followed up (reference §3, §7)."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config import ROOT
from delivery.documents.typesetting import render
from engine.cases.extensions import extend_schedule
from engine.cases.models import Case
from engine.cases.stored import read_case
from engine.errors import InvalidInput, NotFound
from engine.outbox.models import ConnectorCall
from sakip.facts.evidence import Content, register
from sakip.facts.evidence_uses import CRITERION, REFUSED, uses_at
from sakip.facts.follow_ups import CLOSED, OPEN, PLANNED, draw_closed
from sakip.facts.grades import Given, last_grade, record_grade
from sakip.facts.models import EvidenceAct, EvidencePiece, RecommendationRow, ResultRow, ScoreRow
from sakip.facts.past_years import last_year_at
from sakip.facts.rebuild import rebuild
from sakip.facts.recommendation_checks import recommendation_differences
from sakip.facts.score_results import score_rows
from sakip.facts.scores import current_answers, draw_tier
from sakip.publish_folder import publish_folder
from sakip.reporting.lhe import Paper, lhe_values
from sakip.reporting.lhe_form import Heading, lhe_data
from tests.publishers import publishers
from tests.sakip.evaluation_office import (
    AT_B,
    DAYS,
    an_evaluation_office,
    answers,
    assured,
    begun,
    closed,
    locked_by_the_unit,
    rows,
    scored,
    sheet,
    verified,
    verified_by_all,
)
from tests.sakip.tree_office import Office

GUIDELINE = "planning.existence.guideline"


@pytest.fixture
def office(session: Session) -> Office:
    return an_evaluation_office(session)


def shown(office: Office, unit: str | None = "kominfo") -> dict[str, str | None]:
    return {row.span: row.shown for row in score_rows(office.session, sheet(office, unit))}


def faults(office: Office) -> list[tuple[str, str]]:
    assert office.refusal is not None
    return [(fault.path, fault.code) for fault in office.refusal.faults]


def test_3_3_rows_and_windows_are_proposed_from_the_rubric_when_the_case_opens(office: Office) -> None:
    case_id = begun(office)
    asked, given = sheet(office), answers(office, case_id)
    assert [row["path"] for row in given["self"]] == list(asked.questions)
    assert (given["self_from"], given["final_to"]) == (date(2026, 3, 2), date(2026, 6, 12))
    assert {row["agency"] for row in given["verify"]} == {"bappeda", "organisation_bureau", "inspectorate"}
    assert "assure" not in given and "final" not in given


def test_7_6_a_tier_is_scored_when_it_is_left_and_not_before(office: Office) -> None:
    case_id = begun(office)
    given = rows(sheet(office), AT_B)
    assert office.do(case_id, "sari", "save", answers={"self": given[:5]}) is None
    office.work()
    assert shown(office) == {}
    assert office.do(case_id, "sari", "lock", answers={"self": given[:5]}) == "field_invalid"
    assert faults(office) == [("self", "criterion_open")]
    empty = [{"path": row["path"]} if place == 7 else row for place, row in enumerate(given)]  # a row, but no answer
    assert office.do(case_id, "sari", "lock", answers={"self": empty}) == "field_invalid"
    assert faults(office) == [("self", "criterion_open")]
    assert office.do(case_id, "sari", "lock", answers={"self": given}) is None
    assert office.work() == ["sakip.tier_locked"]
    assert shown(office) == {"self": "66.25", "result": None}
    row = score_rows(office.session, sheet(office))
    assert {one.span: (one.band, one.reason) for one in row} == {"self": ("b", None), "result": (None, "tier_missing")}


def test_3_1_run_twice_a_tier_is_written_once_and_a_second_leaving_takes_over(office: Office) -> None:
    case_id = locked_by_the_unit(office, {"*": "a"})
    office.work()
    row = office.session.scalars(select(ScoreRow).limit(1)).one()
    count = select(func.count()).select_from(ScoreRow)
    before = office.session.scalar(count)
    draw_tier(office.session, office.region.id, case_id, row.seq, {"tier": "self"})
    assert office.session.scalar(count) == before
    assert office.do(case_id, "sari", "recall") is None
    assert office.do(case_id, "sari", "lock", answers={"self": rows(sheet(office), AT_B)}) is None
    office.work()
    assert shown(office)["self"] == "66.25"
    assert office.session.scalar(count.where(ScoreRow.is_current)) == before
    assert office.session.scalar(count) == 2 * (before or 0)


def test_3_1_one_act_may_leave_the_states_of_several_agencies(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    seq = _last(office, case_id)
    for agency in ("bappeda", "organisation_bureau"):
        told = {"tier": "verify", "agency": agency}
        assert draw_tier(office.session, office.region.id, case_id, seq, told)
    written = select(ScoreRow.path).where(ScoreRow.case_id == case_id, ScoreRow.seq == seq, ScoreRow.is_current)
    components = {path.partition(".")[0] for path in office.session.scalars(written)}
    assert components >= {"planning", "measurement", "reporting"}


def test_7_8_a_tier_starts_from_another_and_nothing_of_it_is_confirmed(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    office.now = DAYS["assure"]
    started = answers(office, case_id)["assure"]
    assert [row["answer"] for row in started] == [row["answer"] for row in rows(sheet(office), AT_B)]
    assert office.do(case_id, "panji", "lock") == "field_invalid"
    assert {code for _path, code in faults(office)} == {"criterion_open"}
    assert faults(office)[0][0] == "assure.0.confirmed_in"
    changed = [row | {"confirmed_in": "assure"} for row in rows(sheet(office), AT_B | {GUIDELINE: "b"})]
    assert office.do(case_id, "panji", "lock", answers={"assure": changed}) == "field_invalid"
    assert faults(office) == [("assure.0.note", "note_required")]
    changed[0]["note"] = "Belum terbit"
    assert office.do(case_id, "panji", "lock", answers={"assure": changed}) is None
    office.work()
    assert shown(office)["assure"] < "66.25"
    final = current_answers(office.session, sheet(office))
    assert set(final) == {"self", "verify", "assure"}


def test_7_11_closing_keeps_the_scores_and_opens_a_follow_up_a_recommendation(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    low = AT_B | {GUIDELINE: "d"}
    office.now = DAYS["final"]
    given = rows(sheet(office), low, confirmed_in="final", note="Sesuai bukti")
    assert office.do(case_id, "eva", "lock", answers={"final": given}) == "field_invalid"
    assert faults(office) == [("recommendations", "recommendation_missing")]
    scored(office, case_id, low, {"path": GUIDELINE, "text": "Terbitkan pedoman."})
    office.work()
    assert shown(office)["result"] == shown(office)["final"]
    next_year = replace(sheet(office), year=2026)
    assert last_year_at(office.session, next_year) == {}  # hidden until it is closed, from next year's worksheet too
    closed(office, case_id)
    office.work()
    assert last_year_at(office.session, next_year)[GUIDELINE].answer == "d"
    row = office.session.scalars(select(RecommendationRow)).one()
    assert (row.path, row.text, row.state, row.due_on) == (GUIDELINE, "Terbitkan pedoman.", OPEN, date(2026, 8, 17))
    assert row.follow_up_id is not None
    assert office.states(row.follow_up_id) == ["planning"]
    assert answers(office, row.follow_up_id)["recommendation"] == "Terbitkan pedoman."
    called = office.session.get_one(Case, row.follow_up_id).title  # stands inside sentences, so without a full stop
    assert called == "Tindak lanjut rekomendasi: Terbitkan pedoman"
    assert all(one.frozen_at is not None for one in score_rows(office.session, sheet(office)))
    closing = office.session.scalars(select(RecommendationRow.case_id)).one()
    draw_closed(office.session, office.region.id, case_id, _last(office, case_id), office.now)
    assert closing == case_id and len(office.session.scalars(select(RecommendationRow)).all()) == 1


def _last(office: Office, case_id: int) -> int:
    return read_case(office.session, case_id, office.now).row.revision


def test_7_11_the_follow_up_tells_how_far_it_is_and_comes_back_next_year(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    scored(office, case_id, AT_B | {GUIDELINE: "d"}, {"path": GUIDELINE, "text": "Terbitkan pedoman"})
    closed(office, case_id)
    office.work()
    row = office.session.scalars(select(RecommendationRow)).one()
    follow_up = row.follow_up_id or 0
    plan = {"plan": "Menyusun pedoman", "responsible": "Sekretaris", "planned_until": "2026-08-01"}
    assert office.do(follow_up, "fitri", "plan", answers=plan) is None, office.refusal
    office.work()
    assert (row.state, row.closed_on) == (PLANNED, None)
    assert registered(office, follow_up) == [("follow_up_plan", 2026)]
    done = {"done": "Terbit", "evidence_link": "https://contoh.go.id/pedoman"}
    assert office.do(follow_up, "fitri", "send", answers=done) is None, office.refusal
    assert office.do(follow_up, "eva", "agree", answers={"check_note": "Sesuai"}) is None
    assert office.do(follow_up, "irma", "finish", answers={"outcome": "done"}) is None, office.refusal
    office.work()
    assert (row.state, row.closed_on) == (CLOSED, date(2026, 5, 19))
    assert registered(office, follow_up) == [("follow_up_plan", 2026), ("follow_up_report", 2026)]
    next_year = replace(sheet(office), year=2026)
    before = last_year_at(office.session, next_year)[GUIDELINE]
    assert (before.answer, before.recommendation, before.state) == ("d", "Terbitkan pedoman", CLOSED)
    for state in (PLANNED, CLOSED):  # of several at one criterion the one that is least far is told
        another = RecommendationRow(
            region_id=office.region.id, unit_id=office.units["kominfo"].id, year=2025, source="internal",
            path=GUIDELINE, text=f"Lagi, {state}", state=state, made_at=office.now,
        )  # fmt: skip
        office.session.add(another)
        office.session.flush()
        assert last_year_at(office.session, next_year)[GUIDELINE].state == PLANNED


def registered(office: Office, case_id: int) -> list[tuple[str, int]]:
    """Kind and year of what a case put into the unit's register of evidence by itself (§8.3)."""
    unit = office.units["kominfo"].id
    found = select(EvidencePiece).where(EvidencePiece.from_case_id == case_id, EvidencePiece.unit_id == unit)
    return [(one.kind, one.year) for one in office.session.scalars(found.order_by(EvidencePiece.id))]


def test_a_recommendation_of_the_ministry_is_typed_in_and_followed_up_like_the_others(office: Office) -> None:
    given = {"source": "kemenpanrb", "year": 2024, "recommendation": "Perbaiki pohon kinerja", "due_on": "2026-09-30"}
    case_id = office.open("follow_up", "slamet", given, unit="kominfo")
    assert office.do(case_id, "slamet", "send") is None, office.refusal
    office.work()
    row = office.session.scalars(select(RecommendationRow)).one()
    assert (row.source, row.year, row.unit_id, row.state) == ("kemenpanrb", 2024, office.units["kominfo"].id, OPEN)
    assert (row.due_on, row.follow_up_id) == (date(2026, 9, 30), case_id)


def test_3_1_calls_that_come_late_take_nobodys_place_and_a_closed_evaluation_is_whole(
    office: Office, tmp_path: Path
) -> None:
    case_id = locked_by_the_unit(office, {"*": "a"})
    waits = select(ConnectorCall).where(ConnectorCall.state == "waiting")
    first = office.session.scalars(waits).one()
    first.not_before = datetime(2027, 1, 1, tzinfo=UTC)  # it failed, and is tried again much later
    office.now += timedelta(minutes=5)
    assert office.do(case_id, "sari", "recall") is None
    assert office.do(case_id, "sari", "lock", answers={"self": rows(sheet(office), AT_B)}) is None
    office.work()
    draw_tier(office.session, office.region.id, case_id, first.revision, {"tier": "self"})
    assert shown(office)["self"] == "66.25"
    first.not_before = office.now
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    office.work()
    scored(office, case_id, AT_B)
    for call in office.session.scalars(waits):
        call.not_before = datetime(2027, 1, 1, tzinfo=UTC)
    closed(office, case_id)
    office.work()
    frozen = {row.span: row.shown for row in score_rows(office.session, sheet(office)) if row.frozen_at is not None}
    assert frozen == {"self": "66.25", "assure": "66.25", "final": "66.25", "result": "66.25"}
    # A rubric that asks less, published since: what was answered is drawn again as it was.
    folder = shutil.copytree(ROOT / "sakip_config", tmp_path / "config")
    (folder / "vectors.yaml").unlink()
    rubric = folder / "lke_2025.yaml"
    text = rubric.read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0", 1)
    asked = "evidence: {planning_guideline: {}}}"
    assert text.count(asked) == 1
    rubric.write_text(text.replace(asked, "evidence: {planning_guideline: {}}, active: false}"), encoding="utf-8")
    two = publishers(office.session, office.region.id)
    publish_folder(office.session, folder, region=None, reason="Uji", now=office.now, **two)
    found = rebuild(office.session, office.region.id, office.now, is_check=True).different
    assert [one.plain() for one in found if one.table != "sakip_results"] == []


WRONG: tuple[tuple[Mapping[str, Any], str, str], ...] = (
    ({"path": "planning.existence.agreement_made", "answer": "y"}, "path", "not_asked"),  # inactive
    ({"path": "planning.existence.long_term_plan", "answer": "a"}, "path", "not_asked"),  # asked of the region
    ({"path": "planning.nothing.such", "answer": "a"}, "path", "not_asked"),
    ({"path": GUIDELINE, "answer": "y"}, "answer", "unknown_answer"),  # another scale's
    ({"path": GUIDELINE, "answer": "a", "pieces": ["strategic_plan"]}, "pieces", "evidence_not_asked"),
    ({"path": GUIDELINE, "answer": "a", "met": [GUIDELINE]}, "met", "not_asked"),
    ({"path": GUIDELINE, "answer": "a", "evidence": [987654]}, "evidence", "foreign_evidence"),
)


def test_answers_that_do_not_belong_are_refused_with_a_code_and_nothing_is_changed(office: Office) -> None:
    case_id = begun(office)
    before = answers(office, case_id)["self"]
    for row, column, code in WRONG:
        for action in ("save", "lock"):
            assert office.do(case_id, "sari", action, answers={"self": [row]}) == "field_invalid"
            assert faults(office) == [(f"self.0.{column}", code)]
    assert answers(office, case_id)["self"] == before


def test_a_criterion_stands_in_one_row(office: Office) -> None:
    case_id = begun(office)
    twice = [{"path": GUIDELINE, "answer": "a"}, {"path": GUIDELINE, "answer": "e"}]
    assert office.do(case_id, "sari", "save", answers={"self": twice}) == "field_invalid"
    assert faults(office) == [("self.1.path", "twice")]


def test_8_evidence_of_another_unit_or_another_kind_is_refused(office: Office) -> None:
    case_id = begun(office)

    def piece(unit: str, kind: str, year: int = 2025) -> int:
        row = register(
            office.session, office.region.id, office.units[unit].id, kind=kind, year=year, title="Dokumen",
            content=Content(link=f"https://contoh.go.id/{unit}/{kind}/{year}"), by=None, now=office.now,
        )  # fmt: skip
        return row.id

    for number, code in (
        (piece("dinkes", "planning_guideline"), "foreign_evidence"),
        (piece("kominfo", "strategic_plan"), "evidence_not_asked"),
        (piece("kominfo", "planning_guideline", 2023), "evidence_not_asked"),
    ):
        row = {"path": GUIDELINE, "answer": "a", "evidence": [number]}
        assert office.do(case_id, "sari", "save", answers={"self": [row]}) == "field_invalid"
        assert faults(office) == [("self.0.evidence", code)]
    for unit in ("kominfo", "pemkab"):  # what stands above a unit is offered to it too
        row = {"path": GUIDELINE, "answer": "a", "evidence": [piece(unit, "planning_guideline")]}
        assert office.do(case_id, "sari", "save", answers={"self": [row]}) is None, office.refusal


def test_8_4_evidence_refused_at_a_criterion_stands_elsewhere(office: Office) -> None:
    piece = register(
        office.session, office.region.id, office.units["kominfo"].id, kind="agreements", year=2025, title="PK",
        content=Content(link="https://contoh.go.id/pk"), by=None, now=office.now,
    )  # fmt: skip
    case_id = begun(office)
    given = rows(sheet(office), AT_B)
    for row in given:
        if "agreements" in sheet(office).pieces()[row["path"]]:
            row["evidence"] = [piece.id]
    assert office.do(case_id, "sari", "lock", answers={"self": given}) is None, office.refusal
    office.work()
    used = uses_at(office.session, office.region.id, office.units["kominfo"].id, 2025, CRITERION)
    assert len(used) == sum("agreements" in pieces for pieces in sheet(office).pieces().values()) > 3
    verified_by_all(office, case_id, verified(sheet(office), {"planning.quality.formalised": ["agreements"]}))
    office.work()
    states = {one.place: one.state for one, _piece in used}
    assert [place for place, state in states.items() if state == REFUSED] == ["planning.quality.formalised"]
    assert piece.state == "registered"


def test_an_agencys_answers_are_those_of_its_own_components(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    office.now = DAYS["verify"]
    path = "reporting.existence.drawn_up"  # a component of the organisation bureau
    given = verified(sheet(office), {path: sheet(office).pieces()[path][:1]})
    assert office.do(case_id, "gita", "bappeda_done", answers={"verify": given}) is None, office.refusal
    office.work()
    found = current_answers(office.session, sheet(office))["verify"]
    assert {path.partition(".")[0] for path in found} == {"planning", "measurement"}


def test_3_4_nobody_scores_the_unit_they_work_in_nor_one_above_it(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    office.now = DAYS["verify"]
    assert office.do(case_id, "fitri", "bappeda_done") == "separation_of_duties"
    for agency in ("bappeda", "organisation_bureau", "inspectorate"):
        with pytest.raises(NotFound):  # who would only meet it as a scorer does not meet it at all
            office.do(case_id, "bima", f"{agency}_done")


def test_8_tiers_out_of_order_or_window_are_refused(office: Office) -> None:
    case_id = begun(office)
    given = {"self": rows(sheet(office), AT_B)}
    with pytest.raises(NotFound):
        office.do(case_id, "eva", "lock", answers=given)
    assert office.do(case_id, "sari", "bappeda_done") == "unknown_event"
    office.now = DAYS["verify"]
    assert office.do(case_id, "sari", "lock", answers=given) == "outside_schedule"
    extend_schedule(
        office.session, office.people["slamet"].id, "lke_evaluation", "self_window", office.units["kominfo"].id,
        date(2026, 4, 10), "Listrik padam", office.now,
    )  # fmt: skip
    assert office.do(case_id, "sari", "lock", answers=given) is None, office.refusal


def test_the_region_itself_is_asked_what_only_it_is_asked(office: Office) -> None:
    case_id = begun(office, by="slamet", subject="region")
    paths = [row["path"] for row in answers(office, case_id)["self"]]
    assert "planning.existence.long_term_plan" in paths
    given = rows(sheet(office, None), AT_B)
    assert office.do(case_id, "slamet", "lock", answers={"self": given}) is None, office.refusal
    office.work()
    assert shown(office, None)["self"] is not None and shown(office) == {}
    row = office.session.scalars(select(ResultRow).where(ResultRow.span == "self")).one()
    assert (row.subject_kind, row.subject, row.unit_id) == ("region", office.region.key, None)


def test_who_works_in_a_division_opens_the_worksheet_of_its_agency(office: Office) -> None:
    case_id = office.open("lke_evaluation", "bima", {"year": 2025})
    stored = read_case(office.session, case_id, office.now)
    assert stored.row.unit_id == office.units["kominfo"].id
    assert stored.facts.number == "LKE/2026/kominfo/0001"
    assert office.do(case_id, "bima", "begin") is None, office.refusal
    given = rows(sheet(office), AT_B)
    assert office.do(case_id, "bima", "lock", answers={"self": given}) is None, office.refusal
    office.now = DAYS["verify"]
    assert office.do(case_id, "fitri", "bappeda_done") == "separation_of_duties"  # works in the agency above
    inspector = office.open("lke_evaluation", "ida", {"year": 2025})  # nobody above is evaluated
    assert read_case(office.session, inspector, office.now).row.unit_id == office.units["inspektorat"].id


def test_a_year_without_a_rubric_is_not_begun(office: Office) -> None:
    case_id = office.open("lke_evaluation", "sari", {"year": 2031})
    assert "self" not in answers(office, case_id)
    assert office.do(case_id, "sari", "begin") == "guard"


def test_7_12_a_letter_may_bear_the_day_it_is_where_the_region_is(office: Office) -> None:
    early = datetime(2026, 5, 1, 18, 0, tzinfo=UTC)  # one in the morning of the second of May
    given = (office.session, office.region.id, None, 2025)
    assert record_grade(*given, Given("B", None, "B/1", date(2026, 5, 2)), by=None, now=early).predicate == "b"
    with pytest.raises(InvalidInput, match="ahead"):
        record_grade(*given, Given("B", None, "B/2", date(2026, 5, 3)), by=None, now=early)


def test_7_12_what_the_ministry_wrote_last_about_a_year_counts(office: Office) -> None:
    given = (office.session, office.region.id, None, 2025)
    for letter, predicate in (("B/1", "CC"), ("B/2", "B")):
        record_grade(*given, Given(predicate, "61.2", letter, date(2026, 3, 2)), by=None, now=office.now)
    record_grade(*given, Given("AA", None, "700/3", date(2026, 3, 2)), by=None, now=office.now, source="inspectorate")
    found = last_grade(*given)
    assert found is not None
    assert (found.predicate, found.score, found.letter) == ("b", "61.2", "B/2")
    assert last_grade(office.session, office.region.id, None, 2024) is None


def test_10_the_report_tells_scores_findings_and_recommendations_and_is_set_as_a_pdf(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    scored(office, case_id, AT_B | {GUIDELINE: "d"}, {"path": GUIDELINE, "text": "Terbitkan pedoman"})
    closed(office, case_id)
    office.work()
    record_grade(
        office.session, office.region.id, office.units["kominfo"].id, 2025,
        Given("B ", "64.10", "B/123/AA.05/2026", date(2026, 5, 1)), by=None, now=office.now,
    )  # fmt: skip
    found = lhe_values(office.session, sheet(office), Paper("700/1/2026", date(2026, 5, 19), "Sudah baik."))
    result = found["result"]
    parts = [Fraction(one["score"]) for one in found["components"]]
    assert abs(sum(parts) - Fraction(result["score"])) < Fraction(3, 100) and result["predicate"] == "b"
    of_parts = {sub["path"]: sub["score"] for one in found["components"] for sub in one["sub_components"]}
    # 3.375 and 5.625, rounded as the rubric rounds and not cut off
    assert (of_parts["reporting.quality"], of_parts["reporting.use"]) == ("3.38", "5.63")
    assert [one["tier"] for one in found["tiers"]] == ["self", "assure", "final"]
    advice = {"path": GUIDELINE, "text": "Terbitkan pedoman", "due": "2026-08-17"}
    assert [{key: one[key] for key in advice} for one in found["recommendations"]] == [advice]
    assert found["recommendations"][0]["criterion"]["id"] == "Ada pedoman menyusun rencana"
    assert found["ministry"]["predicate"] == "b" and found["last_year"]["score"] is None
    heading = Heading("Pemerintah Kabupaten Contoh", "Inspektorat", "", "Contoh", "Dinas Kominfo", "Irma")
    data = lhe_data(found, heading, is_draft=False)
    rows_of_result = dict(next(part["rows"] for part in data["parts"] if part["kind"] == "rows"))
    assert rows_of_result["Tahap penilaian sendiri"] == "66,25, B (baik)"
    assert rows_of_result["Predikat KemenPANRB"] == "64,10 (B), surat B/123/AA.05/2026 tanggal 1 Mei 2026"
    pdf = render("inspectorate_letter", data, office.now)
    assert pdf.startswith(b"%PDF")


def test_11_scores_drawn_again_from_the_cases_are_the_same_and_a_falsified_one_is_named(office: Office) -> None:
    case_id = locked_by_the_unit(office, AT_B)
    verified_by_all(office, case_id)
    assured(office, case_id, AT_B)
    scored(office, case_id, AT_B | {GUIDELINE: "d"}, {"path": GUIDELINE, "text": "Terbitkan pedoman"})
    closed(office, case_id)
    office.work()

    def checked(**more: bool) -> list[dict[str, Any]]:
        found = rebuild(office.session, office.region.id, office.now, **{"is_check": True, **more})
        assert found.compared > 200
        return [dict(one.row) for one in found.different]

    ministry = {"source": "kemenpanrb", "year": 2024, "recommendation": "Perbaiki pohon", "due_on": "2026-09-30"}
    assert office.do(office.open("follow_up", "slamet", ministry, unit="kominfo"), "slamet", "send") is None
    office.work()
    assert checked() == []
    falsified_recommendations(office)
    assert registered(office, case_id) == [("evaluation_report", 2025)]
    itself = office.session.scalars(select(EvidencePiece).where(EvidencePiece.from_case_id == case_id)).one()
    title, itself.title = itself.title, "Laporan lain"
    assert [one["id"] for one in checked(is_check=False)] == [itself.id] and itself.title == title
    gone = select(EvidencePiece.id).where(EvidencePiece.from_case_id == case_id)
    office.session.execute(delete(EvidenceAct).where(EvidenceAct.piece_id.in_(gone)))
    office.session.execute(delete(EvidencePiece).where(EvidencePiece.from_case_id == case_id))
    (missing,) = checked()
    assert (missing["case_id"], missing["kind"]) == (case_id, "evaluation_report")  # §8.3: told again by its case
    final = next(row for row in score_rows(office.session, sheet(office)) if row.span == "final")
    final.shown = "99.99"
    answer = office.session.scalars(select(ScoreRow).where(ScoreRow.tier == "assure", ScoreRow.is_current)).first()
    assert answer is not None
    path, honest = answer.path, answer.answer
    answer.answer = "a" if honest != "a" else "b"
    wrong = checked()
    assert [one["span"] for one in wrong if "span" in one][:1] == ["assure"]
    assert {one.get("span") for one in wrong} >= {"assure", "final"} and path in [one.get("path") for one in wrong]
    checked(is_check=False)
    assert registered(office, case_id) == [("evaluation_report", 2025)]
    again = current_answers(office.session, sheet(office))["assure"][path]
    assert again.given == honest
    assert [one["span"] for one in checked()] == ["final"]  # published: it stays as it was, and is named


def falsified_recommendations(office: Office) -> None:
    """Whatever of a recommendation is falsified is named with its case, and put right from it."""
    session, region = office.session, office.region.id
    ours, theirs = session.scalars(select(RecommendationRow).order_by(RecommendationRow.id)).all()
    for row in (ours, theirs):
        for wrong in ({"text": "Lain", "path": "planning.use"}, {"state": CLOSED, "due_on": None, "unit_id": None}):
            right = {name: getattr(row, name) for name in wrong}
            for name, value in wrong.items():
                setattr(row, name, value)
            (one,) = recommendation_differences(session, region, is_check=False)[1]
            assert (one.row["follow_up_id"], one.stored, one.drawn) == (row.follow_up_id, wrong, right)
    follow_up, ours.follow_up_id = ours.follow_up_id, None
    session.delete(theirs)
    session.flush()
    invented = RecommendationRow(region_id=region, unit_id=None, year=2025, source="internal", path=None, text="Lain")
    invented.due_on, invented.state, invented.closed_on, invented.made_at = None, OPEN, None, office.now
    invented.case_id, invented.follow_up_id = None, None
    session.add(invented)
    session.flush()
    lost, again, extra = recommendation_differences(session, region, is_check=False)[1]
    assert (lost.drawn, again.stored, extra.drawn) == ({"follow_up_id": follow_up}, None, None)
    assert recommendation_differences(session, region, is_check=True) == (2, [])
