"""Builds the demonstration once, and takes it down again to build it anew."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT, Settings
from demo.journeys import all_journeys, travel
from demo.keys import REGIONS as KEY_HOLDERS
from demo.keys import give_keys
from demo.people import add_everybody
from demo.performance_year import play_years
from demo.publishers import publishers
from demo.reports import all_reports, tell
from engine import vocabulary
from engine.cases.simulate import ScenarioResult, run_all
from engine.clock import system_clock
from engine.database import Database, open_database
from engine.definitions.model import Definition
from engine.errors import DefinitionError, EnvironmentFault
from engine.migration import downgrade, upgrade
from engine.organisation.accounts import has_demo_accounts
from engine.organisation.models import Region
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from sakip.publish_folder import publish_folder

DEFINITIONS = tuple(
    ROOT / "workflows" / f"{name}.yaml"
    for name in (
        "performance_agreement",
        "sakip_document",
        "complaint_investigation",
        "protection_request",
        "retaliation_report",
        "tree_revision",
        "crosscutting_agreement",
        "action_plan",
        "measurement_report",
        "performance_report",
        "report_review",
        "lke_evaluation",
        "follow_up",
    )
)
COMPLAINT = "complaint_investigation.yaml"  # only where people hold keys a region's own version is of use
TEMPLATES = ROOT / "delivery" / "templates"
MEASURES = ROOT / "sakip_config"
PUBLISHED = datetime(2024, 12, 2, 2, 0, tzinfo=UTC)  # before the first year of performance begins
Progress = Callable[[str], None]


def build(settings: Settings, progress: Progress, now: datetime | None = None) -> bool:
    """Fill an empty database with the demonstration. Returns False, having changed nothing, when it is not empty.

    Raises EnvironmentFault in production: its accounts have a published password.
    """
    _refuse_production(settings)
    moment = now or system_clock()
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            if session.scalar(select(Region.id).limit(1)) is not None:
                return False
        _fill(database, settings, moment, progress)
    finally:
        database.close()
    return True


def reset(settings: Settings, progress: Progress, now: datetime | None = None) -> None:
    """Take everything down and build the demonstration anew.

    Raises EnvironmentFault in production, and when the database holds anything but a demonstration.
    """
    _refuse_production(settings)
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            has_regions = session.scalar(select(Region.id).limit(1)) is not None
            if has_regions and not has_demo_accounts(session):
                raise EnvironmentFault("This database holds no demonstration; it is left as it is.")
    finally:
        database.close()
    downgrade(settings.database_url, "base")
    upgrade(settings.database_url)
    _empty(settings.files_dir)
    _empty(settings.sealed_dir)
    build(settings, progress, now)


def _refuse_production(settings: Settings) -> None:
    if settings.is_production:
        raise EnvironmentFault("The demonstration is refused in production: its accounts have a published password.")


def _fill(database: Database, settings: Settings, now: datetime, progress: Progress) -> None:
    """All of it in one transaction, so that an interrupted start begins anew."""
    with database.writing() as session, session.begin():
        progress("people and offices")
        add_everybody(session, now)
        pairs = give_keys(session, now)
        progress("definitions")
        published = min(PUBLISHED, now - timedelta(days=60))
        for path in DEFINITIONS:
            _publish(session, path, None, published)
        for row in session.scalars(select(Region).order_by(Region.id)):
            for path in packs(row.key):
                _publish(session, path, row.id, published)
        _publish_measures(session, published)
        progress("agreements on their way")
        for journey in all_journeys():
            travel(session, journey, now)
        progress("reports from outside")
        for report in all_reports():
            tell(session, report, settings, pairs, now)
        progress("years of performance")
        play_years(session, now)


def packs(region: str, root: Path = ROOT) -> list[Path]:
    """A region's own versions of what is published for all, in the files at ``root``."""
    names = [path.name for path in DEFINITIONS if path.name != COMPLAINT or region in KEY_HOLDERS]
    return [path for name in names if (path := root / "workflows" / "regions" / region / name).is_file()]


def _publish(session: Session, path: Path, region_id: int | None, now: datetime) -> None:
    words = vocabulary.load()
    gathered, loaded = gather(path, ROOT, TEMPLATES, words)
    if gathered is None:
        raise DefinitionError("; ".join(str(problem) for problem in loaded.problems if problem.is_error))
    two = publishers(session, region_id)
    publish(
        session,
        gathered.files,
        gathered.case_type,
        reason="Demonstration",
        by=two.by,
        approved_by=two.approved_by,
        region=region_id,
        vocabulary=words,
        now=now,
        prove=failures,
    )


def _publish_measures(session: Session, now: datetime) -> None:
    """The files of performance accountability, for all and for the regions that have their own."""
    regions = {region.key: region.id for region in session.scalars(select(Region))}
    own = sorted(path.name for path in (MEASURES / "regions").iterdir() if path.name in regions)
    for region_id in (None, *(regions[key] for key in own)):
        two = publishers(session, region_id)
        publish_folder(
            session, MEASURES, region=region_id, reason="Demonstration", by=two.by, approved_by=two.approved_by, now=now
        )


def failures(definition: Definition) -> list[ScenarioResult]:
    """The scenarios that do not hold."""
    return [result for result in run_all(definition) if not result.passed]


def _empty(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
