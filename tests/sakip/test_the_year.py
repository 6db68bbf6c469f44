"""A year of an invented regency from its tree to its predicate, the next one, and the same year by two other variants.

The numbers are worked out here by hand, as fractions; what the program says has to agree.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from config import ROOT, Settings
from demo.performance_after import raised
from engine.cases.models import Case
from engine.database import open_database
from engine.organisation import sessions
from engine.organisation.accounts import person_called
from engine.organisation.models import Region
from sakip.facts.budget_models import AbsorptionRow, BudgetRow
from sakip.facts.models import AgreementRow, EvidencePiece, EvidenceUse, RecommendationRow, ResultRow
from sakip.publish_folder import publish_folder
from sakip.tree.models import EdgeRow
from tests.conftest import FrozenClock
from tests.databases import PostgresDatabases, SqliteFiles
from tests.publishers import publishers
from tests.sakip.year_played import AFTER_ALL, play
from tests.web.browser import Browser
from tests.web.test_dashboards import NUMBER, rows_of

REGENCY, EVIDENCE, POINTS = "kab_contoh", "kab_tasikmalaya", "kota_bandung"
PLAYED = {"sqlite": (REGENCY, EVIDENCE, POINTS), "postgresql": (REGENCY,)}  # the variants differ in files, not in rows
UNIT_CELL = re.compile(r'<td class="h-[a-z]+"[^>]*><a href="([^"]+)">(\d+(?:,\d+)?)</a>')
# What was found met, on the scale A to E: existence all, quality three quarters, use a half; and a weaker evaluation.
ALL, MORE, HALF = F(1), F(3, 4), F(1, 2)
PLANNING = 6 * ALL + 9 * MORE + 15 * HALF
MEASUREMENT = 6 * ALL + 9 * MORE + 15 * HALF
REPORTING = 3 * ALL + F("4.5") * MORE + F("7.5") * MORE
EVALUATION = 5 * MORE + F("7.5") * HALF + F("12.5") * HALF


class Year:
    """A database in which the years were played, and the command line over it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.database = url, open_database(url)
        settings = Settings(environment="test", secret_key="k" * 40, files_dir=folder / "files", demo=True)
        self.clock = FrozenClock(AFTER_ALL)
        self.app: Flask = create_app(settings, database=self.database, clock=self.clock)

    def says(self, *words: str) -> Any:
        """What ``flask sakip …`` answers, as values."""
        outcome = self.app.test_cli_runner().invoke(args=["sakip", *words, "--format", "json"])
        assert outcome.exit_code in (0, 1), outcome.output
        return json.loads(outcome.stdout)

    def about(self, command: str, region: str, *words: str, year: int = 2025) -> Any:
        """The same about a region and year."""
        return self.says(command, "--region", region, "--year", str(year), *words)

    def browser(self, account: str) -> Browser:
        """Somebody's browser."""
        with self.database.writing.begin() as session:
            person = person_called(session, account).id
            token = sessions.open_session(session, person, browser="Tes", network="127.0.0.0/24", now=self.clock())
        browser = Browser(self.app.test_client())
        browser.set_cookie("alur", token)
        return browser


@pytest.fixture(scope="module")
def years(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Year]]:
    """The years played once a module on each kind of database that is asked for."""
    played: dict[str, tuple[Year, SqliteFiles | PostgresDatabases]] = {}

    def on(kind: str) -> Year:
        if kind not in played:
            databases = request.getfixturevalue("sqlite_files" if kind == "sqlite" else "postgres_databases")
            url = databases.new()
            play(url, regions=PLAYED[kind])
            played[kind] = Year(url, tmp_path_factory.mktemp(kind)), databases
        return played[kind][0]

    yield on
    for year, databases in played.values():
        year.database.close()
        databases.drop(year.url)


@pytest.fixture(params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest, years: Callable[[str], Year], monkeypatch: pytest.MonkeyPatch) -> Year:
    return _opened(years(request.param), monkeypatch)


@pytest.fixture
def on_sqlite(years: Callable[[str], Year], monkeypatch: pytest.MonkeyPatch) -> Year:
    """For pages, which are the same above either database."""
    return _opened(years("sqlite"), monkeypatch)


def _opened(found: Year, monkeypatch: pytest.MonkeyPatch) -> Year:
    monkeypatch.setenv("ALUR_DATABASE_URL", found.url)
    monkeypatch.setenv("ALUR_SECRET_KEY", "k" * 40)
    return found


def printed(value: F) -> str:
    """Two decimals, half up."""
    hundredths = (value * 100 + F(1, 2)).__floor__()
    return f"{hundredths // 100}.{hundredths % 100:02}"


def test_the_regency_stands_at_66_25_which_is_b_and_lacks_3_76_to_the_next(year: Year) -> None:
    score = PLANNING + MEASUREMENT + REPORTING + EVALUATION
    assert score == F("66.25")
    found = year.about("evaluate", REGENCY)
    assert (found["score"], found["predicate"]) == ("66.25", "b")
    assert found["next"] == {"predicate": "bb", "points": "3.76"}  # 70 itself is B: 70.01 less 66.25
    assert {path: F(points) for path, points in found["sub_components"].items()} == {
        "planning.existence": F(6), "planning.quality": F("6.75"), "planning.use": F("7.5"),
        "measurement.existence": F(6), "measurement.quality": F("6.75"), "measurement.use": F("7.5"),
        "reporting.existence": F(3), "reporting.quality": F("3.375"), "reporting.use": F("5.625"),
        "evaluation.existence": F("3.75"), "evaluation.quality": F("3.75"), "evaluation.use": F("6.25"),
        "evaluation.achievement": F(0),
    }  # fmt: skip


def test_each_tier_has_its_own_score(year: Year) -> None:
    # Assurance put one of the eleven criteria of planning's quality at a half; the final evaluation put it back.
    lower = F("66.25") - 9 * (MORE - HALF) / 11
    scores = [year.about("evaluate", REGENCY, "--tier", tier)["score"] for tier in ("self", "assure", "final")]
    assert scores == ["66.25", printed(lower), "66.25"] == ["66.25", "66.05", "66.25"]


def test_the_cheapest_way_to_bb_costs_19_and_is_what_the_next_year_raised(year: Year) -> None:
    found = year.about("whatif", REGENCY, "--to", "bb", "--weeks", "28", "--alternatives", "3")
    assert (found["from"], found["reachable"], found["cost"], found["score"]) == ("66.25", True, 19, "70.08")
    assert [one["cost"] for one in found["alternatives"]] == [19, 19, 20]
    # Two answers to their best at 2 × 1, three of quality at 2, three of use at 3.
    assert 2 * 2 + 3 * 2 + 3 * 3 == 19
    assert sorted(step["path"] for step in found["steps"]) == sorted(raised(2026))


def test_a_year_later_the_same_region_stands_at_bb(year: Year) -> None:
    existence = 5 * (ALL + ALL + MORE) / 3
    quality, use = (weight * (3 * MORE + 2 * HALF) / 5 for weight in (F("7.5"), F("12.5")))
    score = PLANNING + MEASUREMENT + REPORTING + existence + quality + use
    found = year.about("evaluate", REGENCY, year=2026)
    assert (found["score"], found["predicate"]) == (printed(score), "bb") == ("70.08", "bb")


def test_the_same_facts_by_evidence_and_four_levels_are_the_mean_of_three_tiers(on_sqlite: Year) -> None:
    # A is 1, B 0.66, C 0.33; what exists is counted by accepted evidence: one of the five pieces of activity_plan is
    # missing. Achievement has 7.5 of the weight of use.
    b, c = F("0.66"), F("0.33")
    planning = 6 * (ALL + ALL + F(4, 5) + ALL) / 4 + 9 * b + 15 * c
    measurement = 6 * ALL + 9 * b + 15 * c
    reporting = 3 * ALL + F("4.5") * b + F("7.5") * b
    evaluation = 5 * ALL + F("7.5") * c + 5 * c + F("7.5") * b
    self = planning + measurement + reporting + evaluation
    assure = self - 9 * (b - c) / 9  # one of nine criteria of planning's quality at C
    assert (self, assure) == (F("58.475"), F("58.145"))
    found = on_sqlite.about("evaluate", EVIDENCE)
    assert found["score"] == printed((self + assure + self) / 3) == "58.37"
    assert found["predicate"] == "cc"


def test_the_same_facts_by_points_of_their_own(on_sqlite: Year) -> None:
    # Five even levels, so three quarters and a half are there; a question of yes or no that is met by three quarters is
    # not yet, and the standard of the report, on a list of its own, is poor: 0.1 of 0.5.
    planning = 6 * ALL + (9 - 1) * MORE + 15 * HALF
    measurement = 6 * ALL + (9 - 1) * MORE + 15 * HALF
    reporting = 3 * ALL + (F("0.1") + 4 * MORE) + F("7.5") * MORE
    score = planning + measurement + reporting + EVALUATION
    assert score == F("64.475")
    found = on_sqlite.about("evaluate", POINTS)
    assert (found["score"], found["predicate"]) == (printed(score), "b") == ("64.48", "b")


def test_a_year_s_achievements_are_those_of_paper(year: Year) -> None:
    kip, tepat = F("83.1") / 82, (F("91.5") + 93 + 96 + F("97.5")) / 4 / 95
    layanan, days = F(4 + 5 + 9 + 7, 25), (12 + 11 + F("9.5") + 9) / 4
    aduan = (2 * 10 - days) / 10  # less is better: twice the target less what was reached
    jangkauan, konten, insiden = F("65.2") / 66, F(88 + 91 + 95 + 90, 360), F(0)
    goals = [(kip + tepat) / 2, (layanan + aduan) / 2, (jangkauan + konten) / 2, insiden]
    told = {row["indicator"]: row["value"] for row in year.about("measure", REGENCY, "--span", "year")}
    worked = {"kip": kip, "tepat": tepat, "layanan": layanan, "aduan": aduan, "jangkauan": jangkauan, "konten": konten,
              "insiden": insiden, "akreditasi": F(76) / 75, "stunting": (2 * 14 - F("13.8")) / 14,
              "predikat": F(4, 5), "pembinaan": F(24 + 20 + 26 + 26, 96), "hunian": F(80, 83),
              "kepuasan": F("85.6") / 85}  # fmt: skip
    assert {key: told[key] for key in worked} == {key: printed(value * 100) for key, value in worked.items()}
    assert shown(year, "DISKOMINFO", 2025, "year") == printed(sum(goals, F(0)) / 4 * 100)


def test_the_other_variants_measure_the_same_values_by_their_own_rules(on_sqlite: Year) -> None:
    evidence, points = (
        {row["indicator"]: (row["value"], row["band"]) for row in on_sqlite.about("measure", region, "--span", "year")}
        for region in (EVIDENCE, POINTS)
    )
    # One incident in the year: a table with steps; zero or nothing.
    assert (evidence["insiden"], points["insiden"]) == (("75.00", "yellow"), ("0.00", "critical"))
    # Ten days of target, 10.375 reached: 2 × target − realisation, or target by realisation.
    assert (evidence["aduan"][0], points["aduan"][0]) == ("96.25", printed(F(10) / F("10.375") * 100))
    quarter = {row["indicator"]: row for row in on_sqlite.about("measure", EVIDENCE, "--span", "to_q1")}
    assert quarter["layanan"]["value"] == printed(F(4, 25) * 100)  # against the year's target from the first quarter on
    # The words of reports until June, five statuses from July on.
    bands = [{row["indicator"]: row["band"] for row in on_sqlite.about("measure", POINTS, "--span", span)}["konten"]
             for span in ("q2", "q3")]  # fmt: skip
    assert bands == ["very_good", "exceeded"]


def test_no_mean_is_partial_a_value_that_is_not_issued_stops_what_stands_on_it(year: Year) -> None:
    because = {"stunting": (None, "not_issued"), "kesehatan.s1": ("not_issued", "item_not_computable")}
    because |= dict.fromkeys(("DINKES", REGENCY), ("item_not_computable", "item_not_computable"))
    with year.database.reading() as session:
        for subject, told in because.items():
            row = result(session, subject, 2026, "to_q3")
            assert (row.shown, row.band, (row.because, row.reason)) == (None, None, told), subject
        partly = session.scalars(select(ResultRow.subject).where(ResultRow.shown.is_not(None), ResultRow.reason != ""))
        assert list(partly) == []


def test_the_cases_of_the_year_went_their_ordinary_way(year: Year) -> None:
    with year.database.reading() as session:
        for region in session.scalars(select(Region).where(Region.id.in_(select(EdgeRow.region_id)))):
            edges = session.scalars(select(EdgeRow).where(EdgeRow.region_id == region.id, EdgeRow.valid_to.is_(None)))
            assert [edge.state for edge in edges] == ["agreed"], region.key
            cases = select(Case).where(Case.region_id == region.id)
            reports = session.scalars(cases.where(Case.case_type == "measurement_report")).all()
            assert {tuple(case.state["a"]) for case in reports} == {("verified",)}
        regency = session.scalars(select(Region).where(Region.key == REGENCY)).one()
        advice = session.scalars(
            select(RecommendationRow)
            .where(RecommendationRow.region_id == regency.id, RecommendationRow.year == 2025)
            .order_by(RecommendationRow.id)
        ).all()
        assert [row.state for row in advice] == ["closed", "planned", "open"]
        assert all(row.follow_up_id is not None for row in advice)
        uses = select(EvidenceUse).where(EvidenceUse.region_id == regency.id, EvidenceUse.year == 2025)
        used = [row.piece_id for row in session.scalars(uses) if row.piece == "strategic_plan"]
        assert len(used) >= 5 and len(set(used)) == 1  # registered once, used at five criteria


def test_the_reports_of_the_years_are_reviewed_and_published_with_their_figures(year: Year) -> None:
    whose = ("lkjip", "--region", REGENCY, "--unit", "DISKOMINFO", "--year")
    now = year.says("report", *whose, "2026")
    assert (now["number"], now["review"]["statement"], now["review"]["holds"]) == ("000.8/111/2027", "reliable", 21)
    found = {one["key"]: one for objective in now["objectives"] for one in objective["indicators"]}
    # 5 + 8 + 8 + 9 = 30 of 30; the year before 4 + 5 + 9 + 7 = 25 of 25, and that of the plan's 30 was 83.33
    layanan = found["layanan"]
    assert (layanan["realisation"]["id"], layanan["shown"], layanan["is_frozen"]) == ("30", "100.00", True)
    assert [(one["year"], one["change"]["id"]) for one in layanan["history"]] == [(2025, "5")]
    before = year.says("report", *whose, "2025")
    plans = {one["key"]: one["plan"]["shown"] for objective in before["objectives"] for one in objective["indicators"]}
    assert plans["layanan"] == "83.33"
    assert year.says("report", "lkjip", "--region", REGENCY, "--year", "2025")["number"] == "000.8/3/2026"


FALSIFIED: Mapping[Any, tuple[Any, dict[str, Any]]] = {
    ResultRow: (
        (ResultRow.subject == "layanan") & (ResultRow.span == "to_q2") & (ResultRow.year == 2025), {"shown": "99.00"},
    ),
    AgreementRow: (AgreementRow.weight.is_not(None), {"weight": "1"}),
    BudgetRow: (BudgetRow.year == 2025, {"amount": "1"}),
    AbsorptionRow: (AbsorptionRow.year == 2025, {"amount": "1"}),
    EvidenceUse: (EvidenceUse.piece == "strategic_plan", {"case_id": None}),
    RecommendationRow: (RecommendationRow.year == 2025, {"text": "Lain"}),
    EvidencePiece: (EvidencePiece.from_case_id.is_not(None), {"title": "Lain"}),
}  # fmt: skip


def test_rebuilding_finds_no_difference_but_the_rows_that_are_falsified(year: Year) -> None:
    """One row of each kind is falsified at once: each is named, with the columns that differ, and nothing else is."""
    kept: list[tuple[Any, int, dict[str, Any]]] = []
    with year.database.writing.begin() as session:
        region = session.scalars(select(Region.id).where(Region.key == REGENCY)).one()
        for model, (where, wrong) in FALSIFIED.items():
            row = session.scalars(select(model).where(where, model.region_id == region).order_by(model.id)).first()
            assert row is not None, model
            kept.append((model, row.id, {name: getattr(row, name) for name in wrong}))
            session.execute(update(model).where(model.id == row.id).values(wrong))
    try:
        found = year.says("rebuild", "--check")
    finally:
        with year.database.writing.begin() as session:
            for model, row_id, right in kept:
                session.execute(update(model).where(model.id == row_id).values(right))
    assert found["compared"] > 1000
    told = {one["table"]: one for one in found["different"]}
    assert len(told) == len(found["different"]) == len(FALSIFIED)
    for model, _row_id, right in kept:
        one = told[model.__tablename__]
        assert (one["region"], one["stored"], one["drawn"]) == (REGENCY, FALSIFIED[model][1], right)
    result_row = told["sakip_results"]["row"]
    assert (result_row["subject"], result_row["span"]) == ("layanan", "to_q2")


def test_bands_that_change_in_the_middle_of_a_year_leave_the_quarters_before(year: Year, tmp_path: Path) -> None:
    folder = tmp_path / "sakip_config"
    shutil.copytree(ROOT / "sakip_config", folder)
    file = folder / "measurement.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("near: {from: 75,", "near: {from: 98,"), encoding="utf-8")
    (folder / "vectors.yaml").unlink()  # they prove the shipped bands
    july = datetime(2025, 7, 1, 2, 0, tzinfo=UTC)
    with year.database.writing() as session, session.begin() as transaction:
        before = [result(session, "tepat", 2025, span).band for span in ("q1", "q2", "q3")]
        who = publishers(session, session.scalars(select(Region.id).where(Region.key == REGENCY)).one())
        publish_folder(session, folder, region=None, reason="Ambang baru", now=july, **who)
        session.expire_all()
        after = [result(session, "tepat", 2025, span).band for span in ("q1", "q2", "q3")]
        quarters = [result(session, "pembinaan", 2025, span).band for span in ("q2", "q3")]
        transaction.rollback()
    assert before == ["near", "near", "reached"] and after == before  # 96.32 and 97.89 stay nearly reached
    assert quarters == ["near", "reached"]


def test_every_vector_passes(on_sqlite: Year) -> None:
    found = on_sqlite.says("vectors", str(ROOT / "sakip_config" / "vectors.yaml"))
    assert found and all(one["passed"] for one in found)


@pytest.mark.parametrize(
    ("region", "accounts"),
    [(REGENCY, ("bupati", "slamet", "irwan", "ratna", "yusuf")), (EVIDENCE, ("tsm_kepala",)), (POINTS, ("bdg_sekda",))],
)
def test_every_number_of_every_dashboard_opens_the_list_that_adds_up_to_it(
    on_sqlite: Year, region: str, accounts: tuple[str, ...]
) -> None:
    means: list[bool] = []
    for account in accounts:
        browser = on_sqlite.browser(account)
        page = browser.get("/performance?year=2025")
        assert page.status_code == 200, account
        walked = {}
        for href, number in NUMBER.findall(page.text):
            address = href.replace("&amp;", "&")
            if address not in walked:
                walked[address] = len(rows_of(browser, address))
            assert walked[address] == int(number), (account, href, number)
        assert len(walked) >= 7, (account, walked)
        for href, number in UNIT_CELL.findall(page.text):
            rows = [row for row in rows_of(browser, href.replace("&amp;", "&")) if row[1]]
            weights = [F(row[-1].removeprefix("bobot ").replace(",", ".")) if row[-1] else F(1) for row in rows]
            mean = sum((F(row[1]) * weight for row, weight in zip(rows, weights, strict=True)), F(0)) / sum(weights)
            assert abs(mean - F(number.replace(",", "."))) <= F("0.055"), (account, href, number, rows)
            means.append(any(row[-1].startswith("bobot ") for row in rows))
    assert len(means) >= 4 and set(means) == {region == EVIDENCE}  # that region weighs the indicators of a unit


def test_pages_and_command_line_say_the_same(on_sqlite: Year) -> None:
    browser = on_sqlite.browser("bupati")
    dashboard = browser.get("/performance?year=2025").text
    score = on_sqlite.about("evaluate", REGENCY)["score"]
    assert score.replace(".", ",") in dashboard
    for unit in ("DISKOMINFO", "DINKES"):
        assert (shown(on_sqlite, unit, 2025, "to_q4") or "").replace(".", ",")[:-1] in dashboard, unit
    way = browser.get(f"/performance/whatif/{REGENCY}?year=2025&to=bb&weeks=28").text
    assert "66,25" in way and "70,08" in way and re.search(r"upaya\s+19\b", way)


def test_a_year_later_the_worksheet_shows_what_changed(on_sqlite: Year) -> None:
    with on_sqlite.database.reading() as session:
        cases = select(Case.id).join(Region).where(Region.key == REGENCY, Case.case_type == "lke_evaluation")
        newest = session.scalars(cases.order_by(Case.id.desc())).first()
    page = on_sqlite.browser("slamet").get(f"/performance/worksheets/{newest}?only=changed&tier=self").text
    (heading,) = re.findall(r"<h1>(.*?)</h1>", page)
    assert heading.endswith("2026, Kabupaten Contoh")
    rows = {path.replace(".", "-").replace("_", "-"): path for path in raised(2026)}
    assert set(re.findall(r'id="row-([a-z-]+)-title"', page)) == set(rows)


def result(session: Session, subject: str, year: int, span: str) -> ResultRow:
    """The regency's stored achievement of a subject."""
    region = session.scalars(select(Region).where(Region.key == REGENCY)).one()
    query = select(ResultRow).where(
        ResultRow.region_id == region.id, ResultRow.subject == subject, ResultRow.year == year,
        ResultRow.span == span, ResultRow.figure == "achievement",
    )  # fmt: skip
    return session.scalars(query).one()


def shown(year: Year, subject: str, fiscal: int, span: str) -> str | None:
    """What is printed for it."""
    with year.database.reading() as session:
        return result(session, subject, fiscal, span).shown
