"""What changed since a case was sent back: each field, old and new, and whether the note asked for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.cases.views import AnswerChange, CasePage, ReturnView
from engine.definitions.model import Field
from web.language import language, words
from web.officer.document import anchor
from web.officer.shown import Reading, shown

LONG_ENOUGH = 4  # letters of a word that counts when looking for a field in a note


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed answer. ``asked`` is None when the note cannot tell."""

    path: str
    title: str
    context: str
    href: str
    old: str
    new: str
    asked: bool | None


def differences(page: CasePage, back: ReturnView, visible: frozenset[str]) -> tuple[Difference, ...]:
    """The changes in words people read; of the page's form only those of ``visible`` fields."""
    asked = frozenset() if page.form is None else frozenset(page.form.fields) - visible
    return tuple(
        _difference(page, back.note, change)
        for change in back.changes
        if change.field not in asked and _may_see(page, change)
    )


def changed_paths(found: tuple[Difference, ...]) -> dict[str, str]:
    """Path of each changed answer → what it was, for marking the document."""
    return {difference.path: difference.old for difference in found}


def _may_see(page: CasePage, change: AnswerChange) -> bool:
    field = page.definition.fields.get(change.field)
    is_computed = field is not None and field.computed is not None  # follows from the others, which are told
    return page.fields.get(change.field, "read") != "hidden" and not is_computed


def _difference(page: CasePage, note: str, change: AnswerChange) -> Difference:
    titles = [words(title) for title in change.titles]
    title = titles[-1] if titles else change.field
    row = _row_name(page.answers, change.path)
    context = row or ", ".join(titles[:-1])
    old, new = (_said(page, change, value) for value in (change.old, change.new))
    return Difference(change.path, title, context, "#" + _target(change.path), old, new, _asked(note, title, row, old))


def _said(page: CasePage, change: AnswerChange, value: Any) -> str:
    item, row = _field_at(page, change.path)
    if item is None or value is None:
        return "" if value is None else str(value)
    if item.type == "table":
        return ", ".join(part for part in value.values() if isinstance(part, str)) if isinstance(value, dict) else "…"
    return shown(item, value, row, Reading(page.form, language(), page.facts.directory))


def _field_at(page: CasePage, path: str) -> tuple[Field | None, Mapping[str, Any]]:
    parts = path.split(".")
    item: Field | None = page.definition.fields.get(parts[0])
    row: Mapping[str, Any] = page.answers
    value: Any = page.answers.get(parts[0])
    for part in parts[1:]:
        if item is None:
            break
        if part.isdecimal():
            value = value[int(part)] if isinstance(value, (list, tuple)) and int(part) < len(value) else {}
            row = value if isinstance(value, Mapping) else {}
        else:
            item = item.columns.get(part)
            value = row.get(part)
    return item, row


def _row_name(answers: Mapping[str, Any], path: str) -> str:
    value: Any = answers
    name = ""
    for part in path.split("."):
        if isinstance(value, (list, tuple)):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else {}
        elif isinstance(value, Mapping):
            value = value.get(part)
        if isinstance(value, Mapping):
            words_of_row = [str(value[key]) for key in ("code", "statement", "name", "title") if value.get(key)]
            name = " ".join(words_of_row[:2]) or name
    return name


def _target(path: str) -> str:
    parts = path.split(".")
    while len(parts) > 1 and not parts[-1].isdecimal():
        parts.pop()  # a cell has no anchor of its own: its row has
    return anchor(".".join(parts))


def _asked(note: str, title: str, row: str, old: str) -> bool | None:
    """Whether the note names the field, its row's code, or the old value. Only words decide; a reader judges."""
    if not note.strip():
        return None
    text = note.casefold()
    code = row.split(" ")[0].casefold() if row else ""
    if code and re.search(rf"\b{re.escape(code)}\b", text):
        return True
    if old and len(old) > 1 and old.casefold() in text:
        return True
    return any(word in text for word in _telling(title))


def _telling(title: str) -> Iterator[str]:
    for word in re.findall(r"\w+", title.casefold()):
        if len(word) >= LONG_ENOUGH:
            yield word
