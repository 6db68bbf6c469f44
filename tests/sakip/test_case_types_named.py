"""Rubrics and the case types they name are held against each other when either is published (WF202, WF227)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from config import ROOT
from engine import vocabulary
from engine.publishing.kinds import kind_called
from engine.publishing.proposals import NotPublishable, Proposal
from engine.publishing.publish import propose, propose_kind, publish
from sakip.configuration.heads import EVALUATION
from sakip.publish_folder import publish_folder
from sakip.published import KIND_NAMES, gather
from tests.factories import a_region
from tests.publishers import publishers

FOLDER = ROOT / "sakip_config"
CASE_TYPE = "lke_evaluation"
SHIPPED = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in (f"workflows/{CASE_TYPE}.yaml", f"forms_config/{CASE_TYPE}.yaml")
}
WITHOUT_A_TIERS_STATE = {name: re.sub(r"\bassurance\b", "assuring", text) for name, text in SHIPPED.items()}


def codes(proposal: Proposal) -> set[str]:  # type: ignore[type-arg]
    return {one.code for one in proposal.problems if one.is_error}


def proposed(session: Session, files: Mapping[str, str], region: int | None = None) -> Proposal:  # type: ignore[type-arg]
    return propose(session, files, CASE_TYPE, region=region, vocabulary=vocabulary.load(), prove=lambda _: ())


def put(session: Session, files: Mapping[str, str], now: datetime, region: int | None = None) -> None:
    publish(session, files, CASE_TYPE, reason="Uji", region=region, vocabulary=vocabulary.load(), now=now,
            prove=lambda _: (), **publishers(session, region))  # fmt: skip


def the_rubric(session: Session, region: int | None = None) -> Proposal:  # type: ignore[type-arg]
    return propose_kind(session, gather(FOLDER, None), kind_called(KIND_NAMES[EVALUATION]), "lke_2025@2025",
                        region=region)  # fmt: skip


def test_a_case_type_that_the_rubric_in_force_does_not_fit_any_more_is_refused(
    session: Session, now: datetime
) -> None:  # fmt: skip
    region = a_region(session)
    assert proposed(session, WITHOUT_A_TIERS_STATE).is_good  # nothing rests on it yet
    list(publish_folder(session, FOLDER, region=None, reason="Uji", now=now, **publishers(session, region.id)))
    assert proposed(session, SHIPPED).is_good
    for where in (None, region.id):
        refused = proposed(session, WITHOUT_A_TIERS_STATE, where)
        assert codes(refused) == {"WF227"} and not refused.is_good
    (told,) = [one for one in refused.problems if one.code == "WF227"]
    assert told.file == "lke_2025.yaml" and told.message.id.startswith("lke_evaluation: ") and "assurance" in (
        told.message.en
    )  # fmt: skip
    with pytest.raises(NotPublishable):
        put(session, WITHOUT_A_TIERS_STATE, now, region.id)


def test_a_rubric_is_held_against_the_case_types_that_are_published_and_passes_over_the_others(
    session: Session, now: datetime
) -> None:  # fmt: skip
    region, other = a_region(session), a_region(session)
    assert the_rubric(session).is_good  # nothing is published yet
    put(session, SHIPPED, now)
    assert the_rubric(session).is_good and the_rubric(session, region.id).is_good
    put(session, WITHOUT_A_TIERS_STATE, now, region.id)
    assert the_rubric(session).is_good and the_rubric(session, other.id).is_good
    put(session, WITHOUT_A_TIERS_STATE, now)
    assert codes(the_rubric(session)) == {"WF227"}
