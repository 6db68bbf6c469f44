"""Where uploaded files lie: outside the database, under the digest of their bytes, never under their own name."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from engine.errors import InvalidInput, NotFound

CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """``head`` is the beginning of the content, for sniffing its type."""

    sha256: str
    size: int
    head: bytes


@dataclass(frozen=True, slots=True)
class FileStore:
    """A folder of files by digest: ``ab/cd/abcd…``. The same bytes twice are one file."""

    folder: Path

    def put(self, stream: IO[bytes], largest: int, check: Callable[[StoredFile, Path], None]) -> StoredFile:
        """Stream into the store. ``check`` sees what arrived and may raise; then, or when there is more than
        ``largest`` bytes (InvalidInput), nothing is kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".arriving-", dir=self.folder)
        arriving = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                stored = _copy(stream, out, largest)
                out.flush()
                os.fsync(out.fileno())
            check(stored, arriving)
            place = self.path(stored.sha256)
            place.parent.mkdir(parents=True, exist_ok=True)
            arriving.replace(place)
        finally:
            arriving.unlink(missing_ok=True)
        return stored

    def path(self, sha256: str) -> Path:
        """Where a digest's file lies, whether or not it is there. Raises NotFound for what is no digest."""
        if len(sha256) != 64 or not all(letter in "0123456789abcdef" for letter in sha256):
            raise NotFound("There is no such file.")
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def open(self, sha256: str) -> BinaryIO:
        """The content. Raises NotFound when it is not there."""
        try:
            return self.path(sha256).open("rb")
        except OSError as error:
            raise NotFound("There is no such file.") from error


def _copy(stream: IO[bytes], out: BinaryIO, largest: int) -> StoredFile:
    digest, size, head = hashlib.sha256(), 0, b""
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > largest:
            raise InvalidInput(f"The file is larger than {largest // 1_000_000} MB.")
        if len(head) < CHUNK:
            head += chunk[: CHUNK - len(head)]
        digest.update(chunk)
        out.write(chunk)
    return StoredFile(digest.hexdigest(), size, head)
