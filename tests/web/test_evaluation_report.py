"""The evaluation report of a closed case as a PDF; before, what the evaluator thinks stays with the evaluators."""

from __future__ import annotations

import pytest

from tests.sakip.evaluation_office import AT_B, closed, scored
from tests.web.evaluation_pages import Pages

ADVICE = "Terbitkan pedoman perencanaan"


@pytest.fixture
def pages(evaluation: Pages) -> Pages:
    return evaluation


def test_the_report_is_a_draft_for_those_who_sign_and_for_everybody_once_it_is_closed(pages: Pages) -> None:
    case_id = pages.cases["final"]
    address, advice = f"/case/{case_id}", f"/performance/worksheets/{case_id}?tier=final"
    with pages.office() as office:
        low = AT_B | {"planning.existence.guideline": "d"}
        scored(office, case_id, low, {"path": "planning.existence.guideline", "text": ADVICE})
        office.work()
    for name in ("sari", "fitri"):
        page = pages.browser(name).get(address)
        assert page.status_code == 200
        assert ADVICE not in pages.browser(name).get(advice).text
        assert ADVICE not in page.text and f"{address}/document/report.pdf" not in page.text
        assert pages.browser(name).get(f"{address}/document/report.pdf").status_code == 404
    form = pages.browser("irma").get(f"{address}/edit")  # of the tables the signer does not fill in, how long they are
    assert form.status_code == 200 and 'name="report_number"' in form.text and " baris<" in form.text
    draft = pages.browser("irma").get(f"{address}/document/report.pdf")
    assert draft.status_code == 200 and draft.data.startswith(b"%PDF")
    with pages.office() as office:
        closed(office, case_id)
        office.work()
    assert f'href="{advice}"' in pages.browser("sari").get(address).text
    assert ADVICE in pages.browser("sari").get(advice).text
    final = pages.browser("sari").get(f"{address}/document/report.pdf")
    assert final.status_code == 200 and final.data.startswith(b"%PDF") and final.data != draft.data
