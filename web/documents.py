"""Printed documents of cases by template: which parts of this installation know how to print what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.cases.views import CasePage
from engine.errors import AlurError

# The case's page, the field that holds the document, whether it is a draft: the name of the typeset form and its data.
Document = Callable[[CasePage, str, bool], tuple[str, dict[str, Any]]]

DOCUMENTS: dict[str, Document] = {}
SILENT_DRAFTS: set[str] = set()  # templates whose drafts only those see who work on the step that asks for them
IN_WORD: set[str] = set()  # templates that may also be had as a Word document


def document(
    template: str, *, is_silent_draft: bool = False, is_in_word: bool = False
) -> Callable[[Document], Document]:  # fmt: skip
    """Registers the decorated function for what definitions call ``template``; one used twice is refused."""

    def register(function: Document) -> Document:
        standing = DOCUMENTS.get(template)
        if standing is not None and standing.__module__ != function.__module__:
            raise AlurError(f"the document {template!r} is printed by {standing.__module__} already")
        DOCUMENTS[template] = function
        if is_silent_draft:
            SILENT_DRAFTS.add(template)
        if is_in_word:
            IN_WORD.add(template)
        return function

    return register
