"""Case types that files of the field name, looked up in what is published: when either of the two is published.

A tree of files is checked against its own ``workflows/`` (`sakip.lint`). In the store the two are published one by one,
so what nobody has published yet is passed over, and each is held against the other when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.library import read_library
from engine.definitions.load import has_files_of
from engine.definitions.model import Text
from engine.definitions.problems import Problem, Problems
from engine.definitions.tree import from_texts
from engine.organisation.models import Region
from engine.publishing.kinds import SEPARATOR
from engine.publishing.models import DefinitionVersion, Publication
from sakip.checked import check_folder
from sakip.configuration.check.around import CaseTypeLike
from sakip.configuration.check.case_types import CaseTypes
from sakip.configuration.files import of_texts
from sakip.configuration.heads import EVALUATION, LEVELS
from sakip.configuration.library import read_field_library
from sakip.published import KEPT, KIND_NAMES, Texts, texts_of

NAMING = tuple(KIND_NAMES[schema] + SEPARATOR for schema in (LEVELS, EVALUATION))  # kinds that name case types
Files = Mapping[str, str]


def look_at_names(session: Session, files: Files, key: str, region: int | None) -> Sequence[Problem]:  # noqa: ARG001
    """What of a folder's files does not fit the case types published for a region (None: for all): milestones, states
    and roles nobody has there, tasks that show what is hidden (WF202, WF227)."""
    key_of_region = None if region is None else session.get_one(Region, region).key
    known: dict[str | None, dict[str, CaseTypeLike]] = {None: _known(session, files, None)}
    if region is not None:
        known[key_of_region] = _known(session, files, region)
    return _misfits(files, known) if any(known.values()) else ()


def look_at_rubrics(session: Session, files: Files, case_type: str, region: int | None) -> Sequence[Problem]:
    """What of the levels and rubrics that count does not fit a case type any more when it is published as these files
    have it: for a region what counts there, for all also what regions without a case type of their own made theirs."""
    found: list[Problem] = []
    seen: list[tuple[str | None, Files]] = []  # versions are stored with every file they were checked with
    for key, digest in _resting(session, case_type, region):
        stored = session.get_one(DefinitionVersion, digest)
        if (key, stored.files) in seen or not _names(stored.files, case_type):
            continue
        seen.append((key, stored.files))
        own = None if key is None or not has_files_of(key, files) else key
        misfits = _misfits_with(texts_of(stored.files), stored.region_key, texts_of(files), case_type, own)
        found += [one for one in misfits if one not in found]
    return [_told(one, case_type) for one in found]


@lru_cache(maxsize=4 * KEPT)
def _misfits_with(
    resting: Texts, of_region: str | None, texts: Texts, case_type: str, region: str | None
) -> tuple[Problem, ...]:
    """What a case type of these texts, as ``region`` has it, brings in a region's files of the field."""
    of_files = CaseTypes(read_library(from_texts(dict(texts)).groves[0], Problems()), region)
    if case_type not in of_files:
        return ()
    return tuple(_misfits(dict(resting), {of_region: {case_type: of_files[case_type]}}))


def _misfits(files: Files, case_types: Mapping[str | None, Mapping[str, CaseTypeLike]]) -> list[Problem]:
    """The findings that these case types, by region, bring beside those the files have of themselves."""
    together = Problems()
    check_folder(read_field_library(of_texts(files), Problems()), lambda region: case_types.get(region, {}), together)
    own = _alone(texts_of(files))
    return [one for one in together.sorted() if one not in own]


@lru_cache(maxsize=KEPT)
def _alone(texts: Texts) -> frozenset[Problem]:
    """The findings the files have of themselves."""
    problems = Problems()
    check_folder(read_field_library(of_texts(dict(texts)), Problems()), None, problems)
    return frozenset(problems.sorted())


def _known(session: Session, files: Files, region: int | None) -> dict[str, CaseTypeLike]:
    """The published case types of a region that the files seem to name."""
    counting = _counting(session, region)
    named = {name: digest for name, digest in counting.items() if SEPARATOR not in name and _names(files, name)}
    found = {name: _case_type(session, name, digest) for name, digest in named.items()}
    return {name: one for name, one in found.items() if one is not None}


def _told(problem: Problem, case_type: str) -> Problem:
    """A finding of a published file, with the case type that would bring it about in front."""
    said = problem.message
    words = Text(f"{case_type}: {said.id}", f"{case_type}: {said.en}")
    return replace(problem, message=words)


def _names(files: Files, case_type: str) -> bool:
    return any(case_type in text for text in files.values())


def _counting(session: Session, region: int | None) -> dict[str, str]:
    """The digest of every definition that was published last for all, or for the region where it has its own."""
    of_all = select(Publication.case_type, Publication.digest).where(Publication.region_id.is_(None))
    found = {row.case_type: row.digest for row in session.execute(of_all.order_by(Publication.id))}
    if region is not None:
        own = select(Publication.case_type, Publication.digest).where(Publication.region_id == region)
        found |= {row.case_type: row.digest for row in session.execute(own.order_by(Publication.id))}
    return found


def _case_type(session: Session, name: str, digest: str) -> CaseTypeLike | None:
    stored = session.get_one(DefinitionVersion, digest)
    known = CaseTypes(read_library(from_texts(stored.files).groves[0], Problems()), stored.region_key)
    return known.get(name)


def _resting(session: Session, case_type: str, region: int | None) -> Iterator[tuple[str | None, str]]:
    """The key of each region (None: all) that would get the case type, with each version that counts there and names
    case types."""
    if region is not None:
        key = session.get_one(Region, region).key
        yield from ((key, digest) for digest in _naming(_counting(session, region)))
        return
    for_all = _naming(_counting(session, None))
    yield from ((None, digest) for digest in for_all)
    having = select(Publication.region_id).where(Publication.region_id.is_not(None)).distinct()
    for other in session.scalars(having.order_by(Publication.region_id)).all():
        own = select(Publication.id).where(Publication.region_id == other, Publication.case_type == case_type)
        if other is not None and session.scalar(own.limit(1)) is None:
            yield from ((None, digest) for digest in _naming(_counting(session, other)) if digest not in for_all)


def _naming(counting: Mapping[str, str]) -> list[str]:
    return [digest for name, digest in counting.items() if name.startswith(NAMING)]
