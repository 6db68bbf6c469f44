"""``flask sakip measure`` and ``rebuild``: JSON as the reference says, exit codes, and the falsified row by name."""

from __future__ import annotations

from fractions import Fraction

import pytest
from sqlalchemy import select, update

from engine.database import Database
from engine.organisation.models import Region, Unit
from sakip.facts.models import ResultRow
from sakip.facts.results import recompute
from sakip.publish_folder import publish_folder
from sakip.tree.models import TreeRevision
from tests.commands.conftest import BEGINNING, Terminal
from tests.sakip.measured import FOLDER, NEW_YEAR, YEAR, Measured
from tests.web.region import Regency

REGION = "kab_contoh"
ASKED = ("sakip", "measure", "--region", REGION, "--year", str(YEAR))


@pytest.fixture
def measured(office: Terminal, database: Database, regency: Regency) -> str:
    """An agency of the region with two indicators and a first quarter; its key."""
    with database.writing.begin() as session:
        region = session.get_one(Region, regency.id)
        agency = session.scalars(select(Unit).where(Unit.region_id == region.id, Unit.level == "agency").limit(1)).one()
        publish_folder(session, FOLDER, region=None, reason="Awal", by=None, approved_by=None, now=BEGINNING)
        revision = TreeRevision(region_id=region.id, unit_id=agency.id, number=1, reason="awal", legal_basis="-")
        revision.case_id, revision.in_force_on, revision.made_at = None, NEW_YEAR, BEGINNING
        session.add(revision)
        session.flush()
        year = Measured(session, region, agency, agency, revision)
        year.node("goal")
        year.indicator("served", "goal", consolidation="sum")
        year.indicator("quality", "goal", due_in=["q2"])
        year.aim("served", q1=Fraction(8), q2=Fraction(8), year=Fraction(30))
        year.fill(BEGINNING, "q1", {"served": Fraction(7)})
        recompute(session, region.id, None, YEAR, BEGINNING)
        return agency.key


def test_achievements_are_rows_with_value_and_band_or_a_reason(office: Terminal, measured: str) -> None:
    said = office.run("sakip", "measure", "--region", REGION, "--span", "q1", "--year", str(YEAR), "--format", "json")
    assert (said.code, said.json) == (0, [
        {"unit": measured, "indicator": "quality", "span": "q1", "value": None, "band": None, "reason": "not_due",
         "because": None, "limited": None, "provisional": False},
        {"unit": measured, "indicator": "served", "span": "q1", "value": "87.50", "band": "near", "reason": None,
         "because": None, "limited": None, "provisional": True},
    ])  # fmt: skip
    said = office.run(
        "sakip", "measure", "--region", REGION, "--span", "to_q2", "--year", str(YEAR), "--unit", measured
    )
    assert (said.code, said.out) == (
        1,
        f"{measured} quality: tanpa target: Triwulan II\n"
        f"{measured} served: periode belum lengkap: Triwulan II\n",
    )  # fmt: skip
    assert office.run(*ASKED, "--span", "q1", "--lang", "en").out.splitlines()[1:] == [
        f"{measured} served: 87.50 Nearly reached, provisional"
    ]
    out = ("sakip", "export", "realisations", "--region", REGION, "--format", "json", "--unit")
    assert [(row["unit"], row["indicator"]) for row in office.run(*out, measured).json] == [(measured, "served")]


def test_what_cannot_be_asked_is_told(office: Terminal, measured: str) -> None:
    assert office.run(*ASKED, "--span", "q9").code == 2
    assert office.run(*ASKED, "--span", "year", "--year", "99999").code == 2
    assert office.run("sakip", "report", "lkjip", "--region", REGION, "--year", "1").code == 2
    assert office.run("sakip", "measure", "--region", REGION, "--span", "q1", "--year", "2001").code == 1
    assert office.run(*ASKED, "--span", "q1", "--unit", "lain").code == 2
    assert office.run("sakip", "measure", "--region", "lain", "--span", "q1", "--year", str(YEAR)).code == 2
    assert office.run("sakip", "measure", "--span", "q1", "--year", str(YEAR)).code == 2  # of which region?


def test_a_year_no_measurement_governs_has_no_rows(office: Terminal, measured: str) -> None:
    asked = office.run("sakip", "measure", "--region", REGION, "--year", "2021", "--span", "q1", "--format", "json")
    assert (asked.code, asked.json) == (1, []) and "2021" in asked.err


def test_a_falsified_result_is_named_and_put_right(office: Terminal, measured: str, database: Database) -> None:
    assert office.run("sakip", "rebuild", "--check").code == 0
    with database.writing.begin() as session:
        where = (ResultRow.subject == "served") & (ResultRow.span == "q1")
        session.execute(update(ResultRow).where(where).values(shown="100.00"))
    said = office.run("sakip", "rebuild", "--check", "--format", "json")
    assert said.code == 1
    (different,) = said.json["different"]
    assert different == {
        "region": REGION,
        "table": "sakip_results",
        "row": {"figure": "achievement", "year": YEAR, "span": "q1", "subject_kind": "indicator", "subject": "served"},
        "stored": {"shown": "100.00"},
        "drawn": {"shown": "87.50"},
    }
    told = office.run("sakip", "rebuild")
    assert told.code == 1 and 'subject=served: shown "100.00" instead of "87.50"' in told.out
    assert office.run("sakip", "rebuild", "--check").code == 0
