"""Backups made, thinned out, looked at and restored; secrets of the settings are never in one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath

from config import Settings
from delivery.backup.archive import Entry, is_archive, read_archive, write_archive
from delivery.backup.dumping import backend_of, dump, load
from delivery.backup.keys import public_of
from engine.disclosure.primitives import KeyPair
from engine.disclosure.vault import ONE_DATE
from engine.errors import EnvironmentFault, InvalidInput

KEPT_DAYS = 30  # longer, and a destroyed case would live on in them
ENDING = ".alurbackup"
_NAME = re.compile(r"alur-([0-9]{8}T[0-9]{6})Z\.alurbackup\Z")
_STAMP = "%Y%m%dT%H%M%S"
_DUMP = ".dump-"  # where a copy of the database waits to be encrypted
LONGEST = timedelta(hours=6)  # that a backup takes
_DATABASE, _FILES, _SEALED = "database", "files", "sealed"


@dataclass(frozen=True, slots=True)
class Made:
    """``files`` beside the database; ``dropped`` older backups."""

    path: Path
    files: int
    dropped: int


def create(settings: Settings, now: datetime) -> Made:
    """A new backup in the folder of backups, whole or not at all, and those past their days are gone. Raises
    EnvironmentFault without a key, or when database or folder cannot be used."""
    if not settings.backup_key:
        raise EnvironmentFault("ALUR_BACKUP_KEY is not set: flask backup key makes a pair and prints it once.")
    public, folder = public_of(settings.backup_key), settings.backup_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = folder / f"alur-{now.astimezone(UTC).strftime(_STAMP)}Z{ENDING}"
    waiting = home.with_suffix(".part")
    for left in _left_behind(folder, now):
        shutil.rmtree(left)
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=_DUMP) as place:
            copy = Path(place) / _DATABASE
            copy.touch(mode=0o600)
            dump(settings.database_url, copy)
            handle = os.open(waiting, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "wb") as out:
                count = write_archive(out, public, _entries(settings, copy))
                out.flush()
                os.fsync(out.fileno())
        waiting.replace(home)
    finally:
        waiting.unlink(missing_ok=True)
    return Made(home, count - 1, _drop_old(folder, now))


def restore(settings: Settings, source: Path, pair: KeyPair) -> int:
    """Database and files again, where there are none yet; how many files. The archive is verified first. Raises
    CannotOpen for another key or a changed archive, EnvironmentFault where something is there already."""
    for folder in (settings.files_dir, settings.sealed_dir):
        if folder.is_dir() and any(folder.iterdir()):
            raise EnvironmentFault(f"{folder} is not empty; a backup is restored where there is nothing yet.")
    count = 0
    settings.files_dir.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        source.open("rb") as archive,
        tempfile.TemporaryDirectory(dir=settings.files_dir.parent, prefix=".restore-") as place,
    ):
        for name, content in read_archive(archive, pair):
            if name == f"{_DATABASE}.{backend_of(settings.database_url)}":
                copy = Path(place) / _DATABASE
                _write(copy, content)
                load(settings.database_url, copy)
                continue
            _write(_home(settings, name), content)
            count += 1
    for folder in settings.sealed_dir.glob("*"):
        os.utime(folder, (ONE_DATE, ONE_DATE))
    return count


def newest(folder: Path) -> datetime | None:
    """When the newest backup was made (aware), None where there is none."""
    return max((moment for _, moment in _backups(folder)), default=None)


def in_the_open(folder: Path, now: datetime) -> tuple[str, ...]:
    """Files among the backups that are no archives of ours, and may be unencrypted; also what a backup that was killed
    left. Not what one that runs at this moment (``now``, aware) works on."""
    if not folder.is_dir():
        return ()
    left = _left_behind(folder, now)
    found = (path for path in folder.rglob("*") if path.is_file() and not is_archive(path))
    names = (path.relative_to(folder) for path in found)
    return tuple(
        sorted(
            name.as_posix() for name in names if not name.parts[0].startswith(_DUMP) or folder / name.parts[0] in left
        )
    )


def _left_behind(folder: Path, now: datetime) -> tuple[Path, ...]:
    """Copies of the database that a backup did not live to encrypt and remove."""
    before = (now - LONGEST).timestamp()
    return tuple(place for place in folder.glob(f"{_DUMP}*") if place.stat().st_mtime < before)


def _backups(folder: Path) -> Iterator[tuple[Path, datetime]]:
    for path in sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else ():
        found = _NAME.match(path.name)
        if found:
            yield path, datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)


def _drop_old(folder: Path, now: datetime) -> int:
    old = [path for path, moment in _backups(folder) if moment < now - timedelta(days=KEPT_DAYS)]
    for path in old:
        path.unlink()
    return len(old)


def _entries(settings: Settings, copy: Path) -> Iterator[Entry]:
    yield Entry(f"{_DATABASE}.{backend_of(settings.database_url)}", copy)
    for name, folder in ((_FILES, settings.files_dir), (_SEALED, settings.sealed_dir)):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = path.relative_to(folder)
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield Entry(f"{name}/{inside.as_posix()}", path)


def _home(settings: Settings, name: str) -> Path:
    """Where a file of the archive belongs; never outside the two folders. Raises InvalidInput."""
    top, *inside = PurePosixPath(name).parts
    folder = {_FILES: settings.files_dir, _SEALED: settings.sealed_dir}.get(top)
    if folder is None or not inside or ".." in inside:
        raise InvalidInput(
            "This backup is of another kind of database."
            if top.startswith(_DATABASE)
            else f"A file of the backup belongs nowhere: {name[:80]}"
        )
    return folder.joinpath(*inside)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        while piece := content.read(1 << 20):  # type: ignore[attr-defined]
            out.write(piece)
    os.utime(path, (ONE_DATE, ONE_DATE))
