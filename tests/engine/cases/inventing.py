# ruff: noqa: E501 - YAML as authors write it
"""Case types nobody wrote: definitions put together at random from everything the language has."""

from __future__ import annotations

import json
import random
from typing import Any

import yaml

from engine.definitions.library import read_library
from engine.definitions.model import Definition
from engine.definitions.parse import parse_case_type
from engine.definitions.problems import Problems
from engine.definitions.tree import from_texts
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES

Written = dict[str, Any]
MORE_ROLES = """  owner: {title: {id: O, en: O}, resolve: {field: owner}}
  above: {title: {id: A, en: A}, resolve: {superior_of: clerk}}
  lead: {title: {id: L, en: L}, resolve: {case_role: true, cardinality: many}}
"""
GIVEN: Written = {
    "clock": "2026-03-02T08:00",
    "initiator": "ani",
    "users": {
        "clerk": ["carla", "cici"], "head": ["hana"], "finance": ["fina", "leo"], "planning": ["pia", "ani"], "legal": ["leo"],
    },
    "case_roles": {"lead": ["lena"]},
    "acting": {
        "head": {"user": "joko", "kind": "acting_official"}, "clerk": {"user": "rudi", "kind": "daily_executor"},
        "starter": {"user": "joko", "kind": "acting_official"},
    },
    "organisation": {"superiors": {"ani": "carla", "carla": "hana", "leo": "hana"}, "limits": {"carla": 5, "hana": 1000}},
    "data": {
        "names": ["x", "y"], "people": ["leo", "pia"], "owner": "otto", "lines": [{"what": "a"}, {"what": "b", "who": "pia"}],
    },
}  # fmt: skip
ROLE_KEYS = ["starter", "clerk", "head", "finance", "planning", "legal", "owner", "above", "lead"]
GUARDS = [
    "case.count > 1", "filled(case.amount) and case.amount > 5", "count(case.names) > 1", "in_state('STATE')",
    "was_in_state('STATE')", "actor == initiator", "count(case_roles.lead) > 0", "1 / case.count > 0",
]  # fmt: skip
NEEDED = ["case.count > 1", "filled(case.amount) and case.amount > 5"]
EFFECTS: list[Written] = [
    {"increment": "count"},
    {"notify": "nudge"},
    {"append": {"field": "people", "value": "actor"}},
    {"set": {"field": "amount", "value": 20}},
    {"set": {"field": "count", "value": {"expression": "case.count + 1"}}},
    {"set": {"field": "day", "value": {"expression": "add_days(today, 2)"}}},
    {"add_candidate": "head"},
    {"release_tasks_of": "actor"},
    {"release_tasks_of": "clerk"},
    *[{"extend_sla": {"sla": "promise", "by": {unit: 2}}} for unit in ("working_days", "days")],
    *[{kind: "promise"} for kind in ("stop_sla", "start_sla")],
    {"decide": "size"},
]
FINALS = ["over", "stopped"]


class Inventor:
    """Writes one case type. Targets are filled in last, when all states have a name."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names: list[str] = []
        self.remembering: list[str] = []

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self, letter: str = "s") -> str:
        self.names.append(f"{letter}{len(self.names)}")
        return self.names[-1]

    def case_type(self) -> Written:
        states = {self.name(): self.state(0) for _ in range(self.random.randint(2, 5))}
        first = next(iter(states))
        states.update({final: {"type": "final"} for final in FINALS})
        self.names += FINALS
        self.remembering = self.find_history(states)
        for state in states.values():
            self.aim(state, list(states))
        powers = self.random.sample(["approve", "act0", "sign", "reject", "halt", "act1"], 3)
        return {
            "substitution": {
                "acting_official": {"title": "Plt", "may": powers},
                "daily_executor": {"title": "Plh", "may": ["act0"]},
            },
            "separation_of_duties": {"own": {"applies_to": ["clerk", "legal"], "exclude_when": "user in case.people"}},
            "notifications": {
                "task_assigned": {"channel": "email", "to": ["candidates"], "template": "task_assigned"},
                "nudge": {
                    "channel": "email", "template": "reminder",
                    "to": ["candidates", "escalation_point", "starter", "principal", "substitute"],
                },
            },
            "decision_tables": {"size": {
                "hit_policy": "first", "inputs": {"amount": "case.count"}, "outputs": {"text": "text"},
                "rules": {
                    "big": {"order": 10, "when": {"amount": "amount > 2"}, "then": {"text": "big"}},
                    "small": {"order": 20, "when": {"amount": "amount > 0"}, "then": {"text": "small"}},
                },
            }},
            "slas": {"promise": {
                "target": {self.random.choice(["working_days", "days", "working_hours"]): 5}, "start": first, "stop": ["over"],
                "pause_in": [self.random.choice(self.names)], "at_risk": {"at": 0.5, "effects": {"tell": {"notify": "nudge"}}},
            }},
            "lifecycle": {"initial": first, "states": states},
        }  # fmt: skip

    # -- states ---------------------------------------------------------------------------------------------------

    def state(self, depth: int) -> Written:
        kind = self.random.random() + (1.0 if depth >= 3 else 0.0)
        if kind < 0.2:
            state = self.compound(depth)
        elif kind < 0.32:
            state = self.parallel(depth)
        elif 0.32 <= kind < 0.4:
            guard = {"order": 1, "guard": self.random.choice(GUARDS), "to": None}
            return {"always": {"first": guard, "last": {"order": 2, "to": None}}}
        else:
            state = self.work()
        timers = {f"t{number}": self.timer() for number in range(self.random.choice([0, 0, 0, 1, 2]))}
        return {**state, "timers": timers} if timers else state

    def compound(self, depth: int) -> Written:
        children = {self.name(): self.state(depth + 1) for _ in range(self.random.randint(1, 3))}
        state: Written = {"type": "compound", "initial": next(iter(children)), "transitions": {}, "states": children}
        if self.chance(0.5):
            state["history"] = self.random.choice(["shallow", "deep"])
        if self.chance(0.6):
            children[self.name("f")] = {"type": "final"}
            state["transitions"]["done"] = self.arrow(by=False, moves=True)
        if self.chance(0.6):
            state["transitions"][self.random.choice(["act0", "halt"])] = self.arrow(by=True)
        return state

    def parallel(self, depth: int) -> Written:
        regions: Written = {}
        for _ in range(self.random.randint(2, 3)):
            children = {self.name(): self.state(depth + 1) for _ in range(self.random.randint(1, 2))}
            initial = next(iter(children))
            final = self.name("f")
            children[final] = {"type": "final"}
            regions[f"r_{final}"] = {"initial": initial, "states": children}
        keys = list(regions)
        join = [{"all_of": keys}, {"all_of": keys[:1]}, {"quorum": self.random.randint(1, len(keys))}]
        transitions = {"done": self.arrow(by=False, moves=True)}
        if self.chance(0.5):
            transitions["halt"] = self.arrow(by=True)
        return {"type": "parallel", "regions": regions, "join": self.random.choice(join), "transitions": transitions}

    def work(self) -> Written:
        common: Written = {"form": "sample"}
        if self.chance(0.5):
            fields = self.random.sample(["text", "amount", "names", "day", "owner", "people", "count"], 2)
            common["fields"] = dict.fromkeys(fields, "edit")
        if self.chance(0.3):
            common["excluded"] = [self.random.choice(["starter", "clerk", f"performer_of.{self.names[0]}"])]
        if self.chance(0.3):
            common["due"] = {"working_days": 2}
        return self.approval(common) if self.chance(0.35) else self.task(common)

    def task(self, common: Written) -> Written:
        task: Written = {"candidates": self.roles(), **common}
        if self.chance(0.2):
            task["assigns"] = ["lead"]
        if self.chance(0.15):
            task["auto_release"] = {"hours": 3}
        if self.chance(0.15):
            task["allocate"] = self.random.choice(["least_loaded", "round_robin"])
        state: Written = {"task": task, "transitions": {"act0": self.arrow(by=False, moves=True)}}
        for number in range(self.random.randint(0, 2)):
            state["transitions"][f"act{number + 1}"] = self.arrow()
        if self.chance(0.25):
            state["multi_instance"] = {
                "collection": self.random.choice(["case.names", "case.lines", "case.people"]), "element": "one",
                "ordering": self.random.choice(["parallel", "sequential"]),
                "completion": self.random.choice(["all", "any", {"quorum": 2}]),
            }  # fmt: skip
        return state

    def approval(self, common: Written) -> Written:
        approval: Written = {"ordering": self.random.choice(["parallel", "sequential"]), **common}
        count = self.random.randint(1, 4)
        kind = self.random.random()
        if kind < 0.7:
            approval["approvers"] = {f"p{number}": self.approver(number) for number in range(count)}
        elif kind < 0.85:
            count = 1
            approval["approvers_along"] = {
                "from": "starter", "relation": "superior", "until": "filled(user.limit) and user.limit >= 100",
            }  # fmt: skip
        else:
            count = 1
            approval["approvers_for_each"] = {"collection": "case.people", "owner": "item", "distinct": True}
        approval["completion"] = self.random.choice(["all", "any", {"quorum": self.random.randint(1, count)}])
        approval["same_person"] = self.random.choice(["once", "each", "skip", "up"])
        approval.update({"late": "keep"} if self.chance(0.3) else {})
        approval.update({"keep_votes": True} if self.chance(0.3) else {})
        approval.update({"outcomes": {"accept": "sign", "refuse": "decline"}} if self.chance(0.2) else {})
        transitions = {event: self.arrow(by=False, moves=True) for event in ("approved", "rejected")}
        if self.chance(0.3):
            transitions[self.random.choice(["act0", "back"])] = self.arrow()
        return {"approval": approval, "transitions": transitions}

    def approver(self, number: int) -> Written:
        found: Written = {"candidates": self.roles(), "order": number * 10}
        found.update({"veto": True} if self.chance(0.2) else {})
        found.update({"needed_when": self.random.choice(NEEDED)} if self.chance(0.3) else {})
        return found

    # -- arrows ---------------------------------------------------------------------------------------------------

    def roles(self) -> list[str]:
        return self.random.sample(ROLE_KEYS, self.random.randint(1, 2))

    def effects(self) -> Written:
        return {f"e{number}": self.random.choice(EFFECTS) for number in range(self.random.choice([0, 0, 1, 2]))}

    def arrow(self, *, by: bool | None = None, moves: bool = False) -> Written:
        arrow: Written = {"internal": True} if not moves and self.chance(0.12) else {"to": None}
        if self.chance(0.25):
            arrow["guard"] = self.random.choice(GUARDS)
        if by or (by is None and self.chance(0.2)):
            arrow["by"] = self.roles()
        if self.chance(0.2):
            arrow["requires"] = [self.random.choice(["comment", "attachment"])]
        if self.chance(0.15):
            arrow["answers"] = "incomplete"
        if "to" in arrow and self.chance(0.3):
            arrow["recallable"] = True
        if "to" in arrow and self.chance(0.2):
            arrow["resume"] = "history"
        effects = self.effects() or ({} if "to" in arrow else {"count": {"increment": "count"}})
        return {**arrow, "effects": effects} if effects else arrow

    def timer(self) -> Written:
        unit = self.random.choice(["working_days", "days", "hours", "working_hours"])
        when: Written = {"at": "case.day"} if self.chance(0.25) else {"after": {unit: self.random.choice([0, 1, 2, 5])}}
        if self.chance(0.3):
            when["repeat"] = {"every": {"days": 1}, "at_most": 3}
        kind = self.random.random()
        when.update({"to": None} if kind < 0.3 else {"do": None} if kind < 0.45 else {})
        effects = self.effects() or ({} if kind < 0.45 else {"tell": {"notify": "nudge"}})
        return {**when, "effects": effects} if effects else when

    def aim(self, state: Written, near: list[str]) -> None:
        """Gives every arrow below its target, half of them near by."""
        for arrow in [*state.get("transitions", {}).values(), *state.get("always", {}).values()]:
            self.target(arrow, near)
        for timer in state.get("timers", {}).values():
            self.target(timer, self.names)
            if "do" in timer:
                timer["do"] = self.random.choice(list(state["transitions"]) or ["act0"])
        for group in [state.get("states"), *(region["states"] for region in state.get("regions", {}).values())]:
            for child in (group or {}).values():
                self.aim(child, list(group or {}))

    def target(self, arrow: Written, near: list[str]) -> None:
        if "to" in arrow:
            arrow["to"] = self.random.choice(near if self.chance(0.5) else self.names)
        if arrow.pop("resume", None) and self.remembering:
            arrow.update({"to": self.random.choice(self.remembering), "resume": "history"})
        if "guard" in arrow:
            arrow["guard"] = arrow["guard"].replace("STATE", self.random.choice(self.names))

    def find_history(self, written: Any) -> list[str]:
        if not isinstance(written, dict):
            return []
        found = [
            key
            for key, inner in written.items()
            if isinstance(inner, dict) and "history" in inner and "states" in inner
        ]
        return [key for key in found if key in self.names] + [
            key for inner in written.values() for key in self.find_history(inner)
        ]  # fmt: skip


def as_yaml(written: Written) -> str:
    plain = json.loads(json.dumps(written))  # no object twice: aliases are refused
    return yaml.safe_dump(plain, sort_keys=False)


def invented(seed: int) -> Definition | None:
    """The definition of this seed, None when it cannot even be parsed. Whether it makes sense (reachable, without
    dead ends) is not asked: the engine must stay coherent all the same."""
    text = HEAD + ROLES + MORE_ROLES + CALENDAR + as_yaml(Inventor(seed).case_type())
    grove = from_texts({"workflows/sample.yaml": text, "forms_config/sample.yaml": FORM}).groves[0]
    problems = Problems()
    library = read_library(grove, problems)
    parsed = parse_case_type(library.workflows["sample"], library.forms, load(), problems, templates=None)
    return None if problems.has_errors else parsed.definition
