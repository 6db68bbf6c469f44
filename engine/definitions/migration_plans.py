"""Migration plans as values: where each place of an older version goes, and what becomes of what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.definitions.environment import Environment
from engine.definitions.expressions import Expression, compile_expression
from engine.definitions.model import Definition, State, Text
from engine.definitions.version_ranges import accepts
from engine.definitions.vocabulary_protocol import VocabularyLike

TO, STAY, CLOSE, DROP = "to", "stay", "close", "drop"
TOLD = "case_migrated"  # the text for roles a plan's ``notify`` names


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a case that stands in an older state. ``kind`` is to (``state`` says where), stay (the case is
    not moved), close (the case ends, for the ``reason``) or drop (this branch ends, the others go on)."""

    kind: str
    state: str | None = None
    reason: Text | None = None


@dataclass(frozen=True, eq=False, slots=True)
class MigrationPlan:
    """One entry of ``migrations``. ``wanted`` is the range of versions it is for; ``select`` an expression over the
    older version. ``tasks`` is keep or reopen, ``votes`` keep or drop, ``timers`` and ``slas`` keep or restart.

    ``renamed`` maps older fields to newer ones, ``dropped`` are older fields given up, ``computed`` newer fields to
    expressions over the older answers. ``notify`` names notifications, roles or ``candidates``.
    """

    key: str
    title: Text
    wanted: str
    select: str | None
    states: Mapping[str, Fate]
    tasks: str
    votes: str
    timers: str
    slas: str
    renamed: Mapping[str, str]
    dropped: frozenset[str]
    computed: Mapping[str, str]
    ask: tuple[str, ...]
    notify: tuple[str, ...]

    def is_for(self, version: str) -> bool:
        """Whether the plan says that it moves cases of this version."""
        return bool(accepts(self.wanted, version))


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """A plan between two definitions: every older state's fate, and the plan's expressions compiled over the older
    answers. ``faults`` say why it cannot be used between these two at all."""

    plan: MigrationPlan
    old: Definition
    new: Definition
    fates: Mapping[str, Fate]
    select: Expression | None = None
    computed: Mapping[str, Expression] = field(default_factory=dict)
    faults: tuple[Text, ...] = ()


def bound(plan: MigrationPlan, old: Definition, new: Definition, vocabulary: VocabularyLike) -> Bound:
    """``plan`` (of ``new``) for cases of ``old``."""
    words: Any = vocabulary
    return _bound(plan, old, new, words)


@lru_cache(maxsize=128)
def _bound(plan: MigrationPlan, old: Definition, new: Definition, vocabulary: Any) -> Bound:
    environment = environment_of(old, vocabulary)
    faults: list[Text] = []
    select = _compiled(plan.select, environment, "boolean", faults) if plan.select is not None else None
    computed = {}
    for name, text in plan.computed.items():
        expression = _compiled(text, environment, None, faults)
        if expression is not None:
            computed[name] = expression
    fates = {key: fate for key in old.states if (fate := fate_of(plan, old, new, key)) is not None}
    return Bound(plan, old, new, fates, select, computed, tuple(faults))


def _compiled(text: str, environment: Environment, expected: str | None, faults: list[Text]) -> Expression | None:
    compiled, findings = compile_expression(text, environment, expected)
    faults += [finding.message for finding in findings[:1]]
    return compiled


def environment_of(definition: Definition, vocabulary: VocabularyLike) -> Environment:
    """The names an expression over a case of this definition may use."""
    scales = {name: ranks for form in definition.forms.values() for name, ranks in form.scales.items()}
    lists = {name: options for form in definition.forms.values() for name, options in form.option_lists.items()}
    for form in definition.forms.values():
        if form.units_of_measure:
            lists.setdefault("units_of_measure", form.units_of_measure)
    return Environment(
        definition.fields,
        vocabulary.functions,
        vocabulary.field_types,
        case_roles=[key for key, role in definition.roles.items() if role.resolve == "case_role"],
        parameters=definition.parameters,
        states=definition.states,
        scales=scales,
        option_lists=lists,
    )


# -- where a state goes -------------------------------------------------------------------------------------------


def structure_of(state: State) -> str:
    """leaf, compound, parallel or final: what no policy of a plan can turn into another."""
    return state.kind if state.kind in ("compound", "parallel", "final") else "leaf"


def work_of(state: State) -> str:
    """What people are asked in a state: approval, items (of a multi-instance), task, or nothing (waiting)."""
    if state.approval is not None:
        return "approval"
    if state.multi_instance is not None:
        return "items"
    return "task" if state.task is not None else "waiting"


def fate_of(plan: MigrationPlan, old: Definition, new: Definition, key: str) -> Fate | None:
    """What the plan says of an older state: its own entry, else the same key in the newer version, else what it says
    of a state around it (to stay, to close, to drop, or one state for all that is inside). None: nothing."""
    own = plan.states.get(key)
    if own is not None:
        return own
    same = new.states.get(key)
    if same is not None and structure_of(same) == structure_of(old.states[key]):
        return Fate(TO, key)
    around = old.states[key].parent
    while around is not None:
        fate = plan.states.get(around)
        if fate is not None and (fate.kind != TO or _is_leaf(new, fate.state)):
            return fate
        around = old.states[around].parent
    return None


def _is_leaf(definition: Definition, key: str | None) -> bool:
    state = definition.states.get(key or "")
    return state is not None and not state.children


def is_rested_in(definition: Definition, state: State) -> bool:
    """Whether a running case can be found in this leaf: not where it ends, and not where it only passes."""
    if state.children:
        return False
    if state.kind == "final":
        return any(definition.states[key].region is not None for key in path_of(definition, state.key))
    return not any(always.guard is None for always in state.always)


def path_of(definition: Definition, key: str) -> Iterator[str]:
    """A state, then what encloses it, outwards."""
    here: str | None = key
    while here is not None:
        yield here
        here = definition.states[here].parent


def may_be_together(definition: Definition, first: str, second: str) -> bool:
    """Whether two different leaves can be active at once: they stand in two regions of one parallel state."""
    branches = dict(_branches(definition, first))
    for parent, branch in _branches(definition, second):
        if parent in branches:
            return branches[parent] != branch and definition.states[parent].kind == "parallel"
    return False


def _branches(definition: Definition, key: str) -> Iterator[tuple[str, str | None]]:
    """For each state around ``key``, innermost first: the state, and by which of its regions or children."""
    for here in path_of(definition, key):
        state = definition.states[here]
        if state.parent is not None:
            is_parallel = definition.states[state.parent].kind == "parallel"
            yield state.parent, state.region if is_parallel else here
