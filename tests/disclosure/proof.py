"""What the reporting channel promises, with the tests that show it, Markdown: ``python -m tests.disclosure.proof``.

A test whose name begins with the number of a statement (``test_t21_…``) shows it; ``proofs.yaml`` has the statements in
words, tests that show one without its number, and for what does not hold the reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "reference" / "reporting-proof.md"
NUMBERS = tuple(f"T{number:02}" for number in range(1, 85))
PARTS = {
    "T01": "A reporter leaves no trace", "T11": "The receipt", "T21": "Encrypted at rest", "T30": "Who may do what",
    "T42": "The web", "T51": "Files", "T60": "Mails", "T65": "Clocks, steps, retention",
    "T74": "Record, load, abuse", "T82": "Around it",
}  # fmt: skip
HEAD = """# What the reporting channel promises, and the test that shows it

Eighty-four statements about sealed cases and the reporters' pages, each with the tests of that name. A statement holds
when tests show it; what does not hold yet, or not as a test, says why. Nobody outside has audited this yet (*belum
diaudit pihak luar*). This page is generated: `python -m tests.disclosure.proof > docs/reference/reporting-proof.md`.
"""
_NAMED = re.compile(r"test_((?:[tT]\d\d_)+)")


@dataclass(frozen=True)
class Statement:
    """``tests`` are paths with ``::`` and a name; ``limit`` says what is not shown, or why nothing is."""

    number: str
    words: str
    tests: tuple[str, ...]
    limit: str
    is_open: bool

    @property
    def holds(self) -> bool:
        """Whether tests show it."""
        return bool(self.tests) and not self.is_open


@cache
def named() -> Mapping[str, tuple[str, ...]]:
    """Statement -> tests that carry its number."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in functions_in(path):
            carried = _NAMED.match(name)
            for number in re.findall(r"\d\d", carried[1]) if carried else ():
                found.setdefault(f"T{number}", []).append(f"{path.relative_to(ROOT).as_posix()}::{name}")
    return {number: tuple(tests) for number, tests in found.items()}


@cache
def functions_in(path: Path) -> Mapping[str, None]:
    """The names of a module's tests, in their order."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return dict.fromkeys(name for name in found if name.startswith("test_"))


@cache
def statements() -> tuple[Statement, ...]:
    """All of them, in order."""
    written = yaml.safe_load((HERE / "proofs.yaml").read_text(encoding="utf-8"))
    return tuple(
        Statement(
            number, given["says"], tuple(dict.fromkeys([*named().get(number, ()), *given.get("also", ())])),
            given.get("limit") or given.get("open", ""), "open" in given,
        )
        for number, given in written.items()
    )  # fmt: skip


def page() -> str:
    """The whole page."""
    every = statements()
    lines = [HEAD, f"\n{sum(each.holds for each in every)} of {len(every)} hold.\n"]
    for each in every:
        if each.number in PARTS:
            lines.append(f"\n## {PARTS[each.number]}\n\n| | Statement | Holds | Tests |\n|---|---|---|---|\n")
        lines.append(_row(each))
    return "".join(lines)


def _row(each: Statement) -> str:
    by_file: dict[str, list[str]] = {}
    for test in each.tests:
        path, _, name = test.partition("::")
        by_file.setdefault(path, []).append(name)
    shown = "; ".join(
        f"[`{Path(path).name}`](../../{path}) {', '.join(_words(name) for name in names)}"
        for path, names in by_file.items()
    )
    words = f"{each.words} *{each.limit}*" if each.limit else each.words
    return f"| {each.number} | {words} | {'✓' if each.holds else 'open'} | {shown or '–'} |\n"


def _words(name: str) -> str:
    plain = _NAMED.sub("", name, count=1)
    return plain.removeprefix("test_").replace("_s_", "'s ").replace("_", " ")


if __name__ == "__main__":
    print(page(), end="")
