"""What differs between two sets of answers, down to the cell of a nested table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.cases.views import AnswerChange
from engine.definitions.model import Field, Text

Rows = Sequence[Mapping[str, Any]]
Titles = tuple[Text, ...]


def answer_changes(fields: Mapping[str, Field], old: Mapping[str, Any], new: Mapping[str, Any]) -> list[AnswerChange]:
    """Every change from ``old`` to ``new`` (typed answers), in the order of the fields.

    Rows of a table belong together by their first text column where that names each of them, otherwise by place.
    Paths are those of ``new``; a removed row keeps the place it had.
    """
    found: list[AnswerChange] = []
    for key, field in fields.items():
        if key in old or key in new:
            found += _of_field(field, key, (field.title,), key, old.get(key), new.get(key))
    return found


def _of_field(field: Field, path: str, titles: Titles, top: str, old: Any, new: Any) -> Iterator[AnswerChange]:
    if (_is_empty(old) and _is_empty(new)) or old == new:
        return
    if field.type == "table" and isinstance(old or [], list) and isinstance(new or [], list):
        yield from _of_rows(field, path, titles, top, old or [], new or [])
        return
    kind = "added" if _is_empty(old) else "removed" if _is_empty(new) else "changed"
    yield AnswerChange(path, titles, top, old, new, kind)


def _of_rows(table: Field, path: str, titles: Titles, top: str, old: Rows, new: Rows) -> Iterator[AnswerChange]:
    key = _row_key(table, old, new)
    before = {_name(row, key, index): row for index, row in enumerate(old)}
    after = {_name(row, key, index): row for index, row in enumerate(new)}
    for index, (name, row) in enumerate(after.items()):
        here = f"{path}.{index}"
        if name not in before:
            yield AnswerChange(here, titles, top, None, row, "added")
            continue
        for column in table.columns.values():
            yield from _of_field(
                column,
                f"{here}.{column.key}",
                (*titles, column.title),
                top,
                before[name].get(column.key),
                row.get(column.key),
            )
    for index, (name, row) in enumerate(before.items()):
        if name not in after:
            yield AnswerChange(f"{path}.{index}", titles, top, row, None, "removed")


def _row_key(table: Field, old: Rows, new: Rows) -> str | None:
    """The first text column, when each row of both sides has its own value there."""
    for column in table.columns.values():
        if column.type not in ("text", "paragraph"):
            continue
        for rows in (old, new):
            values = [row.get(column.key) for row in rows]
            if any(_is_empty(value) for value in values) or len(set(map(str, values))) != len(values):
                return None
        return column.key
    return None


def _name(row: Mapping[str, Any], key: str | None, index: int) -> str:
    return str(index) if key is None else str(row[key])


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
