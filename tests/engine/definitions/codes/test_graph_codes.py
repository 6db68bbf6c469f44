"""WF020 to WF032 on states and arrows: a smallest lifecycle that raises the code, a nearest that does not."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from tests.engine.definitions.leave import MARK, leave, shown

HEAD = """\
schema: casework/1
case_type: leave
version: 1.0.0
title: Leave
legal_basis: [PP 11/2017]
calendars:
  office: {timezone: Asia/Jakarta, working_days: [mon, tue, wed, thu, fri]}
roles:
  employee: {title: Employee, resolve: initiator}
  head: {title: Head, resolve: {group: heads}}
  boss: {title: Boss, resolve: {superior_of: employee}}
lifecycle:
"""

TASK = "task: {candidates: [employee]}"
REVIEW = "task: {candidates: [head], excluded: [employee]}"


def lifecycle(text: str) -> str:
    """A whole workflow around the states of one lifecycle; ``TASK`` and ``REVIEW`` stand for a task."""
    body = dedent(text).strip("\n").replace("TASK", TASK).replace("REVIEW", REVIEW)
    return HEAD + indent(body, "  ") + "\n"


def marks(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and where they stood."""
    places = []
    while MARK in text:
        at = text.index(MARK)
        text = text.replace(MARK, "", 1)
        places.append((text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1))
    return text, places


RAISED = {
    "WF020 a target": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: ^^wher}, on_: {to: where}}}
          where: {type: final}
    """,
    "WF020 an initial state": """
        initial: ^^b
        states:
          a: {TASK, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF020 the initial state of a compound one": """
        initial: a
        states:
          a: {type: compound, initial: ^^end, states: {b: {TASK, transitions: {go: {to: end}}}}}
          end: {type: final}
    """,
    "WF020 a timer's target": """
        initial: a
        states:
          a: {TASK, timers: {late: {after: {days: 1}, to: ^^ed}}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF020 an automatic target": """
        initial: a
        states:
          a: {always: {x: {order: 1, guard: "now == now", to: ^^en}, y: {order: 2, to: end}}}
          end: {type: final}
    """,
    "WF020 a performer": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {candidates: [head], excluded: [employee, ^^performer_of.aa]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF021 a state nothing leads to": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: end}}}
          ^^lost: {REVIEW, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF021 two that only lead to each other, one each": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: end}}}
          ^^b: {REVIEW, transitions: {go: {to: c}}}
          ^^c: {REVIEW, transitions: {go: {to: b}, stop: {to: end}}}
          end: {type: final}
    """,
    "WF021 a parent's arrow that every child hides": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {go: {to: ^^^^}}
            states: {b: {TASK, transitions: {go: {to: end}}}}
          ^^lost: {type: final}
          end: {type: final}
    """.replace("^^^^", "lost"),
    "WF021 the target of done where no child is final": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {^^done: {to: lost}}
            states: {b: {TASK, transitions: {go: {to: end}}}}
          ^^lost: {type: final}
          end: {type: final}
    """,
    "WF021 the target of a refusal that cannot be": """
        initial: a
        states:
          a:
            approval: {approvers: {x: {candidates: [boss]}}, outcomes: {accept: approve, refuse: null}}
            transitions: {approved: {to: end}, ^^rejected: {to: lost}}
          ^^lost: {type: final}
          end: {type: final}
    """,
    "WF022 a state without a way on": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}, stop: {to: end}}}
          ^^b: {REVIEW, transitions: {note: {internal: true}}}
          end: {type: final}
    """,
    "WF022 two that only lead to each other": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}, stop: {to: end}}}
          ^^b: {REVIEW, transitions: {go: {to: c}}}
          ^^c: {REVIEW, transitions: {go: {to: b}}}
          end: {type: final}
    """,
    "WF022 a join that waits for a region stuck in a loop": """
        initial: p
        states:
          p:
            type: parallel
            join: ^^{all_of: [one, two]}
            transitions: {done: {to: end}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two:
                initial: c
                states:
                  ^^c: {TASK, transitions: {go: {to: d}}}
                  ^^d: {TASK, transitions: {go: {to: c}}}
          end: {type: final}
    """,
    "WF022 a place in a region from which its final state is out of reach": """
        initial: p
        states:
          p:
            type: parallel
            join: {all_of: [one]}
            transitions: {done: {to: end}}
            regions:
              one:
                initial: a
                states:
                  a: {TASK, transitions: {go: {to: b}, wrong: {to: c}}}
                  b: {type: final}
                  ^^c: {TASK, transitions: {note: {internal: true}}}
              two: {initial: d, states: {d: {TASK, transitions: {go: {to: e}}}, e: {type: final}}}
          end: {type: final}
    """,
    "WF022 a final state inside that nothing leads out of": """
        initial: a
        states:
          ^^a:
            type: compound
            initial: b
            states: {^^b: {TASK, transitions: {go: {to: c}}}, c: {type: final}}
    """,
    "WF023 two automatic steps": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          ^^b: {always: {x: {order: 1, guard: "now == now", to: c}, y: {order: 2, to: end}}}
          c: {always: {x: {to: b}}}
          end: {type: final}
    """,
    "WF023 a step onto itself": """
        initial: a
        states:
          ^^a: {always: {x: {order: 1, guard: "now != now", to: a}, y: {order: 2, to: end}}}
          end: {type: final}
    """,
    "WF023 a compound state that is done at once": """
        initial: a
        states:
          a: {always: {x: {order: 1, guard: "now == now", to: c}, y: {order: 2, to: end}}}
          c:
            type: compound
            initial: d
            transitions: {done: {to: a}}
            states: {d: {type: final}}
          end: {type: final}
    """.replace("  a: {always", "  ^^a: {always"),
    "WF023 an approval that may need nobody": """
        initial: a
        states:
          ^^a: {always: {x: {order: 1, guard: "now == now", to: b}, y: {order: 2, to: end}}}
          b:
            approval: {approvers: {x: {candidates: [boss], needed_when: "now != now"}}}
            transitions: {approved: {to: a}, rejected: {to: end}}
          end: {type: final}
    """,
    "WF024 a key in another compound state": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b:
            type: compound
            initial: c
            transitions: {stop: {to: end, by: [employee]}}
            states: {c: {TASK, transitions: {go: {to: end}}}, ^^a: {TASK, transitions: {go: {to: end}}}}
          end: {type: final}
    """,
    "WF025 a candidate": """
        initial: a
        states:
          a: {task: {candidates: [^^employe]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF025 a maker": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: end, by: [^^hed]}, stop: {to: end}}}
          end: {type: final}
    """,
    "WF025 an excluded role": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {candidates: [head], excluded: [employee, ^^hed]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF028 an unknown region": """
        initial: p
        states:
          p:
            type: parallel
            join: ^^{all_of: [one, tow]}
            transitions: {done: {to: end}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}}
          end: {type: final}
    """,
    "WF028 a region that can never be final": """
        initial: p
        states:
          p:
            type: parallel
            join: ^^{all_of: [one, two]}
            transitions: {done: {to: end}, stop: {to: end, by: [employee]}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {TASK, transitions: {go: {to: c}}}}}
          end: {type: final}
    """,
    "WF028 more regions than there are": """
        initial: p
        states:
          p:
            type: parallel
            join: ^^{quorum: 3}
            transitions: {done: {to: end}, stop: {to: end, by: [employee]}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}}
          end: {type: final}
    """,
    "WF028 more approvals than places": """
        initial: a
        states:
          a:
            approval: {approvers: {x: {candidates: [boss]}}, completion: ^^{quorum: 2}}
            transitions: {approved: {to: end}, rejected: {to: end}}
          end: {type: final}
    """,
    "WF029 a child hides its parent's action": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {stop: {to: end, by: [employee]}}
            states: {b: {TASK, transitions: {go: {to: c}}}, c: {TASK, transitions: {^^stop: {to: end}}}}
          end: {type: final}
    """,
    "WF031 a task without an exclusion": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {^^candidates: [head]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF031 an approval without an exclusion": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b:
            ^^approval: {approvers: {x: {candidates: [head]}}}
            transitions: {approved: {to: end}, rejected: {to: a}}
          end: {type: final}
    """,
    "WF032 a state with nothing to do": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          ^^b: {transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF032 a transition nobody may make": """
        initial: a
        states:
          a: {timers: {t: {after: {days: 1}, to: end}}, transitions: {^^go: {to: end}}}
          end: {type: final}
    """,
    "WF032 a transition of nobody": """
        initial: a
        states:
          a: {TASK, transitions: {^^go: {to: end, by: []}, stop: {to: end}}}
          end: {type: final}
    """,
    "WF032 a place in an approval nobody can fill": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b:
            approval:
              ordering: parallel
              approvers: {x: {candidates: [boss]}, y: {candidates: ^^[]}}
              completion: all
              excluded: [employee]
            transitions: {approved: {to: end}, rejected: {to: a}}
          end: {type: final}
    """,
    "WF032 a task whose candidates can do nothing": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {^^task: {candidates: [boss]}, transitions: {go: {to: end, by: [employee]}}}
          end: {type: final}
    """,
    "WF032 a task all of whose candidates are excluded": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {^^task: {candidates: [head], excluded: [employee, head]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "WF032 an approval without a way for a refusal": """
        initial: a
        states:
          a:
            ^^approval: {approvers: {x: {candidates: [boss]}}}
            transitions: {approved: {to: end}}
          end: {type: final}
    """,
    "WF032 an event nobody raises": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {^^approved: {to: end}}
            states: {b: {TASK, transitions: {go: {to: end}}}}
          end: {type: final}
    """,
    "WF041 a timer's action": """
        initial: a
        states:
          a: {TASK, timers: {t: {after: {days: 1}, do: ^^goo}}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
}

# What a fault brings with it, beyond its own code.
ALSO = {
    "WF021 the target of done where no child is final": {"WF032"},
    "WF021 the target of a refusal that cannot be": {"WF032"},
    "WF021 a parent's arrow that every child hides": {"WF029", "WF032"},
    "WF022 a join that waits for a region stuck in a loop": {"WF028"},
    "WF022 a state without a way on": set(),
    "WF024 a key in another compound state": set(),
}

SOUND = {
    "a state reached by a timer": """
        initial: a
        states:
          a: {TASK, timers: {late: {after: {days: 1}, to: b}}, transitions: {go: {to: end}}}
          b: {REVIEW, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "a state reached by an action a timer takes": """
        initial: a
        states:
          a: {TASK, timers: {late: {after: {days: 1}, do: lapse}}, transitions: {go: {to: end}, lapse: {to: b, by: []}}}
          b: {TASK, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "a silence that counts as approval": """
        initial: a
        states:
          a:
            approval: {approvers: {x: {candidates: [boss]}}}
            timers: {silence: {after: {working_days: 10}, do: approve, as: system, record: deemed_consent}}
            transitions: {approved: {to: end}, rejected: {to: end}}
          end: {type: final}
    """,
    "a state reached by history alone is reached by its first entry": """
        initial: a
        states:
          a:
            type: compound
            history: deep
            initial: b
            transitions: {pause: {to: paused, by: [employee]}}
            states: {b: {TASK, transitions: {go: {to: c}}}, c: {TASK, transitions: {go: {to: end}}}}
          paused: {TASK, transitions: {resume: {to: a, resume: history}}}
          end: {type: final}
    """,
    "a parent's arrow is a way out of each child": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {stop: {to: end, by: [employee]}}
            states: {b: {TASK, transitions: {go: {to: c}}}, c: {TASK, transitions: {go: {to: b}}}}
          end: {type: final}
    """,
    "a state that rests is an end": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: locked}}}
          locked: {resting: true, transitions: {unlock: {to: a, by: [head]}}}
    """,
    "a join of some regions lets the others idle": """
        initial: p
        states:
          p:
            type: parallel
            join: {all_of: [one]}
            transitions: {done: {to: end}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {TASK, transitions: {go: {to: c}}}}}
          end: {type: final}
    """,
    "a quorum of regions": """
        initial: p
        states:
          p:
            type: parallel
            join: {quorum: 1}
            transitions: {done: {to: end}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {TASK, transitions: {go: {to: c}}}}}
          end: {type: final}
    """,
    "a compound state inside a region": """
        initial: p
        states:
          p:
            type: parallel
            join: {all_of: [one, two]}
            transitions: {done: {to: end}}
            regions:
              one:
                initial: a
                states:
                  a:
                    type: compound
                    initial: b
                    transitions: {done: {to: e}}
                    states: {b: {TASK, transitions: {go: {to: c}}}, c: {type: final}}
                  e: {type: final}
              two: {initial: f, states: {f: {TASK, transitions: {go: {to: g}}}, g: {type: final}}}
          end: {type: final}
    """,
    "a parallel state inside a region": """
        initial: p
        states:
          p:
            type: parallel
            join: {all_of: [one, two]}
            transitions: {done: {to: end}}
            regions:
              one:
                initial: q
                states:
                  q:
                    type: parallel
                    join: {quorum: 2}
                    transitions: {done: {to: e}}
                    regions:
                      left: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
                      right: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}}
                  e: {type: final}
              two: {initial: f, states: {f: {TASK, transitions: {go: {to: g}}}, g: {type: final}}}
          end: {type: final}
    """,
    "a way back into a region from outside": """
        initial: p
        states:
          p:
            type: parallel
            join: {all_of: [one, two]}
            transitions: {done: {to: check}}
            regions:
              one: {initial: a, states: {a: {TASK, transitions: {go: {to: b}}}, b: {type: final}}}
              two: {initial: c, states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}}
          check: {REVIEW, transitions: {back: {to: c}, go: {to: end}}}
          end: {type: final}
    """,
    "an automatic choice": """
        initial: a
        states:
          a: {always: {x: {order: 1, guard: "now == now", to: b}, y: {order: 2, to: end}}}
          b: {TASK, transitions: {go: {to: a}}}
          end: {type: final}
    """,
    "an automatic step into a state with a timer back": """
        initial: a
        states:
          a: {always: {x: {order: 1, guard: "now == now", to: b}, y: {order: 2, to: end}}}
          b: {timers: {t: {after: {days: 1}, to: a}}}
          end: {type: final}
    """,
    "a step that may be skipped": """
        initial: a
        states:
          a: {REVIEW, always: {skip: {guard: "now == now", to: end}}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "an approval that cannot be refused": """
        initial: a
        states:
          a:
            approval: {approvers: {x: {candidates: [boss]}}, outcomes: {accept: note, refuse: null}}
            transitions: {approved: {to: end}}
          end: {type: final}
    """,
    "an approval whose refusal its parent answers": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {rejected: {to: end}}
            states:
              b: {approval: {approvers: {x: {candidates: [boss]}}}, transitions: {approved: {to: end}}}
          end: {type: final}
    """,
    "a done of a child hides nothing": """
        initial: a
        states:
          a:
            type: compound
            initial: b
            transitions: {done: {to: end}}
            states:
              b:
                type: compound
                initial: c
                transitions: {done: {to: e}}
                states: {c: {TASK, transitions: {go: {to: d}}}, d: {type: final}}
              e: {type: final}
          end: {type: final}
    """,
    "an exclusion of whoever wrote it": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {candidates: [head], excluded: [performer_of.a]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "the initiator's superior is somebody else": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {candidates: [boss]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "the initiator's own step later on": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: b}}}
          b: {task: {candidates: [employee, head]}, transitions: {go: {to: end}}}
          end: {type: final}
    """,
    "the engine's words are plain names where it raises nothing": """
        initial: a
        states:
          a: {TASK, transitions: {done: {to: end}, approved: {to: end}}}
          end: {type: final}
    """,
    "a role with the same people may make the transition": """
        initial: a
        states:
          a: {TASK, transitions: {go: {to: end, by: [employee]}}}
          end: {type: final}
    """,
}


@pytest.mark.parametrize("name", RAISED)
def test_a_code_is_raised_at_its_tokens(name: str) -> None:
    code = name.split()[0]
    text, places = marks(lifecycle(RAISED[name]))
    problems = leave(text)
    allowed = {code} | ALSO.get(name, set())
    assert {each.code for each in problems} <= allowed, shown(problems)
    at = [(each.line, each.column) for each in problems]
    assert at == places or (name in ALSO and set(places) <= set(at)), shown(problems)
    assert any(each.code == code and (each.line, each.column) in places for each in problems), shown(problems)


@pytest.mark.parametrize("name", SOUND)
def test_a_lifecycle_that_is_right_has_no_finding(name: str) -> None:
    problems = leave(lifecycle(SOUND[name]))
    assert not problems, shown(problems)


def test_a_circle_is_told_once() -> None:
    text, places = marks(lifecycle(RAISED["WF023 two automatic steps"]))
    assert [(each.line, each.column) for each in leave(text) if each.code == "WF023"] == places


def test_an_external_initiator_is_not_warned_of() -> None:
    text, _ = marks(lifecycle(RAISED["WF031 a task without an exclusion"]))
    assert not leave(text.replace("resolve: initiator}", "resolve: initiator, external: true}"))


def test_a_separation_of_duties_on_the_initiator_covers_a_task() -> None:
    text, _ = marks(lifecycle(RAISED["WF031 a task without an exclusion"]))
    rule = 'separation_of_duties: {own: {applies_to: [head], exclude_when: "user == initiator"}}\nlifecycle:'
    assert not leave(text.replace("lifecycle:", rule))
    other = rule.replace("user == initiator", "user == case_roles")
    assert leave(text.replace("lifecycle:", other))


def test_an_unknown_target_is_told_with_the_state_that_was_meant() -> None:
    text, _ = marks(lifecycle(RAISED["WF020 a target"]))
    assert [each.suggestion for each in leave(text)] == ["where"]
