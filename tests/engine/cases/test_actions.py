# ruff: noqa: E501 - YAML as authors write it
"""What a page shows: every action that applies, possible or with the refusal the act itself would give (reference §8.11)."""

from __future__ import annotations

from engine.cases.actions import actions_for, why
from tests.engine.cases.test_plan_tasks import TWO_STEPS


def views(case, person):
    return {view.action: view for view in actions_for(case.case.definition, case.case.facts, person)}


def codes(case, person):
    return {action: view.refusal and view.refusal.code for action, view in views(case, person).items()}


def test_the_actions_of_a_step_with_who_may_not(play):
    case = play(TWO_STEPS, users={"clerk": ["carla", "cici"]})
    case.do("ani", "submit")
    assert codes(case, "carla") == {
        "approve": None,
        "return": None,
        "note": None,
        "take_over": "not_candidate",
        "claim": None,
    }
    assert codes(case, "hana")["take_over"] is None
    assert codes(case, "ani")["approve"] == "not_candidate"
    case.do("carla", "claim")
    assert codes(case, "cici") == {
        "approve": "claimed_by_other", "return": "claimed_by_other", "note": "claimed_by_other", "take_over": "not_candidate",
    }  # fmt: skip
    assert codes(case, "carla")["release"] is None


def test_a_view_says_what_the_act_needs_edits_and_leads_to(play):
    case = play(TWO_STEPS)
    view = views(case, "ani")["submit"]
    assert view.edits == ("amount", "names", "text")
    assert view.form == "sample"
    assert view.next_states == ("review",)
    case.do("ani", "submit")
    assert views(case, "carla")["return"].needs == ("comment",)
    assert views(case, "carla")["note"].is_internal
    case.do("carla", "approve")
    assert views(case, "hana")["approve"].needs == ("attachment", "second_factor")


def test_a_guard_is_not_held_against_answers_that_may_still_be_typed(play):
    written = """
    lifecycle:
      initial: draft
      states:
        draft:
          task: {candidates: [starter], form: sample, fields: {text: edit}}
          transitions:
            submit: {to: review, guard: "filled(case.text)"}
            skip: {to: review, guard: "case.count > 0"}
        review: {task: {candidates: [clerk], form: sample}, transitions: {approve: {to: over, guard: "case.count > 0"}}}
        over: {type: final}
    """
    case = play(written)
    assert codes(case, "ani") == {"submit": None, "skip": "guard"}
    assert "0" in views(case, "ani")["skip"].refusal.sentence.id
    case.do("ani", "submit", data={"text": "x"})
    assert codes(case, "carla") == {"approve": "guard"}


def test_an_approval_shows_its_outcomes_and_the_turn(play):
    written = """
    lifecycle:
      initial: joint
      states:
        joint:
          approval: {ordering: sequential, approvers: {a: {order: 1, candidates: [clerk]}, b: {order: 2, candidates: [head]}}, completion: all}
          transitions: {approved: {to: over}, rejected: {to: over}}
        over: {type: final}
    """
    case = play(written)
    assert codes(case, "carla") == {"approve": None, "reject": None}
    assert views(case, "carla")["reject"].needs == ("comment",)
    assert views(case, "carla")["approve"].next_states == ("over",)
    assert codes(case, "hana") == {"approve": "not_your_turn", "reject": "not_your_turn"}
    case.do("carla", "approve")
    assert codes(case, "carla") == {"approve": "already_decided", "reject": "already_decided"}


def test_each_item_has_its_own_actions(play):
    written = """
    lifecycle:
      initial: each
      states:
        each:
          multi_instance: {collection: case.names, element: one, ordering: parallel, completion: all}
          task: {candidates: [clerk], form: sample}
          transitions: {finish: {to: over}}
        over: {type: final}
    """
    case = play(written, data={"names": ["x", "y"]})
    found = actions_for(case.case.definition, case.case.facts, "carla")
    assert [(view.action, view.item, view.task) for view in found] == [("finish", "x", 1), ("finish", "y", 2)]


def test_why_answers_for_one_action_also_for_claims(play):
    case = play(TWO_STEPS, users={"clerk": ["carla", "cici"]})
    case.do("ani", "submit")
    case.do("carla", "claim")

    def asked(person, action):
        return [
            view.refusal and view.refusal.code for view in why(case.case.definition, case.case.facts, person, action)
        ]

    assert asked("cici", "claim") == ["claimed_by_other"]
    assert asked("leo", "claim") == ["not_candidate"]
    assert asked("leo", "approve") == ["not_candidate"]
    assert asked("ani", "recall") == ["not_recallable"]
    assert asked("ani", "nonsense") == []
