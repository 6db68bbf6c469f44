"""Configurations on disk, by what their files say: read once, loaded again without YAML."""

from __future__ import annotations

import hashlib
import logging
import sys
from functools import cache
from pathlib import Path

from engine.definitions.cache import program_revision
from engine.definitions.problems import Problems
from engine.definitions.sealed_files import SealedFiles, revision_of
from engine.definitions.tree import Grove
from sakip.configuration.files import read_folder
from sakip.configuration.folder import Configuration, Parsed, load_files
from sakip.configuration.kept_form import Unkeepable, from_text, to_text

log = logging.getLogger("alur.definitions")

_PROGRAM = ("configuration", "bands.py", "rounding.py")


class ConfigurationCache:
    """Configurations in a folder that only this program's account may read and write, sealed with ``key``.

    One that is kept is as good as one read from its files, but has no nodes to point at. Anything that is not right is
    as if it had not been kept.
    """

    def __init__(self, folder: Path, key: bytes, program: str | None = None) -> None:
        self._files = SealedFiles(folder, key, b"alur sakip", lambda: program or _program())

    def load(self, folder: Path, region: str | None, problems: Problems) -> Configuration:
        """The configuration of a region from a folder, kept or read.

        Only one without findings of level error is kept; of a kept one warnings are not told again.
        """
        return self.load_files(read_folder(folder), region, problems)

    def load_files(self, files: Grove, region: str | None, problems: Problems) -> Configuration:
        """The same from files that were fetched."""
        name = name_of(files, region)
        kept = self._files.read(name)
        if kept is not None:
            return _from_models(region, from_text(kept))
        found = Problems()
        configuration = load_files(files, region, found)
        problems.take_all(found.sorted())
        if not found.has_errors:
            self._store(name, configuration)
        return configuration

    def _store(self, name: str, configuration: Configuration) -> None:
        if not self._files.may_hold(name):
            return
        try:
            self._files.write(name, to_text(_models(configuration)))
        except (Unkeepable, OSError) as fault:
            log.info("the configuration of %s is not kept: %s", configuration.region, fault)


def name_of(files: Grove, region: str | None) -> str:
    """A name for what these files say of a region: other files or another region have another one."""
    found = hashlib.blake2b(repr(region).encode(), digest_size=32)
    for file in files.files:
        content = file.content or b""
        found.update(f"\0{file.shown}\0{file.inside}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


@cache
def _program() -> str:
    """What a kept configuration depends on besides its files: the program that reads them, and the engine's."""
    return revision_of(Path(__file__).resolve().parents[1], _PROGRAM, f"{program_revision()} {sys.version_info[:3]}")


def _models(configuration: Configuration) -> tuple[tuple[object, ...], ...]:
    of_each_kind = (
        configuration.all_levels, configuration.measurements, configuration.evaluations, configuration.whatifs,
    )  # fmt: skip
    return tuple(tuple(each.model for each in files) for files in of_each_kind)


def _from_models(region: str | None, models: tuple[tuple[object, ...], ...]) -> Configuration:
    return Configuration(region, *(tuple(Parsed(model) for model in files) for files in models))  # type: ignore
