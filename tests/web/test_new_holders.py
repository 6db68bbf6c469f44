"""Somebody becomes a recipient by a change of the organisation: whoever's key gives them the copy reads it at once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.disclosure import officer_keys
from engine.disclosure.models import CaseKey, OfficerKey
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import Cost
from engine.organisation.models import Group, GroupMember, Region
from tests.factories import PASSWORD
from tests.web.sealed_pages import SealedPages

CHEAP = Cost(1, 64 * 1024)


def test_t34_who_unlocks_is_told_by_name_who_can_open_their_cases_from_now_on(
    sealed_pages: SealedPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.disclosure.officers._cost", CHEAP)
    kept = sealed_pages.kept
    vina, adi = kept.people["vina"], kept.people["adi"]
    with sealed_pages.database.writing.begin() as session:
        region = session.get_one(Region, kept.region_id)
        row = session.get_one(OfficerKey, vina)
        bare = OfficerKeys(Owner(region.key, str(vina)), row.public, b"", b"")
        row.by_password = officer_keys.under_password(bare, kept.pairs["vina"], PASSWORD, cost=CHEAP).by_password
        group = select(Group.id).where(Group.key == "complaint_verifiers", Group.region_id == region.id)
        session.add(GroupMember(group_id=session.scalars(group).one(), person_id=adi))
        region.organisation_revision += 1
    browser = sealed_pages.browser("vina", is_open=False)
    answer = browser.post("/profile/key/unlock", {"password": PASSWORD})
    assert answer.status_code == 303
    told = "orang berikut kini dapat membuka kasus Anda: Adi."
    assert told in browser.get(answer.location).text
    with sealed_pages.database.reading() as session:
        assert session.get(CaseKey, (kept.case_id, "content-key", f"officer:{adi}")) is not None
    browser.post("/profile/key/lock")
    again = browser.post("/profile/key/unlock", {"password": PASSWORD})
    assert told not in browser.get(again.location).text
