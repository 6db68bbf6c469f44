"""One side of a comparison on the command line: a file or an overlay becomes a definition with the texts it is from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.definitions.lint import mail_templates
from engine.definitions.load import load_tree, read_tree, with_digest
from engine.definitions.model import Definition
from engine.definitions.overlay import FORM_SCHEMA
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import TEXT, Node, read
from engine.definitions.tree import Grove, Tree, TreeFile
from engine.definitions.vocabulary_protocol import VocabularyLike

_FORM_ALONE = """schema: casework/1
case_type: form_alone
version: 1.0.0
title: Form
roles: {anybody: {title: Anybody, resolve: initiator}}
lifecycle:
  initial: asking
  states:
    asking: {title: Asking, task: {candidates: [anybody], form: %s}, transitions: {send: {to: asked, title: Send}}}
    asked: {type: final, title: Asked}
"""


class NotComparable(Exception):
    """A path that does not name one definition; the message says why."""


class Unreadable(Exception):
    """A file that gives no definition at all; ``problems`` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message.en for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Side:
    """A definition as it stands in files, also where it has findings.

    ``file`` is the path as it was given; ``texts`` maps a stable name of each file it is made of to the path shown
    and the text; ``form`` is set when only that form is meant; ``problems`` are the findings of level error.
    """

    file: str
    definition: Definition
    case_type: CaseType
    texts: Mapping[str, tuple[str, str]]
    form: str | None
    problems: tuple[Problem, ...]


def read_side(path: Path, vocabulary: VocabularyLike, cwd: Path) -> Side:
    """The definition at ``path``: a workflow, an overlay (merged), a form, an older version of ``history/``, or a
    folder that holds one workflow. Other files of the same name are left out.

    Raises FileNotFoundError for a path that is not there, NotComparable for one that is no single definition,
    Unreadable for one whose YAML cannot be read or whose base is missing.
    """
    tree = read_tree([path], cwd)
    if tree.missing:
        raise FileNotFoundError(tree.missing[0])
    if len(tree.groves) != 1:
        raise NotComparable(f"{path} holds {'several trees' if tree.groves else 'no workflow'}")
    heads = [_Head.of(file) for file in tree.groves[0].files]
    asked = _asked(heads, path)
    heads = list(_standing(heads, asked))
    asked = next(head for head in heads if head.name == asked.name and head.kind == asked.kind)
    grove = Grove(tree.groves[0].root, tuple(head.file for head in heads))
    if asked.kind == "form" and asked.is_loose(heads):
        text = (_FORM_ALONE % asked.name).encode()
        grove = Grove(grove.root, (*grove.files, TreeFile("(form)", "workflows/form_alone.yaml", text, True)))
    loaded = load_tree(Tree((grove,)), vocabulary, mail_templates(cwd))
    form = next(_chain(asked, heads)).name if "form" in asked.kind else None
    case_type = _chosen(asked, form, loaded.case_types)
    errors = tuple(problem for problem in loaded.problems if problem.is_error)
    if case_type is None:
        raise Unreadable(errors)
    definition = with_digest(case_type, case_type.forms, {})
    return Side(asked.file.shown, definition, case_type, _texts(asked, form, heads, case_type), form, errors)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a file says it is: ``kind`` workflow, form, overlay or form_overlay; ``base`` is what an overlay is on."""

    file: TreeFile
    kind: str
    name: str
    base: str
    region: str
    forms: frozenset[str]
    is_unreadable: bool = False

    @classmethod
    def of(cls, file: TreeFile) -> _Head:
        root = read(file.content, file.shown, Problems())
        if root is None:
            return cls(file, "", "", "", "", frozenset(), is_unreadable=True)
        is_form = _text(root, "schema") == FORM_SCHEMA
        for key, kind in (("overlay", "form_overlay" if is_form else "overlay"), ("case_type", "workflow")):
            if root.get(key) is not None:
                base = next(
                    filter(None, (_text(root, "extends", name) for name in ("overlay", "case_type", "form"))), ""
                )
                return cls(file, kind, _text(root, key), base, _text(root, "region"), frozenset(_forms(root)))
        kind = "form" if root.get("form") is not None else ""
        return cls(file, kind, _text(root, "form"), "", "", frozenset())

    def is_loose(self, heads: Sequence[_Head]) -> bool:
        """Whether no workflow beside it uses this form."""
        return not any(self.name in head.forms for head in heads if head.kind == "workflow")


def _text(root: Node, *path: str) -> str:
    node = root.get(*path)
    return str(node.value) if node is not None and node.kind == TEXT else ""


def _forms(root: Node) -> Iterator[str]:
    """The forms a workflow names anywhere."""
    for key, entry in root.entries.items():
        if key == "form" and entry.value.kind == TEXT:
            yield str(entry.value.value)
        yield from _forms(entry.value)


def _asked(heads: Sequence[_Head], path: Path) -> _Head:
    asked = [head for head in heads if head.file.is_asked]
    if len(asked) == 1 and asked[0].is_unreadable:
        found = Problems()
        read(asked[0].file.content, asked[0].file.shown, found)
        raise Unreadable(found.sorted())
    if len(asked) > 1:  # of a folder the one workflow counts
        asked = [head for head in asked if head.kind == "workflow" and not head.file.is_history]
    if len(asked) != 1:
        raise NotComparable(f"{path} holds {'several workflows: name one file' if asked else 'no workflow'}")
    if not asked[0].kind or not asked[0].name:
        raise NotComparable(f"{path} is no workflow, form or overlay")
    return asked[0]


def _standing(heads: Sequence[_Head], asked: _Head) -> Iterator[_Head]:
    """The files as a tree in which the one asked for counts: an older version takes the place of today's, with the
    forms of its own number, and no other file may have its name."""
    version = asked.file.inside.rsplit("/", 1)[-1] if asked.file.is_history else ""
    taken = {(asked.kind, asked.name)}
    older = [head for head in heads if version and head.file.is_history and head.file.inside.endswith(f"/{version}")]
    for head in (asked, *(head for head in older if head.kind == "form" and head is not asked)):
        taken.add((head.kind, head.name))
        yield replace(head, file=_as_current(head, is_asked=head is asked))
    for head in heads:
        if (head.kind, head.name) not in taken or (head.file.is_history and head not in older and head is not asked):
            yield replace(head, file=replace(head.file, is_asked=False))


def _as_current(head: _Head, *, is_asked: bool) -> TreeFile:
    if not head.file.is_history:
        return replace(head.file, is_asked=is_asked)
    section = head.file.inside.split("/")[0]
    folder = f"{section}/regions/{head.region}" if head.region else section
    return replace(head.file, inside=f"{folder}/{head.name}.yaml", is_asked=is_asked)


def _chosen(asked: _Head, form: str | None, case_types: Mapping[str, CaseType]) -> CaseType | None:
    if form is None:
        return case_types.get(asked.name)
    return next(
        (
            each
            for each in case_types.values()
            if form in each.definition.forms and each.definition.region == (asked.region or None)
        ),
        None,
    )


def _texts(asked: _Head, form: str | None, heads: Sequence[_Head], case_type: CaseType) -> dict[str, tuple[str, str]]:
    """The files a definition is made of: the case type, its overlays from the base up, its forms and theirs."""
    chain = list(_chain(asked, heads))
    regions = {head.region for head in chain if head.region}
    found = {} if form is not None else {f"workflow {number}": head for number, head in enumerate(chain)}
    for key in [form] if form is not None else case_type.definition.forms:
        for head in heads:
            if head.file.is_history:
                continue
            if (head.kind, head.name) == ("form", key):
                found[f"form {key}"] = head
            elif head.kind == "form_overlay" and head.base == key and head.region in regions:
                found[f"form {key} of a region"] = head
    return {
        name: (head.file.shown, (head.file.content or b"").decode("utf-8", "replace")) for name, head in found.items()
    }


def _chain(asked: _Head, heads: Sequence[_Head], seen: Collection[str] = ()) -> Iterator[_Head]:
    """The files below an overlay, the base first, and itself."""
    kinds = ("form", "form_overlay") if "form" in asked.kind else ("workflow", "overlay")
    below = next((head for head in heads if head.name == asked.base and head.kind in kinds and head is not asked), None)
    if asked.base and below is not None and below.name not in seen:
        yield from _chain(below, heads, (*seen, asked.name))
    yield asked
