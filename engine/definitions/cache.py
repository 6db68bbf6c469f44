"""Compiled definitions on disk, by digest: read once, loaded again without YAML (docs/decisions/0022).

A file holds a seal and three parts of plain JSON: what lists show, what cases need, and the proof. The parts after the
first are read when somebody first asks for them.
"""

from __future__ import annotations

import logging
import sys
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.definitions import cache_format
from engine.definitions.cache_format import PARTS, Unkeepable, from_part, to_parts
from engine.definitions.model import Definition
from engine.definitions.sealed_files import SealedFiles, revision_of
from engine.definitions.vocabulary_protocol import VocabularyLike

log = logging.getLogger("alur.definitions")

_PROGRAM = ("definitions", "effects", "field_types", "functions", "vocabulary.py")
_reading = threading.RLock()


class KeptDefinition(Definition):
    """A definition from the cache; its larger parts are read when somebody first asks for them."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Only asked for what is not there yet."""
            part = next((part for part, names in PARTS.items() if name in names), None)
            if part is None:
                raise AttributeError(name)
            with _reading:
                if name not in self.__dict__:
                    texts, vocabulary = self.__dict__["_kept"]
                    self.__dict__.update(from_part(part, texts[part], vocabulary))
            return self.__dict__[name]


class DefinitionCache:
    """Compiled definitions in a folder that only this program's account may read and write.

    ``key`` seals the files; ``program`` tells what one program kept from what another did. Anything that is not right
    (a folder of others, a wrong seal, a full disk) is as if the definition had not been kept: it is read from its
    texts again.
    """

    def __init__(self, folder: Path, key: bytes, program: str | None = None) -> None:
        self._files = SealedFiles(folder, key, b"alur definition", lambda: program or program_revision())

    @property
    def is_usable(self) -> bool:
        """Whether the folder is there and nobody else's."""
        return self._files.is_usable

    def load(self, digest: str, vocabulary: VocabularyLike) -> Definition | None:
        """The definition with this digest, or None when it is not kept (or not by this program, or changed since)."""
        body = self._files.read(digest)
        if body is None:
            return None
        texts = dict(zip(PARTS, _split(body), strict=True))
        made: Definition = object.__new__(KeptDefinition)
        made.__dict__.update(from_part("shown", texts["shown"], vocabulary), _kept=(texts, vocabulary))
        return made

    def store(self, definition: Definition) -> bool:
        """Keep a definition for next time; False when that is not possible."""
        if not self._files.may_hold(definition.digest):
            return False
        try:
            self._files.write(definition.digest, _joined(list(to_parts(definition).values())))
        except (Unkeepable, OSError) as fault:
            log.info("the definition %s is not kept: %s", definition.digest, fault)
            return False
        return True


@cache
def program_revision() -> str:
    """What a compiled definition depends on besides its texts: the language's own program, and Python's version."""
    engine = Path(__file__).resolve().parent.parent
    return revision_of(engine, _PROGRAM, f"{sys.version_info[:3]} {cache_format.__name__}")


def _joined(texts: list[bytes]) -> bytes:
    return b"".join(len(text).to_bytes(4, "big") for text in texts) + b"".join(texts)


def _split(body: bytes) -> list[bytes]:
    """The parts again; only asked of what the seal vouches for."""
    place, texts = 4 * len(PARTS), []
    for number in range(len(PARTS)):
        length = int.from_bytes(body[4 * number : 4 * number + 4], "big")
        texts.append(body[place : place + length])
        place += length
    return texts
