"""Facts in: the only things guards, effects and decisions may look at.

Frozen values without a database behind them. A stored case and a case on paper are both read into these, so a
simulation is the same code as reality. What may change comes out as ``changes.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Protocol

from engine.definitions.model import Definition, Role
from engine.definitions.scope import Scope

PersonId = int | str  # a number in the store, a name on paper; only ever compared and kept
UnitId = int | str
REPORTER = "reporter"  # who made a sealed case from outside: nobody in the organisation, known by a receipt alone

EMPTY: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[Any, Any]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody an expression may ask about. ``limit`` is what they may decide on, in rupiah, or None; ``nip`` the
    number of a civil servant."""

    id: PersonId
    name: str = ""
    unit: UnitId | None = None
    limit: Decimal | None = None
    nip: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """One way in which a person may act for an audience.

    ``principal`` is None in one's own right. For a stand-in it is the person stood in for, or the role's or
    position's key when that place is vacant; ``kind`` is then a key of ``substitution`` (acting_official,
    daily_executor, delegate, out_of_office), ``until`` the last day and ``decree`` the mandate's number.
    """

    person: PersonId
    principal: PersonId | None = None
    kind: str | None = None
    until: date | None = None
    decree: str | None = None

    @property
    def capacity(self) -> PersonId:
        """In whose name the act counts: one's own or the principal's (reference §8.16)."""
        return self.person if self.principal is None else self.principal


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """To whom a task is offered: ``kind`` is person, position, group or (on paper) role; ``key`` says which.

    The store's text form is ``kind:key``. A task is offered to a position, not to its holder, so a new holder has
    the queue at once.
    """

    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Directory(Protocol):
    """Who is who. The store's snapshot of an organisation and a scenario's people both answer these questions.

    Only roles by group, by position and by superior are asked here; the engine itself answers the ones a case
    knows (initiator, case roles, fields, performers).
    """

    def audiences(self, role: Role, case: CaseFacts) -> tuple[Audience, ...]:
        """To whom a task of this role is offered; empty when no such position or group exists."""
        ...

    def seats(self, audience: Audience, now: datetime) -> tuple[Seat, ...]:
        """Everybody who may act for it on that day, own right first; also stand-ins whose period just ended are
        not in it (see ``ended_mandate``)."""
        ...

    def ended_mandate(self, audience: Audience, person: PersonId, now: datetime) -> Seat | None:
        """The mandate by which ``person`` stood in for this audience until it ended, if there was one."""
        ...

    def person(self, person: PersonId) -> Person:
        """Name, unit and limit. An unknown person comes back with the id only."""
        ...

    def superior(self, person: PersonId, now: datetime) -> Audience | None:
        """The filled position one step above this person's, or None at the top."""
        ...

    def line(self, person: PersonId, now: datetime) -> tuple[Audience, ...]:
        """Every filled position above this person's, the nearest first."""
        ...

    def title(self, audience: Audience, language: str) -> str:
        """What people read for it: a name, a position's or a group's title."""
        ...


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A place where somebody is asked to act. ``number`` counts within the case.

    ``place`` is the approver's key in an approval, ``item`` the item's key in a multi-instance. ``roles`` are the
    candidates' role keys (with those an effect added), ``audiences`` what they resolved to when last asked; those of
    them whom external roles alone bring are ``outside``, and so is a holder from there: no queue shows them the task.
    """

    number: int
    entry: int
    state: str
    roles: tuple[str, ...]
    audiences: tuple[Audience, ...]
    opened_at: datetime
    place: str | None = None
    item: str | None = None
    assignee: PersonId | None = None
    claimed_at: datetime | None = None
    due_at: datetime | None = None
    outside: tuple[Audience, ...] = ()


@dataclass(frozen=True, slots=True)
class Vote:
    """A decision in one place of the running entry of an approval, or a finished item of a multi-instance."""

    state: str
    place: str  # approver's key, or item's key
    person: PersonId
    principal: PersonId | None
    outcome: str  # the action
    at: datetime
    accepts: bool = True


@dataclass(frozen=True, slots=True)
class RunningTimer:
    """``key`` is ``state.timer`` or ``sla.<key>.at_risk``; ``count`` how often it has fired (repeat)."""

    key: str
    entry: int  # 0 for the timers of SLAs
    due_at: datetime
    count: int = 0


@dataclass(frozen=True, slots=True)
class RunningSla:
    """A promise being kept. ``due_at`` is None while paused; then ``left`` holds what remained, in its own unit."""

    key: str
    started_at: datetime
    due_at: datetime | None
    extended: tuple[Mapping[str, Any], ...] = ()
    paused_at: datetime | None = None
    left: Mapping[str, Any] | None = None
    warned: bool = False
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastAct:
    """What may still be recalled: who did which recallable action, and how the case stood before it."""

    person: PersonId
    action: str
    state: str
    before: Mapping[str, Any]  # CaseState.to_plain() of the moment before, without its own last act


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands: everything a decision needs, in a few hundred bytes. Rows elsewhere are its shadow.

    ``active`` maps every active state (leaves and their ancestors) to the number of its entry. ``performers`` keeps
    who completed a state's last entry. ``visited`` names every state ever entered.
    """

    active: Mapping[str, int] = field(default_factory=_nothing)
    tasks: Mapping[int, OpenTask] = field(default_factory=_nothing)
    votes: tuple[Vote, ...] = ()
    kept_votes: tuple[Vote, ...] = ()
    timers: Mapping[str, RunningTimer] = field(default_factory=_nothing)
    slas: Mapping[str, RunningSla] = field(default_factory=_nothing)
    history: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    performers: Mapping[str, tuple[PersonId, ...]] = field(default_factory=_nothing)
    case_roles: Mapping[str, tuple[PersonId, ...]] = field(default_factory=_nothing)
    raised: frozenset[str] = frozenset()  # states whose done/approved/rejected waits for its guard
    visited: frozenset[str] = frozenset()
    next_entry: int = 1
    next_task: int = 1
    last_act: LastAct | None = None
    extras: Mapping[str, Any] = field(default_factory=_nothing)

    @property
    def is_ended(self) -> bool:
        """Whether nothing is active any more, or only top-level final states are (set by the plan)."""
        return bool(self.extras.get("ended"))


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One case as a decision sees it.

    ``answers`` are typed values (see the field types), absent or None when empty. ``now`` is an aware moment.
    ``revision`` counts the history rows. ``region`` and ``unit`` are keys people write in definitions.
    """

    case_type: str
    number: str | None
    title: str
    region: str
    unit: UnitId | None
    initiator: PersonId | None
    opened_at: datetime
    revision: int
    state: CaseState
    answers: Mapping[str, Any]
    now: datetime
    directory: Directory
    is_suspended: bool = False
    attachments: int = 0  # how many files hang on the case
    holidays: Mapping[date, bool] = field(default_factory=_nothing)  # the region's own table, which wins
    extensions: Mapping[str, date] = field(default_factory=_nothing)  # schedule -> last day, extended for the unit
    loads: Mapping[PersonId, int] = field(
        default_factory=_nothing
    )  # tasks a person has in other cases, for least_loaded
    suspension: Mapping[str, Any] = field(default_factory=_nothing)  # at and reason, while an operator has paused it
    store: tuple[Any, int] | None = None  # session and region's id, for sources; None on paper


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody wants. ``state`` (the reference's ``in``) and ``item`` narrow the place; ``revision`` is the one
    they saw, or None. ``answers`` are raw or typed values; ``assign`` fills case roles; ``has_second_factor`` and
    ``new_attachments`` say what came with it."""

    action: str
    actor: PersonId
    state: str | None = None
    item: str | None = None
    comment: str = ""
    answers: Mapping[str, Any] = field(default_factory=_nothing)
    assign: Mapping[str, tuple[PersonId, ...]] = field(default_factory=_nothing)
    to: PersonId | None = None  # of assign (a task) and delegate
    revision: int | None = None
    new_attachments: int = 0
    has_second_factor: bool = False
    until: date | None = None  # of delegate: the last day


@dataclass(frozen=True, slots=True)
class Situation:
    """What an effect may look at: the case as the effects before it have left it, and the act that runs it.

    ``scope`` is ready for expressions. ``actor`` is None when the system acts; ``state`` is where the effect stands.
    """

    definition: Definition
    answers: Mapping[str, Any]
    scope: Scope
    actor: PersonId | None
    comment: str
    state: str
