"""What counts in a region: its published levels, measurement, rubrics and efforts, each read once a process."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlalchemy.orm import Session

from engine.clock import system_clock
from engine.errors import NotFound
from engine.organisation.models import Region
from engine.publishing import library
from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import DefinitionVersion
from engine.publishing.revision import has_published, revision_of
from sakip.configuration.folder import Configuration, Parsed
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, SCHEMAS, WHATIF
from sakip.configuration.levels import Levels
from sakip.published import KIND_NAMES, model_of

_MOST = 256  # sets of versions remembered
_MOST_DAYS = 4096  # days of regions whose set is known

_models: dict[str, Parsed] = {}  # type: ignore[type-arg]  # digest -> the value; it never changes
_sets: dict[tuple[str, ...], Configuration] = {}
_Standing = dict[tuple[int, date], tuple[int, tuple[str, ...]]]  # region, day -> revision, digests
_standing: _Standing = {}
_SEEN = "standing_seen"  # what a session saw of its own publications, until it ends or takes some of it back


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _seen_no_more(session: Session, *_: object) -> None:
    session.info.pop(_SEEN, None)


def forget() -> None:
    """Drop what counts where: for a process that turns to another database."""
    _standing.clear()


def configuration_of(session: Session, region_id: int, on: date | None = None) -> Configuration:
    """Everything a region is measured and asked by on a (local) day, today without one: what is published for it, or
    for all. Empty where nothing is. The same versions give the same object. Raises NotFound for no region."""
    region = _region(session, region_id)
    day = on or _today(region)
    revision, is_own = revision_of(session, region_id), has_published(session)
    standing: _Standing = session.info.setdefault(_SEEN, {}) if is_own else _standing
    known_at, digests = standing.get((region_id, day), (-1, ()))
    found = _sets.get(digests)
    if known_at == revision and found is not None:
        return found
    digests, found = _read(session, region, day, None)
    _bound(standing, _MOST_DAYS)
    standing[region_id, day] = (revision, digests)
    return found


def configuration_then(session: Session, region_id: int, at: datetime) -> Configuration:
    """What counted at the moment of an act: what was published later on the same day did not yet. Before anything was
    published it is empty. Raises NotFound for no region."""
    region = _region(session, region_id)
    return _read(session, region, at.astimezone(ZoneInfo(region.timezone)).date(), at)[1]


def published_file(session: Session, schema: str, digest: str) -> Parsed | None:  # type: ignore[type-arg]
    """The file that was published under a digest, whatever counts now; None where there is none."""
    row = session.get(DefinitionVersion, digest)
    if row is None:
        return None
    kind, _, key = row.case_type.partition(SEPARATOR)
    return _model(schema, key, row) if kind == KIND_NAMES[schema] else None


def _read(session: Session, region: Region, day: date, by: datetime | None) -> tuple[tuple[str, ...], Configuration]:
    rows = {
        schema: library.newest_of_kind(session, region.id, KIND_NAMES[schema], day, by) for schema in SCHEMAS
    }  # fmt: skip
    digests = tuple(row.digest for found in rows.values() for row in found.values())
    known = _sets.get(digests)  # held here: another thread may clear what is kept at any moment
    if known is None:
        known = Configuration(
            region.key,
            *(tuple(_sorted([_model(schema, key, row) for key, row in rows[schema].items()])) for schema in _ORDER),
        )
        _bound(_sets)
        _sets[digests] = known
    return digests, known


def levels_then(session: Session, region_id: int, year: int, day: date) -> Levels | None:
    """The levels of a fiscal year as they counted on the (local) day of an act, so that it means the same ever after;
    before any were published those of today."""
    then = configuration_of(session, region_id, day).levels(year)
    return then if then is not None else configuration_of(session, region_id).levels(year)


def today_in(session: Session, region_id: int) -> date:
    """The day it is in a region, by its own clock. Raises NotFound for no region."""
    return _today(_region(session, region_id))


def _region(session: Session, region_id: int) -> Region:
    region = session.get(Region, region_id)
    if region is None:
        raise NotFound("There is no such region.")
    return region


def _today(region: Region) -> date:
    return system_clock().astimezone(ZoneInfo(region.timezone)).date()


_ORDER = (LEVELS, MEASUREMENT, EVALUATION, WHATIF)  # as Configuration has them


def _model(schema: str, key: str, row: DefinitionVersion) -> Parsed:  # type: ignore[type-arg]
    known = _models.get(row.digest)
    if known is None:
        _bound(_models)
        known = _models[row.digest] = model_of(schema, key, row.files, row.region_key)
    return known


def _sorted(found: list[Parsed]) -> list[Parsed]:  # type: ignore[type-arg]
    return sorted(found, key=lambda one: one.model.head.first_year)


def _bound(kept: dict, most: int = _MOST) -> None:  # type: ignore[type-arg]
    if len(kept) >= most:
        kept.clear()
