"""The page of a case: reading, deciding, and what is said when something cannot be done."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from engine.cases.fire import Fired, fire
from engine.cases.models import History
from engine.database import Database
from engine.facts import Command
from engine.outbox.models import ConnectorCall, Message
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import ANSWERS, Regency

Act = Callable[..., None]


@pytest.fixture
def act(pages_database: Database, regency: Regency, clock: FrozenClock) -> Act:
    """``act(case, "budi", "approve")`` does it beside the pages, and insists that it is done."""

    def do(case_id: int, username: str, action: str, **values: object) -> None:
        with pages_database.writing.begin() as session:
            command = Command(action=action, actor=regency.people[username], **values)  # type: ignore[arg-type]
            outcome = fire(session, case_id, command, now=clock())
        assert isinstance(outcome, Fired), outcome

    return do


def test_the_document_shows_answers_as_people_read_them(browser_of: Callable[..., Browser], case_id: int) -> None:
    page = browser_of("sari").get(f"/case/{case_id}").text
    assert "Rp2.721.236.800" in page
    assert "70,00" in page
    assert "Pelaksana atau pejabat fungsional" in page
    assert "Tidak diisi" in page


def test_the_same_page_in_english_mixes_no_languages(browser_of: Callable[..., Browser], case_id: int) -> None:
    page = browser_of("sari", "en").get(f"/case/{case_id}").text
    assert '<html lang="en">' in page
    assert "Submit for review" in page
    for word in ("Keputusan", "Riwayat", "Langkah", "Lampiran", "Tidak diisi", "Antrean"):
        assert word not in page


def test_pressing_the_button_moves_the_case_and_says_where_it_stands(
    browser_of: Callable[..., Browser], case_id: int
) -> None:
    browser = browser_of("sari")
    page = browser.get(f"/case/{case_id}").text
    answer = _press(browser, page, case_id, "submit", comment="Mohon ditelaah")
    assert answer.status_code == 303
    after = browser.get(f"/case/{case_id}").text
    assert "Kasus kini pada langkah Telaah kepala seksi." in after
    assert "Mohon ditelaah" in after


def test_a_return_without_a_note_is_refused_at_its_field(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    browser = browser_of("budi")
    answer = _press(browser, browser.get(f"/case/{case_id}").text, case_id, "return")
    assert answer.status_code == 422
    assert "<title>Kesalahan:" in answer.text
    assert 'href="#comment"' in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_a_stale_page_is_refused_and_the_note_is_still_there(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    browser = browser_of("budi")
    page = browser.get(f"/case/{case_id}").text
    act(case_id, "budi", "claim")
    answer = _press(browser, page, case_id, "approve", comment="Sudah sesuai renstra")
    assert answer.status_code == 409
    assert "Sudah sesuai renstra</textarea>" in answer.text
    again = _press(browser, answer.text, case_id, "approve", comment="Sudah sesuai renstra")
    assert again.status_code == 303


def test_what_is_not_possible_is_listed_with_its_reason(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    page = browser_of("sari").get(f"/case/{case_id}").text
    box = page[page.index('id="decision"') : page.index('id="steps"')]
    assert "Belum dapat Anda lakukan" in box
    assert "Setujui dan teruskan" in box
    assert "disabled" not in page


def test_the_reviewer_sees_what_changed_since_the_return_and_whether_the_note_asked_for_it(
    browser_of: Callable[..., Browser], case_id: int, act: Act, clock: FrozenClock
) -> None:
    act(case_id, "sari", "submit")
    act(case_id, "budi", "return", comment="Anggaran 2.16.02 belum sesuai DPPA.")
    clock.advance(days=1)
    programmes = [{**ANSWERS["programmes"][0], "budget": "2650000000"}]
    act(case_id, "sari", "resubmit", answers={"programmes": programmes, "first_party_position": "Analis Muda"})
    page = browser_of("budi").get(f"/case/{case_id}").text
    assert "2 isian berubah sejak dikembalikan" in page
    changes = page[page.index('id="changes"') : page.index('id="part-basics"')]
    assert re.search(r"<del>.*Rp2\.721\.236\.800</del>.*<ins>.*Rp2\.650\.000\.000</ins>", changes, re.S)
    assert changes.count("Menjawab catatan") == 1
    assert changes.count("Di luar catatan") == 1
    assert "Dikembalikan 1 kali" in page


def test_taking_and_giving_back_a_task(browser_of: Callable[..., Browser], case_id: int, act: Act) -> None:
    _until_joint_review(act, case_id)
    gita, rina = browser_of("gita"), browser_of("rina")
    page = gita.get(f"/case/{case_id}").text
    taken = gita.post(f"/case/{case_id}/act", {"act": _value(page, "claim")})
    assert taken.status_code == 303
    assert "Anda memegang tugas ini sejak 09.00." in gita.get(f"/case/{case_id}").text
    seen = rina.get(f"/case/{case_id}").text
    assert "Gita Permata memegang tugas ini sejak 09.00." in seen
    late = rina.post(f"/case/{case_id}/act", {"act": _value(page, "claim")})
    assert late.status_code == 409
    assert "Gita Permata" in late.text
    given = gita.post(f"/case/{case_id}/act", {"act": _value(page, "claim").replace("claim", "release")})
    assert given.status_code == 303


def test_the_picture_marks_where_the_case_stands_and_a_list_says_the_same(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    page = browser_of("budi").get(f"/case/{case_id}").text
    assert re.search(r'<g id="dg-section_review" class="node state atomic at">', page)
    assert re.search(r'<g id="dg-drafting" class="node state atomic ok">', page)
    assert "<b>Telaah kepala seksi</b>: Setujui dan teruskan → Telaah kepala bidang" in page
    assert re.search(r'<li class="now" aria-current="step">.*?<b>Telaah kepala seksi</b>', page, re.S)
    picture = browser_of("budi").get(f"/case/{case_id}/diagram.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "style=" not in picture.text


def test_the_history_is_told_in_sentences_and_can_be_narrowed(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit", comment="Mohon ditelaah")
    browser = browser_of("sari")
    assert "<b>Sari Wulandari</b> membuka kasus ini" in browser.get(f"/case/{case_id}").text
    mails = browser.get(f"/case/{case_id}?history=mails").text
    assert "Mohon ditelaah" not in mails[mails.index('id="history"') :]
    assert "Surel ke" in mails


def test_why_a_mail_was_sent_can_be_looked_up(browser_of: Callable[..., Browser], case_id: int, act: Act) -> None:
    act(case_id, "sari", "submit")
    page = browser_of("sari").get(f"/case/{case_id}/mails").text
    assert "Tugas ditawarkan kepada penerima atau jabatannya." in page


def test_a_mail_of_a_case_type_s_own_kind_says_why_in_words_too(
    browser_of: Callable[..., Browser], case_id: int, act: Act, pages_database: Database
) -> None:
    act(case_id, "sari", "submit")
    with pages_database.writing.begin() as session:
        session.execute(update(Message).where(Message.case_id == case_id).values(reason="in_force"))
    page = browser_of("sari").get(f"/case/{case_id}/mails").text
    assert "in_force" not in page and "Penerima terlibat dalam kasus ini." in page


def test_following_a_case_puts_it_on_its_own_tab(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("slamet")
    browser.get(f"/case/{case_id}")
    assert browser.post(f"/case/{case_id}/follow", {"follow": "yes"}).status_code == 303
    assert f"/case/{case_id}" in browser.get("/queue?tab=follow").text
    browser.post(f"/case/{case_id}/follow", {"follow": "no"})
    assert f'href="/case/{case_id}"' not in browser.get("/queue?tab=follow").text
    assert browser_of("asing").post(f"/case/{case_id}/follow", {"follow": "no"}).status_code == 404


def test_an_act_nobody_knows_changes_nothing(browser_of: Callable[..., Browser], case_id: int) -> None:
    browser = browser_of("sari")
    browser.get(f"/case/{case_id}")
    assert browser.post(f"/case/{case_id}/act", {"act": "explode|drafting|"}).status_code == 422
    assert browser.post(f"/case/{case_id}/act", {"act": ""}).status_code == 400
    assert browser.post(f"/case/{case_id}/act", {"act": "submit||", "revision": "x" * 300}).status_code == 409


def _until_joint_review(act: Act, case_id: int) -> None:
    for username, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
        act(case_id, username, action)


def _value(page: str, action: str) -> str:
    found = re.search(rf'name="act" value="({action}\|[^"]*)"', page)
    assert found, f"no button for {action}"
    return found[1]


def _press(browser: Browser, page: str, case_id: int, action: str, comment: str = "") -> object:
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    data = {"act": _value(page, action), "comment": comment, "revision": revision[1]}
    return browser.post(f"/case/{case_id}/act", data)


def test_a_task_can_be_handed_to_another_who_may_do_it(
    browser_of: Callable[..., Browser], case_id: int, act: Act, regency: Regency
) -> None:
    _until_joint_review(act, case_id)
    gita = browser_of("gita")
    page = gita.get(f"/case/{case_id}").text
    given = gita.post(f"/case/{case_id}/act", {"act": _value(page, "assign"), "to": str(regency.people["rina"])})
    assert given.status_code == 303
    assert "Rina Puspita memegang tugas ini" in gita.get(f"/case/{case_id}").text


def test_a_stand_in_may_be_named_with_a_reason_and_a_last_day(
    browser_of: Callable[..., Browser], case_id: int, act: Act, regency: Regency
) -> None:
    _until_joint_review(act, case_id)
    gita = browser_of("gita")
    value = _value(gita.get(f"/case/{case_id}").text, "delegate")
    to_slamet = {"act": value, "to": str(regency.people["slamet"])}
    assert gita.post(f"/case/{case_id}/act", to_slamet).status_code == 422
    without_day = gita.post(f"/case/{case_id}/act", {**to_slamet, "comment": "Cuti bersalin"})
    assert (without_day.status_code, "Isi tanggal terakhirnya." in without_day.text) == (422, True)
    complete = {**to_slamet, "comment": "Cuti bersalin", "until": "2026-03-20"}
    assert gita.post(f"/case/{case_id}/act", complete).status_code == 303
    page = browser_of("slamet").get(f"/case/{case_id}").text
    assert "Cuti bersalin" in page
    assert _value(page, "approve")


def test_the_way_ahead_names_who_is_needed(browser_of: Callable[..., Browser], case_id: int, act: Act) -> None:
    act(case_id, "sari", "submit")
    page = browser_of("budi").get(f"/case/{case_id}").text
    steps = page[page.index('id="steps"') : page.index('id="diagram"')]
    titles = re.findall(r"<b>([^<]+)</b>", steps)
    assert titles == ["Penyusunan", "Telaah kepala seksi", "Telaah kepala bidang", "Reviu bersama",
                      "Telaah sekretaris", "Penandatanganan", "Berlaku"]  # fmt: skip
    assert "2 dari 3: Bapperida, BKPSDM, BPKAD" in steps
    assert "Menunggu · Penyusun, Kepala dinas" in steps


def test_a_returned_case_shows_its_note_to_the_one_who_has_to_improve_it(
    browser_of: Callable[..., Browser], case_id: int, act: Act
) -> None:
    act(case_id, "sari", "submit")
    act(case_id, "budi", "return", comment="Target belum sesuai renstra.")
    page = browser_of("sari").get(f"/case/{case_id}").text
    assert "Dikembalikan oleh Budi Santoso" in page
    assert page.index("Target belum sesuai renstra.") < page.index('id="decision"')


def test_a_long_note_is_kept_whole_and_a_longer_one_is_given_back(
    browser_of: Callable[..., Browser], case_id: int, act: Act, pages_database: Database
) -> None:
    act(case_id, "sari", "submit")
    budi = browser_of("budi")
    budi.get(f"/case/{case_id}")
    send_back = {"act": "return|section_review|"}
    refused = budi.post(f"/case/{case_id}/act", {**send_back, "comment": "a" * 10_001})
    assert refused.status_code == 422
    assert "a" * 10_001 in refused.text
    assert budi.post(f"/case/{case_id}/act", {**send_back, "comment": "satu\r\n" * 1_900 + "akhir"}).status_code == 303
    with pages_database.reading() as session:
        rows = session.scalars(select(History).where(History.case_id == case_id).order_by(History.seq)).all()
    assert str(rows[-1].comment).endswith("akhir")


def test_what_went_on_to_registers_and_systems_stands_in_words_beside_the_mails(
    browser_of: Callable[..., Browser], case_id: int, pages_database: Database, clock: FrozenClock
) -> None:
    sari = browser_of("sari")
    assert "Yang diteruskan" not in sari.get(f"/case/{case_id}/mails").text
    with pages_database.writing.begin() as session:
        call = ConnectorCall(region_id=1, case_id=case_id, revision=1, place=0, connector="e_office", state="failed")
        own = ConnectorCall(
            region_id=1, case_id=case_id, revision=1, place=1, connector="sakip.agreement_in_force", state="done"
        )
        for one in (call, own):
            one.content, one.created_at, one.not_before = {"secret": "isi"}, clock(), clock()
            session.add(one)
    page = sari.get(f"/case/{case_id}/mails").text
    assert "Yang diteruskan" in page and "e_office" in page and "Gagal" in page
    assert "Perjanjian kinerja yang berlaku" in page and "sakip." not in page
    assert "isi" not in page.partition('id="calls"')[2].partition("</table>")[0]
