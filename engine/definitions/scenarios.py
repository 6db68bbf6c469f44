"""Scenarios and fixtures as typed values: what is given, and the steps in time (reference §11).

``WF120`` and the shape are checked in ``check/scenario_names.py``; reading here is for definitions that passed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from engine.definitions.model import Definition, Duration, Scenario

MAXIMUM_CHAIN = 20  # fixtures that use each other
EMPTY: Mapping[str, Any] = MappingProxyType({})
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?)?\Z", re.ASCII)


def _nothing() -> Mapping[str, Any]:
    return EMPTY


@dataclass(frozen=True, slots=True)
class ActingFor:
    """Who stands in for the holder of a role, and as what (a key of ``substitution``)."""

    user: str
    kind: str


@dataclass(frozen=True, slots=True)
class Given:
    """Where a scenario starts. ``clock`` is an aware moment or None; ``data`` are answers as written."""

    initiator: str | None = None
    users: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    data: Mapping[str, Any] = field(default_factory=_nothing)
    case_roles: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    acting: Mapping[str, ActingFor] = field(default_factory=_nothing)
    superiors: Mapping[str, str] = field(default_factory=_nothing)
    limits: Mapping[str, Any] = field(default_factory=_nothing)
    units: Mapping[str, str] = field(default_factory=_nothing)
    clock: datetime | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``kind`` is act, drive, advance or migrate; ``expect`` holds the keys as written."""

    kind: str
    number: int  # from 1
    user: str | None = None
    action: str | None = None
    comment: str = ""
    data: Mapping[str, Any] = field(default_factory=_nothing)
    attachments: int = 0
    assign: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    has_second_factor: bool = False
    state: str | None = None  # in
    item: str | None = None
    refused: str | None = None
    until: str | None = None
    duration: Duration | None = None
    migration: str | None = None
    expect: Mapping[str, Any] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class TypedScenario:
    key: str
    given: Given
    steps: tuple[Step, ...]


def typed_scenario(definition: Definition, scenario: Scenario) -> TypedScenario:
    """A scenario with its fixtures merged in, ready to be run."""
    given = merged_given(scenario.given, definition.fixtures)
    steps = tuple(typed_step(step, number) for number, step in enumerate(scenario.steps, 1))
    return TypedScenario(scenario.key, typed_given(given, zone_of(definition)), steps)


def zone_of(definition: Definition) -> ZoneInfo:
    """The time zone a clock is read in: the only calendar's, otherwise the national one's."""
    only = next(iter(definition.calendars.values())) if len(definition.calendars) == 1 else None
    return ZoneInfo("Asia/Jakarta" if only is None else only.timezone)


def merged_given(given: Mapping[str, Any], fixtures: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``given`` over the fixture it ``uses``, and that over its own; maps merge, null removes, lists are replaced."""
    chain = [given]
    seen = set()
    name = given.get("uses")
    while isinstance(name, str) and name in fixtures and name not in seen and len(chain) <= MAXIMUM_CHAIN:
        seen.add(name)
        chain.append(fixtures[name])
        name = fixtures[name].get("uses")
    merged: dict[str, Any] = {}
    for layer in reversed(chain):
        merged = merged_plain(merged, layer)
    merged.pop("uses", None)
    return merged


def merged_plain(base: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7386) of plain values."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged_plain(result.get(key), value)
    return result


def typed_given(given: Mapping[str, Any], zone: ZoneInfo) -> Given:
    """What a scenario starts from, out of plain merged values."""
    organisation = given.get("organisation") or {}
    return Given(
        initiator=_name(given.get("initiator")),
        users=_people(given.get("users")),
        data=given.get("data") or EMPTY,
        case_roles=_people(given.get("case_roles")),
        acting={
            role: ActingFor(str(entry.get("user")), str(entry.get("kind")))
            for role, entry in (given.get("acting") or {}).items()
        },
        superiors={str(key): str(value) for key, value in (organisation.get("superiors") or {}).items()},
        limits=organisation.get("limits") or EMPTY,
        units={str(key): str(value) for key, value in (organisation.get("units") or {}).items()},
        clock=moment(given.get("clock"), zone),
        version=_name(given.get("version")),
    )


def _name(value: Any) -> str | None:
    return None if value is None else str(value)


def _people(value: Any) -> dict[str, tuple[str, ...]]:
    return {key: tuple(str(person) for person in people or ()) for key, people in (value or {}).items()}


def moment(value: Any, zone: ZoneInfo) -> datetime | None:
    """A clock: a date is 00:00 in ``zone``, a moment without an offset is local there. None when unreadable."""
    match = _MOMENT.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        day = date.fromisoformat(match[1])
        at = time.fromisoformat(match[2]) if match[2] else time()
        offset = (
            datetime.fromisoformat(f"2000-01-01T00:00{match[3].replace('Z', '+00:00')}").tzinfo if match[3] else zone
        )
    except ValueError:
        return None
    return datetime.combine(day, at, tzinfo=offset)


def typed_step(step: Mapping[str, Any], number: int) -> Step:
    """One step out of plain values."""
    expect = step.get("expect") or EMPTY
    if "advance" in step:
        return Step("advance", number, duration=typed_duration(step["advance"]), expect=expect)
    if "migrate" in step:
        return Step("migrate", number, migration=_name(step["migrate"]), expect=expect)
    if "drive" in step:
        return Step("drive", number, action=_name(step["drive"]), until=_name(step.get("until")), expect=expect)
    given = step.get("with") or {}
    return Step(
        "act",
        number,
        user=_name(step.get("as")),
        action=_name(step.get("do")),
        comment=str(given.get("comment") or ""),
        data=given.get("data") or EMPTY,
        attachments=_count(given.get("attachments")),
        assign=_people(given.get("assign")),
        has_second_factor=bool(given.get("second_factor")),
        state=_name(step.get("in")),
        item=_name(step.get("item")),
        refused=_name(step.get("refused")),
        expect=expect,
    )


def typed_duration(value: Any) -> Duration | None:
    """A duration out of plain values; None when it is none."""
    if not isinstance(value, Mapping):
        return None
    calendar = _name(value.get("calendar"))
    for unit in ("working_days", "working_hours", "days", "hours", "minutes"):
        amount = value.get(unit)
        if isinstance(amount, int) and not isinstance(amount, bool):
            return Duration(unit, amount, calendar)
    return None


def _count(value: Any) -> int:
    """How many files came with a step: a number, or their names."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else int(bool(value))


def people_in_answers(definition: Definition, data: Mapping[str, Any]) -> Iterator[str]:
    """Everybody named in answers of type person, also in lists and tables."""
    for name, value in data.items():
        found = definition.fields.get(name)
        if found is not None:
            yield from _people_in(found, value)


def _people_in(found: Any, value: Any) -> Iterator[str]:
    if found.type == "person" and isinstance(value, str):
        yield value
    elif found.type == "list" and found.options.get("of") == "person" and isinstance(value, list):
        yield from (str(person) for person in value)
    elif found.type == "table" and isinstance(value, list):
        for row in value:
            for name, cell in row.items() if isinstance(row, Mapping) else ():
                if name in found.columns:
                    yield from _people_in(found.columns[name], cell)
