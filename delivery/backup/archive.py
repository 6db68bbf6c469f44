"""One file with everything in it, readable by the holder of one private key and by nobody else.

A random key, sealed for the public key of backups, then a tar in encrypted chunks (``engine.disclosure.streams``): a
changed, shortened or reordered archive does not open.
"""

from __future__ import annotations

import io
import secrets
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from engine.disclosure.primitives import CannotOpen, Context, KeyPair, new_key, seal, unseal
from engine.disclosure.streams import StreamWriter, checked_pieces

MAGIC = b"alur-backup-1\n"
_ID_BYTES = 16
_PLACE = "backup"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive: ``name`` inside it, where it lies."""

    name: str
    path: Path


def write_archive(sink: BinaryIO, public: bytes, entries: Iterable[Entry]) -> int:
    """Everything into ``sink``; how many files. A file that vanished meanwhile is left out."""
    identity, key = secrets.token_bytes(_ID_BYTES), new_key()
    sealed = seal(public, key, _context(identity, "key"))
    sink.write(MAGIC + identity + len(sealed).to_bytes(2, "big") + sealed)
    writer, count = StreamWriter(sink, key, _context(identity, "bytes")), 0
    with tarfile.open(fileobj=cast(BinaryIO, writer), mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for entry in entries:
            try:
                with entry.path.open("rb") as source:
                    info = tarfile.TarInfo(entry.name)
                    info.size, info.mtime, info.mode = entry.path.stat().st_size, 0, 0o600
                    archive.addfile(info, source)
            except FileNotFoundError:
                continue
            count += 1
    writer.finish()
    return count


def read_archive(source: BinaryIO, pair: KeyPair) -> Iterator[tuple[str, BinaryIO]]:
    """Name and bytes of each file in turn; the whole archive is verified before the first is given. Raises CannotOpen
    for another key and for what is no archive, or not as it was written."""
    if source.read(len(MAGIC)) != MAGIC:
        raise CannotOpen
    identity = source.read(_ID_BYTES)
    sealed = source.read(int.from_bytes(source.read(2), "big"))
    key = unseal(pair, sealed, _context(identity, "key"))
    stream = _Pieces(checked_pieces(source, key, _context(identity, "bytes")))
    with tarfile.open(fileobj=io.BufferedReader(stream), mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                raise CannotOpen
            yield member.name, cast(BinaryIO, content)


def is_archive(path: Path) -> bool:
    """Whether a file is one of these."""
    with path.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


class _Pieces(io.RawIOBase):
    """Pieces as a stream to be read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            following = next(self._pieces, None)
            if following is None:
                return 0
            self._rest = following
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _context(identity: bytes, part: str) -> Context:
    return Context(_PLACE, identity.hex() or _PLACE, part)
