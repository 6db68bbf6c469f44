"""The page of all findings, Markdown, made from one example a code: ``python -m commands.reference_codes``."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import yaml

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "tests" / "engine" / "definitions" / "codes" / "examples"
FIELD_EXAMPLES = ROOT / "tests" / "sakip" / "codes" / "examples"
HEAD = """# Findings

What `flask workflow lint`, `flask sakip lint` and publishing may say. Every finding has a file, line and column, a
code, a level and a sentence in Indonesian and English; a warning alone does not stop anything. At most one is told for
each token, an error before a warning.

Below each code: why it is told, the smallest example, and what the nearest right text would be (lines with `-` raise
the finding, those with `+` do not). The whole files are in `tests/engine/definitions/codes/examples/` and, from WF200
on, in `tests/sakip/codes/examples/`, and a test holds every one of them against the checks. This page is generated:
`python -m commands.reference_codes > docs/reference/codes.md`.

| Code | Level | When |
|---|---|---|
"""
TOLD_BY = {
    "lint": "",
    "test": "Told by `flask workflow test` and before publishing.",
    "strength": "Told by `flask workflow strength` and before publishing.",
    "organisation": "Told where the organisation is known: by `lint --region KEY` and before publishing.",
    "cases": "Told where running cases are known: before publishing and migrating.",
    "sakip": "Told by `flask sakip lint` and before publishing.",
    "base": "Told where the base an overlay was written on is kept in `workflows/history/` or `forms_config/history/`.",
}


@cache
def listings(folder: Path = EXAMPLES) -> Mapping[str, Mapping[str, Any]]:
    """The example of every code: cause, files that raise it, findings, the nearest files that do not."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))}


def codes_page() -> str:
    """The whole page."""
    rows = (f"| [{code}](#{code.lower()}) | {_level(one)} | {one['cause']['en']} |\n" for code, one in _sorted())
    return HEAD + "".join(rows) + "".join(text for code, one in _sorted() for text in _told(code, one))


def _sorted() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """One example a code: what both know is shown as the language has it."""
    yield from sorted({**listings(FIELD_EXAMPLES), **listings()}.items())


def _level(listing: Mapping[str, Any]) -> str:
    return str(listing["findings"][0]["level"])


def _told(code: str, listing: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## {code}\n\n{listing['cause']['en']} *{listing['cause']['id']}*\n"
    note = TOLD_BY[listing.get("raised_by", "lint")]
    if note:
        yield f"\n{note}\n"
    yield f"\n```diff\n{''.join(_difference(listing))}```\n\n"
    for each in listing["findings"]:
        place = f"{each['file']}:{each['line']}:{each['column']}"
        yield f"`{place}: {code} {each['level']}: {each['message']['en']}`  \n*{each['message']['id']}*\n"
        if each["suggestion"] is not None:
            yield f"\nSuggested: `{each['suggestion']}`\n"


def _difference(listing: Mapping[str, Any]) -> Iterator[str]:
    """The lines that differ with those around them, without the names of both sides."""
    beside = listing.get("beside", {})
    faulty, right = ({**beside, **listing[which]} for which in ("raises", "nearest"))
    for path in sorted(faulty.keys() | right.keys()):
        one, other = (side.get(path, "").splitlines() for side in (faulty, right))
        lines = list(difflib.unified_diff(one, other, n=2, lineterm=""))
        if lines:
            yield f"  # {path}\n"
        yield from (f"{line}\n" if not line.startswith("@@") else "  …\n" for line in lines[2:])


if __name__ == "__main__":
    click.echo(codes_page(), nl=False)
