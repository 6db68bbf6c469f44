# ruff: noqa: E501 - YAML as authors write it
"""Strength (reference §11): each kind of mistake survives scenarios that do not look, and is caught by one that does."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ROOT
from engine.cases.strength import measure
from engine.cases.strength_scenarios import to_write
from engine.definitions.load import load_tree, read_tree
from engine.definitions.model import Text
from engine.definitions.mutations import KINDS, Mutation
from engine.definitions.strength import has_errors, mutated, mutations, names_unknown
from engine.vocabulary import load
from tests.engine.cases.proving import read, strength, survivors, text_of

REVIEW = """
lifecycle:
  initial: draft
  states:
    draft:
      task: {candidates: [starter], form: sample, fields: {count: edit, text: edit}}
      transitions:
        submit: {to: review, guard: "case.count > 0"}
        discard: {to: dropped}
        waive: {to: agreed}
    review:
      task: {candidates: [clerk], excluded: [starter], form: sample, due: {working_days: 2}}
      timers: {remind: {after: {working_days: 1}}}
      transitions:
        approve: {to: agreed}
        return: {to: draft, requires: [comment]}
    agreed: {type: final}
    dropped: {type: final}
"""
SUBMIT = "{as: ani, do: submit, with: {data: {count: 1}}}"
APPROVAL = """
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {submit: {to: board}}}
    board:
      approval:
        approvers: {planning: {candidates: [planning]}, legal: {candidates: [legal], veto: true}, finance: {candidates: [finance]}}
        completion: {quorum: 2}
        excluded: [starter]
      transitions: {approved: {to: agreed}, rejected: {to: dropped}}
    agreed: {type: final}
    dropped: {type: final}
"""
SUBSTITUTES = """
substitution:
  daily_executor: {title: {id: Plh., en: Executor}, may: [approve], record: on_behalf_of}
separation_of_duties:
  not_the_owner: {applies_to: [clerk], exclude_when: "user == case.owner"}
"""
PARALLEL = """
lifecycle:
  initial: both
  states:
    both:
      type: parallel
      join: {all_of: [paper, money]}
      transitions: {done: {to: closed}}
      regions:
        paper:
          initial: filing
          states:
            filing: {task: {candidates: [clerk], excluded: [starter], form: sample}, transitions: {file: {to: filed}}}
            filed: {type: final}
        money:
          initial: paying
          states:
            paying: {task: {candidates: [finance], excluded: [starter], form: sample}, transitions: {pay: {to: paid}}}
            paid: {type: final}
    closed: {type: final}
"""
PROMISE = """
slas:
  answered: {target: {working_days: 10}, start: draft.submit, stop: [agreed, dropped], at_risk: {at: 0.5}}
"""

CASES = [
    pytest.param(
        "arrow_removed", REVIEW, 'there is no "return" in "review"',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {as: carla, do: return, with: {comment: x}, expect: {state: draft}}]}",
        id="an arrow is removed",
    ),
    pytest.param(
        "arrow_retargeted", REVIEW, '"approve" in "review" leads to "dropped" instead of "agreed"',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {as: carla, do: approve, expect: {state: agreed}}]}",
        id="an arrow leads elsewhere",
    ),
    pytest.param(
        "guard", REVIEW, '"submit" in "draft" has no guard case.count > 0',
        "a: {given: {uses: people}, steps: [{as: ani, do: submit, refused: guard}]}",
        id="a guard is removed",
    ),
    pytest.param(
        "requires", REVIEW, '"return" in "review" does not require comment',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {as: carla, do: return, refused: comment_required}]}",
        id="a comment is not required",
    ),
    pytest.param(
        "excluded", REVIEW, '"review" does not exclude starter',
        "a: {given: {uses: people, users: {clerk: [carla, ani]}}, steps: [" + SUBMIT + ", {as: ani, do: approve, refused: excluded}]}",
        id="an exclusion is removed",
    ),
    pytest.param(
        "timer", REVIEW, 'there is no timer "remind" in "review"',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {advance: {days: 9}, expect: {fired: [review.remind]}}]}",
        id="a timer is removed",
    ),
    pytest.param(
        "duration", REVIEW, 'timers.remind.after in "review" is 2 working_days instead of 1',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {advance: {working_days: 1}, expect: {fired: [review.remind]}}]}",
        id="a timer comes later",
    ),
    pytest.param(
        "duration", REVIEW, 'task.due in "review" is 3 working_days instead of 2',
        "a: {given: {uses: people}, steps: [{as: ani, do: submit, with: {data: {count: 1}}, expect: {due: 2026-03-04}}]}",
        id="a task is due later",
    ),
    pytest.param(
        "quorum", APPROVAL, '"board" is complete with 1 instead of 2',
        "a: {given: {uses: people}, steps: [{as: ani, do: submit}, {as: lia, do: approve, expect: {state: board}}]}",
        id="a quorum is smaller",
    ),
    pytest.param(
        "quorum", APPROVAL, '"board" is complete with 3 instead of 2',
        "a: {given: {uses: people}, steps: [{as: ani, do: submit}, {as: lia, do: approve}, {as: putri, do: approve, expect: {state: agreed}}]}",
        id="a quorum is larger",
    ),
    pytest.param(
        "veto", APPROVAL, '"legal" in "board" has no veto',
        "a: {given: {uses: people}, steps: [{as: ani, do: submit}, {as: lia, do: reject, with: {comment: x}, expect: {state: dropped}}]}",
        id="a veto is removed",
    ),
    pytest.param(
        "power", SUBSTITUTES + REVIEW, 'daily_executor may not "approve"',
        "a: {given: {uses: people, acting: {clerk: {user: joko, kind: daily_executor}}}, steps: [" + SUBMIT + ", {as: joko, do: approve}]}",
        id="a power is removed",
    ),
    pytest.param(
        "separation", SUBSTITUTES + REVIEW, 'there is no separation of duties "not_the_owner"',
        "a: {given: {uses: people, data: {owner: carla}}, steps: [" + SUBMIT + ", {as: carla, do: approve, refused: separation_of_duties}]}",
        id="a separation of duties is removed",
    ),
    pytest.param(
        "join", PARALLEL, '"both" does not wait for region "money"',
        "a: {given: {uses: people}, steps: [{as: carla, do: file, expect: {states: [filed, paying]}}]}",
        id="a join does not wait for a region",
    ),
    pytest.param(
        "duration", PROMISE + REVIEW, 'the target of "answered" is 12 working_days instead of 10',
        "a: {given: {uses: people}, steps: [" + SUBMIT + ", {advance: {working_days: 5}, expect: {fired: [review.remind, answered.at_risk]}}]}",
        id="a promise is longer",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "written", "change", "scenario"), CASES)
def test_a_mistake_survives_until_a_scenario_looks(kind: str, written: str, change: str, scenario: str) -> None:
    weak = strength(written, "a: {given: {uses: people}, steps: [{advance: {days: 0}}]}")
    assert (kind, change) in [(each.kind, each.change.en) for each in weak.survivors]
    assert change not in survivors(written, scenario)


@pytest.mark.parametrize(("kind", "written", "change", "scenario"), CASES)
def test_the_scenario_told_to_write_catches_the_mistake(kind: str, written: str, change: str, scenario: str) -> None:
    through = "a: {given: {uses: people}, steps: [" + (SUBMIT if "case.count" in written else "{advance: {days: 0}}")
    through += ", {drive: submit, until: board}" if "board" in written else ""
    found = strength(written, through + "]}")
    survivor = next(each for each in found.survivors if each.change.en == change)
    suggestion, missing = to_write(found, survivor)
    if kind == "join":  # which acts finish a region is left to the author
        assert not suggestion.is_proved
        assert "money" in missing.en and "money" in missing.id
        return
    assert suggestion.is_proved, suggestion.text
    assert change not in survivors(written, suggestion.text)


def test_every_kind_of_the_list_is_tried_here() -> None:
    assert {case.values[0] for case in CASES} == set(KINDS)


def test_a_change_differs_from_what_is_written() -> None:
    """A change that changes nothing would be told as a survivor."""
    for written in (REVIEW, APPROVAL, SUBSTITUTES + REVIEW, PARALLEL, PROMISE + REVIEW):
        case_type = read(written).case_types["sample"]
        before = {
            **case_type.root.plain(),
            "states": {key: e.value.plain() for key, e in case_type.outline.entries.items()},
        }
        for mutation in mutations(case_type):
            changed = mutated(case_type, mutation)[0]
            after = {
                **changed.root.plain(),
                "states": {key: e.value.plain() for key, e in changed.outline.entries.items()},
            }
            assert after != before, mutation.change.en


def test_the_place_is_the_line_in_the_file_of_the_author() -> None:
    found = strength(REVIEW)
    guard = next(each for each in found.survivors if each.kind == "guard")
    comment = next(each for each in found.survivors if each.kind == "requires")
    lines = text_of(REVIEW).splitlines()
    assert 'guard: "case.count > 0"' in lines[guard.at.line - 1]
    assert "requires: [comment]" in lines[comment.at.line - 1]


def test_rules_of_a_template_are_changed_in_each_state_and_told_at_the_template() -> None:
    written = """
state_templates:
  checked:
    task: {candidates: [clerk], excluded: [starter], form: sample}
    transitions: {return: {to: draft, requires: [comment]}}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [starter], form: sample}, transitions: {submit: {to: first}}}
    first: {uses: checked, transitions: {pass_on: {to: second}}}
    second: {uses: checked, transitions: {agree: {to: agreed}}}
    agreed: {type: final}
"""
    found = strength(
        written,
        "a: {given: {uses: people}, steps: [{as: ani, do: submit}, {as: carla, do: return, refused: comment_required}]}",
    )
    left = [each for each in found.survivors if each.kind == "requires"]
    assert [each.state for each in left] == ["second"]
    assert "requires: [comment]" in text_of(written).splitlines()[left[0].at.line - 1]


def test_scenarios_that_fail_as_they_are_prove_nothing() -> None:
    failing = (
        "a: {given: {uses: people}, steps: [{as: ani, do: submit, with: {data: {count: 1}}, expect: {state: draft}}]}"
    )
    found = measure(read(REVIEW, failing).case_types["sample"])
    assert [each.scenario.key for each in found.failing] == ["a"]
    assert [each.change for each in found.survivors] == [each.change for each in strength(REVIEW).survivors]


def test_everything_caught_is_a_hundred() -> None:
    nothing = strength("lifecycle: {initial: over, states: {over: {type: final}}}")
    assert (nothing.changes, nothing.caught, nothing.score) == (0, 0, 100.0)
    found = strength(REVIEW)
    assert found.changes == found.caught + len(found.survivors)
    assert 0 < found.score < 100


def test_scenarios_that_begin_in_an_older_version_count_too() -> None:
    migrations = """
migrations:
  over: {from: ">=0.9.0 <1.0.0"}
"""
    scenario = """
older: {given: {uses: people, version: 0.9.0}, steps: [{as: ani, do: discard, refused: unknown_event}, {migrate: over}, {as: ani, do: discard, expect: {state: dropped}}]}
"""
    older = text_of(REVIEW.replace("        discard: {to: dropped}\n", "        drop: {to: dropped}\n"))
    older = older.replace("version: 1.0.0", "version: 0.9.0")
    loaded = read(migrations + REVIEW, scenario, {"workflows/history/sample/0.9.0.yaml": older})
    found = measure(loaded.case_types["sample"])
    assert [each.result for each in found.failing] == []
    assert 'there is no "discard" in "draft"' not in [each.change.en for each in found.survivors]


def test_eighty_states_are_tried_in_seconds() -> None:
    states = "".join(
        f"    s{n}: {{task: {{candidates: [clerk], excluded: [starter], form: sample}}, transitions: {{go: {{to: s{n + 1}}}}}}}\n"
        for n in range(80)
    )
    written = f"lifecycle:\n  initial: s0\n  states:\n{states}    s80: {{type: final}}\n"
    found = strength(written, "a: {given: {uses: people}, steps: [{drive: go, until: s80}]}")
    assert found.changes == 240
    assert {each.kind for each in found.survivors} == {"excluded"}


EXAMPLES = Path(__file__).parent.parent / "definitions"
UNCHANGED = [EXAMPLES / "examples", EXAMPLES / "everything", ROOT / "workflows", ROOT / "docs" / "examples"]


@pytest.mark.parametrize("folder", UNCHANGED, ids=lambda folder: folder.name)
def test_reading_a_state_again_finds_nothing_by_itself(folder: Path) -> None:
    """Otherwise every change of it would be caught, whoever looks."""
    for name, case_type in load_tree(read_tree([folder], folder), load()).case_types.items():
        every = case_type  # with each of its states read again: what scenarios name is looked for there once
        for key, entry in case_type.outline.entries.items():
            title = entry.value.entries.get("title")
            if title is None:
                continue
            same = Mutation("arrow_removed", "lifecycle", key, ("title",), title.value, title.value, Text("-", "-"))
            again, is_broken = mutated(case_type, same)
            assert not (is_broken or has_errors(again)), (name, key)
            assert repr(again.definition.states[key].title) == repr(case_type.definition.states[key].title)
            every, is_broken = mutated(every, same)
            assert not is_broken, (name, key)
        assert not (has_errors(every) or names_unknown(every)), name
