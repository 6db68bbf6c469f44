"""The page of all keys of the field's files, as their parsers ask for them: ``python -m commands.reference_sakip``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

import click

from engine.definitions.overlay import OVERLAY_KEYS, OVERLAY_REQUIRED
from engine.definitions.problems import Position, Problems
from engine.definitions.source import MAP, Entry, Node
from sakip.configuration.files import read_folder
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, WHATIF
from sakip.configuration.library import read_field_library
from sakip.configuration.parse import parse_with_root
from sakip.configuration.parse_head import KEYS
from sakip.configuration.parse_methods import METHOD_KEYS
from sakip.configuration.reading import FieldReader
from sakip.configuration.regional import merge_all
from sakip.configuration.unsure import TO_CONFIRM

FOLDER = Path(__file__).resolve().parent.parent / "sakip_config"
SHOWN_FROM = (None, "kota_bandung", "kab_tasikmalaya")  # together they write every map there is
TITLES: Mapping[str, str] = {
    LEVELS: "levels.yaml",
    MEASUREMENT: "measurement.yaml",
    EVALUATION: "lke_<year>.yaml",
    WHATIF: "whatif.yaml",
}
HEAD = """# Keys of the e-SAKIP files

Every map of the four files with the keys it may have, as the program asks for them; required ones are **bold**. `<key>`
is a key you choose. What the keys mean is in [sakip.md](sakip.md), what is found in a file in [codes.md](codes.md).
`{id, en}` stands wherever people read something (one text counts for both), `to_confirm: {id, en}` on any map, and a
value may be a parameter as a whole: `"${name}"`. A key that is `null` is as if it were not there. This page is
generated: `python -m commands.reference_sakip > docs/reference/sakip-keys.md`.
"""
TABLE = "\n| Map | Keys |\n|---|---|\n"
OPTIONS = "and the options of its kind, a file each in `sakip/methods/`"
METHOD = ("methods", "<key>")
Path_ = tuple[str, ...]
Keys = tuple[Sequence[str], Sequence[str]]


class _Listener(FieldReader):
    """A reader that remembers which keys every map may have, and which maps have keys of somebody's own."""

    def __init__(self) -> None:
        super().__init__(Problems())
        self.asked: dict[Position, Keys] = {}
        self.chosen: set[Position] = set()

    def keys(
        self, entry: Entry, allowed: Collection[str], required: Sequence[str] = (), whole_file: bool = False
    ) -> Mapping[str, Entry]:
        """As asked, and remembered."""
        if entry.value.kind == MAP:
            self.asked[entry.value.position] = (tuple(allowed), tuple(required))
        return super().keys(entry, allowed, required, whole_file)

    def map(self, entry: Entry | None) -> Mapping[str, Entry]:
        """As asked, and remembered."""
        if entry is not None and entry.value.kind == MAP:
            self.chosen.add(entry.value.position)
        return super().map(entry)


def keys_page() -> str:
    """The whole page."""
    found: dict[str, dict[Path_, Keys]] = {schema: {} for schema in TITLES}
    library = read_field_library(read_folder(FOLDER), Problems())
    for region in SHOWN_FROM:
        for one in merge_all(library, region, Problems()):
            listener = _Listener()
            parse_with_root(one.schema, one.root, Problems(), listener)
            for path, keys in _maps(one.root, (), listener):
                found[one.schema].setdefault(path, keys)
    parts = [HEAD, _overlay()]
    for schema, maps in found.items():
        parts.append(f"\n## {TITLES[schema]}\n\n`schema: {schema}`, its name in `{KEYS[schema]}`.\n{TABLE}")
        tops = list(dict.fromkeys(path[:1] for path in maps))
        parts += [_row(path, maps[path]) for path in sorted(maps, key=lambda path: (tops.index(path[:1]), path))]
    return "".join(parts)


def _overlay() -> str:
    """What a region's file may hold."""
    row = _row(("",), (OVERLAY_KEYS, OVERLAY_REQUIRED))
    extends = _row(("extends",), (("tree, measurement, evaluation or whatif", "overlay", "version"), ("version",)))
    return f"\n## A region's file\n\nIn `regions/<region>/`, named like the file it changes.\n{TABLE}{row}{extends}"


def _maps(node: Node, path: Path_, listener: _Listener) -> Iterator[tuple[Path_, Keys]]:
    """The maps of a file whose keys are fixed, by their path with ``<key>`` for keys somebody chose."""
    keys = listener.asked.get(node.position)
    if keys is not None and set(keys[0]) != {"id", "en"}:
        yield path, keys
    is_free = keys is None and node.position in listener.chosen
    for name, entry in node.entries.items():
        if name != TO_CONFIRM:
            yield from _maps(entry.value, (*path, "<key>" if is_free else name), listener)


def _row(path: Path_, keys: Keys) -> str:
    allowed, required = keys
    if path == METHOD:
        allowed = METHOD_KEYS
    told = sorted(allowed, key=_first(required))
    words = ", ".join(f"**`{key}`**" if key in required else f"`{key}`" for key in told)
    more = f", {OPTIONS}" if path == METHOD else ""
    return f"| {'`' + '.'.join(path) + '`' if any(path) else 'the file'} | {words}{more} |\n"


def _first(required: Sequence[str]) -> Callable[[str], tuple[bool, int]]:
    """Required keys first, in their order; then the others, in theirs."""
    order = list(required)
    return lambda key: (key not in order, order.index(key) if key in order else 0)


def main() -> None:
    """Prints the page."""
    click.echo(keys_page(), nl=False)


if __name__ == "__main__":
    main()
