"""Opens a workbook's archive only when it can be no bomb, and reads its parts with a limit (issue threads of zip bombs:
declared sizes may lie, a directory may hold a million names)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from sakip.exchange.cells import MOST_BYTES
from sakip.exchange.problems import FileRefused

MOST_UNPACKED = 256 * 1024 * 1024
STEEPEST = 150  # unpacked bytes for one packed: real sheets pack ten to forty to one
HARMLESS = 4 * 1024 * 1024  # a part of that size may be as steep as it likes
MOST_PARTS = 2_000
CHUNK = 64 * 1024
_END, _ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
MACROS = ("vbaproject.bin", "xl/macrosheets/")


def bomb() -> FileRefused:
    """The refusal of a file that unpacks to far more than it shows."""
    return FileRefused(
        "zip_bomb",
        "Berkas ini membengkak tidak wajar ketika dibuka, jadi tidak dibaca. Simpan ulang sebagai .xlsx biasa.",
        "This file grows beyond measure when it is opened, so it was not read. Save it again as a plain .xlsx.",
    )


def broken() -> FileRefused:
    """The refusal of a file that cannot be read as a workbook."""
    return FileRefused(
        "unreadable_file",
        "Berkas rusak atau bukan buku kerja .xlsx. Buka di pengolah lembar sebar lalu simpan ulang.",
        "The file is damaged or no .xlsx workbook. Open it in a spreadsheet program and save it again.",
    )


class Package:
    """The parts of a workbook by their names, capitals ignored."""

    def __init__(self, content: bytes) -> None:
        """Raises FileRefused for what is no archive, a bomb, or a workbook with macros."""
        if len(content) > MOST_BYTES:
            raise too_large()
        _look_at_directory(content)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
            raise broken() from fault
        parts = self._archive.infolist()
        self._parts = {part.filename.lower().lstrip("/"): part for part in parts}
        total = sum(part.file_size for part in parts)
        if len(parts) > MOST_PARTS or total > MOST_UNPACKED or any(_is_steep(part) for part in parts):
            raise bomb()
        if any(mark in name for name in self._parts for mark in MACROS):
            raise FileRefused(
                "macros",
                "Berkas ini memuat makro, jadi tidak dibaca. Simpan sebagai .xlsx tanpa makro.",
                "This file holds macros, so it was not read. Save it as .xlsx without macros.",
            )

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part, piece by piece. Raises FileRefused where it is not there, damaged, or larger than declared."""
        part = self._parts.get(name.lower())
        if part is None or part.flag_bits & 1:  # encrypted
            raise broken()
        left = part.file_size
        try:
            with self._archive.open(part) as opened:
                while chunk := opened.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise bomb()
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as fault:
            raise broken() from fault


def too_large() -> FileRefused:
    """The refusal of a file that is larger than anybody needs."""
    most = MOST_BYTES // (1024 * 1024)
    return FileRefused(
        "file_too_large", f"Berkas lebih dari {most} MB. Bagi menjadi beberapa berkas.",
        f"The file has more than {most} MB. Divide it into several files.",
    )  # fmt: skip


def _is_steep(part: zipfile.ZipInfo) -> bool:
    return part.file_size > HARMLESS and part.file_size > STEEPEST * max(part.compress_size, 1)


def _look_at_directory(content: bytes) -> None:
    """A directory of a million names would fill the memory before anybody could look at them."""
    tail = content[-(_END_BYTES + _LONGEST_COMMENT) :]
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_BYTES or _ZIP64 in tail:
        raise broken()
    names = int.from_bytes(tail[at + 10 : at + 12], "little")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    if names > MOST_PARTS or size > MOST_PARTS * 512:
        raise bomb()
