"""Makes a document from a template and keeps it in a field of type file.

letter: {render_document: {template: performance_agreement, field: signed_document}}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.changes import RenderDocument
from engine.definitions.vocabulary_protocol import Option
from engine.effects import effect
from engine.facts import Situation


@effect("render_document", template=Option("template", is_required=True), field=Option("field", is_required=True))
def render_document(options: Mapping[str, Any], situation: Situation) -> Iterator[RenderDocument]:  # noqa: ARG001
    """Yields the template and the field."""
    yield RenderDocument(options["template"], options["field"])
