"""A channel's file held against the case type and the form it asks for: can a report be made, read and understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.channel.files import parts
from engine.channel.first_step import first_task
from engine.channel.model import ASKABLE, Settings
from engine.definitions.model import Definition, Field
from engine.definitions.nodes import Node
from engine.definitions.options import bytes_of
from engine.definitions.problems import Placed, Problems, did_you_mean

_FIT = {"story": frozenset({"text", "paragraph"}), "people": frozenset({"list"}), "evidence": frozenset({"files"})}


def check_channel(
    root: Node,
    settings: Settings,
    definitions: Mapping[str, Definition],
    problems: Problems,
    titles: Iterable[str] = (),
) -> None:
    """Reports to ``problems`` what does not fit. ``root`` is the file as merged, ``definitions`` the region's case
    types by key, as files or as published; ``titles`` are public titles some other region has, which a base may
    explain too."""
    definition = definitions.get(settings.case_type)
    _case_types(root, settings, definitions, problems)
    if definition is None:
        return
    form_key, editable = first_task(definition)
    if form_key is None:
        return
    _Checking(root, settings, definition, editable, problems, frozenset(titles)).everything()


def _case_types(root: Node, settings: Settings, definitions: Mapping[str, Definition], problems: Problems) -> None:
    named = [root.get("case_type"), *(root.get("linked", key, "case_type") for key in settings.linked)]
    for node in named:
        if node is None:
            continue
        definition = definitions.get(str(node.value))
        if definition is None:
            _unknown(problems, node, "Tidak ada jenis kasus", "There is no case type", definitions)
        elif not definition.is_sealed:
            problems.add("WF012", node, "Jenis kasus ini tidak tersegel.", "This case type is not sealed.")


def _unknown(problems: Problems, node: Node, indonesian: str, english: str, known: Iterable[str]) -> None:
    near = problems.nearest(str(node.value), known)
    hint = did_you_mean(near)
    problems.add("WF012", node, f'{indonesian} "{node.value}".{hint.id}', f'{english} "{node.value}".{hint.en}', near)


class _Checking:
    """One channel beside the definition its reports open."""

    def __init__(
        self,
        root: Node,
        settings: Settings,
        definition: Definition,
        editable: frozenset[str],
        problems: Problems,
        elsewhere: frozenset[str],
    ) -> None:
        self.root = root
        self.settings = settings
        self.definition = definition
        self.editable = editable
        self.problems = problems
        self.elsewhere = elsewhere

    def everything(self) -> None:
        self._questions()
        self._files()
        self._statuses()
        self._closings()
        fields = self.definition.fields
        for node in self._items("shown_at_the_end"):
            if str(node.value) not in fields:
                _unknown(self.problems, node, "Tidak ada isian", "There is no field", fields)
            elif fields[str(node.value)].classification == "restricted":
                self._wrong(node, "Isian ini tidak untuk pelapor.", "This field is not for the reporter.")
        finals = [key for key, state in self.definition.states.items() if state.kind == "final"]
        for node in self._items("retention", "rejected_states"):
            if str(node.value) not in finals:
                _unknown(self.problems, node, "Tidak ada keadaan akhir", "There is no final state", finals)
        for key, linked in self.settings.linked.items():
            self._prefilled(key, linked.case_type)

    def _questions(self) -> None:
        asked: set[str] = set()
        for name, question in parts(self.root, "questions"):
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
        needed = [key for key in self.definition.fields if self._field(key).is_required and key in self.editable]
        for key in needed:
            entry = self.root.entries["questions"].key
            if key not in asked:
                self._wrong(
                    entry, f'Isian wajib "{key}" tidak ditanyakan.', f'The required field "{key}" is not asked.'
                )

    def _asked(self, node: Node, kind: str, skips: bool, asked: set[str]) -> None:
        key = str(node.value)
        field = self.definition.fields.get(key)
        if field is None or key not in self.editable:
            known = [one for one in self.editable if one not in asked]
            _unknown(
                self.problems,
                node,
                "Langkah pertama tidak mengisi",
                "The first task does not let this be filled in:",
                known,
            )
            return
        if key in asked:
            self._wrong(node, "Isian ini sudah ditanyakan.", "This field is asked already.")
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

    def _files(self) -> None:
        evidence = next((one for one in self.settings.questions if one.kind == "evidence"), None)
        field = None if evidence is None else self.definition.fields.get(next(iter(evidence.fields), ""))
        if field is None:
            return
        types = [str(one).lower().lstrip(".") for one in field.options.get("types") or ()]
        for node in self._items("files", "types"):
            if types and str(node.value).lower().lstrip(".") not in types:
                _unknown(self.problems, node, "Formulir tidak menerima", "The form does not take", types)
        largest = bytes_of(field.options.get("max_size"))
        limit = self.root.get("files", "largest")
        if limit is not None and largest is not None and self.settings.files.largest > largest:
            shown = f"{largest / 1_000_000:g} MB"
            self._wrong(limit, f"Formulir menerima paling besar {shown}.", f"The form takes {shown} at most.")
        most = field.options.get("max_count")
        count = self.root.get("files", "most")
        if count is not None and most is not None and self.settings.files.most > most:
            self._wrong(count, f"Formulir menerima paling banyak {most}.", f"The form takes {most} at most.")

    def _statuses(self) -> None:
        public = {state.public_title.id for state in self.definition.states.values() if state.public_title is not None}
        said: set[str] = set()
        for name, _ in parts(self.root, "statuses"):
            for node in self._items("statuses", name, "titles"):
                if str(node.value) in said:
                    self._wrong(node, "Judul ini sudah dijelaskan.", "This title is explained already.")
                elif str(node.value) not in public | self.elsewhere:
                    _unknown(self.problems, node, "Tidak ada judul publik", "There is no public title", public)
                said.add(str(node.value))
        missing = ", ".join(f'"{title}"' for title in sorted(public - said))
        if missing:
            entry = self.root.entries["statuses"].key
            self._wrong(entry, f"Belum dijelaskan: {missing}.", f"Not explained yet: {missing}.")

    def _closings(self) -> None:
        for name, closing in parts(self.root, "closings"):
            first, last = self.root.get("closings", name, "from"), closing["until"].value
            if first is not None and str(first.value) > str(last.value):
                self._wrong(last, "Berakhir sebelum dimulai.", "It ends before it begins.")

    def _prefilled(self, key: str, case_type: str) -> None:
        node = self.root.get("linked", key, "answers")
        if node is None or case_type != self.definition.case_type:
            return
        for entry in node.entries.values():
            if entry.name not in self.editable:
                _unknown(
                    self.problems, entry.key, "Langkah pertama tidak mengisi", "Not filled in first:", self.editable
                )
                continue
            options = self._field(entry.name).options.get("options")
            if options is not None and str(entry.value.value) not in options:
                _unknown(self.problems, entry.value, "Tidak ada pilihan", "There is no choice", options)

    def _field(self, key: str) -> Field:
        return self.definition.fields[key]

    def _items(self, *path: str) -> list[Node]:
        node = self.root.get(*path)
        return [] if node is None else node.items

    def _wrong(self, at: Placed, indonesian: str, english: str) -> None:
        self.problems.add("WF012", at, indonesian, english)
