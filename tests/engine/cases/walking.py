# ruff: noqa: E501 - YAML as authors write it
"""Definitions to walk through at random: the worked examples, and one that uses everything the language has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.definitions.load import load_tree, read_tree
from engine.definitions.model import Definition
from engine.vocabulary import load
from tests.engine.cases.written import FORM, define

EXAMPLES = Path(__file__).parent.parent / "definitions" / "examples"

EVERYTHING = """
substitution:
  acting_official: {title: {id: Plt, en: Acting}, may: [approve, finish, go], record: on_behalf_of}
  daily_executor: {title: {id: Plh, en: Daily}, may: [note], record: on_behalf_of}
separation_of_duties:
  conflict: {applies_to: [clerk, legal], exclude_when: "user in case.people"}
notifications:
  task_assigned: {channel: email, to: [candidates], template: task_assigned}
  nudge: {channel: email, to: [candidates, escalation_point, starter], template: reminder}
slas:
  promise:
    target: {working_days: 5}
    start: draft.go
    stop: [over]
    pause_in: [paused]
    at_risk: {at: 0.5, effects: {tell: {notify: nudge}}}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {names: edit, amount: edit, day: edit, people: edit}}
      transitions: {go: {to: whole, recallable: true, effects: {n1: {increment: count}}}}
    whole:
      type: compound
      history: deep
      initial: choice
      transitions:
        pause: {to: paused, by: [head]}
        note: {internal: true, by: [clerk, legal], effects: {put: {append: {field: people, value: actor}}, drop: {release_tasks_of: actor}}}
        done: {to: ready}
      states:
        choice:
          always:
            large: {order: 1, guard: "filled(case.amount) and case.amount > 10", to: both}
            small: {order: 2, to: each}
        each:
          multi_instance: {collection: case.names, element: one, ordering: sequential, completion: all}
          task: {candidates: [clerk, head], form: sample, fields: {amount: edit}, due: {working_days: 1}}
          timers:
            tell: {after: {days: 1}, repeat: {every: {days: 1}, at_most: 2}, effects: {tell: {notify: nudge}}}
            jump: {at: case.day, to: vote}
          transitions: {finish: {to: both}, back: {to: draft}}
        both:
          type: parallel
          join: {quorum: 2}
          transitions: {done: {to: vote, guard: "case.count < 4"}}
          regions:
            a:
              initial: a1
              states:
                a1:
                  task: {candidates: [clerk, planning], excluded: [starter], form: sample, fields: {count: edit}, auto_release: {hours: 2}}
                  timers: {up: {after: {working_days: 1}, effects: {more: {add_candidate: head}, tell: {notify: nudge}}}}
                  transitions: {finish: {to: a2}, over_there: {to: b2}}
                a2: {type: final}
            b:
              initial: b1
              states:
                b1: {task: {candidates: [legal]}, transitions: {finish: {to: b2}}}
                b2:
                  type: compound
                  initial: b3
                  transitions: {done: {to: b5}}
                  states:
                    b3: {task: {candidates: [finance]}, transitions: {finish: {to: b4}}}
                    b4: {type: final}
                b5: {type: final}
            c:
              initial: c1
              states:
                c1: {task: {candidates: [head], form: sample, fields: {people: edit}}, transitions: {finish: {to: c2, requires: [comment]}, again: {to: c1}}}
                c2: {type: final}
        vote:
          approval:
            ordering: sequential
            approvers:
              one: {order: 1, candidates: [finance, legal]}
              two: {order: 2, candidates: [legal, planning], veto: true}
              three: {order: 3, candidates: [head], needed_when: "filled(case.amount) and case.amount > 5"}
            same_person: SAME
            completion: {quorum: 2}
            late: keep
            keep_votes: true
            form: sample
            fields: {amount: edit}
            excluded: [performer_of.both]
          timers: {silence: {after: {working_days: 2}, do: approve, as: system}}
          transitions:
            approved: {to: finished, recallable: true}
            rejected: {to: each}
            back: {to: draft}
        finished: {type: final}
    paused: {task: {candidates: [head]}, transitions: {go: {to: whole, resume: history}, again: {to: whole}, close: {to: over}}}
    ready: {task: {candidates: [head, clerk]}, transitions: {close: {to: over, requires: [attachment]}, back: {to: vote}}}
    over: {type: final}
"""
PEOPLE: Mapping[str, Any] = {
    "clock": "2026-03-02T08:00",
    "initiator": "ani",
    "users": {
        "clerk": ["carla", "cici"],
        "head": ["hana"],
        "finance": ["fina", "leo"],
        "planning": ["pia", "ani"],
        "legal": ["leo"],
    },
    "acting": {
        "head": {"user": "joko", "kind": "acting_official"},
        "clerk": {"user": "rudi", "kind": "daily_executor"},
    },
    "organisation": {"superiors": {"leo": "hana", "fina": "hana", "carla": "hana"}},
    "data": {"names": ["x", "y"]},
}
ANSWERS: list[dict[str, Any]] = [
    {"names": ["x", "y", "z"]},
    {"names": []},
    {"amount": 20},
    {"amount": 3},
    {"day": "2026-03-01"},
    {"day": "2026-03-12"},
    {"people": ["leo"]},
    {"count": 9},
    {"nothing": 1},
]
Walked = tuple[Definition, Mapping[str, Any], list[dict[str, Any]]]


@cache
def _examples() -> Mapping[str, Definition]:
    return load_tree(read_tree([EXAMPLES], EXAMPLES), load()).definitions


def _example(name: str, fixture: str, answers: list[dict[str, Any]]) -> Callable[[], Walked]:
    return lambda: (_examples()[name], {"uses": fixture}, answers)


def _everything(same_person: str) -> Callable[[], Walked]:
    return lambda: (_defined(same_person), PEOPLE, ANSWERS)


@cache
def _defined(same_person: str) -> Definition:
    return define(EVERYTHING.replace("SAME", same_person), form=FORM.replace(", min_items: 2", ""))


WALKED: Mapping[str, Callable[[], Walked]] = {
    "performance_agreement": _example(
        "performance_agreement", "people", [{"goals": []}, {"goals": ["a"]}, {"unit_budget": 0}]
    ),
    "complaint_investigation": _example("complaint_investigation", "team", [{"findings": "proven"}, {"summary": ""}]),
    "sakip_document": _example("sakip_document", "people", [{"goals": []}]),
    "everything_once": _everything("once"),
    "everything_each": _everything("each"),
    "everything_skip": _everything("skip"),
    "everything_up": _everything("up"),
}
