# ruff: noqa: E501 - YAML as authors write it
"""§4 and §8: states, tasks, claims, items, transitions."""

from __future__ import annotations

import pytest


def one(task: str, arrows: str, *, more: str = "", state: str = "") -> str:
    """A case type whose first state has this task and these arrows."""
    return f"""
lifecycle:
  initial: work
  states:
    work:
      task: {{form: sample, {task}}}
      transitions: {{{arrows}}}
{state}
{more}
    over: {{type: final}}
"""


CLERKS = {"clerk": ["carla", "cici"]}
END = "end: {to: over}"
LATER = "    later: {task: {candidates: [head]}, transitions: {close: {to: over}}}"


def test_4_a_final_state_ends_the_case(play):
    case = play(one("candidates: [clerk]", END))
    assert case.do("carla", "end") is None
    assert case.ended and case.candidates() == []
    assert case.do("carla", "end") == "unknown_event"


def test_4_a_resting_state_is_no_end(play):
    case = play(
        one(
            "candidates: [clerk]",
            "lock: {to: locked}",
            more="    locked: {resting: true, transitions: {open: {to: over, by: [head]}}}",
        )
    )
    assert case.do("carla", "lock") is None
    assert not case.ended
    assert case.do("hana", "open") is None
    assert case.ended


def test_4_1_one_candidate_has_the_task_at_once(play):
    case = play(one("candidates: [clerk]", END))
    assert case.candidates() == ["carla"]
    assert case.do("carla", "end") is None


def test_4_1_of_several_one_claims_it_and_the_others_have_to_ask(play):
    case = play(one("candidates: [clerk]", END), users=CLERKS)
    assert case.candidates() == ["carla", "cici"]
    assert case.do("cici", "claim") is None
    assert case.candidates() == ["cici"]
    assert case.do("carla", "end") == "claimed_by_other"
    assert case.do("cici", "release") is None
    assert case.do("carla", "end") is None


def test_4_1_acting_without_a_claim_claims_it(play):
    case = play(one("candidates: [clerk]", f"{END}, note: {{internal: true}}"), users=CLERKS)
    assert case.do("carla", "note") is None
    assert case.do("cici", "end") == "claimed_by_other"


def test_8_15_a_claim_lapses_when_its_holder_is_no_longer_a_candidate(play):
    arrows = (
        f"{END}, ban: {{internal: true, by: [head], effects: {{put: {{append: {{field: people, value: actor}}}}}}}}"
    )
    written = one("candidates: [clerk, head]", arrows)
    written = (
        'separation_of_duties: {listed: {applies_to: [clerk, head], exclude_when: "user in case.people"}}\n'
        + written.lstrip()
    )
    case = play(written, users=CLERKS)
    assert case.do("hana", "claim") is None
    assert case.do("hana", "ban") is None
    assert case.candidates() == ["carla", "cici"]
    assert case.do("carla", "end") is None


def test_8_15_a_transition_with_by_needs_no_claim(play):
    case = play(one("candidates: [clerk]", f"{END}, stop: {{to: over, by: [clerk, head]}}"), users=CLERKS)
    case.do("cici", "claim")
    assert case.do("carla", "stop") is None


def test_4_1_a_claim_falls_back_after_auto_release(play):
    case = play(one("candidates: [clerk], auto_release: {hours: 4}", END), users=CLERKS)
    case.do("cici", "claim")
    case.advance(hours=3)
    assert case.do("carla", "end") == "claimed_by_other"
    case.advance(hours=1)
    assert case.do("carla", "end") is None


def test_4_1_round_robin_and_least_loaded_give_the_task_to_somebody(play):
    for kind in ("round_robin", "least_loaded"):
        case = play(one(f"candidates: [clerk], allocate: {kind}", END), users=CLERKS)
        assert len(case.candidates()) == 1
        holder = case.candidates()[0]
        assert case.do(next(name for name in CLERKS["clerk"] if name != holder), "end") == "claimed_by_other"


def test_4_1_offer_is_to_all_candidates(play):
    case = play(one("candidates: [clerk, head]", END), users=CLERKS)
    assert case.candidates() == ["carla", "cici", "hana"]


def test_4_1_a_task_may_fill_case_roles(play):
    roles = ROLES_WITH_TEAM
    more = "    team_work: {task: {candidates: [team]}, transitions: {close: {to: over}}}"
    case = play(
        one("candidates: [head], assigns: [team]", "start: {to: team_work}", more=more),
        roles=roles,
        others=["tia", "tono"],
    )
    assert case.do("hana", "start", assign={"team": ["tia", "tono"]}) is None
    assert case.candidates() == ["tia", "tono"]
    assert case.do("tono", "close") is None


ROLES_WITH_TEAM = """
roles:
  starter: {title: {id: Pembuka, en: Starter}, resolve: initiator}
  clerk: {title: {id: Petugas, en: Clerk}, resolve: {group: clerks}}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
  team: {title: {id: Tim, en: Team}, resolve: {case_role: true, cardinality: many}}
"""


def test_4_1_fields_not_named_are_read_only(play):
    case = play(one("candidates: [clerk], fields: {count: edit, text: read}", END))
    assert case.do("carla", "end", data={"text": "x"}) == "field_invalid"
    assert case.do("carla", "end", data={"amount": 1}) == "field_invalid"
    assert case.do("carla", "end", data={"count": 3}) is None
    assert case.answer("count") == 3


def test_4_3_who_may_is_the_candidates_unless_by_says_otherwise(play):
    case = play(one("candidates: [clerk]", f"{END}, stop: {{to: over, by: [head]}}"))
    assert case.do("hana", "end") == "not_candidate"
    assert case.do("carla", "stop") == "not_candidate"
    assert case.do("hana", "stop") is None


def test_3_excluded_of_a_task_does_not_touch_a_transition_with_by(play):
    case = play(
        one("candidates: [clerk, starter], excluded: [starter]", f"{END}, withdraw: {{to: over, by: [starter]}}")
    )
    assert case.do("ani", "end") == "excluded"
    assert case.do("ani", "withdraw") is None


@pytest.mark.parametrize(("needs", "code", "given"), [
    ("comment", "comment_required", {"comment": "why"}),
    ("attachment", "attachment_required", {"files": 1}),
    ("second_factor", "second_factor_required", {"code": True}),
])  # fmt: skip
def test_4_3_what_a_transition_requires_is_asked_for(play, needs, code, given):
    case = play(one("candidates: [clerk]", f"end: {{to: over, requires: [{needs}]}}"))
    assert case.do("carla", "end") == code
    assert case.do("carla", "end", **given) is None


def test_4_3_a_guard_keeps_a_transition_back_and_says_its_message(play):
    guarded = 'end: {to: over, guard: "case.count > 2", guard_message: {id: Belum cukup, en: Not enough}}'
    case = play(one("candidates: [clerk], fields: {count: edit}", guarded))
    assert case.do("carla", "end") == "guard"
    assert "Not enough" in case.sentence
    assert case.do("carla", "end", data={"count": 3}) is None


def test_9_a_guard_without_a_message_is_read_out_with_its_values(play):
    case = play(one("candidates: [clerk]", 'end: {to: over, guard: "case.count > 2"}'))
    assert case.do("carla", "end") == "guard"
    assert "Count" in case.sentence and "0" in case.sentence


def test_4_3_an_internal_transition_leaves_and_enters_nothing(play):
    state = "      timers: {late: {after: {days: 2}, to: over}}"
    case = play(one("candidates: [clerk]", "note: {internal: true, effects: {add: {increment: count}}}", state=state))
    case.advance(days=1)
    assert case.do("carla", "note") is None
    assert case.answer("count") == 1
    assert case.advance(days=1) == ["work.late"]


def test_4_3_what_was_done_may_be_taken_back_until_the_next_act(play):
    case = play(one("candidates: [clerk]", "send: {to: later, recallable: true}", more=LATER), users=CLERKS)
    assert case.do("carla", "send") is None
    assert case.do("cici", "recall") == "not_recallable"
    assert case.do("carla", "recall") is None
    assert case.states == ["work"]
    case.do("carla", "send")
    case.do("hana", "close")
    assert case.do("carla", "recall") in ("not_recallable", "unknown_event")


def test_4_3_what_is_not_recallable_cannot_be_taken_back(play):
    case = play(one("candidates: [clerk]", "send: {to: later}", more=LATER))
    case.do("carla", "send")
    assert case.do("carla", "recall") == "not_recallable"


REQUIRED_FORM = """
schema: casework-form/1
form: sample
version: 1.0.0
title: {id: Contoh, en: Sample}
fields:
  text: {type: text, required: true, max_length: 5, title: {id: Teks, en: Text}}
  count: {type: integer, title: {id: Hitungan, en: Count}, default: 0}
  names: {type: list, of: text, min_items: 2, title: {id: Nama, en: Names}}
sections:
  all: {order: 10, title: {id: Semua, en: All}, fields: {text: {order: 1}, count: {order: 2}, names: {order: 3}}}
"""


def test_8_13_required_answers_are_asked_by_every_act_on_a_task_that_edits_them(play):
    case = play(one("candidates: [clerk], fields: {text: edit}", END), form=REQUIRED_FORM)
    assert case.do("carla", "end") == "field_invalid"
    assert case.do("carla", "end", data={"text": "x"}) is None


def test_8_13_required_answers_are_not_asked_where_they_are_not_edited(play):
    case = play(one("candidates: [clerk], fields: {count: edit}", END), form=REQUIRED_FORM)
    assert case.do("carla", "end") is None


@pytest.mark.parametrize("action", ["note", "claim", "drop"])
def test_8_13_required_answers_are_not_asked_by_internal_acts_claims_or_where_they_may_be_incomplete(play, action):
    arrows = f"{END}, note: {{internal: true}}, drop: {{to: over, answers: incomplete}}"
    case = play(one("candidates: [clerk], fields: {text: edit}", arrows), form=REQUIRED_FORM, users=CLERKS)
    assert case.do("carla", action) is None


def test_8_13_required_answers_are_not_asked_by_a_release(play):
    case = play(one("candidates: [clerk], fields: {text: edit}", END), form=REQUIRED_FORM, users=CLERKS)
    case.do("carla", "claim")
    assert case.do("carla", "release") is None


def test_8_13_limits_hold_for_filled_answers_only(play):
    case = play(one("candidates: [clerk], fields: {names: edit}", END), form=REQUIRED_FORM)
    assert case.do("carla", "end", data={"names": ["x"]}) == "field_invalid"
    assert case.do("carla", "end") is None


def test_8_13_answers_sent_are_checked_even_where_they_may_be_incomplete(play):
    case = play(
        one("candidates: [clerk], fields: {text: edit, count: edit}", "drop: {to: over, answers: incomplete}"),
        form=REQUIRED_FORM,
    )
    assert case.do("carla", "drop", data={"count": "many"}) == "field_invalid"
    assert case.do("carla", "drop", data={"count": 2}) is None


ITEMS = "      multi_instance: {{collection: {of}, element: one, ordering: {order}, completion: {done}}}"


def items(of="case.names", order="parallel", done="all"):
    return ITEMS.format(of=of, order=order, done=done)


XYZ = {"names": ["x", "y", "z"]}


def test_4_a_multi_instance_has_one_task_an_item(play):
    case = play(one("candidates: [clerk]", END, state=items()), data=XYZ)
    for item in ("y", "x"):
        assert case.do("carla", "end", item=item) is None
        assert case.states == ["work"]
    assert case.do("carla", "end", item="y") == "unknown_item"
    assert case.do("carla", "end", item="z") is None
    assert case.ended


def test_4_items_in_sequence_are_open_one_after_the_other(play):
    case = play(one("candidates: [clerk]", END, state=items(order="sequential")), data=XYZ)
    assert case.do("carla", "end", item="y") == "unknown_item"
    for item in ("x", "y", "z"):
        assert case.do("carla", "end", item=item) is None
    assert case.ended


@pytest.mark.parametrize(("done", "acts"), [("any", 1), ("{quorum: 2}", 2), ("all", 3)])
def test_4_items_are_complete_by_all_a_quorum_or_any(play, done, acts):
    case = play(one("candidates: [clerk]", END, state=items(done=done)), data=XYZ)
    for item in XYZ["names"][:acts]:
        assert not case.ended
        assert case.do("carla", "end", item=item) is None
    assert case.ended


def test_8_17_guard_and_effects_apply_to_each_item(play):
    arrow = "end: {to: over, guard: \"item != 'y' or case.count >= 1\", effects: {add: {increment: count}}}"
    case = play(one("candidates: [clerk]", arrow, state=items()), data=XYZ)
    assert case.do("carla", "end", item="y") == "guard"
    assert case.do("carla", "end", item="x") is None
    assert case.answer("count") == 1
    assert case.do("carla", "end", item="y") is None
    assert case.answer("count") == 2


def test_8_17_the_arrow_of_the_last_act_is_taken_at_completion(play):
    case = play(one("candidates: [clerk]", f"{END}, send: {{to: later}}", state=items(), more=LATER), data=XYZ)
    for item, action in (("x", "end"), ("y", "end"), ("z", "send")):
        assert case.do("carla", action, item=item) is None
    assert case.states == ["later"]


def test_8_17_an_empty_collection_completes_at_once_by_the_first_arrow_without_by(play):
    case = play(
        one(
            "candidates: [clerk]",
            f"stop: {{to: over, by: [head]}}, send: {{to: later}}, {END}",
            state=items(),
            more=LATER,
        )
    )
    assert case.states == ["later"]


def test_8_17_the_item_of_a_table_is_the_row_s_number_from_one(play):
    written = one("candidates: [clerk]", END, state=items(of="case.lines"))
    case = play(written, data={"lines": [{"what": "a"}, {"what": "b"}]})
    assert case.do("carla", "end", item="0") == "unknown_item"
    assert case.do("carla", "end", item="2") is None
    assert case.do("carla", "end", item="1") is None
    assert case.ended


def test_8_18_performer_of_a_multi_instance_is_everybody_who_acted(play):
    more = "    later: {task: {candidates: [clerk, head], excluded: [performer_of.work]}, transitions: {close: {to: over}}}"
    case = play(one("candidates: [clerk]", "send: {to: later}", state=items(), more=more), data=XYZ, users=CLERKS)
    for person, item in (("carla", "x"), ("cici", "y"), ("carla", "z")):
        assert case.do(person, "send", item=item) is None
    assert case.candidates() == ["hana"]


def test_4_3_a_window_is_open_from_one_day_to_another(play):
    written = (
        "schedules: {opening: {title: Buka, from: \"date('2026-03-04')\", to: \"date('2026-03-05')\"}}\n"
        + one("candidates: [clerk]", "end: {to: over, window: opening}").lstrip()
    )
    case = play(written)
    assert case.do("carla", "end") == "outside_schedule"
    case.advance(days=4)
    assert case.do("carla", "end") == "outside_schedule"
    case = play(written)
    case.advance(days=3)  # all of the last day
    case.advance(hours=23)
    assert case.do("carla", "end") is None
