"""Several tasks decided at once, where the definition allows it: choose, review, confirm, read the result."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.cases.fire import Fired, fire
from engine.cases.models import Case, History
from engine.database import Database
from engine.facts import Command
from tests.conftest import FrozenClock
from tests.web.conftest import Browser
from tests.web.region import Regency, an_agreement, an_inquiry, publish_written

Browsers = Callable[..., Browser]
TITLES = ("Honor fiktif", "Pungutan liar", "Alat tidak ada", "Rapat tanpa peserta")


@pytest.fixture
def inquiries(pages_database: Database, regency: Regency, clock: FrozenClock) -> list[int]:
    """Four complaints at the intake, and one without a summary, whose guard will not hold."""
    publish_written(pages_database, "inquiry", "complaint", clock())
    found = [an_inquiry(pages_database, regency, clock(), title) for title in TITLES]
    return [*found, an_inquiry(pages_database, regency, clock(), "Tanpa uraian", summary="")]


def _lines(page: str, name: str = "line") -> list[str]:
    return re.findall(rf'name="{re.escape(name)}" value="([^"]+)"', page)


def _look(browser: Browser) -> str:
    """The review of everything on the first page of the queue."""
    answer = browser.post("/queue/review", {"line": _lines(browser.get("/queue").text)})
    assert answer.status_code == 200
    return answer.text


def _confirm(browser: Browser, review: str, act: str, comment: str = "") -> object:
    name = f"line.{act}"
    return browser.post("/queue/decide", {"act": act, name: _lines(review, name), f"comment.{act}": comment})


def _states(database: Database, cases: list[int]) -> list[list[str]]:
    with database.reading() as session:
        found = dict(session.execute(select(Case.id, Case.state).where(Case.id.in_(cases))).all())
    return [list(found[case]["a"]) for case in cases]


def _section(page: str, title: str) -> str:
    begin = page.index(f">{title}</h2>")
    return page[begin : page.find("</section>", begin)]


def test_only_rows_of_steps_that_allow_it_have_a_box(
    inquiries: list[int], browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    with pages_database.writing.begin() as session:
        ask = Command("ask", regency.people["gita"], comment="Kapan?")
        assert isinstance(fire(session, inquiries[0], ask, now=clock()), Fired)
    assert len(_lines(browser_of("gita").get("/queue").text)) == 4
    sari = browser_of("sari").get("/queue").text
    assert "Honor fiktif" in sari and "checkbox" not in sari and "Tinjau yang dipilih" not in sari
    assert "checkbox" not in browser_of("gita").get("/queue?tab=unit").text


def test_a_paused_task_has_no_box_but_a_reason(
    inquiries: list[int], browser_of: Browsers, pages_database: Database
) -> None:
    with pages_database.writing.begin() as session:
        session.get_one(Case, inquiries[0]).is_suspended = True
    page = browser_of("gita").get("/queue").text
    assert len(_lines(page)) == 4 and "Tugas yang dijeda tidak dapat diputus massal." in page


def test_the_review_says_what_will_happen_to_which_and_decides_nothing(
    inquiries: list[int], browser_of: Browsers, pages_database: Database
) -> None:
    page = _look(browser_of("gita"))
    accept = _section(page, "Terima")
    assert all(title in accept.partition("Tidak ikut")[0] for title in TITLES)
    assert "Berikutnya: Pembentukan tim" in accept
    assert "Uraian belum diisi." in accept.partition("Tidak ikut")[2]
    assert "Terima: 4 kasus" in accept
    assert "Tolak pengaduan: 5 kasus" in _section(page, "Tolak pengaduan")
    assert "Minta keterangan" not in page, "an act without bulk is not offered"
    assert _states(pages_database, inquiries) == [["intake"]] * 5


def test_five_rows_of_which_one_is_blocked_give_four_done_and_one_skipped(
    inquiries: list[int], browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    gita = browser_of("gita")
    review = _look(gita)
    dismiss = next(value for value in re.findall(r'name="act" value="([^"]+)"', review) if value.startswith("dismiss"))
    with pages_database.writing.begin() as session:  # somebody is faster with one of them
        assert isinstance(fire(session, inquiries[1], Command("accept", regency.people["rina"]), now=clock()), Fired)
    answer = _confirm(gita, review, dismiss, "Bukan kewenangan kami")
    assert answer.status_code == 200
    assert "4 selesai, 1 dilewati." in answer.text
    rows = {row[1]: row[0] for row in re.finditer(r'<th scope="row"><a[^>]*>([^<]+)</a>.*?</tr>', answer.text, re.S)}
    assert "Dilewati" in rows["Pungutan liar"] and "Selesai" in rows["Honor fiktif"]
    assert _states(pages_database, inquiries) == [["dismissed"], ["team"], ["dismissed"], ["dismissed"], ["dismissed"]]
    with pages_database.reading() as session:
        notes = session.scalars(select(History.comment).where(History.action == "dismiss")).all()
    assert notes == ["Bukan kewenangan kami"] * 4


def test_a_note_the_act_requires_is_asked_once_and_nothing_is_done_without_it(
    inquiries: list[int], browser_of: Browsers, pages_database: Database
) -> None:
    gita = browser_of("gita")
    review = _look(gita)
    answer = _confirm(gita, review, "dismiss|Tolak pengaduan")
    assert answer.status_code == 422 and "<title>Kesalahan:" in answer.text
    assert "Tulis catatan untuk tindakan ini." in answer.text
    assert _states(pages_database, inquiries) == [["intake"]] * 5


def test_a_case_that_changed_since_the_review_is_skipped(
    inquiries: list[int], browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    gita = browser_of("gita")
    review = _look(gita)
    with pages_database.writing.begin() as session:
        fire(session, inquiries[0], Command("ask", regency.people["gita"], comment="Kapan?"), now=clock())
        told = Command("provide", regency.people["sari"], answers={"summary": "Lain sama sekali."})
        assert isinstance(fire(session, inquiries[0], told, now=clock()), Fired)
    answer = _confirm(gita, review, "accept|Terima")
    assert "Dokumen berubah sejak Anda membukanya." in answer.text and "3 selesai, 1 dilewati." in answer.text
    assert _states(pages_database, inquiries)[0] == ["intake"]


@pytest.mark.parametrize("line", ["", "x", "1:2", "1::intake:", "999999::intake:", "99999999999999999999::a:b"])
def test_lines_nobody_offered_do_nothing(
    inquiries: list[int], browser_of: Browsers, pages_database: Database, line: str
) -> None:
    asing = browser_of("asing")
    asing.get("/queue")
    page = asing.post("/queue/review", {"line": [line]})
    assert page.status_code in (200, 303) and "Honor" not in page.text
    decided = asing.post("/queue/decide", {"act": "accept|Terima", "line.accept|Terima": [line]})
    assert decided.status_code in (200, 400) and "Honor" not in decided.text
    assert _states(pages_database, inquiries) == [["intake"]] * 5


def test_a_step_without_bulk_cannot_be_decided_by_a_made_up_line(
    browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    case = an_agreement(pages_database, regency, clock())
    with pages_database.writing.begin() as session:
        fire(session, case, Command("submit", regency.people["sari"]), now=clock())
    budi = browser_of("budi")
    budi.get("/queue")
    act = "approve|Setujui dan teruskan"
    answer = budi.post("/queue/decide", {"act": act, f"line.{act}": [f"{case}::section_review:"]})
    assert "Langkah ini diputus satu per satu." in answer.text
    assert "section_review" in _states(pages_database, [case])[0]


def test_choosing_nothing_leads_back_with_a_word(inquiries: list[int], browser_of: Browsers) -> None:
    gita = browser_of("gita")
    gita.get("/queue")
    assert gita.post("/queue/review?step=intake", {}).location == "/queue?step=intake"
    assert "Pilih paling sedikit satu tugas" in gita.get("/queue").text


def test_rows_of_one_case_name_whose_decision_they_are(
    browser_of: Browsers, pages_database: Database, regency: Regency, clock: FrozenClock
) -> None:
    case = an_agreement(pages_database, regency, clock())
    with pages_database.writing.begin() as session:
        for who, action in (("sari", "submit"), ("budi", "approve"), ("dewi", "approve")):
            assert isinstance(fire(session, case, Command(action, regency.people[who]), now=clock()), Fired)
    steps = re.findall(r'<td class="step">([^<]+)</td>', browser_of("ratna").get("/queue?tab=unit").text)
    assert len(set(steps)) == len(steps) > 1
    assert all(step.startswith("Reviu bersama: ") for step in steps)
