"""Supervisors pause a case from its page, and let it go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Browser


@pytest.fixture
def supervisor(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("slamet")


def test_a_supervisor_pauses_a_case_with_a_reason_and_lets_it_go_on(
    supervisor: Browser, browser_of: Callable[..., Browser], case_id: int
) -> None:
    page = supervisor.get(f"/case/{case_id}").text
    assert "Jeda kasus ini" in page
    paused = supervisor.post(f"/case/{case_id}/pause", {"reason": "Menunggu Perbup"})
    assert paused.status_code == 303
    sari = browser_of("sari")
    page = sari.get(f"/case/{case_id}").text
    assert "Dijeda sejak" in page and "Menunggu Perbup" in page
    assert "Kasus dijeda 2 Maret 2026: Menunggu Perbup." in page  # the reason beside each act that is not possible
    assert "Jeda kasus ini" not in page and "Lanjutkan kasus" not in page
    english = browser_of("sari", "en").get(f"/case/{case_id}").text
    assert "Paused since" in english and "Dijeda" not in english
    page = supervisor.get(f"/case/{case_id}").text
    assert "Lanjutkan kasus" in page
    assert supervisor.post(f"/case/{case_id}/go-on", {"reason": ""}).status_code == 303
    sari.post("/language", {"language": "id"})
    page = sari.get(f"/case/{case_id}").text
    assert "Dijeda sejak" not in page and "menjeda kasus ini" in page and "melanjutkan kasus ini" in page


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_pause_without_a_reason_is_refused_at_its_field(supervisor: Browser, case_id: int, reason: str) -> None:
    supervisor.get(f"/case/{case_id}")
    answer = supervisor.post(f"/case/{case_id}/pause", {"reason": reason})
    assert answer.status_code == 422
    assert "Tulis alasan, 1 sampai 1000 karakter." in answer.text
    assert 'href="#pause-reason"' in answer.text


def test_pausing_twice_and_going_on_without_a_pause_are_told(supervisor: Browser, case_id: int) -> None:
    supervisor.get(f"/case/{case_id}")
    assert supervisor.post(f"/case/{case_id}/go-on", {"reason": ""}).status_code == 422
    assert supervisor.post(f"/case/{case_id}/pause", {"reason": "a"}).status_code == 303
    supervisor.get(f"/case/{case_id}")
    assert supervisor.post(f"/case/{case_id}/pause", {"reason": "b"}).status_code == 422
    assert supervisor.post(f"/case/{case_id}/go-on", {"reason": "x" * 1001}).status_code == 422


def test_a_reason_is_told_when_the_case_has_ended_meanwhile(
    supervisor: Browser, browser_of: Callable[..., Browser], case_id: int
) -> None:
    supervisor.get(f"/case/{case_id}")
    sari = browser_of("sari")
    sari.get(f"/case/{case_id}")
    assert sari.post(f"/case/{case_id}/act", {"act": "discard|drafting|"}).status_code == 303
    answer = supervisor.post(f"/case/{case_id}/pause", {"reason": "Menunggu Perbup"})
    assert answer.status_code == 422
    assert "Menunggu Perbup" in answer.text
    assert 'href="#pause-reason"' not in answer.text  # nothing on the page has this name now


def test_somebody_who_does_not_supervise_cannot_pause(browser_of: Callable[..., Browser], case_id: int) -> None:
    sari = browser_of("sari")
    sari.get(f"/case/{case_id}")
    for address in ("pause", "go-on"):
        assert sari.post(f"/case/{case_id}/{address}", {"reason": "x"}).status_code == 404
