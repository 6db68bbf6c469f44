"""Merging a region's patch: what comes out, which file every node stays tied to, and what is sealed."""

from __future__ import annotations

import pytest

from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.library import Library, read_library
from engine.definitions.load import build, load_tree
from engine.definitions.nodes import Node
from engine.definitions.overlay import apply
from engine.definitions.problems import Problem, Problems
from engine.definitions.tree import from_texts
from tests.engine.definitions.leave import FORM, WORKFLOW, changed, found, shown, unmarked

HEAD = "schema: casework/1\noverlay: leave.jabar\nextends: {case_type: leave, version: ^1.0}\nregion: jabar\n"
GARUT_HEAD = "schema: casework/1\noverlay: leave.garut\nextends: {overlay: leave.jabar, version: ^1.0}\nregion: garut\n"
FORM_HEAD = "schema: casework-form/1\noverlay: leave.jabar\nextends: {form: leave, version: ^1.0}\nregion: jabar\n"
WORK, FORMS = "workflows/leave.yaml", "forms_config/leave.yaml"
OVERLAY, GARUT = "workflows/regions/jabar/leave.yaml", "workflows/regions/garut/leave.yaml"
FORM_OVERLAY = "forms_config/regions/jabar/leave.yaml"
BASE = {WORK: WORKFLOW, FORMS: FORM}


def library(files: dict[str, str]) -> Library:
    return read_library(from_texts(files).groves[0], Problems())


def merged(overlay: str, name: str = "leave.jabar", **more: str) -> Node:
    both = library(BASE | {OVERLAY: overlay} | more)
    result = both.merged(both.workflow_overlays[name], Problems())
    assert result is not None
    return result[0]


def sealed_base(*paths: str, reason: str = "PP 11/2017") -> str:
    listed = ", ".join(f'"{path}": {reason}' for path in paths)
    return WORKFLOW.replace("lifecycle:", f"sealed_nodes: {{{listed}}}\nlifecycle:")


def refused(base: str, overlay: str) -> tuple[list[Problem], tuple[int, int] | None]:
    text, place = unmarked(overlay)
    return [each for each in found(BASE | {WORK: base, OVERLAY: text}) if each.code == "WF111"], place


# -- RFC 7386 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ("{a: b}", "{a: c}", {"a": "c"}),
        ("{a: b}", "{b: c}", {"a": "b", "b": "c"}),
        ("{a: b}", "{a: null}", {}),
        ("{a: b, b: c}", "{a: null}", {"b": "c"}),
        ("{a: [b]}", "{a: c}", {"a": "c"}),
        ("{a: c}", "{a: [b]}", {"a": ["b"]}),
        ("{a: {b: c}}", "{a: {b: d, c: null}}", {"a": {"b": "d"}}),
        ("{a: [{b: c}]}", "{a: [1]}", {"a": [1]}),
        ("{e: null}", "{a: 1}", {"e": None, "a": 1}),
        ("{a: foo}", "{a: {b: {c: null}}}", {"a": {"b": {}}}),
        ("{}", "{a: {bb: {ccc: null}}}", {"a": {"bb": {}}}),
        ("{a: {b: 1}}", "{a: {}}", {"a": {"b": 1}}),
        ("{a: {b: 1}}", "{a: []}", {"a": []}),
        ("{a: 1}", "{a: {b: 2}}", {"a": {"b": 2}}),
    ],
)
def test_a_patch_is_merged_as_rfc_7386_says(target: str, patch: str, result: object) -> None:
    files = {
        "x.yaml": f"case_type: x\nversion: 1.0.0\nroles: {target}\n",
        "y.yaml": "overlay: x.y\nregion: y\nextends: {case_type: x, version: '*'}\n" + f"patch: {{roles: {patch}}}\n",
    }
    both = library(files)
    root, _ = apply(both.workflow_overlays["x.y"], both.workflows["x"], Problems())
    assert root.plain()["roles"] == result


def test_a_patch_of_a_map_with_itself_changes_nothing_in_any_order() -> None:
    plain = merged(HEAD + "patch: {}\n").plain()
    again = merged(HEAD + "patch:\n" + "".join(f"  {line}\n" for line in WORKFLOW.splitlines() if line)).plain()
    assert plain == again
    assert list(plain) == list(again)


def test_what_is_added_comes_after_what_there_was() -> None:
    states = merged(HEAD + "patch: {lifecycle: {states: {extra: {type: final}, draft: {title: Draf}}}}\n")
    assert list(states.get("lifecycle", "states").entries) == ["draft", "review", "granted", "dropped", "extra"]


def test_merging_leaves_the_base_as_it_was() -> None:
    both = library(BASE | {OVERLAY: HEAD + "patch: {roles: {head: null}, lifecycle: {states: {review: null}}}\n"})
    before = both.workflows["leave"].plain()
    both.merged(both.workflow_overlays["leave.jabar"], Problems())
    assert both.workflows["leave"].plain() == before


# -- where every node came from ----------------------------------------------------------------------------------------


def test_every_node_keeps_the_file_and_line_it_came_from() -> None:
    root = merged(
        HEAD + "patch:\n  roles:\n    head: {title: Kepala}\n    auditor: {title: Auditor, resolve: {group: audit}}\n"
    )
    head, auditor = root.get("roles").entries["head"], root.get("roles").entries["auditor"]
    assert (head.key.file, head.value.get("resolve").file) == (WORK, WORK)
    assert (head.value.get("title").file, head.value.get("title").line) == (OVERLAY, 7)
    assert (auditor.key.file, auditor.key.line, auditor.key.column) == (OVERLAY, 8, 5)


def test_a_node_of_a_district_over_a_province_keeps_the_layer_it_came_from() -> None:
    province = HEAD + "patch: {roles: {head: {title: Kepala}}, title: Cuti provinsi}\n"
    district = GARUT_HEAD + "patch: {roles: {head: {title: Camat}}}\n"
    root = merged(province, "leave.garut", **{GARUT: district})
    assert root.get("title").file == OVERLAY
    assert root.get("roles", "head", "title").file == GARUT
    assert root.get("roles", "head", "resolve").file == WORK


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ("{lifecycle: {states: {review: {task: {candidates: [^^heed]}}}}}", "WF025"),
        ("{lifecycle: {states: {review: {task: {form: ^^leaf}}}}}", "WF026"),
        ("{lifecycle: {states: {review: {timers: {remind: {after: {working_days: ^^soon}}}}}}}", "WF012"),
        ("{lifecycle: {states: {review: {transitions: {approve: {guard: ^^case.dys > 1}}}}}}", "WF052"),
        ("{lifecycle: {states: {review: {transitions: {approve: {^^gaurd: 'true'}}}}}}", "WF010"),
        ("{lifecycle: {states: {review: {transitions: {approve: {effects: {x: {notify: ^^remindr}}}}}}}}", "WF027"),
        ("{lifecycle: {states: {^^island: {type: final}}}}", "WF021"),
        ("{lifecycle: {states: {review: {^^task: null}}}}", "WF032"),
        ("{roles: {^^auditor: {title: Auditor}}}", "WF011"),
        ("{numbering: '^^{yeer}'}", "WF061"),
        ("{scenarios: {granted: {steps: [{as: ^^sri, do: submit}]}}}", "WF120"),
    ],
)
def test_a_finding_names_the_overlays_own_line(patch: str, code: str) -> None:
    text, place = unmarked(HEAD + f"patch:\n  {patch[1:-1]}\n")
    if "^^{" in patch:
        place = (6, place[1] - 1) if place else None
    problems = found(BASE | {OVERLAY: text})
    assert (OVERLAY, code) in {(each.file, each.code) for each in problems}, shown(problems)
    assert all(each.file == OVERLAY for each in problems), shown(problems)
    assert place in {(each.line, each.column) for each in problems}, shown(problems)


def test_a_finding_of_a_district_names_the_district_and_one_of_the_province_the_province() -> None:
    province = HEAD + "patch: {lifecycle: {states: {review: {task: {candidates: [heed]}}}}}\n"
    district = GARUT_HEAD + "patch: {lifecycle: {states: {draft: {task: {form: leaf}}}}}\n"
    problems = found(BASE | {OVERLAY: province, GARUT: district})
    assert {(each.file, each.code) for each in problems if each.is_error} >= {(OVERLAY, "WF025"), (GARUT, "WF026")}
    assert not [each for each in problems if each.file == GARUT and each.code == "WF025"], shown(problems)


# -- the base is not there, or not in that version -------------------------------------------------------------------


def test_a_mistyped_base_says_what_was_meant_in_both_languages() -> None:
    (problem,) = found(BASE | {OVERLAY: HEAD.replace("case_type: leave", "case_type: leav")})
    assert (problem.code, problem.suggestion) == ("WF110", "leave")
    assert problem.message.en == 'There is no base "leav". Did you mean "leave"?'
    assert problem.message.id == 'Dasar "leav" tidak ada. Maksud Anda "leave"?'


def test_a_mistyped_province_says_what_was_meant() -> None:
    district = GARUT_HEAD.replace("leave.jabar", "leave.jabr")
    problems = found(BASE | {OVERLAY: HEAD, GARUT: district})
    assert [(each.file, each.code, each.suggestion) for each in problems] == [(GARUT, "WF110", "leave.jabar")]


def test_a_mistyped_form_base_says_what_was_meant() -> None:
    problems = found(BASE | {FORM_OVERLAY: FORM_HEAD.replace("form: leave,", "form: leaf,")})
    assert [(each.file, each.code, each.suggestion) for each in problems] == [(FORM_OVERLAY, "WF110", "leave")]


@pytest.mark.parametrize("wanted", ["^2.0", "~1.1", ">=1.0.1", "<1", "1.1.x", "2"])
def test_a_version_out_of_the_range_names_both(wanted: str) -> None:
    (problem,) = found(BASE | {OVERLAY: HEAD.replace("^1.0", f'"{wanted}"')})
    assert problem.code == "WF110"
    assert "1.0.0" in problem.message.en and wanted in problem.message.en


def test_a_province_with_a_version_is_asked_for_by_its_own() -> None:
    province = HEAD + "version: 3.1.0\n"
    assert found(BASE | {OVERLAY: province, GARUT: GARUT_HEAD.replace("^1.0", "^3.0")}) == []
    (problem,) = found(BASE | {OVERLAY: province, GARUT: GARUT_HEAD})
    assert (problem.file, problem.code) == (GARUT, "WF110")
    assert "3.1.0" in problem.message.en


@pytest.mark.parametrize(
    ("patch", "meant"),
    [
        ("{roles: {^^hed: null}}", "head"),
        ("{lifecycle: {states: {^^reviu: null}}}", "review"),
        ("{lifecycle: {states: {review: {transitions: {^^aprove: null}}}}}", "approve"),
        ("{scenarios: {^^grantd: null}}", "granted"),
        ("{fixtures: {people: {users: {^^had: null}}}}", "head"),
        ("{roles: {fresh: {title: Fresh, ^^gone: null, resolve: {group: x}}}}", None),
    ],
)
def test_removing_what_is_not_there_is_told_with_what_was_meant(patch: str, meant: str | None) -> None:
    text, place = unmarked(HEAD + f"patch: {patch}\n")
    told = [each for each in found(BASE | {OVERLAY: text}) if each.code == "WF112"]
    assert [((each.line, each.column), each.suggestion) for each in told] == [(place, meant)], shown(told)


# -- sealed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sealed", "overlay"),
    [
        ("lifecycle.states.review", "patch: {lifecycle: {states: {review: {^^title: Telaah}}}}"),
        ("lifecycle.states.review", "patch: {lifecycle: {states: {review: {transitions: {^^extra: {to: granted}}}}}}"),
        ("lifecycle.states.review", "patch: {lifecycle: {states: {^^review: null}}}"),
        ("lifecycle.states.review", "patch: {lifecycle: {^^states: null}}"),
        ("lifecycle.states.review", "patch: {^^lifecycle: null}"),
        ("lifecycle.states.review", "patch: {^^lifecycle: none}"),
        ("lifecycle.states.review.task", "patch: {lifecycle: {states: {review: {task: {^^excluded: []}}}}}"),
        ("lifecycle.states.review.task.excluded", "patch: {lifecycle: {states: {review: {task: {^^excluded: []}}}}}"),
        ("lifecycle.states.review.task.excluded", "patch: {lifecycle: {states: {review: {^^task: null}}}}"),
        ("lifecycle.states.review.task.excluded", "patch: {lifecycle: {states: {review: {^^task: [x]}}}}"),
        ("lifecycle.states.review.task.due", "patch: {lifecycle: {states: {review: {task: {^^due: {days: 9}}}}}}"),
        ("parameters.review_days", "parameters: {^^review_days: 2}"),
        ("parameters.review_days", "patch: {parameters: {review_days: {^^default: 2}}}"),
        ("parameters.review_days", "patch: {parameters: {^^review_days: null}}"),
        ("parameters.review_days.maximum", "patch: {parameters: {review_days: {^^maximum: 90}}}"),
        ("parameters.review_days.default", "parameters: {^^review_days: 2}"),
        ("parameters", "parameters: {^^review_days: 2}"),
        ("scenarios.granted", "patch: {scenarios: {^^granted: null}}"),
        ("scenarios.granted", "patch: {scenarios: {granted: {^^steps: []}}}"),
        ("fixtures.people", "patch: {fixtures: {people: {users: {^^head: [sari]}}}}"),
        ("roles.head", "patch: {roles: {head: {^^resolve: initiator}}}"),
        ("roles.head", "patch: {roles: {head: {resolve: {^^level: agency}}}}"),
        ("legal_basis", "patch: {^^legal_basis: []}"),
        ("notifications.reminder", "patch: {notifications: {^^reminder: null}}"),
        ("title", "patch: {^^sealed_nodes: null}"),
        ("title", "patch: {^^sealed_nodes: {}}"),
        ("title", "patch: {sealed_nodes: {^^title: null}}"),
        ("title", "patch: {sealed_nodes: {^^roles: mine}}"),
        ("title", "patch: {sealed_nodes: {^^title: another reason}}"),
    ],
)
def test_what_is_sealed_cannot_be_touched_by_any_road(sealed: str, overlay: str) -> None:
    told, place = refused(sealed_base(sealed), HEAD + overlay + "\n")
    assert [(each.file, each.line, each.column) for each in told] == [(OVERLAY, *(place or ()))], shown(told)
    assert ("sealed_nodes" if "sealed_nodes" in overlay else "PP 11/2017") in told[0].message.en


@pytest.mark.parametrize(
    ("sealed", "overlay"),
    [
        ("lifecycle.states.review", "patch: {lifecycle: {states: {draft: {title: Draf}}}}"),
        ("lifecycle.states.review.task", "patch: {lifecycle: {states: {review: {timers: null}}}}"),
        ("lifecycle.states.review", "patch: {lifecycle: {}}"),
        ("parameters.other_days", "parameters: {review_days: 2}"),
        ("parameters.review_days.title", "patch: {parameters: {review_days: {default: 2}}}"),
        ("scenarios.granted", "patch: {scenarios: {mine: {given: {uses: people}, steps: []}}}"),
        ("roles.head", "patch: {roles: {auditor: {title: Auditor, resolve: {group: audit}}}}"),
    ],
)
def test_what_stands_beside_something_sealed_may_be_touched(sealed: str, overlay: str) -> None:
    told, _ = refused(sealed_base(sealed), HEAD + overlay + "\n")
    assert told == [], shown(told)


def test_a_district_meets_what_the_base_seals_through_its_province() -> None:
    district = GARUT_HEAD + "patch: {lifecycle: {states: {review: {title: Telaah}}}}\n"
    problems = found(BASE | {WORK: sealed_base("lifecycle.states.review"), OVERLAY: HEAD, GARUT: district})
    assert [(each.file, each.code) for each in problems] == [(GARUT, "WF111")], shown(problems)


def test_a_province_cannot_unseal_for_its_district() -> None:
    province = HEAD + "patch: {sealed_nodes: null}\n"
    district = GARUT_HEAD + "patch: {lifecycle: {states: {review: {title: Telaah}}}}\n"
    files = BASE | {WORK: sealed_base("lifecycle.states.review"), OVERLAY: province, GARUT: district}
    assert {(each.file, each.code) for each in found(files)} >= {(OVERLAY, "WF111"), (GARUT, "WF111")}


TEMPLATED = changed(
    WORKFLOW,
    ("lifecycle:\n", "state_templates:\n  step: {task: {excluded: [employee], form: leave}}\n  spare: {title: Spare}\nlifecycle:\n"),  # noqa: E501
    ("      task: {candidates: [head], excluded: [employee], form: leave}\n", "      uses: step\n      task: {candidates: [head]}\n"),  # noqa: E501
)  # fmt: skip


@pytest.mark.parametrize("sealed", ["lifecycle.states.review", "lifecycle.states.review.task.excluded"])
@pytest.mark.parametrize(
    "patch",
    [
        "{state_templates: {step: {task: {^^excluded: []}}}}",
        "{state_templates: {^^step: {task: null}}}",
        "{state_templates: {step: {^^task: null}}}",
    ],
)
def test_a_sealed_state_cannot_be_changed_through_its_template(sealed: str, patch: str) -> None:
    base = TEMPLATED.replace("lifecycle:", f'sealed_nodes: {{"{sealed}": PP 11/2017}}\nlifecycle:', 1)
    text, place = unmarked(HEAD + f"patch: {patch.replace('^^step: {task', 'step: {^^task')}\n")
    told = [each for each in found(BASE | {WORK: base, OVERLAY: text}) if each.code == "WF111"]
    assert [(each.file, each.line, each.column) for each in told] == [(OVERLAY, *(place or ()))], shown(told)
    assert "PP 11/2017" in told[0].message.id


def test_a_template_no_sealed_state_uses_may_be_changed() -> None:
    base = TEMPLATED.replace("lifecycle:", 'sealed_nodes: {"lifecycle.states.review": PP 11/2017}\nlifecycle:', 1)
    problems = found(BASE | {WORK: base, OVERLAY: HEAD + "patch: {state_templates: {spare: {title: Cadangan}}}\n"})
    assert [each for each in problems if each.code == "WF111"] == [], shown(problems)


def test_a_sealed_field_of_a_form_cannot_be_touched() -> None:
    form = FORM.replace("sections:", 'sealed_nodes: {"fields.reason": PP 11/2017}\nsections:', 1)
    text, place = unmarked(FORM_HEAD + "patch: {fields: {reason: {^^required: false}}}\n")
    told = [each for each in found(BASE | {FORMS: form, FORM_OVERLAY: text}) if each.code == "WF111"]
    assert [(each.file, each.line, each.column) for each in told] == [(FORM_OVERLAY, *(place or ()))], shown(told)


# -- the proof is inherited --------------------------------------------------------------------------------------------


def test_an_inherited_scenario_is_reported_with_the_overlays_file() -> None:
    overlay = HEAD + "patch: {lifecycle: {states: {review: {transitions: {approve: {requires: [comment]}}}}}}\n"
    loaded = load_tree(from_texts(BASE | {OVERLAY: overlay}), vocabulary.load())
    results = {name: run_all(one) for name, one in loaded.definitions.items()}
    assert loaded.files["leave.jabar"] == OVERLAY
    assert [(each.scenario, each.passed) for each in results["leave.jabar"]] == [("granted", False)]
    assert [(each.scenario, each.passed) for each in results["leave"]] == [("granted", True)]


def test_fixtures_and_scenarios_are_patched_like_everything_else() -> None:
    overlay = HEAD + (
        "patch:\n"
        "  roles: {head: {resolve: null}}\n"
        "  fixtures: {people: {users: {head: [cici]}}}\n"
        "  scenarios:\n"
        "    granted: {steps: [{as: sari, do: submit, expect: {candidates: [cici]}}, {as: cici, do: approve}]}\n"
        "    returned:\n"
        "      given: {uses: people}\n"
        "      steps: [{as: sari, do: submit}, {as: cici, do: return, with: {comment: no}, expect: {state: draft}}]\n"
    ).replace("  roles: {head: {resolve: null}}\n", "")
    definition, problems = build(BASE | {OVERLAY: overlay}, "leave", vocabulary.load(), region="jabar")
    assert definition is not None, shown(problems)
    assert [(each.scenario, each.passed) for each in run_all(definition)] == [("granted", True), ("returned", True)]
    assert definition.fixtures["people"]["users"] == {"head": ["cici"], "personnel": ["gita"]}


def test_two_layers_change_defaults_one_after_the_other() -> None:
    province = HEAD + "parameters: {review_days: 5}\n"
    files = BASE | {OVERLAY: province, GARUT: GARUT_HEAD + "parameters: {review_days: 7}\n"}
    values = {
        region: build(files, "leave", vocabulary.load(), region=region)[0].parameter_values["review_days"]  # type: ignore[union-attr]
        for region in (None, "jabar", "garut")
    }
    assert values == {None: 3, "jabar": 5, "garut": 7}


def test_a_district_has_the_form_of_its_province() -> None:
    form = FORM_HEAD + "patch: {fields: {reason: {max_length: 50}}}\n"
    files = BASE | {OVERLAY: HEAD, GARUT: GARUT_HEAD, FORM_OVERLAY: form}
    definition, problems = build(files, "leave", vocabulary.load(), region="garut")
    assert definition is not None, shown(problems)
    assert definition.fields["reason"].options["max_length"] == 50


def test_a_region_that_changes_a_form_alone_is_checked_also_where_it_changes_another_workflow() -> None:
    other = WORKFLOW.replace("case_type: leave", "case_type: travel")
    elsewhere = HEAD.replace("leave.jabar", "travel.jabar").replace("case_type: leave", "case_type: travel")
    text, place = unmarked(
        FORM_HEAD + "patch: {checks: null, fields: {^^days: null}, sections: {leave: {fields: {days: null}}}}\n"
    )
    files = BASE | {
        "workflows/travel.yaml": other.replace("form: leave, fields: {reason: edit, days: edit}", "instructions: x")
        .replace(", form: leave", "")
        .replace(", data: {reason: rest, days: 2}", ""),
        "workflows/regions/jabar/travel.yaml": elsewhere,
        FORM_OVERLAY: text,
    }
    told = [(each.file, each.line, each.column, each.code) for each in found(files)]
    assert (FORM_OVERLAY, *(place or ()), "WF026") in told, told


def test_the_proof_of_a_region_that_changes_a_form_alone_is_reported_with_the_forms_file() -> None:
    form = FORM_HEAD + "patch: {fields: {days: {maximum: 1}}}\n"
    loaded = load_tree(from_texts(BASE | {FORM_OVERLAY: form}), vocabulary.load())
    assert loaded.files["leave.jabar"] == FORM_OVERLAY
    assert loaded.definitions["leave.jabar"].region == "jabar"
    assert [(each.scenario, each.passed) for each in run_all(loaded.definitions["leave.jabar"])] == [("granted", False)]
