"""What somebody tries at the officers' pages: markup in a report, a planted session, a host that is made up."""

from __future__ import annotations

import io

import pytest

from engine.disclosure.conversation import REPORTER, say
from engine.disclosure.keyring import Keyring, hold, officer
from engine.disclosure.seals import seal_of
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.sealed_pages import SealedPages
from tests.web.test_sealed_matrix import case_routes, plain_routes

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg/onload=alert(3)>{{7*7}}{%raw%}"
RAW = ("<script>alert", "<img src=x", "<svg/onload", ">49<")


def test_t44_markup_in_a_report_its_messages_and_file_names_is_shown_to_officers_as_text(
    sealed_pages: SealedPages,
) -> None:
    kept, where = sealed_pages.kept, f"/case/{sealed_pages.kept.case_id}"
    assert sealed_pages.do("vina", "ask_reporter", MARKUP, reported_aliases=[MARKUP], verification_note=MARKUP) is None
    assert sealed_pages.do(REPORTER, "provide", MARKUP, summary=MARKUP, place=MARKUP) is None
    with sealed_pages.database.writing.begin() as session:
        hold(session, Keyring(officer(kept.people["vina"]), kept.pairs["vina"]))
        say(session, seal_of(session, kept.case_id), kept.case_id, REPORTER, None, MARKUP, sealed_pages.clock().date())
    vina = sealed_pages.browser("vina")
    vina.get(where)
    file = (io.BytesIO(b"%PDF-1.7\nBukti\n%%EOF\n"), "<script>alert(4)</script>.pdf")
    assert vina.post(f"{where}/attachments", {"file": file}, content_type="multipart/form-data").status_code == 303
    pages = [where, f"{where}/edit", f"{where}/print", f"{where}/history", "/queue", "/cases"]
    shown = {page: vina.get(page) for page in pages}
    assert "&lt;script&gt;alert(1)" in shown[where].text and "alert(4)" in shown[where].text
    for page, answer in shown.items():
        assert [raw for raw in RAW if raw in answer.text] == [], page


def test_t46_a_made_up_host_changes_no_link_of_the_officers_pages(sealed_pages: SealedPages) -> None:
    made_up = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    vina = sealed_pages.browser("vina")
    about = [pattern for method, pattern in case_routes(sealed_pages) if method == "GET" and pattern.count("<") == 1]
    places = [rule.rule for rule in plain_routes(sealed_pages) if not rule.rule.startswith("/admin/")]
    places += [pattern.replace("<int:case_id>", str(sealed_pages.kept.case_id)) for pattern in about]
    for place in places:
        answer = vina.get(place, headers=made_up)
        assert "evil.example" not in answer.text and "evil.example" not in (answer.location or ""), place


@pytest.mark.parametrize("planted", ["planted", "A" * 43])
def test_t47_a_session_begins_anew_with_signing_in_whatever_was_there(sealed_pages: SealedPages, planted: str) -> None:
    client = sealed_pages.app.test_client()
    client.set_cookie("alur", planted)
    browser = Browser(client)
    seen = []
    for _ in range(2):  # the second time from within a session
        browser.get("/sign-in")
        browser.post("/sign-in", {"username": "sam", "password": PASSWORD})
        cookie = client.get_cookie("alur")
        assert cookie is not None
        seen.append(cookie.value)
        assert browser.get("/queue").status_code in (200, 303)
    assert planted not in seen
    thief = Browser(sealed_pages.app.test_client())
    thief.set_cookie("alur", planted)
    assert thief.get("/queue").location.startswith("/sign-in")
