"""A definition as JSON and back, without reading YAML again: plain data of a closed list of classes, nothing that runs.

Expressions are kept as text and compiled again, in the environment they were checked in, when somebody first asks.
Fields and environments are told once and pointed at, so that what was one object is one object again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import orjson

from engine.definitions import model
from engine.definitions.environment import Environment
from engine.definitions.expression_types import Type
from engine.definitions.expressions import Expression, compile_expression
from engine.definitions.migration_plans import Fate, MigrationPlan
from engine.definitions.model import Definition, Field, FormCheck
from engine.definitions.vocabulary_protocol import VocabularyLike

CLASSES: tuple[type, ...] = (
    model.Text, model.Duration, model.DueAt, model.Parameter, model.Hours, model.CalendarSpec, model.Role,
    model.Substitution, model.DutySeparation, model.TableRule, model.DecisionTable, model.Notification,
    model.EffectCall, model.Transition, model.Task, model.Approver, model.ApproversAlong, model.ApproversForEach,
    model.Approval, model.MultiInstance, model.Always, model.Timer, model.Region, model.Join, model.State, model.Sla,
    model.Schedule, model.BandRow, model.Bands, model.Placement, model.Section, model.Form, model.Scenario,
    Definition, Type, Fate, MigrationPlan,
)  # fmt: skip
NUMBERS = {cls: number for number, cls in enumerate(CLASSES)}
NAMES = {cls: tuple(each.name for each in fields(cls)) for cls in (*CLASSES, Field, FormCheck, Environment)}
SHOWN = ("case_type", "version", "region", "title", "valid_from", "confidentiality", "digest")
PROOF = ("fixtures", "scenarios", "migrations", "extras")
REST = tuple(each.name for each in fields(Definition) if each.name not in (*SHOWN, *PROOF))
PARTS: Mapping[str, tuple[str, ...]] = {"shown": SHOWN, "rest": REST, "proof": PROOF}
_OF_PLACE = ("case_roles", "parameters", "states", "item_type", "inputs", "names", "scales", "option_lists")


class Unkeepable(Exception):
    """There is something in the definition that has no form as data."""


def to_parts(definition: Definition) -> dict[str, bytes]:
    """A definition as JSON texts: ``shown`` for lists, ``rest`` for cases, ``proof``. Raises Unkeepable."""
    return {part: _written(definition, names) for part, names in PARTS.items()}


def from_part(part: str, text: bytes, vocabulary: VocabularyLike) -> dict[str, Any]:
    """The values of one of ``PARTS``, by attribute."""
    told = orjson.loads(text)
    read = _Reader(told["fields"], told["environments"], vocabulary)
    return dict(zip(PARTS[part], map(read.value, told["values"]), strict=True))


def _written(definition: Definition, names: tuple[str, ...]) -> bytes:
    writer = _Writer()
    values = [writer.value(getattr(definition, name)) for name in names]
    try:
        return orjson.dumps({"values": values, "fields": writer.fields, "environments": writer.environments})
    except TypeError as fault:  # half a character, for one
        raise Unkeepable(str(fault)) from fault


class _Writer:
    """Lists stand for everything JSON has no word for: the first item says what it is."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}
        self._kept: list[Any] = []  # keeps what ``id`` was taken of alive
        self.fields: list[Any] = []
        self.environments: list[Any] = []

    def value(self, value: Any) -> Any:
        """One value as JSON has it."""
        kind = type(value)
        if value is None or kind in (str, bool) or (kind is int and abs(value) < 2**53):
            return value
        write = self._WRITERS.get(kind)
        if write is not None:
            return write(self, value)
        if kind in NUMBERS:
            return ["o", NUMBERS[kind], *(self.value(getattr(value, name)) for name in NAMES[kind])]
        raise Unkeepable(f"{kind.__name__} has no form as data")

    def _map(self, value: Mapping[Any, Any]) -> Any:
        if all(type(key) is str for key in value):
            return {key: self.value(each) for key, each in value.items()}
        return ["m", *([self.value(key), self.value(each)] for key, each in value.items())]

    def _expression(self, value: Expression) -> Any:
        if value.environment is None:
            raise Unkeepable("an expression that was not compiled from text")
        place = self._shared(value.environment, self.environments, self._environment)
        return ["x", value.text, self.value(value.type), sorted(value.names), place]

    def _environment(self, value: Environment) -> Any:
        known = {key: self._field(each) for key, each in value.fields.items()}
        of_place = {name: self.value(getattr(value, name)) for name in _OF_PLACE if name not in ("states", "names")}
        return {**of_place, "fields": known, "states": list(value.states), "names": sorted(value.names)}

    def _field(self, value: Field) -> Any:
        return ["f", self._shared(value, self.fields, self._whole)]

    def _check(self, value: FormCheck) -> Any:
        is_left = value.value is not None and value.value is value.that.left
        if value.value is not None and not is_left:
            raise Unkeepable("a check whose value is another's")
        left = [value.value.text, self.value(value.value.type)] if value.value is not None else None
        return ["c", left, *(self.value(part) for part in (value.key, value.when, value.that, value.message))]

    def _whole(self, value: Field) -> Any:
        return [self.value(getattr(value, name)) for name in NAMES[Field]]

    def _shared(self, value: Any, told: list[Any], write: Callable[[Any], Any]) -> int:
        place = self._places.get(id(value))
        if place is None:
            place = self._places[id(value)] = len(told)
            self._kept.append(value)
            told.append(None)
            told[place] = write(value)
        return place

    _WRITERS: Mapping[type, Callable[[_Writer, Any], Any]] = {
        dict: _map,
        MappingProxyType: lambda self, value: ["p", self._map(value)],
        tuple: lambda self, value: ["t", *map(self.value, value)],
        list: lambda self, value: ["l", *map(self.value, value)],
        frozenset: lambda self, value: ["s", *map(self.value, sorted(value))],
        Decimal: lambda self, value: ["d", str(value)],
        date: lambda self, value: ["D", value.isoformat()],
        int: lambda self, value: ["i", str(value)],
        Expression: _expression,
        Field: _field,
        FormCheck: _check,
    }


class _Reader:
    """The other way. ``fields`` and ``environments`` are read when something points at them."""

    def __init__(self, told: list[Any], environments: list[Any], vocabulary: VocabularyLike) -> None:
        self._told, self._environments, self._vocabulary = told, environments, vocabulary
        self._fields: dict[int, Field] = {}
        self._places: dict[int, Environment] = {}

    def value(self, told: Any) -> Any:
        """One value from JSON."""
        kind = type(told)
        if kind is list:
            return _READERS[told[0]](self, told)
        if kind is dict:
            return {key: self.value(each) for key, each in told.items()}
        return told

    def object(self, told: list[Any]) -> Any:
        """An object of one of ``CLASSES``: made without its ``__init__``, for its values were checked before."""
        cls = CLASSES[told[1]]
        made = object.__new__(cls)
        for name, each in zip(NAMES[cls], told[2:], strict=True):
            object.__setattr__(made, name, self.value(each))
        return made

    def field(self, told: list[Any]) -> Field:
        """The field it points at; known before its parts are read, for they may lead back to it."""
        made = self._fields.get(told[1])
        if made is None:
            made = self._fields[told[1]] = object.__new__(Field)
            for name, each in zip(NAMES[Field], self._told[told[1]], strict=True):
                object.__setattr__(made, name, self.value(each))
        return made

    def expression(self, told: list[Any]) -> Expression:
        """An expression that is compiled when it is first used."""
        _, text, kind, names, place = told
        return Expression.kept(text, self.value(kind), frozenset(names), lambda: self._compiled(text, place))

    def check(self, told: list[Any]) -> FormCheck:
        """A check; its value is the left side of its rule."""
        key, when, that, message = map(self.value, told[2:])
        left = None
        if told[1] is not None:
            left = Expression.kept(told[1][0], self.value(told[1][1]), that.names, lambda: that.left)
        return FormCheck(key, when, that, message, left)

    def _compiled(self, text: str, place: int) -> Expression:
        compiled, findings = compile_expression(text, self._environment(place))
        if compiled is None:  # cannot be: it was compiled by the same program from the same text
            raise RuntimeError(f"{text!r} cannot be compiled again: {findings[0].message.en}")
        return compiled

    def _environment(self, place: int) -> Environment:
        made = self._places.get(place)
        if made is None:
            told = dict(self._environments[place])
            states, names = dict.fromkeys(told.pop("states")), frozenset(told.pop("names"))
            values = {name: self.value(each) for name, each in told.items()}
            functions, kinds = self._vocabulary.functions, self._vocabulary.field_types
            made = Environment(functions=functions, field_types=kinds, states=states, names=names, **values)
            self._places[place] = made
        return made


_READERS: Mapping[str, Callable[[_Reader, list[Any]], Any]] = {
    "o": _Reader.object,
    "t": lambda self, told: tuple(map(self.value, told[1:])),
    "l": lambda self, told: [*map(self.value, told[1:])],
    "s": lambda self, told: frozenset(map(self.value, told[1:])),
    "m": lambda self, told: {self.value(key): self.value(each) for key, each in told[1:]},
    "p": lambda self, told: MappingProxyType(self.value(told[1])),
    "d": lambda self, told: Decimal(told[1]),
    "D": lambda self, told: date.fromisoformat(told[1]),
    "i": lambda self, told: int(told[1]),
    "f": _Reader.field,
    "x": _Reader.expression,
    "c": _Reader.check,
}
