"""Compiled definitions on disk, by digest: read once, loaded again without YAML (docs/decisions/0022).

A file holds a seal and three parts of plain JSON: what lists show, what cases need, and the proof. The seal is a keyed
hash over the digest and the parts, so that nobody who can write the folder but does not know the key can change who
may decide. The parts after the first are read when somebody first asks for them.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import shutil
import sys
import tempfile
import threading
import time
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.definitions import cache_format
from engine.definitions.cache_format import PARTS, Unkeepable, from_part, to_parts
from engine.definitions.model import Definition
from engine.definitions.vocabulary_protocol import VocabularyLike

log = logging.getLogger("alur.definitions")

LARGEST = 64_000_000
LONGEST_KEPT = 30 * 24 * 3600  # seconds
_SEAL = 32
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
    """A folder of compiled definitions that only this program's account may read and write.

    ``key`` seals the files; ``program`` tells what one program kept from what another did. Anything that is not right
    (a folder of others, a wrong seal, a full disk) is as if the definition had not been kept: it is read from its
    texts again.
    """

    def __init__(self, folder: Path, key: bytes, program: str | None = None) -> None:
        self._key, self._above, self._program = key, folder, program

    @cached_property
    def is_usable(self) -> bool:
        """Whether the folder is there and nobody else's; looked at once, when the first definition is asked for."""
        return self._prepare()

    @cached_property
    def _folder(self) -> Path:
        name = self._program or program_revision()
        return self._above / f"{name}-{hashlib.blake2b(self._key, digest_size=4).hexdigest()}"

    def load(self, digest: str, vocabulary: VocabularyLike) -> Definition | None:
        """The definition with this digest, or None when it is not kept (or not by this program, or changed since)."""
        if not self.is_usable or not digest.isalnum():
            return None
        try:
            with (self._folder / digest).open("rb") as file:
                content = file.read(LARGEST)
        except OSError:
            return None
        seal, body = content[:_SEAL], content[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(digest, body)):
            log.warning("the kept definition %s was changed by somebody else; it is read from its texts", digest)
            return None
        texts = dict(zip(PARTS, _split(body), strict=True))
        made: Definition = object.__new__(KeptDefinition)
        made.__dict__.update(from_part("shown", texts["shown"], vocabulary), _kept=(texts, vocabulary))
        return made

    def store(self, definition: Definition) -> bool:
        """Keep a definition for next time; False when that is not possible."""
        if not self.is_usable or not definition.digest.isalnum():
            return False
        try:
            body = _joined(list(to_parts(definition).values()))
            _write(self._folder / definition.digest, self._seal(definition.digest, body) + body)
        except (Unkeepable, OSError) as fault:
            log.info("the definition %s is not kept: %s", definition.digest, fault)
            return False
        return True

    def _seal(self, digest: str, body: bytes) -> bytes:
        made = hashlib.blake2b(digest.encode(), key=self._key, digest_size=_SEAL, person=b"alur definition")
        made.update(body)
        return made.digest()

    def _prepare(self) -> bool:
        try:
            for folder in (self._above, self._folder):
                is_new = not folder.exists()
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if is_new and folder is self._folder:
                    _forget_older_programs(folder)
                if not is_private(folder):
                    log.warning("%s is open to others: compiled definitions are not kept there", folder)
                    return False
        except OSError as fault:
            log.info("compiled definitions are not kept: %s", fault)
            return False
        return True


def is_private(folder: Path) -> bool:
    """Whether the folder is this account's alone; where there are no accounts, everything is. Raises OSError."""
    told = folder.stat()
    return not hasattr(os, "getuid") or (told.st_uid == os.getuid() and not told.st_mode & 0o077)


@cache
def program_revision() -> str:
    """What a compiled definition depends on besides its texts: the language's own program, and Python's version."""
    found = hashlib.blake2b(f"{sys.version_info[:3]} {cache_format.__name__}".encode(), digest_size=16)
    engine = Path(__file__).resolve().parent.parent
    for name in _PROGRAM:
        place = engine / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(file.relative_to(engine).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def _forget_older_programs(folder: Path) -> None:
    """What an older program kept and nobody wrote for a month is of no use to anybody."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir() and time.time() - other.stat().st_mtime > LONGEST_KEPT:
            shutil.rmtree(other, ignore_errors=True)


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


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing: others read the folder at the same time."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
