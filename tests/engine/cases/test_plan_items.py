"""Multi-instance: one task an item (reference §4, §8.17)."""

from __future__ import annotations

ITEMS = """
lifecycle:
  initial: start
  states:
    start: {task: {candidates: [starter], form: sample, fields: {names: edit}}, transitions: {go: {to: each}}}
    each:
      multi_instance: {collection: case.COLLECTION, element: one, ordering: ORDERING, completion: COMPLETION}
      task: {candidates: [clerk], form: sample, fields: {text: edit}}
      transitions:
        finish: {to: after, guard: "not filled(case.text) or case.text != 'stop'", effects: {n: {increment: count}}}
        object: {to: other, requires: [comment], effects: {n: {increment: count}}}
        cancel: {to: other, by: [head]}
        note: {internal: true, effects: {n: {increment: count}}}
    after:
      task: {candidates: [clerk, head], excluded: [performer_of.each]}
      transitions: {close: {to: over}, again: {to: each}}
    other: {task: {candidates: [head]}, transitions: {close: {to: over}}}
    over: {type: final}
"""


def items(play, *, collection="names", ordering="parallel", completion="all", **given):
    written = ITEMS.replace("COLLECTION", collection).replace("ORDERING", ordering).replace("COMPLETION", completion)
    given = {"data": {"names": ["x", "y", "z"]}, "users": {"clerk": ["carla", "cici"]}, **given}
    case = play(written, **given)
    assert case.do("ani", "go") is None
    return case


def test_each_item_has_a_task_and_the_arrow_is_taken_when_all_are_finished(play):
    case = items(play)
    assert len(case.case.facts.state.tasks) == 3
    assert case.do("carla", "finish", item="y") is None
    assert case.do("carla", "finish", item="y") == "unknown_item"
    assert case.do("carla", "finish", item="q") == "unknown_item"
    assert case.do("cici", "finish", item="x") is None
    assert case.states == ["each"]
    assert case.do("carla", "finish") is None
    assert case.states == ["after"]
    assert case.answer("count") == 3
    assert case.candidates() == ["hana"]


def test_the_arrow_of_the_last_act_is_taken(play):
    case = items(play)
    case.do("carla", "finish", item="x")
    assert case.do("carla", "object", item="y") == "comment_required"
    case.do("carla", "object", "no", item="y")
    assert case.states == ["each"]
    case.do("carla", "finish", item="z")
    assert case.states == ["after"]
    case = items(play)
    case.do("carla", "finish", item="x")
    case.do("carla", "finish", item="y")
    case.do("carla", "object", "no", item="z")
    assert case.states == ["other"]


def test_the_guard_is_asked_for_each_item(play):
    case = items(play)
    assert case.do("carla", "finish", item="x", data={"text": "stop"}) == "guard"
    assert case.do("carla", "finish", item="x") is None


def test_in_sequence_one_item_is_open_at_a_time(play):
    case = items(play, ordering="sequential")
    assert [task.item for task in case.case.facts.state.tasks.values()] == ["x"]
    assert case.do("carla", "finish", item="y") == "unknown_item"
    case.do("carla", "finish")
    assert [task.item for task in case.case.facts.state.tasks.values()] == ["y"]
    case.do("carla", "finish")
    case.do("cici", "finish")
    assert case.states == ["after"]


def test_any_and_a_quorum_end_it_early(play):
    case = items(play, completion="any")
    case.do("carla", "finish", item="z")
    assert case.states == ["after"]
    assert len(case.case.facts.state.tasks) == 1
    case = items(play, completion="{quorum: 2}")
    case.do("carla", "finish", item="z")
    case.do("carla", "finish", item="x")
    assert case.states == ["after"]


def test_an_empty_collection_is_complete_at_once_by_the_first_arrow_without_by(play):
    case = items(play, data={})
    assert case.states == ["after"]
    assert case.answer("count") == 0
    assert case.incidents == []


def test_the_items_of_a_table_are_its_rows_from_one(play):
    case = items(play, collection="lines", data={"lines": [{"what": "a"}, {"what": "b"}]})
    assert case.do("carla", "finish", item="0") == "unknown_item"
    case.do("carla", "finish", item="2")
    case.do("carla", "finish", item="1")
    assert case.states == ["after"]


def test_a_transition_with_by_leaves_at_once(play):
    case = items(play)
    case.do("carla", "finish", item="x")
    assert case.do("hana", "cancel") is None
    assert case.states == ["other"]


def test_coming_again_starts_anew(play):
    case = items(play)
    for item in ("x", "y", "z"):
        case.do("carla", "finish", item=item)
    case.do("hana", "again")
    assert len(case.case.facts.state.tasks) == 3


def test_an_internal_act_claims_the_item_and_finishes_nothing(play):
    case = items(play)
    assert case.do("carla", "note", item="y") is None
    assert case.do("cici", "finish", item="y") == "claimed_by_other"
    assert case.do("cici", "finish", item="x") is None
    assert case.states == ["each"]


def test_items_of_the_same_name_are_finished_one_by_one(play):
    case = items(play, data={"names": ["x", "x"]})
    assert case.do("carla", "finish", item="x") is None
    assert case.states == ["each"]
    assert case.do("carla", "finish", item="x") is None
    assert case.states == ["after"]


def test_the_arrow_of_an_empty_collection_resumes_where_its_target_was_left(play):
    written = """
    lifecycle:
      initial: whole
      states:
        whole:
          type: compound
          history: shallow
          initial: first
          states:
            first: {task: {candidates: [starter]}, transitions: {go: {to: second}}}
            second: {task: {candidates: [starter], form: sample}, transitions: {ask: {to: each}, close: {to: over}}}
        each:
          multi_instance: {collection: case.names, element: one}
          task: {candidates: [clerk]}
          transitions: {finish: {to: whole, resume: history}}
        over: {type: final}
    """
    case = play(written, data={"names": []})
    case.do("ani", "go")
    assert case.do("ani", "ask") is None
    assert case.states == ["second"]
