# ruff: noqa: E501 - YAML as authors write it
"""§3 and §8: roles, stand-ins, separation of duties, who is told what."""

from __future__ import annotations

import pytest

from tests.language.linting import clean, told

HEAD_OF = """
roles:
  starter: {title: {id: Pembuka, en: Starter}, resolve: initiator}
  clerk: {title: {id: Petugas, en: Clerk}, resolve: {group: clerks}}
  head: {title: {id: Kepala, en: Head}, resolve: {group: heads}}
  boss: {title: {id: Atasan, en: Boss}, resolve: {superior_of: starter}}
  owner: {title: {id: Pemilik, en: Owner}, resolve: {field: owner}}
  doer: {title: {id: Pelaku, en: Doer}, resolve: {performer_of: start}}
  team: {title: {id: Tim, en: Team}, resolve: {case_role: true, cardinality: many}}
"""


def by(role: str, *, top: str = "", task: str = "", arrows: str = "end: {to: over}, note: {internal: true}") -> str:
    return f"""{top}
lifecycle:
  initial: start
  states:
    start: {{task: {{candidates: [clerk, starter], form: sample, fields: {{owner: edit}}}}, transitions: {{go: {{to: work}}}}}}
    work: {{task: {{candidates: [{role}]{task}}}, transitions: {{{arrows}}}}}
    over: {{type: final}}
"""


def test_3_the_initiator_is_who_opened_the_case(play):
    case = play(by("starter"), roles=HEAD_OF)
    case.do("carla", "go")
    assert case.candidates() == ["ani"]


def test_3_a_group_is_its_members(play):
    case = play(by("head"), roles=HEAD_OF, users={"head": ["hana", "hadi"]})
    case.do("ani", "go")
    assert case.candidates() == ["hadi", "hana"]


def test_3_the_superior_is_one_step_up(play):
    case = play(by("boss"), roles=HEAD_OF, organisation={"superiors": {"ani": "budi", "budi": "candra"}})
    case.do("ani", "go")
    assert case.candidates() == ["budi"]


def test_3_a_case_role_is_who_was_chosen_for_the_case(play):
    case = play(by("team"), roles=HEAD_OF, case_roles={"team": ["tia", "tono"]})
    case.do("ani", "go")
    assert case.candidates() == ["tia", "tono"]


def test_3_a_field_is_the_person_in_that_answer(play):
    case = play(by("owner"), roles=HEAD_OF, others=["otto"])
    case.do("ani", "go", data={"owner": "otto"})
    assert case.candidates() == ["otto"]


def test_3_performer_of_a_state_is_who_completed_its_task_last(play):
    case = play(by("doer"), roles=HEAD_OF)
    case.do("carla", "go")
    assert case.candidates() == ["carla"]


def test_3_a_role_is_asked_again_when_somebody_acts(play):
    written = by(
        "owner",
        arrows="end: {to: over}, hand: {internal: true, by: [head], effects: {s: {set: {field: owner, value: {expression: actor}}}}}",
    )
    case = play(written, roles=HEAD_OF, others=["otto"])
    case.do("ani", "go", data={"owner": "otto"})
    assert case.do("hana", "hand") is None
    assert case.do("otto", "end") == "not_candidate"
    assert case.do("hana", "end") is None


def test_3_a_role_of_nobody_opens_the_task_and_raises_an_incident(play):
    case = play(by("owner"), roles=HEAD_OF)
    assert case.do("ani", "go") is None
    assert case.incidents == ["no_candidate"]
    assert case.states == ["work"] and case.candidates() == []
    assert case.do("ani", "end") == "not_candidate"


STAND_IN = "substitution: {delegate: {title: Wakil, may: [note, end], record: on_behalf_of}, out_of_office: {title: Absen, may: [note]}}"


def test_3_a_stand_in_acts_and_the_record_shows_both(play):
    case = play(by("head", top=STAND_IN), roles=HEAD_OF, acting={"head": {"user": "dita", "kind": "delegate"}})
    case.do("ani", "go")
    assert case.candidates() == ["dita", "hana"]
    assert case.do("dita", "end") is None
    assert case.on_behalf_of == "hana"


def test_3_a_stand_in_may_do_only_what_is_listed(play):
    case = play(by("head", top=STAND_IN), roles=HEAD_OF, acting={"head": {"user": "dita", "kind": "out_of_office"}})
    case.do("ani", "go")
    assert case.do("dita", "end") == "not_within_acting_powers"
    assert case.do("dita", "note") is None
    assert case.on_behalf_of == "hana"


def test_8_14_a_stand_in_without_a_power_is_no_candidate_for_that_action(play):
    top = STAND_IN.replace("may: [note, end]", "may: [sign]")
    case = play(by("head", top=top), roles=HEAD_OF, acting={"head": {"user": "dita", "kind": "delegate"}})
    case.do("ani", "go")
    assert case.candidates() == ["hana"]
    assert case.do("dita", "end") == "not_within_acting_powers"


def test_3_nobody_does_two_acts_that_need_different_people_by_standing_in(play):
    case = play(
        by("head", top=STAND_IN, task=", excluded: [performer_of.start]"),
        roles=HEAD_OF,
        users={"clerk": ["dita"]},
        acting={"head": {"user": "dita", "kind": "delegate"}},
    )
    case.do("dita", "go")
    assert case.candidates() == ["hana"]
    assert case.do("dita", "end") == "excluded"


def test_8_18_the_name_for_a_vacant_place_is_the_role(paper):
    top = "substitution: {acting_official: {title: Plt, may: [end], record: on_behalf_of}}"
    case = paper(
        by("head", top=top),
        roles=HEAD_OF,
        users={"head": []},
        acting={"head": {"user": "dita", "kind": "acting_official"}},
    )
    case.do("ani", "go")
    assert case.do("dita", "end") is None
    assert case.on_behalf_of == "head"


DUTIES = (
    'separation_of_duties: {conflict: {applies_to: [head], exclude_when: "user in case.people or user == initiator"}}'
)


def test_3_a_separation_of_duties_holds_for_every_act(play):
    case = play(
        by("head", top=DUTIES), roles=HEAD_OF, users={"head": ["hana", "hadi", "ani"]}, data={"people": ["hadi"]}
    )
    case.do("carla", "go")
    assert case.candidates() == ["hana"]
    for person in ("hadi", "ani"):
        assert case.do(person, "end") == "separation_of_duties"
        assert case.do(person, "note") == "separation_of_duties"


def test_3_a_separation_of_duties_holds_for_a_claim(play):
    case = play(by("head", top=DUTIES), roles=HEAD_OF, users={"head": ["hana", "hadi"]}, data={"people": ["hadi"]})
    case.do("ani", "go")
    assert case.do("hadi", "claim") == "separation_of_duties"


def test_3_a_separation_of_duties_holds_for_whom_a_task_is_delegated_to(play):
    case = play(
        by("head", top=DUTIES),
        roles=HEAD_OF,
        users={"head": ["hana", "hadi"]},
        data={"people": ["hadi", "olga"]},
        others=["olga"],
    )
    case.do("ani", "go")
    case.do("hana", "claim")
    assert case.do("hana", "delegate", "please", to="olga") == "separation_of_duties"


def test_3_a_separation_of_duties_holds_for_who_is_chosen(play):
    written = by("head", top=DUTIES.replace("[head]", "[team]"), task=", assigns: [team]")
    case = play(written, roles=HEAD_OF, data={"people": ["tono"]}, others=["tono", "tia"])
    case.do("ani", "go")
    assert case.do("hana", "end", assign={"team": ["tono"]}) == "separation_of_duties"
    assert case.do("hana", "end", assign={"team": ["tia"]}) is None


def test_3_a_separation_of_duties_holds_for_a_stand_in(play):
    case = play(
        by("head", top=DUTIES + "\n" + STAND_IN),
        roles=HEAD_OF,
        acting={"head": {"user": "dita", "kind": "delegate"}},
        data={"people": ["dita"]},
        others=["dita"],
    )
    case.do("ani", "go")
    assert case.candidates() == ["hana"]
    assert case.do("dita", "end") == "separation_of_duties"


def test_3_between_steps_nothing_else_is_excluded_unless_declared(play):
    case = play(by("clerk"), roles=HEAD_OF)
    case.do("carla", "go")
    assert case.candidates() == ["carla"]


def test_3_a_role_not_meant_is_not_touched_by_the_rule(play):
    case = play(by("clerk", top=DUTIES), roles=HEAD_OF, data={"people": ["carla"]})
    case.do("ani", "go")
    assert case.do("carla", "end") is None


@pytest.mark.parametrize(
    "roles",
    [("head: {superior_of: ^^head}",), ("head: {superior_of: ^^personnel}", "personnel: {superior_of: ^^head}")],
)
def test_3_roles_that_are_each_other_s_superior_are_found(roles):
    old = {"head": "{position: head, level: section, of: initiator.unit}", "personnel": "{group: personnel}"}
    changes = []
    for role in roles:
        key, _, resolve = role.partition(": ")
        changes.append((f"resolve: {old[key]}}}", f"resolve: {resolve}}}"))
    told("WF012", *changes)


def test_3_the_superior_of_a_superior_is_no_circle():
    clean(("resolve: {group: personnel}}", "resolve: {superior_of: head}}"))
