"""The commands of parts beyond the engine, added only where the part is there."""

from __future__ import annotations

import click

from commands import (
    demonstration,
    sakip,
    sakip_check,
    sakip_evaluate,
    sakip_export,
    sakip_import,
    sakip_measure,
    sakip_publish,
    sakip_report,
    sakip_tree,
    sakip_units,
)

__all__ = [
    "COMMANDS",
    "sakip_check",
    "sakip_evaluate",
    "sakip_export",
    "sakip_import",
    "sakip_measure",
    "sakip_publish",
    "sakip_report",
    "sakip_tree",
    "sakip_units",
]

COMMANDS: tuple[click.Command, ...] = (sakip.sakip, demonstration.demo)
