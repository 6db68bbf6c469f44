"""The list of a form's sections with how complete each is, and the summary of what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.changes import FieldFault
from engine.definitions.model import Field, Form, Section
from web.answering import Reading, box_of
from web.form_layout import Layout, rows_named
from web.forms import identity
from web.language import words

SEND = "-send"  # the last page; no section can have this key


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the list; ``sign`` and ``tone`` repeat its ``words``."""

    key: str
    title: str
    words: str
    sign: str
    tone: str
    href: str
    is_current: bool


def navigation(
    sections: Sequence[Section], reading: Reading, current: str, href: Callable[..., str], raw: Mapping[str, Any],
    checks: bool,
) -> tuple[NavItem, ...]:  # fmt: skip
    """The sections in order, then the page that checks and sends."""
    items = []
    for section in sections:
        state = _state(section, reading, raw, checks)
        items.append(NavItem(section.key, words(section.title), *state, href(section.key), section.key == current))
    last = str(_("Not ready to be sent") if reading.faults else _("Ready to be sent"))
    return (*items, NavItem(SEND, str(_("Check and send")), last, "eye", "", href(SEND), current == SEND))


def _state(section: Section, reading: Reading, raw: Mapping[str, Any], checks: bool) -> tuple[str, str, str]:
    keys = {placement.field for placement in section.placements}
    here = [fault for fault in reading.faults if fault.path.partition(".")[0] in keys]
    missing = [fault for fault in here if fault.code == "required"]
    wrong = [fault for fault in here if fault.code != "required"]
    if wrong:
        told = ngettext("%(num)d to correct", "%(num)d to correct", len(wrong))
        return str(told), "stop", "bad-ink"
    if missing:
        told = ngettext("%(num)d still to fill in", "%(num)d still to fill in", len(missing))
        return str(told), "stop" if checks else "pen", "bad-ink" if checks else ""
    if not any(raw.get(key) for key in keys):
        return str(_("Nothing filled in")), "pen", ""
    return str(_("Complete")), "check", "good-ink"


def summary(
    faults: Sequence[FieldFault], form: Form, raw: Mapping[str, Any], language: str,
    href: Callable[[str, str], str] | None = None,
) -> list[tuple[str, str]]:  # fmt: skip
    """(anchor, words) of each fault: where, then what. ``href`` leads to another page's section."""
    found = []
    for fault in faults:
        what = fault.message.into(language)
        row = _first_row_named(fault, form, raw, language)
        where = "" if row else place_words(fault.path, form, raw, language)
        anchor = identity(row or box_of(fault.path, form.fields))
        found.append((href(fault.path, anchor) if href else anchor, f"{where}: {what}" if where else what))
    return found


def _first_row_named(fault: FieldFault, form: Form, raw: Mapping[str, Any], language: str) -> str:
    """A check of the whole form stands at its table; where it names rows, it leads to the first of them."""
    table = form.fields.get(fault.path)
    if fault.code != "check" or table is None or table.type != "table":
        return ""
    return next(rows_named(table, raw.get(fault.path), fault.path, fault.message.into(language)), "")


def place_words(path: str, form: Form, raw: Mapping[str, Any], language: str) -> str:
    """``S4.1, TW IV`` of ``goals.3.indicators.0.quarter_4``: the row by its code, then the question."""
    parts = path.split(".")
    columns: Mapping[str, Field] = form.fields
    values: Any = raw
    row_words = ""
    title = ""
    for part in parts:
        if part.isdecimal():
            rows = values if isinstance(values, list) else []
            values = rows[int(part)] if int(part) < len(rows) else {}
            continue
        field = columns.get(part)
        if field is None:
            return row_words
        title = field.title.into(language)
        values = values.get(part) if isinstance(values, Mapping) else None
        if field.type == "table":
            row_words = _row_words(field, values, parts, part, language) or row_words
            columns = field.columns
    is_row = parts[-1].isdecimal()
    return row_words if is_row else ", ".join(words for words in (row_words, title) if words)


def _row_words(table: Field, rows: Any, parts: list[str], key: str, language: str) -> str:
    after = parts[parts.index(key) + 1 :]
    if not after or not after[0].isdecimal() or not isinstance(rows, list) or int(after[0]) >= len(rows):
        return ""
    layout = Layout(table)
    return layout.code_of(rows[int(after[0])]) or f"{layout.thing(language)} {int(after[0]) + 1}"
