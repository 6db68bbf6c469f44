"""The reference page of the regions' packs, Markdown, made from the packs: ``python -m commands.reference_regions``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

import parts
from config import ROOT
from engine import vocabulary
from engine.definitions.packs import Pack, packs
from engine.definitions.tree import read_tree

HEAD = """# The regions' packs

What each region changes in a case type, and how many lines it needed; `flask workflow regions` prints the same of any
folder. Counted are lines with something other than a comment on them: *rules* are the workflow's overlay without its
fixtures and scenarios, which are *proof*; *form* is the form's overlay. Why the packs look as they do, and what is
illustrative about them: [Regions](../explanation/regions.md). This page is generated: `python -m
commands.reference_regions > docs/reference/regions.md`.
"""
COLUMNS = (
    "Region", "Steps after the draft", "Rules", "Form", "Proof", "Parameters", "States", "Scenarios", "Legal basis",
)  # fmt: skip


def reference() -> str:
    """The whole page."""
    found = packs(read_tree([ROOT / "workflows", ROOT / "forms_config"], ROOT), vocabulary.load())
    sections = groupby(found, key=lambda pack: pack.case_type)
    return HEAD + "".join(line for case_type, its in sections for line in _section(case_type, list(its)))


def _section(case_type: str, found: Sequence[Pack]) -> Iterator[str]:
    yield f"\n## {case_type}\n\n| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    for pack in found:
        yield f"| {' | '.join(_cells(pack))} |\n"
    yield "\n"
    for pack in found:
        yield f"- `{pack.region}`: adds {_names(pack.states_added)}; removes {_names(pack.states_removed)}.\n"


def _cells(pack: Pack) -> tuple[str, ...]:
    return (
        f"`{pack.region}`",
        " → ".join(step.en for step in pack.steps),
        str(pack.rule_lines),
        str(pack.form_lines),
        str(pack.proof_lines),
        _names(pack.parameters),
        f"+{len(pack.states_added)} −{len(pack.states_removed)}",
        f"{pack.inherited} inherited, {pack.rewritten} rewritten, {pack.own} own, {pack.removed} removed",
        "given" if pack.has_legal_basis else "illustrative",
    )


def _names(keys: Sequence[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys) or "none"


if __name__ == "__main__":
    parts.load()  # what the case types of the parts beyond the engine call
    click.echo(reference(), nl=False)
