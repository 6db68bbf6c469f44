"""Who: roles, stand-ins, separation of duties, visibility (reference §3, §14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.definitions.compiling import Compiler
from engine.definitions.model import DutySeparation, Role, Substitution
from engine.definitions.source import LIST, MAP, TEXT, Entry, Node

STAND_INS = ("acting_official", "daily_executor", "delegate", "out_of_office")
SEPARATION_NAMES = frozenset(("user", "case", "case_roles", "initiator"))
_RESOLVE_FORMS: Mapping[str, tuple[str, ...]] = {
    "group": ("group",),
    "position": ("position", "level", "of"),
    "superior_of": ("superior_of",),
    "case_role": ("case_role", "from", "cardinality"),
    "field": ("field",),
    "performer_of": ("performer_of",),
}


def parse_roles(compiler: Compiler) -> Mapping[str, Role]:
    """All roles; a faulty one keeps its place with what could be read."""
    roles = {}
    for key, entry in compiler.keyed(compiler.root.get("roles")).items():
        given = compiler.keys(entry, ("title", "resolve", "external"), ("resolve",))
        resolve, options = _resolve(given.get("resolve"), compiler)
        title = compiler.title(given.get("title"), key)
        roles[key] = Role(key, title, resolve, options, compiler.boolean(given.get("external")))
    _no_circles(roles, compiler)
    return roles


def _no_circles(roles: Mapping[str, Role], compiler: Compiler) -> None:
    """Report roles that are, over others, their own superior."""
    below = {key: str(role.options["role"]) for key, role in roles.items() if role.resolve == "superior_of"}
    for key in below:
        here, seen = below[key], {key}
        while here in below and here not in seen:
            seen.add(here)
            here = below[here]
        if here == key:
            node = compiler.root["roles"].value.get(key, "resolve", "superior_of")
            if node is not None:
                compiler.wrong(node, "Peran ini atasan dirinya sendiri.", "This role is its own superior.")


def _resolve(entry: Entry | None, compiler: Compiler) -> tuple[str, Mapping[str, Any]]:
    if entry is None:
        return "group", {"group": ""}
    node = entry.value
    if node.kind == TEXT:
        compiler.one_of(node, ("initiator",))
        return "initiator", {}
    if node.kind != MAP:
        compiler.wrong_kind(node, TEXT, MAP)
        return "group", {"group": ""}
    forms = [name for name in _RESOLVE_FORMS if name in node.entries]
    if len(forms) != 1:
        if forms or not node.entries:
            listed = ", ".join(_RESOLVE_FORMS)
            compiler.wrong(node, f"Tulis satu saja dari: {listed}.", f"Write exactly one of: {listed}.")
        else:
            compiler.keys(entry, tuple(_RESOLVE_FORMS))
        return "group", {"group": ""}
    form = forms[0]
    return form, _RESOLVERS[form](compiler.keys(entry, _RESOLVE_FORMS[form]), compiler)


def _group(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    return {"group": compiler.text(given.get("group"))}


def _position(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    of = given.get("of")
    written = compiler.optional_text(of)
    if of is not None and written is not None and written != "initiator.unit":
        _unit_field(of.value, written, compiler)
    return {
        "position": compiler.text(given.get("position")),
        "level": compiler.optional_text(given.get("level")),
        "of": written,
    }


def _unit_field(node: Node, written: str, compiler: Compiler) -> None:
    name = written.removeprefix("case.")
    if name == written or not name:
        compiler.wrong(
            node,
            "Di sini harus initiator.unit atau case.<isian unit>.",
            "This must be initiator.unit or case.<unit field>.",
        )
    elif name not in compiler.fields:
        if name != "unit":  # the unit of the case itself
            compiler.unknown("WF026", node, "Tidak ada isian", "There is no field", compiler.fields, name)
    elif compiler.fields[name].type in compiler.vocabulary.field_types and compiler.fields[name].type != "unit":
        compiler.wrong(node, f'Isian "{name}" bukan unit kerja.', f'The field "{name}" holds no unit.')


def _superior(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    return {"role": compiler.role(given["superior_of"].value) or ""}


def _case_role(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    if not compiler.boolean(given.get("case_role")) and given["case_role"].value.kind == "boolean":
        compiler.wrong(given["case_role"].value, "Di sini harus true.", "This must be true.")
    group = None
    source = given.get("from")
    if source is not None:
        inner = compiler.keys(source, ("group",), ("group",))
        group = compiler.optional_text(inner.get("group"))
    return {"group": group, "cardinality": compiler.choice(given.get("cardinality"), ("one", "many"), "one")}


def _field(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    node = given["field"].value
    name = compiler.field_name(node)
    if name is not None:
        field = compiler.fields[name]
        holds_person = field.type == "person" or (field.type == "list" and field.options.get("of") == "person")
        if not holds_person and field.type in compiler.vocabulary.field_types:
            compiler.wrong(node, f'Isian "{name}" tidak berisi orang.', f'The field "{name}" holds no person.')
    return {"field": name or ""}


def _performer(given: Mapping[str, Entry], compiler: Compiler) -> dict[str, Any]:
    return {"state": compiler.state(given["performer_of"].value) or ""}


_RESOLVERS = {
    "group": _group,
    "position": _position,
    "superior_of": _superior,
    "case_role": _case_role,
    "field": _field,
    "performer_of": _performer,
}


def parse_substitution(compiler: Compiler) -> Mapping[str, Substitution]:
    """What each kind of stand-in may do."""
    section = compiler.root.get("substitution")
    if section is None:
        return {}
    found = {}
    for key, entry in compiler.keys(section, STAND_INS).items():
        if key not in STAND_INS:
            continue
        given = compiler.keys(entry, ("title", "may", "record", "within", "max_depth", "requires", "reroute", "notify"))
        may = frozenset(compiler.names(given.get("may")))
        requires = tuple(
            word
            for node in compiler.nodes(given.get("requires"))
            if (word := compiler.one_of(node, ("reason", "until"))) is not None
        )
        found[key] = Substitution(
            key,
            compiler.title(given.get("title"), key),
            may,
            compiler.choice(given.get("record"), ("on_behalf_of",)),
            compiler.optional_text(given.get("within")),
            compiler.integer(given.get("max_depth"), 0, 10),
            requires,
            compiler.boolean(given.get("reroute")),
            compiler.roles_in(given.get("notify"), ("principal", "substitute")),
        )
    return found


def parse_separation(compiler: Compiler) -> Mapping[str, DutySeparation]:
    """Rules on who may never act; asked over ``user`` and ``case``."""
    found = {}
    for key, entry in compiler.keyed(compiler.root.get("separation_of_duties")).items():
        given = compiler.keys(entry, ("applies_to", "exclude_when"), ("applies_to", "exclude_when"))
        applies_to = frozenset(compiler.roles_in(given.get("applies_to")))
        condition = compiler.expression(given.get("exclude_when"), "boolean", names=SEPARATION_NAMES)
        if condition is not None:
            found[key] = DutySeparation(key, applies_to, condition)
    return found


def parse_visibility(compiler: Compiler) -> Mapping[str, Any]:
    """``{classes: {class: {readers: (roles)}}, hidden_from: (expressions)}`` of a sealed case type."""
    section = compiler.root.get("visibility")
    if section is None:
        return {}
    given = compiler.keys(section, ("classes", "hidden_from"))
    classes = {}
    if "classes" in given:
        words = ("ordinary", "restricted", "confidential")
        for name, entry in compiler.keys(given["classes"], words).items():
            inner = compiler.keys(entry, ("readers",), ("readers",))
            classes[name] = {"readers": compiler.roles_in(inner.get("readers"))}
    hidden = given.get("hidden_from")
    expressions = []
    if hidden is not None:
        entries = [Entry(node, node) for node in hidden.value.items] if hidden.value.kind == LIST else [hidden]
        for entry in entries:
            compiled = compiler.expression(entry, "boolean", names=SEPARATION_NAMES)
            if compiled is not None:
                expressions.append(compiled)
    return {"classes": classes, "hidden_from": tuple(expressions)}
