"""Runs the vectors of a file against a folder of configuration, region and patch merged in (reference §12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.definitions.merge import merge
from engine.definitions.model import Text
from engine.definitions.problems import Position, Problem, Problems, closest, did_you_mean, shorten
from engine.definitions.reading import first_line
from engine.definitions.source import MAP, NULL, Entry, Node, read
from engine.definitions.tree import Grove, read_content
from sakip.configuration.files import read_folder
from sakip.configuration.folder import Configuration, parse_all
from sakip.configuration.heads import EVALUATION, WHATIF
from sakip.configuration.library import FieldLibrary, read_field_library
from sakip.configuration.parse_whatif import WHATIF_KEYS
from sakip.configuration.reading import FieldReader
from sakip.configuration.regional import Merged, merge_all
from sakip.vectors import KINDS, VECTORS_SCHEMA, VectorFault, VectorKind

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_PLACE = re.compile(r"([a-z_][a-z0-9_.-]*): ")
_KEYS = ("kind", "note", "title", "patch", "given", "expect")
_UNREADABLE = (VectorFault, LookupError, AttributeError, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class VectorResult:
    """How one vector ended. ``actual`` holds what `expect` names; with a ``fault`` it could not be run."""

    name: str
    passed: bool
    expected: Mapping[str, Any]
    actual: Mapping[str, Any]
    fault: Text | None = None


_Usable = tuple[Configuration | None, Text | None]  # the second says why there is no first


@dataclass(slots=True)
class _Runs:
    """One folder, and the configurations that vectors asked for so far."""

    library: FieldLibrary
    known: dict[str | None, _Usable] = field(default_factory=dict)

    def configuration(self, region: str | None) -> _Usable:
        """The configuration of a region, or why it cannot be used."""
        if region not in self.known:
            problems = Problems()
            self.known[region] = _usable(merge_all(self.library, region, problems), region, problems)
        return self.known[region]

    def patched(self, region: str | None, schema: str, patch: Node) -> _Usable:
        """The same with a patch on the files of a schema, after the region's."""
        problems = Problems()
        files = [_with_patch(one, schema, patch) for one in merge_all(self.library, region, problems)]
        return _usable(files, region, problems)


def run_vectors(file: Path, folder: Path, problems: Problems) -> list[VectorResult]:
    """The vectors of ``file`` in its order, run against the configuration in ``folder``.

    What is wrong with the file itself, or with the files of the folder, goes to ``problems``; a vector that cannot be
    run has not passed.
    """
    root = read(read_content(file), str(file), problems)
    if root is None and not problems.has_errors:
        problems.add("WF011", Position(str(file), 1, 1), "Berkas kosong.", "The file is empty.")
    runs = _Runs(read_field_library(read_folder(folder), problems))
    return [_run(name, kind, entry, runs) for name, kind, entry in _vectors(root, problems)]


def run_texts(name: str, text: str, grove: Grove) -> list[VectorResult]:
    """The vectors of a text, run against files that were fetched; those of regions that are not among them are left
    out, and one that cannot be read has not passed."""
    problems = Problems()
    root = read(text.encode(), name, problems)
    runs = _Runs(read_field_library(grove, Problems()))
    regions = (None, *runs.library.regions())
    found = [
        _run(vector, kind, entry, runs)
        for vector, kind, entry in _vectors(root, problems)
        if _plain_map(entry.value.get("given")).get("region") in regions
    ]
    told = [_told(problem) for problem in problems.sorted() if problem.is_error]
    return [*found, *(VectorResult(name, False, {}, {}, each) for each in told)]


def _vectors(root: Node | None, problems: Problems) -> Iterator[tuple[str, VectorKind, Entry]]:
    reader = FieldReader(problems)
    if root is None:
        return
    if root.kind != MAP:
        reader.wrong_kind(root, MAP)
        return
    given = reader.keys(first_line(root), ("schema", "title", "vectors"), ("schema", "vectors"), whole_file=True)
    schema = root.get("schema")
    if schema is not None and schema.value != VECTORS_SCHEMA:
        shown = shorten(str(schema.value))
        problems.add("WF006", schema, f'Skema "{shown}" tidak dikenal.', f'Unknown schema "{shown}".', VECTORS_SCHEMA)
    for name, entry in reader.map(given.get("vectors")).items():
        inner = reader.keys(entry, _KEYS, ("kind", "expect"))
        kind = reader.optional_text(inner.get("kind"))
        if kind is not None and kind not in KINDS.values():
            at = inner["kind"].value
            reader.unknown("WF202", at, "Tidak ada jenis vektor", "There is no vector kind", KINDS.values())
            continue
        for key in ("patch", "given", "expect"):
            if key in inner and inner[key].value.kind not in (MAP, NULL):
                reader.wrong_kind(inner[key].value, MAP)
        if kind is not None and "expect" in inner:
            yield name, KINDS.values()[kind], entry


def _run(name: str, kind: VectorKind, entry: Entry, runs: _Runs) -> VectorResult:
    given, expected = _plain_map(entry.value.get("given")), _plain_map(entry.value.get("expect"))
    region, patch = given.get("region"), entry.value.get("patch")
    if region is not None and region not in runs.library.regions():
        return VectorResult(name, False, expected, {}, _no_region(str(region), runs.library))
    if patch is not None and patch.kind == MAP:
        configuration, fault = runs.patched(region, kind.schema, patch)
    else:
        configuration, fault = runs.configuration(region)
    if configuration is None:
        return VectorResult(name, False, expected, {}, fault)
    try:
        actual = dict(kind.run(given, configuration))
    except _UNREADABLE as unreadable:  # a vector is data of strangers: what a kind cannot read has not passed
        return VectorResult(name, False, expected, {}, _unreadable(unreadable))
    shown = {key: _shown(key, expected[key], actual.get(key), kind) for key in expected}
    return VectorResult(name, _comparable(shown, kind) == _comparable(_texts(expected), kind), expected, shown)


def _comparable(found: Mapping[str, Any], kind: VectorKind) -> dict[str, Any]:
    """Values whose lists are sorted where their order says nothing, and exact numbers where decimals say nothing."""
    return {key: _compared(key, value, kind) for key, value in found.items()}


def _compared(key: str, value: Any, kind: VectorKind) -> Any:
    if key in kind.unordered and isinstance(value, list):
        return sorted(map(str, value))
    if key in kind.exact and isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Fraction(value)
    return value


def _no_region(region: str, library: FieldLibrary) -> Text:
    hint, shown = did_you_mean(closest(region, library.regions())), shorten(region)
    return Text(f'Tidak ada daerah "{shown}".{hint.id}', f'There is no region "{shown}".{hint.en}')


def _unreadable(fault: Exception) -> Text:
    if isinstance(fault, AttributeError | TypeError | IndexError):  # said in words of the programme, not of the vector
        kind = Text("ada nilai yang jenisnya lain daripada yang diminta", "a value is of another kind than is asked")
        return Text(f"Vektor ini tidak dapat dihitung: {kind.id}.", f"This vector cannot be computed: {kind.en}.")
    said = shorten(str(fault) or type(fault).__name__, 200)
    place = _PLACE.match(said)  # kinds say what is wrong in English
    where = "" if place is None else f': periksa "{place[1]}"'
    return Text(f"Vektor ini tidak dapat dihitung{where}.", f"This vector cannot be computed: {said}")


def _plain_map(node: Node | None) -> dict[str, Any]:
    found = node.plain() if node is not None else None
    return found if isinstance(found, dict) else {}


def _shown(key: str, expected: Any, actual: Any, kind: VectorKind) -> Any:
    """Of what was found what the vector speaks of: of a map only the keys it names, but for those compared whole."""
    found = _texts(actual)
    if isinstance(expected, dict) and isinstance(found, dict) and key not in kind.whole:
        return {name: found.get(name) for name in expected}
    if isinstance(found, dict) and isinstance(expected, str | int | Decimal):
        return found.get("score", found)  # `best: "66.38"` names the number alone
    return found


def _texts(value: Any) -> Any:
    """Values with their numbers as printed, so that 19 and "19" are the same."""
    if isinstance(value, Mapping):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(each) for each in value]
    return value if value is None or isinstance(value, bool) else str(value)


def _with_patch(one: Merged, schema: str, patch: Node) -> Merged:
    """The patch on the file it concerns; of a what-if, keys of the rubric go to the rubric."""
    entries = patch.entries
    if schema == WHATIF and one.schema in (WHATIF, EVALUATION):
        own = {key: entry for key, entry in entries.items() if (key in _EFFORT_KEYS) == (one.schema == WHATIF)}
        return _merged(one, patch.with_value(own)) if own else one
    return _merged(one, patch) if one.schema == schema else one


_EFFORT_KEYS = frozenset((*WHATIF_KEYS, "parameters")) - {"evaluation"}


def _merged(one: Merged, patch: Node) -> Merged:
    root = merge(one.root, patch)
    return Merged(one.schema, root, root, ())


def _usable(files: list[Merged], region: str | None, problems: Problems) -> _Usable:
    configuration = parse_all(files, region, problems)
    errors = [problem for problem in problems.sorted() if problem.is_error]
    return (None, _told(errors[0])) if errors else (configuration, None)


def _told(problem: Problem) -> Text:
    place = f"{problem.file}:{problem.line}:{problem.column}: {problem.code}"
    return Text(f"{place}: {problem.message.id}", f"{place}: {problem.message.en}")
