"""Text as typed or pasted: one form of every letter, no characters that hide something, within its length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Option
from engine.field_types.question import Unfit

DEFAULT_LINE = 1000
DEFAULT_PARAGRAPH = 20_000
LONGEST = 100_000
# Keeps the slowest pattern that is allowed (three repetitions without end) below a blink.
_LONGEST_MATCHED = 500

OPTIONS: Mapping[str, Option] = {
    "min_length": Option("integer", minimum=1, maximum=LONGEST),
    "max_length": Option("integer", minimum=1, maximum=LONGEST),
    "pattern": Option("pattern"),
}

# Controls, lone surrogates, and the marks that turn the reading direction and so can hide what is written.
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\v\f\u2028\u2029\x85]")

NOT_TEXT = Text("Tulis teks.", "Write text.")
HIDDEN = Text("Ada tanda yang tidak dapat dipakai dalam teks ini.", "This text holds characters that cannot be used.")


def line(raw: Any, options: Mapping[str, Any]) -> str:
    """``raw`` as one line: breaks and runs of spaces become one space. Raises Unfit."""
    text = re.sub(r"\s+", " ", _text(raw, options.get("max_length", DEFAULT_LINE))).strip()
    return _within(text, options, DEFAULT_LINE)


def paragraph(raw: Any, options: Mapping[str, Any]) -> str:
    """``raw`` with its line breaks as \\n. Raises Unfit."""
    text = _text(raw, options.get("max_length", DEFAULT_PARAGRAPH))
    return _within(text.strip("\n").rstrip(), options, DEFAULT_PARAGRAPH)


def _text(raw: Any, longest: int) -> str:
    if isinstance(raw, Decimal | int) and not isinstance(raw, bool):
        # A code written without quotes in YAML (2.16) is a number there; its digits are kept as they stand.
        raw = str(raw) if not isinstance(raw, int) or abs(raw) < 10**30 else ""
    if not isinstance(raw, str) or not raw:
        raise Unfit(NOT_TEXT)
    if len(raw) > 4 * longest + 1000:
        raise Unfit(_too_long(len(raw), longest), "too_long")
    text = _BREAKS.sub("\n", raw)
    if _HIDDEN.search(text):
        raise Unfit(HIDDEN)
    return unicodedata.normalize("NFC", text)


def _too_long(count: int, longest: int) -> Text:
    return Text(
        f"Tulisan ini memuat {count} huruf. Paling banyak {longest} huruf.",
        f"This text has {count} characters. At most {longest} characters.",
    )


def _within(text: str, options: Mapping[str, Any], default: int) -> str:
    wrong = beyond(text, options, default)
    if wrong is not None:
        raise wrong
    return text


def beyond(text: str, options: Mapping[str, Any], default: int) -> Unfit | None:
    """The limit a text does not keep: its length (``default`` is the longest where none is written) or pattern."""
    longest, shortest = options.get("max_length", default), options.get("min_length", 0)
    if len(text) > longest:
        return Unfit(_too_long(len(text), longest), "too_long")
    if len(text) < shortest:
        return Unfit(Text(f"Paling sedikit {shortest} huruf.", f"At least {shortest} characters."), "too_short")
    pattern = options.get("pattern")
    if pattern and (len(text) > _LONGEST_MATCHED or not _compiled(pattern).fullmatch(text)):
        return Unfit(Text("Bentuknya tidak sesuai.", "This does not have the expected form."))
    return None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
