"""What a file says and a region's own form does not ask: left out, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.model import Field


def as_asked(values: Mapping[str, Any], fields: Mapping[str, Field]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """``values`` with only what ``fields`` ask, in all rows of tables; and the dotted names of what was left out,
    each once, in the order met."""
    left_out: dict[str, None] = {}
    return _kept(values, fields, "", left_out), tuple(left_out)


def _kept(
    values: Mapping[str, Any], fields: Mapping[str, Field], path: str, left_out: dict[str, None]
) -> dict[str, Any]:
    kept = {}
    for key, value in values.items():
        if key not in fields:
            left_out[f"{path}{key}"] = None
        elif fields[key].columns and isinstance(value, list):
            kept[key] = [_kept(row, fields[key].columns, f"{path}{key}.", left_out) for row in value]
        else:
            kept[key] = value
    return kept
