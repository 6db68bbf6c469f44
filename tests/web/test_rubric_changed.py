"""A worksheet half answered when another rubric comes: it asks what counts now, and is locked without anything in the
way that nobody can see."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.sakip.evaluation_office import AT_B
from tests.sakip.regional_patch import publish_patch
from tests.web.evaluation_pages import Pages, all_answers, number_of, revision, row_of

EXISTENCE = {"guideline": {"active": False}, "agreement_made": {"active": True}}
LETTERS = {"b": None, "nyaris": {"value": 0.9, "title": {"id": "Nyaris penuh", "en": "Nearly all"}}}
CHANGED = {
    "components": {"planning": {"sub_components": {"existence": {"criteria": EXISTENCE}}}},
    "scales": {"a_to_e": {"answers": LETTERS}},
}
NEW = {path: "nyaris" if answer == "b" else answer for path, answer in AT_B.items()}
NEW["planning.existence.agreement_made"] = "y"


@pytest.fixture
def pages(evaluation: Pages) -> Pages:
    return evaluation


def publish(pages: Pages, place: Path) -> None:
    with pages.office() as office:
        office.work()
        publish_patch(office, place, lke_2025=CHANGED)
        office.now -= timedelta(days=1)


@pytest.mark.parametrize("is_stored", [False, True])
def test_a_unit_that_was_half_way_goes_on_with_what_is_asked_now(pages: Pages, tmp_path: Path, is_stored: bool) -> None:
    address, browser = pages.worksheet("self"), pages.browser("sari")
    browser.post(address, {**all_answers(pages), "op": "save:"})
    if is_stored:
        browser.post(address, {"act": "save|self_assessment|", "revision": revision(browser.get(address).text)})
    publish(pages, tmp_path)
    page = browser.get(f"{address}?component=planning")
    assert page.status_code == 200
    assert "Nyaris penuh" in row_of(page.text, "planning.quality.smart")
    assert 'id="row-planning.existence.guideline"' not in page.text
    browser.post(address, {**all_answers(pages, NEW), "op": "save:"})
    locked = browser.post(address, {"act": "lock|self_assessment|", "revision": revision(browser.get(address).text)})
    assert locked.status_code == 303, locked.status_code
    with pages.office() as office:
        assert office.states(number_of(address)) != ["self_assessment"]


def test_an_assurer_and_an_agency_lock_what_is_asked_now(pages: Pages, tmp_path: Path) -> None:
    address = pages.worksheet("verify")
    publish(pages, tmp_path)
    gita = pages.browser("gita")
    for part in ("planning", "measurement"):
        for sub in ("existence", "quality", "use"):
            gita.post(address, {"op": f"accept_part:{part}.{sub}"})
    done = gita.post(address, {"act": "bappeda_done|bappeda_check|", "revision": revision(gita.get(address).text)})
    assert done.status_code == 303, done.status_code

    address, panji = pages.worksheet("assure"), pages.browser("panji")
    given = all_answers(pages, NEW)
    notes = {f"note:{path}": "Sesuai bukti" for path in given["row"]}
    panji.post(address, {**given, **notes, "op": "save:"})
    locked = panji.post(address, {"act": "lock|assurance|", "revision": revision(panji.get(address).text)})
    assert locked.status_code == 303, locked.status_code
