"""Which files belong together: trees of ``workflows/`` and ``forms_config/``, or loose files of one folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.definitions.source import MAXIMUM_BYTES

SECTIONS = ("workflows", "forms_config")
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file: its path as shown (relative to the current folder, forward slashes), the path inside its tree, and
    its bytes (no more than shows that it is too large; None: no file that can be read). ``is_asked`` tells whether
    the caller named it or a folder around it."""

    shown: str
    inside: str
    content: bytes | None
    is_asked: bool

    @property
    def is_history(self) -> bool:
        """Whether this is an older version, read for migrations and comparisons only."""
        return self.inside.split("/")[1:2] == ["history"]


@dataclass(frozen=True, slots=True)
class Grove:
    """The files of one tree: forms, bases and overlays are looked up among them."""

    root: str
    files: tuple[TreeFile, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """Everything that was asked for, tree by tree. ``missing`` are paths that are not there."""

    groves: tuple[Grove, ...]
    missing: tuple[str, ...] = field(default=())


def read_tree(paths: Sequence[Path], cwd: Path) -> Tree:
    """The trees that hold ``paths`` (files or folders; none: ``workflows/`` and ``forms_config/`` of ``cwd``)."""
    cwd = cwd.absolute()
    wanted = [cwd / path for path in paths] or [cwd / name for name in SECTIONS if (cwd / name).is_dir()]
    asked: dict[Path, set[Path]] = {}
    missing = []
    for path in wanted:
        path = Path(os.path.normpath(path))
        if not path.exists():
            missing.append(shown_path(path, cwd))
            continue
        for file in _files_below(path):
            asked.setdefault(_root_of(file, path), set()).add(file)
    groves = [_grove(root, files, cwd) for root, files in sorted(asked.items())]
    return Tree(tuple(groves), tuple(missing))


def from_texts(files: Mapping[str, str | bytes]) -> Tree:
    """One tree of texts by path, for what is stored instead of lying in a folder."""
    found = [
        TreeFile(path, path, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), True)
        for path, text in sorted(files.items())
        if path.endswith(SUFFIXES)
    ]
    return Tree((Grove("", tuple(found)),))


def _files_below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        is_tree = bool(set(folders) & set(SECTIONS))
        folders[:] = sorted(
            name for name in folders if (name in SECTIONS if is_tree else name != "node_modules" and name[0] != ".")
        )
        for name in () if is_tree else sorted(names):
            if name.endswith(SUFFIXES):
                yield Path(folder) / name


def _root_of(file: Path, asked: Path) -> Path:
    """The folder that holds ``workflows/`` or ``forms_config/`` around a file; else the folder that was asked for."""
    for parent in file.parents:
        if parent.name in SECTIONS:
            return parent.parent
    return asked if asked.is_dir() else file.parent


def _grove(root: Path, asked: set[Path], cwd: Path) -> Grove:
    sections = [root / name for name in SECTIONS if (root / name).is_dir()]
    is_tree = any(section in file.parents for section in sections for file in asked)
    around = {file for section in sections for file in _files_below(section)} if is_tree else set()
    if not is_tree:
        around = {file for file in _files_below(root) if file.parent == root}
    files = []
    for file in sorted(around | asked):
        inside = printable(file.relative_to(root).as_posix())
        files.append(TreeFile(shown_path(file, cwd), inside, read_content(file), file in asked))
    return Grove(shown_path(root, cwd), tuple(files))


def read_content(file: Path) -> bytes | None:
    """The bytes of a file, no more than shows that it is too large; None when it cannot be opened or is no file."""
    try:
        if not file.is_file():  # a pipe or a device would never end
            return None
        with file.open("rb") as opened:
            return opened.read(MAXIMUM_BYTES + 1)
    except OSError:
        return None


def shown_path(path: Path, cwd: Path) -> str:
    """A path relative to the folder ``cwd``, also when it lies outside, with forward slashes."""
    try:
        return printable(Path(os.path.relpath(path, cwd)).as_posix())
    except ValueError:
        return printable(path.as_posix())


def printable(name: str) -> str:
    """A file's name may hold bytes that are no text."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
