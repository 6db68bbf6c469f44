"""Words with variables in single braces: a closed list of names is filled in, everything else stays as written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.definitions.model import Text
from engine.errors import InvalidInput

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("id", "en")

VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?)\}")
IN_PARENTHESES = re.compile(r" ?\([^()\n]*\{[^()\n]*\)")
ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+")

HIDDEN_ADDRESS = {"id": "[tautan: baca setelah masuk]", "en": "[link: read it after signing in]"}
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail says, per language: one line of subject and a body in the layout ``render`` describes."""

    subject: Text
    body: Text


def named(name: str) -> Wording:
    """The texts of the folder ``delivery/templates/<name>``. An unknown name is ``InvalidInput``."""
    if name not in names():
        raise InvalidInput(f"There is no mail text called {name}.")
    return _read(name)


@cache
def names() -> tuple[str, ...]:
    """Every mail text of ours, in alphabetical order."""
    return tuple(sorted(path.name for path in TEMPLATES.iterdir() if path.is_dir()))


@cache
def _read(name: str) -> Wording:
    texts = {
        part: Text(**{lang: (TEMPLATES / name / f"{part}.{lang}.txt").read_text("utf-8").strip() for lang in LANGUAGES})
        for part in ("subject", "body")
    }
    return Wording(texts["subject"], texts["body"])


def variables(text: str) -> frozenset[str]:
    """The names between braces in ``text``."""
    return frozenset(VARIABLE.findall(text))


def fill(line: str, values: Mapping[str, str]) -> str | None:
    """``line`` with its variables replaced, or None when it has some and all of them are empty.

    Filled in one pass, so that braces inside a value stay braces. Parentheses around nothing but empty variables go
    with them: ``"Title (due {task.due})"`` is ``"Title"`` where there is no due moment. A name nobody knows stays
    visible as it was written.
    """
    line = IN_PARENTHESES.sub(lambda found: "" if _is_void(found.group(), values) else found.group(), line)
    if _is_void(line, values):
        return None
    return VARIABLE.sub(lambda found: values.get(found.group(1), found.group()), line)


def _is_void(text: str, values: Mapping[str, str]) -> bool:
    used = VARIABLE.findall(text)
    return bool(used) and all(values.get(name, name) == "" for name in used)


def plain(value: str, language: str, longest: int = LONGEST_VALUE) -> str:
    """A value as it may stand in a mail: one line, no control or direction marks, no address, not too long.

    What people type goes to mailboxes under the office's name, so an address in it would be a trap that looks ours.
    """
    kept = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in value)
    kept = "".join(sign for sign in kept if unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn"))
    kept = ADDRESS.sub(HIDDEN_ADDRESS[language], " ".join(kept.split()))
    if len(kept) <= longest:
        return kept
    return kept[: longest - 2].rsplit(" ", 1)[0] + " …"
