"""Times pages of the dashboards with 50 units, 9,000 agreements and 80,000 realisations a year over five years, with
as many targets, 250 programmes and 2,000 open tasks.

    python -m benchmarks.sakip_dashboard [--database sqlite] [--rounds 20] [--regions 1]

Goal: at most 100 ms of server time a page, as median; with nine regions of that size in one database (``--regions 9``)
within 20 % of that, measured turn by turn beside a database of one. The first requests of a process are left out: they
read the organisation and the configuration.
Beside the time of a page stand the processor's, which other work on the machine changes less, and its questions to the
database.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app import create_app
from benchmarks.databases import NUMBERS, database_urls
from config import ROOT, Settings
from engine import vocabulary
from engine.cases.open import Opened, open_case
from engine.database import Database, moment_text, open_database
from engine.organisation import sessions
from engine.organisation.models import Account
from engine.publishing.publish import publish
from readiness import settle
from sakip.publish_folder import publish_folder
from tests.factories import a_position
from tests.publishers import publishers
from tests.sakip.facts_factories import Performing, a_performing_region
from tests.web.browser import Browser
from tests.web.region import ANSWERS, CASE_TYPE, FILES

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
UNITS, INDICATORS, AGREEMENTS, PROGRAMMES, YEARS = 50, 20_000, 9_000, 250, range(2021, 2026)
SPANS = ("q1", "q2", "q3", "q4", "to_q1", "to_q2", "to_q3", "to_q4", "year")
PAGES = (
    ("head of region", "bupati", "/performance"),
    ("Bagian Organisasi", "bureau", "/performance"),
    ("Inspektorat", "inspector", "/performance"),
    ("a unit", "head", "/performance"),
    ("indicators, page", "bupati", "/performance/list/indicators?year=2025&span=to_q4"),
    ("late documents, page", "bupati", "/performance/list/late_documents"),
    ("not verified, page", "bureau", "/performance/list/unverified?year=2025"),
    ("published indicators", "", "/public/performance/{region}?year=2025"),
)
_EARLIER = {  # moments of the weeks before ``moment``, each another
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', :moment, '-' || ((i % 2000) * 7) || ' minutes')",
    "postgresql": "CAST(:moment AS timestamptz) - (i % 2000) * INTERVAL '7 minutes'",
}
_UNIT = ":first + (i % 50)"
_BASE = "CAST(:base AS bigint)"  # PostgreSQL takes what fits for an int, and the sum of some regions fits no more
_TREE = (
    "INSERT INTO sakip_nodes (region_id, unit_id, key, revision_id, level, statement, place, content, valid_from,"
    " owner_id) {n} SELECT :region, " + _UNIT + ", 'n' || i, :revision, 'agency_objective', 'Sasaran ' || i, i, '{{}}',"
    " '2021-01-01', :owner FROM n",
    "INSERT INTO sakip_indicators (region_id, unit_id, node_key, key, revision_id, name, is_key, is_published, place,"
    " content, valid_from) {n} SELECT :region, " + _UNIT + ", 'n' || i, 'i' || i, :revision, 'Indikator ' || i,"
    " i <= 25, i <= 200, i, '{{\"direction\":\"higher\"}}', '2021-01-01' FROM n",
)
_YEARLY = (
    "INSERT INTO sakip_agreement_rows (region_id, case_id, seq, row_key, year, unit_id, position_id, kind, node_key,"
    " indicator_key, copied, in_force_on) {n} SELECT :region, " + _BASE + " + :year * 100000 + i % 9000, 1, 'r' || i,"
    " :year, "
    + _UNIT
    + ", CASE WHEN i <= 500 THEN :heads + 2 * (i % 50) ELSE :staff END, 'agency', 'n' || i, 'i' || i,"
    " '{{}}', :day FROM n",
    "INSERT INTO sakip_realisations (region_id, unit_id, indicator_key, year, period, value, is_not_issued, state,"
    " drivers, obstacles, actions, at, is_current) {n} SELECT :region, " + _UNIT + ", 'i' || i, :year, p.period,"
    " '\"80\"', false, CASE WHEN i % 20 = 0 THEN 'reported' ELSE 'verified' END, '', '', '', :moment, true"
    " FROM n, (SELECT 'q1' AS period UNION SELECT 'q2' UNION SELECT 'q3' UNION SELECT 'q4') p",
    "INSERT INTO sakip_targets (region_id, indicator_key, year, period, value, valid_from, at) {n} SELECT :region,"
    " 'i' || i, :year, p.period, '\"100\"', :day, :moment"
    " FROM n, (SELECT 'q1' AS period UNION SELECT 'q2' UNION SELECT 'q3' UNION SELECT 'q4') p",
)
# Every programme serves two goals of a unit head's agreement.
_MONEY = (
    "INSERT INTO sakip_budgets (region_id, unit_id, programme_key, code, title, kind, supports, year, amount,"
    " valid_from, at, is_current) {n} SELECT :region, " + _UNIT + ", 'p' || i, '1.0' || i, 'Program ' || i,"
    " 'programme', '[\"n' || i || '\",\"n' || (i + 250) || '\"]', :year, '1000000000', :day, :moment, true FROM n",
    "INSERT INTO sakip_absorptions (region_id, unit_id, programme_key, year, period, amount, state, at, is_current)"
    " {n} SELECT :region, " + _UNIT + ", 'p' || i, :year, p.period, CAST((i * 7919) % 900000000 AS text), 'verified',"
    " :moment, true FROM n, (SELECT 'q1' AS period UNION SELECT 'q2' UNION SELECT 'q3' UNION SELECT 'q4') p",
)
_RESULTS = (
    "INSERT INTO sakip_results (region_id, unit_id, subject_kind, subject, year, span, figure, numerator, denominator,"
    " shown, band, tone, reason, is_provisional, details, digest, computed_at) {n} SELECT :region, "
    + _UNIT
    + ", 'indicator', 'i' || i, :year, :span, 'achievement', CASE WHEN i % 10 = 0 THEN NULL ELSE '80' END,"
    " CASE WHEN i % 10 = 0 THEN NULL ELSE '1' END, CASE WHEN i % 10 = 0 THEN NULL ELSE '80.00' END,"
    " CASE WHEN i % 10 = 0 THEN NULL WHEN i % 3 = 0 THEN 'below' ELSE 'near' END,"
    " CASE WHEN i % 10 = 0 THEN NULL WHEN i % 3 = 0 THEN 'bad' ELSE 'warn' END,"
    ' CASE WHEN i % 10 = 0 THEN \'not_issued\' END, false, \'{{"target":"100","realisation":"80"}}\', \'d\', :moment'
    " FROM n"
)
_CASES = (
    "INSERT INTO cases (id, region_id, number, case_type, digest, revision, state, title, unit_id, initiator_id,"
    " opened_at, closed_at, head_hash, is_suspended, attachment_count, returned_count) {n} SELECT"
    " "
    + _BASE
    + " + 1000 + i, :region, 'PK/' || i, 'performance_agreement', :digest, 1, '{{}}', 'Perjanjian ' || i, "
    + _UNIT
    + ", :person, :moment,"
    " CASE WHEN i > 2000 THEN :moment END, '', false, 0, 0 FROM n",
    "INSERT INTO tasks (case_id, number, entry, state, unit_id, opened_at, due_key) {n} SELECT "
    + _BASE
    + " + 1000 + i, 1, 1,"
    " CASE WHEN i % 2 = 0 THEN 'section_review' ELSE 'drafting' END, " + _UNIT + ", {earlier},"
    " 1770000000 + (i * 7919) % 5000000 FROM n WHERE i <= 2000",
    "INSERT INTO participants (audience, case_id, has_acted) {n} SELECT :bureau, " + _BASE + " + 1000 + i, false"
    " FROM n WHERE i <= 2000",
)


class Site(NamedTuple):
    """A database with the application over it, and the last region that was filled."""

    database: Database
    app: Flask
    found: Performing


def measure(kind: str, rounds: int, regions: int) -> None:
    """Print one line a page, of the last region that was filled; of several beside a database of one, turn by turn."""
    sizes = [regions] if regions == 1 else [regions, 1]
    with database_urls(kind, len(sizes)) as urls, tempfile.TemporaryDirectory() as folder:
        sites = [_site(kind, url, size, Path(folder)) for url, size in zip(urls, sizes, strict=True)]
        gc.collect()
        settle()  # as in the process of a server; but for the rows that were filled in, which it never had
        asked = _counted(sites[0].database)
        for title, who, address in PAGES:
            browsers = [_browser(site, who) for site in sites]
            addresses = [address.format(region=site.found.region.key) for site in sites]
            turns = [[_once(*pair) for pair in zip(browsers, addresses, strict=True)] for _ in range(rounds + 3)][3:]
            asked.clear()
            _once(browsers[0], addresses[0])
            (wall, own), *others = [[[turn[at][of] for turn in turns] for of in (0, 1)] for at in range(len(sites))]
            beside = "".join(f", {statistics.median(wall) / statistics.median(one):.2f} of one" for one, _ in others)
            print(f"{kind:10} {title:24} {statistics.median(wall):6.1f} ms median  {max(wall):6.1f} ms worst"
                  f"  processor {statistics.median(own):6.1f} ms  {len(asked):3} questions{beside}")  # fmt: skip
        for site in sites:
            site.database.close()


def _site(kind: str, url: str, regions: int, folder: Path) -> Site:
    database = open_database(url)
    started = time.perf_counter()
    for number in range(regions):
        found, digest = _office(database, number)
        _fill(database, kind, found, digest, number)
    if kind == "postgresql":  # it does so by itself; nobody lets SQLite count its tables
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    print(f"{kind}: {regions} filled in {time.perf_counter() - started:.0f} s")
    settings = Settings(environment="test", secret_key="k" * 40, files_dir=folder, demo=True)
    return Site(database, create_app(settings, database=database, clock=lambda: NOW), found)


def _browser(site: Site, who: str) -> Browser:
    browser = Browser(site.app.test_client())
    if who:
        browser.set_cookie("alur", _token(site.database, site.found, who))
    return browser


def _counted(database: Database) -> list[str]:
    """The statements from now on, as they are asked."""
    asked: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:  # noqa: ARG001
        asked.append(statement)

    return asked


def _once(browser: Browser, address: str) -> tuple[float, float]:
    """Milliseconds of one request: on the clock, and of the processor."""
    started, spent = time.perf_counter(), time.process_time()
    answer = browser.get(address)
    taken = 1000 * (time.perf_counter() - started), 1000 * (time.process_time() - spent)
    assert answer.status_code == 200, answer.text[:300]
    return taken


def _token(database: Database, found: Performing, who: str) -> str:
    with database.writing.begin() as session:
        return sessions.open_session(session, found.people[who].id, browser="", network="127.0.0.0/24", now=NOW)


def _office(database: Database, number: int) -> tuple[Performing, str]:
    with database.writing.begin() as session:
        session.expire_on_commit = False
        found = a_performing_region(session, NOW, f"kab_besar_{number}", UNITS)
        for who, person in found.people.items():
            name = f"{who}_{number}"
            account = Account(person_id=person.id, username=name, password_hash="-", password_changed_at=NOW)
            session.add(account)
        if number == 0:
            _publish(session, found)
    with database.writing.begin() as session:
        opened = open_case(session, region_id=found.region.id, case_type=CASE_TYPE, person_id=found.people["staff"].id,
                           answers=dict(ANSWERS), title="Perjanjian", now=NOW)  # fmt: skip
        assert isinstance(opened, Opened)
        digest = session.execute(text("SELECT digest FROM cases WHERE id = :id"), {"id": opened.case_id}).scalar_one()
    return found, str(digest)


def _publish(session: Session, found: Performing) -> None:
    list(publish_folder(session, ROOT / "sakip_config", region=None, reason="Berlaku", now=NOW,
                        **publishers(session, found.region.id)))  # fmt: skip
    files = {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}
    publish(session, files, CASE_TYPE, reason="Baru", by=None, region=None, vocabulary=vocabulary.load(), now=NOW,
            prove=lambda _: ())  # fmt: skip


def _fill(database: Database, kind: str, found: Performing, digest: str, number: int) -> None:
    heads = [found.heads[unit.id].id for unit in found.agencies]
    units = [unit.id for unit in found.agencies]
    assert units == list(range(units[0], units[0] + UNITS)), "units follow one another"
    before = NOW - timedelta(days=29)
    moment: Any = before if kind == "postgresql" else moment_text(before)
    with database.writing.begin() as session:
        staff = a_position(session, found.agencies[0], "staff").id
        given = {"region": found.region.id, "first": units[0], "revision": found.revision.id, "owner": heads[0],
                 "staff": staff, "moment": moment, "digest": digest, "person": found.people["head"].id,
                 "bureau": f"person:{found.people['bureau'].id}", "base": number * 1_000_000_000}  # fmt: skip
        step = heads[1] - heads[0]
        assert heads == [heads[0] + step * at for at in range(UNITS)], "heads follow one another"

        def put(statement: str, high: int, **values: Any) -> None:
            written = statement.format(n=NUMBERS[kind], earlier=_EARLIER[kind]).replace(
                "2 * (i % 50)", f"{step} * (i % 50)"
            )
            session.execute(text(written), {**given, **values, "low": 1, "high": high, "heads": heads[0]})

        for statement in _TREE:
            put(statement, INDICATORS)
        for year in YEARS:
            for statement in _YEARLY:
                put(statement, INDICATORS, year=year, day=f"{year}-01-31")
            for statement in _MONEY:
                put(statement, PROGRAMMES, year=year, day=f"{year}-01-31")
            for span in SPANS:
                put(_RESULTS, INDICATORS, year=year, span=span)
        for statement in _CASES:
            put(statement, AGREEMENTS)
        for unit in found.agencies:
            for span in ("to_q1", "to_q2", "to_q3", "to_q4"):
                found.session = session
                found.result("unit", unit.key, unit, span, "88.10")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--regions", type=int, default=1)
    asked = parser.parse_args()
    for one in asked.database or ["sqlite", "postgresql"]:
        measure(one, asked.rounds, asked.regions)
