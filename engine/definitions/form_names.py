"""Names that the fields of one form use among themselves: units, scales, named lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.model import Field
from engine.definitions.source import MAP, TEXT, Entry, Node

UNIT_KEYS = ("title", "kind", "places", "minimum", "maximum", "scale")
UNIT_KINDS = ("number", "percent", "predicate", "grade")


def check_form_names(root: Node, fields: Mapping[str, Field], compiler: Compiler) -> None:
    """Reports an unknown ``unit``, ``scale``, ``options_from`` or source of ``rows_from`` (WF012), and units of measure
    that are not ``{title, kind, places, minimum, maximum, scale}``.

    A name with a dot belongs to somebody else (``sakip.indicators``); it is looked up only where a source of theirs
    is registered, so that a definition can be checked without them.
    """
    scales = _own(root, "scales")
    _check_units(root, scales, compiler)
    lists = _own(root, "options_from")
    sources = compiler.vocabulary.sources
    for entry in _written(root.entries.get("fields"), fields):
        scale = _text(entry, "scale")
        if scale is not None and scale.value not in scales:
            compiler.unknown("WF012", scale, "Tidak ada skala", "There is no scale", scales)
        elif scale is not None:
            _check_default(entry, root.get("scales"), scale, compiler)
        units = _own(root, "units_of_measure")
        unit = _text(entry, "unit")
        if unit is not None and units and unit.value not in units:
            compiler.unknown("WF012", unit, "Tidak ada satuan", "There is no unit", units)
        listed = _text(entry, "options_from")
        if listed is not None:
            _check_default(entry, root.get("options_from" if listed.value in lists else "scales"), listed, compiler)
        _check_source(listed, {*lists, *scales, *sources}, compiler)
        rows = entry.value.entries.get("rows_from")
        if rows is not None and rows.value.kind == MAP:
            compiler.keys(rows, ("source", "with"))
            _check_source(_text(rows, "source"), sources, compiler)


def _check_default(entry: Entry, lists: Node | None, name: Node, compiler: Compiler) -> None:
    """A default has to be on the form's own list."""
    default, rows = _text(entry, "default"), lists.get(str(name.value)) if lists is not None else None
    if default is not None and rows is not None and rows.kind == MAP and default.value not in rows.entries:
        compiler.unknown("WF012", default, "Daftar ini tidak memuat", "This list does not have", tuple(rows.entries))


def _check_units(root: Node, scales: Collection[str], compiler: Compiler) -> None:
    for entry in compiler.map(root.entries.get("units_of_measure")).values():
        given = compiler.keys(entry, UNIT_KEYS)
        compiler.optional_title(given.get("title"))
        compiler.choice(given.get("kind"), UNIT_KINDS)
        compiler.integer(given.get("places"), 0, 10)
        for limit in ("minimum", "maximum"):
            compiler.number(given.get(limit))
        scale = given.get("scale")
        if scale is not None:
            compiler.known_name(scale.value, scales, "WF012", "skala", "scale")


def _check_source(node: Node | None, known: Collection[str], compiler: Compiler) -> None:
    if node is None or node.value in known:
        return
    family = str(node.value).partition(".")[0] + "."
    if "." not in str(node.value) or any(name.startswith(family) for name in known):
        compiler.unknown("WF012", node, "Tidak ada daftar", "There is no list", known)


def _written(entry: Entry | None, fields: Mapping[str, Field]) -> Iterator[Entry]:
    for key, field in fields.items():
        written = entry.value.entries.get(key) if entry is not None else None
        if written is not None and written.value.kind == MAP:
            yield written
            yield from _written(written.value.entries.get("columns"), field.columns)


def _own(root: Node, section: str) -> Collection[str]:
    node = root.get(section)
    return tuple(node.entries) if node is not None and node.kind == MAP else ()


def _text(entry: Entry, name: str) -> Node | None:
    found = entry.value.entries.get(name)
    return found.value if found is not None and found.value.kind == TEXT else None
