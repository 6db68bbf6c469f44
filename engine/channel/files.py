"""The folder of channels: a base every region has, and a file for each region that differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from engine.channel.building import settings_of
from engine.channel.model import Settings
from engine.channel.written import Written
from engine.definitions.merge import merge
from engine.definitions.nodes import Entry, Node
from engine.definitions.problems import Position, Problem, Problems, did_you_mean
from engine.definitions.source import read
from engine.errors import DefinitionError

FOLDER = Path(__file__).resolve().parents[2] / "channel_config"
BASE = "base.yaml"


@dataclass(slots=True)
class Channels:
    """What a folder gives. ``nodes`` are the files as merged, by region, ``base`` under None; ``settings`` those
    without faults; ``problems`` are sorted."""

    nodes: dict[str | None, Node] = field(default_factory=dict)
    settings: dict[str | None, Settings] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_folder(folder: Path = FOLDER) -> Channels:
    """Every channel of a folder (``base.yaml``, ``regions/<region>.yaml``) with all findings."""
    found, problems = Channels(), Problems()
    base = _root(folder / BASE, folder, problems)
    if base is not None:
        Written(problems).head(base, None)
        _keep(found, None, base, problems)
        for path in sorted((folder / "regions").glob("*.yaml")):
            own = _root(path, folder, problems)
            if own is None:
                continue
            Written(problems).head(own, path.stem)
            _keep(found, path.stem, merge(base, own, _nothing_there(problems)), problems)
    found.problems = problems.sorted()
    return found


def settings_for(region: str) -> Settings:
    """What holds in a region: its own file over the base, or the base. Read once a process. Raises DefinitionError
    with the first finding when the files cannot be used."""
    loaded = _loaded(_place[0])
    settings = loaded.settings.get(region if region in loaded.nodes else None)
    if settings is None:
        first = next((one for one in loaded.problems if one.is_error), None)
        told = "there is no base.yaml" if first is None else f"{first.file}:{first.line}: {first.message.en}"
        raise DefinitionError(f"The reporting channel of '{region}' cannot be used: {told}")
    return settings


def folder_now() -> Path:
    """Where channels are taken from."""
    return _place[0]


def use_folder(folder: Path | None) -> None:
    """Take channels from there from now on; None for the project's own."""
    _place[0] = folder or FOLDER
    _loaded.cache_clear()


_place = [FOLDER]


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> Channels:
    return read_folder(folder)


def _root(path: Path, folder: Path, problems: Problems) -> Node | None:
    shown = f"{folder.name}/{path.relative_to(folder)}"
    try:
        content = path.read_bytes()
    except OSError:
        content = None
    root = read(content, shown, problems)
    if root is None and content is not None and not problems.has_errors:
        problems.add("WF001", Position(shown, 1, 1), "Berkas kosong.", "The file is empty.")
    return root


def _keep(found: Channels, region: str | None, root: Node, problems: Problems) -> None:
    own = Problems()
    values = Written(own).whole(root)
    problems.take_all(own.sorted())
    found.nodes[region] = root
    if not own.has_errors:
        found.settings[region] = settings_of(values)


def _nothing_there(problems: Problems) -> Callable[[Entry, Node], None]:
    """Tells of a ``null`` in a region's file that takes nothing away."""

    def told(entry: Entry, owner: Node) -> None:
        near = problems.nearest(entry.name, owner.entries)
        hint = did_you_mean(near)
        problems.add(
            "WF012",
            entry.key,
            f'Tidak ada "{entry.name}" yang dapat dihapus.{hint.id}',
            f'There is no "{entry.name}" to take away.{hint.en}',
            near,
        )

    return told


def parts(root: Node, *path: str) -> Iterator[tuple[str, Mapping[str, Entry]]]:
    """The entries at a path with what each holds."""
    node = root.get(*path)
    if node is not None:
        for name, entry in node.entries.items():
            yield name, entry.value.entries
