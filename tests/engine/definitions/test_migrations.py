# ruff: noqa: E501 - YAML as authors write it
"""Migration plans as an author writes them: strictly read, and checked against the older versions in ``history/``."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.cache import DefinitionCache
from engine.definitions.load import Loaded, load_tree
from engine.definitions.problems import Problem
from engine.definitions.tree import from_texts
from tests.engine.definitions.leave import FORM, TEMPLATES, WORKFLOW, changed, shown, unmarked

OLD = changed(
    WORKFLOW,
    ("submit: {to: review}", "submit: {to: review}, ask: {to: second}"),
    ("    granted: {type: final}", """    second:
      approval: {ordering: parallel, excluded: [employee], approvers: {a: {candidates: [head]}, b: {candidates: [personnel]}}}
      timers: {nag: {after: {days: 1}, effects: {tell: {notify: reminder}}}}
      transitions: {approved: {to: granted}, rejected: {to: dropped}}
    granted: {type: final}"""),
)  # fmt: skip
NEW = OLD.replace("version: 1.0.0", "version: 2.0.0")
KEPT = {"workflows/history/leave/1.0.0.yaml": OLD}


def loaded(plan: str, new: str = NEW, form: str = FORM, **older: str) -> tuple[Loaded, tuple[int, int] | None]:
    """The newer version with a plan from 1.0.0, and where the plan's mark stands."""
    text, place = unmarked(f"{new}migrations:\n  from_1: {plan}\n")
    files = {"workflows/leave.yaml": text, "forms_config/leave.yaml": form, **KEPT, **older}
    return load_tree(from_texts(files), vocabulary.load(), TEMPLATES), place


def told(plan: str, new: str = NEW) -> tuple[list[tuple[str, tuple[int, int]]], tuple[int, int] | None]:
    found, place = loaded(plan, new)
    return [(each.code, (each.line, each.column)) for each in found.problems], place


WITHOUT_REVIEW = changed(
    NEW.replace("to: review", "to: second").replace("submit: {to: second}, ask: {to: second}", "submit: {to: second}"),
    ("""    review:
      task: {candidates: [head], excluded: [employee], form: leave}
      timers:
        remind: {after: {working_days: 1}, effects: {tell: {notify: reminder}}}
      transitions:
        approve: {to: granted}
        return: {to: draft, requires: [comment]}
""", ""),
)  # fmt: skip
WITHOUT_REVIEW = WITHOUT_REVIEW[: WITHOUT_REVIEW.index("scenarios:")]


@pytest.mark.parametrize(
    ("code", "plan"),
    [
        ("WF011", "{states: {}}"),
        ("WF010", "{from: ^1.0, ^^state: {}}"),
        ("WF012", "{from: ^^newer}"),
        ("WF012", "{from: ^^1.0}"),
        ("WF012", "{from: ^1.0, tasks: ^^drop}"),
        ("WF012", "{from: ^1.0, votes: ^^reopen}"),
        ("WF012", "{from: ^1.0, timers: ^^drop}"),
        ("WF012", "{from: ^1.0, slas: ^^true}"),
        ("WF012", "{from: ^1.0, states: ^^[review]}"),
        ("WF012", "{from: ^1.0, states: {review: ^^null}}"),
        ("WF012", "{from: ^1.0, states: {review: ^^{to: second, close: gone}}}"),
        ("WF010", "{from: ^1.0, states: {review: {to: review, ^^why: gone}}}"),
        ("WF012", "{from: ^1.0, states: {review: {close: ^^' '}}}"),
        ("WF020", "{from: ^1.0, states: {review: ^^reveiw}}"),
        ("WF020", "{from: ^1.0, states: {^^reveiw: review}}"),
        ("WF026", "{from: ^1.0, fields: {days: ^^dayz}}"),
        ("WF026", "{from: ^1.0, fields: {^^dayz: days}}"),
        ("WF026", "{from: ^1.0, fields: {^^dayz: {expression: 'case.days'}}}"),
        ("WF011", "{from: ^1.0, fields: {^^days: {}}}"),
        ("WF012", "{from: ^1.0, fields: {days: ^^3}}"),
        ("WF052", "{from: ^1.0, fields: {days: {expression: ^^'case.dayz'}}}"),
        ("WF026", "{from: ^1.0, ask: [^^dayz]}"),
        ("WF027", "{from: ^1.0, notify: ^^remindr}"),
        ("WF027", "{from: ^1.0, notify: [reminder, ^^hed]}"),
        ("WF051", "{from: ^1.0, select: ^^'case.days >'}"),
        ("WF052", "{from: ^1.0, select: ^^'case.dayz > 3'}"),
        ("WF053", "{from: ^1.0, select: ^^'case.days'}"),
        ("WF120", "{from: ^1.0, scenarios: {x: {given: {version: ^^1.1.0, uses: people}, steps: []}}}"),
    ],
)
def test_a_plan_is_read_strictly(code: str, plan: str) -> None:
    found, place = told(plan)
    assert [each for each, _ in found] == [code], found
    if place is not None:
        assert found[0][1] == place


@pytest.mark.parametrize(
    "plan",
    [
        "{from: ^1.0}",
        "{from: 1.x, title: {id: Dari 1, en: From 1}, select: \"not in_state('draft')\", tasks: reopen, votes: drop}",
        "{from: '>=1.0 <2', timers: restart, slas: restart, ask: [until], notify: [reminder, candidates, head]}",
        "{from: ^1.0, states: {review: {to: review, reason: {id: a, en: b}}, second: stay}}",
        "{from: ^1.0, states: {review: {close: {id: Dihapus, en: Removed}}}, fields: {parts: null, days: {expression: 'case.days + 1'}}}",
        "{from: ^3.0, states: {nothing: review}}",
    ],
)
def test_a_whole_plan_has_no_finding(plan: str) -> None:
    found, _ = loaded(plan)
    assert not found.problems, shown(found.problems)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("{from: ^1.0}", ["review", "counterpart"]),
        ("{from: ^1.0, states: {review: second}}", ["cannot be kept", "review"]),
        ("{from: ^1.0, states: {review: granted}}", ["not the kind"]),
    ],
)
def test_a_removed_state_needs_a_counterpart_of_its_kind(plan: str, words: list[str]) -> None:
    found, _ = loaded(plan, WITHOUT_REVIEW)
    (problem,) = found.problems
    assert problem.code == "WF091"
    assert all(word in problem.message.en for word in words), problem.message.en
    assert problem.message.id != problem.message.en


@pytest.mark.parametrize(
    "fate", ["{to: second, reason: gone}", "stay", "{close: gone}"], ids=["map", "stay", "close"]
)  # fmt: skip
def test_a_removed_state_with_a_fate_is_enough(fate: str) -> None:
    plan = f"{{from: ^1.0, tasks: reopen, timers: restart, states: {{review: {fate}}}}}"
    found, _ = loaded(plan, WITHOUT_REVIEW)
    assert not found.problems, shown(found.problems)


def test_a_timer_that_is_gone_needs_a_fate() -> None:
    new = changed(NEW, ("nag: {after: {days: 1}", "chase: {after: {days: 1}"))
    problem = only(loaded("{from: ^1.0}", new)[0])
    assert "second.nag" in problem.message.en
    assert not loaded("{from: ^1.0, timers: restart}", new)[0].problems


def test_an_approver_who_is_gone_needs_a_fate() -> None:
    new = changed(NEW, ("a: {candidates: [head]}, b:", "a: {candidates: [head]}, c:"))
    problem = only(loaded("{from: ^1.0}", new)[0])
    assert "second.b" in problem.message.en
    assert not loaded("{from: ^1.0, votes: drop}", new)[0].problems


def test_what_lacks_a_fate_is_told_where_the_plan_speaks_of_it() -> None:
    new = changed(NEW, ("nag: {after: {days: 1}", "chase: {after: {days: 1}"))
    found, place = loaded("{from: ^1.0, timers: ^^keep}", new)
    assert (only(found).line, only(found).column) == place


PARALLEL = """schema: casework/1
case_type: both
version: 1.0.0
title: Both
legal_basis: [X]
roles:
  starter: {title: Starter, resolve: initiator}
  one: {title: One, resolve: {group: ones}}
lifecycle:
  initial: apart
  states:
    apart:
      type: parallel
      regions:
        left: {initial: left_work, states: {left_work: {task: {candidates: [starter]}, transitions: {go: {to: left_end}}}, left_end: {type: final}}}
        right: {initial: right_work, states: {right_work: {task: {candidates: [starter]}, transitions: {go: {to: right_end}}}, right_end: {type: final}}}
      transitions: {done: {to: over}}
    over: {type: final}
"""


def test_branches_must_come_to_stand_in_branches_again() -> None:
    new = PARALLEL.replace("version: 1.0.0", "version: 2.0.0")
    files = {"workflows/history/both/1.0.0.yaml": PARALLEL}
    whole = new + "migrations: {m: {from: ^1.0}}\n"
    assert not problems({"workflows/both.yaml": whole, **files})
    merged = new + "migrations: {m: {from: ^1.0, states: {right_work: left_work}}}\n"
    (problem,) = problems({"workflows/both.yaml": merged, **files})
    assert problem.code == "WF091"
    assert "side by side" in problem.message.en


def test_a_region_that_is_gone_can_be_dropped_with_a_reason() -> None:
    new = PARALLEL.replace("version: 1.0.0", "version: 2.0.0")
    start, end = new.index("        right:"), new.index("      transitions: {done")
    new = new[:start] + new[end:]
    files = {"workflows/history/both/1.0.0.yaml": PARALLEL}
    bare = new + "migrations: {m: {from: ^1.0}}\n"
    (problem,) = problems({"workflows/both.yaml": bare, **files})
    assert "right_work" in problem.message.en
    assert "right_end" in problem.message.en
    whole = (
        new
        + """migrations:
  m:
    from: ^1.0
    states: {right_work: {drop: No longer asked}, right_end: {drop: No longer asked}}
    scenarios:
      one_branch_is_left:
        given: {initiator: ani, version: 1.0.0}
        steps:
          - {migrate: m, expect: {states: [left_work]}}
          - {as: ani, do: go, expect: {ended: true}}
"""
    )
    tree = load_tree(from_texts({"workflows/both.yaml": whole, **files}), vocabulary.load(), TEMPLATES)
    assert not tree.problems, shown(tree.problems)
    assert [result.passed for result in run_all(tree.definitions["both"])] == [True]


def problems(files: dict[str, str]) -> list[Problem]:
    return load_tree(from_texts(files), vocabulary.load(), TEMPLATES).problems


def only(found: Loaded) -> Problem:
    (problem,) = found.problems
    assert problem.code == "WF091", shown(found.problems)
    return problem


OVERLAY = """schema: casework/1
overlay: leave.kab_satu
extends: {{case_type: leave, version: "{range}"}}
region: kab_satu
patch:
  lifecycle: {{states: {{second: {{approval: {{approvers: {{b: null, c: {{candidates: [personnel]}}}}}}}}}}}}
"""


@pytest.mark.parametrize(("range_", "codes"), [(">=1.0 <3", []), ("^2.0", [])])
def test_a_region_moves_the_versions_it_had(range_: str, codes: list[str]) -> None:
    overlay = {"workflows/regions/kab_satu/leave.yaml": OVERLAY.format(range=range_)}
    found, _ = loaded("{from: ^1.0}", **overlay)
    assert [each.code for each in found.problems] == codes, shown(found.problems)
    older = found.definitions["leave.kab_satu"].extras["older"]["1.0.0"]
    assert older.region == ("kab_satu" if range_ == ">=1.0 <3" else None)
    approval = older.states["second"].approval
    assert approval is not None
    assert [approver.key for approver in approval.approvers] == (["a", "c"] if older.region else ["a", "b"])


# -- history ------------------------------------------------------------------------------------------------------


def test_older_versions_are_never_reported_nor_counted_as_definitions() -> None:
    broken = {"workflows/history/leave/0.9.0.yaml": "case_type: leave\nversion: 0.9.0\n\tx: 1\n"}
    found, _ = loaded("{from: ^1.0}", **broken)
    assert not found.problems
    assert list(found.definitions) == ["leave"]
    assert set(found.older) == {("leave", "1.0.0")}


def test_an_older_workflow_takes_the_form_of_its_own_number_otherwise_the_current_one() -> None:
    older_form = {"forms_config/history/leave/1.0.0.yaml": FORM.replace("parts:", "pieces:")}
    found, _ = loaded("{from: ^1.0, fields: {pieces: parts}}", **older_form)
    assert not found.problems, shown(found.problems)
    assert "pieces" in found.older[("leave", "1.0.0")].fields
    assert "parts" in loaded("{from: ^1.0}")[0].older[("leave", "1.0.0")].fields


def test_a_scenario_begins_with_the_older_version_and_goes_on_with_the_newer_one() -> None:
    new = changed(NEW, ("review:\n      task", "check:\n      task")).replace("{to: review}", "{to: check}").replace(
        "state: review", "state: check")  # fmt: skip
    plan = """
    from: ^1.0
    states: {review: check}
    scenarios:
      in_the_middle:
        given: {version: 1.0.0, uses: people}
        steps:
          - {as: sari, do: submit, expect: {state: review, candidates: [budi]}}
          - {advance: {working_days: 1}, expect: {fired: [review.remind]}}
          - {migrate: from_1, expect: {state: check, candidates: [budi], fired: [], ended: false}}
          - {as: sari, do: approve, refused: not_candidate}
          - {as: budi, do: approve, expect: {state: granted, ended: true}}
"""
    found, _ = loaded(plan, new)
    assert not found.problems, shown(found.problems)
    results = {result.scenario: result for result in run_all(found.definitions["leave"])}
    assert results["in_the_middle"].passed, results["in_the_middle"]


def test_a_migration_that_does_not_cover_the_case_is_a_miss_unless_expected() -> None:
    plan = """
    from: ^1.0
    states: {second: stay}
    scenarios:
      stays:
        given: {version: 1.0.0, uses: people}
        steps: [{as: sari, do: ask}, {migrate: from_1, expect: {state: second, incident: null}}]
      held_up:
        given: {version: 1.0.0, uses: people, data: {kind: annual}}
        steps: [{migrate: from_1, expect: {incident: migration_blocked, state: draft}}]
      surprised:
        given: {version: 1.0.0, uses: people, data: {kind: annual}}
        steps: [{migrate: from_1}]
"""
    form = FORM.replace("kind:", "sort:")
    older = {"forms_config/history/leave/1.0.0.yaml": FORM}
    found, _ = loaded(plan, form=form, **older)
    results = {result.scenario: result.passed for result in run_all(found.definitions["leave"])}
    assert (results["stays"], results["held_up"], results["surprised"]) == (True, True, False)


def test_a_case_that_has_the_newer_version_already_is_not_migrated() -> None:
    plan = "{from: '*', scenarios: {x: {given: {uses: people}, steps: [{migrate: from_1}]}}}"
    results = {result.scenario: result for result in run_all(loaded(plan)[0].definitions["leave"])}
    assert (results["x"].expected, results["x"].actual) == ({"version": "*"}, {"version": "2.0.0"})


def test_a_plan_and_the_older_versions_come_back_from_the_cache(tmp_path: Path) -> None:
    plan = """
    from: ^1.0
    states: {second: {close: {id: Dihapus, en: Removed}}}
    fields: {parts: null}
    scenarios:
      closed:
        given: {version: 1.0.0, uses: people}
        steps: [{as: sari, do: ask}, {migrate: from_1, expect: {ended: true}}]
"""
    found = loaded(plan)[0].definitions["leave"]
    kept = DefinitionCache(tmp_path / "kept", b"k" * 32)
    assert kept.store(found)
    again = kept.load(found.digest, vocabulary.load())
    assert again is not None
    assert again.migrations["from_1"].states == found.migrations["from_1"].states
    assert again.migrations["from_1"].dropped == {"parts"}
    assert all(result.passed for result in run_all(again))
