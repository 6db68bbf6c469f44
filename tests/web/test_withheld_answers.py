"""What assurers and evaluators say while they work is not the unit's to read yet, whatever way it asks (§3.4)."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from engine.outbox.models import ConnectorCall
from tests.sakip.evaluation_office import AT_B, DAYS, closed, rows, scored, sheet
from tests.web.browser import Browser
from tests.web.evaluation_pages import Pages, at

SECRET = "Kalimat penilai 4711"


@pytest.fixture
def pages(evaluation: Pages, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setenv("ALUR_DATABASE_URL", str(evaluation.database.engine.url))
    monkeypatch.setenv("ALUR_SECRET_KEY", "k" * 40)
    return evaluation


def routes(case_id: int) -> list[str]:
    """Every page, file and list that says something of an evaluation or of its scores."""
    return [
        f"/performance/worksheets/{case_id}", f"/performance/worksheets/{case_id}?only=changed",
        *(f"/performance/worksheets/{case_id}?tier={tier}" for tier in ("assure", "final")),
        *(f"/case/{case_id}{more}" for more in ("", "?history=all", "/edit", "/document/report.pdf")),
        f"/case/{case_id}/mails", "/cases.csv", "/queue", "/performance?year=2025", "/performance/meeting?year=2025",
        *(f"/performance/list/{name}{kind}?year=2025" for name in ("predicates", "score_parts", "worksheets")
          for kind in ("", ".csv")),
        *(f"/performance/whatif{more}?year=2025" for more in ("", "/kominfo", "/kominfo.csv")),
    ]  # fmt: skip


def read(browser: Browser, case_id: int) -> str:
    """All of it together; a page that is refused or not there says nothing."""
    found = []
    for route in routes(case_id):
        answer = browser.get(route)
        assert answer.status_code in (200, 302, 303, 400, 404), route
        found.append(answer.text if answer.mimetype.startswith("text/") else "")
    return "\n".join(found)


def said_by_the_command_line(pages: Pages, *words: str) -> str:
    with pages.office() as office:
        region = office.region.key
    outcome = pages.app.test_cli_runner().invoke(args=["sakip", *words, "--region", region, "--format", "json"])
    assert outcome.exit_code in (0, 1), outcome.output
    return str(outcome.output)


def test_answers_of_assurance_are_the_units_once_they_are_locked_and_not_before(pages: Pages) -> None:
    case_id = pages.cases["assure"]
    at(DAYS["assure"], pages)
    with pages.office() as office:
        given = rows(sheet(office), {**AT_B, "planning.existence.*": "d"}, confirmed_in="assure", note=SECRET)
        assert office.do(case_id, "panji", "save", answers={"assure": given}) is None, office.refusal
    assert SECRET not in read(pages.browser("fitri"), case_id)
    for name, is_told in (("sari", False), ("bima", False), ("panji", True)):
        assert (SECRET in pages.browser(name).get(f"/performance/worksheets/{case_id}?tier=assure").text) is is_told, (
            name
        )
        assert SECRET not in pages.browser(name).get(f"/case/{case_id}").text, name  # which only leads there
    whose = ("--unit", "kominfo", "--year", "2025")
    assert json.loads(said_by_the_command_line(pages, "evaluate", *whose, "--tier", "assure"))["score"] is None
    assert SECRET not in said_by_the_command_line(pages, "export", "scores", "--year", "2025")
    with pages.office() as office:
        assert office.do(case_id, "panji", "lock", answers={"assure": given}) is None, office.refusal
    sheet_of_assurers = f"/performance/worksheets/{case_id}?tier=assure"
    assert SECRET in pages.browser("fitri").get(sheet_of_assurers).text
    assert f'href="{sheet_of_assurers}"' in pages.browser("fitri").get(f"/case/{case_id}").text


def test_the_final_answers_and_their_score_are_the_units_once_the_evaluation_is_closed(pages: Pages) -> None:
    case_id = pages.cases["final"]
    patterns = {**AT_B, "planning.existence.*": "b"}
    with pages.office() as office:
        scored(office, case_id, patterns)
        assert office.do(case_id, "irma", "return", comment="Lengkapi catatan") is None, office.refusal
        given = rows(sheet(office), patterns, confirmed_in="final", note=SECRET)
        assert office.do(case_id, "eva", "lock", answers={"final": given}) is None, office.refusal
        office.work()
        assert office.session.scalars(select(ConnectorCall.id)).first() is not None
    score = "64,75"
    found = read(pages.browser("fitri"), case_id)
    assert SECRET not in found and score not in found
    assert score in pages.browser("slamet").get("/performance/list/predicates?year=2025&unit=kominfo").text
    with pages.office() as office:
        closed(office, case_id)
        office.work()
    assert SECRET in pages.browser("fitri").get(f"/performance/worksheets/{case_id}?tier=final").text
    assert f'href="/performance/worksheets/{case_id}?tier=final"' in pages.browser("fitri").get(f"/case/{case_id}").text
    assert score in pages.browser("fitri").get("/performance?year=2025").text
