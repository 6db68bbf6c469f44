"""The files of channels held against what each region has published: what a process that starts should know."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.stored import definition_of
from engine.channel.checking import check_channel
from engine.channel.files import Channels, folder_now, read_folder
from engine.definitions.model import Definition
from engine.definitions.problems import Problem, Problems
from engine.disclosure.models import DisclosureRegion
from engine.errors import DefinitionError
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from engine.publishing import library


def faults_of_files() -> tuple[Problem, ...]:
    """What makes a file of channels unusable; no database."""
    return tuple(problem for problem in read_folder(folder_now()).problems if problem.is_error)


def faults_of_regions(session: Session, now: datetime) -> dict[str, tuple[Problem, ...]]:
    """By key of every region that has held its ceremony: what of its channel does not fit the case types published
    there, warnings and errors."""
    found = read_folder(folder_now())
    regions = select(Region).join(DisclosureRegion, DisclosureRegion.region_id == Region.id).order_by(Region.key)
    return {
        region.key: tuple(_faults(found, region.key, _published(session, region.id, now)))
        for region in session.scalars(regions)
    }


def _faults(found: Channels, region: str, published: dict[str, Definition]) -> list[Problem]:
    place = region if region in found.nodes else None
    settings, problems = found.settings.get(place), Problems()
    problems.take_all(found.problems)
    if settings is not None:
        # A base explains public titles of every region; here only those count that this one has.
        check_channel(found.nodes[place], settings, published, problems, settings.statuses, is_published=True)
    return problems.sorted()


def _published(session: Session, region_id: int, now: datetime) -> dict[str, Definition]:
    today = snapshot(session, region_id, now).day(now)
    definitions = {}
    for case_type, version in library.newest_of_all(session, region_id, today).items():
        try:
            definitions[case_type] = definition_of(session, version.digest)
        except DefinitionError:
            continue
    return definitions
