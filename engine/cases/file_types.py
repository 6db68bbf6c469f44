"""What an uploaded file is, by its content; its name must agree. What a browser could run is refused."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import filetype

from engine.definitions.model import Text
from engine.errors import AlurError

LONGEST_NAME = 150

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "csv": "text/csv",
    "txt": "text/plain",
}
_OFFICE_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_SNIFFED = {"pdf": ("pdf",), "png": ("png",), "jpg": ("jpg",), "jpeg": ("jpg",), "webp": ("webp",)}
_RUNNABLE = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|math|xml|\?xml|\?php|\?=|%)|^\s*#!|<\?(?:xml|php|=)",
    re.IGNORECASE,
)
_MOST_ENTRIES = 10_000
_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # control, direction, private, line separators


class UnfitFile(AlurError):
    """A file that cannot be taken; ``reason`` is what people read."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


def clean_name(given: str) -> str:
    """A name that is safe to show and to save: no folders, no control or direction marks, not too long.

    Raises UnfitFile when nothing is left or the kind of file is not among those taken.
    """
    name = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
    name = "".join(
        letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    )
    name = " ".join(re.sub(r'[<>:"|?*]', " ", name).split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or extension.lower() not in MEDIA_TYPES:
        kinds = ", ".join(sorted(MEDIA_TYPES))
        raise UnfitFile(
            Text(f"Jenis berkas ini tidak diterima. Yang diterima: {kinds}.",
                 f"This kind of file is not taken. Taken are: {kinds}.")
        )  # fmt: skip
    return f"{stem[: LONGEST_NAME - len(extension) - 1].rstrip('. ')}.{extension.lower()}"


def media_type_of(name: str, head: bytes, content: Path | bytes) -> str:
    """The media type of a file with a clean ``name``, whose content begins with ``head`` and lies in a file or memory.

    Raises UnfitFile when it is empty, is not what its name says, or holds what a browser or office could run.
    """
    extension = name.rpartition(".")[2]
    if not head:
        raise UnfitFile(Text("Berkas ini kosong.", "This file is empty."))
    if extension in ("csv", "txt"):
        _check_text(head, content)
    elif extension in _SNIFFED:
        kind = filetype.guess(head)
        if kind is None or kind.extension not in _SNIFFED[extension]:
            raise _different(extension)
    else:
        _check_archive(extension, content)
    return MEDIA_TYPES[extension]


def _opened(content: Path | bytes) -> BinaryIO:
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def _check_text(head: bytes, content: Path | bytes) -> None:
    if b"\0" in head or filetype.guess(head) is not None:
        raise _different("txt")
    with _opened(content) as stream:
        tail = b""
        while chunk := stream.read(1_000_000):
            if b"\0" in chunk:
                raise _different("txt")
            if _RUNNABLE.search(tail + chunk):
                raise _runnable()
            tail = chunk[-64:]


def _check_archive(extension: str, content: Path | bytes) -> None:
    try:
        with _opened(content) as stream, zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            mimetype = archive.read("mimetype").decode("ascii", "replace").strip() if _has_mimetype(entries) else ""
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _different(extension) from error
    folder = _OFFICE_FOLDERS.get(extension)
    if len(names) > _MOST_ENTRIES:
        raise _different(extension)
    if folder is None:
        fits = mimetype == MEDIA_TYPES[extension]
    else:
        fits = "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)
    if not fits:
        raise _different(extension)
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise _runnable()


def _has_mimetype(entries: list[zipfile.ZipInfo]) -> bool:
    return any(entry.filename == "mimetype" and entry.file_size < 200 for entry in entries)


def _different(extension: str) -> UnfitFile:
    return UnfitFile(
        Text(f"Isi berkas ini bukan {extension.upper()} seperti namanya.",
             f"The content of this file is not {extension.upper()} as its name says.")
    )  # fmt: skip


def _runnable() -> UnfitFile:
    return UnfitFile(
        Text("Berkas ini memuat skrip, makro, atau halaman web dan tidak diterima.",
             "This file holds a script, a macro or a web page and is not taken.")
    )  # fmt: skip
