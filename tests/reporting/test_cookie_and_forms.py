"""One browser, one page: nobody else's form is taken, nothing changes by looking, leaving ends everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from engine.database import Database, open_database
from engine.disclosure.models import Conversation, ReporterDraft, ReporterSession
from tests.conftest import FrozenClock
from tests.reporting.conftest import HERE, STORY, Reporter
from web.disclosure.house import KEY

WITHOUT_SESSION = {"leaving.away"}  # nothing is open, so there is nothing a form could change


def _count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _posts(app: Flask) -> list[str]:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    return [rule.rule.replace("<region>", HERE).replace("<key>", "evidence") for rule in rules]


def test_t42_every_post_refuses_a_missing_a_made_up_and_somebody_else_s_token(
    reports: Flask, a_reporter: Callable[..., Reporter]
) -> None:
    victim, other = a_reporter(), a_reporter()
    victim.write()
    victim.get("check")
    other.begin()
    for address in _posts(reports):
        for token in ("", "made-up", other.token):
            answer = victim.post(address, {"csrf_token": token})
            assert answer.status_code == 400, (address, token)
            cookie = victim.cookie()
            if cookie is None:  # away from here all the same: but the row of the session is still there
                victim = a_reporter()
                victim.write()
    assert _posts(reports)


def test_t42_no_look_at_a_page_changes_anything(reports: Flask, reporter: Reporter, reports_database: Database) -> None:
    reporter.write()
    before = [_rows(reports_database, table) for table in (ReporterSession, ReporterDraft)]
    for rule in reports.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            reporter.get(re.sub("<[^>]+>", "evidence", rule.rule.replace("<region>", HERE)))
    assert [_rows(reports_database, table) for table in (ReporterSession, ReporterDraft)] == before
    assert STORY in reporter.get("check").text


def _rows(database: Database, table: type) -> list[tuple[object, ...]]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(select(*table.__table__.columns))]  # type: ignore[attr-defined]


def test_looking_at_forms_keeps_no_row_and_the_first_answer_changes_the_cookie(
    reporter: Reporter, reports_database: Database
) -> None:
    reporter.get("way")
    first = reporter.cookie()
    reporter.get("open")
    assert reporter.cookie() == first
    assert _count(reports_database, ReporterSession) == 0
    reporter.post("way", {"way": "anonymous"})
    assert _count(reports_database, ReporterSession) == 1
    assert reporter.cookie() != first


def test_a_cookie_somebody_planted_never_opens_what_the_reporter_writes(a_reporter: Callable[..., Reporter]) -> None:
    attacker, victim = a_reporter(), a_reporter()
    attacker.get("way")
    planted = attacker.cookie()
    assert planted is not None
    victim.client.set_cookie("s", planted)
    victim.begin()
    victim.post("ask/what", {"summary": STORY})
    assert victim.cookie() != planted
    assert attacker.get("check").status_code == 403


def test_nothing_of_the_session_is_readable_in_the_database(reporter: Reporter, reports_database: Database) -> None:
    code = reporter.report()
    cookie = reporter.cookie()
    assert cookie is not None
    (row,) = _rows(reports_database, ReporterSession)
    for secret in (cookie, code, code.replace("-", ""), HERE, "09:00", "02:00"):
        assert secret not in repr(row)


def test_after_half_an_hour_of_nothing_the_page_is_gone_and_what_was_typed_is_shown_again(
    reporter: Reporter, clock: FrozenClock
) -> None:
    reporter.begin()
    clock.advance(minutes=29)
    assert reporter.get("ask/what").status_code == 200
    clock.advance(minutes=29)
    assert reporter.get("ask/what").status_code == 200
    clock.advance(minutes=31)
    ended = reporter.post("ask/what", {"summary": STORY})
    assert ended.status_code == 403
    assert "Waktu habis." in ended.text
    assert STORY in ended.text
    assert reporter.get("ask/what").status_code == 403


def test_leaving_quickly_destroys_the_session_and_leads_by_a_plain_page_to_the_neutral_site(
    reporter: Reporter, reports_database: Database
) -> None:
    reporter.begin()
    kept = reporter.cookie()
    answer = reporter.post("away")
    assert answer.status_code == 303
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert reporter.cookie() is None
    assert _count(reports_database, ReporterSession) == 0
    plain = reporter.follow(answer)
    assert plain.headers["Refresh"].startswith("0; url=https://")
    assert "csrf_token" not in plain.text
    assert kept is not None
    reporter.client.set_cookie("s", kept)
    assert reporter.get("ask/what").status_code == 403


def test_leaving_quickly_works_from_a_tab_that_was_open_before_the_session(reporter: Reporter) -> None:
    reporter.begin()
    same_site = {"Sec-Fetch-Site": "same-origin"}
    assert reporter.post("away", {"csrf_token": ""}, headers=same_site).status_code == 303
    assert reporter.get("ask/what").status_code == 403


def test_without_any_session_leaving_works_as_well(reporter: Reporter) -> None:
    assert reporter.post("away", {"csrf_token": ""}).status_code == 303
    assert reporter.get("left").status_code == 200


def test_t39_nobody_s_session_reaches_another_s_messages_and_files(
    a_reporter: Callable[..., Reporter], reports_database: Database
) -> None:
    one, other = a_reporter(), a_reporter()
    one.report()
    other_code = other.report(place="Balai desa")
    one_code = a_reporter().report()
    one.post("left")
    one.follow(one.open(one_code))
    one.follow(one.post("mine/say", {"text": "Pesan milik saya."}))
    message = re.search(r'name="message" value="([^"]+)"', one.get("mine").text)
    assert message is not None
    other.post("left")
    other.follow(other.open(other_code))
    assert "Pesan milik saya." not in other.get("mine").text
    other.get("mine")
    assert other.post("mine/remove", {"message": message[1]}).status_code == 404
    assert other.post("mine/fetch", {"file": "0" * 32}).status_code == 404
    assert "Pesan milik saya." in one.get("mine").text
    assert _count(reports_database, Conversation) == 1


def test_the_screen_empties_itself_only_when_asked_and_never_on_the_code(reporter: Reporter) -> None:
    assert "Refresh" not in reporter.begin().headers
    reporter.post("left")
    reporter.get("way?quiet=1")
    reporter.follow(reporter.post("way", {"way": "anonymous", "quiet": "1"}))
    assert reporter.get("ask/what").headers["Refresh"] == f"1200; url=/{HERE}/away"
    reporter.report()
    assert "Refresh" not in reporter.get("keep").headers


def test_without_a_database_leaving_still_works_and_every_other_page_says_when_to_try_again(
    reporter: Reporter, reports: Flask, tmp_path: Path
) -> None:
    reporter.begin()
    reports.extensions[KEY].database = open_database(f"sqlite:///{tmp_path / 'gone.sqlite'}")
    answer = reporter.get("ask/what")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "120"
    assert "Keluar cepat" in answer.text.partition("</header>")[0]
    answer = reporter.post("away", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert reporter.cookie() is None
    assert reporter.follow(answer).headers["Refresh"].startswith("0; url=https://")
    reports.extensions[KEY].database.close()
