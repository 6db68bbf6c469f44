"""``flask sakip …``: the field of performance accountability; each command is a file of its own."""

from __future__ import annotations

from flask.cli import AppGroup

sakip = AppGroup("sakip", help="Performance accountability.")
