"""Nine regions in one installation: each its own chain, words and clocks; a change reaches its new cases only."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from config import ROOT
from engine.cases.pages import case_page
from engine.changes import Refusal
from tests.regions.nine_regions import ROADS, Town, Towns, publish_pack


def test_every_region_walks_its_own_chain_beside_the_others(session: Session, towns: Towns, now: datetime) -> None:
    numbers = {}
    for key in ROADS:
        town = towns[key]
        opened = town.open(session, now)
        town.walk(session, opened.case_id, now)
        page = case_page(session, town.people["sari"].id, opened.case_id, now)
        assert page.facts.state.active.keys() == {"in_force"}, key
        assert page.definition.digest == town.published.digest
        numbers[key] = opened.number
    assert len({town.published.digest for town in towns.values()}) == len(ROADS)
    unit = towns["kab_kerinci"].section.key
    assert numbers["kab_kerinci"] == f"PK/{unit}/2026/001"
    assert numbers["kab_aceh_tengah"] == f"PK-0001/{towns['kab_aceh_tengah'].section.key}/2026"


def test_what_one_region_asks_another_refuses(session: Session, towns: Towns, now: datetime) -> None:
    """The same act in two regions: signed at once in Kerinci, unknown before the review in Bandung."""
    outcomes = {}
    for key in ("kab_kerinci", "kota_bandung"):
        case = towns[key].open(session, now).case_id
        towns[key].act(session, case, "sari", "submit", now)
        outcomes[key] = towns[key].attempt(session, case, "sari", "sign", now)
    assert not isinstance(outcomes["kab_kerinci"], Refusal)
    refused = outcomes["kota_bandung"]
    assert isinstance(refused, Refusal)
    assert refused.code == "unknown_event"


def test_an_unlocked_agreement_of_serdang_bedagai_goes_the_whole_way_again(
    session: Session, towns: Towns, now: datetime
) -> None:
    town = towns["kab_serdang_bedagai"]
    case = town.open(session, now).case_id
    town.walk(session, case, now)
    assert isinstance(town.attempt(session, case, "slamet", "lock", now), Refusal)
    town.act(session, case, "umar", "lock", now)
    town.act(session, case, "vera", "unlock", now, comment="Anggaran berubah")
    town.walk(session, case, now)


def test_an_assessor_of_sarolangun_takes_a_validation_back_from_an_agreement_in_force(
    session: Session, towns: Towns, now: datetime
) -> None:
    town = towns["kab_sarolangun"]
    case = town.open(session, now).case_id
    town.walk(session, case, now)
    page = case_page(session, town.people["sari"].id, case, now)
    assert page.answers["validated_by_name"] == "Budi"
    refused = town.attempt(session, case, "dewi", "unvalidate", now, comment="x")
    assert isinstance(refused, Refusal)
    town.act(session, case, "budi", "unvalidate", now, comment="Jabatan berubah")
    town.act(session, case, "budi", "approve", now)


def test_the_reje_of_a_kampung_signs_with_the_camat(session: Session, towns: Towns, now: datetime) -> None:
    """Kab. Aceh Tengah: its own level, its own unit below the kecamatan."""
    town = towns["kab_aceh_tengah"]
    zaini = town_village(session, town)
    case = town.open(session, now, level="village").case_id
    for who, action in (("sari", "submit"), ("slamet", "approve"), ("usman", "approve"), ("fitri", "sign")):
        town.act(session, case, who, action, now)
    page = case_page(session, zaini, case, now)
    assert [task.place for task in page.tasks] == ["reje"]


def town_village(session: Session, town: Town) -> int:
    """A kampung between the drafter's section and its agency, with a Reje; gives the Reje's id."""
    division = session.get_one(type(town.section), town.section.parent_id)
    division.level = "village"
    session.flush()
    return town.people["dewi"].id


def test_a_number_changed_in_one_region_holds_for_its_new_cases_only(
    session: Session, towns: Towns, now: datetime, tmp_path: Path
) -> None:
    town, neighbour = towns["kota_tanjungbalai"], towns["kota_bandung"]
    old = town.open(session, now).case_id
    for folder in ("workflows", "forms_config"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    file = tmp_path / "workflows/regions/kota_tanjungbalai/performance_agreement.yaml"
    written = file.read_text(encoding="utf-8")
    assert "parameters: {review_days: 2," in written
    file.write_text(written.replace("parameters: {review_days: 2,", "parameters: {review_days: 7,"), encoding="utf-8")
    _, newer = publish_pack(session, town.region, now, tmp_path)
    assert newer.is_new
    new, beside = town.open(session, now).case_id, neighbour.open(session, now).case_id
    dues = {}
    for name, where, case in (("old", town, old), ("new", town, new), ("beside", neighbour, beside)):
        where.act(session, case, "sari", "submit", now)
        (task,) = case_page(session, where.people["budi"].id, case, now).tasks
        assert task.due_at is not None
        dues[name] = task.due_at.date() - now.date()
    assert dues == {"old": timedelta(days=2), "new": timedelta(days=9), "beside": timedelta(days=3)}
