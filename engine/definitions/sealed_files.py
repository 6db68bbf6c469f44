"""A folder of what was compiled, sealed: nobody who can write there but does not know the key can change what it says.

The seal is a keyed hash over a file's name and content (docs/decisions/0022).
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

log = logging.getLogger("alur.definitions")

LARGEST = 64_000_000
LONGEST_KEPT = 30 * 24 * 3600  # seconds
_SEAL = 32


class SealedFiles:
    """Files of bytes in a folder that only this program's account may read and write.

    ``purpose`` (up to 16 bytes) keeps apart what different things keep in one folder; ``program`` says what the content
    depends on besides its name. Anything that is not right is as if the file had not been kept.
    """

    def __init__(self, folder: Path, key: bytes, purpose: bytes, program: Callable[[], str]) -> None:
        self._key, self._above, self._purpose, self._program = key, folder, purpose, program

    @cached_property
    def is_usable(self) -> bool:
        """Whether the folder is there and nobody else's; looked at once, when the first file is asked for."""
        return self._prepare()

    @cached_property
    def _folder(self) -> Path:
        return self._above / f"{self._program()}-{hashlib.blake2b(self._key, digest_size=4).hexdigest()}"

    def may_hold(self, name: str) -> bool:
        """Whether a file of this name (letters and digits) can be kept."""
        return self.is_usable and name.isalnum()

    def read(self, name: str) -> bytes | None:
        """The content kept under a name, or None: not kept, not by this program, or changed since."""
        if not self.may_hold(name):
            return None
        try:
            with (self._folder / name).open("rb") as file:
                content = file.read(LARGEST)
        except OSError:
            return None
        seal, body = content[:_SEAL], content[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(name, body)):
            log.warning("the kept definition %s was changed by somebody else; it is read from its texts", name)
            return None
        return body

    def write(self, name: str, body: bytes) -> None:
        """Keep a content under a name that ``may_hold`` allows. Raises OSError."""
        _write(self._folder / name, self._seal(name, body) + body)

    def _seal(self, name: str, body: bytes) -> bytes:
        made = hashlib.blake2b(name.encode(), key=self._key, digest_size=_SEAL, person=self._purpose)
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


def revision_of(root: Path, names: Iterable[str], beside: str) -> str:
    """A name for the program in these files and folders of ``root``, and for what is told ``beside`` it."""
    found = hashlib.blake2b(beside.encode(), digest_size=16)
    for name in names:
        place = root / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            found.update(file.relative_to(root).as_posix().encode())
            found.update(file.read_bytes())
    return found.hexdigest()


def _forget_older_programs(folder: Path) -> None:
    """What an older program kept and nobody wrote for a month is of no use to anybody."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir() and time.time() - other.stat().st_mtime > LONGEST_KEPT:
            shutil.rmtree(other, ignore_errors=True)


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
