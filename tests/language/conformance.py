"""Every statement of the language with its proof, Markdown: ``python -m tests.language.conformance``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "reference" / "conformance.md"
SECTIONS = {
    1: "Files", 2: "A case type", 3: "People", 4: "States, tasks, approvals", 5: "Effects and notifications",
    6: "Expressions", 7: "Forms", 8: "Semantics", 9: "Refusals and incidents", 10: "A region's overlay",
    11: "Scenarios and strength", 12: "Checks", 13: "The life of a definition", 14: "Sealed case types",
    15: "The command line",
}  # fmt: skip
HEAD = """# What holds, and the test that shows it

Every statement of the [language](language.md) by section, in a few words, with the test of that name. *Both* means: the
test plays one case on paper, on SQLite and on PostgreSQL. This page is generated:
`python -m tests.language.conformance > docs/reference/conformance.md`.
"""
NAME = re.compile(r"test_(\d+)(?:_(\d+))?_(.+)")


@dataclass(frozen=True)
class Statement:
    """``section`` is the number in the language; ``proof`` a path, with ``::`` and the test's name if it is one."""

    section: tuple[int, int]
    words: str
    proof: str
    is_both: bool = False


def statements() -> list[Statement]:
    """All of them, by section, in the order of files."""
    return sorted([*_named(), *_elsewhere()], key=lambda each: each.section)


def _named() -> Iterator[Statement]:
    for path in sorted(HERE.glob("test_*.py")):
        for name, arguments in functions_in(path).items():
            found = NAME.fullmatch(name)
            if found is not None:
                section = (int(found[1]), int(found[2] or 0))
                words = found[3].replace("_s_", "'s ").replace("_", " ").strip()
                proof = f"{path.relative_to(ROOT).as_posix()}::{name}"
                yield Statement(section, words[0].upper() + words[1:], proof, "play" in arguments)


def _elsewhere() -> Iterator[Statement]:
    written = yaml.safe_load((HERE / "elsewhere.yaml").read_text(encoding="utf-8"))
    for section, rows in written.items():
        number, _, part = section.partition(".")
        for words, proof in rows:
            yield Statement((int(number), int(part or 0)), words, proof)


@cache
def functions_in(path: Path) -> dict[str, tuple[str, ...]]:
    """The tests of a module with the names of their arguments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name: tuple(argument.arg for argument in node.args.args)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def page() -> str:
    """The whole page."""
    every = statements()
    lines = [HEAD, f"\n{len(every)} statements.\n"]
    for number, title in SECTIONS.items():
        rows = [each for each in every if each.section[0] == number]
        lines.append(f"\n## {number} {title}\n\n| § | What holds | Both | Test |\n|---|---|---|---|\n")
        lines += [_row(each) for each in rows]
    return "".join(lines)


def _row(each: Statement) -> str:
    number, part = each.section
    section = f"{number}.{part}" if part else str(number)
    path, _, name = each.proof.partition("::")
    shown = f"`{Path(path).name}`" if not name or path.startswith("tests/language/") else f"`{Path(path).name}` {name}"
    return f"| {section} | {each.words} | {'✓' if each.is_both else ''} | [{shown}](../../{path}) |\n"


if __name__ == "__main__":
    print(page(), end="")
