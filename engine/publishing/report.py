"""What whoever publishes should read first: what was taken away or loosened, what becomes of regions and cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.check.holders import holder_findings
from engine.definitions.diff import Difference, differences
from engine.definitions.hot import HotChange, hot_changes, is_only_hot
from engine.definitions.hot_definition import written
from engine.definitions.library import is_of_another_region, read_library
from engine.definitions.load import load_tree
from engine.definitions.model import Definition
from engine.definitions.overlay_changes import BothTouched
from engine.definitions.overlay_standing import Standing, standings
from engine.definitions.problems import Problem, Problems
from engine.definitions.tree import from_texts
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import NotFound
from engine.organisation.models import Region
from engine.organisation.vacancies import Vacancies
from engine.publishing import library
from engine.publishing.bases import base_changes, base_of
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.proposals import Proposal
from engine.publishing.publish import Prove


@dataclass(frozen=True, slots=True)
class Report:
    """A proposal in words. ``since`` are the differences from what counts there now, ``from_base`` those of a region's
    version from its base; both begin with removed scenarios, removed steps, widened permissions and relaxed exclusions.

    ``both`` are nodes the base changed under the region's overlay since its last version. ``hot`` reaches running
    cases at once; ``is_only_hot`` tells that nothing else changed that a case could feel. ``regions`` says, when a base
    is published, how each region that has its own version would stand on it: none of them changes by itself.
    ``vacant`` are roles nobody holds (WF030).
    """

    since: tuple[Difference, ...] = ()
    from_base: tuple[Difference, ...] = ()
    both: tuple[BothTouched, ...] = ()
    hot: tuple[HotChange, ...] = ()
    is_only_hot: bool = False
    regions: Mapping[str, tuple[Standing, ...]] = field(default_factory=dict)
    vacant: tuple[Problem, ...] = ()


def report(
    session: Session,
    proposal: Proposal[Definition],
    files: Mapping[str, str],
    *,
    vocabulary: VocabularyLike,
    prove: Prove,
    now: datetime,
) -> Report:
    """What publishing ``files`` as ``proposal`` describes would mean. Only reads; empty where nothing was built."""
    definition = proposal.definition
    if definition is None:
        return Report()
    region = None if proposal.region_id is None else session.get_one(Region, proposal.region_id)
    key = None if region is None else region.key
    counting = _counting(session, proposal, now, vocabulary)
    base = base_of(files, proposal.case_type, key, vocabulary)
    hot: Sequence[HotChange] = ()
    only_hot = False
    if counting is not None:
        row = session.get_one(DefinitionVersion, counting.digest)
        old, new = written(row.files, row.case_type, row.region_key), written(files, proposal.case_type, key)
        if old is not None and new is not None:
            hot, only_hot = tuple(hot_changes(old, new)), is_only_hot(old, new)
    return Report(
        since=() if counting is None else differences(counting, definition),
        from_base=() if base is None else differences(base, definition),
        both=base_changes(session, proposal.replaces, files, proposal.case_type, key).both,
        hot=tuple(hot),
        is_only_hot=only_hot,
        regions=_regions(session, proposal, files, vocabulary, prove) if region is None else {},
        vacant=() if region is None else _vacant(session, region, files, vocabulary, now),
    )


def _counting(
    session: Session, proposal: Proposal[Definition], now: datetime, vocabulary: VocabularyLike
) -> Definition | None:
    """What cases take there now: the version this one replaces, for a region's first one that of everybody."""
    digest = proposal.replaces
    if digest is None and proposal.region_id is not None:
        try:
            digest = library.newest(session, proposal.region_id, proposal.case_type, now.astimezone(UTC).date())
        except NotFound:
            return None
    return None if digest is None else library.definition(session, digest, vocabulary)


def _regions(
    session: Session, proposal: Proposal[Definition], files: Mapping[str, str], vocabulary: VocabularyLike, prove: Prove
) -> dict[str, tuple[Standing, ...]]:
    """Every region with a version of its own, by key: its overlays as they are stored, on the new base."""
    tried = from_texts({path: text for path, text in files.items() if not is_of_another_region(path, ())})
    found: dict[str, tuple[Standing, ...]] = {}
    for region, row in _own_versions(session, proposal.case_type):
        stood: list[Standing] = []
        if read_library(from_texts(row.files).groves[0], Problems()).regions_of(region):
            stood = standings(from_texts(row.files), vocabulary, None, prove, tried)
        found[region] = tuple(each for each in stood if each.overlay is None or each.overlay.region == region)
    return found


def _own_versions(session: Session, case_type: str) -> list[tuple[str, DefinitionVersion]]:
    """The region's key with the version published last for exactly that region."""
    rows = session.execute(
        select(Region.key, DefinitionVersion)
        .join(Publication, Publication.region_id == Region.id)
        .join(DefinitionVersion, DefinitionVersion.digest == Publication.digest)
        .where(Publication.case_type == case_type)
        .order_by(Region.key, Publication.id)
    )
    last: dict[str, DefinitionVersion] = {}
    for key, row in rows:
        last[key] = row
    return list(last.items())


def _vacant(
    session: Session, region: Region, files: Mapping[str, str], vocabulary: VocabularyLike, now: datetime
) -> tuple[Problem, ...]:
    loaded = load_tree(from_texts(files), vocabulary)
    return tuple(holder_findings(loaded.case_types.values(), region.key, Vacancies(session, region.id, now)))
