"""Nodes become a ``Definition``: one case type with its forms. Reading goes on past every fault, so all are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.expand import expand_templates, substitute
from engine.definitions.graph import Graph
from engine.definitions.model import Definition, Form, Parameter, Scenario, State
from engine.definitions.outline import Outline, outline
from engine.definitions.overlay_seals import Touch
from engine.definitions.parse_calendars import parse_calendars
from engine.definitions.parse_form_files import read_forms
from engine.definitions.parse_migrations import parse_migrations
from engine.definitions.parse_notifications import parse_notifications
from engine.definitions.parse_people import parse_roles, parse_separation, parse_substitution, parse_visibility
from engine.definitions.parse_rules import (
    parse_bands,
    parse_milestones,
    parse_parameters,
    parse_schedules,
    parse_slas,
    parse_tables,
)
from engine.definitions.parse_states import STATE_KEYS, check_unused_templates, initial_of, parse_states
from engine.definitions.patterns import check_pattern
from engine.definitions.problems import Problems
from engine.definitions.reading import SEMANTIC_VERSION, first_line
from engine.definitions.source import MAP, NULL, TEXT, Entry, Node
from engine.definitions.vocabulary_protocol import VocabularyLike

WORKFLOW_KEYS = frozenset(
    [
        "schema",
        "case_type",
        "version",
        "title",
        "legal_basis",
        "valid_from",
        "numbering",
        "parameters",
        "calendars",
        "roles",
        "substitution",
        "separation_of_duties",
        "confidentiality",
        "visibility",
        "decision_tables",
        "bands",
        "notifications",
        "state_templates",
        "lifecycle",
        "slas",
        "schedules",
        "milestones",
        "fixtures",
        "scenarios",
        "migrations",
        "sealed_nodes",
    ]
)
_MAPS_OF_STATES = ("task", "approval", "multi_instance", "transitions", "always", "timers", "regions", "states")
WORKFLOW_REQUIRED = ("schema", "case_type", "version", "title", "roles", "lifecycle")
FORM_REQUIRED = ("schema", "form", "fields", "sections")


@dataclass(slots=True)
class CaseType:
    """A case type as far as it could be read: the value, and the nodes to point at."""

    key: str
    root: Node  # templates merged in, parameters substituted
    outline: Outline
    definition: Definition
    compiler: Compiler
    written: Node  # as the files have it, before templates and parameters took their places
    forms: Mapping[str, Node]  # all forms of the tree, by key
    graph: Graph
    touches: list[Touch]  # what an overlay changed, when there is one

    def entry(self, *path: str) -> Entry | None:
        """The entry at the end of a path of keys from the top of the file."""
        return entry_at(self.root.entries, path)

    def in_state(self, state: str, *path: str) -> Entry | None:
        """The entry at the end of a path of keys inside a state; the state's own without a path."""
        entry = self.outline.entries.get(state)
        if entry is None or not path:
            return entry
        return entry_at(entry.value.entries, path)

    def at(self, state: str, *path: str) -> Node:
        """The key to point at inside a state; the nearest one outside that exists."""
        for length in range(len(path), -1, -1):
            entry = self.in_state(state, *path[:length])
            if entry is not None:
                return entry.key
        return self.root


def entry_at(entries: Mapping[str, Entry], path: Iterable[str]) -> Entry | None:
    """The entry at the end of a path of keys, or None."""
    entry: Entry | None = None
    for key in path:
        entry = entries.get(key)
        if entry is None:
            return None
        entries = entry.value.entries
    return entry


def parse_case_type(
    root: Node,
    forms: Mapping[str, Node],
    vocabulary: VocabularyLike,
    problems: Problems,
    *,
    region: str | None = None,
    templates: Collection[str] | None = None,
) -> CaseType:
    """One case type with the forms it may use (by key). Findings go to ``problems``; the value is never missing."""
    compiler = Compiler(problems, vocabulary)
    written = root
    whole = first_line(root)
    compiler.keys(whole, WORKFLOW_KEYS, WORKFLOW_REQUIRED, whole_file=True)
    root = expand_templates(root, compiler)
    parameters = parse_parameters(root, compiler)
    values = {key: parameter.default for key, parameter in parameters.items()}
    parameter_entries = root.get("parameters")
    root = substitute(root, values, parameter_entries.entries if parameter_entries else {}, compiler)
    compiler.root = root.entries
    _check_templates(root, compiler)
    compiler.outline = outline(root.entries.get("lifecycle"), problems)
    compiler.outline.written = outline(written.entries.get("lifecycle"), Problems()).entries
    roles = root.get("roles")
    compiler.roles = roles.entries if roles is not None else {}
    compiler.known_forms = forms.keys()
    confidentiality = compiler.choice(root.entries.get("confidentiality"), ("ordinary", "sealed"))
    compiler.is_sealed = confidentiality == "sealed"
    used_forms = read_forms(compiler, forms, parameters)
    definition = _definition(compiler, used_forms, parameters, values, confidentiality, region, templates)
    return CaseType(
        definition.case_type, root, compiler.outline, definition, compiler, written, forms, Graph(definition), []
    )


def _check_templates(root: Node, compiler: Compiler) -> None:
    """Keys of templates, also of those no state uses; and that maps are maps, also where every state's own one wins."""
    for entry in compiler.keyed(root.entries.get("state_templates")).values():
        for key, inner in compiler.keys(entry, STATE_KEYS - {"uses"}).items():
            if key in _MAPS_OF_STATES and inner.value.kind not in (MAP, NULL):
                compiler.wrong_kind(inner.value, MAP)


def _definition(
    compiler: Compiler,
    forms: Mapping[str, Form],
    parameters: Mapping[str, Parameter],
    values: Mapping[str, Any],
    confidentiality: str | None,
    region: str | None,
    templates: Collection[str] | None,
) -> Definition:
    root = compiler.root
    lifecycle = root.get("lifecycle")
    given = compiler.keys(lifecycle, ("initial", "states"), ("initial", "states")) if lifecycle is not None else {}
    initial = initial_of(given.get("initial"), given.get("states"), compiler) or ""
    return Definition(
        _case_type_key(compiler),
        _version(root.get("version"), compiler),
        region,
        compiler.title(root.get("title")),
        compiler.names(root.get("legal_basis")),
        compiler.date(root.get("valid_from")),
        _numbering(root.get("numbering"), compiler),
        parameters,
        values,
        parse_calendars(compiler),
        parse_roles(compiler),
        parse_substitution(compiler),
        parse_separation(compiler),
        confidentiality,
        parse_visibility(compiler),
        parse_tables(compiler),
        parse_bands(compiler),
        parse_notifications(compiler, templates),
        initial,
        _states(compiler),
        parse_slas(compiler),
        parse_schedules(compiler),
        parse_milestones(compiler),
        {key: entry.value.plain() for key, entry in compiler.map(root.get("fixtures")).items()},
        _scenarios(compiler),
        parse_migrations(compiler),
        forms,
        compiler.fields,
        extras={"sealed_nodes": _sealed_nodes(compiler)},
    )


def _states(compiler: Compiler) -> Mapping[str, State]:
    check_unused_templates(compiler.outline, compiler)
    return parse_states(compiler.outline, compiler)


def _case_type_key(compiler: Compiler) -> str:
    entry = compiler.root.get("case_type")
    key = compiler.text(entry)
    if entry is not None and entry.value.kind == TEXT:
        compiler.check_key(entry.value)
    return key


def _version(entry: Entry | None, compiler: Compiler) -> str:
    version = compiler.text(entry)
    if entry is not None and entry.value.kind == TEXT and not SEMANTIC_VERSION.match(version):
        compiler.wrong(entry.value, "Di sini harus versi seperti 1.0.0.", "This must be a version like 1.0.0.")
    return version


def _numbering(entry: Entry | None, compiler: Compiler) -> str | None:
    pattern = compiler.optional_text(entry)
    if entry is not None and pattern is not None:
        check_pattern(entry.value, pattern, compiler)
    return pattern


def _sealed_nodes(compiler: Compiler) -> Mapping[str, str]:
    return {path: compiler.text(entry) for path, entry in compiler.map(compiler.root.get("sealed_nodes")).items()}


def _scenarios(compiler: Compiler) -> Mapping[str, Scenario]:
    """Kept as written; ``scenarios.py`` reads them. Those of migration plans come last; one whose name is taken is
    called ``plan.name``."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("scenarios")).items():
        found[key] = _scenario(key, entry, compiler)
    for plan, migration in compiler.named("migrations").items():
        for key, entry in compiler.keyed(migration.value.entries.get("scenarios")).items():
            name = key if key not in found else f"{plan}.{key}"
            found[name] = _scenario(name, entry, compiler)
    return found


def _scenario(key: str, entry: Entry, compiler: Compiler) -> Scenario:
    given = compiler.keys(entry, ("title", "given", "steps"), ("given", "steps"))
    compiler.title(given.get("title"))
    steps = [node.plain() for node in compiler.nodes(given.get("steps")) if node.kind == MAP]
    start = given["given"].value.plain() if "given" in given and given["given"].value.kind == MAP else {}
    return Scenario(key, start, tuple(steps))
