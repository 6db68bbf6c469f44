"""Pictures inside office files: made anew, or blanked when their kind cannot be."""

from __future__ import annotations

import struct

from delivery.cleaning.picture import rebuilt
from delivery.cleaning.unfit import Unfit

_MARKS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_BLANK_SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
_BLANK_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def inner_picture(name: str, content: bytes, most_pixels: int, notes: set[str]) -> bytes:
    """The picture without traces, of the kind its content is; a blank one, and a note, when it cannot be made anew.

    Raises Unfit when it is an archive in disguise, or larger than ``most_pixels``."""
    if content.startswith(b"PK\x03\x04"):
        raise Unfit("carries_files")
    kind = next((kind for mark, kind in _MARKS if content.startswith(mark)), None)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        kind = "webp"
    if kind is not None:
        try:
            return rebuilt(content, kind, most_pixels)
        except Unfit as unfit:
            if unfit.code != "damaged":
                raise
    notes.add("drawings")
    return blank(name.rpartition(".")[2].lower())


def blank(extension: str) -> bytes:
    """An empty picture of that kind, so that what shows it still finds one."""
    if extension == "svg":
        return _BLANK_SVG
    if extension == "emf":
        header = struct.pack("<II4i4i", 1, 88, 0, 0, 1, 1, 0, 0, 26, 26)
        header += struct.pack("<4sIIIHH", b" EMF", 0x10000, 108, 2, 1, 0)
        header += struct.pack("<III2i2i", 0, 0, 0, 1024, 768, 320, 240)
        return header + struct.pack("<5I", 14, 20, 0, 16, 20)
    if extension == "wmf":
        return struct.pack("<HHHIHIH", 1, 9, 0x300, 12, 0, 3, 0) + struct.pack("<IH", 3, 0)
    return _BLANK_PNG
