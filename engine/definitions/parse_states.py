"""The states of a case type: what is open there, how one leaves, what happens by itself (reference §4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.expression_types import UNKNOWN, Type
from engine.definitions.model import Always, Join, MultiInstance, Region, State, Transition
from engine.definitions.outline import Outline
from engine.definitions.parse_effects import parse_effects
from engine.definitions.parse_tasks import completion, parse_approval, parse_task
from engine.definitions.parse_timers import parse_timers
from engine.definitions.problems import Problems
from engine.definitions.source import MAP, NULL, Entry

STATE_KEYS = frozenset(
    [
        "type",
        "title",
        "public_title",
        "resting",
        "task",
        "approval",
        "multi_instance",
        "transitions",
        "always",
        "timers",
        "history",
        "regions",
        "join",
        "uses",
        "initial",
        "states",
    ]
)
TRANSITION_KEYS = frozenset(
    [
        "to",
        "title",
        "guard",
        "guard_message",
        "by",
        "requires",
        "effects",
        "resume",
        "recallable",
        "internal",
        "answers",
        "window",
        "bulk",
        "tone",
    ]
)
_ONLY_OF = {
    "compound": ("initial", "states"),
    "parallel": ("regions", "join"),
}
_NOT_FINAL = ("task", "approval", "multi_instance", "timers", "always", "resting")
_WORK = (*_NOT_FINAL, "transitions")
KINDS = ("atomic", "compound", "parallel", "final")
LAST = 1_000_000


def parse_states(outline: Outline, compiler: Compiler, only: Collection[str] | None = None) -> Mapping[str, State]:
    """Every state of the case type, flat, in document order; or ``only`` those of these keys."""
    return {
        key: _State(key, entry, outline, compiler, position).parse()
        for position, (key, entry) in enumerate(outline.entries.items())
        if only is None or key in only
    }


def check_unused_templates(outline: Outline, compiler: Compiler) -> None:
    """What is wrong in state templates no state uses; what a state would have added is not missed."""
    named = (entry.value.get("uses") for entry in outline.written.values())
    used = {str(node.value) for node in named if node is not None}
    reported = compiler.problems
    compiler.problems = Problems()
    for key, entry in compiler.named("state_templates").items():
        if key not in used:
            _State(key, entry, outline, compiler, 0).parse()
    found, compiler.problems = compiler.problems, reported
    reported.take_all(problem for problem in found.sorted() if problem.code != "WF011")


class _State:
    """One state being read."""

    def __init__(self, key: str, entry: Entry, outline: Outline, compiler: Compiler, position: int) -> None:
        self.key = key
        self.entry = entry
        self.outline = outline
        self.compiler = compiler
        self.position = position
        self.given = compiler.keys(entry, STATE_KEYS)

    def parse(self) -> State:
        compiler, given = self.compiler, self.given
        kind = self._kind()
        multi_instance, item_type = self._multi_instance()
        task = parse_task(given["task"], compiler, item_type) if "task" in given else None
        approval = parse_approval(given["approval"], compiler) if "approval" in given else None
        if "task" in given and "approval" in given:
            compiler.wrong(
                given["approval"].key,
                "Satu langkah: tugas atau persetujuan, tidak keduanya.",
                "A state has a task or an approval, not both.",
            )
        calendar = task.calendar if task else approval.calendar if approval else None
        return State(
            self.key,
            kind,
            self.outline.parents.get(self.key),
            self.outline.regions.get(self.key),
            compiler.title(given.get("title"), self.key),
            compiler.optional_title(given.get("public_title")),
            compiler.boolean(given.get("resting")),
            self._initial(kind),
            tuple(self.outline.children.get(self.key, ())),
            self._regions(),
            self._join(),
            compiler.choice(given.get("history"), ("shallow", "deep")),
            task,
            approval,
            multi_instance,
            self._transitions(item_type),
            self._always(item_type),
            parse_timers(self.key, given.get("timers"), compiler, calendar, item_type),
            self.position,
        )

    def _kind(self) -> str:
        """The type as written; keys that belong to another type are reported, and decide what the state is."""
        compiler, given = self.compiler, self.given
        kind = compiler.choice(given.get("type"), KINDS) if "type" in given else "atomic"
        if kind is None or self.entry.value.kind not in (MAP, NULL):
            return self._meant()
        for other, keys in _ONLY_OF.items():
            if kind == other:
                missing = [key for key in keys if key not in given and key != "join"]
                if missing:
                    compiler.missing(self.entry.key, missing)
                continue
            for key in keys:
                if key in given:
                    compiler.wrong(
                        given[key].key, f'"{key}" hanya untuk type: {other}.', f'"{key}" is for type: {other} only.'
                    )
        if "history" in given and kind in ("atomic", "final"):
            compiler.wrong(
                given["history"].key, '"history" hanya untuk type: compound.', '"history" is for type: compound only.'
            )
        if kind == "final":
            for key in _NOT_FINAL:
                if key in given:
                    compiler.wrong(
                        given[key].key, f'Langkah akhir tidak punya "{key}".', f'A final state has no "{key}".'
                    )
        return kind

    def _meant(self) -> str:
        """What a state is whose type cannot be read: its other keys say it, and nothing more is told of them."""
        for kind, keys in _ONLY_OF.items():
            if any(key in self.given for key in keys):
                return kind
        return "atomic" if any(key in self.given for key in _WORK) else "final"

    def _initial(self, kind: str) -> str | None:
        if kind != "compound":
            return None
        return initial_of(self.given.get("initial"), self.given.get("states"), self.compiler)

    def _regions(self) -> Mapping[str, Region]:
        compiler = self.compiler
        found = {}
        written = self.given.get("regions")
        if written is not None and written.value.kind == MAP and not written.value.entries:
            compiler.wrong(written.value, "Paling sedikit satu cabang.", "There has to be a region.")
        for key, entry in compiler.keyed(written).items():
            given = compiler.keys(entry, ("initial", "states", "title"), ("initial", "states"))
            compiler.title(given.get("title"))
            children = tuple(
                child for child in self.outline.children.get(self.key, ()) if self.outline.regions[child] == key
            )
            initial = initial_of(given.get("initial"), given.get("states"), compiler)
            found[key] = Region(key, initial or "", children)
        return found

    def _join(self) -> Join | None:
        entry = self.given.get("join")
        if entry is None:
            return None
        compiler = self.compiler
        given = compiler.keys(entry, ("all_of", "quorum"))
        if entry.value.kind == MAP and len(given.keys() & {"all_of", "quorum"}) != 1:
            if given.keys() <= {"all_of", "quorum"}:
                compiler.wrong(entry.value, "Tulis all_of atau quorum.", "Write either all_of or quorum.")
            return None
        if "quorum" in given:
            quorum = compiler.integer(given["quorum"], 1)
            return None if quorum is None else Join((), quorum)
        return Join(compiler.names(given.get("all_of")), None) if "all_of" in given else None

    def _multi_instance(self) -> tuple[MultiInstance | None, Type | None]:
        entry = self.given.get("multi_instance")
        if entry is None:
            return None, None
        compiler = self.compiler
        given = compiler.keys(entry, ("collection", "element", "ordering", "completion"), ("collection",))
        collection = compiler.expression(given.get("collection"), "list")
        ordering = compiler.choice(given.get("ordering"), ("parallel", "sequential"), "parallel") or "parallel"
        word, quorum = completion(given.get("completion"), compiler)
        element = compiler.text(given.get("element"), "item")
        if "task" not in self.given and entry.value.kind == MAP:
            compiler.missing(self.entry.key, ["task"])
        if collection is None:
            return None, UNKNOWN
        return MultiInstance(collection, element, ordering, word, quorum), compiler.item_of(collection.type)

    def _transitions(self, item_type: Type | None) -> Mapping[str, Transition]:
        entries = self.compiler.keyed(self.given.get("transitions"))
        return {action: self._transition(action, entry, item_type) for action, entry in entries.items()}

    def _transition(self, action: str, entry: Entry, item_type: Type | None) -> Transition:
        compiler = self.compiler
        given = compiler.keys(entry, TRANSITION_KEYS)
        is_internal = compiler.boolean(given.get("internal"))
        target = self._target(given, entry, is_internal)
        guard = compiler.expression(given.get("guard"), "boolean", item_type=item_type)
        requires = tuple(
            word
            for node in compiler.nodes(given.get("requires"))
            if (word := compiler.one_of(node, ("comment", "attachment", "second_factor"))) is not None
        )
        resumes = compiler.choice(given.get("resume"), ("history",)) == "history"
        if resumes and target is not None and "history" not in self.outline.entries[target].value.entries:
            compiler.wrong(given["resume"].value, f'"{target}" tidak punya "history".', f'"{target}" has no "history".')
        return Transition(
            action,
            self.key,
            target,
            compiler.title(given.get("title"), action),
            guard,
            compiler.optional_title(given.get("guard_message")),
            compiler.roles_in(given.get("by")),
            requires,
            parse_effects(given.get("effects"), compiler, item_type),
            resumes,
            compiler.boolean(given.get("recallable")),
            is_internal,
            compiler.choice(given.get("answers"), ("incomplete",)) == "incomplete",
            self._window(given.get("window")),
            compiler.boolean(given.get("bulk")),
            compiler.choice(given.get("tone"), ("primary", "danger")),
        )

    def _target(self, given: Mapping[str, Entry], entry: Entry, is_internal: bool) -> str | None:
        compiler = self.compiler
        if "to" not in given:
            if not is_internal and entry.value.kind == MAP:
                compiler.missing(entry.key, ["to"])
            return None
        if is_internal:
            compiler.wrong(
                given["to"].key,
                "Tindakan internal tidak pindah langkah.",
                "An internal action does not move: no target.",
            )
            return None
        return compiler.state(given["to"].value)

    def _window(self, entry: Entry | None) -> str | None:
        if entry is None:
            return None
        known = self.compiler.named("schedules")
        return self.compiler.known_name(entry.value, known, "WF027", "jadwal", "schedule")

    def _always(self, item_type: Type | None) -> tuple[Always, ...]:
        compiler = self.compiler
        found = []
        for key, entry in compiler.keyed(self.given.get("always")).items():
            given = compiler.keys(entry, ("order", "guard", "to", "effects", "title"), ("to",))
            order = compiler.integer(given.get("order"))
            guard = compiler.expression(given.get("guard"), "boolean", item_type=item_type)
            target = compiler.state(given["to"].value) if "to" in given else None
            effects = parse_effects(given.get("effects"), compiler, item_type)
            compiler.title(given.get("title"))
            if target is not None:
                found.append(Always(key, LAST if order is None else order, guard, target, effects))
        return tuple(sorted(found, key=lambda each: each.order))


def initial_of(entry: Entry | None, states: Entry | None, compiler: Compiler) -> str | None:
    """The child a compound state, a region or the lifecycle starts with (WF020 when it is none of its children)."""
    children = states.value.entries if states is not None else {}
    if entry is None:
        return next(iter(children), None)
    name = compiler.known_name(entry.value, children, "WF020", "langkah", "state")
    return name or next(iter(children), None)
