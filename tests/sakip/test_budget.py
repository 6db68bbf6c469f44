"""Budgets from agreements, absorption from reports, efficiency where a region switched it on (reference §5.15)."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.definitions.problems import Problems
from sakip.configuration.folder import load
from sakip.facts.budget import absorption, budget_of
from sakip.facts.budget_models import AbsorptionRow
from sakip.facts.budget_rows import Absorbed, Budgeted, write_absorptions, write_budgets
from sakip.facts.following import changed_by
from sakip.facts.models import ResultRow
from sakip.facts.published_reports import Subject
from sakip.facts.realisations import REPORTED, VERIFIED, Origin
from sakip.facts.rebuild import rebuild
from sakip.facts.results import freeze, recompute
from sakip.reasons import Reason
from sakip.reporting.lkjip import lkjip_values
from sakip.values import NOT_ISSUED
from tests.sakip.measured import FOLDER, YEAR, Measured, a_measured_region
from tests.sakip.measuring_office import a_measuring_office, a_year, filled, opened, piece, rows_of, sent, ticks
from tests.sakip.tree_office import Office

AMOUNTS = {"2.16.02": 400, "2.16.03": 600}


@pytest.fixture
def office(session: Session, now: datetime) -> Office:
    """Kominfo's year with two programmes below its goal, whose budgets an import brought."""
    found = a_measuring_office(session, now)
    a_year(found)
    given(found)
    return found


def given(office: Office, since: date = date(YEAR, 1, 1), digest: str = "a" * 64, **amounts: int | None) -> None:
    unit = office.units["kominfo"].id
    budgets = [
        Budgeted(unit, code, code, f"Program {code}", "programme", ("goal",), None if each is None else Fraction(each))
        for code, each in (amounts or AMOUNTS).items()
    ]
    write_budgets(office.session, office.region.id, YEAR, budgets, since, Origin(office.now, digest=digest))


def spent(office: Office, period: str, state: str = VERIFIED, digest: str = "b" * 64, **amounts: int) -> None:
    unit = office.units["kominfo"].id
    told = [Absorbed(unit, key, period, Fraction(each)) for key, each in amounts.items()]
    write_absorptions(office.session, office.region.id, YEAR, told, state, Origin(office.now, digest=digest))


def absorbed(office: Office, span: str) -> Any:
    found = absorption(budget_of(office.session, office.region.id, office.units["kominfo"].id, YEAR, span))
    return found.code if isinstance(found, Reason) else found


def test_5_15_absorption_is_what_was_spent_of_the_budget_of_the_year(office: Office) -> None:
    spent(office, "q1", **{"2.16.02": 100, "2.16.03": 100})
    assert absorbed(office, "to_q1") == absorbed(office, "q1") == 20
    assert [(one.key, one.budget, one.absorbed) for one in budget_of(
        office.session, office.region.id, office.units["kominfo"].id, YEAR, "to_q1"
    )] == [("2.16.02", 400, 100), ("2.16.03", 600, 100)]  # fmt: skip


def test_5_15_absorption_is_never_partial(office: Office) -> None:
    assert absorbed(office, "to_q1") == "no_absorption"
    spent(office, "q1", **{"2.16.02": 100})
    found = absorption(budget_of(office.session, office.region.id, office.units["kominfo"].id, YEAR, "to_q1"))
    assert isinstance(found, Reason)
    assert found.sentence.id == "serapan anggaran belum diisi: Program 2.16.03"
    assert absorption(budget_of(office.session, office.region.id, office.units["pemkab"].id, YEAR, "to_q1")) == Reason(
        "no_budget"
    )


def test_5_15_a_period_is_held_against_the_budget_in_force_on_its_last_day(office: Office) -> None:
    for period in ("q1", "q2"):
        spent(office, period, digest=period, **{"2.16.02": 200, "2.16.03": 300})
    given(office, date(YEAR, 5, 1), "c" * 64, **{"2.16.02": 1000, "2.16.03": None})
    assert absorbed(office, "to_q1") == 50
    assert absorbed(office, "to_q2") == 20  # 200 of 1000; the other programme is no more


def test_5_15_the_same_file_twice_writes_once_and_a_later_one_counts(office: Office) -> None:
    for _ in range(2):
        spent(office, "q1", **{"2.16.02": 100, "2.16.03": 100})
    spent(office, "q1", digest="d" * 64, **{"2.16.02": 300, "2.16.03": 300})
    assert absorbed(office, "q1") == 60
    rows = office.session.scalars(select(AbsorptionRow)).all()
    assert len(rows) == 4 and sum(row.is_current for row in rows) == 2


def test_a_report_proposes_programmes_and_tells_what_was_spent(office: Office) -> None:
    case_id = opened(office)
    rows = rows_of(office, case_id, "programmes")
    assert [(row["row_key"], row["programme"], row["budget"]) for row in rows] == [
        ("2.16.02", "2.16.02 Program 2.16.02", 400), ("2.16.03", "2.16.03 Program 2.16.03", 600),
    ]  # fmt: skip
    told = [rows[0] | {"absorbed": 40}, rows[1] | {"absorbed": 60}]
    values = {"permits": {"value": "1.000"}, "served": {"value": "95,5"}}
    proof = [piece(office)]
    answers = {"rows": filled(office, case_id, **{key: one | {"evidence": proof} for key, one in values.items()})}
    for wrong, path, code in (
        (rows[1] | {"absorbed": 601}, "absorbed", "too_large"),
        (rows[1] | {"budget": 700}, "budget", "not_editable"),
        ({"row_key": "9.99", "programme": "Lain", "budget": 1}, "programme", "unknown_row"),
    ):
        assert sent(office, case_id, programmes=[rows[0], wrong], **answers) == {f"programmes.1.{path}": code}
    assert sent(office, case_id, programmes=told, **answers) == {}
    office.work()
    assert absorbed(office, "to_q1") == 10
    assert office.do(case_id, "vina", "verify", answers={"verification": ticks(office, case_id)}) is None
    office.work()
    recompute(office.session, office.region.id, None, YEAR, office.now)
    states = office.session.scalars(select(AbsorptionRow.state).where(AbsorptionRow.is_current)).all()
    assert list(states) == [VERIFIED, VERIFIED]
    assert rebuild(office.session, office.region.id, office.now, is_check=True).different == []
    office.session.execute(update(AbsorptionRow).where(AbsorptionRow.is_current).values(amount="1"))
    office.session.expire_all()
    different = rebuild(office.session, office.region.id, office.now, is_check=False).different
    assert {one.table for one in different} == {"sakip_absorptions"} and len(different) == 2
    assert absorbed(office, "to_q1") == 10


# -- efficiency


SWITCHED_ON = "efficiency: {since: {valid_from: 2025-01-01, bands: efficiency, legal_basis: []}}"


def switched_on(
    session: Session, now: datetime, folder: Path, *, basis: str = "to_date", cap: str = "null"
) -> Measured:
    """A region that tells efficiency: one goal, one indicator that reached 95 of 100, two programmes."""
    found = a_measured_region(session, now)
    shutil.copytree(FOLDER, folder)
    (folder / "vectors.yaml").unlink()
    file = folder / "measurement.yaml"
    text = file.read_text().replace("efficiency: {} #", f"{SWITCHED_ON} #")
    text = text.replace("target_basis: to_date", f"target_basis: {basis}").replace("cap: null}", f"cap: {cap}}}")
    file.write_text(text)
    found.publish(now, folder)
    found.node("goal")
    found.indicator("served", "goal")
    found.aim("served", **{one: Fraction(100) for one in ("q1", "q2", "q3", "q4", "year")})
    found.fill(now, "q4", {"served": Fraction(95)}, VERIFIED)
    unit, origin = found.agency.id, Origin(now, digest="e" * 64)
    budgets = [Budgeted(unit, key, key, key, "programme", ("goal",), Fraction(500)) for key in ("one", "two")]
    write_budgets(session, found.region.id, YEAR, budgets, date(YEAR, 1, 1), origin)
    return found


def told(found: Measured, subject: str, span: str = "year") -> str | None:
    query = select(ResultRow).where(
        ResultRow.region_id == found.region.id, ResultRow.figure == "efficiency", ResultRow.subject == subject,
        ResultRow.span == span,
    )  # fmt: skip
    row = found.session.scalar(query.execution_options(populate_existing=True))
    return None if row is None else row.reason or f"{row.shown} {row.band}"


def absorb(found: Measured, now: datetime, period: str = "q4", state: str = VERIFIED, **amounts: int) -> None:
    told = [Absorbed(found.agency.id, key, period, Fraction(each)) for key, each in amounts.items()]
    write_absorptions(found.session, found.region.id, YEAR, told, state, Origin(now, digest=f"{len(amounts)}{period}"))
    recompute(found.session, found.region.id, ["served"], YEAR, now)


def test_5_15_where_it_is_switched_on_efficiency_stands_beside_achievement(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    found = switched_on(session, now, tmp_path / "config")
    subjects = ("served", "goal", found.agency.key, found.region.key)
    recompute(session, found.region.id, None, YEAR, now)
    assert [told(found, one) for one in subjects] == ["no_absorption"] * 4
    absorb(found, now, one=400)
    assert [told(found, one) for one in subjects] == ["no_absorption"] * 4
    absorb(found, now, one=400, two=450)
    assert [told(found, one) for one in subjects] == ["10.00 efficient"] * 4
    values = lkjip_values(session, Subject(found.region.id, found.agency.id, YEAR), {}, now)
    (objective,) = values["objectives"]
    assert objective["efficiency"]["band_title"] == {"id": "Efisien", "en": "Efficient"}  # by its own bands
    assert told(found, "served", "to_q4") is None  # the budget is of the year, the target to date is not
    assert rebuild(session, found.region.id, now, is_check=True).different == []
    found.publish(now)  # switched off again
    assert told(found, "served") is None
    draft = load(tmp_path / "config", None, Problems()).measurement(YEAR)
    assert draft is not None
    changes = [one for one in changed_by(session, draft, None, now.date()) if one["figure"] == "efficiency"]
    assert {(one["kind"], one["old"], one["new"]["value"]) for one in changes} == {
        (kind, None, "10.00") for kind in ("indicator", "node", "unit", "region")
    }
    found.publish(now, tmp_path / "config")
    assert freeze(session, found.region.id, found.agency.id, YEAR, now)
    absorb(found, now, "y", one=500, two=500)
    (one, *others) = rebuild(session, found.region.id, now, is_check=True).different
    assert one.row["figure"] == "efficiency" and len(others) == 2


def test_5_15_to_date_it_is_told_where_targets_are_of_the_year_too(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    found = switched_on(session, now, tmp_path / "config", basis="year")
    absorb(found, now, one=400, two=450)
    assert told(found, "served", "to_q4") == told(found, "served") == "10.00 efficient"
    assert told(found, "served", "q4") is None


def test_5_15_efficiency_takes_achievement_after_limits(session: Session, now: datetime, tmp_path: Path) -> None:
    found = switched_on(session, now, tmp_path / "config", cap="90")
    absorb(found, now, one=400, two=450)
    assert told(found, "served") == "5.00 fairly"  # 95 counts as 90


def test_5_15_what_achievement_lacks_is_said_before_what_the_budget_lacks(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    found = switched_on(session, now, tmp_path / "config")
    absorb(found, now, one=400)
    assert told(found, "served") == "no_absorption"
    found.fill(now, "q4", {"served": NOT_ISSUED}, VERIFIED)
    recompute(session, found.region.id, ["served"], YEAR, now)
    assert told(found, "served") == "not_issued"


def test_5_15_efficiency_of_unverified_spending_is_provisional(session: Session, now: datetime, tmp_path: Path) -> None:
    found = switched_on(session, now, tmp_path / "config")
    for period, state, is_marked in (("q4", VERIFIED, False), ("y", REPORTED, True)):
        absorb(found, now, period, state, one=400, two=450)
        query = select(ResultRow.is_provisional).where(
            ResultRow.region_id == found.region.id, ResultRow.figure == "efficiency", ResultRow.span == "year"
        )
        assert set(session.scalars(query)) == {is_marked}
