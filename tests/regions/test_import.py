"""An agreement written as data, brought into regions whose forms ask less or more than the base's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from engine.cases.pages import case_page
from sakip.import_agreement import Imported, import_agreement
from tests.regions.nine_regions import Towns

FILE = Path(__file__).parents[1] / "sakip" / "agreement_2025.yaml"


def test_what_a_regions_form_does_not_ask_is_left_out_and_named(session: Session, towns: Towns, now: datetime) -> None:
    town = towns["kab_mempawah"]
    drafter = town.people["sari"].id
    imported = import_agreement(session, FILE, region_id=town.region.id, person_id=drafter, now=now)
    assert isinstance(imported, Imported), imported
    assert {"missions", "goals.indicators.baseline", "goals.indicators.quarter_1"} <= set(imported.left_out)
    page = case_page(session, drafter, imported.case_id, now)
    assert "missions" not in page.answers
    assert (
        page.answers["goals"][0]["indicators"][0].keys()
        <= page.definition.fields["goals"].columns["indicators"].columns.keys()
    )


def test_where_the_form_asks_everything_nothing_is_left_out_of_the_agreement(
    session: Session, towns: Towns, now: datetime
) -> None:
    town = towns["kota_singkawang"]
    imported = import_agreement(session, FILE, region_id=town.region.id, person_id=town.people["sari"].id, now=now)
    assert isinstance(imported, Imported), imported
    assert imported.left_out == ()
