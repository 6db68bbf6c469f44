"""The roads a report may take beside the plain one: other ways, linked reports, a closed door, acts of the reporter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from config import ROOT
from engine.cases.models import Case
from engine.channel import files
from engine.database import Database
from tests.conftest import FrozenClock
from tests.reporting.conftest import HERE, STORY, Reporter


@pytest.fixture
def channel_with(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    """``channel_with(lines)`` puts more lines into the base's channel, which then holds for every region."""

    def write(lines: str) -> None:
        text = (ROOT / "channel_config" / "base.yaml").read_text(encoding="utf-8")
        (tmp_path / "base.yaml").write_text(f"{text}\n{lines}\n", encoding="utf-8")
        files.use_folder(tmp_path)

    yield write
    files.use_folder(None)


def test_while_the_channel_is_closed_the_first_page_says_until_when_and_whom_else_to_ask(
    channel_with: Callable[[str], None], reporter: Reporter, clock: FrozenClock
) -> None:
    words = "{id: Buka lagi 16 Maret. Hubungi Ombudsman., en: Open again on 16 March. Turn to the ombudsman.}"
    channel_with(f"closings:\n  holiday: {{from: 2026-03-01, until: 2026-03-15, text: {words}}}")
    page = reporter.get("")
    assert "Buka lagi 16 Maret. Hubungi Ombudsman." in page.text
    assert "Mulai melapor" not in page.text
    assert "Cek laporan saya" in page.text
    assert reporter.get("way").status_code == 303
    clock.advance(days=15)
    assert "Mulai melapor" in reporter.get("").text


def test_a_report_in_confidence_asks_for_a_name_and_can_be_made_anonymous_until_it_is_sent(reporter: Reporter) -> None:
    reporter.get("way")
    page = reporter.follow(reporter.post("way", {"way": "confidential"}))
    assert "Siapa Anda?" in page.text
    lacking = reporter.post("who", {"identity.name": " "})
    assert lacking.status_code == 422
    assert '<a href="#identity.name">Nama: wajib diisi.</a>' in lacking.text
    reporter.follow(reporter.post("who", {"identity.name": "Sekar Arum", "identity.contact": "0812"}))
    reporter.follow(reporter.post("ask/what", {"summary": STORY}))
    assert "Sekar Arum" in reporter.get("check").text
    reporter.get("way?to=check")
    back = reporter.post("way", {"way": "anonymous", "to": "check"})
    assert back.location == f"/{HERE}/check"
    assert "Sekar Arum" not in reporter.follow(back).text


def test_what_is_missing_is_told_on_the_check_and_leads_to_its_question(reporter: Reporter) -> None:
    reporter.begin()
    reporter.get("check")
    answer = reporter.post("send")
    assert answer.status_code == 422
    assert 'href="#at-what"' in answer.text
    assert 'id="at-what"' in answer.text


def test_a_change_from_the_check_comes_back_to_the_check(reporter: Reporter) -> None:
    reporter.write(place="Pasar")
    page = reporter.get("ask/where_and_when?to=check")
    assert 'value="Pasar"' in page.text
    answer = reporter.post("ask/where_and_when", {"place": "Balai desa", "to": "check"})
    assert answer.location == f"/{HERE}/check"
    assert "Balai desa" in reporter.follow(answer).text


def test_another_row_is_asked_for_without_losing_what_was_typed(reporter: Reporter) -> None:
    reporter.begin()
    reporter.follow(reporter.post("ask/what", {"summary": STORY}))
    page = reporter.post("ask/who", {"reported_aliases": ["Badu", "Tini"], "do": "add:reported_aliases"})
    assert page.status_code == 200
    assert re.findall(r'name="reported_aliases" value="([^"]*)"', page.text) == ["Badu", "Tini", ""]


def test_a_unit_can_be_picked_and_a_made_up_one_is_refused(reporter: Reporter) -> None:
    reporter.begin()
    reporter.follow(reporter.post("ask/what", {"summary": STORY}))
    page = reporter.get("ask/where_and_when")
    offered = re.findall(r'name="unit" value="(\d+)"><span>([^<]+)', page.text)
    assert len(offered) == 3
    assert reporter.post("ask/where_and_when", {"unit": "999999"}).status_code == 422
    reporter.follow(reporter.post("ask/where_and_when", {"unit": offered[1][0]}))
    assert offered[1][1] in reporter.get("check").text


@pytest.mark.parametrize(
    ("kind", "question", "case_type"),
    [
        ("follow_up", "Apa yang terjadi?", "complaint_investigation"),
        ("protection", "Apa yang mengancam Anda?", "protection_request"),
        ("retaliation", "Apa yang terjadi setelah Anda melapor?", "retaliation_report"),
    ],
)
def test_a_report_on_top_of_another_is_a_case_of_its_own_with_a_code_of_its_own(
    a_reporter: Callable[..., Reporter], reports_database: Database, kind: str, question: str, case_type: str
) -> None:
    reporter = a_reporter()
    first = reporter.report()
    reporter.post("left")
    mine = reporter.follow(reporter.open(first))
    assert f'value="{kind}"' in mine.text
    reporter.follow(reporter.post("mine/another", {"kind": kind}))
    page = reporter.follow(reporter.post("way", {"way": "anonymous"}))
    assert question in page.text
    while "/ask/" in page.request.path:
        key = page.request.path.rpartition("/")[2]
        fields = dict.fromkeys(re.findall(r'<textarea id="(\w+)"', page.text), STORY)
        page = reporter.follow(reporter.post(f"ask/{key}", fields))
    sent = reporter.post("send")
    reporter.follow(sent)
    with reports_database.reading() as session:
        types = session.scalars(select(Case.case_type)).all()
    assert sorted(types) == sorted(["complaint_investigation", case_type])
    reporter.get("proof")
    reporter.post("proof", {"do": "skip"})
    again = a_reporter()
    assert again.open(first).status_code == 303


def test_a_reporter_may_withdraw_with_words_and_is_told_that_it_is_final(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.post("left")
    page = reporter.follow(reporter.open(code))
    assert 'id="comment-withdraw_complaint"' not in page.text, "its form stands on a page of its own"
    sure = reporter.post("mine/act", {"action": "withdraw_complaint", "do": "ask"})
    assert (sure.status_code, "<h1>Cabut pengaduan?</h1>" in sure.text) == (200, True)
    assert "Ini tidak dapat dibatalkan." in sure.text
    assert len(re.findall(r"<(?:textarea|select|input type=\"(?:text|file))", sure.text)) == 1
    assert f'href="/{HERE}/mine"' in sure.text
    assert "Laporan Anda: Diterima" in reporter.get("mine").text, "asking changes nothing"
    refused = reporter.post("mine/act", {"action": "withdraw_complaint"})
    assert refused.status_code == 422
    assert "<h1>Cabut pengaduan?</h1>" in refused.text
    assert 'href="#comment-withdraw_complaint"' in refused.text
    done = reporter.follow(reporter.post("mine/act", {"action": "withdraw_complaint", "comment": "Sudah selesai."}))
    assert "Laporan Anda: Dicabut" in done.text
    assert "Pesan Anda tetap dibaca." in done.text
    assert "withdraw_complaint" not in done.text


def test_a_made_up_act_and_a_made_up_kind_are_not_there(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.post("left")
    reporter.follow(reporter.open(code))
    assert reporter.post("mine/act", {"action": "register"}).status_code == 404
    assert reporter.post("mine/another", {"kind": "x"}).status_code == 404


def test_a_message_that_holds_a_code_is_refused_and_kept_on_the_page(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.post("left")
    reporter.follow(reporter.open(code))
    answer = reporter.post("mine/say", {"text": f"Kode saya {code.lower()}"})
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert "Belum ada pesan." in reporter.get("mine").text


def test_the_days_of_both_promises_are_on_the_reporter_s_pages_from_the_first_day_on(reporter: Reporter) -> None:
    code = reporter.report()
    reporter.get("proof")
    pages = [reporter.follow(reporter.post("proof", {"last": code[-4:]}))]
    reporter.post("left")
    pages.append(reporter.follow(reporter.open(code)))
    for page in pages:
        assert re.search(r"Tanda terima.{,60}Paling lambat Kamis, 5 Maret 2026", page.text, re.S)
        assert re.search(r"Jawaban kepada pelapor.{,60}Paling lama 60 hari kerja sejak status", page.text, re.S)
    assert "Kode Anda membuka halaman ini sampai laporan dimusnahkan: 60 bulan setelah ditutup." in pages[1].text


def test_a_story_that_is_too_long_is_told_how_long_it_is_and_stays(reporter: Reporter) -> None:
    reporter.begin()
    answer = reporter.post("ask/what", {"summary": "Kata " * 1700})
    assert answer.status_code == 422
    assert "Tulisan ini memuat 8499 huruf. Paling banyak 8000 huruf." in answer.text
    assert "Kata Kata Kata" in answer.text


def test_where_there_is_no_network_the_questions_are_a_text_to_print_with_the_address(reporter: Reporter) -> None:
    first = reporter.get("")
    assert "surat bertanda RAHASIA" in first.text
    assert f'href="/{HERE}/form"' in first.text
    paper = reporter.get("form")
    assert paper.mimetype == "text/plain"
    assert "lapor" not in paper.headers["Content-Disposition"].lower()
    for words in (
        "surat bertanda RAHASIA",
        "Apa yang terjadi?",
        "Di mana terjadi",
        "Jangan tulis nama Anda",
        "[ ] Anonim",
    ):
        assert words in paper.text
    assert "What happened?" in reporter.get(f"/en/{HERE}/form").text


def test_pages_beside_the_way_lead_back_to_where_somebody_was(reporter: Reporter) -> None:
    reporter.begin()
    evidence = reporter.get("ask/evidence").text
    traces = re.search(r'href="([^"]+traces[^"]*)"', evidence)
    assert traces is not None
    assert f'class="back" href="/{HERE}/ask/evidence"' in reporter.get(traces[1]).text
    assert f'class="back" href="/{HERE}/"' in reporter.get("traces?at=elsewhere").text
    assert f'class="back" href="/{HERE}/check"' in reporter.get("limits").text


def test_an_onion_address_is_offered_where_everybody_may_read(
    channel_with: Callable[[str], None], reporter: Reporter
) -> None:
    onion = f"http://{'a' * 56}.onion"
    channel_with(f'onion_url: "{onion}"')
    page = reporter.get("before")
    assert onion in page.text
    assert page.headers["Onion-Location"] == f"{onion}/{HERE}/before"
