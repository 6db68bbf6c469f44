"""Verification on its page: rows accepted or returned beside their evidence, by the ordinary command (§13.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from sakip.facts.evidence import piece_of
from tests.databases import SqliteFiles
from tests.sakip.measuring_office import filled, piece, reported, rows_of, sent
from tests.web.browser import Browser
from tests.web.entry_pages import build, report_pages
from tests.web.evaluation_pages import Pages


@pytest.fixture(scope="module")
def pages(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """One office for all: every test sends reports of its own."""
    built = build(sqlite_files.new())
    found = report_pages(built, tmp_path_factory.mktemp("verification"))
    yield found
    found.database.close()
    sqlite_files.drop(built.url)


def fresh(pages: Pages) -> str:
    """The address of a report that was just sent for the first time."""
    with pages.office() as office:
        case_id = reported(office, permits="1.250", served="95,5")
    return f"/performance/verifications/{case_id}"


def again(pages: Pages) -> str:
    """The address of the report that came back with a row, which was changed and sent again."""
    case_id = pages.cases["back"]
    with pages.office() as office:
        rows = filled(office, case_id, permits={"value": "1.100"})
        assert sent(office, case_id, rows=rows) == {}
    return f"/performance/verifications/{case_id}"


def number(address: str) -> int:
    return int(address.rpartition("/")[2])


def state(pages: Pages, address: str) -> list[str]:
    with pages.office() as office:
        return office.states(number(address))


def verification(pages: Pages, address: str) -> dict[str, Any]:
    with pages.office() as office:
        return {row["row_key"]: row for row in rows_of(office, number(address), "verification")}


def press(browser: Browser, address: str, **more: str) -> Any:
    """Post what the page has, with what was chosen."""
    page = browser.get(address).text
    seen = re.search(r'name="revision" value="(\d+)"', page)
    given: dict[str, Any] = {"row": ["permits", "served"], "revision": seen[1] if seen else ""}
    for key in ("permits", "served"):
        chosen = re.search(rf'name="decision:{key}" value="(\w+)" checked', page)
        if chosen is not None:
            given[f"decision:{key}"] = chosen[1]
    return browser.post(address, {**given, **{name.replace("__", ":"): value for name, value in more.items()}})


ALL = {"decision__permits": "accepted", "decision__served": "accepted"}
ONE = {"decision__permits": "returned", "decision__served": "accepted"}


def test_a_verifier_sees_each_row_with_value_target_and_evidence_and_is_led_here(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    assert vina.get(f"/performance/reports/{number(address)}").location == address
    page = vina.get(address).text
    assert "<h1>Verifikasi Triwulan I 2026, " in page and "0 diterima, 0 dikembalikan, 2 belum diperiksa" in page
    assert "1.250" in page and "Target Triwulan I" in page and "Berita acara" in page
    assert 'href="https://a.example"' in page and "Siapa lagi yang memverifikasi" in page and "Riwayat" in page
    assert 'class="btn off" href="#why-1"' in page and "2 baris belum diperiksa." in page
    english = pages.browser("vina", "en")
    said = english.get(address).text
    assert "0 accepted, 0 returned, 2 not looked at" in said and "Check the jump" not in said
    english.post("/language", {"language": "id"})
    assert "<b>1,250</b>" in said and "<b>95.5\u00a0%</b>" in said  # not as it was typed: as the reader writes numbers
    case = vina.get(f"/case/{number(address)}").text
    assert case.count(f"/performance/reports/{number(address)}") == 2  # among the acts, and where rows are counted


def test_accepting_every_row_verifies_the_report_by_the_ordinary_command(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    assert press(vina, address, **ALL, op="check:").location.startswith(address)
    page = vina.get(address).text
    assert "2 diterima, 0 dikembalikan" in page and "Tidak ada baris yang dikembalikan." in page
    assert 'btn-primary" name="act" value="verify|verification|"' in page
    assert press(vina, address, act="verify|verification|").status_code == 303
    assert state(pages, address) == ["verified"]
    assert vina.get(address).location.endswith(f"/performance/reports/{number(address)}")


def test_a_returned_row_needs_a_note_and_turns_verifying_off(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    press(vina, address, **ONE, comment="Belum lengkap", act="save|verification|")
    page = vina.get(address).text
    assert "Belum lengkap" in page and "Belum lengkap" not in vina.get(f"/case/{number(address)}").text
    assert "1 diterima, 1 dikembalikan" in page and "1 baris dikembalikan." in page
    assert "1 baris yang dikembalikan belum diberi catatan." in page
    refused = press(vina, address, comment="Lengkapi", act="return|verification|")
    assert refused.status_code == 422 and "Tulis apa yang harus diperbaiki." in refused.text
    assert "Lengkapi" in refused.text and 'value="returned" checked' in refused.text
    press(vina, address, note__permits="Sebutkan sumbernya", op="check:")
    refused = press(vina, address, note__permits="Sebutkan sumbernya", comment="", act="return|verification|")
    assert refused.status_code == 422 and "Sebutkan sumbernya" in refused.text
    done = press(vina, address, note__permits="Sebutkan sumbernya", comment="Satu", act="return|verification|")
    assert done.status_code == 303 and state(pages, address) == ["correction"]
    assert verification(pages, address)["permits"]["note"] == "Sebutkan sumbernya"
    assert "Sebutkan sumbernya" in pages.browser("sari").get(f"/performance/reports/{number(address)}").text


def test_what_changed_since_it_was_returned_comes_first_and_is_looked_at_again(pages: Pages) -> None:
    address, vina = again(pages), pages.browser("vina")
    english = pages.browser("vina", "en")
    said = english.get(address).text
    english.post("/language", {"language": "id"})
    assert "<del>1,000</del>" in said and "<b>1,100</b>" in said
    page = vina.get(address).text
    assert "Berubah sejak dikembalikan" in page and "Dikembalikan dengan catatan" in page
    assert page.index('id="row-permits"') < page.index('id="row-served"') and "<del>1.000</del>" in page
    assert not re.search(r'name="decision:permits" value="\w+" checked', page)
    assert re.search(r'name="decision:served" value="accepted" checked', page)
    assert "1 diterima, 0 dikembalikan, 1 belum diperiksa" in page
    press(vina, address, decision__served="", op="check:")
    assert "Terima semua yang tidak berubah (1)" in vina.get(address).text
    press(vina, address, op="accept_unchanged:")
    assert "1 diterima, 0 dikembalikan, 1 belum diperiksa" in vina.get(address).text  # what changed stays open
    press(vina, address, decision__permits="returned", note__permits="Masih keliru", act="save|verification|")
    assert verification(pages, address)["permits"]["accepted"] is False
    page = vina.get(address).text
    assert "1 diterima, 1 dikembalikan" in page and "Masih keliru" in page  # decided in this round: it stands
    assert re.search(r"Dikembalikan dengan catatan:</b> Periksa<", page)


def test_rows_that_did_not_jump_are_accepted_together(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    assert "Terima semua yang tidak melonjak (2)" in vina.get(address).text
    press(vina, address, op="accept_unchanged:")
    assert "2 diterima" in vina.get(address).text


def test_a_value_that_jumped_since_the_period_before_carries_the_word(pages: Pages) -> None:
    with pages.office() as office:
        reported(office, permits="1.250", served="95,5")
        office.work()
        case_id = pages.cases["open"]
        proof = {"evidence": [piece(office)], "drivers": "a", "obstacles": "b", "actions": "c"}
        given = {"permits": {"value": "2.000"}, "served": {"value": "97"}, "opinion": {"value": "BB"},
                 "app": {"value": "ya"}, "works": {"value": "Rancang; Bangun; Uji"}}  # fmt: skip
        rows = filled(office, case_id, **{key: one | proof for key, one in given.items()})
        assert sent(office, case_id, rows=rows) == {}
    page = pages.browser("vina").get(f"/performance/verifications/{case_id}").text
    assert page.count("Periksa lonjakan") == 1
    row = page[page.index('id="row-permits"') :]
    assert "Periksa lonjakan" in row[: row.index("check-body")]
    assert re.search(r"<dt>Triwulan I</dt><dd>1\.\d{3}", row[: row.index("check-say")])


def test_evidence_is_refused_and_accepted_beside_the_row_and_nothing_decided_is_lost(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    page = vina.get(address).text
    found = re.search(r'value="refuse_piece:(\d+):permits"', page)
    assert found is not None
    name = found[1]
    refused = press(vina, address, decision__permits="returned", op=f"refuse_piece:{name}:permits")
    assert refused.status_code == 422 and "Tulis alasannya." in refused.text
    assert re.search(r'name="decision:permits" value="returned" checked', vina.get(address).text)
    hidden = {f"why__{name}__permits": "Salah\u202eunit", "op": f"refuse_piece:{name}:permits"}
    refused = press(vina, address, **hidden)
    box = re.search(rf'<input[^>]* name="why:{name}:permits"[^>]*>', refused.text)
    assert refused.status_code == 422 and box is not None and "Salah" in box[0] and "aria-describedby" in box[0]
    told = {f"why__{name}__permits": "Tidak bertanggal", "op": f"refuse_piece:{name}:permits"}
    assert press(vina, address, **told).location == f"{address}#row-permits"
    assert vina.get(address).text.count("Ditolak") >= 2  # the same piece stands at both rows
    press(vina, address, op=f"accept_piece:{name}:served")
    with pages.office() as office:
        assert piece_of(office.session, office.region.id, int(name)).state == "accepted"
    assert "Tidak bertanggal" in vina.get(f"/performance/evidence/{name}").text


def test_a_stale_revision_is_refused_and_nothing_decided_is_lost(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    vina.get(address)
    given = {"row": ["permits", "served"], "decision:permits": "accepted", "decision:served": "accepted",
             "note:served": "Baik", "act": "verify|verification|", "revision": "1"}  # fmt: skip
    refused = vina.post(address, given)
    assert refused.status_code == 409 and "Baik" in refused.text
    assert "2 diterima, 0 dikembalikan" in vina.get(address).text and state(pages, address) == ["verification"]


def test_who_does_not_verify_changes_nothing(pages: Pages) -> None:
    address = fresh(pages)
    for name in ("sari", "fitri"):
        browser = pages.browser(name)
        assert browser.get(address).location.endswith(f"/performance/reports/{number(address)}")
        answer = browser.post(
            address, {"row": "permits", "decision:permits": "accepted", "act": "verify|verification|"}
        )
        assert answer.status_code == 303 and state(pages, address) == ["verification"]
        read = browser.get(f"/performance/reports/{number(address)}").text
        assert "Laporan ini tidak sedang Anda verifikasi." in read
        written = browser.post(address, {"row": "permits", "note:permits": "Sebutkan sumbernya", "op": "check:",
                                         "decision:permits": "accepted"})  # fmt: skip
        assert written.status_code == 409 and "Sebutkan sumbernya" in written.text  # not lost, though nothing is kept
        assert "accepted" not in written.text  # words of a person, no keys of ours
    assert pages.browser("wati").get(address).status_code == 404
    assert pages.browser("wati").post(address, {"op": "check:"}).status_code == 404
    vina = pages.browser("vina")
    assert press(vina, address, op="explode:").status_code == 400
    assert press(vina, address, act="approve|nowhere|").status_code == 400
    assert press(vina, address, op="accept_piece:999999:permits").status_code == 404
    assert press(vina, address, op="accept_piece:1:nothing").status_code == 400


def test_a_script_gets_the_page_itself_with_the_count(pages: Pages) -> None:
    address, vina = fresh(pages), pages.browser("vina")
    vina.get(address)
    answer = vina.post(
        address, {"row": ["permits"], "decision:permits": "accepted", "op": "check:"},
        headers={"X-Alur-Part": "entry"},
    )  # fmt: skip
    assert answer.status_code == 200 and "1 diterima, 0 dikembalikan, 1 belum diperiksa" in answer.text
