"""A comparison as text for people and as JSON for programs (docs/reference/differences.md)."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.definitions.canonical import canonical, digest
from engine.definitions.diff import REWRITTEN, changed_states, differences
from engine.definitions.diff.places import placed
from engine.definitions.diff.sides import Side
from engine.definitions.diff.values import ALARM, RELAXED, RULE, WEIGHTS, WORDS, Difference
from engine.definitions.model import Text
from engine.definitions.problems import Position

_HEADINGS = {
    ALARM: Text("Perlu dilihat lebih dahulu", "To be looked at first"),
    RELAXED: Text("Pengaman yang dilonggarkan", "Safeguards made weaker"),
    RULE: Text("Aturan", "Rules"),
    WORDS: Text("Kata-kata saja", "Words only"),
}
_SAME = Text("Keduanya sama.", "Both are the same.")
_UNREAD = Difference(
    "unread",
    RULE,
    "",
    Text("Teksnya berbeda di tempat yang masih bertemuan", "The texts differ in a place that still has a finding"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """Two sides and what is not the same in them; ``text`` is the unified diff of their files, empty when same."""

    old: Side
    new: Side
    differences: tuple[Difference, ...]
    text: str

    @property
    def is_same(self) -> bool:
        """Whether both have the same canonical form: comments and layout count for nothing."""
        return not self.differences


def compare(old: Side, new: Side) -> Report:
    """What changed from one side to the other. Two forms are compared as forms, whatever uses them."""
    form = new.form if old.form is not None else None
    if form is not None and _form_digest(old) == _form_digest(new):
        return Report(old, new, (), "")
    found = placed(differences(old.definition, new.definition), old.case_type, new.case_type)
    if form is not None:
        found = tuple(each for each in found if each.path.startswith(f"forms.{form}")) or (REWRITTEN,)
    if found == (REWRITTEN,) and (old.problems or new.problems):
        found = (_UNREAD,)
    return Report(old, new, found, "".join(_unified(old, new)) if found else "")


def _form_digest(side: Side) -> str:
    node = side.case_type.forms[side.form or ""]
    return digest(canonical(node, {}, {}))


def _unified(old: Side, new: Side) -> Iterator[str]:
    """The texts of both sides file by file, in the order of the newer one."""
    for name in dict.fromkeys((*new.texts, *old.texts)):
        before, after = old.texts.get(name, ("/dev/null", "")), new.texts.get(name, ("/dev/null", ""))
        lines = [text.splitlines(keepends=True) for _, text in (before, after)]
        for line in difflib.unified_diff(lines[0], lines[1], before[0], after[0]):
            yield line if line.endswith("\n") else f"{line}\n"


def in_words(report: Report, language: str) -> str:
    """Sentences first, the weightiest on top under headings, then the text; no newline at the end."""
    if report.is_same:
        return _SAME.into(language)
    lines: list[str] = []
    for weight in WEIGHTS:
        found = [each for each in report.differences if each.weight == weight]
        if found:
            lines += [*([""] if lines else []), f"{_HEADINGS[weight].into(language)}:"]
            lines += [f"  - {each.sentence.into(language)}{_where(each)}" for each in found]
    return "\n".join([*lines, "", report.text.rstrip("\n")]).rstrip("\n")


def _where(difference: Difference) -> str:
    at = difference.new_at if difference.new is not None else difference.old_at or difference.new_at
    return f" ({at.file}:{at.line})" if at is not None else ""


def as_plain(report: Report, language: str) -> dict[str, Any]:
    """The report as the JSON of the command line."""
    return {
        "same": report.is_same,
        "old": _side(report.old),
        "new": _side(report.new),
        "differences": [difference_as_plain(each, language) for each in report.differences],
        "changed_states": sorted(changed_states(report.differences)),
        "text": report.text,
    }


def difference_as_plain(difference: Difference, language: str) -> dict[str, Any]:
    """One difference as JSON; ``sentence`` is in ``language`` ("id" or "en")."""
    return {
        "kind": difference.kind,
        "weight": difference.weight,
        "path": difference.path,
        "state": difference.state,
        "states": sorted(difference.states),
        "sentence": difference.sentence.into(language),
        "old": _half(difference.old, difference.old_at),
        "new": _half(difference.new, difference.new_at),
    }


def _half(value: Any, at: Position | None) -> dict[str, Any]:
    return {"value": value, "file": at.file if at is not None else None, "line": at.line if at is not None else None}


def _side(side: Side) -> dict[str, Any]:
    definition = side.definition
    return {
        "file": side.file,
        "case_type": definition.case_type,
        "version": definition.version,
        "region": definition.region,
        "digest": definition.digest,
    }
