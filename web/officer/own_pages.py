"""Case types with a page in clothes of its own beside the form that every case has: where each of them is."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, url_for

from engine.definitions.model import Text
from web.language import words

KEY = "alur_own_pages"


@dataclass(frozen=True, slots=True)
class OwnPage:
    """``endpoint`` takes ``case_id``; ``title`` is what the link on the page of the case says. One ``only_closed`` is
    offered once the case is closed; ``sections`` of the form are filled in there."""

    title: Text
    endpoint: str
    only_closed: bool = False
    sections: frozenset[str] = frozenset()


def add_own_page(app: Flask, case_type: str, page: OwnPage) -> None:
    """Let the page of every case of this type lead to a page of its own."""
    app.extensions.setdefault(KEY, {})[case_type] = page


def own_page(case_type: str, case_id: int, *, is_closed: bool = False) -> tuple[str, str] | None:
    """The words and the address of a case's own page; None where its type has none, or none yet."""
    page: OwnPage | None = current_app.extensions.get(KEY, {}).get(case_type)
    if page is None or (page.only_closed and not is_closed):
        return None
    return words(page.title), url_for(page.endpoint, case_id=case_id)


def page_of_section(case_type: str, case_id: int, section: str) -> str | None:
    """The address of the own page on which a section of the form is filled in; None for the form itself."""
    page: OwnPage | None = current_app.extensions.get(KEY, {}).get(case_type)
    return url_for(page.endpoint, case_id=case_id) if page is not None and section in page.sections else None
