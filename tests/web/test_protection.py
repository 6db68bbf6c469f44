"""Who may use what: every route has a rule, nothing is told to those it is not for, every answer is protected."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Browser
from web.protection import ADMINISTRATOR, ANYBODY, SIGNED_IN, rule_of

FOR_EVERYBODY = {
    "static", "about.help_page", "about.accessibility", "about.health", "language.choose", "sign_in.sign_in",
    "sign_in.enter_code", "sign_in.sign_out", "public_performance.index", "public_performance.show",
    "public_performance.indicators", "public_report.show", "monthly.ask_to_stop", "monthly.stop",
}  # fmt: skip


def test_every_route_names_who_may_use_it(web_app: Flask) -> None:
    rules = {rule.endpoint: rule_of(web_app, rule.endpoint) for rule in web_app.url_map.iter_rules()}
    assert {endpoint for endpoint, rule in rules.items() if rule not in (ANYBODY, SIGNED_IN, ADMINISTRATOR)} == set()
    assert {endpoint for endpoint, rule in rules.items() if rule == ANYBODY} == FOR_EVERYBODY


def test_without_signing_in_every_other_page_asks_for_it(web_app: Flask, visitor: Browser) -> None:
    for rule in web_app.url_map.iter_rules():
        if rule.endpoint in FOR_EVERYBODY or "GET" not in (rule.methods or ()):
            continue
        address = re.sub(r"<[^>]*?:?(\w+)>", "1", rule.rule)
        answer = visitor.get(address)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/sign-in?next="), address


def test_a_case_of_another_region_answers_like_one_that_does_not_exist(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    stranger = browser_of("asing")
    stranger.get("/queue")
    for ending in ("", "/mails", "/diagram.svg", "/edit", "/attachments/1", "/document/signed_document.pdf"):
        real, none = (stranger.get(f"/case/{number}{ending}") for number in (case_id, 999_999))
        assert real.status_code == none.status_code == 404, ending
        assert _without_token(real.text) == _without_token(none.text), ending
        assert dict(real.headers) == dict(none.headers), ending


@pytest.mark.parametrize("ending", ["act", "follow", "attachments", "edit"])
def test_nothing_can_be_done_to_a_case_of_another_region(
    browser_of: Callable[..., Browser], case_id: int, ending: str
) -> None:
    stranger = browser_of("asing")
    stranger.get("/queue")
    data = {"act": "submit|drafting|", "follow": "yes"}
    assert stranger.post(f"/case/{case_id}/{ending}", data).status_code == 404


def test_somebody_of_the_same_region_without_a_part_in_it_does_not_see_a_case(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    assert browser_of("indra").get(f"/case/{case_id}").status_code == 404
    assert browser_of("admin").get(f"/case/{case_id}").status_code == 404
    assert browser_of("slamet").get(f"/case/{case_id}").status_code == 200


def test_a_form_without_its_token_is_refused_and_shows_what_was_typed(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    browser = browser_of("sari")
    data = {"csrf_token": "made-up", "comment": "Sudah saya tulis panjang", "act": "submit|drafting|"}
    answer = browser.post(f"/case/{case_id}/act", data)
    assert answer.status_code == 400
    assert "Sudah saya tulis panjang" in answer.text
    assert "Penyusunan" in browser.get(f"/case/{case_id}").text


def test_every_answer_carries_the_strict_policy(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("sari")
    for address in ("/queue", f"/case/{case_id}", "/nothing-here", "/profile"):
        headers = browser.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_no_page_holds_inline_styles_or_scripts(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("sari")
    for address in ("/queue", f"/case/{case_id}", f"/case/{case_id}/edit", "/cases", "/cases/new", "/profile", "/help",
                    "/profile/second-factor"):  # fmt: skip
        page = browser.get(address).text
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)", page), address


@pytest.mark.parametrize(
    "address",
    ["/case/0", "/case/99999999999999999999", "/queue?after=%00", "/queue?after=zzz", "/queue?tab=none&step='--",
     "/cases?after=-1", "/queue?unit=x&returned=999999999", "/case/1/attachments/1", "/cases/new/../../etc"],
)  # fmt: skip
def test_bad_addresses_get_a_clear_page_without_a_trace(browser_of: Callable[..., Browser], address: str) -> None:
    answer = browser_of("sari").get(address)
    assert answer.status_code in (200, 400, 404), address
    assert "Traceback" not in answer.text


def _without_token(page: str) -> str:
    return re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", page)
