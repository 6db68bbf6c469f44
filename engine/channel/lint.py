"""All channels of a folder held against the case types of a tree, as files: no database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from engine.channel.checking import check_channel
from engine.channel.files import BASE, FOLDER, Channels, read_folder
from engine.definitions.model import Definition
from engine.definitions.problems import Problem, Problems
from engine.errors import NotFound


def lint_channels(
    definitions: Iterable[Definition], folder: Path = FOLDER, region: str | None = None
) -> tuple[list[Problem], tuple[str, ...]]:
    """The findings of every channel, or of one region's, and the regions looked at. A region whose case type differs
    but that has no file of its own is held against the base. Raises NotFound for a region of which nothing is known."""
    known = _by_region(definitions)
    found = read_folder(folder)
    regions = sorted({one for one in (*found.nodes, *known) if one is not None})
    if region is not None and region not in regions:
        raise NotFound(f"There is no channel of '{region}'; there are: {', '.join(regions)}.")
    problems = Problems()
    problems.take_all(found.problems)
    titles = {title for one in known.values() for each in one.values() for title in _public_titles(each)}
    for name in (None, *regions) if region is None else (region,):
        place = name if name in found.nodes else None
        settings = found.settings.get(place)
        if settings is not None:
            cases = {**known.get(None, {}), **known.get(name, {})}
            check_channel(found.nodes[place], settings, cases, problems, titles)
    wanted = _shown(found, region)
    return [one for one in problems.sorted() if wanted is None or one.file in wanted], tuple(regions)


def _by_region(definitions: Iterable[Definition]) -> dict[str | None, dict[str, Definition]]:
    known: dict[str | None, dict[str, Definition]] = {}
    for definition in definitions:
        known.setdefault(definition.region, {})[definition.case_type] = definition
    return known


def _public_titles(definition: Definition) -> set[str]:
    return {state.public_title.id for state in definition.states.values() if state.public_title is not None}


def _shown(found: Channels, region: str | None) -> frozenset[str] | None:
    """One region's findings stand in its own file and in the base's."""
    if region is None:
        return None
    files = {node.file for key, root in found.nodes.items() if key in (None, region) for node in root.walk()}
    return frozenset({*files, *(one.file for one in found.problems if one.file.endswith((BASE, f"/{region}.yaml")))})
