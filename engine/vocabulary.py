"""Every effect, field type, function, channel and code an author may name, read off the shelves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from engine.connectors import CONNECTORS
from engine.definitions.environment import Environment
from engine.definitions.vocabulary_protocol import FieldTypeSpec, FunctionSpec
from engine.effects import SHELF as EFFECTS
from engine.field_types import FIELD_TYPES
from engine.field_types.sources import names as source_names
from engine.functions import FUNCTIONS

CHANNELS = frozenset({"email"})

REFUSALS = frozenset(
    {
        "unknown_event",
        "not_candidate",
        "not_your_turn",
        "claimed_by_other",
        "excluded",
        "separation_of_duties",
        "not_within_acting_powers",
        "mandate_expired",
        "comment_required",
        "attachment_required",
        "field_invalid",
        "guard",
        "already_decided",
        "unknown_item",
        "waiting_for_branch",
        "outside_schedule",
        "suspended",
        "stale_revision",
        "not_recallable",
        "second_factor_required",
    }
)

INCIDENTS = frozenset(
    {"no_candidate", "effect_failed", "timer_failed", "no_rule_matched", "message_failed", "migration_blocked"}
)


@dataclass(frozen=True, eq=False, slots=True)
class Vocabulary:
    """The names by kind; see ``definitions/vocabulary_protocol.py`` for what each promises."""

    field_types: Mapping[str, FieldTypeSpec]
    functions: Mapping[str, FunctionSpec]
    effects: Mapping[str, Any]
    channels: frozenset[str]
    refusals: frozenset[str]
    incidents: frozenset[str]

    @property
    def sources(self) -> frozenset[str]:
        """The registered sources; others may be registered later than the vocabulary is read."""
        return source_names()

    @property
    def connectors(self) -> frozenset[str]:
        """The connectors that parts of this installation have registered."""
        return frozenset(CONNECTORS)

    def environment(self, **offered: Any) -> Environment:
        """An Environment with the functions and field types of the shelves; ``offered`` are its other fields."""
        return Environment(
            fields=offered.pop("fields", {}), functions=self.functions, field_types=self.field_types, **offered
        )


@cache
def load() -> Vocabulary:
    """The vocabulary of this installation, read once."""
    return Vocabulary(
        field_types=FIELD_TYPES.values(),
        functions=FUNCTIONS.values(),
        effects=EFFECTS.values(),
        channels=CHANNELS,
        refusals=REFUSALS,
        incidents=INCIDENTS,
    )
