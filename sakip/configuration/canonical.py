"""The canonical form of a file and its digest: the same content gives the same version, whatever its layout."""

from __future__ import annotations

from engine.definitions.canonical import canonical_text, digest
from engine.definitions.source import Node


def digest_of(root: Node) -> str:
    """The version of a file with its overlays merged: hexadecimal SHA-256 of its canonical form."""
    return digest(canonical_text(root.plain()))
