"""A small case type that is clean, and a way to change one thing in it and mark the token a finding must point at."""

from __future__ import annotations

from pathlib import Path

from engine import vocabulary
from engine.definitions.load import load_tree
from engine.definitions.problems import Problem
from engine.definitions.tree import from_texts

EXAMPLES = Path(__file__).parent / "examples"
TEMPLATES = {"task_assigned": frozenset({"case.number"}), "reminder": frozenset[str]()}

WORKFLOW = """\
schema: casework/1
case_type: leave
version: 1.0.0
title: Leave
legal_basis: [PP 11/2017]
parameters:
  review_days: {type: integer, default: 3, minimum: 1, maximum: 10}
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri], holidays: [2026-03-20]}
roles:
  employee: {title: Employee, resolve: initiator}
  head: {title: Head, resolve: {position: head, level: section, of: initiator.unit}}
  personnel: {title: Personnel, resolve: {group: personnel}}
  helper: {title: Helper, resolve: {case_role: true, from: {group: personnel}, cardinality: many}}
notifications:
  reminder: {channel: email, to: [candidates], template: reminder}
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [employee], form: leave, fields: {reason: edit, days: edit}}
      transitions: {submit: {to: review}, discard: {to: dropped, answers: incomplete}}
    review:
      task: {candidates: [head], excluded: [employee], form: leave}
      timers:
        remind: {after: {working_days: 1}, effects: {tell: {notify: reminder}}}
      transitions:
        approve: {to: granted}
        return: {to: draft, requires: [comment]}
    granted: {type: final}
    dropped: {type: final}
fixtures:
  people: {clock: 2026-03-02, initiator: sari, users: {head: [budi], personnel: [gita]}, data: {reason: rest, days: 2}}
scenarios:
  granted:
    given: {uses: people}
    steps:
      - {as: sari, do: submit, expect: {state: review, candidates: [budi]}}
      - {as: budi, do: approve, expect: {state: granted, ended: true}}
"""

FORM = """\
schema: casework-form/1
form: leave
version: 1.0.0
title: Leave
fields:
  reason: {type: text, title: Reason, required: true}
  days: {type: integer, title: Days, default: 1}
  kind: {type: choice, title: Kind, options: {annual: {}, sick: {}}}
  until: {type: date, title: Until}
  backups: {type: list, of: person, title: Backups}
  parts:
    type: table
    title: Parts
    columns: {name: {type: text, title: Name, required: true}, hours: {type: integer, title: Hours}}
sections:
  leave: {order: 10, title: Leave, fields: {reason: {order: 10}, days: {order: 20}, kind: {order: 30}}}
checks:
  long: {when: "days_between(today, today) == 0", that: "case.days <= 30", message: "At most 30, not {value}."}
"""

MARK = "^^"
Change = tuple[str, str]


def changed(text: str, *changes: Change) -> str:
    """``text`` with each (old, new) replaced once; an old part that is not there is a mistake of the test."""
    for old, new in changes:
        assert text.count(old) == 1, f"{text.count(old)} times: {old!r}"
        text = text.replace(old, new)
    return text


def unmarked(text: str) -> tuple[str, tuple[int, int] | None]:
    """The text without its mark, and the mark's line and column."""
    at = text.find(MARK)
    if at < 0:
        return text, None
    line = text.count("\n", 0, at) + 1
    return text[:at] + text[at + len(MARK) :], (line, at - (text.rfind("\n", 0, at) + 1) + 1)


def found(files: dict[str, str | bytes]) -> list[Problem]:
    """All findings in a tree of texts."""
    return load_tree(from_texts(files), vocabulary.load(), TEMPLATES).problems


def leave(workflow: str = WORKFLOW, form: str = FORM, **more: str) -> list[Problem]:
    """All findings in the case type and its form."""
    return found({"workflows/leave.yaml": workflow, "forms_config/leave.yaml": form} | more)


def shown(problems: list[Problem]) -> list[str]:
    return [f"{each.file}:{each.line}:{each.column} {each.code} {each.message.en}" for each in problems]
