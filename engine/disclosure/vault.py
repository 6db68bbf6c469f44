"""Where sealed files lie: under random ids, as ciphertext from the first byte, all with one date."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from engine.disclosure.primitives import Context
from engine.disclosure.streams import StreamWriter
from engine.errors import NotFound

ONE_DATE = 946_684_800  # 1 January 2000: when a file came is nobody's business who reads the folder
LEFT_BEHIND = timedelta(days=1)  # a file on its way, or one without a row, that is older belongs to nobody
_ID = re.compile(r"[0-9a-f]{32}\Z")
_ARRIVING = ".arriving-"


def new_file_id() -> str:
    """32 hexadecimal digits that say nothing."""
    return secrets.token_hex(16)


def place_of(region: str, file_id: str) -> Context:
    """Where a file's bytes belong. Not to a case: a draft's files become a case's without being written anew."""
    return Context(region, f"file:{file_id}", "bytes")


@dataclass(slots=True)
class Arriving:
    """A file on its way in: ``write`` takes its bytes, and only what is ``keep``-ed stays."""

    writer: StreamWriter
    stored_bytes: int = 0
    is_kept: bool = False

    def write(self, data: bytes) -> None:
        """The next bytes."""
        self.writer.write(data)

    def keep(self) -> None:
        """All bytes are there, and the file is wanted."""
        self.is_kept = True


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of sealed files, ``ab/<id>``; nothing readable is ever in it, not even half a file."""

    folder: Path

    @contextmanager
    def arriving(self, file_id: str, key: bytes, place: Context) -> Iterator[Arriving]:
        """Takes a file in: encrypted while it comes, there when the block ends and it was kept; else nothing of it
        stays. A process killed in between leaves ciphertext whose key nobody has, until ``left_behind``."""
        home = self.path(file_id)
        _make(self.folder)
        _make(home.parent)
        waiting = home.with_name(_ARRIVING + file_id)
        handle = os.open(waiting, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                coming = Arriving(StreamWriter(out, key, place))
                yield coming
                if coming.is_kept:
                    coming.writer.finish()
                    out.flush()
                    os.fsync(out.fileno())
                    coming.stored_bytes = out.tell()
            if coming.is_kept:
                os.utime(waiting, (ONE_DATE, ONE_DATE))
                waiting.replace(home)
        finally:
            waiting.unlink(missing_ok=True)
            _undated(home.parent)

    def open(self, file_id: str) -> BinaryIO:
        """The ciphertext, to be read with ``streams``. Raises NotFound when it is not there."""
        try:
            return os.fdopen(_unnoticed(self.path(file_id)), "rb")
        except OSError as error:
            raise NotFound("There is no such file.") from error

    def remove(self, file_id: str) -> None:
        """The file is gone; nothing happens when it was."""
        home = self.path(file_id)
        home.unlink(missing_ok=True)
        if home.parent.is_dir():
            _undated(home.parent)

    def path(self, file_id: str) -> Path:
        """Where a file lies, whether or not it is there. Raises NotFound for what is no id."""
        if _ID.match(file_id) is None:
            raise NotFound("There is no such file.")
        return self.folder / file_id[:2] / file_id

    def left_behind(self, older_than: timedelta = LEFT_BEHIND) -> tuple[str, ...]:
        """Ids of files that came in longer ago than that, for somebody who knows which have a row; what never finished
        arriving is removed here."""
        limit, found = time.time() - older_than.total_seconds(), []
        for path in self.folder.glob("??/*"):
            if path.stat().st_ctime > limit:  # the date one can set says nothing here
                continue
            if path.name.startswith(_ARRIVING):
                path.unlink(missing_ok=True)
            elif _ID.match(path.name):
                found.append(path.name)
        return tuple(sorted(found))


def _unnoticed(path: Path) -> int:
    flags = os.O_RDONLY | os.O_CLOEXEC
    try:
        return os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # the kernel lets only the owner read without a trace
        return os.open(path, flags)


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _undated(folder: Path) -> None:
    """A folder's date would tell when the last file came; and what was renamed has to survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    os.utime(folder, (ONE_DATE, ONE_DATE))
