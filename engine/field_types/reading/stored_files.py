"""What an answer of type file holds: a file that was stored already, never its bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Text
from engine.definitions.options import bytes_of
from engine.definitions.vocabulary_protocol import Option
from engine.field_types.question import Unfit
from engine.field_types.reading.words import line

OPTIONS: Mapping[str, Option] = {
    "types": Option("texts"),
    "max_size": Option("size"),
    "max_count": Option("integer", minimum=1, maximum=100),
}
MOST_FILES = 20
LARGEST_FILE = 25_000_000

NOT_A_FILE = Text("Unggah berkasnya dahulu.", "Upload the file first.")
_PARTS = frozenset({"id", "name", "size", "sha256"})
_DIGEST = re.compile(r"[0-9a-f]{64}")


def stored_file(raw: Any, options: Mapping[str, Any]) -> dict[str, Any]:
    """``{id, name, size, sha256}`` of a stored file within ``types`` and ``max_size``. Raises Unfit."""
    if not isinstance(raw, Mapping) or set(raw) != _PARTS:
        raise Unfit(NOT_A_FILE)
    identity, size, digest = raw["id"], raw["size"], raw["sha256"]
    is_id = isinstance(identity, int | str) and not isinstance(identity, bool) and 0 < len(str(identity)[:101]) <= 100
    is_size = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    if not is_id or not is_size or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise Unfit(NOT_A_FILE)
    name = line(raw["name"], {"max_length": 255}).replace("/", "_").replace("\\", "_")
    types = options.get("types")
    if types and name.rpartition(".")[2].lower() not in {each.lower().lstrip(".") for each in types}:
        listed = ", ".join(types)
        raise Unfit(Text(f"Jenis berkas yang diterima: {listed}.", f"Files accepted: {listed}."), "file_type")
    largest = bytes_of(options.get("max_size")) or LARGEST_FILE
    if size > largest:
        shown = f"{largest / 1_000_000:g} MB"
        raise Unfit(Text(f"Paling besar {shown}.", f"At most {shown}."), "too_large")
    return {"id": identity, "name": name, "size": size, "sha256": digest}
