"""Random lifecycles, and every way a case can take through one, walked on paper."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.cases.paper import PaperCase, read_given
from engine.definitions.model import Definition, Duration
from engine.facts import CaseFacts, Command

ROLES = {"employee": {"resolve": "initiator"}, "boss": {"resolve": {"superior_of": "employee"}}}
GIVEN = {
    "initiator": "sari",
    "users": {"employee": ["sari"], "boss": ["budi"]},
    "organisation": {"superiors": {"sari": "budi"}},
    "clock": "2026-03-02",
}
MAXIMUM_PLACES = 200


class Author:
    """Writes one lifecycle: first its states, then arrows between any of them."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.count = 0
        self.open: list[tuple[dict[str, Any], bool]] = []  # states without arrows yet; whether they have children

    def write(self) -> str:
        states = self.states(0, self.chance.randint(2, 5), 0.9)
        keys = [key for key, _ in every_state(states)]
        for state, has_children in self.open:
            self.connect(state, has_children, keys)
        document = {
            "schema": "casework/1",
            "case_type": "leave",
            "version": "1.0.0",
            "title": "Leave",
            "legal_basis": ["PP 11/2017"],
            "roles": ROLES,
            "lifecycle": {"initial": next(iter(states)), "states": states},
        }
        return json.dumps(document, indent=1)

    def key(self) -> str:
        self.count += 1
        return f"s{self.count}"

    def states(self, depth: int, count: int, final: float) -> dict[str, Any]:
        found = {self.key(): self.state(depth) for _ in range(count)}
        if self.chance.random() < final:
            found[self.key()] = {"type": "final"}
        return found

    def state(self, depth: int) -> dict[str, Any]:
        kind = self.chance.random() if depth < 2 else 1.0
        state: dict[str, Any] = {}
        if kind < 0.15:
            inner = self.states(depth + 1, self.chance.randint(1, 3), 0.5)
            state = {"type": "compound", "initial": next(iter(inner)), "states": inner}
        elif kind < 0.33:
            regions = {}
            for name in ("left", "right"):
                inner = self.states(depth + 1, self.chance.randint(1, 2), 0.85)
                regions[name] = {"initial": next(iter(inner)), "states": inner}
            joins: list[dict[str, Any]] = [{}, {"all_of": ["left", "right"]}, {"all_of": ["left"]}, {"quorum": 1}]
            join = self.chance.choice(joins)
            state = {"type": "parallel", "regions": regions} | ({"join": join} if join else {})
        self.open.append((state, bool(state)))
        return state

    def connect(self, state: dict[str, Any], has_children: bool, keys: list[str]) -> None:
        arrows = state.setdefault("transitions", {})
        kind = self.chance.random()
        if has_children:
            if kind < 0.7:
                arrows["done"] = self.arrow(keys)
            if kind > 0.75 or kind < 0.1:
                arrows["stop"] = self.arrow(keys) | {"by": ["employee"]}
        elif kind < 0.6:
            state["task"] = {"candidates": ["employee"]}
            for number in range(self.chance.randint(1, 2)):
                arrows[f"go_{number}"] = self.arrow(keys)
        elif kind < 0.7:
            arrows["jump"] = self.arrow(keys) | {"by": ["employee"]}
        elif kind < 0.8:
            state["always"] = {"on_entry": self.arrow(keys)}
        elif kind < 0.9:
            state["timers"] = {"late": {"after": {"days": 1}} | self.arrow(keys)}
        else:
            state["approval"] = {"approvers": {"one": {"candidates": ["boss"]}}}
            arrows.update(approved=self.arrow(keys), rejected=self.arrow(keys))
        if not has_children and self.chance.random() < 0.1:
            state["resting"] = True

    def arrow(self, keys: list[str]) -> dict[str, str]:
        return {"to": self.chance.choice(keys)}


def every_state(states: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states of a written lifecycle, inner ones too."""
    for key, state in states.items():
        yield key, state
        yield from every_state(state.get("states", {}))
        for region in state.get("regions", {}).values():
            yield from every_state(region["states"])


@dataclass
class Explored:
    """Every place a case can stand in. ``visited`` are all states ever entered, ``endless`` whether a step never
    came to rest, ``ending`` the leaves of single places from which the case can end."""

    visited: set[str] = field(default_factory=set)
    endless: bool = False
    ending: set[frozenset[str]] = field(default_factory=set)


def explored(definition: Definition) -> Explored | None:
    """All ways through a lifecycle by every action of everybody and every timer; None when there are too many."""
    case = PaperCase(definition, read_given(definition, GIVEN))
    found = Explored(set(case.facts.state.visited))
    seen = {_place(case.facts): case.facts}
    before: dict[Any, set[Any]] = {}
    waiting = [case.facts]
    while waiting:
        facts = waiting.pop()
        for following in _following(case, facts, found):
            found.visited |= set(following.state.visited)
            place = _place(following)
            before.setdefault(place, set()).add(_place(facts))
            if place not in seen:
                if len(seen) >= MAXIMUM_PLACES:
                    return None
                seen[place] = following
                waiting.append(following)
    ends = [place for place, facts in seen.items() if _is_end(definition, facts)]
    done: set[Any] = set()
    while ends:
        place = ends.pop()
        if place not in done:
            done.add(place)
            ends += before.get(place, ())
    found.ending = {place[0] for place in done}
    return found


def _place(facts: CaseFacts) -> tuple[Any, ...]:
    state = facts.state
    return frozenset(state.active), tuple(sorted(state.history.items())), bool(state.timers), state.is_ended


def _is_end(definition: Definition, facts: CaseFacts) -> bool:
    return facts.state.is_ended or any(definition.states[key].is_resting for key in facts.state.active)


def _following(case: PaperCase, facts: CaseFacts, found: Explored) -> Iterator[CaseFacts]:
    if facts.state.is_ended:
        return
    states = case.definition.states
    actions = {action for state in states.values() for action in state.transitions} | {"approve", "reject"}
    leaves = [key for key in facts.state.active if not states[key].children]
    for action in sorted(actions - {"done", "approved", "rejected"}):
        for person in ("sari", "budi"):
            for leaf in leaves:
                case.facts = facts
                happened = case.act(Command(action, person, state=leaf, comment="x"))
                found.endless = found.endless or "effect_failed" in happened.incidents
                if happened.refusal is None:
                    yield case.facts
    if facts.state.timers:
        case.facts = facts
        case.advance(Duration("days", 1))
        yield case.facts
