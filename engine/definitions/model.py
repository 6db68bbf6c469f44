"""What an author wrote, as values: the neutral picture of a case type and its forms.

Nothing here reads files, checks meaning or decides anything. Every object is immutable and is built once a
published version; identity, not equality, is what compares two of them. Positions in the files are not kept
here: a problem finds them by the path of a node (see ``source.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.definitions.expressions import Expression

EMPTY: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class Text:
    """What people read, per language. One text in the file counts for both."""

    id: str
    en: str

    def into(self, language: str) -> str:
        """The text in ``language`` ("id" or "en")."""
        return self.en if language == "en" else self.id


@dataclass(frozen=True, slots=True)
class Duration:
    """A span: ``unit`` is working_days, working_hours, days, hours or minutes; ``calendar`` a key or None."""

    unit: str
    amount: int
    calendar: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DueAt:
    """A due moment given by a date or moment expression instead of a duration."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Parameter:
    key: str
    type: str
    default: Any
    minimum: Decimal | None
    maximum: Decimal | None
    title: Text
    is_hot: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours as minutes after local midnight; ``pause`` is (from, to) or None."""

    opens: int
    closes: int
    pause: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    key: str
    timezone: str
    working_days: frozenset[int]  # Monday is 0
    hours: Mapping[int, Hours]  # per weekday; empty when the file names none
    holidays: frozenset[date]  # exactly these, or added to the national ones
    is_national: bool  # holidays: {from: national}
    removed: frozenset[date]


@dataclass(frozen=True, slots=True)
class Role:
    """``resolve`` is one of initiator, group, position, superior_of, case_role, field, performer_of.

    ``options`` holds what that form needs: group {group}; position {position, level, of}; superior_of {role};
    case_role {group, cardinality}; field {field}; performer_of {state}.
    """

    key: str
    title: Text
    resolve: str
    options: Mapping[str, Any]
    is_external: bool


@dataclass(frozen=True, slots=True)
class Substitution:
    """What one kind of stand-in (acting_official, daily_executor, delegate, out_of_office) may do."""

    key: str
    title: Text
    may: frozenset[str]
    record: str | None
    within: str | None
    max_depth: int | None
    requires: tuple[str, ...]
    reroute: bool
    notify: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class DutySeparation:
    key: str
    applies_to: frozenset[str]
    exclude_when: Expression


@dataclass(frozen=True, eq=False, slots=True)
class TableRule:
    key: str
    order: int
    when: Mapping[str, Expression]
    then: Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class DecisionTable:
    key: str
    hit_policy: str  # unique, first, collect
    inputs: Mapping[str, Expression]
    outputs: Mapping[str, str]
    rules: tuple[TableRule, ...]  # by order


@dataclass(frozen=True, slots=True)
class Notification:
    """``template`` is the name of a folder of delivery/templates, or None when subject and body stand here."""

    key: str
    channel: str
    to: tuple[str, ...]
    template: str | None
    subject: Text | None
    body: Text | None
    is_urgent: bool


@dataclass(frozen=True, eq=False, slots=True)
class EffectCall:
    """One entry of an ``effects`` map: ``kind`` names the shelf, ``options`` are as its file declares them."""

    key: str
    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Transition:
    action: str
    source: str  # the state it is written in
    to: str | None  # None when internal
    title: Text
    guard: Expression | None
    guard_message: Text | None
    by: tuple[str, ...]  # empty: the candidates of the task or approval
    requires: tuple[str, ...]
    effects: tuple[EffectCall, ...]
    resumes: bool  # resume: history
    is_recallable: bool
    is_internal: bool
    may_be_incomplete: bool  # answers: incomplete
    window: str | None
    is_bulk: bool
    tone: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    candidates: tuple[str, ...]
    excluded: tuple[str, ...]  # a role, or "performer_of.<state>"
    form: str | None
    fields: Mapping[str, str]  # name -> edit, read, hidden
    due: Duration | DueAt | None
    calendar: str | None
    assigns: tuple[str, ...]
    allocate: str  # offer, least_loaded, round_robin
    is_bulk: bool
    auto_release: Duration | None
    instructions: Text | None


@dataclass(frozen=True, eq=False, slots=True)
class Approver:
    key: str
    candidates: tuple[str, ...]
    order: int
    has_veto: bool
    needed_when: Expression | None


@dataclass(frozen=True, eq=False, slots=True)
class ApproversAlong:
    """Up the reporting line of ``from_role``; in ``until`` the holder is ``user``."""

    from_role: str
    relation: str
    until: Expression | None
    at_most: int | None
    vacant: str  # incident, next, acting_official


@dataclass(frozen=True, eq=False, slots=True)
class ApproversForEach:
    collection: Expression
    owner: Expression
    is_distinct: bool


@dataclass(frozen=True, eq=False, slots=True)
class Approval:
    ordering: str  # parallel, sequential
    approvers: tuple[Approver, ...]  # by order, then as written
    along: ApproversAlong | None
    for_each: ApproversForEach | None
    same_person: str  # once, each, skip, up
    accept: str  # the action that accepts
    refuse: str  # the action that refuses
    completion: str  # all, any, quorum
    quorum: int | None
    late: str  # withdraw, keep
    keep_votes: bool
    excluded: tuple[str, ...]
    form: str | None
    fields: Mapping[str, str]
    due: Duration | DueAt | None
    calendar: str | None
    instructions: Text | None


@dataclass(frozen=True, eq=False, slots=True)
class MultiInstance:
    collection: Expression
    element: str
    ordering: str  # parallel, sequential
    completion: str  # all, any, quorum
    quorum: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Always:
    key: str
    order: int
    guard: Expression | None
    to: str
    effects: tuple[EffectCall, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Timer:
    """Belongs to one entry of its state. Exactly one of ``after`` and ``at``; with ``to`` or ``do`` it interrupts."""

    key: str
    state: str
    after: Duration | None
    at: Expression | None
    repeat_every: Duration | None
    repeat_at_most: int | None
    effects: tuple[EffectCall, ...]
    to: str | None
    do: str | None
    acts_as: str | None
    record: Any
    title: Text | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One branch of a parallel state."""

    key: str
    initial: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """``regions`` for all_of; otherwise ``quorum`` of all regions."""

    regions: tuple[str, ...]
    quorum: int | None


@dataclass(frozen=True, eq=False, slots=True)
class State:
    key: str
    kind: str  # atomic, compound, parallel, final
    parent: str | None  # the enclosing state
    region: str | None  # the region of the (parallel) parent it stands in
    title: Text
    public_title: Text | None
    is_resting: bool
    initial: str | None
    children: tuple[str, ...]  # document order; of a parallel state: over all regions
    regions: Mapping[str, Region]
    join: Join | None
    history: str | None  # shallow, deep
    task: Task | None
    approval: Approval | None
    multi_instance: MultiInstance | None
    transitions: Mapping[str, Transition]
    always: tuple[Always, ...]  # by order
    timers: Mapping[str, Timer]
    position: int  # document order in the whole case type


@dataclass(frozen=True, eq=False, slots=True)
class Sla:
    key: str
    target: Duration
    calendar: str | None
    start: tuple[str, ...]  # "state.action", or a state
    stop: tuple[str, ...]
    pause_in: tuple[str, ...]
    at_risk_share: Decimal | None
    at_risk_effects: tuple[EffectCall, ...]
    title: Text


@dataclass(frozen=True, eq=False, slots=True)
class Schedule:
    key: str
    title: Text
    opens: Expression
    closes: Expression
    extendable_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BandRow:
    key: str
    starts: Decimal
    title: Text
    tone: str | None


@dataclass(frozen=True, slots=True)
class Bands:
    minimum: Decimal
    maximum: Decimal
    includes: str
    rows: tuple[BandRow, ...]


# -- forms ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Field:
    """One question, or one column of a table (then ``columns`` may nest further)."""

    key: str
    type: str
    title: Text
    help: Text | None
    is_required: bool
    default: Any
    classification: str  # ordinary, restricted, confidential
    computed: Expression | None
    options: Mapping[str, Any]  # the type's own options, plain values
    columns: Mapping[str, Field]  # of a table


@dataclass(frozen=True, eq=False, slots=True)
class Placement:
    """Where and when a field is asked."""

    field: str
    order: int
    required_when: Expression | None
    visible_when: Expression | None
    message: Text | None
    width: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Section:
    key: str
    order: int
    title: Text
    visible_when: Expression | None
    placements: tuple[Placement, ...]  # by order


@dataclass(frozen=True, eq=False, slots=True)
class FormCheck:
    key: str
    when: Expression | None
    that: Expression
    message: Text
    value: Expression | None  # the left side of ``that``, for {value} in the message


@dataclass(frozen=True, eq=False, slots=True)
class Form:
    key: str
    version: str
    title: Text
    fields: Mapping[str, Field]
    sections: tuple[Section, ...]  # by order
    checks: tuple[FormCheck, ...]
    scales: Mapping[str, Mapping[str, Any]]
    units_of_measure: Mapping[str, Any]
    option_lists: Mapping[str, Any]  # options_from: named lists


# -- the whole -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Scenario:
    """Kept as the author wrote it (plain values); ``definitions/scenarios.py`` reads it."""

    key: str
    given: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Definition:
    case_type: str
    version: str
    region: str | None  # of the overlay merged in, if any
    title: Text
    legal_basis: tuple[str, ...]
    valid_from: date | None
    numbering: str | None
    parameters: Mapping[str, Parameter]
    parameter_values: Mapping[str, Any]
    calendars: Mapping[str, CalendarSpec]
    roles: Mapping[str, Role]
    substitution: Mapping[str, Substitution]
    separation_of_duties: Mapping[str, DutySeparation]
    confidentiality: str | None
    visibility: Mapping[str, Any]
    decision_tables: Mapping[str, DecisionTable]
    bands: Mapping[str, Bands]
    notifications: Mapping[str, Notification]
    initial: str
    states: Mapping[str, State]  # every state of the case type, flat, document order
    slas: Mapping[str, Sla]
    schedules: Mapping[str, Schedule]
    milestones: Mapping[str, tuple[str, ...]]
    fixtures: Mapping[str, Mapping[str, Any]]
    scenarios: Mapping[str, Scenario]
    migrations: Mapping[str, Any]
    forms: Mapping[str, Form]
    fields: Mapping[str, Field]  # of all forms of the case type, by name
    digest: str = ""
    extras: Mapping[str, Any] = field(default_factory=_nothing)

    @property
    def is_sealed(self) -> bool:
        """Whether the rules of sealed case types hold (reference §14)."""
        return self.confidentiality == "sealed"
