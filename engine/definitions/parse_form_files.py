"""The forms a case type uses, with the names they give to expressions; and form files by themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.environment import Environment
from engine.definitions.model import Field, Form, Parameter
from engine.definitions.parse_computed import with_computed
from engine.definitions.parse_forms import FORM_KEYS, parse_fields, parse_form
from engine.definitions.parse_rules import plain_field, table_outputs
from engine.definitions.problems import Problems
from engine.definitions.reading import SEMANTIC_VERSION, Reader, first_line
from engine.definitions.source import MAP, TEXT, Node
from engine.definitions.vocabulary_protocol import VocabularyLike

FORM_REQUIRED = ("schema", "form", "fields", "sections")


def read_forms(compiler: Compiler, forms: Mapping[str, Node], parameters: Mapping[str, Parameter]) -> dict[str, Form]:
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


def check_form_keys(root: Node, reader: Reader) -> None:
    """Top-level keys of a form file, its key and its version."""
    whole = first_line(root)
    given = reader.keys(whole, FORM_KEYS, FORM_REQUIRED, whole_file=True)
    if "form" in given:
        reader.text(given["form"])
        if given["form"].value.kind == TEXT:
            reader.check_key(given["form"].value)
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
