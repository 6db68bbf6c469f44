"""Choosing from a list: by key, or by the title as it stands on the page (pasted from a spreadsheet)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.model import Field, Text
from engine.field_types.question import Context, Unfit, words_of
from engine.field_types.sources import entries

NOT_LISTED = Text("Pilih salah satu dari daftar.", "Choose one from the list.")


def options_of(field: Field, context: Context) -> Mapping[str, Any]:
    """The entries a field offers, by key: those of its named list or source, otherwise its own."""
    return _listed(field, context) or field.options.get("options") or {}


def known_of(field: Field, context: Context) -> Mapping[str, Any]:
    """The entries whose words are known, by key: those that are offered, and its own where a source offers others."""
    return {**(field.options.get("options") or {}), **_listed(field, context)}


def _listed(field: Field, context: Context) -> Mapping[str, Any]:
    name = field.options.get("options_from")
    return entries(name, context) if isinstance(name, str) else {}


def listed_in(field: Field, environment: Environment) -> Any:
    """The entries a field offers as far as a definition alone can tell; None when a registered source has some."""
    name = field.options.get("options_from")
    return field.options.get("options") if name is None else environment.option_lists.get(name)


def choice_type(listed: Any) -> Type:
    """The type of a choice among ``listed`` entries; of a registered source the keys are not known here."""
    if not isinstance(listed, Mapping):
        return Type("choice")
    labels = {key: Text(*titles(listed, key)) for key in listed}
    return Type("choice", choices=tuple(listed), labels=labels)


def chosen(raw: Any, options: Mapping[str, Any]) -> str:
    """The key meant by ``raw``. Raises Unfit."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**9:
        raw = str(raw)
    if not isinstance(raw, str) or len(raw) > 500:
        raise Unfit(NOT_LISTED)
    text = raw.strip()
    if text in options:
        return text
    wanted = text.casefold()
    found = [key for key in options if wanted in (title.casefold() for title in titles(options, key))]
    if len(found) != 1:
        raise Unfit(NOT_LISTED)
    return found[0]


def titles(options: Mapping[str, Any], key: str) -> tuple[str, str]:
    """What people read for ``key``: Indonesian, English."""
    return title(options, key, "id"), title(options, key, "en")


def title(options: Mapping[str, Any], key: str, language: str) -> str:
    """What people read for ``key`` in one language; a key no longer offered is shown itself."""
    entry = options.get(key)
    return words_of(entry.get("title") if isinstance(entry, Mapping) else entry, key, language)
