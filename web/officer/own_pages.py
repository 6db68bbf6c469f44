"""Case types with a page in clothes of its own beside the form that every case has: where each of them is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app, url_for

from engine.cases.views import CasePage
from engine.definitions.model import Form, Text
from web.language import words

KEY = "alur_own_pages"
WORDS = "alur_own_words"
SETTINGS = "alur_own_settings"


def _always(page: CasePage) -> bool:  # noqa: ARG001
    return True


@dataclass(frozen=True, slots=True)
class OwnPage:
    """``endpoint`` takes ``case_id``; ``title`` is what the link on the page of the case says. One ``only_closed`` is
    offered once the case is closed, and every one while ``is_there`` says that the case has what it shows;
    ``sections`` of the form are filled in there, and rows of ``tables`` are read there, each with a query of its own:
    the page of the case counts them. So are the rows of every table whose source is that of ``sourced``, asked for by
    its field (source, name in the query)."""

    title: Text
    endpoint: str
    only_closed: bool = False
    is_there: Callable[[CasePage], bool] = _always
    sections: frozenset[str] = frozenset()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    sourced: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class OwnSetting:
    """Something a person chooses on a page of its own: its title, what it is in a sentence, where it is."""

    title: Text
    sentence: Text
    endpoint: str


def add_own_setting(app: Flask, setting: OwnSetting) -> None:
    """Let everybody's settings lead to a choice that a part of the installation brings."""
    app.extensions.setdefault(SETTINGS, []).append(setting)


def own_settings() -> tuple[OwnSetting, ...]:
    """The choices that parts have brought."""
    return tuple(current_app.extensions.get(SETTINGS, ()))


Tells = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def add_own_words(app: Flask, case_type: str, tells: Tells) -> None:
    """Let the pages of a case say answers that are keys in words: ``tells`` takes the answers and returns them with
    words in the reader's language in place of the keys it knows."""
    app.extensions.setdefault(WORDS, {})[case_type] = tells


def in_own_words(case_type: str, answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers of a case as its type tells them."""
    tells: Tells | None = current_app.extensions.get(WORDS, {}).get(case_type)
    return answers if tells is None else tells(answers)


def add_own_page(app: Flask, case_type: str, page: OwnPage) -> None:
    """Let the page of every case of this type lead to a page of its own."""
    app.extensions.setdefault(KEY, {})[case_type] = page


def own_page(case: CasePage) -> tuple[str, str] | None:
    """The words and the address of a case's own page; None where its type has none, or none yet."""
    page: OwnPage | None = current_app.extensions.get(KEY, {}).get(case.facts.case_type)
    if page is None or (page.only_closed and case.closed_at is None) or not page.is_there(case):
        return None
    return words(page.title), url_for(page.endpoint, case_id=case.case_id)


def page_of_section(case_type: str, case_id: int, section: str) -> str | None:
    """The address of the own page on which a section of the form is filled in; None for the form itself."""
    page: OwnPage | None = current_app.extensions.get(KEY, {}).get(case_type)
    return url_for(page.endpoint, case_id=case_id) if page is not None and section in page.sections else None


def tables_there(case_type: str, case_id: int, form: Form) -> dict[str, tuple[str, str]]:
    """The tables of a case whose rows are read on its own page: words and address by field of its form."""
    page: OwnPage | None = current_app.extensions.get(KEY, {}).get(case_type)
    if page is None:
        return {}
    title = words(page.title)
    asked: dict[str, Mapping[str, Any]] = {**_sourced(page, form), **page.tables}
    return {key: (title, url_for(page.endpoint, case_id=case_id, **query)) for key, query in asked.items()}


def _sourced(page: OwnPage, form: Form) -> dict[str, dict[str, str]]:
    if page.sourced is None:
        return {}
    source, name = page.sourced
    sources = {key: (one.options.get("rows_from") or {}).get("source") for key, one in form.fields.items()}
    return {key: {name: key} for key, one in sources.items() if one == source}
