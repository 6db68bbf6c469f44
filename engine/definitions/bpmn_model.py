"""The pieces of a BPMN 2.0 process: nodes, flows between them, and the scopes both live in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SIZES: Mapping[str, tuple[int, int]] = {
    "startEvent": (36, 36),
    "endEvent": (36, 36),
    "intermediateThrowEvent": (36, 36),
    "boundaryEvent": (36, 36),
    "exclusiveGateway": (50, 50),
    "parallelGateway": (50, 50),
    "complexGateway": (50, 50),
}
ACTIVITY = (130, 80)


@dataclass(slots=True)
class Node:
    """A task, event, gateway or subprocess. ``event`` is timer, message, escalation or terminate, ``value`` what its
    definition says: an escalation's id, or the kind of a timer and its text."""

    id: str
    tag: str
    name: str
    roles: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    attached_to: str | None = None
    interrupts: bool = True
    event: str | None = None
    value: tuple[str, ...] = ()
    loop: tuple[bool, str] | None = None  # one after another, and when it is complete
    inner: Scope | None = None
    has_default: bool = False  # one way is taken when no condition holds
    width: int = 0
    height: int = 0

    def __post_init__(self) -> None:
        self.width, self.height = SIZES.get(self.tag, ACTIVITY)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is an expression of ours, or None."""

    id: str
    source: str
    target: str
    name: str
    condition: str | None


@dataclass(slots=True)
class Scope:
    """The process, or the inside of a subprocess: flows never leave it."""

    state: str | None
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)


@dataclass(slots=True)
class Process:
    """All scopes by the state they are the inside of (None: the process), and what events refer to by id and name."""

    scopes: dict[str | None, Scope] = field(default_factory=dict)
    escalations: dict[str, str] = field(default_factory=dict)
