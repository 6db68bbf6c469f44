"""``flask workflow regions``: what each region wrote of its own, in lines, and what that changes in the base."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from commands.console import USAGE, format_option, guarded, language_option, leave, say, say_json
from commands.workflow import paths_argument, workflow
from engine import vocabulary
from engine.definitions.model import Text
from engine.definitions.packs import Pack, packs
from engine.definitions.tree import read_tree

ILLUSTRATIVE = Text("ilustrasi: dasar hukum belum diisi", "illustrative: no legal basis yet")
LINES = Text("{rules} baris aturan, {form} baris formulir, {proof} baris bukti",
             "{rules} lines of rules, {form} of forms, {proof} of proof")  # fmt: skip
CHANGES = Text("parameter {parameters}; langkah +{added} −{removed}",
               "parameters {parameters}; states +{added} −{removed}")  # fmt: skip
SCENARIOS = Text("skenario: {inherited} diwarisi, {rewritten} ditulis ulang, {own} sendiri, {removed} dibuang",
                 "scenarios: {inherited} inherited, {rewritten} rewritten, {own} own, {removed} removed")  # fmt: skip


@workflow.command("regions", short_help="What each region changes in its base.")
@paths_argument
@format_option
@language_option
@guarded
def regions(paths: tuple[Path, ...], form: str, language: str) -> None:
    """What each region at PATH changes in its base: its steps, and how many lines it needed."""
    tree = read_tree(paths, Path.cwd())
    if tree.missing:
        leave(USAGE, f"there is no {tree.missing[0]}")
    found = packs(tree, vocabulary.load())
    if form == "json":
        say_json([asdict(pack) for pack in found])
        return
    for pack in found:
        say("\n  ".join(in_words(pack, language)))


def in_words(pack: Pack, language: str) -> list[str]:
    """A pack told in a few lines, the first of them its name."""
    name = f"{pack.region}: {pack.case_type}"
    return [
        name if pack.has_legal_basis else f"{name} ({ILLUSTRATIVE.into(language)})",
        " → ".join(step.into(language) for step in pack.steps),
        LINES.into(language).format(rules=pack.rule_lines, form=pack.form_lines, proof=pack.proof_lines),
        CHANGES.into(language).format(
            parameters=", ".join(pack.parameters) or "–", added=len(pack.states_added), removed=len(pack.states_removed)
        ),
        SCENARIOS.into(language).format(
            inherited=pack.inherited, rewritten=pack.rewritten, own=pack.own, removed=pack.removed
        ),
    ]
