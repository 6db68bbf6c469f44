"""The nine regions of the demonstration, each from the pattern all share and what is its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("regions.yaml")
TIME_ZONE = "Asia/Jakarta"  # all nine
ADMINISTRATOR = "admin"


def regional() -> dict[str, Mapping[str, Any]]:
    """Region key -> what ``organisation.yaml`` would say of it, with a ``short`` name besides."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    regions = enumerate(read["regions"].items(), 1)
    return {key: _expanded(read["pattern"], region, place) for place, (key, region) in regions}


def _expanded(pattern: Mapping[str, Any], region: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    words, short, own = region["words"], region["short"], region.get("own", {})
    names = {**region["people"], ADMINISTRATOR: f"Administrator {words['name']}"}
    units = {**pattern["units"], **own.get("units", {})}
    positions = {**pattern["positions"], **own.get("positions", {})}
    groups = {**pattern["groups"], **own.get("groups", {})}
    return {
        "name": words["name"],
        "short": short,
        "timezone": TIME_ZONE,
        "settings": {key: words[key] for key in ("seat", "government", "head_title")},
        "units": {key: _worded(unit, words) for key, unit in units.items()},
        "positions": {key: _worded(position, words) for key, position in positions.items()},
        "people": {
            f"{short}_{key}": {
                "name": name,
                "nip": _nip(place, number) if key in pattern["ranks"] else None,
                "rank": pattern["ranks"].get(key),
                "unit": positions[key]["unit"] if key in positions else "SETDA-ORG",
            }
            for number, (key, name) in enumerate(names.items(), 1)
        },
        "holders": [{"position": key, "person": f"{short}_{key}"} for key in positions],
        "groups": {
            key: {**_worded(group, words), "members": [f"{short}_{member}" for member in group["members"]]}
            for key, group in groups.items()
        },
        "administrators": [f"{short}_{ADMINISTRATOR}"],
    }


def _worded(thing: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {key: value.format(**words) if isinstance(value, str) else value for key, value in thing.items()}


def _nip(place: int, number: int) -> str:
    """Eighteen digits with month 99; the last ones tell the region and the person."""
    return f"198099992010011{place}{number:02}"
