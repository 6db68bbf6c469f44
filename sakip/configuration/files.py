"""Which files belong together: those of one folder, its regions' and its older versions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.definitions.tree import SUFFIXES, Grove, TreeFile, from_texts, printable, read_content, shown_path

SECTION = "sakip_config"
REGIONS, HISTORY = "regions", "history"


def read_folder(folder: Path, cwd: Path | None = None) -> Grove:
    """The files of a folder (or of its ``sakip_config/``), named as seen from ``cwd`` (the current folder).

    Read are those right in it, in ``regions/`` and ``regions/<region>/``, and in ``history/<name>/``; other folders are
    somebody else's. Raises OSError for one of these folders that may not be looked into: what lies there would count as
    right.
    """
    here = (Path.cwd() if cwd is None else cwd).absolute()
    root = folder.absolute()
    if (root / SECTION).is_dir():
        root = root / SECTION
    for place in (root / REGIONS, root / HISTORY):
        for one in (place, *place.iterdir()) if place.is_dir() else ():
            if one.is_dir():
                next(one.iterdir(), None)  # ``glob`` passes over what it may not read
    patterns = ("*", f"{REGIONS}/*", f"{REGIONS}/*/*", f"{HISTORY}/*/*")
    found = {path for pattern in patterns for path in root.glob(pattern) if path.name.endswith(SUFFIXES)}
    files = []
    for path in sorted(each for each in found if not each.is_dir()):
        inside = printable(path.relative_to(root).as_posix())
        files.append(TreeFile(shown_path(path, here), inside, read_content(path), True))
    return Grove(shown_path(root, here), tuple(files))


def folder_of(file: Path) -> Path:
    """The folder a file belongs to: around its ``regions/<region>/`` or ``history/<name>/``, else where it lies."""
    above = file.absolute().parent
    if above.name == REGIONS:
        return above.parent
    return above.parent.parent if above.parent.name in (REGIONS, HISTORY) else above


def of_texts(texts: Mapping[str, str | bytes]) -> Grove:
    """Files that are stored instead of lying in a folder, by their path inside it."""
    return from_texts(texts).groves[0]


def region_folder(inside: str) -> str | None:
    """The region whose folder a file lies in, by its path inside the folder."""
    parts = inside.split("/")
    return parts[1] if parts[0] == REGIONS and len(parts) > 2 else None


def is_history(inside: str) -> bool:
    """Whether it is an older version, read only to say what a base changed."""
    return inside.split("/")[0] == HISTORY
