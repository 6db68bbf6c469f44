"""Pages after other rules came in the middle of a year: what was measured by the old ones is told in their words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.sakip.regional_patch import publish_patch
from tests.web.evaluation_pages import Pages

OTHERWISE = {
    "default_periods": "semester",
    "bands": {
        "otherwise": {
            "minimum": 0,
            "maximum": None,
            "includes": "upper",
            "rows": {
                "near": {"from": 0, "title": {"id": "Merah sekali", "en": "Very red"}, "tone": "bad"},
                "top": {"from": 99, "title": {"id": "Puncak", "en": "Top"}, "tone": "good"},
            },
        }
    },
    "applies": {"achievement": {"since_2025": {"bands": "otherwise"}}},
    "explanations": {"required_when": ["near"]},
}


@pytest.fixture
def pages(entry: Pages, tmp_path: Path) -> Pages:
    entry.clock.moment = datetime(2026, 6, 10, 3, tzinfo=UTC)
    with entry.office() as office:
        publish_patch(office, tmp_path, measurement=OTHERWISE)
    return entry


def test_a_quarter_before_is_told_in_the_words_it_was_judged_by(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get("/performance/indicator/permits?year=2026&span=to_q1").text
    assert "Triwulan I" in page and "80,00" in page
    assert "Hampir tercapai" in page and "Merah sekali" not in page


def test_the_quarter_before_can_still_be_looked_at_and_its_report_opened(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get("/performance?year=2026&span=to_q1")
    assert page.status_code == 200 and "Sampai Triwulan I" in page.text
    reports = browser.get("/performance/reports?year=2026").text
    assert "Triwulan I<" in reports and "Semester I<" in reports
    begun = browser.get(f"/performance/reports/{pages.cases['back']}")
    assert begun.status_code == 200 and 'id="row-permits"' in begun.text


def test_a_region_s_own_periods_are_offered_first_and_called_by_their_names(entry: Pages, tmp_path: Path) -> None:
    thirds = {
        key: {"order": at, "title": {"id": f"Caturwulan {at}", "en": f"Third {at}"}, "ends": ends}
        for at, (key, ends) in enumerate({"c1": "04-30", "c2": "08-31", "c3": "12-31"}.items(), 1)
    }
    with entry.office() as office:
        only = {"thirds": {"items": thirds}, "quarterly": None, "semester": None, "monthly": None}
        publish_patch(office, tmp_path, measurement={"periods": only, "default_periods": "thirds"})
        office.publish("measurement_report")
    entry.clock.moment = datetime(2026, 5, 10, 3, tzinfo=UTC)
    browser = entry.browser("sari")
    begun = browser.get("/cases/new/measurement_report").text
    assert "perlu diperbaiki" not in begun  # its rows are proposed when it opens
    offered = re.findall('<option value="([a-z]+[0-9]+)"', begun)
    assert offered[:4] == ["c1", "c2", "c3", "q1"]  # then what was over before, and the periods of the year before
    answers = {"year": "2026", "period": "c1", "revision": "", "section": "period", "op": "next:"}
    assert browser.post("/cases/new/measurement_report", answers).status_code == 303
    opened = browser.post("/cases/new/measurement_report?section=-send", {"act": "open"})
    assert opened.status_code == 303, opened.text
    case = browser.get(opened.location.partition("?")[0]).text
    assert '<dt>Periode</dt><dd><span class="said">Caturwulan 1</span></dd>' in case
