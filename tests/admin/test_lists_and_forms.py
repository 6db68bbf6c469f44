"""Lists go by key, are searched, filtered and taken along; forms lose nothing and speak the page's language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from engine.database import Database
from engine.organisation.models import Person, Unit
from tests.admin.conftest import PAGES, Rows
from tests.web.conftest import Browser
from tests.web.region import Regency

NEXT = re.compile(r'href="([^"]+)" rel="next"')


@pytest.fixture
def crowd(pages_database: Database, regency: Regency, rows: Rows) -> int:
    """120 people more; the number of all in the region."""
    unit = rows.one(Unit, key="layanan")
    with pages_database.writing.begin() as session:
        session.add_all(
            Person(region_id=regency.id, unit_id=unit.id, name=f"Pegawai {number % 60:03}", nip=f"2000{number:014}")
            for number in range(120)
        )
    return rows.count(Person, region_id=regency.id)


def test_pages_go_by_key_and_show_everybody_once(admin: Browser, crowd: int) -> None:
    seen: list[str] = []
    address: str | None = "/admin/people/"
    while address is not None:
        page = admin.get(address).text
        seen += re.findall(r'<th class="col-name" scope="row"><a href="([^"]+)"', page)
        following = NEXT.search(page)
        address = following[1].replace("&amp;", "&") if following else None
    assert len(seen) == len(set(seen)) == crowd


def test_a_list_is_searched_and_filtered_in_its_address(admin: Browser, rows: Rows, regency: Regency) -> None:
    found = admin.get("/admin/people/?q=santoso").text
    assert "Budi Santoso" in found
    assert "Dewi Lestari" not in found
    assert "Budi Santoso" in admin.get(f"/admin/people/?q={rows.one(Person, name='Budi Santoso').nip}").text
    inactive = admin.get("/admin/people/?flt0_0=0").text
    assert "Budi Santoso" not in inactive
    assert "Keadaan: Tidak aktif" in inactive
    assert "Budi Santoso" in admin.get("/admin/people/?flt0_0=1&q=budi").text
    nobody = admin.get("/admin/people/?q=tidak-ada")
    assert nobody.status_code == 200
    assert 'href="/admin/people/"' in nobody.text


def test_a_list_goes_into_a_spreadsheet_without_formulas(admin: Browser, pages_database: Database, rows: Rows,
                                                         regency: Regency) -> None:  # fmt: skip
    with pages_database.writing.begin() as session:
        session.get_one(Person, regency.people["budi"]).name = "=HYPERLINK(1)"
    answer = admin.get("/admin/people/list.csv?q=HYPERLINK")
    assert answer.mimetype == "text/csv"
    head, row = csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";")
    assert head[:3] == ["Nama", "NIP", "Jabatan"]
    assert row[0] == "'=HYPERLINK(1)"
    assert row[-1] == "Aktif"
    assert all("<" not in line for line in admin.get("/admin/outbox/list.csv").text.splitlines())


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(admin: Browser, rows: Rows) -> None:
    admin.get("/admin/people/new/")
    data = {"name": "", "nip": "1" * 31, "email": "bukan alamat", "unit_id": "Dinas yang tidak ada", "language": "jv"}
    answer = admin.post("/admin/people/new/", data)
    assert answer.status_code == 422
    page = answer.text
    assert "<title>Kesalahan:" in page
    for field in ("name", "nip", "unit_id", "language"):
        assert f'href="#{field}"' in page
        assert f'id="{field}-error"' in page
    assert all(f'value="{typed}"' in page for typed in ("bukan alamat", "Dinas yang tidak ada", "1" * 31))
    for english in ("Not a valid", "cannot be longer", "required"):
        assert english not in page
    assert rows.count(Person, email="bukan alamat") == 0


def test_what_the_engine_refuses_stands_at_its_field_as_well(admin: Browser, rows: Rows) -> None:
    taken = rows.one(Person, name="Budi Santoso").nip
    admin.get("/admin/people/new/")
    data = {"name": "Rani Utami", "nip": taken, "unit_id": "ikp", "language": "id", "username": "budi"}
    answer = admin.post("/admin/people/new/", data)
    assert answer.status_code == 422
    assert "NIP itu milik Budi Santoso." in answer.text
    answer = admin.post("/admin/people/new/", data | {"nip": ""})
    assert answer.status_code == 422
    assert 'href="#username"' in answer.text
    assert rows.count(Person, name="Rani Utami") == 0


WRONG: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    ("holidays", {"on_date": "31 Mei", "title": "x"},
     {"id": "Ini bukan tanggal. Tulis seperti 2026-12-31.", "en": "This is not a date. Write it as 2026-12-31."}),
    ("positions", {"unit_id": "ikp", "title": "x", "kind": "head", "decision_limit": "banyak"},
     {"id": "Ini bukan bilangan bulat.", "en": "This is not a whole number."}),
    ("members", {"group_id": "9999", "person_id": "Rina Puspita"},
     {"id": "Ini bukan salah satu pilihan.", "en": "This is not one of the choices."}),
    ("groups", {"key": "k" * 61, "title": "x"},
     {"id": "Paling banyak 60 huruf di sini.", "en": "At most 60 characters fit here."}),
)  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_sentences_of_the_form_library_are_in_the_language_of_the_page(
    browser_of: Callable[..., Browser], language: str
) -> None:
    admin = browser_of("admin", language)
    for page, data, sentences in WRONG:
        admin.get(f"/admin/{page}/new/")
        answer = admin.post(f"/admin/{page}/new/", data)
        assert answer.status_code == 422, page
        assert sentences[language] in answer.text, page


def test_lists_are_told_in_one_language(browser_of: Callable[..., Browser], case_id: int) -> None:
    admin = browser_of("admin")
    for page in PAGES:
        listed = admin.get(f"/admin/{page}/").text
        assert '<html lang="id">' in listed
        assert not re.search(r">(Name|Waiting|Actions|Search|Filter|Code|Title|Nothing here yet)<", listed), page


def test_the_record_is_told_in_words(admin: Browser, regency: Regency, rows: Rows) -> None:
    budi = rows.one(Person, id=regency.people["budi"])
    admin.get(f"/admin/people/edit/?id={budi.id}")
    data = {
        "name": "Budi Santosa",
        "nip": budi.nip,
        "rank": "",
        "email": budi.email,
        "unit_id": "ikp",
        "language": "id",
    }
    assert admin.post(f"/admin/people/edit/?id={budi.id}", data).status_code == 303
    page = admin.get("/admin/audit/").text
    assert "Orang diubah" in page
    assert "Nama: Budi Santoso → Budi Santosa" in page
    assert "Unit: Seksi Layanan Informasi → Bidang Informasi Publik" in page
    assert f"Budi Santosa (people:{budi.id})" in page
    assert "Orang diubah" in admin.get("/admin/audit/?flt0_0=person_changed").text
    assert "person_changed" not in page.replace('value="person_changed"', "")


def test_filters_add_up_and_a_longer_list_than_a_file_holds_says_so(
    admin: Browser, rows: Rows, crowd: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = rows.one(Unit, key="layanan")
    found = admin.get(f"/admin/people/?flt0_0=1&flt0_1={unit.id}&q=budi").text
    assert "Budi Santoso" in found
    assert "Unit: Seksi Layanan Informasi" in found
    assert "Dewi Lestari" not in admin.get(f"/admin/people/?flt0_1={unit.id}").text
    whole = admin.get("/admin/people/list.csv").text.splitlines()
    assert len(whole) == crowd + 1
    monkeypatch.setattr("admin.audited_view.MOST_ROWS", 3)
    part = admin.get("/admin/people/list.csv").text.splitlines()
    assert len(part) == 5
    assert part[-1] == "Hanya 3 baris pertama: persempit daftarnya."


def test_numbers_and_signs_no_database_keeps_are_no_fault_of_the_server(admin: Browser, rows: Rows) -> None:
    admin.get("/admin/positions/new/")
    data = {"title": "Kepala", "kind": "head", "unit_id": "ikp", "decision_limit": "9" * 30}
    answer = admin.post("/admin/positions/new/", data)
    assert answer.status_code == 422
    assert 'href="#decision_limit"' in answer.text
    for unit in ("ikp\0", "#99999999999999999999", "#" + "9" * 17, "\0"):
        data = {"name": "Rani\0\x07 Utami", "unit_id": unit, "language": "id"}
        assert admin.post("/admin/people/new/", data).status_code in (303, 422)
    assert rows.one(Person, name="Rani Utami").nip is None
    assert admin.post("/admin/people/leave", {"id": "9" * 25, "on": "2026-03-01"}).status_code == 404
