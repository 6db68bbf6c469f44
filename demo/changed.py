"""Publishes what was edited in the definition files since the demonstration was started last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import ROOT, Settings
from demo.build import DEFINITIONS, TEMPLATES, Progress, failures, packs
from demo.publishers import publishers
from engine import vocabulary
from engine.clock import system_clock
from engine.database import open_database
from engine.definitions.findings import formatted
from engine.organisation.accounts import has_demo_accounts
from engine.organisation.models import Region
from engine.publishing.approval import TwoPeopleNeeded
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.publish import propose, publish
from engine.publishing.texts import gather


def publish_changed(
    settings: Settings, progress: Progress, now: datetime | None = None, root: Path = ROOT
) -> list[str]:
    """New cases of the demonstration take what the files at ``root`` say now; running cases keep theirs.

    Gives the files that were published, relative to ``root``. A file older than what counts is left alone, so that a
    roll back stays one; a region whose own files did not change stays on its base. What has errors or fails a
    scenario is told through ``progress`` and changes nothing. A database without a demonstration is not touched.
    """
    moment = now or system_clock()
    database = open_database(settings.database_url)
    try:
        with database.reading() as session:
            if not has_demo_accounts(session):
                return []
            edited = [one for one in _files(session, root) if _is_edited(session, *one, root)]
        found = []
        for path, region in edited:
            with database.writing.begin() as session:
                if _publish(session, path, region, moment, root, progress):
                    found.append(path.relative_to(root).as_posix())
        return found
    finally:
        database.close()


def _files(session: Session, root: Path) -> Iterator[tuple[Path, int | None]]:
    for path in DEFINITIONS:
        yield root / "workflows" / path.name, None
    for region in session.scalars(select(Region).order_by(Region.id)):
        for path in packs(region.key, root):
            yield path, region.id


def _is_edited(session: Session, path: Path, region: int | None, root: Path) -> bool:
    """Whether the files a version is made of say something else than what counts, and were written after it was
    published: somebody who rolled back, or published from elsewhere, is not overruled by an older file."""
    counting = (
        select(DefinitionVersion, Publication.published_at)
        .join(Publication, Publication.digest == DefinitionVersion.digest)
        .where(Publication.case_type == path.stem, Publication.region_id.is_not_distinct_from(region))
        .order_by(Publication.id.desc())
    )
    row = session.execute(counting.limit(1)).first()
    if row is None:
        return True
    version, published_at = row
    written = _own(version)
    changed = [name for name in written if _text(_file(name, root)) != written[name]] + _added(version, root)
    return any(_written_at(_file(name, root), published_at) >= published_at for name in changed)


def _added(version: DefinitionVersion, root: Path) -> list[str]:
    """Files a region has by now for a part of the version for which it had none."""
    found = []
    for name in version.files if version.region_key else ():
        section, _, rest = name.partition("/")
        own = f"{section}/regions/{version.region_key}/{rest}"
        if "/" not in rest and own not in version.files and (root / own).is_file():
            found.append(own)
    return found


def _own(version: DefinitionVersion) -> Mapping[str, str]:
    """Of a region's version what the region wrote itself; of the others' everything."""
    if version.region_id is None:
        return dict(version.files)
    return {name: text for name, text in version.files.items() if f"/regions/{version.region_key}/" in name}


def _file(name: str, root: Path) -> Path:
    return TEMPLATES.parent / name if name.startswith("templates/") else root / name


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _written_at(path: Path, otherwise: datetime) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path.is_file() else otherwise


def _publish(session: Session, path: Path, region: int | None, now: datetime, root: Path, progress: Progress) -> bool:
    words = vocabulary.load()
    gathered, loaded = gather(path, root, TEMPLATES, words)
    if gathered is None:
        progress(formatted([problem for problem in loaded.problems if problem.is_error], "text", "en"))
        return False
    case_type, files = gathered.case_type, gathered.files
    proposal = propose(session, files, case_type, region=region, vocabulary=words, prove=failures)
    if proposal.changes_nothing:
        return False
    shown = path.relative_to(root).as_posix()
    if not proposal.is_good:
        errors = [problem for problem in proposal.problems if problem.is_error]
        failed = ", ".join(str(result.scenario) for result in proposal.failures)
        progress(
            formatted(errors, "text", "en") if errors else f"{shown}: not published, these scenarios fail: {failed}"
        )
        return False
    two = publishers(session, region)
    try:
        publish(
            session, files, case_type, reason="The file was changed", by=two.by, approved_by=two.approved_by,
            region=region, vocabulary=words, now=now, prove=lambda definition: (),  # just proved
        )  # fmt: skip
    except TwoPeopleNeeded as missing:  # somebody took the demonstration's administrator or supervisor away
        progress(f"{shown}: not published: {missing}")
        return False
    progress(f"{shown}: published for new cases")
    return True
