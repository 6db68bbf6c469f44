"""Posted names read back into answers: ``goals.0.indicators.2.target`` is one cell; rows are added, moved and pasted.

Everything here is plain text in nested dicts and lists, as typed. Nothing is judged and nothing is lost; what the text
means is for the field types to say.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.model import Field
from engine.field_types.table import MOST_ALTOGETHER, MOST_ROWS, ROW_KEY, rows_within

Raw = dict[str, Any]

ROWS = "#"  # goals.# says that the table stood on the page, even without rows
MOST_PASTED = 200_000
LONGEST_NAME = 300  # characters; no form nests so deeply
_NUMBERED = re.compile(r"(?<![0-9])[0-9]{1,9}\Z")


@dataclass(frozen=True, slots=True)
class Operation:
    """A row button: ``add:goals.0.indicators``, ``remove:goals.1``, ``up:…``, ``down:…``, ``paste:…``, ``undo:``."""

    verb: str
    path: str
    column: str | None = None

    @classmethod
    def read(cls, text: str) -> Operation | None:
        """The operation a button stands for, or None when the text is none of ours."""
        verb, _, rest = text.partition(":")
        path, _, column = rest.partition(":")
        known = verb in {"add", "remove", "up", "down", "paste", "undo", "unfile", "save", "next", "refresh", "reset"}
        return cls(verb, path, column or None) if known else None


def read_posted(items: Iterable[tuple[str, str]], fields: Mapping[str, Field]) -> Raw:
    """The answers of the fields that stood on the page, from names and texts; other names are passed over."""
    posted: dict[str, list[str]] = {}
    for name, text in items:
        if len(name) > LONGEST_NAME:
            continue
        posted.setdefault(name, []).append(text.replace("\r\n", "\n"))
    tree: dict[str, Any] = {}
    for name, texts in posted.items():
        _put(tree, name.split("."), texts)
    return {key: _shape(field, tree[key]) for key, field in fields.items() if key in tree}


def _put(tree: dict[str, Any], parts: list[str], texts: list[str]) -> None:
    for part in parts[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(parts[-1], texts)


def _shape(field: Field, node: Any) -> Any:
    if field.type == "table":
        return _rows(field, node) if isinstance(node, dict) else []
    if field.type in MANY or (field.type == "list" and field.options.get("of") in NAMED):
        texts = node if isinstance(node, list) else []
        return [text for text in texts if text != ""]
    return (node[-1] if node else "") if isinstance(node, list) else ""


MANY = frozenset({"choices"})
NAMED = frozenset({"person", "unit", "position"})
FILES = frozenset({"file", "files"})


def _rows(table: Field, node: Mapping[str, Any], room: list[int] | None = None) -> list[Raw]:
    """The rows posted, up to one more than there may be: the field says so, and the page stays one that can be shown.

    ``room`` is what is left for the table and all tables in it.
    """
    room = [MOST_ALTOGETHER + 1] if room is None else room
    rows = []
    for number in sorted(int(key) for key in node if _is_number(key))[: MOST_ROWS + 1]:
        cells = node[str(number)]
        if isinstance(cells, dict) and room[0] > 0:
            room[0] -= 1
            row: Raw = {}
            for key, column in table.columns.items():
                below = cells.get(key)
                if column.type == "table" and isinstance(below, dict):
                    row[key] = _rows(column, below, room)
                elif key in cells:
                    row[key] = _shape(column, below)
            proposed = cells.get(ROW_KEY)
            if isinstance(proposed, list) and proposed:
                row[ROW_KEY] = proposed[-1]
            rows.append(row)
    return rows


def bounded(field: Field, kept: Any, room: list[int] | None = None) -> Any:
    """What was kept of a table, with no more rows than a page can show and one, as ``read_posted`` has it."""
    if field.type != "table" or not isinstance(kept, list):
        return kept
    room = [MOST_ALTOGETHER + 1] if room is None else room
    rows: list[Any] = []
    for row in kept[: MOST_ROWS + 1]:
        if room[0] > 0:
            room[0] -= 1
            columns = field.columns
            rows.append(
                {key: bounded(columns[key], value, room) if key in columns else value for key, value in row.items()}
                if isinstance(row, dict)
                else row
            )
    return rows


def _is_number(text: str) -> bool:
    """Whether it is the number of a row; far longer ones Python would not even read."""
    return text.isdecimal() and len(text) < 7


def keep_files(fields: Mapping[str, Field], before: Mapping[str, Any], raw: Raw) -> None:
    """Files are not typed: those of rows that stood on the page stay with their row."""
    for key, field in fields.items():
        if field.type in FILES and key not in raw and key in before:
            raw[key] = before[key]
        elif field.type == "table":
            for row, was in zip(raw.get(key) or (), before.get(key) or (), strict=False):
                keep_files(field.columns, was, row)


# -- rows ----------------------------------------------------------------------------------------------------------


def find_table(path: str, fields: Mapping[str, Field], raw: Raw) -> tuple[Field, list[Raw], Raw | None] | None:
    """The table a path such as ``goals.0.indicators`` names, its rows (made when missing) and the row around it."""
    parts = path.split(".")
    columns, values = fields, raw
    row: Raw | None = None
    while True:
        field = columns.get(parts[0])
        if field is None or field.type != "table":
            return None
        rows = values.setdefault(parts[0], [])
        if len(parts) == 1:
            return field, rows, row
        if len(parts) < 3 or not _is_number(parts[1]) or int(parts[1]) >= len(rows):
            return None
        row = rows[int(parts[1])]
        columns, values, parts = field.columns, row, parts[2:]


def find_row(path: str, fields: Mapping[str, Field], raw: Raw) -> tuple[list[Raw], int] | None:
    """The rows and the place of the row a path such as ``goals.1`` names."""
    table, _, number = path.rpartition(".")
    found = find_table(table, fields, raw) if _is_number(number) else None
    if found is None or int(number) >= len(found[1]):
        return None
    return found[1], int(number)


def new_row(table: Field, rows: list[Raw], around: Raw | None) -> Raw:
    """An empty row with its defaults, the next code, and one row in each nested table that must have some."""
    row: Raw = {}
    for key, column in table.columns.items():
        if column.type == "table":
            row[key] = []
        elif column.default is not None:
            row[key] = plain(column.default)
    if "code" in table.columns:
        row["code"] = _next_code(rows, around)
    for key, column in table.columns.items():
        if column.type == "table" and (column.is_required or column.options.get("min_rows")):
            row[key] = [new_row(column, [], row)]
    return row


def plain(value: Any) -> Any:
    """A default as it would have been typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return [str(one) for one in value] if isinstance(value, list) else str(value)


def _next_code(rows: list[Raw], around: Raw | None) -> str:
    last = str(rows[-1].get("code", "")) if rows else ""
    numbered = _NUMBERED.search(last)
    if numbered:
        width = len(numbered[0]) if numbered[0].startswith("0") else 0
        return f"{last[: numbered.start()]}{int(numbered[0]) + 1:0{width}d}"
    if rows:
        return ""
    above = str(around.get("code", "")) if around else ""
    return f"{above}.1" if above else "1"


def operate(operation: Operation, fields: Mapping[str, Field], raw: Raw, pasted: str = "") -> str | None:
    """Carry a row button out on ``raw``; the path to put the focus on, or None when it names nothing here."""
    if operation.verb in ("add", "paste"):
        found = find_table(operation.path, fields, raw)
        if found is None and operation.verb == "paste":
            return _paste_at(operation, fields, raw, pasted)
        if found is None:
            return None
        table, rows, around = found
        if operation.verb == "paste":
            room = MOST_ALTOGETHER - _altogether(operation.path, fields, raw)
            return _paste(table, rows, around, pasted, operation.path, len(rows), None, room)
        if len(rows) < most_rows(table) and has_room(operation.path, fields, raw):
            rows.append(new_row(table, rows, around))
        return f"{operation.path}.{len(rows) - 1}"
    place = find_row(operation.path, fields, raw)
    if place is None:
        return None
    rows, number = place
    return _move(operation, rows, number)


def most_rows(table: Field) -> int:
    """How many rows a table may have."""
    return min(int(table.options.get("max_rows") or MOST_ROWS), MOST_ROWS)


def has_room(path: str, fields: Mapping[str, Field], raw: Raw) -> bool:
    """Whether one more row fits into the outermost table of a path, all tables in it counted."""
    return _altogether(path, fields, raw) < MOST_ALTOGETHER


def _altogether(path: str, fields: Mapping[str, Field], raw: Raw) -> int:
    outermost = path.partition(".")[0]
    return rows_within(raw.get(outermost), fields[outermost]) if outermost in fields else 0


def _move(operation: Operation, rows: list[Raw], number: int) -> str:
    table = operation.path.rpartition(".")[0]
    if operation.verb == "remove":
        del rows[number]
        return f"{table}.{min(number, len(rows) - 1)}" if rows else table
    other = number + (-1 if operation.verb == "up" else 1)
    if 0 <= other < len(rows):
        rows[number], rows[other] = rows[other], rows[number]
        return f"{table}.{other}"
    return operation.path


# -- from a spreadsheet --------------------------------------------------------------------------------------------


def _paste_at(operation: Operation, fields: Mapping[str, Field], raw: Raw, pasted: str) -> str | None:
    """Into the cell ``goals.0.indicators.1`` and column: the clipboard's corner lies there."""
    place = find_row(operation.path, fields, raw)
    table_path, _, number = operation.path.rpartition(".")
    found = find_table(table_path, fields, raw) if place else None
    if found is None:
        return None
    table, rows, around = found
    room = MOST_ALTOGETHER - _altogether(table_path, fields, raw)
    return _paste(table, rows, around, pasted, table_path, int(number), operation.column, room)


def _paste(
    table: Field, rows: list[Raw], around: Raw | None, pasted: str, path: str, start: int, column: str | None, room: int
) -> str:
    columns = [key for key, field in table.columns.items() if field.type not in ("table", "file", "files")]
    offset = columns.index(column) if column in columns else 0
    lines = [line for line in cells_pasted(pasted[:MOST_PASTED]) if any(cell.strip() for cell in line)]
    if column is None and lines and _is_heading(table, columns, lines[0]):
        lines = lines[1:]
    most = min(most_rows(table), len(rows) + max(room, 0))
    for place, line in enumerate(lines, start):
        if place >= most:
            break
        if place >= len(rows):
            rows.append(new_row(table, rows, around))
        for key, cell in zip(columns[offset:], line, strict=False):
            rows[place][key] = cell.strip()
    return f"{path}.{min(start, len(rows) - 1)}" if rows else path


def cells_pasted(pasted: str) -> list[list[str]]:
    """Lines and cells as spreadsheets copy them: tabs between, quotes around a cell that holds a line break."""
    text = pasted.replace("\r\n", "\n")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    except csv.Error:
        return [line.split("\t") for line in text.split("\n")]


def _is_heading(table: Field, columns: list[str], line: list[str]) -> bool:
    titles = set(columns) | {
        text.casefold() for key in columns for text in (table.columns[key].title.id, table.columns[key].title.en)
    }
    return bool(line) and all(cell.strip().casefold() in titles for cell in line if cell.strip())
