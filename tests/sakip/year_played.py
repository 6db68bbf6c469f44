"""The demonstration's years of performance in a database of a test: three regions, their people and case types."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT
from demo.build import DEFINITIONS, PUBLISHED, TEMPLATES, packs
from demo.people import add_everybody
from demo.performance_facts import facts
from demo.performance_year import play_years
from engine.database import open_database
from engine.organisation.models import Region
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from sakip.cycle import CYCLE
from sakip.publish_folder import publish_folder
from tests.publishers import publishers

AFTER_ALL = datetime(2027, 7, 1, 2, 0, tzinfo=UTC)  # a moment after everything the facts tell of


def play(url: str, until: datetime = AFTER_ALL, regions: Collection[str] | None = None) -> None:
    """Fill a database with tables and no rows: the people of the regions named (None: of all), then the years there."""
    database = open_database(url)
    with database.writing.begin() as session:
        prepare(session, until, regions)
    with database.writing.begin() as session:
        play_years(session, until, regions)
    database.close()


def prepare(session: Session, now: datetime, regions: Collection[str] | None = None) -> None:
    """Everything the cycle stands on, in all regions or those named, unproved: what is published is proved where it is
    published for good."""
    add_everybody(session, now, regions)
    for path in DEFINITIONS:
        if path.stem in CYCLE:
            _publish(session, path, None)
    for row in session.scalars(select(Region).where(Region.key.in_(facts()["regions"]))):
        for path in packs(row.key):
            if path.stem in CYCLE:
                _publish(session, path, row.id)
    folder = ROOT / "sakip_config"
    for region_id in (None, *(region.id for region in _with_files(session, folder))):
        publish_folder(
            session, folder, region=region_id, reason="Berlaku", now=PUBLISHED, **publishers(session, region_id)
        )


def _with_files(session: Session, folder: Path) -> list[Region]:
    own = [path.name for path in (folder / "regions").iterdir()]
    return list(session.scalars(select(Region).where(Region.key.in_(own)).order_by(Region.id)))


def _publish(session: Session, path: Path, region_id: int | None) -> None:
    publish(
        session, dict(_files(path)), path.stem, reason="Berlaku", region=region_id, vocabulary=load(), now=PUBLISHED,
        prove=lambda _: (), **publishers(session, region_id),
    )  # fmt: skip


@cache
def _files(path: Path) -> tuple[tuple[str, str], ...]:
    gathered, loaded = gather(path, ROOT, TEMPLATES, load())
    assert gathered is not None, loaded.problems
    return tuple(gathered.files.items())
