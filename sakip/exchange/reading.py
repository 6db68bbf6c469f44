"""A file becomes sheets of cells, whatever it is called: its first bytes decide (reference §12)."""

from __future__ import annotations

from decimal import Decimal

from engine.definitions import source
from engine.definitions.problems import Problems
from sakip.exchange import delimited, xlsx
from sakip.exchange.cells import Cell, Row, Sheet
from sakip.exchange.problems import FileRefused

_ARCHIVE, _OLD_OFFICE = b"PK", b"\xd0\xcf\x11\xe0"
YAML_NAMES = (".yaml", ".yml", ".json")
TEXT_NAMES = (".csv", ".tsv", ".txt")
ROWS = "rows"


def is_yaml(name: str, content: bytes) -> bool:
    """Whether a file is to be read as YAML."""
    return name.lower().endswith(YAML_NAMES) and not content.startswith((_ARCHIVE, _OLD_OFFICE))


def read(name: str, content: bytes) -> list[Sheet]:
    """The sheets of a file. Raises FileRefused for what cannot be read as any; rows may raise it too."""
    if content.startswith(_OLD_OFFICE):
        raise FileRefused(
            "old_format",
            "Berkas ini berformat lama (.xls) atau dikunci kata sandi. Simpan sebagai .xlsx tanpa kata sandi.",
            "This file has the old format (.xls) or a password. Save it as .xlsx without a password.",
        )
    if content.startswith(_ARCHIVE):
        return xlsx.sheets_of(content)
    if not content.strip():
        raise FileRefused("empty_file", "Berkas kosong.", "The file is empty.")
    if is_yaml(name, content):
        return [_yaml(name, content)]
    if name.lower().endswith(TEXT_NAMES):
        return [delimited.sheet_of(content)]
    raise FileRefused(
        "unknown_format", "Jenis berkas tidak dikenal. Pakai .xlsx, .csv, atau .yaml.",
        "The kind of file is unknown. Use .xlsx, .csv or .yaml.",
    )  # fmt: skip


def _yaml(name: str, content: bytes) -> Sheet:
    """A list of maps, or a map whose ``rows`` are one; keys are the columns, the first row of the sheet names them."""
    problems = Problems()
    root = source.read(content, name, problems)
    fault = next((one for one in problems.sorted() if one.is_error), None)
    if fault is not None:
        raise FileRefused(fault.code.lower(), fault.message.id, fault.message.en, row=fault.line)
    rows = None if root is None else root if root.kind == source.LIST else root.get(ROWS)
    if rows is None or rows.kind != source.LIST:
        raise FileRefused(
            "no_rows", 'Berkas YAML perlu daftar "rows".', 'A YAML file needs a list "rows".',
            row=1 if root is None else root.line,
        )  # fmt: skip
    names = tuple(dict.fromkeys(key for item in rows.items for key in item.entries))
    place = {key: number for number, key in enumerate(names)}
    found = [Row(1, dict(enumerate(names)))]
    for item in rows.items:
        if item.kind != source.MAP:
            raise FileRefused("no_map", "Setiap baris perlu berupa peta.", "Every row has to be a map.", row=item.line)
        cells = {place[key]: cell for key, entry in item.entries.items() if (cell := _cell(entry.value)) is not None}
        found.append(Row(item.line, cells))
    return Sheet("", found, columns=names)


def _cell(node: source.Node) -> Cell | None:
    if node.kind in (source.MAP, source.LIST):
        return _joined(node)
    value = node.value
    if isinstance(value, Decimal):
        return float(value) if Decimal(str(float(value))) == value else str(value).replace(".", ",")
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _joined(node: source.Node) -> str:
    """A list in one cell, as spreadsheets write it: divided by commas."""
    if node.kind == source.MAP:
        return ", ".join(node.entries)
    return ", ".join(str(item.value) for item in node.items if item.kind not in (source.MAP, source.LIST))
