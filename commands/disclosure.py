"""``flask disclosure …``: keys, custodians and the reporting channels of sealed case types."""

from __future__ import annotations

from flask.cli import AppGroup

disclosure = AppGroup("disclosure", help="Sealed reports: keys, custodians, reporting channels.")
