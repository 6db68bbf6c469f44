"""What a transition does besides moving: one file an effect, on a shelf. An effect yields changes and touches nothing.

An effect declares its options by kind, so that a definition is checked before it runs. The kinds:

    notification, decision_table, field, role, sla, template    the key of such a thing
    role_or_actor                                               a role's key, or the word ``actor``
    value       a literal, or ``{expression: …}``; becomes an ``Expression``
    actor_value the same, or the word ``actor``
    number      a whole or decimal number, or ``{expression: …}``
    duration    a ``Duration``
    text, key   any text; a bare key
    connector   a bare name (an address the installation configures), or part.what as registered
    pattern     a text with variables in braces
    expressions a map of names to expressions

With ``shorthand`` the whole value of the effect may be that one option: ``notify: reminder``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.changes import CaseChange, Change
from engine.definitions.expressions import Expression
from engine.definitions.vocabulary_protocol import Option
from engine.facts import Situation
from engine.shelf import Shelf

Run = Callable[[Mapping[str, Any], Situation], Iterator[CaseChange | Change]]


class EffectFault(Exception):
    """An effect cannot do what is asked of it. ``incident`` is the code to raise; nothing of the step is kept."""

    def __init__(self, detail: str, incident: str = "effect_failed") -> None:
        super().__init__(detail)
        self.incident = incident


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: its ``options`` by name, the option its bare value stands for, and what it does.

    ``run(options, situation)`` yields changes; it may raise EffectFault or ExpressionFault.
    """

    name: str
    options: Mapping[str, Option]
    shorthand: str | None
    run: Run


SHELF: Shelf[Effect] = Shelf(__name__)


def effect(name: str, shorthand: str | None = None, /, **options: Option) -> Callable[[Run], Run]:
    """Puts a function on the shelf as the effect ``name`` with these options."""
    return SHELF.named(name, lambda run: Effect(name, MappingProxyType(options), shorthand, run))


def value_of(option: Any, situation: Situation) -> Any:
    """An option's value: a literal as it is, an expression evaluated; "actor" is for the effects that know it."""
    return option.evaluate(situation.scope) if isinstance(option, Expression) else option
