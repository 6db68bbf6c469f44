"""A JPEG inside a document, without the segments that tell of its making; its pixels stay bit for bit."""

from __future__ import annotations

from delivery.cleaning.unfit import Unfit

_ADOBE, _COMMENT, _SCAN, _END = 0xEE, 0xFE, 0xDA, 0xD9
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
_ADOBE_LENGTH = 14  # the two of its length, "Adobe", version, two flags and how colours were turned


def without_traces(content: bytes) -> bytes:
    """The JPEG with only what decoding needs: tables, frames, scans, and Adobe's word on how colours were turned.

    Camera data, profiles, previews, comments and whatever follows the end are gone. Raises Unfit when it is no whole
    JPEG. Rebuilding it from pixels, as ``picture`` does, would change what its colours mean to the document."""
    if not content.startswith(b"\xff\xd8"):
        raise Unfit("damaged")
    kept, place = bytearray(b"\xff\xd8"), 2
    while True:
        marker, place = _marker(content, place)
        if marker == _END:
            return bytes(kept + b"\xff\xd9")
        if marker in _WITHOUT_LENGTH:
            continue
        length = int.from_bytes(content[place : place + 2], "big")
        if length < 2 or place + length > len(content):
            raise Unfit("damaged")
        segment = content[place : place + length]
        place += length
        if marker == _ADOBE and segment[2:7] == b"Adobe":
            kept += b"\xff\xee" + _ADOBE_LENGTH.to_bytes(2, "big") + segment[2:_ADOBE_LENGTH]
        elif marker != _COMMENT and not 0xE0 <= marker <= 0xEF:
            kept += bytes((0xFF, marker)) + segment
        if marker == _SCAN:
            end = _end_of_scan(content, place)
            kept += content[place:end]
            place = end


def _marker(content: bytes, place: int) -> tuple[int, int]:
    """The marker at or after ``place`` (fill bytes may stand before it), and where its segment begins."""
    if content[place : place + 1] != b"\xff":
        raise Unfit("damaged")
    while content[place : place + 1] == b"\xff":
        place += 1
    if place >= len(content):
        raise Unfit("damaged")
    return content[place], place + 1


def _end_of_scan(content: bytes, place: int) -> int:
    """Where coded pixels stop: the next marker that is neither a stuffed byte nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise Unfit("damaged")
        following = content[place + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            place += 2
        elif following == 0xFF:
            place += 1
        else:
            return place


def components(content: bytes) -> int:
    """How many colours a JPEG's frame has: 1 is grey. Raises Unfit when it has no frame."""
    place = 2
    while True:
        marker, place = _marker(content, place)
        length = int.from_bytes(content[place : place + 2], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return content[place + 7]
        if length < 2:
            raise Unfit("damaged")
        place += length
