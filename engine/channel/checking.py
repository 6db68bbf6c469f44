"""A channel's file held against the case type and the form it asks for: can a report be made, read and understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.channel.checking_pages import Pages, unknown
from engine.channel.files import parts
from engine.channel.first_step import first_task
from engine.channel.model import Settings
from engine.definitions.model import Definition, Field
from engine.definitions.nodes import Node
from engine.definitions.options import bytes_of
from engine.definitions.problems import Placed, Problems


def check_channel(
    root: Node,
    settings: Settings,
    definitions: Mapping[str, Definition],
    problems: Problems,
    titles: Iterable[str] = (),
    *,
    is_published: bool = False,
) -> None:
    """Reports to ``problems`` what does not fit. ``root`` is the file as merged, ``definitions`` the region's case
    types by key, as files or as published; ``titles`` are public titles some other region has, which a base may
    explain too. A linked report's case type may be missing where ``is_published``: the channel's own stands in."""
    definition = definitions.get(settings.case_type)
    _case_types(root, settings, definitions, problems, is_published)
    if definition is None or first_task(definition)[0] is None:
        return
    kinds = {key: definitions.get(linked.case_type) for key, linked in settings.linked.items()}
    others = {key: one for key, one in kinds.items() if one is not None and one.case_type != definition.case_type}
    _Checking(root, settings, definition, others, problems, frozenset(titles)).everything()


def _case_types(
    root: Node, settings: Settings, definitions: Mapping[str, Definition], problems: Problems, is_published: bool
) -> None:
    own = root.get("case_type")
    for node in (own, *(root.get("linked", key, "case_type") for key in settings.linked)):
        if node is None:
            continue
        definition = definitions.get(str(node.value))
        if definition is None and not (is_published and node is not own):
            _unknown(problems, node, "Tidak ada jenis kasus", "There is no case type", definitions)
        elif definition is not None and not definition.is_sealed:
            problems.add("WF012", node, "Jenis kasus ini tidak tersegel.", "This case type is not sealed.")


def _unknown(problems: Problems, node: Node, indonesian: str, english: str, known: Iterable[str]) -> None:
    unknown(problems, node, str(node.value), indonesian, english, known)


class _Checking:
    """One channel beside the definition its reports open."""

    def __init__(
        self,
        root: Node,
        settings: Settings,
        definition: Definition,
        others: Mapping[str, Definition],
        problems: Problems,
        elsewhere: frozenset[str],
    ) -> None:
        self.root = root
        self.settings = settings
        self.definition = definition
        self.others = others  # of linked reports with a case type of their own, by kind
        self.editable = first_task(definition)[1]
        self.problems = problems
        self.elsewhere = elsewhere

    def everything(self) -> None:
        Pages(self.root, ("questions",), self.definition, self.problems).check()
        self._others()
        self._files()
        self._statuses()
        self._closings()
        fields = self.definition.fields
        for node in self._items("shown_at_the_end"):
            if str(node.value) not in fields:
                _unknown(self.problems, node, "Tidak ada isian", "There is no field", fields)
            elif fields[str(node.value)].classification == "restricted":
                self._wrong(node, "Isian ini tidak untuk pelapor.", "This field is not for the reporter.")
        finals = [key for one in self._all for key, state in one.states.items() if state.kind == "final"]
        for node in self._items("retention", "rejected_states"):
            if str(node.value) not in finals:
                _unknown(self.problems, node, "Tidak ada keadaan akhir", "There is no final state", finals)
        for key in self.settings.linked:
            self._prefilled(key)

    @property
    def _all(self) -> tuple[Definition, ...]:
        return (self.definition, *self.others.values())

    def _others(self) -> None:
        for kind, definition in self.others.items():
            node = self.root.get("linked", kind)
            if node is not None and "questions" in node.entries:
                Pages(self.root, ("linked", kind, "questions"), definition, self.problems).check()
            elif node is not None:
                entry = node.entries["case_type"].key
                self._wrong(
                    entry, "Jenis kasus sendiri perlu questions sendiri.", "A case type of its own needs questions."
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
        states = [state for one in self._all for state in one.states.values()]
        public = {state.public_title.id for state in states if state.public_title is not None}
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

    def _prefilled(self, key: str) -> None:
        """Also where another case type is opened: the channel's own form stands in for it."""
        node = self.root.get("linked", key, "answers")
        if node is None:
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
