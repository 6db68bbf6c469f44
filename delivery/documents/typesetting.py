"""Sets a document with Typst: a template of ours and plain data in, an archivable, tagged PDF out."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from engine.clock import system_clock
from engine.errors import InvalidInput

TEMPLATES = Path(__file__).parent / "templates"
FRAMES = frozenset({"official"})  # imported by templates, no documents themselves

# Archives ask for PDF/A-2a (ISO 19005-2, readable for ever, tagged), screen readers for PDF/UA-1 (ISO 14289-1).
STANDARDS = ["a-2a", "ua-1"]

_ONE_AT_A_TIME = threading.Lock()


def documents() -> tuple[str, ...]:
    """The names ``render`` knows, in alphabetical order."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.typ") if path.stem not in FRAMES))


def render(template: str, data: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """The PDF of ``data``, which must be JSON-able and as the template wants it.

    Text in ``data`` is only ever text: it reaches Typst as JSON and is never read as markup or code. The same data
    and ``made_at`` (aware; written into the file; now when left out) give the same bytes. An unknown template, or
    data the template cannot use, is ``InvalidInput``.
    """
    if template not in documents():
        raise InvalidInput(f"There is no document called {template}.")
    moment = (made_at or system_clock()).astimezone(UTC).replace(microsecond=0)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    with _ONE_AT_A_TIME:
        try:
            pdf = _compiler().compile(
                input=str(TEMPLATES / f"{template}.typ"),
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=moment,
            )
        except typst.TypstError as error:
            raise InvalidInput(f"The document {template} cannot be made: {error.message}") from error
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _compiler() -> typst.Compiler:
    """One for the process. The machine's own fonts stay out, so that every machine makes the same pages."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
