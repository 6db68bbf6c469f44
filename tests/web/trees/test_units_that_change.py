"""Units that are split, merged or renamed on their page: who may, what goes over, what stays to be read (§4.8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.database import Database
from engine.organisation.models import Person, Region, Unit
from sakip.tree.store import tree_on
from tests.factories import a_group, a_unit
from tests.web.browser import Browser
from tests.web.region import Regency

UNITS = "/performance/units"
ASKED: dict[str, Any] = {"kind": "split", "before": "diskominfo", "after": ["publik", "siber"], "on": "2026-07-01"}
BASIS = {"reason": "Penataan perangkat daerah", "legal_basis": "Perda 4/2026"}


@pytest.fixture
def bureau(pages_database: Database, regency: Regency, browser_of: Callable[..., Browser]) -> Browser:
    """Slamet, of the organisation bureau, with two new agencies beside Diskominfo."""
    with pages_database.writing.begin() as session:
        region = session.get_one(Region, regency.id)
        a_group(session, region, "organisation_bureau", session.get_one(Person, regency.people["slamet"]),
                title="Bagian Organisasi")  # fmt: skip
        for key, name in (("publik", "Dinas Komunikasi Publik"), ("siber", "Dinas Keamanan Siber")):
            a_unit(session, region, "agency", name=name, key=key)
    return browser_of("slamet")


def own_nodes(database: Database, region: int, key: str, day: date) -> list[str]:
    with database.reading() as session:
        unit = session.scalars(select(Unit.id).where(Unit.region_id == region, Unit.key == key)).one()
        return sorted(node.key for node in tree_on(session, region, unit, day).nodes.values() if node.tree == key)


def test_a_unit_is_split_and_each_successor_takes_what_it_was_given(
    bureau: Browser, pages_database: Database, regency: Regency
) -> None:
    page = bureau.get(f"{UNITS}?kind=split&before=diskominfo&after=publik&after=siber&on=2026-07-01").text
    assert "6 simpul beralih, 6 indikator" in page and 'name="to.d.g"' in page
    assert 'name="to.d.o2"' in page and 'name="to.d.p"' in page and 'name="to.d.a"' not in page  # two steps below
    refused = bureau.post(UNITS, {**ASKED, **BASIS})
    assert refused.status_code == 422 and "Ada simpul yang belum punya penerus." in refused.text
    assert "Perda 4/2026" in refused.text  # what was typed is still there
    long = bureau.post(UNITS, {**ASKED, **BASIS, "reason": "penataan " * 600, "to.d.g": "publik", "to.d.o2": "siber"})
    assert long.status_code == 422 and ("penataan " * 600).strip() in long.text  # whole, not cut
    answer = bureau.post(UNITS, {**ASKED, **BASIS, "to.d.g": "publik", "to.d.o2": "siber"})
    assert answer.status_code == 303, answer.text
    told = unescape(bureau.get(UNITS).text)
    for said in ("1 Jul", "Pecah", "Dinas Komunikasi dan Informatika", "Dinas Keamanan Siber", "Perda 4/2026"):
        assert said in told.partition("made-title")[2], said
    on = date(2026, 7, 1)
    assert own_nodes(pages_database, regency.id, "diskominfo", on) == []
    assert own_nodes(pages_database, regency.id, "siber", on) == ["d.o2", "d.p2"]
    assert own_nodes(pages_database, regency.id, "publik", on) == ["d.a", "d.g", "d.o", "d.p"]
    with pages_database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "units_succeeded")).one()
        assert entry.actor_id == regency.people["slamet"] and entry.new["legal_basis"] == "Perda 4/2026"


def test_the_old_unit_stays_readable_and_both_name_each_other(bureau: Browser) -> None:
    asked = {**ASKED, **BASIS, "kind": "rename", "after": "publik", "on": "2026-03-01"}
    assert bureau.post(UNITS, asked).status_code == 303
    old = bureau.get("/performance/trees/diskominfo").text
    assert "Dilanjutkan Dinas Komunikasi Publik sejak 1 Mar" in old and "/performance/trees/publik" in old
    assert "Meningkatnya keamanan informasi" in bureau.get("/performance/trees/diskominfo?day=2026-02-28").text
    new = bureau.get("/performance/trees/publik").text
    assert "Penerus Dinas Komunikasi dan Informatika sejak 1 Mar" in new and "Meningkatnya keamanan informasi" in new


def test_what_cannot_be_is_refused_and_nothing_changes(
    bureau: Browser, pages_database: Database, regency: Regency
) -> None:
    refusals: list[tuple[dict[str, Any], str]] = [
        ({"on": "kemarin"}, "Tulis tanggal sebagai tahun-bulan-hari"),
        ({"on": "99999-01-01"}, "Tulis tanggal sebagai tahun-bulan-hari"),
        ({"legal_basis": " "}, "Wajib diisi."),
        ({"reason": "x" * 2_001}, "Tulis paling banyak 2000 karakter."),
        ({"after": "publik"}, "Jumlahnya tidak cocok"),
        ({"kind": "merge"}, "Jumlahnya tidak cocok"),
        ({"after": ["publik", "nowhere"]}, "Perangkat daerah ini tidak ada."),
        ({"after": ["publik", "diskominfo"]}, "tidak dapat menjadi penerusnya sendiri"),
        ({"on": "2025-02-01", "to.d.g": "publik"}, "Tanggal berlakunya sebelum perubahan terakhir"),
    ]
    for changed, said in refusals:
        refused = bureau.post(UNITS, {**ASKED, **BASIS, **changed})
        assert refused.status_code == 422 and said in unescape(refused.text), changed
    assert len(own_nodes(pages_database, regency.id, "diskominfo", date(2026, 7, 1))) == 6
    assert bureau.post(UNITS, {**ASKED, "kind": "vanish"}).status_code == 400


def test_only_the_organisation_bureau_changes_units(
    bureau: Browser, browser_of: Callable[..., Browser], pages_database: Database, regency: Regency
) -> None:
    assert "Alihkan ke penerus" not in bureau.get(UNITS).text  # nothing is chosen yet
    for reader in ("eko", "bupati", "gita"):
        browser = browser_of(reader)
        page = browser.get(f"{UNITS}?kind=rename&before=diskominfo&after=publik&on=2026-07-01").text
        assert "Tampilkan yang beralih" not in page and "simpul beralih" not in page, reader
        asked = {**ASKED, **BASIS, "kind": "rename", "after": "publik"}
        refused = browser.post(UNITS, asked)
        assert refused.status_code == 422 and "Hanya Bagian Organisasi" in refused.text, reader
    assert len(own_nodes(pages_database, regency.id, "diskominfo", date(2026, 7, 1))) == 6
    stranger = browser_of("asing").post(UNITS, {**ASKED, **BASIS})
    assert stranger.status_code == 422 and "Diskominfo" not in stranger.text


def test_asking_without_units_says_what_to_choose(bureau: Browser) -> None:
    page = bureau.get(f"{UNITS}?kind=split&before=&on=2026-07-01").text
    assert "Pilih perangkat daerah sebelum dan sesudahnya." in page and "<title>Kesalahan:" in page
    assert '<a href="#before">Pilih perangkat' in page and 'aria-describedby="before-error" aria-invalid="true"' in page
    assert "Pilih perangkat daerah sebelum" not in bureau.get(f"{UNITS}?kind=split").text
