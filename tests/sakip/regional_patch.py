"""A region's own patch on the shipped files, as a folder that can be published."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from config import ROOT
from sakip.publish_folder import publish_folder
from tests.publishers import publishers
from tests.sakip.tree_office import Office

NAMES = {  # file: schema, what it is called by, its key
    "measurement.yaml": ("sakip-measurement/1", "measurement", "regional"),
    "lke_2025.yaml": ("sakip-evaluation/1", "evaluation", "lke_2025"),
}


def patched(place: Path, region: str, **patches: Mapping[str, Any]) -> Path:
    """The shipped folder without its regions and vectors, and a patch of ``region`` on ``measurement`` or
    ``lke_2025``."""
    folder = place / "config"
    if not folder.exists():
        unwanted = shutil.ignore_patterns("demo", "regions", "vectors.yaml")
        shutil.copytree(ROOT / "sakip_config", folder, ignore=unwanted)
    for name, patch in patches.items():
        schema, kind, key = NAMES[f"{name}.yaml"]
        head = {"schema": schema, "overlay": f"{key}.{region}", "extends": {kind: key, "version": "^1.0"}}
        file = folder / "regions" / region / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump({**head, "region": region, "patch": patch}, sort_keys=False)
        file.write_text(text, encoding="utf-8")
    return folder


def publish_patch(office: Office, place: Path, **patches: Mapping[str, Any]) -> None:
    """The region's patches count from the office's day on, and the office goes on the day after."""
    folder = patched(place, office.region.key, **patches)
    people = publishers(office.session, office.region.id)
    publish_folder(office.session, folder, region=office.region.id, reason="Perubahan", now=office.now, **people)
    office.now += timedelta(days=1)
