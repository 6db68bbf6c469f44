"""The zip that office files are: read within limits, and written anew without moments, systems or extra fields."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from delivery.cleaning.unfit import Unfit

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ODD_NAME = re.compile(r"(^/)|(^|/)\.\.(/|$)|[\\\x00-\x1f:]")
_OLDEST = (1980, 1, 1, 0, 0, 0)
_STEP = 1024 * 1024
_CENTRAL, _END = b"PK\x01\x02", b"PK\x05\x06"


def prepare() -> None:
    """Loads what reading and writing a zip need later, when no file can be opened."""
    codecs.lookup("cp437")
    Archive(written([("a", b"a", True)]), 1, 1).read("a")


class Archive:
    """The parts of an office file. ``names`` are theirs; ``read`` gives one, within what all of them may grow to."""

    def __init__(self, content: bytes, most_parts: int, most_inflated: int) -> None:
        """Raises Unfit for what is no plain zip: too many parts, one name twice, odd names, locked."""
        # The directory is counted before a reader makes an object of every entry.
        if content.count(_CENTRAL) > most_parts:
            raise Unfit("too_much_inside")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            raise Unfit("damaged") from None
        entries = self._zip.infolist()
        self._left = most_inflated
        if sum(entry.file_size for entry in entries) > most_inflated:
            raise Unfit("too_much_inside")
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        if len({name.lower() for name in self._entries}) != len([e for e in entries if not e.is_dir()]):
            raise Unfit("two_in_one")
        for entry in self._entries.values():
            if entry.flag_bits & 0x1:
                raise Unfit("locked")
            if _ODD_NAME.search(entry.filename) or entry.compress_type not in _METHODS:
                raise Unfit("damaged")
        self._require_no_overlap(content)

    def _require_no_overlap(self, content: bytes) -> None:
        """One stretch of packed bytes under many names is how a small zip grows without end."""
        end = 0
        for entry in sorted(self._entries.values(), key=lambda each: each.header_offset):
            if entry.header_offset < end:
                raise Unfit("too_much_inside")
            end = entry.header_offset + 30 + len(entry.filename) + entry.compress_size
        if end > len(content):
            raise Unfit("damaged")

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def size(self, name: str) -> int:
        """How large the part says it is, in bytes."""
        return self._entries[name].file_size

    def begins(self, name: str, marks: tuple[bytes, ...]) -> bool:
        """Whether a part begins with one of these; only its beginning is unpacked. Raises Unfit when it is damaged."""
        try:
            with self._zip.open(self._entries[name]) as part:
                return part.read(8).startswith(marks)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise Unfit("damaged") from None

    def read(self, name: str) -> bytes:
        """One part. Raises Unfit when it is damaged, or all read so far are more than allowed."""
        out = bytearray()
        try:
            with self._zip.open(self._entries[name]) as part:
                while step := part.read(_STEP):
                    self._left -= len(step)
                    if self._left < 0:
                        raise Unfit("too_much_inside")
                    out += step
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise Unfit("damaged") from None
        return bytes(out)


def written(parts: Iterable[tuple[str, bytes, bool]]) -> bytes:
    """A zip of (name, content, is packed), in the order given, each as if made on 1 January 1980."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content, is_packed in parts:
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.create_system = 0
            entry.external_attr = 0
            entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
            made.writestr(entry, content)
    return out.getvalue()
