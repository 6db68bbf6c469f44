"""Names of files: one that is safe to show and to save under, and one that says nothing to store under."""

from __future__ import annotations

import re
import secrets
import unicodedata

LONGEST = 100  # characters of a shown name
LONGEST_BYTES = 200  # of it in UTF-8; most file systems stop at 255
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
_UNSAFE = re.compile(r'[<>:"|?*%;`$&\']')
_SPACES = re.compile(r"\s+")


def shown_name(declared: str, extension: str) -> str:
    """A name to show, and to download under on any system, always ending in ``.extension``.

    Folders, control signs, signs that turn the writing's direction, and names that Windows keeps for itself are gone;
    letters of every script stay. What is left of nothing is "berkas"."""
    name = unicodedata.normalize("NFC", declared.encode("utf-8", "replace").decode("utf-8"))
    name = re.split(r"[/\\\x00]", name)[-1] if "\x00" not in name else re.split(r"[/\\]", name.split("\x00")[0])[-1]
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    name = _SPACES.sub(" ", _UNSAFE.sub("_", name)).strip(" .")
    stem, dot, _ = name.rpartition(".")
    stem = (stem if dot else name).strip(" .-")
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    ending = f".{extension}"
    stem = stem[: LONGEST - len(ending)].encode()[: LONGEST_BYTES - len(ending)].decode("utf-8", "ignore").strip(" .")
    return (stem or "berkas") + ending


def stored_name() -> str:
    """A random name of 32 hex digits; it tells neither the kind nor the moment."""
    return secrets.token_hex(16)
