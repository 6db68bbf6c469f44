"""Where sealed files lie: under random ids, as ciphertext from the first byte, all with one date."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of sealed files, ``ab/<id>``; nothing readable is ever in it."""

    folder: Path
