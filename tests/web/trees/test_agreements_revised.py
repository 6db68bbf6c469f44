"""An agreement from the tree: proposed, in force beside the tree of today, and revised by reason (§3.3, §4.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update

from engine.cases.models import Case, CaseAnswers
from engine.database import Database
from sakip.facts.models import AgreementRow
from sakip.tree.models import IndicatorRow
from tests.web.browser import Browser
from tests.web.conftest import BEGINNING
from tests.web.region import Regency
from tests.web.test_forms_new_case import PARTIES
from tests.web.trees.test_drafting_trees import typed


@pytest.fixture
def agreed(pages_database: Database, case_id: int, regency: Regency) -> str:
    """The page of Sari's agreement, in force with two rows that the tree says otherwise by now."""
    with pages_database.writing.begin() as session:
        session.execute(update(Case).where(Case.id == case_id).values(closed_at=BEGINNING))
        for key, copied in {
            "d.iku": {"text": "Indeks Keterbukaan", "unit": "index", "target": "68", "targets": {"year": "68"}},
            "d.kami": {"text": "Indeks KAMI", "unit": "index", "target": "450", "targets": {"year": "450"}},
            "d.gone": {"text": "Indeks lama", "unit": "index", "target": "1", "targets": {"year": "1"}},
        }.items():
            row = session.scalars(select(IndicatorRow).where(IndicatorRow.key == key)).first()
            session.add(AgreementRow(
                region_id=regency.id, case_id=case_id, seq=1, row_key=f"{key}@1", year=2026,
                unit_id=None if row is None else row.unit_id, position_id=None, kind="section",
                node_key=None if row is None else row.node_key, indicator_key=key,
                revision_id=None if row is None else row.revision_id, weight=None, copied=copied,
                in_force_on=date(2026, 1, 5), ended_on=None,
            ))  # fmt: skip
    return f"/performance/agreements/{case_id}"


def test_every_later_difference_is_shown_row_by_row(browser_of: Callable[..., Browser], agreed: str) -> None:
    sari = browser_of("sari")
    page = sari.get(agreed).text
    assert "4 perbedaan setelah berlaku" not in page and "3 perbedaan setelah berlaku" in page
    assert "Indeks Keterbukaan Informasi Publik" in page and "Tidak ada lagi di pohon" in page
    row = page.partition("Target 2026</td>")[2].partition("</tr>")[0]
    assert ">68</td>" in row and ">70</td>" in row
    case = agreed.rpartition("/")[2]
    assert f'href="{agreed}"' in sari.get(f"/case/{case}").text
    for reader in ("gita", "asing"):
        assert browser_of(reader).get(agreed).status_code == 404, reader


@pytest.mark.parametrize("reason", ["official", "strategy", "assumption"])
def test_a_revision_is_begun_once_with_what_its_reason_does_not_touch(
    browser_of: Callable[..., Browser], agreed: str, pages_database: Database, reason: str
) -> None:
    sari = browser_of("sari")
    assert sari.post(f"{agreed}/revise", {"reason": "holiday"}).status_code == 400
    answer = sari.post(f"{agreed}/revise", {"reason": reason})
    assert answer.status_code == 303, answer.text
    opened = int(answer.headers["Location"].rpartition("/")[2])
    with pages_database.reading() as session:
        number = session.get_one(Case, int(agreed.rpartition("/")[2])).number
        found = session.get_one(CaseAnswers, opened).answers
        assert (found["stage"], found["revision_reason"], found["replaces"]) == ("revision", reason, number)
        assert session.get_one(Case, opened).number in sari.get(agreed).text
    assert "Mulai perubahan" not in sari.get(agreed).text
    assert sari.post(f"{agreed}/revise", {"reason": reason}).status_code == 409
    assert number in sari.get(f"/performance/agreements/{opened}").text  # and the new one names the old


def test_a_new_agreement_shows_the_rows_of_the_tree_before_it_is_opened_and_keeps_their_links_when_edited(
    browser_of: Callable[..., Browser], pages_database: Database
) -> None:
    sari, start = browser_of("sari"), "/cases/new/performance_agreement"
    basics = {"period": "2026", "level": "agency", "stage": "original"}
    assert sari.post(f"{start}?section=basics", {**basics, "op": "save:"}).status_code == 303
    for section in ("annex", "-send"):
        page = sari.get(f"{start}?section={section}").text
        assert "Meningkatnya kualitas komunikasi publik" in page and "Indeks KAMI" in page, section
    opened = sari.post(f"{start}?section=-send", {"act": "open"}).headers["Location"]
    case_id = int(opened.partition("?")[0].rpartition("/")[2])
    form = f"/case/{case_id}/edit?section="
    answers = typed(sari.get(f"{form}annex").text)
    changed = {**answers, "goals.0.indicators.0.statement": "Indeks keterbukaan", "op": "save:"}
    assert sari.post(f"{form}annex", changed).status_code == 303
    assert sari.post(f"{form}parties", {**PARTIES, "op": "save:"}).status_code == 303
    page = sari.get(f"{form}-send").text
    acts = re.findall(r'name="act" value="(submit[^"]*)"', page)
    revision = typed(page)["revision"]
    assert sari.post(f"{form}-send", {"act": acts[0], "revision": revision}).status_code == 303
    with pages_database.reading() as session:
        goals = session.get_one(CaseAnswers, case_id).answers["goals"]
    found = [(goal["row_key"], row["row_key"], row["statement"]) for goal in goals for row in goal["indicators"]]
    assert found == [("d.o", "d.iku@1", "Indeks keterbukaan"), ("d.o2", "d.kami@1", "Indeks KAMI")]


def test_an_agreement_not_in_force_is_not_revised(
    browser_of: Callable[..., Browser], case_id: int, agreed: str, pages_database: Database
) -> None:
    with pages_database.writing.begin() as session:
        session.execute(update(AgreementRow).values(ended_on=date(2026, 2, 1)))
    sari = browser_of("sari")
    page = sari.get(agreed).text
    assert "Mulai perubahan" not in page and "tidak dibandingkan lagi" in page
    assert sari.post(f"{agreed}/revise", {"reason": "strategy"}).status_code == 409
    assert browser_of("ratna").get(agreed).status_code == 200
    assert sari.get("/performance/agreements/999999").status_code == 404
