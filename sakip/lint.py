"""Check the field's files as the command line, an editor and a pipeline do: paths in, findings out; no database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.definitions.library import Library
from engine.definitions.load import no_collection
from engine.definitions.problems import Problem, Problems
from engine.definitions.tree import SUFFIXES, Grove, TreeFile, read_content, shown_path
from sakip.checked import check_folder
from sakip.configuration.check.case_types import read_case_types
from sakip.configuration.files import HISTORY, REGIONS, SECTION, folder_of, read_folder
from sakip.configuration.library import read_field_library

_SCHEMA = re.compile(rb"^schema: *[\"']?sakip-(?:levels|measurement|evaluation|whatif)/", re.MULTILINE)


def lint(paths: Sequence[Path], cwd: Path | None = None) -> list[Problem]:
    """All findings in the files and folders of ``paths`` (none: ``sakip_config/`` of ``cwd``), sorted by place.

    Raises FileNotFoundError, naming the path, for one that is not there.
    """
    here = (cwd or Path.cwd()).absolute()
    wanted = [Path(os.path.normpath(here / path)) for path in paths]
    if not paths and (here / SECTION).is_dir():
        wanted = [here / SECTION]
    missing = next((path for path in wanted if not path.exists()), None)
    if missing is not None:
        raise FileNotFoundError(shown_path(missing, here))
    every = Problems()
    with no_collection():
        for folder, asked in _folders(wanted).items():
            every.take_all(_linted(folder, asked, here))
    return every.sorted()


def _linted(folder: Path, asked: Sequence[Path], here: Path) -> list[Problem]:
    problems = Problems()
    grove = read_folder(folder, here)
    library = read_field_library(grove, problems)
    case_types = _case_types(folder, asked, here)
    check_folder(library, case_types, problems)
    inside = {folder / file.inside for file in grove.files}
    beside = [path for path in asked if path.is_file() and path not in inside]
    lone = tuple(TreeFile(shown_path(path, here), path.name, read_content(path), True) for path in beside)
    read_field_library(Grove(grove.root, lone), problems)
    names = {file.shown for file in lone} | {
        file.shown
        for file in grove.files
        if any(path in (folder / file.inside, *(folder / file.inside).parents) for path in asked)
    }
    return [problem for problem in problems.sorted() if problem.file in names]


def _case_types(folder: Path, asked: Sequence[Path], here: Path) -> Library | None:
    """The case types of the same tree: beside ``sakip_config/``, in the folder itself, or in the one that was asked."""
    roots = [folder.parent] if folder.name == SECTION else [folder, *(path for path in asked if path.is_dir())]
    found = (read_case_types(root, here) for root in roots)
    return next((library for library in found if library is not None), None)


def _folders(wanted: Sequence[Path]) -> dict[Path, list[Path]]:
    """The folders of configuration that hold what is wanted, each with the paths that were asked about in it."""
    found: dict[Path, list[Path]] = {}
    for path in wanted:
        for folder in _holding(path):
            found.setdefault(folder, []).append(path)
    return found


def _holding(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield folder_of(path)
    elif path.name in (REGIONS, HISTORY):
        yield path.parent
    elif path.parent.name in (REGIONS, HISTORY):
        yield path.parent.parent
    elif (path / SECTION).is_dir():
        yield path / SECTION
    elif path.name == SECTION or holds_files(path):
        yield path
    else:
        below = list(_below(path))
        yield from below or [path]


def _below(path: Path) -> Iterator[Path]:
    """The folders of configuration somewhere in a folder."""
    for place, folders, _ in os.walk(path):
        folder = Path(place)
        if folder.name == SECTION or holds_files(folder):
            folders.clear()
            yield folder
        folders[:] = sorted(name for name in folders if name[0] != "." and name != "node_modules")


def holds_files(folder: Path) -> bool:
    """Whether files of the field's configuration lie right in a folder."""
    return any(
        _SCHEMA.search(_head(file)) for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES and file.is_file()
    )


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(4096)
    except OSError:
        return b""
