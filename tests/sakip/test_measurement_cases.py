"""A report and an action plan as cases in the store, from opening to the figures (reference §3, §5.14, §8.3)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.stored import read_case
from engine.outbox.models import ConnectorCall
from sakip.case_answers import document_at
from sakip.facts.evidence import offered, refuse
from sakip.facts.evidence_uses import REALISATION, uses_at
from sakip.facts.models import AgreementRow, EvidencePiece, RealisationRow
from sakip.facts.rebuild import rebuild
from sakip.facts.report_facts import draw_reported
from sakip.facts.targets import targets_on
from sakip.tree.moving import succeed_units
from sakip.tree.successions import RENAMED, Succession
from tests.sakip.measured import YEAR, Measured
from tests.sakip.measuring_office import (
    a_measuring_office,
    a_year,
    filled,
    opened,
    piece,
    reported,
    rows_of,
    sent,
    ticks,
)
from tests.sakip.tree_office import Office, files_of

LEG = re.compile(r"\bq([1-4]): \{order")  # a quarter of the measurement
COLUMN = re.compile(r"\bq([1-4]): ")  # of the form, and of the fixtures that fill it in


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    return a_measuring_office(session, now)


@pytest.fixture
def year(office: Office) -> Measured:
    return a_year(office)


def test_rows_are_proposed_for_what_is_due_with_its_target_and_deadline(office: Office, year: Measured) -> None:
    case_id = opened(office)
    rows = rows_of(office, case_id)
    assert [(row["row_key"], row["unit"], row["target"]) for row in rows] == [
        ("permits", "number", "1250"), ("served", "percent", "90"),
    ]  # fmt: skip
    answers = read_case(office.session, case_id, office.now).facts.answers
    assert answers["due_on"] == date(2026, 4, 15)  # ten working days, Good Friday left out
    assert [row["row_key"] for row in rows_of(office, case_id, "verification")] == ["permits", "served"]


def test_the_regions_own_indicators_are_reported_for_its_own_unit(office: Office, year: Measured) -> None:
    year.node("sasaran").unit_id = None
    year.indicator("index", "sasaran", targets={"q1": "70"}).unit_id = None
    top = office.units["pemkab"].id
    case_id = opened(office, reporting_unit=top)
    assert [row["row_key"] for row in rows_of(office, case_id)] == ["index"]
    proof = piece(office, None)
    rows = filled(office, case_id, index={"value": "68,5", "evidence": [proof]})
    assert sent(office, case_id, rows=rows) == {}
    office.work()
    assert year.said("index", "q1") == ["97.86 near"]
    assert [row["row_key"] for row in rows_of(office, opened(office))] == ["permits", "served"]


def test_an_agreement_in_force_says_what_is_reported(office: Office, year: Measured) -> None:
    row = AgreementRow(region_id=office.region.id, case_id=7, seq=1, row_key="1", year=YEAR, kind="agency", copied={})
    row.unit_id, row.indicator_key, row.in_force_on = year.agency.id, "served", date(YEAR, 1, 20)
    year.session.add(row)
    year.session.flush()
    assert [each["row_key"] for each in rows_of(office, opened(office))] == ["served"]


def test_5_14_a_report_without_evidence_or_explanation_is_refused_with_the_row(office: Office, year: Measured) -> None:
    case_id = opened(office)
    proof = piece(office)
    assert sent(office, case_id, rows=filled(office, case_id, served={"value": "34.49"})) == {
        "rows.1.value": "not_a_number"
    }
    assert sent(office, case_id) == {"rows.0.value": "required", "rows.1.value": "required"}
    given = {"permits": {"value": "1.250", "evidence": [proof]}, "served": {"value": "50"}}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {
        f"rows.1.{name}": "field_invalid" for name in ("evidence", "drivers", "obstacles", "actions")
    }
    given["served"] = {"value": "50", "evidence": [proof], "drivers": "a", "obstacles": "b", "actions": "c"}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {}


def test_a_figure_that_was_not_issued_needs_neither_and_is_no_zero(office: Office, year: Measured) -> None:
    case_id = opened(office)
    given = {"permits": {"value": "0", "not_issued": True}, "served": {"not_issued": True}}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {"rows.0.value": "not_issued"}
    given["permits"] = {"not_issued": True}
    assert sent(office, case_id, rows=filled(office, case_id, **given)) == {}
    office.work()
    assert year.said("served", "q1", "to_q1") == ["not_issued", "not_issued"]


def test_rows_of_others_changed_columns_and_foreign_evidence_are_refused(office: Office, year: Measured) -> None:
    case_id = opened(office)
    rows = filled(office, case_id, permits={"value": "1.250"}, served={"value": "90"})
    foreign = [rows[0], rows[1] | {"row_key": "grade"}]
    assert sent(office, case_id, rows=foreign) == {"rows.1.indicator": "unknown_row"}
    assert sent(office, case_id, rows=[rows[0], rows[0]]) == {"rows.1.indicator": "unknown_row"}
    assert sent(office, case_id, rows=[rows[0] | {"target": "1"}, rows[1]]) == {"rows.0.target": "not_editable"}
    theirs, bad = piece(office, "dinkes"), piece(office)
    refuse(office.session, office.region.id, bad, by=None, now=office.now, reason="Buram")
    with_theirs = [row | {"evidence": [theirs, bad, 999_999, 10**11]} for row in rows]
    assert sent(office, case_id, rows=with_theirs)["rows.0.evidence"] == "field_invalid"
    assert {fault.code for fault in office.refusal.faults} == {"unknown_evidence", "field_invalid"}  # type: ignore[union-attr]
    assert sent(office, case_id, rows=rows[:1])["rows"] == "row_missing"


def test_reported_returned_once_and_verified_figures_follow(office: Office, year: Measured) -> None:
    case_id = reported(office, permits="1.000", served="95,5")
    assert office.work() == ["sakip.realisations_reported"]
    assert year.said("permits", "q1") == ["80.00 near"]
    row = year.result("permits", "q1")
    assert row is not None and row.is_provisional
    assert {each.place for each, _ in uses_at(
        office.session, office.region.id, year.agency.id, YEAR, REALISATION, "q1"
    )} == {"permits", "served"}  # fmt: skip

    assert sent(office, case_id, "verify", "vina") != {}
    marked = ticks(office, case_id, "permits")
    bare = [row | {"note": ""} for row in marked]
    assert sent(office, case_id, "return", "vina", verification=bare) == {"verification.0.note": "required"}
    assert office.do(case_id, "vina", "verify", answers={"verification": marked}) == "guard"
    assert office.do(case_id, "vina", "return", answers={"verification": marked}, comment="Satu baris") is None
    assert sent(office, case_id, rows=filled(office, case_id, permits={"value": "1.250"})) == {}
    assert office.do(case_id, "vina", "verify", answers={"verification": ticks(office, case_id)}) is None
    assert office.states(case_id) == ["verified"]
    assert office.work() == ["sakip.realisations_reported", "sakip.realisations_verified"]
    assert year.said("permits", "q1") == ["100.00 reached"]
    row = year.result("permits", "q1")
    assert row is not None and not row.is_provisional
    registered = office.session.scalars(select(EvidencePiece).where(EvidencePiece.from_case_id == case_id)).all()
    assert [(one.kind, one.year, one.unit_id) for one in registered] == [("achievement_report", YEAR, year.agency.id)]
    assert registered[0] in offered(office.session, office.region.id, year.agency.id, "achievement_report", YEAR)


def test_a_connector_that_runs_twice_writes_once(office: Office, year: Measured) -> None:
    case_id = reported(office, permits="1.000", served="95,5")
    office.work()
    call = office.session.scalars(select(ConnectorCall)).one()
    document = document_at(office.session, office.region.id, case_id, call.revision)
    assert draw_reported(office.session, document, office.now) == (YEAR, [])
    assert office.session.scalar(select(func.count()).select_from(RealisationRow)) == 2


def test_what_was_sent_is_verified_though_its_indicators_have_gone_over_to_another_unit_since(
    office: Office, year: Measured
) -> None:
    case_id = reported(office, permits="1.000", served="95,5")
    office.work()
    merged = Succession(RENAMED, ("kominfo",), ("dinkes",), date(YEAR, 3, 1), "Perda 3/2026")
    assert isinstance(
        succeed_units(office.session, office.region.id, merged, {}, "Perangkat daerah baru", office.now), list
    )
    assert office.do(case_id, "vina", "verify", answers={"verification": ticks(office, case_id)}) is None, (
        office.refusal
    )
    office.work()
    states = select(RealisationRow.state).where(RealisationRow.is_current)
    assert set(office.session.scalars(states)) == {"verified"}
    found = rebuild(office.session, office.region.id, office.now, is_check=True)
    assert [one.plain() for one in found.different if one.table != "sakip_results"] == []


def test_an_act_drawn_late_does_not_take_a_newer_ones_place(office: Office, year: Measured) -> None:
    case_id = reported(office, permits="1.000", served="95,5")
    first = office.session.scalars(select(ConnectorCall)).one()
    first.not_before = datetime(2027, 1, 1, tzinfo=UTC)  # it failed and waits
    office.session.flush()
    marked = ticks(office, case_id, "permits")
    assert office.do(case_id, "vina", "return", answers={"verification": marked}, comment="Satu baris") is None
    assert sent(office, case_id, rows=filled(office, case_id, permits={"value": "1.250"})) == {}
    assert office.work() == ["sakip.realisations_reported"]
    document = document_at(office.session, office.region.id, case_id, first.revision)
    assert [row["value"] for row in document.answers["rows"]] == ["1.000", "95,5"]
    draw_reported(office.session, document, office.now)
    current = select(RealisationRow.value).where(RealisationRow.indicator_key == "permits", RealisationRow.is_current)
    assert office.session.scalars(current).all() == ["1250"]


def test_an_action_plan_in_force_sets_the_targets_of_quarters(office: Office, year: Measured) -> None:
    actions = [{"activity": "Menambah jam layanan", "budget": 25_000_000}]
    case_id = office.open("action_plan", "sari", {"year": YEAR, "effective_on": date(YEAR, 2, 2), "actions": actions})
    rows = rows_of(office, case_id, "targets")
    assert [(row["row_key"], row.get("year_target"), row.get("q1")) for row in rows] == [
        ("grade", None, None), ("permits", "5000", "1250"), ("served", "95", "90"),
    ]  # fmt: skip
    wrong = [row | ({"q1": "1;2"} if row["row_key"] == "permits" else {}) for row in rows]
    assert sent(office, case_id, "submit", targets=wrong) == {"targets.1.q1": "no_target"}
    kinds = {"permits": "BB", "served": "60..70", "grade": "55"}
    other = [row | {"q4": kinds[row["row_key"]]} for row in rows]
    assert set(sent(office, case_id, "submit", targets=other).values()) == {"no_target"}
    assert len(office.refusal.faults) == 3  # type: ignore[union-attr]
    given = [row | ({"q1": "1000,5", "q2": "2000"} if row["row_key"] == "permits" else {}) for row in rows]
    assert sent(office, case_id, "submit", targets=given) == {}
    assert office.do(case_id, "fitri", "approve") is None
    for who in ("gita", "vina", "indra"):
        assert office.do(case_id, who, "verify") is None, who
    assert office.states(case_id) == ["in_force"]
    office.work()
    found = targets_on(office.session, office.region.id, ["permits"], YEAR, date(YEAR, 3, 31))["permits"]
    assert (found["q1"], found["q2"]) == (Fraction(2001, 2), Fraction(2000))
    pieces = office.session.scalars(select(EvidencePiece.kind).where(EvidencePiece.from_case_id == case_id)).all()
    assert pieces == ["action_plan"]


def test_a_unit_of_somebody_else_cannot_be_reported_for(office: Office, year: Measured) -> None:
    assert rows_of(office, office.open("measurement_report", "wati", {
        "year": YEAR, "period": "q1", "reporting_unit": office.units["kominfo"].id,
    })) == []  # fmt: skip


def test_an_action_plan_has_the_periods_of_a_region_that_calls_them_otherwise(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    for name in ("levels", "measurement", "lke_2025", "whatif"):
        text = (ROOT / "sakip_config" / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(LEG.sub(r"leg\1: {order", text), encoding="utf-8")
    office = a_measuring_office(session, now, tmp_path)
    files = {name: COLUMN.sub(r"leg\1: ", text) for name, text in files_of("action_plan").items()}
    office.publish_files("action_plan", files)
    measured = a_year(office)
    measured.aim("permits", leg1=Fraction(1250), year=Fraction(5000))
    case_id = office.open("action_plan", "sari", {"year": YEAR, "actions": [{"activity": "Menambah jam layanan"}]})
    rows = rows_of(office, case_id, "targets")
    assert [row.get("leg1") for row in rows if row["row_key"] == "permits"] == ["1250"]
    wrong = [row | {"leg2": "1;2"} for row in rows if row["row_key"] == "permits"]
    assert sent(office, case_id, "submit", targets=wrong) == {"targets.0.leg2": "no_target"}
    given = [row | ({"leg2": "2000"} if row["row_key"] == "permits" else {}) for row in rows]
    assert sent(office, case_id, "submit", targets=given) == {}
    for who, act in (("fitri", "approve"), ("gita", "verify"), ("vina", "verify")):
        assert office.do(case_id, who, act) is None, who
    office.work()
    found = targets_on(session, office.region.id, ["permits"], YEAR, date(YEAR, 12, 31))["permits"]
    assert found["leg2"] == Fraction(2000)
