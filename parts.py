"""The parts of this installation beyond the engine: loaded by every process that reads definitions or runs cases.

A part whose folder is not there is no fault: what is left works without it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

DOORS = ("sakip.doors",)  # connectors, sources, kinds of definition, tables
PAGES = ("web.performance",)  # each with ``install(app)``
COMMANDS = {"sakip": "commands.of_parts"}  # each with ``COMMANDS``


def load() -> None:
    """Register what every part brings to the engine."""
    for name in DOORS:
        if _is_there(name):
            import_module(name)


def install(app: Flask) -> None:
    """Load every part and add its pages and commands to the application."""
    load()
    for name in PAGES:
        if _is_there(name):
            import_module(name).install(app)
    for part, name in COMMANDS.items():
        if find_spec(part) is not None:
            for command in import_module(name).COMMANDS:
                app.cli.add_command(command)


def _is_there(name: str) -> bool:
    package, _, _ = name.rpartition(".")
    return find_spec(package) is not None and find_spec(name) is not None
