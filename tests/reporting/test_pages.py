"""What a reporter's browser gets: a cookie only when it is needed, headers, one origin, small pages, both languages."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from commands.diagnosis import diagnose
from engine.clock import system_clock
from engine.database import Database, open_database
from engine.disclosure import passed_on
from engine.disclosure.vault import ONE_DATE
from reporting import create_reporting_app
from tests.conftest import FrozenClock
from tests.reporting.conftest import BEGINNING, HERE, OTHER, Reporter, code_of, settings_at
from web.disclosure.protection import HEADERS, POLICY

FOR_EVERYBODY = ("/", f"/{HERE}/", f"/{HERE}/before", f"/{HERE}/limits", f"/{HERE}/traces", f"/{HERE}/left")
ONCE = (*HEADERS, "Content-Type")
SENT = ("mine", "keep", "proof", "next")


@pytest.fixture
def secure(reports_database: Database, clock: FrozenClock, tmp_path: object) -> Reporter:
    """A reporter who comes by https."""
    settings = settings_at(tmp_path, report_url="https://layanan.daerah.example")  # type: ignore[arg-type]
    app = create_reporting_app(settings, database=reports_database, clock=clock)
    return Reporter(app.test_client(), base="https://layanan.daerah.example")


@pytest.fixture(scope="module")
def walked(offices_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[TestResponse]]:
    """Every kind of page and answer there is on the way of a report, walked once for all that is asked of them."""
    folder = tmp_path_factory.mktemp("walked")
    shutil.copyfile(offices_file, folder / "reports.sqlite")
    database = open_database(f"sqlite:///{folder / 'reports.sqlite'}")
    app = create_reporting_app(settings_at(folder), database=database, clock=FrozenClock(BEGINNING))
    yield list(_walk(Reporter(app.test_client())))
    database.close()


def _walk(reporter: Reporter) -> Iterator[TestResponse]:
    for address in (*FOR_EVERYBODY, "way", "open", "nothing-here", "check"):
        yield reporter.get(address)
    yield reporter.begin()
    yield from (reporter.post("ask/what", {"summary": ""}), reporter.post("ask/what", {"csrf_token": "x"}))
    reporter.write()
    yield reporter.get("check")
    yield reporter.post("send")
    yield (page := reporter.get("keep"))
    yield reporter.get("proof")
    code = code_of(page)
    yield reporter.post("proof", {"last": "0000"})
    yield reporter.post("proof", {"last": code[-4:]})
    yield reporter.get("next")
    yield reporter.post("left")
    yield reporter.open("7K3M-Q9TX-2FHB-W5RD")
    yield reporter.open(code)
    yield reporter.get("mine")
    yield reporter.post("mine/say", {"text": ""})
    yield reporter.post("away")
    yield reporter.get("away")


def test_t03_who_only_reads_gets_no_cookie_and_a_reporter_gets_one_strict_session_cookie(secure: Reporter) -> None:
    for address in FOR_EVERYBODY:
        assert "Set-Cookie" not in secure.get(address).headers, address
    cookies = secure.get("way").headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    name, *attributes = (part.strip() for part in cookies[0].split(";"))
    assert name.startswith("__Host-")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]


def test_t04_no_page_of_a_reporter_is_stored_or_says_where_it_was_opened(walked: list[TestResponse]) -> None:
    for answer in walked:
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in headers
        assert "Last-Modified" not in headers


def test_t05_no_page_loads_anything_from_elsewhere_and_none_has_a_script(
    reporter: Reporter, walked: list[TestResponse]
) -> None:
    loaded = re.compile(r'<(?:link|img|iframe|form|source|object|embed)[^>]*?\s(?:src|href|action)="([^"]*)"')
    for answer in walked:
        page = answer.text
        assert not re.search(r"<script|\son\w+=|\sstyle=|<style|javascript:|data:", page)
        assert [
            target for target in loaded.findall(page) if not target.startswith("/") or target.startswith("//")
        ] == []
    look = re.search(r'href="(/look-[^"]+)"', reporter.get("").text)
    assert look is not None
    style = reporter.get(look[1]).text
    assert "url(" not in style
    assert "@import" not in style


def test_t43_each_header_comes_once_with_a_policy_that_lets_no_script_run(walked: list[TestResponse]) -> None:
    for answer in walked:
        headers = answer.headers
        assert [name for name in ONCE if len(headers.getlist(name)) != 1] == []
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["Server"] == "web"
    assert "script-src" not in POLICY
    assert "default-src 'none'" in POLICY
    assert "form-action 'self'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "unsafe" not in POLICY


def test_t46_a_made_up_host_changes_no_link(reports: Flask) -> None:
    client = reports.test_client()
    made_up = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for address in (*FOR_EVERYBODY, f"/{HERE}/way", f"/{HERE}/open", "/nothing", "//nothing"):
        assert "evil.example" not in client.get(address, headers=made_up).text
    answer = reports.test_client().post(f"/{HERE}/away", headers=made_up)
    assert answer.location == f"/{HERE}/away"


def test_the_first_page_with_its_style_is_under_30_kb_on_the_wire_and_every_page_under_15(
    reporter: Reporter, walked: list[TestResponse]
) -> None:
    zipped = {"Accept-Encoding": "gzip"}
    first = reporter.client.get(f"/{HERE}/", headers=zipped)
    look = re.search(r'href="(/look-[^"]+)"', gzip.decompress(first.data).decode())
    assert look is not None
    style = reporter.client.get(look[1], headers=zipped)
    assert first.headers["Content-Encoding"] == style.headers["Content-Encoding"] == "gzip"
    assert len(first.data) + len(style.data) < 30_000
    assert "immutable" in style.headers["Cache-Control"]
    sizes = {answer.request.path: len(answer.data) for answer in walked}
    assert {path: size for path, size in sizes.items() if size >= 15_000} == {}


def test_a_page_of_one_reporter_is_filled_up_so_that_its_length_says_little(reporter: Reporter) -> None:
    reporter.report()
    assert {len(reporter.get(address).data) % 2048 for address in SENT} == {0}


def test_every_page_is_there_in_english_one_link_away_and_needs_no_cookie_for_it(reporter: Reporter) -> None:
    page = reporter.get("before")
    assert '<html lang="id">' in page.text
    other = re.search(r'<a href="([^"]+)" lang="en"', page.text)
    assert other is not None
    english = reporter.get(other[1])
    assert '<html lang="en">' in english.text
    assert "Before you report" in english.text
    back = re.search(r'<a href="([^"]+)" lang="id"', english.text)
    assert back is not None
    assert back[1] == f"/{HERE}/before"
    assert reporter.cookie() is None


def test_the_other_language_of_a_refused_form_leads_to_a_page_that_can_be_looked_at(reporter: Reporter) -> None:
    reporter.write()
    reporter.token = "made-up"
    answer = reporter.post("send")
    assert answer.status_code == 400
    other = re.search(r'<a href="([^"]+)" lang="en"', answer.text)
    assert other is not None
    assert reporter.get(other[1]).status_code == 200


def test_a_form_sent_in_english_leads_on_in_english(reporter: Reporter) -> None:
    reporter.get(f"/en/{HERE}/way")
    answer = reporter.post(f"/en/{HERE}/way", {"way": "anonymous"})
    assert answer.location == f"/en/{HERE}/ask/what"
    empty = reporter.follow(answer) and reporter.post(f"/en/{HERE}/ask/what", {"summary": " "})
    assert "<title>Error: " in empty.text
    assert "Tell what happened." in empty.text


def test_the_first_page_lists_the_regions_and_each_has_its_own(reporter: Reporter) -> None:
    page = reporter.get("/").text
    assert f'href="/{HERE}/"' in page
    assert f'href="/{OTHER}/"' in page
    assert reporter.get("/kab_nowhere/").status_code == reporter.get("/kab_nowhere/way").status_code == 404


def test_the_warning_of_the_office_comes_from_a_proxy_that_keeps_the_address_to_itself(reporter: Reporter) -> None:
    words = "Anda sedang memakai jaringan kantor."
    assert words not in reporter.get("before").text
    assert words in reporter.get("before", headers={"Alur-Office": "1"}).text


def test_every_page_has_the_quick_way_out_at_the_same_place(walked: list[TestResponse]) -> None:
    for answer in walked:
        if answer.status_code == 303 or answer.request.path.endswith("/away"):
            continue
        head = answer.text.partition("</header>")[0]
        assert "Keluar cepat" in head
        assert "/away" in head


def test_a_fault_is_told_plainly_and_logged_without_a_word_of_the_reporter(
    reports: Flask, a_reporter: Callable[..., Reporter], caplog: pytest.LogCaptureFixture
) -> None:
    @reports.get("/<region>/broken/<word>")
    def broken(word: str) -> str:
        raise RuntimeError(word)

    answer = a_reporter().get("broken/rahasia", headers={"User-Agent": "PerambanUji"})
    assert answer.status_code == 500
    assert "Ada gangguan di pihak kami." in answer.text
    assert "surat bertanda RAHASIA, atau telepon" in answer.text, "how else to reach the office"
    assert "Keluar cepat" in answer.text.partition("</header>")[0]
    told = " ".join(record.getMessage() for record in caplog.records) + caplog.text
    assert "RuntimeError" in told
    assert [word for word in ("rahasia", "PerambanUji", "127.0.0.1") if word in told] == []


def test_t10_a_proxy_that_passes_on_addresses_is_told_to_the_operator_without_the_address(
    reporter: Reporter, reports: Flask, tmp_path: Path, clock: FrozenClock
) -> None:
    sealed = tmp_path / "sealed"
    reporter.get("", headers={"X-Forwarded-For": "", "X-Real-IP": " "})
    assert passed_on.last_noted(sealed, clock().date()) is None
    clock.advance(days=1)
    reporter.get("", headers={"X-Forwarded-For": "203.0.113.77"})
    assert passed_on.last_noted(sealed, clock().date()) == clock().date()
    assert {path.stat().st_mtime for path in (sealed, *sealed.iterdir())} == {ONE_DATE}  # not when somebody came
    assert [path for path in sealed.rglob("*") if path.is_file() and "203.0" in path.read_text(encoding="ascii")] == []
    settings = replace(settings_at(tmp_path), report_url="http://127.0.0.1:8000", base_url="http://127.0.0.1:8000")
    told = [finding.sentence for finding in diagnose(settings) if finding.check == "reports"]
    assert told == ["ALUR_REPORT_URL must be another host name or port than ALUR_BASE_URL"]
    passed_on.note(sealed, system_clock().date())
    assert "a proxy passes them on" in [one.sentence for one in diagnose(settings) if one.check == "reports"][-1]


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"ALUR_REPORT_URL": "http://layanan.example"}, "must begin with https://"),
        ({"ALUR_REPORT_URL": "https://alur.example"}, "another host name than ALUR_BASE_URL"),
        (
            {"ALUR_REPORT_URL": "https://layanan.example", "ALUR_RECEIPT_PEPPER": "pendek"},
            "ALUR_RECEIPT_PEPPER",
        ),
    ],
)
def test_in_production_the_pages_refuse_to_start_as_they_must_not_run(
    environ: dict[str, str], sentence: str, sqlite_url: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    plain = {"ALUR_ENV": "production", "ALUR_SECRET_KEY": "k" * 40, "ALUR_RECEIPT_PEPPER": "p" * 40,
             "ALUR_BASE_URL": "https://alur.example", "ALUR_DATABASE_URL": sqlite_url,
             "ALUR_CACHE_DIR": str(tmp_path)}  # fmt: skip
    for name, value in {**plain, **environ}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        create_reporting_app()
    assert ended.value.code == 4
    assert sentence in capsys.readouterr().err
