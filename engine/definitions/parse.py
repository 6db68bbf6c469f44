"""Nodes become a ``Definition``: one case type with its forms. Reading goes on past every fault, so all are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.environment import Environment
from engine.definitions.expand import expand_templates, substitute
from engine.definitions.graph import Graph
from engine.definitions.model import Definition, Field, Form, Parameter, Scenario, State
from engine.definitions.outline import Outline, outline
from engine.definitions.overlay import Touch
from engine.definitions.parse_calendars import parse_calendars
from engine.definitions.parse_computed import with_computed
from engine.definitions.parse_forms import FORM_KEYS, parse_fields, parse_form
from engine.definitions.parse_notifications import parse_notifications
from engine.definitions.parse_people import parse_roles, parse_separation, parse_substitution, parse_visibility
from engine.definitions.parse_rules import (
    parse_bands,
    parse_migrations,
    parse_milestones,
    parse_parameters,
    parse_schedules,
    parse_slas,
    parse_tables,
    plain_field,
    table_outputs,
)
from engine.definitions.parse_states import STATE_KEYS, check_unused_templates, initial_of, parse_states
from engine.definitions.patterns import check_pattern
from engine.definitions.problems import Position, Problems
from engine.definitions.reading import SEMANTIC_VERSION, Reader
from engine.definitions.source import MAP, TEXT, Entry, Node
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


def first_line(node: Node) -> Entry:
    """The whole file as an entry: what it lacks is reported on line 1."""
    return Entry(Node(TEXT, "", Position(node.file, 1, 1)), node)


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
    read_forms = _read_forms(compiler, forms, parameters)
    definition = _definition(compiler, read_forms, parameters, values, confidentiality, region, templates)
    return CaseType(
        definition.case_type, root, compiler.outline, definition, compiler, written, forms, Graph(definition), []
    )


def _check_templates(root: Node, compiler: Compiler) -> None:
    """Keys of templates, also of those no state uses."""
    for entry in compiler.keyed(root.entries.get("state_templates")).values():
        compiler.keys(entry, STATE_KEYS - {"uses"})


def _read_forms(compiler: Compiler, forms: Mapping[str, Node], parameters: Mapping[str, Parameter]) -> dict[str, Form]:
    """The forms the states name, with the environment their fields make."""
    used = [key for key in dict.fromkeys(compiler.outline.forms()) if key in forms]
    plain = {key: parse_fields(forms[key], compiler, compiler.vocabulary) for key in used}
    all_fields: dict[str, Field] = {}
    for fields in plain.values():
        for name, field in fields.items():
            all_fields.setdefault(name, field)
    for name, kind in _decided(compiler):
        all_fields.setdefault(name, plain_field(kind, name))
    _set_environment(compiler, all_fields, [forms[key] for key in used], parameters)
    computed = {key: with_computed(forms[key].entries.get("fields"), plain[key], compiler) for key in used}
    if any(field is not plain[key][name] for key in used for name, field in computed[key].items()):
        for key in used:
            for name, field in computed[key].items():
                if all_fields[name] is plain[key][name]:
                    all_fields[name] = field
        _set_environment(compiler, all_fields, [forms[key] for key in used], parameters)
    compiler.form_fields = {key: set(fields) | {n for n, _ in _decided(compiler)} for key, fields in computed.items()}
    return {key: parse_form(key, forms[key], computed[key], compiler) for key in used}


def _decided(compiler: Compiler) -> Iterator[tuple[str, str]]:
    """Outputs of decision tables: they become answers of the same names."""
    for entry in compiler.named("decision_tables").values():
        outputs = entry.value.entries.get("outputs")
        if outputs is not None and outputs.value.kind == MAP:
            yield from table_outputs(outputs, Reader(Problems())).items()


def _set_environment(
    compiler: Compiler, fields: Mapping[str, Field], forms: Iterable[Node], parameters: Mapping[str, Parameter]
) -> None:
    scales: dict[str, Any] = {}
    lists: dict[str, Any] = {}
    for root in forms:
        for section, found in (("scales", scales), ("options_from", lists), ("units_of_measure", lists)):
            node = root.get(section)
            if node is not None and node.kind == MAP:
                if section == "units_of_measure":
                    found.setdefault(section, node.plain())
                else:
                    found.update(node.plain())
    case_roles = [key for key, role in compiler.roles.items() if role.value.get("resolve", "case_role") is not None]
    compiler.fields = fields
    compiler.environment = Environment(
        fields,
        compiler.vocabulary.functions,
        compiler.vocabulary.field_types,
        case_roles=case_roles,
        parameters=parameters,
        states=compiler.outline.entries,
        scales={name: ranks for name, ranks in scales.items() if isinstance(ranks, dict)},
        option_lists=lists,
    )


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
        check_key(entry.value, compiler)
    return key


def check_key(node: Node, reader: Reader) -> None:
    """A name we choose: lower-case letters, digits, underscores."""
    wrapped = Entry(node, Node(MAP, {str(node.value): Entry(node, node)}, node.position))
    reader.keyed(wrapped)


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
    """Kept as written; ``scenarios.py`` reads them."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("scenarios")).items():
        given = compiler.keys(entry, ("title", "given", "steps"), ("given", "steps"))
        compiler.title(given.get("title"))
        steps = [node.plain() for node in compiler.nodes(given.get("steps")) if node.kind == MAP]
        start = given["given"].value.plain() if "given" in given and given["given"].value.kind == MAP else {}
        found[key] = Scenario(key, start, tuple(steps))
    return found


def check_form_keys(root: Node, reader: Reader) -> None:
    """Top-level keys of a form file, its key and its version."""
    whole = first_line(root)
    given = reader.keys(whole, FORM_KEYS, FORM_REQUIRED, whole_file=True)
    if "form" in given:
        reader.text(given["form"])
        if given["form"].value.kind == TEXT:
            check_key(given["form"].value, reader)
    version = given.get("version")
    if version is not None and version.value.kind == TEXT and not SEMANTIC_VERSION.match(str(version.value.value)):
        reader.wrong(version.value, "Di sini harus versi seperti 1.0.0.", "This must be a version like 1.0.0.")
    if "legal_basis" in given:
        reader.names(given["legal_basis"])


class _Anything(Collection[str]):
    """Stands for names that are not known yet: everything is in it."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


def parse_form_alone(root: Node, vocabulary: VocabularyLike, problems: Problems) -> None:
    """Check a form that no case type uses: states and case roles it names are taken on trust."""
    compiler = Compiler(problems, vocabulary)
    fields = parse_fields(root, compiler, vocabulary)
    _set_environment(compiler, fields, [root], {})
    compiler.environment = replace(compiler.environment, states=_Anything(), case_roles=_Anything())
    computed = with_computed(root.entries.get("fields"), fields, compiler)
    environment = compiler.environment
    _set_environment(compiler, computed, [root], {})
    compiler.environment = replace(compiler.environment, states=environment.states, case_roles=environment.case_roles)
    parse_form("", root, computed, compiler)
