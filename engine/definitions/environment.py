"""Which names an expression may use in one place of a definition, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.definitions.expression_types import (
    DATE,
    DECIMAL,
    INTEGER,
    MOMENT,
    PERSON,
    TEXT,
    UNIT,
    UNKNOWN,
    Type,
    list_of,
    named_type,
)
from engine.definitions.model import Field, Text
from engine.definitions.problems import Guesses
from engine.definitions.vocabulary_protocol import FieldTypeSpec, FunctionSpec

NAMES = frozenset({"case", "case_roles", "initiator", "actor", "user", "item", "today", "now", "parameters"})
PERSON_ATTRIBUTES: Mapping[str, Type] = MappingProxyType(
    {"name": TEXT, "unit": UNIT.emptied(), "limit": DECIMAL.emptied()}
)
_CASE: Mapping[str, tuple[Type, Text, Callable[[Any], Any]]] = MappingProxyType(
    {
        "number": (TEXT, Text("Nomor kasus", "Case number"), lambda scope: scope.case_number),
        "opened_at": (MOMENT, Text("Waktu kasus dibuka", "Opening of the case"), lambda scope: scope.opened_at),
        "unit": (UNIT, Text("Unit kerja kasus", "Unit of the case"), lambda scope: scope.unit),
        "region": (TEXT, Text("Daerah", "Region"), lambda scope: scope.region),
    }
)
_ROOTS: Mapping[str, tuple[Type, Text, Callable[[Any], Any]]] = MappingProxyType(
    {
        "initiator": (PERSON, Text("Pembuka kasus", "Initiator"), lambda scope: scope.initiator),
        "actor": (PERSON, Text("Pelaku", "Actor"), lambda scope: scope.actor),
        "user": (PERSON, Text("Orang itu", "The person"), lambda scope: scope.user),
        "today": (DATE, Text("Hari ini", "Today"), lambda scope: scope.today),
        "now": (MOMENT, Text("Saat ini", "Now"), lambda scope: scope.now),
    }
)
_ITEM = Text("Butir", "Item")


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A name that was found: its type, how it is read out, how its value is got, the answer it belongs to, and whether
    that answer is for some only (its class is not ordinary)."""

    type: Type
    title: Text
    read: Callable[[Any], Any]
    field: str | None = None
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class NotKnown:
    """A name that was not: which of the names it is, and what could have stood there."""

    position: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Environment:
    """What one place of a definition offers to its expressions.

    ``fields`` are the case type's, ``case_roles`` the keys of roles chosen for a case, ``parameters`` anything with
    ``.type`` and ``.title`` by key, ``states`` all state keys. ``item_type`` is set where ``item`` stands for
    something, ``inputs`` where a decision table gives names of its own, ``names`` where fewer names are allowed.
    ``scales`` and ``option_lists`` are the named lists of the forms.
    """

    fields: Mapping[str, Field]
    functions: Mapping[str, FunctionSpec]
    field_types: Mapping[str, FieldTypeSpec]
    case_roles: Collection[str] = ()
    parameters: Mapping[str, Any] = field(default_factory=_nothing)
    states: Collection[str] = ()
    item_type: Type | None = None
    inputs: Mapping[str, Type] = field(default_factory=_nothing)
    names: Collection[str] = NAMES
    scales: Mapping[str, Mapping[str, Any]] = field(default_factory=_nothing)
    option_lists: Mapping[str, Any] = field(default_factory=_nothing)
    guesses: Guesses = field(default_factory=Guesses, compare=False, repr=False)
    _types: dict[str, Type] = field(default_factory=dict, init=False, repr=False)

    def type_of_field(self, wanted: Field) -> Type:
        """The type of an answer to this field, or of this column in one row."""
        spec = self.field_types.get(wanted.type)
        if spec is None:
            return UNKNOWN.emptied()
        kind = spec.type_of(wanted, self)
        if kind.kind in ("list", "table"):
            return kind
        computed = wanted.computed
        is_filled = wanted.is_required or wanted.default is not None
        return kind.emptied(not is_filled and (computed is None or computed.type.may_be_empty))

    def columns_of(self, table: Field) -> Mapping[str, Type]:
        """The types of a table's columns; headings have none."""
        return {
            key: replace(self.type_of_field(column), title=column.title, is_private=column.classification != "ordinary")
            for key, column in table.columns.items()
            if column.type != "heading"
        }

    def resolve(self, names: tuple[str, ...]) -> Resolved | NotKnown:
        """What ``names`` (a name and its attributes) mean here. A row alone is its number (reference §8.17)."""
        found = self._root(names)
        if isinstance(found, NotKnown):
            return found
        resolved, used = found
        if names == ("item",) and resolved.type.kind == "row":
            return replace(resolved, type=INTEGER, read=lambda scope: getattr(scope.item, "number", None))
        for position in range(used, len(names)):
            step = _step(resolved, names[position])
            if step is None:
                return NotKnown(position, _attributes(resolved.type))
            resolved = step
        return resolved

    def _root(self, names: tuple[str, ...]) -> tuple[Resolved, int] | NotKnown:
        name = names[0]
        if name in self.inputs:
            return Resolved(self.inputs[name], Text(name, name), lambda scope: scope.inputs.get(name)), 1
        if name == "item" and self.item_type is not None and name in self.names:
            return Resolved(self.item_type, _ITEM, lambda scope: scope.item), 1
        if name in _ROOTS and name in self.names:
            return Resolved(*_ROOTS[name]), 1
        if name in ("case", "case_roles", "parameters") and name in self.names:
            return self._member(name, names[1]) if len(names) > 1 else NotKnown(0, ())
        known = {each for each in self.names if each != "item" or self.item_type is not None} | set(self.inputs)
        return NotKnown(0, tuple(sorted(known)))

    def _member(self, root: str, key: str) -> tuple[Resolved, int] | NotKnown:
        if root == "case_roles":
            if key in self.case_roles:
                read = _read_from("case_roles", key, is_list=True)
                return Resolved(list_of(PERSON), Text(key, key), read), 2
            return NotKnown(1, tuple(self.case_roles))
        if root == "parameters":
            if key in self.parameters:
                parameter = self.parameters[key]
                kind = named_type(parameter.type) or UNKNOWN
                return Resolved(kind, parameter.title, _read_from("parameters", key, is_list=False)), 2
            return NotKnown(1, tuple(self.parameters))
        wanted = self.fields.get(key)
        if wanted is not None and wanted.type != "heading":
            kind = self._types.get(key) or self.type_of_field(wanted)
            self._types[key] = kind
            read = _read_from("answers", key, is_list=kind.kind in ("list", "table"))
            return Resolved(kind, wanted.title, read, key, wanted.classification != "ordinary"), 2
        if key in _CASE:
            return Resolved(*_CASE[key]), 2
        return NotKnown(1, (*self.fields, *_CASE))


def _read_from(attribute: str, key: str, *, is_list: bool) -> Callable[[Any], Any]:
    if attribute == "answers":
        if is_list:
            return lambda scope: scope.answers.get(key) or ()
        return lambda scope: scope.answers.get(key)
    if is_list:
        return lambda scope: getattr(scope, attribute).get(key) or ()
    return lambda scope: getattr(scope, attribute).get(key)


def _attributes(kind: Type) -> tuple[str, ...]:
    if kind.kind in ("table", "row"):
        return tuple(kind.columns or ())
    return tuple(PERSON_ATTRIBUTES) if kind.kind == "person" else ()


def _step(base: Resolved, name: str) -> Resolved | None:
    """One attribute further: a column of a table or row, or something of a person."""
    if base.type.kind == "unknown":
        return base
    if base.type.kind == "person" and name in PERSON_ATTRIBUTES:
        title = Text(f"{name} {base.title.id}", f"{name} of {base.title.en}")
        of = base.read
        read = lambda scope: _of_person(scope, of(scope), name)  # noqa: E731
        return replace(base, type=PERSON_ATTRIBUTES[name], title=title, read=read)
    column = (base.type.columns or {}).get(name)
    if column is None:
        return None
    is_row = base.type.kind == "row"
    is_many = column.kind in ("list", "table")
    return replace(
        base,
        type=column if is_row or is_many else list_of(column),
        title=column.title or Text(name, name),
        read=_column_reader(base.read, name, is_row=is_row, is_many=is_many),
        is_private=base.is_private or column.is_private,
    )


def _column_reader(read: Callable[[Any], Any], name: str, *, is_row: bool, is_many: bool) -> Callable[[Any], Any]:
    if is_row and is_many:
        return lambda scope: _cell(read(scope), name) or ()
    if is_row:
        return lambda scope: _cell(read(scope), name)
    if is_many:
        return lambda scope: [each for row in read(scope) for each in _cell(row, name) or ()]
    return lambda scope: [_cell(row, name) for row in read(scope)]


def _cell(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else None


def _of_person(scope: Any, person: Any, name: str) -> Any:
    if person is None or scope.person is None:
        return None
    return getattr(scope.person(person), name, None)
