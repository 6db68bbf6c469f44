"""The field's files are published like definitions: proved by vectors, by two people, a region's own winning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from config import ROOT
from engine.publishing.kinds import kind_called
from engine.publishing.proposals import NotPublishable
from engine.publishing.publish import propose_kind, publish_kind
from engine.publishing.verify import verify_all
from sakip.configuration.heads import MEASUREMENT
from sakip.published import KIND_NAMES, gather, keys_of
from sakip.standing import configuration_of
from tests.factories import a_region
from tests.publishers import publishers

FOLDER = ROOT / "sakip_config"
DAY = date(2026, 3, 2)


def publish_all(session: Session, now: datetime, files: Mapping[str, str], region: int | None = None) -> None:
    key = None if region is None else "kota_bandung"
    for schema, name in keys_of(files, key):
        kind = kind_called(KIND_NAMES[schema])
        publish_kind(
            session, files, kind, name, reason="Berlaku", region=region, now=now, **publishers(session, region)
        )


def test_what_is_published_for_all_counts_and_a_regions_own_wins(session: Session, now: datetime) -> None:
    ours, theirs = a_region(session, key="kota_bandung"), a_region(session)
    assert configuration_of(session, ours.id, DAY).measurement(2025) is None
    publish_all(session, now, gather(FOLDER, None))
    base = configuration_of(session, theirs.id, DAY)
    assert base.levels(2025) is not None and base.evaluation(2025) is not None and base.whatif(2025) is not None
    assert configuration_of(session, theirs.id, DAY) is base
    publish_all(session, now, gather(FOLDER, "kota_bandung"), ours.id)
    own = configuration_of(session, ours.id, DAY)
    assert own.evaluation(2025) is not base.evaluation(2025)
    assert configuration_of(session, theirs.id, DAY).evaluation(2025) is base.evaluation(2025)
    assert verify_all(session) == []


def test_a_file_with_a_finding_or_a_vector_that_fails_is_not_published(session: Session, now: datetime) -> None:
    files = gather(FOLDER, None)
    kind = kind_called(KIND_NAMES[MEASUREMENT])
    broken = files | {"measurement.yaml": files["measurement.yaml"].replace("places:", "plaices:", 1)}
    assert not propose_kind(session, broken, kind, "regional", region=None).is_good
    other = files | {"vectors.yaml": files["vectors.yaml"].replace('"50.00"', '"50.01"', 1)}
    with pytest.raises(NotPublishable) as refused:
        publish_kind(session, other, kind, "regional", reason="Berlaku", by=None, region=None, now=now)
    assert len(refused.value.proposal.failures) == 1
