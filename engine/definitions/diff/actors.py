"""Who may act and who may not in one place: wider is an alarm, narrower is a rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.definitions.diff.values import ALARM, RULE, Comparison
from engine.definitions.model import State, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a definition something stands: its path, how people call it, the state around it, those it touches."""

    path: str
    title: Text
    state: str | None = None
    states: frozenset[str] = frozenset()

    def inner(self, *keys: str) -> Place:
        """The same place, further down in the file."""
        return replace(self, path=".".join((self.path, *keys)))


def people_of(state: State) -> tuple[str, ...]:
    """The roles that may work on a step by its task or its approval."""
    if state.task is not None:
        return state.task.candidates
    if state.approval is None:
        return ()
    roles = [role for approver in state.approval.approvers for role in approver.candidates]
    if state.approval.along is not None:
        roles.append(state.approval.along.from_role)
    return tuple(dict.fromkeys(roles))


def compare_actors(comparison: Comparison, place: Place, old: Collection[str], new: Collection[str]) -> None:
    """Roles that may act in one place: more of them is an alarm."""
    for roles, kind, weight, indonesian, english in (
        ([role for role in new if role not in old], "permission_widened", ALARM, "kini boleh juga", "now also for"),
        ([role for role in old if role not in new], "permission_narrowed", RULE, "tidak lagi untuk", "no longer for"),
    ):
        if roles:
            comparison.add(
                kind,
                weight,
                place.path,
                "{place}: " + indonesian + " {roles}",
                "{place}: " + english + " {roles}",
                {"place": place.title, "roles": comparison.roles(roles)},
                state=place.state,
                states=place.states,
                old=list(old),
                new=list(new),
            )


def compare_excluded(comparison: Comparison, place: Place, old: Collection[str], new: Collection[str]) -> None:
    """Who may never act in one place: fewer of them is an alarm."""
    for roles, kind, weight, indonesian, english in (
        (
            [role for role in old if role not in new],
            "exclusion_removed",
            ALARM,
            "{place}: {roles} tidak lagi dikecualikan",
            "{place}: {roles} no longer excluded",
        ),
        (
            [role for role in new if role not in old],
            "exclusion_added",
            RULE,
            "{place}: {roles} kini dikecualikan",
            "{place}: {roles} now excluded",
        ),
    ):
        if roles:
            comparison.add(
                kind,
                weight,
                place.path,
                indonesian,
                english,
                {"place": place.title, "roles": comparison.roles(roles)},
                state=place.state,
                states=place.states,
                old=list(old),
                new=list(new),
            )
