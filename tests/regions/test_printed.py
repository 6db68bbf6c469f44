"""The printed agreement follows its region: letterhead, columns of the annex, and whose signature is whose."""

from __future__ import annotations

import io
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any

import pypdf
import pytest
from sqlalchemy.orm import Session

from delivery.documents.typesetting import render
from engine.cases.pages import case_page
from engine.database import open_database
from sakip.document import TEMPLATE, Office, performance_agreement_data
from sakip.signatures import signatures_of
from tests.regions.nine_regions import ROADS, Towns

ACROSS = 842  # points: the longer side of A4


@pytest.fixture
def session(sqlite_url: str) -> Iterator[Session]:
    """One kind of database is enough for paper."""
    database = open_database(sqlite_url)
    with database.writing() as opened:
        yield opened
    database.close()


def data_of(session: Session, towns: Towns, key: str, now: datetime, **answers: Any) -> dict[str, Any]:
    """The document's data of an agreement of the region ``key`` that has come into force."""
    town = towns[key]
    town.region.settings = {
        "government": f"Pemerintah {town.region.name}", "seat": "Ibu Kota", "head_title": f"Kepala {town.region.name}",
    }  # fmt: skip
    case = town.open(session, now, **answers).case_id
    town.walk(session, case, now)
    page = case_page(session, town.people["sari"].id, case, now)
    office = Office(town.region.name, "Dinas", page.timezone, town.region.settings)
    form = page.definition.forms["performance_agreement"]
    return performance_agreement_data(page.answers, form, page.number, office, signatures_of(page), is_draft=False)


def printed(data: dict[str, Any], now: datetime) -> tuple[str, list[float]]:
    """All words, and how wide each page is."""
    pages = pypdf.PdfReader(io.BytesIO(render(TEMPLATE, data, now))).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    return text, [round(float(page.mediabox.width)) for page in pages]


@pytest.mark.parametrize("key", ROADS)
def test_every_regions_agreement_can_be_printed_with_both_signatures(
    session: Session, towns: Towns, now: datetime, key: str
) -> None:
    made = data_of(session, towns, key, now)
    text, _ = printed(made, now)
    assert f"PEMERINTAH {towns[key].region.name.upper()}" in text
    assert "Indeks Keterbukaan Informasi Publik" in text
    assert text.count("Ditandatangani melalui Alur") == 4  # two parties, below the statement and below the annex


def test_bandung_prints_the_quarters_across_the_page(session: Session, towns: Towns, now: datetime) -> None:
    text, widths = printed(data_of(session, towns, "kota_bandung", now), now)
    assert "TW I TW II TW III TW IV Target" in text
    assert (widths[0] < ACROSS, widths[1]) == (True, ACROSS)


def test_tasikmalaya_prints_its_own_column(session: Session, towns: Towns, now: datetime) -> None:
    goals = deepcopy(towns["kab_tasikmalaya"].definition.fixtures["people"]["data"]["goals"])
    for row in (row for goal in goals for row in goal["indicators"]):
        row["remark"] = "Bersama PPID"
    text, widths = printed(data_of(session, towns, "kab_tasikmalaya", now, goals=goals), now)
    assert text.count("Bersama PPID") == 2
    assert "Keterangan" in text
    assert max(widths) < ACROSS


def test_what_a_region_left_out_is_not_missed(session: Session, towns: Towns, now: datetime) -> None:
    without_weights = data_of(session, towns, "kab_kerinci", now)
    without_sources = data_of(session, towns, "kab_sarolangun", now)
    assert (without_weights["has_weights"], without_weights["has_sources"]) == (False, True)
    assert (without_sources["has_weights"], without_sources["has_sources"]) == (True, False)


def test_aceh_tengah_calls_its_money_apbk(session: Session, towns: Towns, now: datetime) -> None:
    made = data_of(session, towns, "kab_aceh_tengah", now)
    assert {row["source"] for row in made["programmes"]} == {"APBK"}


def test_the_second_party_is_whom_the_regions_order_of_signing_names(
    session: Session, towns: Towns, now: datetime
) -> None:
    """In Kerinci and Sarolangun staff sign with their own head of section, elsewhere with the head of agency."""
    second = {}
    for key in ("kab_kerinci", "kab_sarolangun", "kab_mempawah"):
        town = towns[key]
        case = town.open(session, now).case_id
        town.walk(session, case, now)
        found = signatures_of(case_page(session, town.people["sari"].id, case, now))
        second[key] = {one.place: one.person_name for one in found}
    assert second["kab_kerinci"] == second["kab_sarolangun"] == {"first_party": "Sari", "second_party": "Budi"}
    assert second["kab_mempawah"] == {"first_party": "Sari", "second_party": "Fitri"}


def test_signatures_count_no_more_when_a_validation_is_taken_back(
    session: Session, towns: Towns, now: datetime
) -> None:
    town = towns["kab_sarolangun"]
    case = town.open(session, now).case_id
    town.walk(session, case, now)

    def signed() -> list[str]:
        return [one.place for one in signatures_of(case_page(session, town.people["sari"].id, case, now))]

    assert signed() == ["second_party", "first_party"]
    town.act(session, case, "budi", "unvalidate", now, comment="Jabatan berubah")
    assert signed() == []
    town.act(session, case, "budi", "approve", now)
    town.act(session, case, "sari", "sign", now)
    assert signed() == ["first_party"]


def test_the_head_of_region_is_called_as_the_settings_say(session: Session, towns: Towns, now: datetime) -> None:
    made = data_of(session, towns, "kota_singkawang", now)
    assert made["second"]["position"] == "Kepala Dinas Komunikasi dan Informatika"  # what is written wins
    office = Office("Kota Singkawang", "Dinas", "Asia/Jakarta", {"head_title": "Wali Kota Singkawang"})
    form = towns["kota_singkawang"].definition.forms["performance_agreement"]
    drafted = performance_agreement_data({"level": "agency"}, form, "PK/1", office, (), is_draft=True)
    assert drafted["second"]["position"] == "Wali Kota Singkawang"
    assert drafted["first"]["position"] == "…"
