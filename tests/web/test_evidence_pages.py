"""The register of evidence on its pages: listed, added, judged with a reason, put right, a use refused alone (§8)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from engine.organisation import sessions
from sakip.facts.evidence import LONGEST_TITLE, Content, piece_of, register
from sakip.facts.evidence_uses import CRITERION, Place, use
from tests.databases import SqliteFiles
from tests.factories import a_group, a_person, a_region, a_unit, an_account
from tests.sakip.evaluation_office import answers, begun
from tests.web.browser import Browser
from tests.web.evaluation_pages import Pages, build, pages_of
from tests.web.growing import cases_like, statements_of
from web.performance.evidence_choice import posted_numbers
from web.performance.worksheet_view import MOST_NUMBERS

LIST, ADD = "/performance/evidence", "/performance/evidence/add"
NUMBERS = count(1)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(scope="module")
def pages(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One office for all: every test has pieces of its own."""
    built = build(sqlite_files.new(), with_tiers=False)
    found = pages_of(built, tmp_path_factory.mktemp("evidence"))
    yield found
    found.database.close()
    sqlite_files.drop(built.url)


def put(pages: Pages, unit: str | None = "kominfo", title: str = "Renja", **more: Any) -> int:
    with pages.office() as office:
        link = f"https://a.example/{next(NUMBERS)}"
        given = {"kind": "annual_plan", "year": 2025, "content": Content(link=link)} | more
        unit_id = None if unit is None else office.units[unit].id
        by = given.pop("by", None)
        return register(
            office.session, office.region.id, unit_id, title=title, by=by, now=office.now, **given
        ).id  # fmt: skip


def used(pages: Pages, number: int, count: int = 2, unit: str = "kominfo") -> list[int]:
    with pages.office() as office:
        return [
            use(
                office.session, office.region.id, number,
                Place(CRITERION, f"planning.existence.{name}", pages.units[unit], 2025, piece="annual_plan"),
                by=None, now=office.now, case_id=pages.cases["self"],
            ).id
            for name in ("guideline", "short_term_plan")[:count]
        ]  # fmt: skip


def state(pages: Pages, number: int) -> str:
    with pages.office() as office:
        return piece_of(office.session, office.region.id, number).state


def test_the_list_has_a_units_pieces_with_state_and_uses_and_its_filters_are_in_the_address(pages: Pages) -> None:
    own, region = put(pages), put(pages, None, "RPJMD", kind="medium_term_plan")
    put(pages, "dinkes", "Renja Dinkes")
    used(pages, own)
    page = pages.browser("sari").get(LIST).text
    assert "Daftar bukti" in page and "Renja" in page and "RPJMD" in page and "Renja Dinkes" not in page
    assert f'href="{LIST}/{own}#uses">dipakai di 2 tempat' in page and "Terdaftar" in page
    assert "Tambah bukti" in page
    narrowed = pages.browser("sari").get(f"{LIST}?kind=medium_term_plan&year=2025").text
    assert f'href="{LIST}/{region}"' in narrowed and f'href="{LIST}/{own}"' not in narrowed
    assert "Tidak ada bukti yang cocok" in pages.browser("sari").get(f"{LIST}?q=xyz").text
    assert "Renja Dinkes" in pages.browser("gita").get(f"{LIST}?unit=dinkes").text
    assert pages.browser("sari").get(f"{LIST}?unit=dinkes").status_code == 404
    assert pages.browser("sari").get(f"{LIST}?state=lost").status_code == 400
    english = pages.browser("irma", "en").get(LIST).text
    assert "Register of evidence" in english and "used at 2 places" in english


def test_a_long_list_is_paged_by_key(pages: Pages) -> None:
    numbers = [put(pages, title=f"Renja {number}") for number in range(27)]
    browser = pages.browser("sari")
    page = browser.get(LIST).text
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following is not None and f"{LIST}/{numbers[-1]}" in page and f'{LIST}/{numbers[0]}"' not in page
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert f'{LIST}/{numbers[0]}"' in second and "Halaman 2" in second


def test_a_file_is_checked_stored_once_and_comes_back_as_it_was(pages: Pages) -> None:
    browser = pages.browser("sari")
    page = browser.get(f"{ADD}?unit=kominfo&kind=budget_document&year=2025&back=/performance/worksheets/1").text
    assert "Berkas" in page and re.search(r'value="budget_document" selected', page)
    given = {"unit": "kominfo", "kind": "budget_document", "year": "2025", "title": "DPA 2025"}

    def send(content: bytes, name: str, **more: str) -> Any:
        return browser.post(ADD, {**given, **more, "file": (io.BytesIO(content), name)})

    refused = send(b"<script>alert(1)</script>", "dpa.pdf")
    assert refused.status_code == 422 and 'value="DPA 2025"' in refused.text
    assert send(PDF, "dpa.pdf", kind="").status_code == 422
    assert send(PDF, "dpa.pdf", unit="dinkes").status_code == 422
    assert browser.post(ADD, given).status_code == 422
    assert browser.post(ADD, {**given, "link": "javascript:alert(1)"}).status_code == 422
    for title in ("x" * 301, "DPA\u202egnp."):
        refused = send(PDF, "dpa.pdf", title=title)
        assert refused.status_code == 422 and 'href="#title"' in refused.text
    assert browser.get(f"{LIST}?q=%00&unit=kominfo").status_code == 200
    done = send(PDF, "dpa.pdf", back="/performance/worksheets/1?component=planning#row-x")
    assert done.status_code == 303
    found = re.fullmatch(r"/performance/worksheets/1\?component=planning&added=(\d+)#row-x", done.location)
    assert found is not None
    file = browser.get(f"{LIST}/{found[1]}/file")
    assert file.data == PDF and "attachment" in file.headers["Content-Disposition"]
    again = send(PDF, "dpa.pdf")
    assert again.location == f"{LIST}/{found[1]}"
    assert send(PDF, "b.pdf", back="https://evil.example/").location == f"{LIST}/{found[1]}"
    assert pages.browser("wati").get(f"{LIST}/{found[1]}/file").status_code == 404


def test_who_has_more_to_register_gets_the_form_again_for_the_same_register_and_year(pages: Pages) -> None:
    browser = pages.browser("sari")
    assert "Daftarkan dan tambah lagi" in browser.get(f"{ADD}?unit=kominfo&year=2024").text
    assert "Daftarkan dan tambah lagi" not in browser.get(f"{ADD}?back=/performance/worksheets/1").text
    given = {"unit": "kominfo", "kind": "budget_document", "year": "2024", "link": "https://a.example/dpa"}
    assert browser.post(ADD, {**given, "then": "another"}).status_code == 422
    done = browser.post(ADD, {**given, "title": "DPA 2024", "then": "another"})
    assert (done.status_code, done.location) == (303, f"{ADD}?unit=kominfo&year=2024")
    page = browser.get(done.location).text
    assert "Bukti terdaftar." in page and re.search(r'value="2024" selected', page) and 'value="DPA 2024"' not in page


@pytest.mark.parametrize("year", ["000002025999", "2" * 2_000, "٢٠٢٥", "2025.0"])
def test_a_year_is_one_of_those_offered_and_nothing_that_begins_like_one(pages: Pages, year: str) -> None:
    typed = {"unit": "kominfo", "year": year, "kind": "annual_plan", "title": "Renja", "link": "https://a.example/y"}
    answer = pages.browser("sari").post(ADD, typed)
    assert answer.status_code == 422 and "Pilih tahunnya." in answer.text


def test_where_the_regions_own_worksheet_is_filled_in_its_evidence_is_registered(pages: Pages) -> None:
    given = {"unit": "", "kind": "long_term_plan", "year": "2025", "title": "RPJPD", "link": "https://a.example/rpjpd"}
    with pages.office() as office:
        given["unit"] = office.region.key
    assert f'value="{given["unit"]}"' not in pages.browser("wati").get(ADD).text
    assert pages.browser("wati").post(ADD, given).status_code == 422
    with pages.office() as office:
        case_id = begun(office, "wati", subject="region")
    try:
        assert f'value="{given["unit"]}"' in pages.browser("wati").get(ADD).text
        assert pages.browser("wati").post(ADD, given).status_code == 303
        assert pages.browser("sari").post(ADD, given).status_code == 422
    finally:
        with pages.office() as office:
            assert office.do(case_id, "slamet", "cancel", comment="Keliru") is None, office.refusal
    assert pages.browser("wati").post(ADD, given).status_code == 422


def test_refused_put_right_and_accepted_is_one_history_seen_at_every_use(pages: Pages) -> None:
    number = put(pages)
    used(pages, number)
    ida, sari = pages.browser("ida"), pages.browser("sari")
    assert ida.post(f"{LIST}/{number}", {"act": "refuse"}).status_code == 422
    for reason in ("x" * 2_001, "Tidak\u202ebertanggal"):
        refused = ida.post(f"{LIST}/{number}", {"act": "refuse", "reason": reason})
        assert refused.status_code == 422 and "paling banyak 2.000 huruf" in refused.text
    assert ida.post(f"{LIST}/{number}", {"act": "refuse", "reason": "Tidak bertanggal"}).status_code == 303
    page = sari.get(f"{LIST}/{number}").text
    assert "Tidak bertanggal" in page and "Ida menolaknya" in page and "Unggah versi baru" in page
    assert "Ditolak" in page.partition('id="uses"')[2].partition("</section>")[0] and "</svg>Dipakai</span>" not in page
    assert sari.post(f"{LIST}/{number}", {"act": "repair", "reason": ""}).status_code == 422
    assert sari.post(f"{LIST}/{number}", {"act": "repair", "reason": "Sudah diberi tanggal"}).status_code == 303
    assert ida.post(f"{LIST}/{number}", {"act": "accept"}).status_code == 303
    page = sari.get(f"{LIST}/{number}").text
    assert state(pages, number) == "accepted" and "Ida menerimanya" in page and "Sari memperbaikinya" in page
    assert page.index("Ida menerimanya") < page.index("Ida menolaknya")
    assert "accepted it" in pages.browser("irma", "en").get(f"{LIST}/{number}").text


def test_a_choice_in_a_worksheet_that_is_not_locked_yet_stands_at_the_piece(pages: Pages) -> None:
    """The evaluators' own rows are never told, and who may not see the case reads nothing of it."""
    number, case_id = put(pages, None, "Pedoman", kind="planning_guideline"), pages.cases["self"]
    rows = [{"path": "planning.existence.guideline", "answer": "a", "evidence": [number]}]
    with pages.office() as office:
        before = answers(office, case_id)["self"]
        assert office.do(case_id, "sari", "save", answers={"self": rows}) is None, office.refusal
    page = pages.browser("sari").get(f"{LIST}/{number}").text
    assert "Belum dipakai" in page and "Dipilih dalam isian yang belum dikirim" in page
    assert f'href="/performance/worksheets/{case_id}?component=planning#' in page and "Lembar kerja 2025" in page
    assert "Belum dikirim" not in pages.browser("wati").get(f"{LIST}/{number}").text
    used(pages, number, 1)
    page = pages.browser("sari").get(f"{LIST}/{number}").text
    assert "Dipilih dalam isian" not in page
    with pages.office() as office:
        assert office.do(case_id, "sari", "save", answers={"self": before}) is None


def test_a_use_is_refused_alone_and_taken_back(pages: Pages) -> None:
    number = put(pages)
    first, second = used(pages, number)
    ida = pages.browser("ida")
    ida.post(f"{LIST}/{number}", {"act": "accept"})
    assert ida.post(f"{LIST}/{number}", {"act": f"refuse:{first}"}).status_code == 422
    told = {"act": f"refuse:{first}", f"reason:{first}": "Bukan untuk kriteria ini"}
    assert ida.post(f"{LIST}/{number}", told).status_code == 303
    page = ida.get(f"{LIST}/{number}").text
    assert "Bukan untuk kriteria ini" in page and "tidak menerimanya sebagai bukti untuk" in page
    assert state(pages, number) == "accepted" and page.count("Pakai lagi di sini") == 1
    assert ida.post(f"{LIST}/{number}", {"act": f"restore:{first}"}).status_code == 303
    assert ida.get(f"{LIST}/{number}").text.count("Pakai lagi di sini") == 0
    other = put(pages, title="Lain")
    assert ida.post(f"{LIST}/{other}", {"act": f"restore:{second}"}).status_code == 404
    assert ida.post(f"{LIST}/{number}", {"act": "refuse:all", "reason:all": "Keliru"}).status_code == 400
    assert state(pages, number) == "accepted"


def test_a_newer_version_takes_the_place_and_what_was_judged_keeps_the_old_one(pages: Pages) -> None:
    number = put(pages)
    used(pages, number)
    pages.browser("ida").post(f"{LIST}/{number}", {"act": "refuse", "reason": "Buram"})
    sari = pages.browser("sari")
    form = sari.get(f"{ADD}?supersedes={number}").text
    assert "Versi baru bukti" in form and 'name="kind"' not in form
    assert f'maxlength="{LONGEST_TITLE}"' in form  # a browser takes no more
    new = sari.post(ADD, {"supersedes": str(number), "title": "Renja jelas", "link": "https://a.example/2"}).location
    page = sari.get(new).text
    assert "Diperbaiki" in page and f'href="{LIST}/{number}"' in page
    old = sari.get(f"{LIST}/{number}").text
    assert "digantikan versi baru" in old and 'Dipakai di <span class="count">2' in old
    assert f'{LIST}/{number}"' not in sari.get(LIST).text
    assert pages.browser("ida").post(f"{LIST}/{number}", {"act": "accept"}).status_code == 422
    late = sari.post(ADD, {"supersedes": str(number), "title": "Renja terang", "link": "https://a.example/3"})
    assert late.status_code == 409 and "Bukti ini sudah digantikan versi baru." in late.text
    assert "Renja terang" in late.text and "https://a.example/3" in late.text
    again = sari.get(f"{ADD}?supersedes={number}")
    assert again.status_code == 409 and "Bukti ini sudah digantikan versi baru." in again.text


def test_a_reason_for_a_piece_that_was_replaced_meanwhile_can_still_be_read(pages: Pages) -> None:
    number = put(pages)
    given = {"supersedes": str(number), "title": "Renja jelas", "link": "https://a.example/baru"}
    assert pages.browser("sari").post(ADD, given).status_code == 303
    late = pages.browser("ida").post(f"{LIST}/{number}", {"act": "refuse", "reason": "Halaman 3 buram"})
    assert late.status_code == 422 and "Halaman 3 buram" in late.text
    assert 'href="#reason"' not in late.text  # nothing on the page has this name now


def test_an_address_that_is_too_long_is_given_back_whole(pages: Pages) -> None:
    link = f"https://a.example/{'panjang' * 500}"
    given = {"unit": "kominfo", "year": "2025", "kind": "annual_plan", "title": "Renja", "link": link}
    refused = pages.browser("sari").post(ADD, given)
    assert refused.status_code == 422 and f'value="{link}"' in refused.text
    assert "Alamat memuat paling banyak 2.000 huruf." in refused.text


def test_only_those_who_verify_judge_and_never_their_own_units_evidence(pages: Pages) -> None:
    number, own = put(pages), put(pages, "inspektorat", "Pedoman", kind="evaluation_guideline")
    mine = put(pages, None, "RPJMD", by=pages.people["gita"])
    for name, piece in (("sari", number), ("fitri", number), ("bima", number), ("ida", own), ("gita", mine)):
        answer = pages.browser(name).post(f"{LIST}/{piece}", {"act": "accept"})
        assert answer.status_code == 422 and "Bukti dinilai oleh verifikator" in answer.text, name
        assert "Keputusan Anda" not in pages.browser(name).get(f"{LIST}/{piece}").text
        assert state(pages, piece) == "registered"
    assert pages.browser("wati").post(f"{LIST}/{number}", {"act": "accept"}).status_code == 404
    assert pages.browser("gita").post(f"{LIST}/{number}", {"act": "explode"}).status_code == 400
    assert pages.browser("wati").get(f"{LIST}/999999").status_code == 404


def test_nobody_judges_how_the_unit_they_work_in_uses_a_piece_of_the_region(pages: Pages) -> None:
    number = put(pages, None, "RPJMD")
    (own,), (other,) = used(pages, number, 1, "inspektorat"), used(pages, number, 1)
    ida = pages.browser("ida")
    page = ida.get(f"{LIST}/{number}").text
    assert f'value="refuse:{other}"' in page and f'value="refuse:{own}"' not in page
    refused = ida.post(f"{LIST}/{number}", {"act": f"refuse:{own}", f"reason:{own}": "Bukan untuk ini"})
    assert refused.status_code == 422 and "tidak dinilai oleh orang yang bekerja di unit pemakainya" in refused.text
    told = {"act": f"refuse:{other}", f"reason:{other}": "Bukan untuk ini"}
    assert ida.post(f"{LIST}/{number}", told).status_code == 303


def test_pieces_of_another_region_are_not_found(pages: Pages) -> None:
    number = put(pages)
    with pages.office() as office:
        from_elsewhere = _elsewhere(office)
    browser = Browser(pages.app.test_client())
    with pages.database.writing.begin() as session:
        browser.set_cookie("alur", _token(session, from_elsewhere, pages))
    assert browser.get(f"{LIST}/{number}").status_code == 404
    assert browser.post(f"{LIST}/{number}", {"act": "accept"}).status_code == 404
    assert browser.get(f"{ADD}?supersedes={number}").status_code == 404


def _elsewhere(office: Any) -> int:
    region = a_region(office.session)
    top = a_unit(office.session, region, "region")
    person = a_person(office.session, a_unit(office.session, region, "agency", top), "Tamu")
    an_account(office.session, person)
    a_group(office.session, region, "planning", person)
    return person.id


def _token(session: Any, person: int, pages: Pages) -> str:
    return sessions.open_session(session, person, browser="Tes", network="127.0.0.0/24", now=pages.clock())


def test_more_pieces_than_a_row_takes_are_for_the_form_to_refuse_and_not_dropped_unsaid() -> None:
    posted = MultiDict([("evidence:served", str(number)) for number in range(60)])
    assert len(posted_numbers(posted, "evidence:served")) == MOST_NUMBERS + 1


def test_a_piece_chosen_in_many_cases_not_sent_yet_is_told_in_part_at_the_same_cost(pages: Pages) -> None:
    number, sari = put(pages, None, "RPJMD"), pages.browser("sari")

    def chosen_in(many: int) -> int:
        row = {"path": "planning.existence.guideline", "evidence": [number]}
        with pages.office() as office:
            made = cases_like(office.session, pages.cases["self"], many, {"year": 2025, "self": [row], "place": many})
            cases_like(
                office.session, pages.cases["self"], 2, {"year": 2025, "self": [row | {"evidence": [number + 9]}]}
            )
        return made[-1]

    chosen_in(3)
    page = sari.get(f"{LIST}/{number}").text
    assert page.count("Belum dikirim") == 3 and '<span class="count">3</span>' in page
    few = statements_of(pages.database, sari, f"{LIST}/{number}")
    last = chosen_in(41)
    page = sari.get(f"{LIST}/{number}").text
    assert page.count("Belum dikirim") == 40 and '<span class="count">40+</span>' in page
    assert f"/performance/worksheets/{last}?" in page, "the newest are told"
    assert statements_of(pages.database, sari, f"{LIST}/{number}") == few
    assert "Belum dikirim" not in pages.browser("wati").get(f"{LIST}/{number}").text
