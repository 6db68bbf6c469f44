"""An act on the page of a case that is refused: what was typed for it stands where it can be typed on, or is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from engine.cases.fire import Fired, fire
from engine.database import Database
from engine.facts import Command
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency

Act = Callable[..., None]


@pytest.fixture
def act(pages_database: Database, regency: Regency, clock: FrozenClock) -> Act:
    """``act(case, "budi", "approve")`` does it beside the pages, and insists that it is done."""

    def do(case_id: int, username: str, action: str) -> None:
        with pages_database.writing.begin() as session:
            outcome = fire(session, case_id, Command(action, regency.people[username]), now=clock())
        assert isinstance(outcome, Fired), outcome

    return do


@pytest.fixture
def joint_review(case_id: int, act: Act) -> int:
    """Sari's agreement where gita may hand her task on."""
    for username, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve"), ("gita", "claim")):
        act(case_id, username, action)
    return case_id


def test_a_refused_stand_in_keeps_whom_why_and_until_when_in_its_own_form(
    browser_of: Callable[..., Browser], joint_review: int, regency: Regency
) -> None:
    gita, slamet = browser_of("gita"), str(regency.people["slamet"])
    typed = {"act": _value(gita, joint_review, "delegate"), "to": slamet}
    without_day = _hand(gita.post(f"/case/{joint_review}/act", {**typed, "comment": "Cuti bersalin"}))
    assert f'value="{slamet}" selected' in without_day
    assert 'value="Cuti bersalin"' in without_day
    without_reason = _hand(gita.post(f"/case/{joint_review}/act", {**typed, "until": "2026-03-20"}))
    assert 'value="2026-03-20"' in without_reason


def test_the_reason_of_a_stand_in_does_not_become_the_note_of_a_decision(
    browser_of: Callable[..., Browser], joint_review: int, regency: Regency
) -> None:
    gita = browser_of("gita")
    typed = {"act": _value(gita, joint_review, "delegate"), "to": str(regency.people["slamet"])}
    refused = gita.post(f"/case/{joint_review}/act", {**typed, "comment": "Cuti bersalin"})
    assert "Cuti bersalin</textarea>" not in refused.text


def test_a_note_is_told_when_nothing_is_left_to_decide(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    budi = browser_of("budi")
    page = budi.get(f"/case/{case_id}").text
    seen = re.search(r'name="revision" value="(\d+)"', page)
    assert seen is not None
    act(case_id, "budi", "approve")
    told = {"act": "approve|section_review|", "revision": seen[1], "comment": "Sudah sesuai renstra"}
    answer = budi.post(f"/case/{case_id}/act", told)
    assert answer.status_code == 409
    assert "Sudah sesuai renstra" in answer.text


def test_a_reason_is_told_when_the_task_cannot_be_handed_on_any_more(
    browser_of: Callable[..., Browser], joint_review: int, act: Act, regency: Regency
) -> None:
    gita = browser_of("gita")
    typed = {"act": _value(gita, joint_review, "delegate"), "to": str(regency.people["slamet"])}
    act(joint_review, "gita", "approve")
    answer = gita.post(f"/case/{joint_review}/act", {**typed, "comment": "Cuti bersalin", "until": "2026-03-20"})
    assert answer.status_code == 422
    assert "Cuti bersalin" in answer.text and "2026-03-20" in answer.text
    assert f"<dd>{regency.people['slamet']}</dd>" not in answer.text


def test_a_remark_that_is_too_long_is_given_back_whole(browser_of: Callable[..., Browser], case_id: int) -> None:
    remark = ("Mohon dilihat lagi. " * 450).strip()
    refused = browser_of("sari").post(f"/case/{case_id}/remarks", {"remark": remark})
    assert refused.status_code == 422
    assert f"{remark}</textarea>" in refused.text


def _value(browser: Browser, case_id: int, action: str) -> str:
    found = re.search(rf'value="({action}\|[^"]*)"', browser.get(f"/case/{case_id}").text)
    assert found is not None
    return found[1]


def _hand(answer: TestResponse) -> str:
    """The open form by which a task is handed on, as it came back from a refusal."""
    assert answer.status_code == 422
    found = re.search(r'<details class="hand" open>(.*?)</details>', answer.text, re.DOTALL)
    return found[1] if found else ""
