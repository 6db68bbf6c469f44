"""What definitions ask of the shelves above them: which names an author may use, with which options.

Definitions never import the shelves; ``engine/vocabulary.py`` fills these in and is handed down as a parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.definitions.expression_types import Type
from engine.definitions.model import Text

if TYPE_CHECKING:
    from engine.definitions.expressions import Environment
    from engine.definitions.model import Field, Form


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a field type or an effect. ``kind`` is a name of ``options.KINDS``; see there."""

    kind: str
    is_required: bool = False
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One argument of a function: the kinds it takes (``any`` for all), and of a list what it may hold."""

    kinds: frozenset[str]
    of: frozenset[str] | None = None
    accepts_empty: bool = False
    is_state: bool = False  # a state's key, in quotes


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function; with ``repeats`` the last slot may come again. ``result`` may depend on the
    arguments' types."""

    slots: tuple[Slot, ...]
    result: Type | Callable[[Sequence[Type]], Type]
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function an expression may call. ``run`` gets the values, with the scope first if ``takes_scope``; it may
    raise ExpressionFault. ``reads`` says it in words, the arguments as {0}, {1}."""

    name: str
    signatures: tuple[Signature, ...]
    run: Callable[..., Any]
    reads: Text
    takes_scope: bool = False


class FieldTypeSpec(Protocol):
    """What definitions need to know of a field type."""

    name: str
    options: Mapping[str, Option]

    def type_of(self, field: Field, environment: Environment) -> Type:
        """The type its answers have in an expression, without the question whether it may be empty."""
        ...

    def faults(self, options: Mapping[str, Any]) -> list[tuple[str, Text]]:
        """What is wrong between options that are each well formed: (option's key, sentence)."""
        ...

    def default_fault(self, value: Any, field: Field) -> Text | None:
        """What is wrong with a typed default; None when it fits or only the form can say."""
        ...

    def given_faults(self, value: Any, field: Field, form: Form | None) -> list[tuple[str, Text]]:
        """Where an answer that a scenario begins with is of another kind: (path below the field, sentence)."""
        ...


class EffectSpec(Protocol):
    """What definitions need to know of an effect."""

    name: str


class VocabularyLike(Protocol):
    """Every name an author may write that is not their own."""

    @property
    def field_types(self) -> Mapping[str, FieldTypeSpec]: ...
    @property
    def functions(self) -> Mapping[str, FunctionSpec]: ...
    @property
    def effects(self) -> Mapping[str, Any]: ...
    @property
    def channels(self) -> frozenset[str]: ...
    @property
    def refusals(self) -> frozenset[str]: ...
    @property
    def incidents(self) -> frozenset[str]: ...
    @property
    def sources(self) -> frozenset[str]: ...
    @property
    def connectors(self) -> frozenset[str]: ...
