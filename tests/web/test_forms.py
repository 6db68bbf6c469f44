"""The form of a task over plain requests: every button works without scripts, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from engine.cases import drafts
from engine.cases.fire import Fired, fire
from engine.cases.pages import case_page
from engine.cases.views import CasePage
from engine.database import Database
from engine.facts import Command
from tests.web.conftest import Browser
from tests.web.region import Regency

ANNEX = {
    "goals.#": "1",
    "goals.0.code": "S1",
    "goals.0.statement": "Meningkatnya kualitas komunikasi publik",
    "goals.0.indicators.#": "1",
    "goals.0.indicators.0.code": "S1.1",
    "goals.0.indicators.0.statement": "Indeks Keterbukaan Informasi Publik",
    "goals.0.indicators.0.unit": "index",
    "goals.0.indicators.0.target": "70",
}
INNER = {  # an indicator of the second goal
    "goals.1.indicators.#": "1",
    "goals.1.indicators.0.code": "S2.1",
    "goals.1.indicators.0.statement": "Indeks SPBE",
    "goals.1.indicators.0.unit": "index",
    "goals.1.indicators.0.target": "3",
}
Address = Callable[[str], str]


@pytest.fixture
def sari(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("sari")


@pytest.fixture
def desk(case_id: int) -> Address:
    """The address of a section of the case's form."""
    return lambda section: f"/case/{case_id}/edit?section={section}"


@pytest.fixture
def the_case(pages_database: Database, regency: Regency, case_id: int, now: datetime) -> Callable[[], CasePage]:
    def read() -> CasePage:
        with pages_database.reading() as session:
            return case_page(session, regency.people["sari"], case_id, now)

    return read


@pytest.fixture
def the_draft(pages_database: Database, regency: Regency, case_id: int) -> Callable[[], drafts.SavedDraft | None]:
    def read() -> drafts.SavedDraft | None:
        with pages_database.reading() as session:
            return drafts.load(session, regency.people["sari"], drafts.of_case(case_id))

    return read


def value_of(page: TestResponse, name: str) -> str:
    """What the box of this name holds: an input's value, a textarea's text, a list's chosen entry."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*value="([^"]*)"', page.text)
    if found:
        return found[1]
    area = re.search(rf'<textarea[^>]*name="{re.escape(name)}"[^>]*>\n?(.*?)</textarea>', page.text, re.S)
    if area:
        return area[1]
    chosen = re.search(rf'<select[^>]*name="{re.escape(name)}".*?</select>', page.text, re.S)
    option = re.search(r'<option value="([^"]*)" selected', chosen[0]) if chosen else None
    return option[1] if option else ""


def press(browser: Browser, address: str, answers: dict[str, Any], button: str) -> TestResponse:
    """Look at the page, press a button of the form, and follow where it leads."""
    browser.get(address)
    answer = browser.post(address, {**answers, "op": button})
    assert answer.status_code == 303, answer.text
    return browser.get(answer.location)


# -- who -----------------------------------------------------------------------------------------------------------


def test_the_form_opens_for_whoever_may_fill_it_in(sari: Browser, desk: Address) -> None:
    page = sari.get(desk("annex"))
    assert page.status_code == 200
    assert "<h1>Sasaran dan indikator</h1>" in page.text
    assert value_of(page, "goals.0.indicators.0.statement") == "Indeks Keterbukaan Informasi Publik"
    assert value_of(page, "goals.0.indicators.0.unit") == "index"
    assert value_of(page, "goals.0.indicators.0.quarter_1") == "66,50"


@pytest.mark.parametrize("who", ["budi", "asing", "admin", "gita"])
def test_for_everybody_else_there_is_no_such_page(who: str, browser_of: Callable[..., Browser], desk: Address) -> None:
    browser = browser_of(who)
    assert browser.get(desk("annex")).status_code == 404
    # Who sees the case reads again what they typed: it may have been theirs to fill in a moment ago.
    assert browser.post(desk("annex"), ANNEX).status_code == (409 if who == "budi" else 404)


def test_a_reviewer_is_asked_for_the_note_only(
    browser_of: Callable[..., Browser], pages_database: Database, regency: Regency, case_id: int, now: datetime
) -> None:
    with pages_database.writing.begin() as session:
        assert isinstance(fire(session, case_id, Command("submit", regency.people["sari"]), now=now), Fired)
    page = browser_of("budi").get(f"/case/{case_id}/edit")
    assert "Catatan penelaah" in page.text
    assert 'name="review_note"' in page.text
    assert 'name="period"' not in page.text


# -- drafts --------------------------------------------------------------------------------------------------------


def test_a_draft_keeps_what_was_typed_as_it_was_typed(
    sari: Browser, desk: Address, the_case: Callable[[], CasePage]
) -> None:
    page = press(sari, desk("annex"), {**ANNEX, "goals.0.indicators.0.target": "tujuh puluh"}, "save:")
    assert value_of(page, "goals.0.indicators.0.target") == "tujuh puluh"
    assert "Draf tersimpan 09.00 WIB" in page.text
    assert the_case().answers["goals"][0]["indicators"][0]["target"] == 70


def test_a_section_that_was_not_on_the_page_keeps_its_answers(sari: Browser, desk: Address) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "Berubah"}, "save:")
    press(sari, desk("basics"), {"period": "2027", "level": "section", "stage": "original"}, "save:")
    assert value_of(sari.get(desk("annex")), "goals.0.statement") == "Berubah"
    assert value_of(sari.get(desk("basics")), "period") == "2027"


def test_going_on_with_something_wrong_shows_it_on_top_and_at_its_place(sari: Browser, desk: Address) -> None:
    wrong = {**ANNEX, "goals.0.indicators.0.target": "tujuh puluh", "goals.0.statement": ""}
    page = press(sari, desk("annex"), wrong, "next:")
    assert "<title>Kesalahan:" in page.text
    assert "Ada 2 isian yang perlu diperbaiki" in page.text
    assert '<a href="#goals-0-indicators-0-target">S1.1, Target: ' in page.text
    assert '<a href="#goals-0-statement">S1, Sasaran: Wajib diisi.</a>' in page.text
    assert 'id="goals-0-statement"' in page.text
    assert 'aria-describedby="goals-0-indicators-0-target-error" aria-invalid="true"' in page.text
    assert value_of(page, "goals.0.indicators.0.target") == "tujuh puluh"


def test_going_on_with_all_in_order_leads_to_the_next_section(sari: Browser, desk: Address) -> None:
    assert "<h1>Program dan anggaran</h1>" in press(sari, desk("annex"), ANNEX, "next:").text


def test_a_row_whose_quarters_do_not_add_up_says_so_beside_it(sari: Browser, desk: Address) -> None:
    indicator = {
        "unit": "work_unit", "target": "22", "consolidation": "sum",
        "quarter_1": "4", "quarter_2": "6", "quarter_3": "7", "quarter_4": "8",
    }  # fmt: skip
    page = press(
        sari,
        desk("annex"),
        {**ANNEX, **{f"goals.0.indicators.0.{key}": text for key, text in indicator.items()}},
        "next:",
    )
    assert '<a href="#goals-0-indicators-0">Jumlah target triwulan S1.1 tidak sama' in page.text


# -- rows ----------------------------------------------------------------------------------------------------------


def test_a_row_is_added_with_the_next_code_and_what_was_typed_stays(sari: Browser, desk: Address) -> None:
    page = press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "Baru diketik"}, "add:goals.0.indicators")
    assert value_of(page, "goals.0.indicators.1.code") == "S1.2"
    assert value_of(page, "goals.0.statement") == "Baru diketik"
    page = press(sari, desk("annex"), ANNEX, "add:goals")
    assert value_of(page, "goals.1.code") == "S2"
    assert value_of(page, "goals.1.indicators.0.code") == "S2.1"


TWO_GOALS = {**ANNEX, "goals.#": "2", "goals.1.code": "S2", "goals.1.statement": "Kedua", "goals.1.indicators.#": "0"}


def test_rows_change_places(sari: Browser, desk: Address) -> None:
    page = press(sari, desk("annex"), TWO_GOALS, "up:goals.1")
    assert [value_of(page, f"goals.{number}.code") for number in (0, 1)] == ["S2", "S1"]
    assert value_of(page, "goals.1.indicators.0.code") == "S1.1"
    page = press(sari, desk("annex"), TWO_GOALS, "down:goals.1")
    assert [value_of(page, f"goals.{number}.code") for number in (0, 1)] == ["S1", "S2"]


def test_a_removed_row_can_be_brought_back(sari: Browser, desk: Address) -> None:
    page = press(sari, desk("annex"), TWO_GOALS, "remove:goals.0")
    assert value_of(page, "goals.0.code") == "S2"
    assert "S1 sudah dihapus." in page.text
    shown = {"goals.#": "1", "goals.0.code": "S2", "goals.0.statement": "Kedua", "goals.0.indicators.#": "0"}
    page = press(sari, desk("annex"), shown, "undo:")
    assert [value_of(page, f"goals.{number}.code") for number in (0, 1)] == ["S1", "S2"]
    assert value_of(page, "goals.0.indicators.0.target") == "70"


def test_a_proposed_row_keeps_the_key_of_its_source_wherever_it_is_moved(
    sari: Browser, desk: Address, the_draft: Callable[[], drafts.SavedDraft | None]
) -> None:
    proposed = {"goals.1.row_key": "kominfo.o", "goals.1.indicators.0.row_key": "kip@1"}
    page = press(sari, desk("annex"), {**TWO_GOALS, **INNER, **proposed}, "up:goals.1")
    assert value_of(page, "goals.0.row_key") == "kominfo.o"
    assert value_of(page, "goals.0.indicators.0.row_key") == "kip@1"
    assert 'name="goals.1.row_key"' not in page.text
    draft = the_draft()
    assert draft is not None
    assert draft.answers["goals"][0]["row_key"] == "kominfo.o"


def test_the_last_row_can_be_removed_and_then_it_is_missing(sari: Browser, desk: Address) -> None:
    page = press(sari, desk("annex"), ANNEX, "remove:goals.0")
    assert value_of(page, "goals.0.code") == ""
    page = press(sari, desk("annex"), {"goals.#": "0"}, "next:")
    assert "<h1>Program dan anggaran</h1>" in page.text
    answer = sari.post(desk("-send"), {"act": "submit|drafting|"})
    assert answer.status_code == 422
    assert "Isi paling sedikit satu sasaran" in answer.text


def test_rows_are_pasted_from_a_spreadsheet_without_scripts(sari: Browser, desk: Address) -> None:
    pasted = (
        "Kode\tIndikator\tSatuan\tTW I\tTW II\tTW III\tTW IV\tTarget\r\n"
        "S1.2\tIndeks SPBE\tIndeks\t\t2,65\t\t2,8\t2,8\r\n"
        'S1.3\t"Nilai ""SAKIP"""\tPredikat SAKIP\t\t\t\tBB\tBB\r\n'
    )
    named = re.findall(r'value="paste:[^"]+" aria-label="(Tambahkan baris ini: [^"]+)"', sari.get(desk("annex")).text)
    assert len(named) >= 2 and len(named) == len(set(named))  # each button says which table it adds to
    page = press(sari, desk("annex"), {**ANNEX, "paste:goals.0.indicators": pasted}, "paste:goals.0.indicators")
    assert [value_of(page, f"goals.0.indicators.{n}.code") for n in (0, 1, 2)] == ["S1.1", "S1.2", "S1.3"]
    assert value_of(page, "goals.0.indicators.1.unit") == "index"
    assert value_of(page, "goals.0.indicators.2.unit") == "predicate"
    assert value_of(page, "goals.0.indicators.2.target") == "BB"
    assert value_of(page, "goals.0.indicators.2.statement") == "Nilai &#34;SAKIP&#34;"


def test_a_pasted_cell_lands_where_the_caret_was(sari: Browser, desk: Address) -> None:
    answers = {**ANNEX, "pasted": "Satu\tIndeks\nDua\t%"}
    page = press(sari, desk("annex"), answers, "paste:goals.0.indicators.0:statement")
    assert value_of(page, "goals.0.indicators.0.statement") == "Satu"
    assert value_of(page, "goals.0.indicators.0.target") == "70"
    assert value_of(page, "goals.0.indicators.1.statement") == "Dua"
    assert value_of(page, "goals.0.indicators.1.unit") == "percent"


def test_no_more_rows_are_pasted_than_a_table_may_have(sari: Browser, desk: Address) -> None:
    pasted = "\n".join(f"S1.{number}\tIndikator {number}" for number in range(2, 200))
    page = press(sari, desk("annex"), {**ANNEX, "paste:goals.0.indicators": pasted}, "paste:goals.0.indicators")
    assert value_of(page, "goals.0.indicators.29.code") == "S1.30"
    assert 'name="goals.0.indicators.30.code"' not in page.text


def test_the_box_of_a_target_follows_its_unit(sari: Browser, desk: Address) -> None:
    changed = {**ANNEX, "goals.0.indicators.0.unit": "predicate"}
    page = press(sari, desk("annex"), changed, "refresh:")
    assert re.search(r'<select[^>]*name="goals.0.indicators.0.target"', page.text)
    assert value_of(page, "goals.0.indicators.0.target") == "70"  # shown until another is chosen


# -- what scripts ask for ------------------------------------------------------------------------------------------


def test_a_script_is_told_when_the_draft_was_kept_and_what_the_total_is(sari: Browser, desk: Address) -> None:
    sari.get(desk("budget"))
    rows = {"programmes.#": "2", "programmes.0.code": "1", "programmes.0.name": "A", "programmes.0.budget": "1.500.000",
            "programmes.1.code": "2", "programmes.1.name": "B", "programmes.1.budget": "Rp250.000"}  # fmt: skip
    told = sari.post(desk("budget"), {**rows, "op": "keep:"}).json
    assert told["saved"] == "Draf tersimpan 09.00 WIB"
    assert told["totals"]["budget_total"] == "Rp1.750.000"
    assert "Rp1.750.000" in sari.get(desk("budget")).text


def test_a_script_is_told_which_questions_are_not_asked(sari: Browser, desk: Address) -> None:
    sari.get(desk("basics"))
    answers = {"period": "2026", "level": "individual", "stage": "revision", "op": "keep:"}
    assert sari.post(desk("basics"), answers).json["out"]["replaces"] is False
    assert sari.post(desk("basics"), {**answers, "stage": "original"}).json["out"]["replaces"] is True


def test_without_scripts_a_conditional_question_says_when_it_is_asked(sari: Browser, desk: Address) -> None:
    page = sari.get(desk("basics"))
    assert "Hanya bila Tahap: Perubahan" in page.text
    assert 'data-condition="replaces" data-out' in page.text


def test_choosing_a_person_fills_what_is_known_of_them(sari: Browser, desk: Address, regency: Regency) -> None:
    chosen = {"first_party": str(regency.people["dewi"]), "first_party_name": "", "first_party_position": "Tertulis"}
    page = press(sari, desk("parties"), chosen, "refresh:")
    assert value_of(page, "first_party_name") == "Dewi Lestari"
    assert value_of(page, "first_party_position") == "Tertulis"


# -- sending -------------------------------------------------------------------------------------------------------


def test_the_last_page_shows_everything_and_sends_it_with_the_act(
    sari: Browser, desk: Address, the_case: Callable[[], CasePage], the_draft: Callable[[], Any]
) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.indicators.0.target": "71,5"}, "next:")
    page = sari.get(desk("-send"))
    assert "71,50" in page.text
    answer = sari.post(desk("-send"), {"act": "submit|drafting|", "revision": value_of(page, "revision")})
    assert answer.status_code == 303
    assert the_case().state_title.id == "Telaah kepala seksi"
    assert str(the_case().answers["goals"][0]["indicators"][0]["target"]) == "71.5"
    assert the_draft() is None


def test_what_is_not_complete_is_not_sent_and_every_point_leads_to_its_place(
    sari: Browser, desk: Address, the_case: Callable[[], CasePage]
) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "", "goals.0.indicators.0.target": "x"}, "save:")
    page = sari.get(desk("-send"))
    assert re.search(r'href="/case/\d+/edit\?section=annex&amp;check=1#goals-0-statement"', page.text)
    assert 'class="btn off" href="#errors-title"' in page.text
    answer = sari.post(desk("-send"), {"act": "submit|drafting|"})
    assert answer.status_code == 303
    assert the_case().state_title.id == "Penyusunan"


def test_a_case_that_has_moved_on_refuses_and_keeps_everything(
    sari: Browser, desk: Address, the_case: Callable[[], CasePage]
) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "Diketik lama"}, "save:")
    answer = sari.post(desk("-send"), {"act": "submit|drafting|", "revision": "0"})
    assert answer.status_code == 409
    assert "<title>Kesalahan:" in answer.text
    assert the_case().state_title.id == "Penyusunan"
    assert value_of(sari.get(desk("annex")), "goals.0.statement") == "Diketik lama"


@pytest.mark.parametrize("button", [{"op": "save:"}, {"act": "submit|drafting|"}])
def test_typed_in_a_tab_left_open_while_the_case_went_on_is_shown_again(
    button: dict[str, str], sari: Browser, desk: Address, case_id: int, pages_database: Database,
    regency: Regency, now: datetime,
) -> None:  # fmt: skip
    sari.get(desk("annex"))
    with pages_database.writing.begin() as session:
        fire(session, case_id, Command(action="submit", actor=regency.people["sari"]), now=now)
    typed = {"goals.0.statement": "Diketik terlambat", "comment": "Catatan terlambat", **button}
    answer = sari.post(desk("annex"), typed)
    assert answer.status_code == 409
    assert "Diketik terlambat" in answer.text
    assert "Catatan terlambat" in answer.text


def test_an_act_on_the_case_page_does_not_leave_typed_answers_behind(
    sari: Browser, desk: Address, case_id: int, the_case: Callable[[], CasePage]
) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "Belum dikirim"}, "save:")
    sari.get(f"/case/{case_id}")
    answer = sari.post(f"/case/{case_id}/act", {"act": "submit|drafting|", "comment": "Mohon ditelaah"})
    assert answer.location.endswith("section=-send")
    assert "Belum dikirim" in sari.get(answer.location).text
    assert the_case().state_title.id == "Penyusunan"


def test_a_draft_can_be_discarded_though_it_is_not_complete(
    sari: Browser, desk: Address, the_case: Callable[[], CasePage]
) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": ""}, "save:")
    answer = sari.post(desk("-send"), {"act": "discard|drafting|"})
    assert answer.status_code == 303
    assert the_case().state_title.id == "Dibuang"


def test_returned_work_shows_the_note_at_the_row_it_names(
    sari: Browser, desk: Address, pages_database: Database, regency: Regency, case_id: int, now: datetime
) -> None:
    with pages_database.writing.begin() as session:
        fire(session, case_id, Command("submit", regency.people["sari"]), now=now)
        said = "Target S1.1 belum sama. Lihat RPJMD."
        assert isinstance(
            fire(session, case_id, Command("return", regency.people["budi"], comment=said), now=now), Fired
        )
    page = sari.get(desk("annex"))
    assert "Catatan Budi Santoso, 2 Mar, 09.00: Target S1.1 belum sama. Lihat RPJMD." in page.text
    assert page.text.count("Catatan Budi Santoso, 2 Mar, 09.00: Target S1.1 belum sama.</span>") == 1


def test_what_was_typed_can_be_thrown_away(sari: Browser, desk: Address, the_draft: Callable[[], Any]) -> None:
    press(sari, desk("annex"), {**ANNEX, "goals.0.statement": "Tidak jadi"}, "save:")
    assert "Buang yang belum diajukan" in sari.get(desk("-send")).text
    press(sari, desk("-send"), {}, "reset:")
    assert the_draft() is None
    assert value_of(sari.get(desk("annex")), "goals.0.statement") == "Meningkatnya kualitas komunikasi publik"


# -- sessions and languages ----------------------------------------------------------------------------------------


def test_a_session_that_ended_loses_nothing_typed(visitor: Browser, desk: Address, sari: Browser) -> None:
    typed = {**ANNEX, "goals.0.statement": "Diketik saat sesi berakhir", "op": "save:"}
    asked = visitor.post(desk("annex"), typed)
    assert "Diketik saat sesi berakhir" in asked.text
    sari.get(desk("annex"))
    assert sari.post(desk("annex"), typed).status_code == 303


def test_the_form_speaks_english(browser_of: Callable[..., Browser], desk: Address) -> None:
    page = browser_of("sari", "en").get(desk("basics"))
    assert "<h1>Basis and reason</h1>" in page.text
    assert "Only if Stage is Revision" in page.text
    assert "Save and continue" in page.text


# -- what nobody would type ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "strange",
    [
        {"goals.99999999.code": "x"},
        {"goals.0": "x"},
        {"goals": "x"},
        {"goals.0.indicators.0.indicators.0.x": "y"},
        {"goals.-1.code": "x", "goals.0x.code": "y"},
        {"...": "x", ".": "y", "goals..code": "z"},
        {"signed_on": "2026-01-01", "budget_total": "5", "__class__.x": "y"},
        {"goals.0.code": "x" * 100_000},
        {"goals.0.statement": "\x00\ud7ff\u202e<script>alert(1)</script>"},
        {f"goals.{number}.code": "x" for number in range(900)},
        {".".join(["goals.0.indicators"] * 300): "x"},
        {"goals.0.code": "1" * 5_000, "op": "add:goals"},
        {"goals.0.code": "1" * 100_000 + "x", "op": "add:goals"},
    ],
)
def test_names_and_texts_nobody_would_send_break_nothing(
    strange: dict[str, str], sari: Browser, desk: Address, the_case: Callable[[], CasePage]
) -> None:
    sari.get(desk("annex"))
    answer = sari.post(desk("annex"), {"op": "save:", **strange})
    assert answer.status_code == 303
    page = sari.get(desk("annex"))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert sari.get(desk("-send")).status_code == 200
    assert the_case().answers["goals"][0]["code"] == "S1"


@pytest.mark.parametrize(
    "button",
    [
        "add:period", "add:goals.7.indicators", "up:goals.5", "remove:goals.x", "down:", "paste:nothing", "undo:",
        "remove:goals." + "9" * 5_000, "add:goals." + "9" * 5_000 + ".indicators",
    ],
)  # fmt: skip
def test_a_button_for_something_that_is_not_there_changes_nothing(button: str, sari: Browser, desk: Address) -> None:
    page = press(sari, desk("annex"), ANNEX, button)
    assert value_of(page, "goals.0.code") == "S1"
    assert 'name="goals.1.code"' not in page.text


@pytest.mark.parametrize("data", [{"op": "explode:"}, {"act": "launch|drafting|"}, {"act": ""}])
def test_a_button_we_do_not_have_is_refused(data: dict[str, str], sari: Browser, desk: Address) -> None:
    sari.get(desk("annex"))
    assert sari.post(desk("annex"), data).status_code == 400


def test_a_section_that_does_not_exist_shows_the_first(sari: Browser, desk: Address) -> None:
    assert "<h1>Dasar dan alasan</h1>" in sari.get(desk("%00nothing")).text
