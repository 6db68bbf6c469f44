"""A reader that also knows the vocabulary and the names an expression may use, and compiles expressions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.definitions.environment import NAMES, Environment
from engine.definitions.expression_types import UNKNOWN, Type
from engine.definitions.expressions import Expression, compile_expression
from engine.definitions.model import Definition, DueAt, Duration, Field
from engine.definitions.outline import Outline
from engine.definitions.problems import Problems
from engine.definitions.reading import Reader
from engine.definitions.source import MAP, TEXT, Entry, Node
from engine.definitions.vocabulary_protocol import VocabularyLike

DURATION_LIMITS: Mapping[str, int] = {
    "working_days": 36_500,
    "working_hours": 876_000,
    "days": 36_500,
    "hours": 876_000,
    "minutes": 52_560_000,
}


class Compiler(Reader):
    """Reads one case type with its forms. The names below are filled in before the states are read."""

    def __init__(self, problems: Problems, vocabulary: VocabularyLike) -> None:
        super().__init__(problems)
        self.vocabulary = vocabulary
        self.environment = Environment({}, vocabulary.functions, vocabulary.field_types)
        self.roles: Mapping[str, Entry] = {}
        self.fields: Mapping[str, Field] = {}
        self.form_fields: dict[str, Collection[str]] = {}
        self.known_forms: Collection[str] = ()
        self.known_versions: Collection[str] = ()  # older versions kept in history/
        self.older: Mapping[str, Definition] = {}  # those of them that can be read
        self.outline = Outline()
        self.is_sealed = False
        self.root: Mapping[str, Entry] = {}
        self._environments: dict[tuple[Any, ...], Environment] = {}

    def named(self, section: str) -> Mapping[str, Entry]:
        """The entries of one top-level map (``notifications``, ``calendars`` …), whatever it holds."""
        entry = self.root.get(section)
        return entry.value.entries if entry is not None else {}

    @property
    def states(self) -> Mapping[str, Entry]:
        """Every state of the case type."""
        return self.outline.entries

    def events_of(self, state: str) -> list[str]:
        """Every action and event a state knows."""
        return self.outline.events_of(state)

    @staticmethod
    def item_of(collection: Type) -> Type:
        """What ``item`` is over a collection: an element of a list, a row of a table."""
        if collection.kind == "table":
            return Type("row", columns=collection.columns)
        return collection.of or UNKNOWN

    # -- expressions -----------------------------------------------------------------------------------------------

    def expression(
        self,
        entry: Entry | None,
        expected: str | None = None,
        *,
        item_type: Type | None = None,
        inputs: Mapping[str, Type] | None = None,
        names: Collection[str] = NAMES,
    ) -> Expression | None:
        """A compiled expression, or None: not there, or faulty (then reported at the value)."""
        if entry is None:
            return None
        node = entry.value
        if node.kind != TEXT:
            self.wrong_kind(node, TEXT)
            return None
        compiled, findings = compile_expression(node.value, self._environment(item_type, inputs, names), expected)
        for finding in findings:
            self.problems.add(finding.code, node, finding.message.id, finding.message.en, finding.suggestion)
        return None if findings else compiled

    def _environment(
        self, item_type: Type | None, inputs: Mapping[str, Type] | None, names: Collection[str]
    ) -> Environment:
        if item_type is None and inputs is None and names is NAMES:
            return self.environment
        key = (id(self.environment), item_type, id(inputs), frozenset(names))
        found = self._environments.get(key)
        if found is None:
            found = replace(self.environment, item_type=item_type, inputs=inputs or {}, names=names)
            self._environments[key] = found
        return found

    # -- names that must exist -------------------------------------------------------------------------------------

    def known_name(self, node: Node, known: Iterable[str], code: str, indonesian: str, english: str) -> str | None:
        """The node's text when it is one of ``known``; otherwise a finding and None."""
        if node.kind != TEXT:
            self.wrong_kind(node, TEXT)
            return None
        if node.value in known:
            return str(node.value)
        self.unknown(code, node, f"Tidak ada {indonesian}", f"There is no {english}", known)
        return None

    def role(self, node: Node, extra: Iterable[str] = ()) -> str | None:
        """A role's key (WF025), or one of ``extra``."""
        if node.kind == TEXT and node.value in extra:
            return str(node.value)
        return self.known_name(node, self.roles, "WF025", "peran", "role")

    def roles_in(self, entry: Entry | None, extra: Iterable[str] = ()) -> tuple[str, ...]:
        """A list of roles; unknown ones are reported and left out."""
        found = [self.role(node, extra) for node in self.nodes(entry)]
        return tuple(name for name in found if name is not None)

    def state(self, node: Node, code: str = "WF020") -> str | None:
        """A state's key; an unknown one is WF020, or WF041 for timers, SLAs and milestones."""
        return self.known_name(node, self.states, code, "langkah", "state")

    def states_in(self, entry: Entry | None, code: str = "WF041") -> tuple[str, ...]:
        """A list of states."""
        found = [self.state(node, code) for node in self.nodes(entry)]
        return tuple(name for name in found if name is not None)

    def performer(self, node: Node) -> str | None:
        """A role, or ``performer_of.<state>``."""
        if node.kind == TEXT and node.value.startswith("performer_of."):
            state = node.value.removeprefix("performer_of.")
            if state in self.states:
                return str(node.value)
            self.unknown("WF020", node, "Tidak ada langkah", "There is no state", self.states, state)
            return None
        return self.role(node)

    def calendar(self, entry: Entry | None) -> str | None:
        """The key of a calendar of the case type."""
        if entry is None:
            return None
        return self.known_name(entry.value, self.named("calendars"), "WF027", "kalender", "calendar")

    def field_name(self, node: Node, form: str | None = None) -> str | None:
        """A field of the case type, or of one form (WF026)."""
        known: Iterable[str] = self.fields if form is None else self.form_fields.get(form, self.fields)
        return self.known_name(node, known, "WF026", "isian", "field")

    # -- durations -------------------------------------------------------------------------------------------------

    def duration(self, entry: Entry | None, counted_on: str | None = None, is_counted: bool = True) -> Duration | None:
        """A span; ``counted_on`` is the calendar of its task or SLA. Working time without any is WF040."""
        if entry is None:
            return None
        node = entry.value
        if node.kind != MAP:
            self.wrong_kind(node, MAP)
            return None
        given = self.keys(entry, (*DURATION_LIMITS, "calendar"))
        units = [name for name in DURATION_LIMITS if name in given]
        if len(units) != 1:
            if not (given.keys() - {*DURATION_LIMITS, "calendar"}):
                listed = ", ".join(DURATION_LIMITS)
                self.wrong(node, f"Tulis satu saja dari: {listed}.", f"Write exactly one of: {listed}.")
            return None
        unit = units[0]
        amount = self.integer(given[unit], 0, DURATION_LIMITS[unit])
        calendar = self.calendar(given.get("calendar"))
        if unit.startswith("working") and is_counted and "calendar" not in given and counted_on is None:
            self.warn_without_calendar(given[unit].key)
        return None if amount is None else Duration(unit, amount, calendar)

    def warn_without_calendar(self, at: Node) -> None:
        """Working time that no calendar of the case type counts (WF040)."""
        if len(self.named("calendars")) == 1:
            return
        self.problems.add(
            "WF040",
            at,
            "Waktu kerja tanpa kalender: dihitung menurut kalender nasional.",
            "Working time without a calendar: counted on the national one.",
        )

    def due(
        self, entry: Entry | None, counted_on: str | None, item_type: Type | None = None
    ) -> Duration | DueAt | None:
        """A duration, or a date expression."""
        if entry is None:
            return None
        if entry.value.kind == TEXT:
            compiled = self.expression(entry, "date", item_type=item_type)
            return None if compiled is None else DueAt(compiled)
        return self.duration(entry, counted_on)
