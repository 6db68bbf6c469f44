"""The pages of a report held against the form they fill in: every question can be asked, and none is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.channel.files import parts
from engine.channel.first_step import first_task
from engine.channel.model import ASKABLE, EVIDENCE, STORY
from engine.definitions.model import Definition, Field
from engine.definitions.nodes import Node
from engine.definitions.problems import Placed, Problems, did_you_mean

_FIT = {STORY: frozenset({"text", "paragraph"}), "people": frozenset({"list"}), EVIDENCE: frozenset({"files"})}


def unknown(problems: Problems, node: Placed, name: str, indonesian: str, english: str, known: Iterable[str]) -> None:
    """Tells of a ``name`` that is not among the ``known``, with the nearest one."""
    near = problems.nearest(name, known)
    hint = did_you_mean(near)
    problems.add("WF012", node, f'{indonesian} "{name}".{hint.id}', f'{english} "{name}".{hint.en}', near)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages at ``path`` of a channel's file beside the definition their reports open."""

    root: Node
    path: tuple[str, ...]
    definition: Definition
    problems: Problems

    def check(self) -> None:
        """Reports what cannot be asked, is asked twice, or is required and not asked."""
        asked: set[str] = set()
        has_story = False
        for name, question in parts(self.root, *self.path):
            kind = str(question["kind"].value.value)
            nodes = question["fields"].value.items
            skips = "skip" in question and bool(question["skip"].value.value)
            for node in nodes:
                self._asked(node, kind, skips, asked)
                asked.add(str(node.value))
            if not nodes:
                self._wrong(question["fields"].key, "Halaman ini tidak menanyakan apa pun.", "This page asks nothing.")
            elif kind != "fields" and len(nodes) != 1:
                self._wrong(
                    question["fields"].key,
                    f'Halaman "{name}" menanyakan tepat satu isian.',
                    f'The page "{name}" asks exactly one field.',
                )
            has_story |= kind == STORY
        self._evidence_after_the_story(has_story)
        self._nothing_required_left_out(asked)

    def _evidence_after_the_story(self, has_story: bool) -> None:
        """A file that fails must not take the story with it."""
        order = {
            str(question["kind"].value.value): (int(question["order"].value.value), question["kind"].value)
            for _, question in parts(self.root, *self.path)
            if "order" in question
        }
        if has_story and EVIDENCE in order and order[EVIDENCE][0] < order.get(STORY, order[EVIDENCE])[0]:
            self._wrong(
                order[EVIDENCE][1], "Bukti ditanyakan sesudah cerita tersimpan.", "Evidence is asked after the story."
            )

    def _nothing_required_left_out(self, asked: set[str]) -> None:
        editable = self._editable
        for key, field in self.definition.fields.items():
            if field.is_required and key in editable and key not in asked:
                owner = self.root.get(*self.path[:-1])
                assert owner is not None
                at = owner.entries[self.path[-1]].key
                self._wrong(at, f'Isian wajib "{key}" tidak ditanyakan.', f'The required field "{key}" is not asked.')

    def _asked(self, node: Node, kind: str, skips: bool, asked: set[str]) -> None:
        key = str(node.value)
        field, editable = self.definition.fields.get(key), self._editable
        if field is None or key not in editable:
            left = [one for one in editable if one not in asked]
            indonesian, english = "Langkah pertama tidak mengisi", "The first task does not let this be filled in:"
            unknown(self.problems, node, key, indonesian, english, left)
            return
        if key in asked:
            self._wrong(node, "Isian ini sudah ditanyakan.", "This field is asked already.")
        self._fits(node, field, kind, skips)

    def _fits(self, node: Node, field: Field, kind: str, skips: bool) -> None:
        if field.classification == "restricted":
            self._wrong(node, "Isian ini tidak untuk pelapor.", "This field is not for the reporter.")
        if field.type not in _FIT.get(kind, ASKABLE) or (kind == "people" and field.options.get("of") != "text"):
            self._wrong(
                node,
                f'Isian berjenis "{field.type}" tidak dapat ditanyakan di halaman berjenis "{kind}".',
                f'A field of type "{field.type}" cannot be asked on a page of kind "{kind}".',
            )
        if skips and field.is_required:
            self._wrong(
                node,
                "Isian ini wajib; halamannya tidak boleh dilewati.",
                "This field is required; its page may not be skipped.",
            )

    @property
    def _editable(self) -> frozenset[str]:
        return first_task(self.definition)[1]

    def _wrong(self, at: Placed, indonesian: str, english: str) -> None:
        self.problems.add("WF012", at, indonesian, english)
