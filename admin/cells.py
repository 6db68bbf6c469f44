"""How values look in the cells of administration lists: the page's own labels, dates and moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import g, get_template_attribute
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from web.language import short_day, short_moment

NEEDED = _l("This has to be filled in.")
IN_WORDS = {
    "definitif": _l("Substantive"),
    "pj": _l("Pj. (interim)"),
    "plt": _l("Plt. (acting)"),
    "plh": _l("Plh. (daily executor)"),
    "delegate": _l("Delegate"),
    "out_of_office": _l("Out of office"),
}


def badge(words: str, tone: str, sign: str) -> Markup:
    """A label with a sign and a word, as on every other page."""
    return Markup(get_template_attribute("macros/label.html", "label")(words, tone, sign))  # our macro, escaped inside


def day(value: date | None) -> str:
    """A date, or nothing."""
    return "" if value is None else short_day(value)


def moment(value: datetime | None) -> str:
    """A moment in the reader's zone, or nothing."""
    return "" if value is None else short_moment(value)


def pointed(attribute: str, table: str) -> Any:
    """A formatter: what the row's ``attribute`` points to, among the rows ``load_related`` read into ``table``."""

    def _name(view: Any, context: Any, row: Any, name: str) -> str:  # noqa: ARG001
        found = getattr(g, table).get(getattr(row, attribute))
        return "" if found is None else str(found)

    return _name


def day_cell(view: Any, context: Any, row: Any, name: str) -> str:  # noqa: ARG001
    """A formatter of dates."""
    return day(getattr(row, name))


def kind_cell(view: Any, context: Any, row: Any, name: str) -> str:  # noqa: ARG001
    """A formatter of how somebody holds or stands in."""
    return str(IN_WORDS.get(row.kind, row.kind))
