"""The history of a sealed case for who may not read what officers note among themselves."""

from __future__ import annotations

from engine.cases.models import History

_OPEN_DETAILS = frozenset(("timer", "fired", "record", "incident"))  # words of the definition
_VEIL = "…"


def veiled(row: History) -> History:
    """A row that says that something was done and by whom, not what was written; a copy no session knows."""
    details = {key: value for key, value in (row.details or {}).items() if key in _OPEN_DETAILS}
    if row.action == "attach":
        details["name"] = _VEIL
    kept = {column.key: getattr(row, column.key) for column in History.__table__.columns}
    return History(
        **kept | {"comment": "", "item": _VEIL if row.item else None, "details": details, "answers_changed": None}
    )
