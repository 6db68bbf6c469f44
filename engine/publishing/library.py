"""Published definitions, ready to be used: each compiled once a process, by digest."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.definitions.cache import DefinitionCache
from engine.definitions.hot_definition import hot_definition, written
from engine.definitions.model import Definition
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import DefinitionError, NotFound
from engine.publishing.building import build_once
from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.revision import has_published, revision_of

_compiled: dict[str, Definition] = {}
_caches: list[DefinitionCache] = []  # where compiled definitions are kept on disk: one folder, or none
_newest: dict[tuple[int, str], tuple[int, date, str | None]] = {}  # (region, case type) -> revision, day, digest
_running: dict[tuple[str, str], Definition] = {}  # (digest of the case, digest that counts now)
_compiling = threading.Lock()


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version as lists show it. ``title`` is per language."""

    digest: str
    case_type: str
    title: Mapping[str, str]
    version: str
    number: int


def definition(session: Session, digest: str, vocabulary: VocabularyLike) -> Definition:
    """The compiled definition of this digest. It never changes, so it is kept for the life of the process.

    Raises NotFound for an unknown digest, DefinitionError when this program can no longer read the text.
    """
    known = _compiled.get(digest)
    if known is not None:
        return known
    with _compiling:
        known = _compiled.get(digest)
        if known is None:
            known = _compiled[digest] = _compile(session, digest, vocabulary)
    return known


def keep_compiled(folder: Path | None, secret_key: str) -> None:
    """Keep what is compiled in ``folder``, sealed with a key made of the secret one, and take it from there.

    For a process that starts: what is in memory is forgotten. None keeps nothing on disk.
    """
    key = hashlib.blake2b(secret_key.encode(), digest_size=32, person=b"alur compiled").digest()
    with _compiling:
        _caches[:] = [] if folder is None else [DefinitionCache(folder, key)]
        _compiled.clear()
        _running.clear()


def forget() -> None:
    """Drop what counts where: for a process that turns to another database."""
    _newest.clear()
    _running.clear()


def running(
    session: Session,
    digest: str,
    region_id: int,
    on: date,
    vocabulary: VocabularyLike,
    revision: int | None = None,
) -> Definition:
    """The definition a running case of this digest is decided by: with the hot parts of what counts in its region.

    ``on`` is the region's local day; ``revision`` its ``definitions_revision`` where the caller has read it. The
    digest of what comes back is still the case's own. Raises as ``definition`` does.
    """
    pinned = definition(session, digest, vocabulary)
    now = _counting_digest(session, region_id, pinned.case_type, on, revision)
    if now is None or now == digest:
        return pinned
    known = _running.get((digest, now))
    if known is None:
        with _compiling:
            known = _running.get((digest, now))
            if known is None:
                known = _running[(digest, now)] = _with_hot(session, pinned, (digest, now), vocabulary)
    return known


def _counting_digest(session: Session, region_id: int, case_type: str, on: date, revision: int | None) -> str | None:
    if has_published(session):  # it may be rolled back: nobody else may learn of it
        return _newest_or_none(session, region_id, case_type, on)
    if revision is None:
        revision = revision_of(session, region_id)
    known = _newest.get((region_id, case_type))
    if known is None or known[:2] != (revision, on):
        known = (revision, on, _newest_or_none(session, region_id, case_type, on))
        _newest[(region_id, case_type)] = known
    return known[2]


def _with_hot(session: Session, pinned: Definition, digests: tuple[str, str], vocabulary: VocabularyLike) -> Definition:
    rows = [session.get(DefinitionVersion, digest) for digest in digests]
    old, new = (None if row is None else written(row.files, row.case_type, row.region_key) for row in rows)
    return pinned if old is None or new is None else hot_definition(pinned, old, new, vocabulary)


def _newest_or_none(session: Session, region_id: int, case_type: str, on: date) -> str | None:
    query = _counting(region_id, on).with_only_columns(Publication.digest).where(Publication.case_type == case_type)
    return session.scalars(query.limit(1)).one_or_none()


def newest(session: Session, region_id: int, case_type: str, on: date) -> str:
    """The digest new cases of this region take on that (local) day; a version of its own wins over one for all.

    Raises NotFound when nothing is published for it.
    """
    digest = _newest_or_none(session, region_id, case_type, on)
    if digest is None:
        raise NotFound(f"No version of '{case_type}' is published here.")
    return digest


def newest_of_all(session: Session, region_id: int, on: date) -> dict[str, PublishedVersion]:
    """What a person may open a case of on that day: case type -> version, by case type."""
    query = _counting(region_id, on).join(DefinitionVersion, DefinitionVersion.digest == Publication.digest)
    columns = query.with_only_columns(
        Publication.case_type,
        DefinitionVersion.digest,
        DefinitionVersion.title,
        DefinitionVersion.version,
        DefinitionVersion.number,
    ).where(~Publication.case_type.contains(SEPARATOR))
    found: dict[str, PublishedVersion] = {}
    for case_type, digest, title, version, number in session.execute(columns):
        found.setdefault(case_type, PublishedVersion(digest, case_type, title, version, number))
    return dict(sorted(found.items()))


def newest_of_kind(
    session: Session, region_id: int, kind: str, on: date, by: datetime | None = None
) -> dict[str, DefinitionVersion]:
    """What counts for a region on a (local) day of another kind of definition: key -> version, by key.

    A version of the region's own wins over one for all. With ``by`` only what was published by that moment.
    """
    prefix = f"{kind}{SEPARATOR}"
    query = _counting(region_id, on).join(DefinitionVersion, DefinitionVersion.digest == Publication.digest)
    query = query.where(Publication.case_type.startswith(prefix, autoescape=True))
    if by is not None:
        query = query.where(Publication.published_at <= by)
    found: dict[str, DefinitionVersion] = {}
    for name, row in session.execute(query.with_only_columns(Publication.case_type, DefinitionVersion)):
        found.setdefault(name.removeprefix(prefix), row)
    return dict(sorted(found.items()))


def _counting(region_id: int, on: date) -> Select[Publication]:
    """Publications that count for a region on a day, the one that wins first."""
    return (
        select(Publication)
        .where(
            or_(Publication.region_id == region_id, Publication.region_id.is_(None)),
            Publication.counts_from <= on,
        )
        .order_by(Publication.region_id.is_(None), Publication.counts_from.desc(), Publication.id.desc())
    )


def _compile(session: Session, digest: str, vocabulary: VocabularyLike) -> Definition:
    for cache in _caches:
        kept = cache.load(digest, vocabulary)
        if kept is not None:
            return kept
    built = _build(session, digest, vocabulary)
    for cache in _caches:
        cache.store(built)
    return built


def _build(session: Session, digest: str, vocabulary: VocabularyLike) -> Definition:
    row = session.get(DefinitionVersion, digest)
    if row is None:
        raise NotFound(f"No published version has the digest {digest}.")
    built, problems = build_once(row.files, row.case_type, vocabulary, row.region_key)
    if built is None:
        said = "; ".join(f"{one.file}:{one.line}: {one.code} {one.message.en}" for one in problems if one.is_error)
        raise DefinitionError(f"The stored version {row.version} of '{row.case_type}' cannot be read: {said}")
    return built
