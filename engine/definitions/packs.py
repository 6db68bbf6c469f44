"""How much a region wrote of its own: the lines of its files, and what they change in the base."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.library import Library, read_library
from engine.definitions.load import load_tree
from engine.definitions.main_road import main_road
from engine.definitions.model import Definition, State, Text
from engine.definitions.overlay import Overlay
from engine.definitions.problems import Problems
from engine.definitions.source import MAP, Node
from engine.definitions.tree import Tree
from engine.definitions.vocabulary_protocol import VocabularyLike

PROOF = ("fixtures", "scenarios")


@dataclass(frozen=True, slots=True)
class Pack:
    """One region's files for one case type.

    Lines are those with something other than a comment on them: ``rule_lines`` of the workflow without its
    ``proof_lines`` (fixtures and scenarios), ``form_lines`` of the region's forms. ``steps`` are those others than the
    drafter decide on the main road; parameters, states and scenarios are the merged definition's against its base.
    ``has_legal_basis`` is False for a pack that waits for its region's own regulation.
    """

    region: str
    case_type: str
    steps: tuple[Text, ...]
    rule_lines: int
    proof_lines: int
    form_lines: int
    parameters: tuple[str, ...]
    states_added: tuple[str, ...]
    states_removed: tuple[str, ...]
    inherited: int  # scenarios
    rewritten: int
    own: int
    removed: int
    has_legal_basis: bool


def packs(tree: Tree, vocabulary: VocabularyLike) -> list[Pack]:
    """The packs of all regions in ``tree``, by case type, then region; those with errors are left out."""
    loaded = load_tree(tree, vocabulary)
    found = []
    for grove in tree.groves:
        library = read_library(grove, Problems())
        texts = {file.shown: (file.content or b"").decode("utf-8", "replace") for file in grove.files}
        for overlay in library.workflow_overlays.values():
            chain = library.chain(overlay)
            base = loaded.definitions.get(chain[0].base) if chain else None
            merged = loaded.definitions.get(overlay.name)
            if base is not None and merged is not None:
                found.append(_pack(overlay, library, base, merged, texts))
    return sorted(found, key=lambda pack: (pack.case_type, pack.region))


def _pack(overlay: Overlay, library: Library, base: Definition, merged: Definition, texts: Mapping[str, str]) -> Pack:
    patch = overlay.root.get("patch")
    proof = _lines_of(patch, PROOF, texts[overlay.root.file])
    regions = [layer.region for layer in library.chain(overlay)]
    forms = [
        form.root.file
        for key, form in library.form_overlays_of(regions).items()
        if form.region == overlay.region and key in merged.forms
    ]
    touched = _keys(patch, "scenarios")
    return Pack(
        region=overlay.region,
        case_type=merged.case_type,
        steps=tuple(merged.states[key].title for key in main_road(merged) if _is_decided(merged.states[key], merged)),
        rule_lines=_written(texts[overlay.root.file]) - proof,
        proof_lines=proof,
        form_lines=sum(_written(texts[file]) for file in forms),
        parameters=tuple(sorted({*_keys(overlay.root, "parameters"), *_keys(patch, "parameters")})),
        states_added=tuple(key for key in merged.states if key not in base.states),
        states_removed=tuple(key for key in base.states if key not in merged.states),
        inherited=sum(key in base.scenarios and key not in touched for key in merged.scenarios),
        rewritten=sum(key in base.scenarios and key in touched for key in merged.scenarios),
        own=sum(key not in base.scenarios for key in merged.scenarios),
        removed=sum(key not in merged.scenarios for key in base.scenarios),
        has_legal_basis=bool(merged.legal_basis),
    )


def _is_decided(state: State, definition: Definition) -> bool:
    """Whether people decide something there, other than the one who drafts."""
    if state.task is None:
        return state.approval is not None
    return any(definition.roles[key].resolve != "initiator" for key in state.task.candidates)


def _keys(node: Node | None, section: str) -> Collection[str]:
    found = node.get(section) if node is not None else None
    return found.entries.keys() if found is not None else ()


def _written(text: str) -> int:
    return sum(1 for line in text.splitlines() if _says_something(line))


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _lines_of(patch: Node | None, sections: Collection[str], text: str) -> int:
    """The written lines of some sections of a patch: from each one's key to the next section's."""
    if patch is None or patch.kind != MAP:
        return 0
    starts = sorted((entry.key.position.line, name) for name, entry in patch.entries.items())
    lines = text.splitlines()
    return sum(
        _written("\n".join(lines[start - 1 : end]))
        for (start, name), end in zip(starts, _ends(starts, len(lines)), strict=True)
        if name in sections
    )


def _ends(starts: list[tuple[int, str]], last: int) -> Iterator[int]:
    yield from (start - 1 for start, _ in starts[1:])
    yield last
