"""The code: shown until it is proven, in no address, title or cookie, and one answer for whatever opens nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select

from engine.cases.models import Case
from engine.database import Database
from engine.disclosure import receipt
from engine.disclosure.models import ReceiptRow
from tests.conftest import FrozenClock
from tests.reporting.conftest import STORY, Reporter, code_of

MALFORMED = ("saya lupa", "1234", "7K3M-Q9TX-2FHB-W5RD-7K3M", "<script>", "🔑" * 16)


def test_t07_neither_code_nor_case_is_in_an_address_a_title_or_a_cookie(
    reporter: Reporter, reports_database: Database
) -> None:
    reporter.write()
    sent = reporter.post("send")
    page = reporter.follow(sent)
    code = code_of(page)
    reporter.get("proof")
    proven = reporter.post("proof", {"last": code[-4:]})
    last = reporter.follow(proven)
    reporter.post("left")
    opened = reporter.open(code)
    mine = reporter.follow(opened)
    with reports_database.reading() as session:
        number, case_id = session.execute(select(Case.number, Case.id)).one()
    secrets = {code, code.replace("-", ""), str(number), f"/{case_id}"}
    said = [answer.location or "" for answer in (sent, proven, opened)]
    said += [answer.request.url for answer in (page, last, mine)]
    said += [answer.text.partition("</title>")[0] for answer in (page, last, mine)]
    said += [str(answer.headers) for answer in (sent, page, proven, last, opened, mine)]
    assert [secret for secret in secrets for text in said if secret in text] == []


def test_t13_unknown_malformed_and_deleted_codes_get_the_same_bytes(
    a_reporter: Callable[..., Reporter], reports_database: Database
) -> None:
    deleted = a_reporter().report()
    with reports_database.writing.begin() as session:
        session.execute(delete(ReceiptRow))
    reporter = a_reporter()
    answers = [reporter.open(code) for code in (receipt.new(), deleted, *MALFORMED, "7" * 200)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({_without_token(answer.text) for answer in answers}) == 1
    headers = [{name: value for name, value in answer.headers if name != "Set-Cookie"} for answer in answers]
    assert all(one == headers[0] for one in headers)
    assert "Kode tidak dikenali. Periksa lagi huruf dan angkanya." in answers[0].text


def _without_token(page: str) -> str:
    for part in page.split('name="csrf_token" value="')[1:]:
        page = page.replace(part.partition('"')[0], "")
    return " ".join(page.split())


def test_t17_more_than_128_characters_are_refused_before_the_slow_hash(
    reporter: Reporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter.get("open")
    started = time.process_time()
    assert reporter.post("open", {"code": "7K3M" * 50_000}).status_code == 422
    assert time.process_time() - started < 0.2


def test_t20_the_code_is_shown_at_every_reload_until_it_is_proven_and_then_never(reporter: Reporter) -> None:
    code = reporter.report()
    assert code_of(reporter.get("keep")) == code_of(reporter.get("keep")) == code
    reporter.get("proof")
    wrong = reporter.post("proof", {"last": "0000" if not code.endswith("0000") else "1111"})
    assert wrong.status_code == 422
    assert "Belum cocok. Periksa kode Anda." in wrong.text
    assert code_of(reporter.get("keep")) == code
    reporter.get("proof")
    proven = reporter.follow(reporter.post("proof", {"last": code[-4:].lower()}))
    assert "Apa yang terjadi selanjutnya" in proven.text
    for address in ("keep", "proof"):
        assert code not in reporter.follow(reporter.get(address)).text


def test_t20_a_new_code_can_be_taken_and_the_old_one_dies(reporter: Reporter) -> None:
    old = reporter.report()
    reporter.post("left")
    reporter.follow(reporter.open(old))
    new = code_of(reporter.follow(reporter.post("mine/code")))
    assert new != old
    assert reporter.get("mine").status_code == 303, "the new code comes first"
    reporter.get("proof")
    assert reporter.follow(reporter.post("proof", {"last": new[-4:]})).status_code == 200
    reporter.post("left")
    assert reporter.open(old).status_code == 422
    assert reporter.open(new).status_code == 303


def test_proving_may_be_skipped_and_that_is_told(reporter: Reporter) -> None:
    reporter.report()
    reporter.get("proof")
    page = reporter.follow(reporter.post("proof", {"do": "skip"}))
    assert "Tanpa kode Anda tidak dapat membaca jawaban kami." in page.text


def test_small_letters_spaces_and_an_o_for_a_zero_open_the_report(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.post("left")
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert "Laporan Anda" in reporter.follow(reporter.open(typed)).text


def test_sending_twice_in_two_tabs_or_after_a_reload_makes_one_report_and_shows_the_same_code(
    reporter: Reporter, reports_database: Database
) -> None:
    reporter.write()
    answers = [reporter.post("send") for _ in range(3)]
    codes = {code_of(reporter.follow(answer)) for answer in answers}
    assert len(codes) == 1
    with reports_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_draft_with_a_code_is_come_back_to_on_another_device_and_sent_with_the_same_code(
    a_reporter: Callable[..., Reporter],
) -> None:
    first = a_reporter()
    first.begin()
    code = code_of(first.follow(first.post("ask/what", {"summary": STORY, "do": "later"})))
    first.get("proof")
    kept = first.follow(first.post("proof", {"last": code[-4:]}))
    assert "sampai Senin, 9 Maret 2026" in kept.text
    second = a_reporter()
    page = second.follow(second.open(code))
    assert STORY in page.text
    done = second.follow(second.post("send"))
    assert "Apa yang terjadi selanjutnya" in done.text
    third = a_reporter()
    assert "Laporan Anda" in third.follow(third.open(code)).text


def test_too_many_wrong_codes_are_told_to_wait_and_how_long(reporter: Reporter, clock: FrozenClock) -> None:
    outside = {"REMOTE_ADDR": "203.0.113.7"}
    reporter.get("open")
    statuses = [
        reporter.post("open", {"code": receipt.new()}, environ_overrides=outside).status_code for _ in range(25)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    answer = reporter.post("open", {"code": receipt.new()}, environ_overrides=outside)
    assert "Coba lagi dalam 15 menit." in answer.text
    assert answer.headers["Retry-After"] == "900"
    clock.advance(minutes=16)
    assert reporter.open(receipt.new()).status_code == 422


def test_a_second_report_never_takes_the_place_of_a_code_that_is_not_kept_yet(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.get("way")
    assert code_of(reporter.follow(reporter.post("way", {"way": "anonymous"}))) == code
    reporter.get("proof")
    reporter.post("proof", {"last": code[-4:]})
    second = reporter.report(place="Balai desa")
    assert second != code
    reporter.post("left")
    assert reporter.open(code).status_code == 303


def test_looking_at_an_old_report_loses_nothing_that_is_being_written(a_reporter: Callable[..., Reporter]) -> None:
    old = a_reporter().report()
    reporter = a_reporter()
    reporter.begin()
    reporter.post("ask/what", {"summary": "Cerita kedua yang belum terkirim."})
    assert "Laporan Anda" in reporter.follow(reporter.open(old)).text
    assert "Cerita kedua yang belum terkirim." in reporter.get("check").text


def test_a_network_that_sends_many_reports_is_asked_to_wait_and_its_draft_is_kept(reporter: Reporter) -> None:
    outside = {"REMOTE_ADDR": "203.0.113.9"}
    for _number in range(5):
        reporter.write()
        code = code_of(reporter.follow(reporter.post("send", environ_overrides=outside)))
        reporter.get("proof")
        reporter.post("proof", {"last": code[-4:]})
    reporter.write(place="Balai desa")
    answer = reporter.post("send", environ_overrides=outside)
    assert answer.status_code == 429
    assert "Banyak permintaan masuk. Coba lagi dalam 60 menit." in answer.text
    assert answer.headers["Retry-After"] == "3600"
    assert "Balai desa" in reporter.get("check").text
