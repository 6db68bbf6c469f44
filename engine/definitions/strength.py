"""A definition with one mistake in it: every mutation, and the case type that comes of it, read again only in part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace

from engine.definitions import unseen
from engine.definitions.check import CHECKS, Check
from engine.definitions.check.scenario_names import scenario_names
from engine.definitions.compiling import Compiler
from engine.definitions.graph import Graph
from engine.definitions.model import Definition, State
from engine.definitions.mutations import LIFECYCLE, Mutation, Subject, edited
from engine.definitions.mutations_rules import powers, separations, targets
from engine.definitions.mutations_states import arrows, automatic_arrows, joins, timers
from engine.definitions.mutations_work import completions, durations, exclusions, vetoes
from engine.definitions.parse import CaseType
from engine.definitions.parse_people import parse_separation, parse_substitution
from engine.definitions.parse_rules import parse_slas
from engine.definitions.parse_states import parse_states
from engine.definitions.problems import Problems
from engine.definitions.source import Entry

_OF_STATES: tuple[Callable[[Subject], Iterator[Mutation]], ...] = (
    arrows, automatic_arrows, timers, joins, exclusions, vetoes, completions, durations,
)  # fmt: skip
_OF_PASSED = (automatic_arrows,)
_OF_THE_WHOLE: tuple[Callable[[CaseType], Iterator[Mutation]], ...] = (powers, separations, targets)
STRUCTURE: tuple[Check, ...] = tuple(check for check in CHECKS if check is not scenario_names)


def mutations(case_type: CaseType) -> Iterator[Mutation]:
    """Every change of the fixed list that somebody could see, in document order; the case type is without errors."""
    graph = case_type.graph
    for key, state in case_type.definition.states.items():
        if state.parent is not None and unseen.is_passed(graph, state.parent):
            continue
        for change in _OF_PASSED if graph.is_passed(key) else _OF_STATES:
            yield from change(Subject(case_type, key))
    for change_whole in _OF_THE_WHOLE:
        yield from change_whole(case_type)


def mutated(case_type: CaseType, mutation: Mutation) -> tuple[CaseType, bool]:
    """The case type with one change, and whether reading it already finds an error.

    Only what is changed is read again: the state and those inside it, or one section; promises too, for they name
    actions of states.
    """
    problems = Problems()
    compiler = copy(case_type.compiler)
    compiler.problems = problems
    outline = case_type.outline
    if mutation.section == LIFECYCLE:
        entry = outline.entries[mutation.state]
        changed = Entry(entry.key, edited(entry.value, mutation.path, mutation.value))
        outline = replace(outline, entries={**outline.entries, mutation.state: changed})
        compiler.outline = outline
    else:
        section = compiler.root[mutation.section]
        changed = Entry(section.key, edited(section.value, mutation.path, mutation.value))
        compiler.root = {**compiler.root, mutation.section: changed}
    definition = _definition(case_type, mutation, compiler)
    root = case_type.root.with_value(compiler.root)
    found = replace(
        case_type, root=root, outline=outline, definition=definition, compiler=compiler, graph=Graph(definition)
    )
    return found, problems.has_errors


def _definition(case_type: CaseType, mutation: Mutation, compiler: Compiler) -> Definition:
    before = case_type.definition
    if mutation.section == "substitution":
        return replace(before, substitution=parse_substitution(compiler))
    if mutation.section == "separation_of_duties":
        return replace(before, separation_of_duties=parse_separation(compiler))
    if mutation.section == "slas":
        return replace(before, slas=parse_slas(compiler))
    again = parse_states(compiler.outline, compiler, case_type.graph.inside[mutation.state])
    states: dict[str, State] = {key: again.get(key, state) for key, state in before.states.items()}
    return replace(before, states=states, slas=parse_slas(compiler))


def has_errors(case_type: CaseType) -> bool:
    """Whether the checks of structure find an error."""
    problems = Problems()
    for check in STRUCTURE:
        check(case_type, problems)
        if problems.has_errors:
            return True
    return False


def names_unknown(case_type: CaseType) -> bool:
    """Whether a scenario names what is not there any more."""
    case_type.compiler.problems = problems = Problems()
    scenario_names(case_type, problems)
    return problems.has_errors
