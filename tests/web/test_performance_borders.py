"""Every page of performance asked with what belongs to another region: not found, and nothing changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case, History
from engine.database import open_database
from engine.organisation.models import Person
from sakip.exchange.kept import look_at
from sakip.exchange.models import ImportRow
from sakip.exchange.work import Wish
from sakip.facts.models import EvidencePiece
from tests.databases import SqliteFiles
from tests.factories import a_group, a_holder, a_person, a_position, a_region, a_unit, an_account
from tests.sakip.measuring_office import APRIL, a_measuring_office, a_year, opened, piece
from tests.sakip.tree_office import Office
from tests.web.evaluation_pages import Built, Pages, pages_of
from web.performance import PAGES

GROUPS = (
    "organisation_bureau", "planning", "inspectorate", "evaluators", "evaluation_leads", "evaluation_assurers",
    "supervisors", "finance",
)  # fmt: skip
OWN_WORDS = {  # what is named in an address and belongs to no region
    "figures.show", "figures.csv_file", "figures.xlsx_file", "figures.how", "importing.template",
    "monthly.ask_to_stop", "monthly.stop",
}  # fmt: skip
ASKED = (  # addresses that name a unit after the question mark
    "/performance?unit=kominfo", "/performance/meeting?unit=kominfo", "/performance/list/indicators?unit=kominfo",
    "/performance/list/indicators.csv?unit=kominfo", "/performance/list/indicators.xlsx?unit=kominfo",
    "/performance/how/indicators?unit=kominfo", "/performance/evidence?unit=kominfo",
)  # fmt: skip
POSTED = (  # a unit of another region in a form, and how that is refused
    ("/performance/reports", {"year": "2026", "unit": "kominfo", "period": "q2"}, 400),
    ("/performance/evidence/add", {"unit": "kominfo", "year": "2026", "kind": "plan_meeting", "title": "A"}, 422),
    ("/performance/import", {"unit": "kominfo", "year": "2026"}, 404),
)


@dataclass(frozen=True)
class Border:
    """The office's pages, and the ids of what is in it by the name its addresses give them."""

    pages: Pages
    ids: Mapping[str, int]

    def addresses(self) -> Iterator[tuple[str, str]]:
        """(method, address) of every page that names a thing of the office."""
        blueprints = {page.name for page in PAGES}
        for rule in self.pages.app.url_map.iter_rules():
            is_ours = rule.endpoint.partition(".")[0] in blueprints and rule.rule.startswith("/performance")
            if is_ours and rule.arguments and rule.endpoint not in OWN_WORDS:
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    yield from ((method, one) for one in self._filled(rule.rule))

    def _filled(self, pattern: str) -> Iterator[str]:
        cases = self.pages.cases.values() if "case_id" in pattern else [0]
        keys = ("goal", "served") if "<key>" in pattern else ("",)
        for case_id in cases:
            for key in keys:
                told = {**self.ids, "case_id": case_id, "name": "kominfo", "key": key}
                yield re.sub(r"<(?:\w+:)?(\w+)>", lambda found, told=told: str(told[found[1]]), pattern)

    def counted(self) -> list[int | None]:
        with self.pages.database.reading() as session:
            counts = [select(func.count()).select_from(one) for one in (Case, History, EvidencePiece, ImportRow)]
            return [session.scalar(one) for one in counts]


@pytest.fixture(scope="module")
def border(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Border]:
    """An office with a case of every kind that has a page of its own, and a neighbour who is everything at home."""
    url = sqlite_files.new()
    database = open_database(url)
    with database.writing.begin() as session:
        office = a_measuring_office(session, APRIL)
        a_year(office)
        cases, ids = _everything(office)
        office.people["asing"] = _neighbour(office)  # type: ignore[index]
        for person in office.people.values():
            an_account(session, person)
        built = Built(
            url, office.region.id, {name: one.id for name, one in office.people.items()},
            {name: one.id for name, one in office.units.items()}, cases,
        )  # fmt: skip
    database.close()
    pages = pages_of(built, tmp_path_factory.mktemp("border"))
    pages.clock.moment = APRIL
    yield Border(pages, ids)
    pages.database.close()
    sqlite_files.drop(url)


def _everything(office: Office) -> tuple[dict[str, int], dict[str, int]]:
    office.publish("report_review", "performance_report", "lke_evaluation")
    cases = {
        "report": opened(office),
        "tree": office.open("tree_revision", "sari", {"tree": "unit"}),
        "worksheet": office.open("lke_evaluation", "sari", {"year": 2025}),
        "annual": office.open("performance_report", "sari", {"year": 2026}),
    }
    csv = b"indikator,periode,nilai\nserved,q1,90\n"
    wish = Wish(office.region.id, office.units["kominfo"].id, 2026, office.people["vina"].id)
    kept = look_at(office.session, office.people["vina"].id, wish, "a.csv", csv, office.now)
    return cases, {"piece_id": piece(office), "import_id": kept.id}


def _neighbour(office: Office) -> Person:
    """Head of the region beside, and a member of every group there is in it."""
    region = a_region(office.session, "kab_sebelah")
    top = a_unit(office.session, region, "region", key="pemkab_sebelah")
    person = a_person(office.session, top, "Asing")
    a_holder(office.session, a_position(office.session, top), person)
    for group in GROUPS:
        a_group(office.session, region, group, person)
    return person


def test_8_everything_of_one_region_is_not_found_for_another_on_every_page(border: Border) -> None:
    stranger, before = border.pages.browser("asing"), border.counted()
    assert stranger.get("/performance").status_code == 200
    addresses = list(border.addresses())
    for method, address in addresses:
        answer = stranger.get(address) if method == "GET" else stranger.post(address, {"act": "take", "op": "save"})
        assert answer.status_code == 404, (method, address, answer.status_code)
    for address in ASKED:
        assert stranger.get(address).status_code == 404, address
    for address, form, refused in POSTED:
        answer = stranger.post(address, dict(form))
        assert answer.status_code == refused, (address, answer.status_code)
    assert border.counted() == before


def test_8_the_same_pages_are_there_at_home(border: Border) -> None:
    at_home = [border.pages.browser(name) for name in ("sari", "fitri", "vina")]
    asked = {re.sub(r"/\d+", "/n", one): one for method, one in border.addresses() if method == "GET"}
    there = {
        re.sub(r"/\d+", "/n", one)
        for method, one in border.addresses()
        if method == "GET" and any(browser.get(one).status_code in (200, 303) for browser in at_home)
    }
    # neither is a node an indicator, nor is there an agreement, a file or a report to verify in this office
    elsewhere = re.compile("nodes/served|indicator/goal|agreements/n|evidence/n/file|verifications/n")
    assert [name for name in asked if name not in there and not elsewhere.search(name)] == []
