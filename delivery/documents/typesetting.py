"""Sets a document with Typst: a template of ours and plain data in, an archivable, tagged PDF out."""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from engine.clock import system_clock
from engine.errors import InvalidInput

TEMPLATES = Path(__file__).parent / "templates"
FRAMES = frozenset({"official"})  # imported by templates, no documents themselves

# Archives ask for PDF/A-2a (ISO 19005-2, readable for ever, tagged), screen readers for PDF/UA-1 (ISO 14289-1).
STANDARDS: tuple[Literal["a-2a", "ua-1"], ...] = ("a-2a", "ua-1")

# PDF/A allows no sign without a glyph. One emoji in a note must not cost an office its document: it is printed as a
# replacement mark instead.
REPLACEMENT = "\ufffd"
MOST_REPLACED = 100
NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})  # Cf turns text round, so that it reads as what it is not

_ONE_AT_A_TIME = threading.Lock()


def documents() -> tuple[str, ...]:
    """The names ``render`` knows, in alphabetical order."""
    return tuple(sorted(path.stem for path in TEMPLATES.glob("*.typ") if path.stem not in FRAMES))


def render(template: str, data: Mapping[str, Any], made_at: datetime | None = None) -> bytes:
    """The PDF of ``data``, which must be JSON-able and as the template wants it.

    Text in ``data`` is only ever text: it reaches Typst as JSON and is never read as markup or code. The same data
    and ``made_at`` (aware; written into the file; now when left out) give the same bytes. An unknown template, or
    data the template cannot use, is ``InvalidInput``. Signs our font does not have become a replacement mark.
    """
    if template not in documents():
        raise InvalidInput(f"There is no document called {template}.")
    moment = (made_at or system_clock()).astimezone(UTC).replace(microsecond=0)
    text = json.dumps(printable(data), ensure_ascii=False)
    for _ in range(MOST_REPLACED):
        try:
            return _compile(template, text, moment)
        except typst.TypstError as error:
            unknown = _without_glyph(error)
            if not unknown:
                raise InvalidInput(f"The document {template} cannot be made: {error.message}") from error
            text = text.translate(dict.fromkeys(map(ord, unknown), REPLACEMENT))
    raise InvalidInput(f"The document {template} holds too many signs no font of ours has.")


def _compile(template: str, data: str, moment: datetime) -> bytes:
    with _ONE_AT_A_TIME:
        pdf = _compiler().compile(
            input=str(TEMPLATES / f"{template}.typ"),
            format="pdf",
            sys_inputs={"data": data},
            pdf_standards=[*STANDARDS],
            timestamp=moment,
        )
    assert isinstance(pdf, bytes)
    return pdf


def printable(value: Any) -> Any:
    """``value`` without control, direction, private and broken signs in its texts: no honest page needs one."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in "\n\t" or unicodedata.category(sign) not in UNPRINTABLE)
    if isinstance(value, Mapping):
        return {key: printable(inner) for key, inner in value.items()}
    return [printable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _without_glyph(error: typst.TypstError) -> str:
    """The signs our font does not have, if that is what the error says."""
    found = NO_GLYPH.search(error.message)
    return "" if found is None else "".join(sign for sign in found.group(1) if ord(sign) > 127)


@cache
def _compiler() -> typst.Compiler:
    """One for the process. The machine's own fonts stay out, so that every machine makes the same pages."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True)
