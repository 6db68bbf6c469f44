"""Which kinds of files are cleaned, how each begins, and what is said about the others."""

from __future__ import annotations

from dataclasses import dataclass

from delivery.cleaning.unfit import Unfit

HEAD = 1024  # bytes; readers of PDF look for its mark this far
_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_ZIP_COMMENT = 65_535
_OPEN_XML = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind that is taken: its extension, media type, and which module of this folder cleans it."""

    extension: str
    media_type: str
    family: str


_KINDS = (
    Kind("jpg", "image/jpeg", "picture"),
    Kind("png", "image/png", "picture"),
    Kind("webp", "image/webp", "picture"),
    Kind("gif", "image/gif", "picture"),
    Kind("pdf", "application/pdf", "pdf"),
    Kind("docx", _OPEN_XML + "wordprocessingml.document", "open_xml"),
    Kind("xlsx", _OPEN_XML + "spreadsheetml.sheet", "open_xml"),
    Kind("pptx", _OPEN_XML + "presentationml.presentation", "open_xml"),
    Kind("odt", "application/vnd.oasis.opendocument.text", "open_document"),
    Kind("ods", "application/vnd.oasis.opendocument.spreadsheet", "open_document"),
    Kind("txt", "text/plain", "text"),
    Kind("csv", "text/csv", "text"),
)
KINDS: dict[str, Kind] = {kind.extension: kind for kind in _KINDS}
_ALIASES = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "text": "txt", "log": "txt", "md": "txt"}
_TOLD_APART = {
    "old_office": "doc dot xls xlt ppt pps docm xlsm pptm dotx dotm xltx potx ppsx odp odg rtf pages numbers key wps",
    "other_picture": "heic heif avif tif tiff bmp raw dng cr2 nef arw psd jp2 jxl ico emf wmf ai eps",
    "web_page": "svg svgz html htm xhtml mht mhtml xml webarchive",
    "archive": "zip rar 7z tar gz tgz bz2 xz zst iso cab",
    "recording": "mp3 wav m4a aac ogg oga opus amr flac mp4 m4v mov avi mkv webm 3gp wmv mpg mpeg",
    "program": "exe msi bat cmd com scr js vbs ps1 sh jar apk app dll py php lnk",
}
_CODES = {extension: code for code, names in _TOLD_APART.items() for extension in names.split()}


def kind_of(name: str, head: bytes) -> Kind:
    """The kind a file says it is, by its name, or by how it begins when the name has no extension.

    ``head`` are its first ``HEAD`` bytes. Raises Unfit with what to send instead, also when both disagree."""
    extension = _extension(name)
    extension = _ALIASES.get(extension, extension)
    begins = _family(head)
    if not extension:
        if begins == "zip":
            raise Unfit("no_extension")
        extension = begins or "txt"
    kind = KINDS.get(extension)
    if kind is None:
        raise Unfit(_CODES.get(extension, "kind_not_taken"))
    expected = {"picture": kind.extension, "pdf": "pdf", "open_xml": "zip", "open_document": "zip", "text": ""}
    if begins != expected[kind.family]:
        locked = begins == "ole" and kind.family == "open_xml"  # a password makes of an office file an OLE container
        raise Unfit("locked" if locked else "other_than_named")
    return kind


def require_one_kind(kind: Kind, content: bytes | memoryview) -> None:
    """Raises Unfit when ``content`` could also be read as a file of another kind.

    Readers look for a PDF's mark near the beginning, for a ZIP's directory near the end."""
    head, tail = bytes(content[:HEAD]), bytes(content[-(_LONGEST_ZIP_COMMENT + 22) :])
    if b"%PDF-" in head and (kind.family != "pdf" or not head.startswith(b"%PDF-")):
        raise Unfit("two_in_one")
    is_zip = kind.family in ("open_xml", "open_document")
    if _END_OF_ZIP in tail and not is_zip and kind.family != "text" and b"PK\x01\x02" in content:
        raise Unfit("two_in_one")
    if is_zip and tail[-22:-18] != _END_OF_ZIP:
        raise Unfit("two_in_one" if _END_OF_ZIP in tail else "damaged")
    if kind.family == "picture" and _begins_like_a_page(head[6:]):
        raise Unfit("two_in_one")


def _extension(name: str) -> str:
    stem, dot, extension = name.strip().rstrip(". ").rpartition(".")
    return extension.strip().lower() if dot and stem and len(extension) <= 12 else ""


def _family(head: bytes) -> str:
    """How a file begins: an extension of a picture, "pdf", "zip", "ole", "" for what may be text, "other"."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    for mark, family in _MARKS:
        if head.startswith(mark):
            return family
    if _begins_like_a_page(head):
        return "other"
    return ""


_MARKS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x7fELF", "other"),
    (b"Rar!", "other"),
    (b"7z\xbc\xaf", "other"),
    (b"\x1f\x8b", "other"),
    (b"{\\rtf", "other"),
    (b"#!", "other"),
)


def _begins_like_a_page(head: bytes) -> bool:
    """Whether a browser that guesses would show it as a page."""
    beginning = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    return beginning.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<?php"))
