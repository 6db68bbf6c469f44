"""Case types, milestones, states, roles and hidden fields are looked up in the same tree's ``workflows/``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sakip.linting import EVALUATION, LEVELS, Desk

CASE_TYPE = """schema: casework/1
case_type: lke_evaluation
version: 1.0.0
title: Evaluasi
roles:
  assessor: {title: Penilai, resolve: initiator}
  bappeda: {title: Bappeda, resolve: initiator}
milestones: {closed: [shown]}
lifecycle:
  initial: self_assessment
  states:
    self_assessment:
      task: {candidates: [assessor], form: sheet, fields: {self: edit, verify: hidden, final: hidden}}
      transitions: {send: {to: verification}}
    verification:
      type: parallel
      regions:
        planning:
          initial: looking
          states:
            looking:
              task: {candidates: [bappeda], form: sheet, fields: {verify: edit, final: hidden}}
              transitions: {finish: {to: looked}}
            looked: {type: final}
      join: {all_of: [planning]}
      transitions: {done: {to: final_evaluation}}
    final_evaluation:
      task: {candidates: [assessor], form: sheet, fields: {final: edit}}
      transitions: {close: {to: shown}}
    shown:
      task: {candidates: [assessor], form: sheet}
      transitions: {leave: {to: over}}
    over: {type: final}
"""
FORM = """schema: casework-form/1
form: sheet
version: 1.0.0
title: Lembar
fields: {self: {type: text, title: A}, verify: {type: text, title: B}, final: {type: text, title: C}}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.change(EVALUATION, "year: 2025\n", "year: 2025\ncase_type: lke_evaluation\n")
    return desk


def with_workflows(desk: Desk, old: str = "", new: str = "") -> None:
    assert old in CASE_TYPE
    desk.write("workflows/lke_evaluation.yaml", CASE_TYPE.replace(old, new, 1) if old else CASE_TYPE)
    desk.write("forms_config/sheet.yaml", FORM)


def test_a_tree_without_workflows_is_not_asked(desk: Desk):
    desk.change(EVALUATION, "case_type: lke_evaluation", "case_type: anything")
    assert desk.told() == []


def test_a_case_type_that_fits_has_no_finding(desk: Desk):
    with_workflows(desk)
    desk.change(EVALUATION, "starts_from: self", "starts_from: self, hidden_until: closed")
    desk.change(EVALUATION, "answers: evidence", "answers: evidence, by_component: {planning: bappeda}")
    assert desk.told() == []


NAMED = [
    ("case_type: lke_evaluation", "case_type: lke_evaluasi", "WF202"),
    ("{title: Rencana}", "{title: Rencana, from_case: {case_type: follow_up, milestone: closed}}", "WF202"),
    ("{title: Rencana}", "{title: Rencana, from_case: {case_type: lke_evaluation, milestone: close}}", "WF202"),
    ("{title: Rencana}", "{title: Rencana, from_case: {case_type: lke_evaluation, milestone: closed}}", None),
    ("tiers:\n", "recommendations: {case_type: follow_up, required_below: 0.5}\ntiers:\n", "WF202"),
    ("state: verification", "state: verifikasi", "WF227"),
    ("state: verification", "state: looked", "WF227"),
    ("state: verification", "state: looking", None),
    ("answers: evidence", "answers: evidence, by_component: {planning: bapeda}", "WF227"),
    ("starts_from: self", "starts_from: self, hidden_until: shut", "WF227"),
    ("starts_from: self", "starts_from: self, hidden_until: shown", None),
    ("starts_from: self", "starts_from: self, hidden_until: over", "WF227"),
]


@pytest.mark.parametrize(("old", "new", "code"), NAMED, ids=[one[1] for one in NAMED])
def test_what_a_case_type_does_not_have_is_told(desk: Desk, old: str, new: str, code: str | None):
    with_workflows(desk)
    desk.change(EVALUATION, old, new)
    assert [one.code for one in desk.found()] == ([] if code is None else [code])


def test_the_partner_s_agreement_is_a_case_type_too(desk: Desk):
    with_workflows(desk)
    edge = "edges: {crosscuts: {from: [mission], to: [mission], agreed_by: crosscutting_agreement}}\nlevels:\n"
    desk.change(LEVELS, "levels:\n", edge)
    assert desk.told() == [f"{LEVELS}:7 WF202"]


SHOWN = [
    ("fields: {self: edit, verify: hidden, final: hidden}", "fields: {self: edit}", True),
    ("fields: {verify: edit, final: hidden}", "fields: {verify: edit, final: read}", True),
    ("form: sheet, fields: {self: edit, verify: hidden, final: hidden}", "instructions: Isi", False),
]


@pytest.mark.parametrize(("old", "new", "is_told"), SHOWN, ids=[one[1] for one in SHOWN])
def test_a_tier_is_hidden_by_every_task_before_it_is_shown(desk: Desk, old: str, new: str, is_told: bool):
    with_workflows(desk, old, new)
    assert desk.told() == []  # nothing was promised
    desk.change(EVALUATION, "starts_from: self", "starts_from: self, hidden_until: closed")
    assert [one.code for one in desk.found()] == (["WF227"] if is_told else [])


def test_a_region_s_own_case_type_counts_for_it(desk: Desk):
    with_workflows(desk)
    overlay = "schema: casework/1\noverlay: lke_evaluation.kota\nextends: {case_type: lke_evaluation, version: ^1.0}\n"
    roles = "patch: {roles: {surveyor: {title: Survei, resolve: initiator}}}\n"
    desk.write("workflows/regions/kota/lke_evaluation.yaml", f"{overlay}region: kota\n{roles}")
    for region in ("kota", "kabupaten"):
        desk.overlay(EVALUATION, "  tiers: {verify: {by_component: {planning: surveyor}}}\n", region)
    assert desk.told() == [f"regions/kabupaten/{EVALUATION}:6 WF227"]
