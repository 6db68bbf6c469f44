"""The head of a file: which file it is, its version, legal basis, years and parameters (reference §2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine.definitions.model import Parameter, Text
from engine.definitions.reading import SEMANTIC_VERSION, first_line
from engine.definitions.source import LIST, TEXT, Entry, Node
from sakip.configuration.heads import EVALUATION, LEVELS, MEASUREMENT, SCHEMAS, WHATIF, Head
from sakip.configuration.reading import FieldReader

KEYS: Mapping[str, str] = {LEVELS: "tree", MEASUREMENT: "measurement", EVALUATION: "evaluation", WHATIF: "whatif"}
HEAD_KEYS = ("schema", "version", "title", "legal_basis", "parameters", "sealed_nodes")
EARLIEST, LATEST = 1945, 2999


def schema_of(root: Node) -> str | None:
    """The schema of a file when it is one of ours."""
    schema = root.get("schema")
    return str(schema.value) if schema is not None and schema.kind == TEXT and schema.value in SCHEMAS else None


def own_keys(schema: str) -> tuple[str, ...]:
    """The keys of the head of one schema."""
    return (*HEAD_KEYS, KEYS[schema], "year" if schema == EVALUATION else "years")


def required_keys(schema: str) -> tuple[str, ...]:
    """Those of them that a file must have."""
    return ("schema", KEYS[schema], "version", "title", "year" if schema == EVALUATION else "years")


def parse_head(
    schema: str,
    root: Node,
    parameters: Mapping[str, Parameter],
    unsure: Mapping[str, Text],
    digest: str,
    reader: FieldReader,
) -> Head:
    """The head of a file whose keys were looked at; ``root`` has its parameters in place."""
    entries = root.entries
    key = reader.text(entries.get(KEYS[schema]))
    if KEYS[schema] in entries and entries[KEYS[schema]].value.kind == TEXT:
        reader.check_key(entries[KEYS[schema]].value)
    first, last = _year(entries, reader) if schema == EVALUATION else _years(entries, reader)
    for entry in reader.free(entries.get("sealed_nodes")).values():
        reader.text(entry)
    return Head(
        schema,
        key,
        _version(entries.get("version"), reader),
        reader.title(entries.get("title")),
        _legal_basis(schema, root, reader),
        first,
        last,
        {name: exact(parameter.default) for name, parameter in parameters.items()},
        unsure,
        root.file,
        digest,
    )


def exact(value: Any) -> Any:
    """A parameter's value with its numbers exact."""
    return Fraction(value) if isinstance(value, Decimal) else value


def _version(entry: Entry | None, reader: FieldReader) -> str:
    version = reader.text(entry)
    if entry is not None and entry.value.kind == TEXT and not SEMANTIC_VERSION.match(version):
        reader.wrong(entry.value, "Di sini harus versi seperti 1.0.0.", "This must be a version like 1.0.0.")
    return version


def _legal_basis(schema: str, root: Node, reader: FieldReader) -> tuple[str, ...]:
    """The regulations; none is WF100, but for what improvements cost: no regulation speaks of that."""
    entry = root.entries.get("legal_basis")
    found = reader.legal_basis(entry)
    is_empty = (
        entry is None or (entry.value.kind == LIST and not any(map(str.strip, found))) or entry.value.value is None
    )
    if is_empty and schema != WHATIF:
        at = first_line(root).key if entry is None else entry.key
        reader.problems.add("WF100", at, "Dasar hukum belum diisi.", "There is no legal basis.")
    return found


def _year(entries: Mapping[str, Entry], reader: FieldReader) -> tuple[int, int | None]:
    year = reader.count(entries.get("year"), EARLIEST, EARLIEST, LATEST)
    return year, year


def _years(entries: Mapping[str, Entry], reader: FieldReader) -> tuple[int, int | None]:
    entry = entries.get("years")
    if entry is None:
        return EARLIEST, None
    given = reader.given(entry, ("from", "to"), ("from",))
    first = reader.count(given.get("from"), EARLIEST, EARLIEST, LATEST)
    last = reader.integer(given.get("to"), EARLIEST, LATEST)
    if last is not None and last < first:
        reader.wrong(
            given["to"].value,
            f"Tahun terakhir {last} mendahului tahun pertama {first}.",
            f"The last year, {last}, is before the first, {first}.",
        )
        last = None
    return first, last
