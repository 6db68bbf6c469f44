"""The field's files are published like definitions: proved by vectors, by two people, a region's own winning."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from config import ROOT
from engine.publishing.kinds import kind_called
from engine.publishing.proposals import NotPublishable
from engine.publishing.publish import propose_kind, publish_kind
from engine.publishing.verify import verify_all
from sakip.configuration.heads import MEASUREMENT
from sakip.publish_folder import publish_folder
from sakip.published import KIND_NAMES, gather
from sakip.standing import configuration_of
from tests.factories import a_region
from tests.publishers import publishers

FOLDER = ROOT / "sakip_config"
DAY = date(2026, 3, 2)


def publish_all(session: Session, now: datetime, region: int | None = None, folder: Path = FOLDER) -> list[str]:
    people = publishers(session, region)
    return list(publish_folder(session, folder, region=region, reason="Berlaku", now=now, **people))


def test_what_is_published_for_all_counts_and_a_regions_own_wins(session: Session, now: datetime) -> None:
    ours, theirs = a_region(session, key="kota_bandung"), a_region(session)
    assert configuration_of(session, ours.id, DAY).measurement(2025) is None
    publish_all(session, now)
    base = configuration_of(session, theirs.id, DAY)
    assert base.levels(2025) is not None and base.evaluation(2025) is not None and base.whatif(2025) is not None
    assert configuration_of(session, theirs.id, DAY) is base
    assert publish_all(session, now, ours.id) == ["sakip-measurement/regional@2025", "sakip-evaluation/lke_2025@2025"]
    own = configuration_of(session, ours.id, DAY)
    assert own.evaluation(2025) is not base.evaluation(2025)
    assert configuration_of(session, theirs.id, DAY).evaluation(2025) is base.evaluation(2025)
    assert verify_all(session) == []


def test_a_second_file_for_later_years_stands_beside_the_first(session: Session, now: datetime, tmp_path: Path) -> None:
    region = a_region(session)
    for name, text in gather(FOLDER, None).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    first = tmp_path / "measurement.yaml"
    later = first.read_text(encoding="utf-8").replace("{from: 2025}", "{from: 2027}")
    later = later.replace("rounding: {places: 2", "rounding: {places: 1")
    (tmp_path / "measurement_2027.yaml").write_text(later, encoding="utf-8")
    assert {f"sakip-measurement/regional@{year}" for year in (2025, 2027)} <= set(
        publish_all(session, now, folder=tmp_path)
    )
    configuration = configuration_of(session, region.id, DAY)
    found = [configuration.measurement(year) for year in (2026, 2027)]
    assert [None if one is None else one.rounding.places for one in found] == [2, 1]


def test_a_file_with_a_finding_or_a_vector_that_fails_is_not_published(session: Session, now: datetime) -> None:
    files = gather(FOLDER, None)
    kind = kind_called(KIND_NAMES[MEASUREMENT])
    broken = files | {"measurement.yaml": files["measurement.yaml"].replace("places:", "plaices:", 1)}
    assert not propose_kind(session, broken, kind, "regional@2025", region=None).is_good
    other = files | {"vectors.yaml": files["vectors.yaml"].replace('"50.00"', '"50.01"', 1)}
    with pytest.raises(NotPublishable) as refused:
        publish_kind(session, other, kind, "regional@2025", reason="Berlaku", by=None, region=None, now=now)
    assert len(refused.value.proposal.failures) == 1
