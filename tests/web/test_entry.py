"""A quarter's entry: rows filled in, checked at once and sent through the ordinary command, by whose task it is."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.cases.models import Case
from sakip.facts.evidence import Content
from sakip.facts.models import AgreementRow
from tests.sakip.measured import YEAR
from tests.sakip.measuring_office import piece, rows_of, ticks
from tests.web.evaluation_pages import Pages, revision
from tests.web.growing import cases_like

KEYS = ("permits", "served", "app", "opinion", "works")


@pytest.fixture
def pages(entry: Pages) -> Pages:
    return entry


def address(pages: Pages, name: str = "open") -> str:
    return f"/performance/reports/{pages.cases[name]}"


def stored(pages: Pages, name: str = "open") -> dict[str, dict[str, Any]]:
    with pages.office() as office:
        return {row["row_key"]: row for row in rows_of(office, pages.cases[name])}


def row_of(text: str, key: str) -> str:
    """What stands in the row of an indicator, in plain words."""
    return text.partition(f'id="row-{key}"')[2].partition('<div class="entry" ')[0]


def said(text: str, key: str) -> str:
    """What the row comes to."""
    part = text.partition(f'id="row-{key}-result"')[2].partition("</div>")[0].partition(">")[2]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split())


def evidence(pages: Pages) -> str:
    with pages.office() as office:
        return str(piece(office, title="Rekap layanan", content=Content(link="https://contoh.go.id/rekap")))


def whole(number: str) -> dict[str, Any]:
    """Every row filled in well."""
    return {
        "row": list(KEYS), "value:app": "ya", "value:opinion": "BB", "value:works": ["Rancang", "Bangun", "Uji"],
        "not_issued:permits": "true", "value:served": "96,5",
        **{f"evidence:{key}": number for key in KEYS if key != "permits"},
    }  # fmt: skip


def test_a_unit_sees_its_rows_by_objective_with_target_and_what_was_before(pages: Pages) -> None:
    page = pages.browser("sari").get(address(pages)).text
    assert "<h1>Triwulan II 2026, " in page and "0 dari 5 terisi" in page and "hari kerja lagi" in page
    assert "Layanan makin mudah" in page
    served = row_of(page, "served")
    assert "Makin tinggi makin baik; nilai terakhir" in served
    assert "Triwulan I</dt><dd>95,5\u00a0%" in served and "Target Triwulan II</dt><dd>95\u00a0%<" in served
    assert '<svg class="spark"' in served
    assert "(Triwulan III 2025: 80; Triwulan IV 2025: 88; Triwulan I: 95,5)" in served
    assert re.search(r'name="value:served"[^>]* inputmode="decimal"', served)
    assert re.search(r'<select [^>]*name="value:opinion">.*<option value="AA">AA</option><option value="A">A<',
                     row_of(page, "opinion"), re.S)  # fmt: skip
    assert 'type="radio" name="value:app" value="ya"' in page
    assert page.count('type="checkbox" name="value:works"') == 4  # and none of them
    assert said(page, "served") == "Belum diisi"
    assert "1 indikator tidak diukur pada periode ini" in page
    assert "grade: <span" in page and "tidak diukur pada periode ini, tetapi pada Triwulan IV" in page
    assert 'btn-primary" name="act" value="report|drafting|">Laporkan Triwulan II<' in page


def test_the_page_is_english_throughout_when_asked(pages: Pages) -> None:
    page = pages.browser("sari", "en").get(address(pages)).text
    assert "<h1>Second quarter 2026, " in page and "0 of 5 filled in" in page
    assert "Higher is better; last value" in page
    assert "Report Second quarter" in page
    for indonesian in ("Belum", "Periksa", "Realisasi", "Sasaran", "Bukti", "Simpan"):
        assert indonesian not in page.partition("<main")[2].partition("</main>")[0], indonesian


def test_a_target_that_changed_since_stands_beside_that_of_the_period(pages: Pages) -> None:
    pages.clock.moment = datetime(2026, 7, 13, 2, 0, tzinfo=UTC)
    served = row_of(pages.browser("sari").get(address(pages)).text, "served")
    assert "Target Triwulan II</dt><dd>95\u00a0%<" in served and "Target sekarang</dt><dd>99\u00a0%<" in served


def test_checking_keeps_a_draft_and_says_what_every_value_makes(pages: Pages) -> None:
    browser = pages.browser("sari")
    browser.get(address(pages))
    typed = {
        "row": list(KEYS), "value:served": "76", "value:opinion": "B", "value:works": ["Rancang"], "value:app": "tidak",
        "value:permits": "1.250", "op": "check:",
    }  # fmt: skip
    assert browser.post(address(pages), typed).status_code == 303
    page = browser.get(address(pages)).text
    assert "5 dari 5 terisi" in page and "Draf tersimpan" in page
    assert said(page, "served") == "Capaian 80,00 % Hampir tercapai"
    assert said(page, "opinion") == "Capaian 80,00 % Hampir tercapai"
    assert said(page, "works") == "Capaian 25,00 % Di bawah target"
    assert said(page, "permits").startswith("Tanpa target: Triwulan II. Target ditetapkan")
    assert stored(pages)["served"].get("value") is None
    assert "0 dari 5 terisi" in pages.browser("fitri").get(address(pages)).text


def test_explanations_open_where_the_band_asks_for_them(pages: Pages) -> None:
    browser = pages.browser("sari")
    browser.get(address(pages))
    browser.post(address(pages), {"row": ["served", "works"], "value:served": "96", "value:works": ";", "op": "check:"})
    page = browser.get(address(pages)).text
    assert said(page, "works") == "Capaian 0,00 % Di bawah target"  # none is done, and that is an answer
    assert re.search(r'id="row-works-why"[^>]* open>', page) and "diminta untuk kategori Di bawah target" in page
    assert re.search(r'id="row-served-why"[^>]* data-opens>', page)


def test_a_number_in_another_form_is_taken_with_one_press(pages: Pages) -> None:
    browser = pages.browser("sari")
    browser.get(address(pages))
    browser.post(address(pages), {"row": "served", "value:served": "34.49", "op": "check:"})
    page = browser.get(address(pages)).text
    assert "34.49 bukan angka; maksudnya 34,49?" in page and "Ganti dengan 34,49" in page
    assert '<a href="#row-served-value">served, Realisasi: 34.49 bukan angka; maksudnya 34,49?</a>' in page
    fixed = browser.post(address(pages), {"row": "served", "value:served": "34.49", "op": "fix:served"})
    assert fixed.status_code == 303 and fixed.location.endswith("#row-served")
    page = browser.get(address(pages)).text
    assert re.search(r'name="value:served" value="34,49"', page) and "bukan angka" not in page


def test_a_script_gets_the_page_itself_with_the_results(pages: Pages) -> None:
    browser = pages.browser("sari")
    browser.get(address(pages))
    typed = {"row": "served", "value:served": "100", "op": "check:"}
    answer = browser.post(address(pages), typed, headers={"X-Alur-Part": "entry"})
    assert answer.status_code == 200
    assert said(answer.text, "served") == "Capaian 105,26 % Tercapai" and "1 dari 5 terisi" in answer.text


def test_saving_writes_the_rows_with_the_case_s_revision_and_no_more(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    typed = {"row": "served", "value:served": "90", "act": "save|drafting|", "revision": revision(page)}
    assert browser.post(address(pages), typed).location.endswith(address(pages))
    kept = stored(pages)
    assert kept["served"]["value"] == "90" and kept["served"]["target"] == "95"
    assert list(kept) == list(KEYS)


def test_a_report_that_lacks_something_comes_back_with_every_row_named_and_nothing_lost(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    number = evidence(pages)
    typed = {**whole(number), "value:served": "50", "evidence:opinion": [], "value:app": ""}
    refused = browser.post(address(pages), {**typed, "act": "report|drafting|", "revision": revision(page)})
    assert refused.status_code == 422
    text = unescape(refused.text)
    assert '#row-app-value">app, Realisasi: Isi nilainya, nol pun diisi, atau pilih belum terbit.</a>' in text
    assert '#row-opinion-evidence">opinion: Bukti kurang: 0 dari 1.</a>' in text
    explained = "Faktor pendorong, Faktor penghambat, Tindak lanjut: Wajib dijelaskan. Kategori: Di bawah target."
    assert f'#row-served-drivers">served, {explained}</a>' in text
    assert "Yang Anda ketik tersimpan sebagai draf." in text and "<title>Kesalahan: " in text
    for shown in (text, browser.get(address(pages)).text):
        assert re.search(r'name="value:served" value="50"', shown)
        assert re.search(rf'name="evidence:works" value="{number}" checked', shown)
        assert 'value="BB" selected' in shown


def test_a_whole_report_is_sent_and_leads_to_its_case(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    act = {"act": "report|drafting|", "revision": revision(page)}
    sent = browser.post(address(pages), {**whole(evidence(pages)), **act})
    assert sent.status_code == 303 and sent.location.endswith(f"/case/{pages.cases['open']}")
    kept = stored(pages)
    assert (kept["works"]["value"], kept["app"]["value"]) == ("Rancang; Bangun; Uji", "ya")
    assert kept["permits"]["not_issued"] is True and kept["served"]["evidence"]
    with pages.office() as office:
        assert office.states(pages.cases["open"]) == ["verification"]
    read = browser.get(address(pages)).text
    assert "Anda membaca laporan ini." in read and "<input" not in row_of(read, "served")
    assert "96,5\u00a0%" in read and "Rekap layanan" in read
    assert browser.post(address(pages), {"row": "served", "value:served": "1", "op": "check:"}).status_code == 409


def test_a_stale_revision_is_refused_and_nothing_typed_is_lost(pages: Pages) -> None:
    browser = pages.browser("sari")
    old = revision(browser.get(address(pages)).text)
    assert browser.post(address(pages), {"act": "save|drafting|", "revision": old}).status_code == 303
    typed = {"row": "served", "value:served": "77", "act": "save|drafting|", "revision": old}
    refused = browser.post(address(pages), typed)
    assert refused.status_code == 409
    assert 'name="value:served" value="77"' in refused.text
    assert 'name="value:served" value="77"' in browser.get(address(pages)).text
    assert browser.post(address(pages), typed | {"revision": "x"}).status_code == 409


def test_evidence_that_is_no_piece_of_the_register_is_refused_at_the_row(pages: Pages) -> None:
    browser = pages.browser("sari")
    for forged in ("x", "999"):
        typed = {"row": "served", "value:served": "9", "evidence:served": forged, "act": "report|drafting|"}
        refused = browser.post(address(pages), {**typed, "revision": revision(browser.get(address(pages)).text)})
        assert refused.status_code == 422
    assert "Bukan bukti yang dapat dipakai di sini" in row_of(refused.text, "served")


def test_a_value_and_not_issued_together_are_refused_at_the_row(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    typed = {"row": "served", "value:served": "9", "not_issued:served": "true", "act": "save|drafting|"}
    refused = browser.post(address(pages), {**typed, "revision": revision(page)})
    assert refused.status_code == 422
    assert "Isi nilainya atau pilih belum terbit, bukan keduanya." in row_of(refused.text, "served")


def test_what_came_back_stands_first_with_its_note_and_at_its_row(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages, "back")).text
    first = page.partition('class="goal panel"')[0]
    assert "1 baris dikembalikan" in first and "Satu baris keliru" in first and "Vina" in first
    assert '<a href="#row-permits">permits</a>: Periksa' in first
    assert "Dikembalikan:</b> Periksa" in row_of(page, "permits")
    assert "Dikembalikan" not in row_of(page, "served") and "Ubah periode" not in page
    act = {"act": "report|correction|", "revision": revision(page)}
    sent = browser.post(address(pages, "back"), {"row": "permits", "value:permits": "1.250", **act, **_proof(page)})
    assert sent.status_code == 303
    assert stored(pages, "back")["permits"]["value"] == "1.250"


def _proof(page: str) -> dict[str, str]:
    found = re.search(r'name="evidence:permits" value="([0-9]+)" checked', page)
    assert found is not None
    return {"evidence:permits": found[1]}


def test_a_new_piece_of_evidence_is_registered_on_the_way_and_comes_back_chosen(pages: Pages) -> None:
    browser = pages.browser("sari")
    browser.get(address(pages))
    away = browser.post(address(pages), {"row": "served", "value:served": "91", "op": "add:served"})
    assert away.status_code == 303 and "/performance/evidence/add?" in away.location
    number = evidence(pages)
    page = browser.get(f"{address(pages)}?row=served&added={number}").text
    assert re.search(rf'name="evidence:served" value="{number}" checked', page)
    assert 'name="value:served" value="91"' in page


def test_a_piece_says_whose_it_is_where_it_is_not_the_units_own(pages: Pages) -> None:
    with pages.office() as office:
        mine, above, regional = (piece(office, unit, title="Rencana aksi") for unit in ("kominfo", "pemkab", None))
        names = (office.units["pemkab"].name, office.region.name)
    page = pages.browser("sari").get(address(pages)).text
    found = {}
    for number in (mine, above, regional):
        line = re.search(rf'name="evidence:served" value="{number}".*?<small class="dim">(.*?)</small>', page, re.S)
        assert line
        found[number] = unescape(line[1])
    assert (found[above], found[regional]) == tuple(f"{found[mine]}, {name}" for name in names)


def test_a_long_register_is_opened_row_by_row(pages: Pages) -> None:
    with pages.office() as office:
        numbers = [piece(office, content=Content(link=f"https://contoh.go.id/{one}")) for one in range(70)]
    browser = pages.browser("sari")
    assert browser.get(address(pages)).text.count('name="evidence:served"') == 0
    typed = {"row": "served", "value:served": "91", "op": "choose:served"}
    away = browser.post(address(pages), typed)
    assert away.location.endswith("?choose=served#row-served-evidence")
    page = browser.get(away.location).text
    assert page.count('name="evidence:served"') == 71 and page.count('name="evidence:works"') == 0
    browser.post(address(pages), {**typed, "evidence:served": str(numbers[3]), "op": "check:"})
    page = browser.get(address(pages)).text
    assert page.count('name="evidence:served"') == 1
    assert f'name="evidence:served" value="{numbers[3]}" checked' in page


def test_verifier_and_head_read_and_others_find_nothing(pages: Pages) -> None:
    with pages.office() as office:
        assert ticks(office, pages.cases["back"])
    page = pages.browser("fitri").get(address(pages)).text
    assert "Anda membaca laporan ini." in page and 'name="act"' not in page
    assert pages.browser("wati").get(address(pages)).status_code == 404
    assert pages.browser("wati").post(address(pages), {"op": "check:"}).status_code == 404
    assert pages.browser("sari").get("/performance/reports/999999").status_code == 404


def test_buttons_that_name_nothing_change_nothing(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    for wrong in ("fix:grade", "fix:", "explode:served", "add:../x"):
        assert browser.post(address(pages), {"op": wrong}).status_code == 400, wrong
    assert browser.post(address(pages), {"act": "verify|nowhere|", "revision": revision(page)}).status_code == 400
    foreign = {"row": "grade", "value:grade": "BB", "act": "save|drafting|", "revision": revision(page)}
    assert browser.post(address(pages), foreign).status_code == 303
    assert "grade" not in stored(pages)


def test_what_was_spent_of_each_programme_is_told_with_the_rows(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(address(pages)).text
    assert "Anggaran program" in page and "Rp400.000.000" in page
    spent = {"absorbed:2.16.02": "80.000.000", "absorbed:2.16.03": "500.000.000"}
    act = {"act": "report|drafting|", "revision": revision(page)}
    refused = browser.post(address(pages), {**whole(evidence(pages)), **spent, **act})
    assert refused.status_code == 422 and 'value="500.000.000"' in refused.text
    assert '#row-programmes2-16-03-absorbed">2.16.03 Program 2.16.03: Lebih besar dari anggarannya.' in refused.text
    sent = browser.post(address(pages), {**spent, "absorbed:2.16.03": "", **act})
    assert sent.status_code == 303
    with pages.office() as office:
        rows = rows_of(office, pages.cases["open"], "programmes")
    assert [row.get("absorbed") for row in rows] == [80_000_000, None]
    assert "Rp80.000.000" in browser.get(address(pages)).text


# -- opening one ---------------------------------------------------------------------------------------------------


def test_the_reports_of_a_year_are_listed_and_opened_with_one_press(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(f"/performance/reports?year={YEAR}").text
    assert "Triwulan III" in page and "Perbaikan" in page and "Pengisian" in page
    assert page.count(">Buka laporan<") == 2
    third = {"year": str(YEAR), "unit": "kominfo", "period": "q3"}
    away = browser.post("/performance/reports", third)
    assert away.status_code == 303
    shown = browser.get(away.location).text
    assert "<h1>Triwulan III 2026, " in shown and "0 dari 2 terisi" in shown
    again = browser.post("/performance/reports", third)
    assert again.location == away.location
    assert browser.post("/performance/reports", {**third, "period": "q1"}).location.endswith(address(pages, "back"))
    with pages.office() as office:
        assert office.session.scalar(select(func.count()).select_from(Case)) == 3


def test_only_whose_task_a_report_is_is_asked_to_go_on_with_it(pages: Pages) -> None:
    index = f"/performance/reports?year={YEAR}"
    with pages.office() as office:
        assert ticks(office, pages.cases["back"])
    begun = {who: pages.browser(who).get(index).text for who in ("sari", "fitri", "bayu")}
    link = f'href="{address(pages, "back")}">%s<span'
    asked = {who: [words for words in ("Lanjutkan mengisi", "Periksa", "Lihat") if link % words in page]
             for who, page in begun.items()}  # fmt: skip
    assert asked == {"sari": ["Lanjutkan mengisi"], "fitri": ["Lihat"], "bayu": []}


def test_who_cannot_read_a_colleague_s_report_is_told_whose_it_is(pages: Pages) -> None:
    bayu, sari = pages.browser("bayu"), pages.browser("sari")
    bayu.get("/performance/reports")
    third = {"year": str(YEAR), "unit": "kominfo", "period": "q3"}
    assert bayu.post("/performance/reports", third).status_code == 303
    page = sari.get(f"/performance/reports?year={YEAR}").text
    assert page.count(">Buka laporan<") == 1 and "Bayu" in page
    told = sari.post("/performance/reports", third, follow_redirects=True).text
    assert "Laporan ini sudah dibuka oleh Bayu." in told


def test_the_region_s_own_indicators_are_reported_by_who_works_there(pages: Pages) -> None:
    gita = pages.browser("gita")
    assert gita.get(f"/performance/reports?year={YEAR}").text.count(">Buka laporan<") == 4
    away = gita.post("/performance/reports", {"year": str(YEAR), "unit": "pemkab", "period": "q1"})
    assert "0 dari 1 terisi" in gita.get(away.location).text
    refused = pages.browser("sari").post("/performance/reports", {"year": str(YEAR), "unit": "pemkab", "period": "q1"})
    assert refused.status_code == 400
    case_id = int(re.findall(r"[0-9]+", away.location)[-1])
    with pages.office() as office:  # begun by somebody of another unit, for the region and for a unit beside it
        own = pages.units["pemkab"]
        for period, unit in (("q2", own), ("q3", own * 10), ("q4", pages.units["kominfo"])):
            (made,) = cases_like(office.session, case_id, 1, {"year": YEAR, "period": period, "reporting_unit": unit})
            office.session.get_one(Case, made).unit_id = pages.units["kominfo"]
    assert gita.get(f"/performance/reports?year={YEAR}").text.count(">Buka laporan<") == 2


def test_a_unit_with_several_agreements_reports_one_or_all_of_them(pages: Pages) -> None:
    numbers = {}
    with pages.office() as office:
        for key, name in (("served", "open"), ("permits", "back")):
            row = AgreementRow(region_id=office.region.id, case_id=pages.cases[name], seq=1, row_key="1", year=YEAR)
            row.kind, row.copied, row.in_force_on, row.indicator_key = "agency", {}, date(YEAR, 1, 20), key
            row.unit_id = office.units["kominfo"].id
            office.session.add(row)
            numbers[key] = office.session.get_one(Case, pages.cases[name]).number
    browser = pages.browser("sari")
    page = browser.get(f"/performance/reports?year={YEAR}").text
    assert all(f"<option>{number}</option>" in page for number in numbers.values()) and "Semua perjanjian" in page
    third = {"year": str(YEAR), "unit": "kominfo", "period": "q3"}
    away = {key: browser.post("/performance/reports", {**third, "agreement": numbers[key]}).location for key in numbers}
    assert away["served"] != away["permits"]
    shown = browser.get(away["served"]).text
    assert "0 dari 1 terisi" in shown and 'id="row-served"' in shown
    again = browser.post("/performance/reports", {**third, "agreement": numbers["served"]})
    assert again.location == away["served"]


def test_a_unit_with_nothing_to_measure_is_told_so(pages: Pages) -> None:
    page = pages.browser("wati").get(f"/performance/reports?year={YEAR}").text
    assert "Tidak ada yang Anda laporkan untuk tahun ini" in page


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"unit": "dinkes"}, "no_such_unit"), ({"period": "q9"}, "no_such_period"), ({"year": "20x6"}, "no_such_year"),
     ({"agreement": "PK/1"}, "no_such_agreement")],
)  # fmt: skip
def test_a_report_of_somebody_else_or_of_no_period_is_not_opened(
    pages: Pages, wrong: dict[str, str], code: str
) -> None:
    browser = pages.browser("sari")
    asked = {"year": str(YEAR), "unit": "kominfo", "period": "q3", **wrong}
    answer = browser.post("/performance/reports", asked)
    assert answer.status_code == 400 and code in answer.text
