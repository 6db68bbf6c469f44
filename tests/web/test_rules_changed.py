"""Pages after other rules came in the middle of a year: what was measured by the old ones is told in their words."""

from __future__ import annotations

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
