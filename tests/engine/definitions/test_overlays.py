"""A region's overlay: what it merges, what it may not touch, and in whose file a finding is reported."""

from __future__ import annotations

import pytest

from engine import vocabulary
from engine.definitions.load import build, load_tree
from engine.definitions.problems import Problem
from engine.definitions.tree import from_texts
from tests.engine.definitions.leave import EXAMPLES, FORM, WORKFLOW, found, leave, shown, unmarked

HEAD = "schema: casework/1\noverlay: leave.jabar\nextends: {case_type: leave, version: ^1.0}\nregion: jabar\n"
FORM_HEAD = "schema: casework-form/1\noverlay: leave.jabar\nextends: {form: leave, version: ^1.0}\nregion: jabar\n"
BASE = {"workflows/leave.yaml": WORKFLOW, "forms_config/leave.yaml": FORM}
OVERLAY = "workflows/regions/jabar/leave.yaml"
FORM_OVERLAY = "forms_config/regions/jabar/leave.yaml"
SEALED = 'sealed_nodes: {"lifecycle.states.review": PP 11/2017}\nlifecycle:'


def with_overlay(overlay: str, **more: str) -> list[Problem]:
    return found(BASE | {OVERLAY: overlay} | more)


def at(problems: list[Problem]) -> list[tuple[str, int, int, str]]:
    return [(each.file, each.line, each.column, each.code) for each in problems]


def test_a_patch_merges_maps_removes_with_null_and_replaces_lists() -> None:
    overlay = HEAD + (
        "parameters: {review_days: 5}\n"
        "patch:\n"
        "  roles: {head: {title: {id: Kepala bidang, en: Head of division}}}\n"
        "  legal_basis: [Pergub 1/2026]\n"
        "  lifecycle: {states: {review: {timers: null}}}\n"
    )
    definition, problems = build(BASE | {OVERLAY: overlay}, "leave", vocabulary.load(), region="jabar")
    assert definition is not None, shown(problems)
    assert definition.region == "jabar"
    assert definition.parameter_values["review_days"] == 5
    assert definition.roles["head"].title.en == "Head of division"
    assert definition.roles["head"].options["position"] == "head"
    assert definition.legal_basis == ("Pergub 1/2026",)
    assert not definition.states["review"].timers


def test_the_base_stays_as_it_is_for_everybody_else() -> None:
    overlay = HEAD + "patch: {lifecycle: {states: {review: {timers: null}}}}\n"
    files = BASE | {OVERLAY: overlay}
    plain, _ = build(files, "leave", vocabulary.load())
    other, _ = build(files, "leave", vocabulary.load(), region="banten")
    assert plain is not None and plain.states["review"].timers
    assert other is not None and other.states["review"].timers


@pytest.mark.parametrize(
    ("overlay", "code"),
    [
        (HEAD.replace("case_type: leave", "case_type: ^^leaf"), "WF110"),
        (HEAD.replace("version: ^1.0", "version: ^^^2.0"), "WF110"),
        (HEAD.replace("version: ^1.0", "version: ^^one"), "WF012"),
        (HEAD.replace("region: jabar", "region: jabar\n^^patsh: {}"), "WF010"),
        (HEAD + "patch: {roles: {^^heed: null}}\n", "WF112"),
        (HEAD + "patch: {lifecycle: {states: {review: {transitions: {^^aprove: null}}}}}\n", "WF112"),
        (HEAD.replace("region: jabar", "region: ^^jawa_barat"), "WF012"),
        (HEAD + "parameters: {^^reviw_days: 2}\n", "WF027"),
        (HEAD + "parameters: {review_days: ^^20}\n", "WF012"),
        (HEAD + "patch: {lifecycle: {states: {review: {transitions: {approve: {to: ^^grantd}}}}}}\n", "WF020"),
    ],
)
def test_a_fault_of_an_overlay_is_found_in_its_own_file(overlay: str, code: str) -> None:
    text, place = unmarked(overlay)
    problems = with_overlay(text)
    assert (OVERLAY, *(place or ()), code) in at(problems), shown(problems)
    assert all(each.file == OVERLAY for each in problems), shown(problems)


def test_removing_what_is_not_there_says_what_was_meant() -> None:
    assert with_overlay(HEAD + "patch: {roles: {heed: null}}\n")[0].suggestion == "head"


@pytest.mark.parametrize("version", ["^1.0", "~1.0", ">=0.9 <2", "1.0.0", "1.x", "*", "^1"])
def test_a_version_in_the_range_is_accepted(version: str) -> None:
    assert not with_overlay(HEAD.replace("^1.0", f'"{version}"'))


@pytest.mark.parametrize(
    "patch",
    [
        "{lifecycle: {states: {review: {^^timers: null}}}}",
        "{lifecycle: {states: {review: {task: {^^candidates: [personnel]}}}}}",
        "{lifecycle: {states: {^^review: null}}}",
        "{lifecycle: {^^states: null}}",
        "{^^sealed_nodes: {}}",
        "{sealed_nodes: {^^lifecycle.states.review: null}}",
    ],
)
def test_touching_a_sealed_node_is_refused_with_the_reason(patch: str) -> None:
    text, place = unmarked(HEAD + f"patch: {patch}\n")
    files = BASE | {"workflows/leave.yaml": WORKFLOW.replace("lifecycle:", SEALED), OVERLAY: text}
    sealed = [each for each in found(files) if each.code == "WF111"]
    assert [(each.line, each.column) for each in sealed] == [place], shown(found(files))


def test_a_sealed_state_inside_another_is_named_by_its_key() -> None:
    base = WORKFLOW.replace("lifecycle:", SEALED).replace(
        "    review:\n",
        "    chain:\n      type: compound\n      initial: review\n      states:\n       review:\n",
    )
    inner = base.partition("       review:\n")
    lines = inner[2].split("    granted:")
    base = inner[0] + inner[1] + "".join(f"   {line}\n" for line in lines[0].splitlines()) + "    granted:" + lines[1]
    patch = "patch: {lifecycle: {states: {chain: {states: {review: {timers: null}}}}}}\n"
    problems = found(BASE | {"workflows/leave.yaml": base, OVERLAY: HEAD + patch})
    assert [each.code for each in problems] == ["WF111"], shown(problems)
    assert "PP 11/2017" in problems[0].message.en


def test_other_nodes_beside_a_sealed_one_may_be_touched() -> None:
    files = BASE | {
        "workflows/leave.yaml": WORKFLOW.replace("lifecycle:", SEALED),
        OVERLAY: HEAD + "patch: {lifecycle: {states: {granted: {title: Done}}}}\n",
    }
    assert not found(files), shown(found(files))


def test_a_state_an_overlay_leaves_unreachable_is_told_at_the_overlays_arrow() -> None:
    overlay = HEAD + (
        "patch:\n  lifecycle:\n    states:\n"
        "      draft: {transitions: {submit: {to: ^^granted}}}\n"
        "  scenarios: {granted: null}\n"
    )
    text, place = unmarked(overlay)
    problems = with_overlay(text)
    assert (OVERLAY, *(place or ()), "WF021") in at(problems), shown(problems)
    assert all(each.file == OVERLAY for each in problems), shown(problems)


def test_a_name_an_overlay_takes_away_is_told_at_the_overlay() -> None:
    text, place = unmarked(HEAD + "patch: {notifications: {^^reminder: null}}\n")
    assert at(with_overlay(text)) == [(OVERLAY, *(place or ()), "WF027")]


def test_a_scenario_an_overlay_breaks_is_told_at_the_overlay() -> None:
    problems = with_overlay(HEAD + "patch: {fixtures: {people: {users: {head: [tuti]}}}}\n")
    assert {(each.file, each.code) for each in problems} == {(OVERLAY, "WF120")}, shown(problems)


def test_an_inherited_scenario_that_names_a_removed_state_is_told_by_name_where_it_was_removed() -> None:
    states = "{done: {type: final, title: Done}, review: {transitions: {approve: {to: done}}}, ^^granted: null}"
    text, place = unmarked(HEAD + f"patch: {{lifecycle: {{states: {states}}}}}\n")
    told = [each for each in with_overlay(text) if each.code == "WF120"]
    assert at(told) == [(OVERLAY, *(place or ()), "WF120")]
    assert told[0].message.en.endswith('Scenario "granted".')


def test_what_the_base_has_already_is_reported_in_the_base_alone() -> None:
    base = WORKFLOW.replace("resolve: initiator}", "resolve: initiator, extrenal: true}")
    problems = found(BASE | {"workflows/leave.yaml": base, OVERLAY: HEAD + "patch: {legal_basis: [x]}\n"})
    assert [(each.file, each.code) for each in problems] == [("workflows/leave.yaml", "WF010")], shown(problems)


def test_a_region_may_change_a_form_alone() -> None:
    patch = (
        "patch:\n  fields: {place: {type: text, title: Place}}\n  sections: {leave: {fields: {place: {order: 15}}}}\n"
    )
    files = BASE | {FORM_OVERLAY: FORM_HEAD + patch}
    assert not found(files), shown(found(files))
    definition, _ = build(files, "leave", vocabulary.load(), region="jabar")
    assert definition is not None and "place" in definition.fields
    order = [each.field for each in definition.forms["leave"].sections[0].placements]
    assert order == ["reason", "place", "days", "kind"]


def test_a_field_a_region_takes_from_a_form_is_told_at_the_form_overlay() -> None:
    text, place = unmarked(
        FORM_HEAD + "patch: {fields: {^^days: null}, sections: {leave: {fields: {days: null}}}, checks: {long: null}}\n"
    )
    problems = found(BASE | {FORM_OVERLAY: text})
    assert {(each.file, each.line, each.column) for each in problems} == {(FORM_OVERLAY, *(place or ()))}, shown(
        problems
    )


def test_a_district_is_laid_over_its_province() -> None:
    district = (
        "schema: casework/1\noverlay: leave.garut\nextends: {overlay: leave.jabar, version: ^1.0}\nregion: garut\n"
        "patch: {roles: {head: {title: Camat}}}\n"
    )
    files = BASE | {
        OVERLAY: HEAD + "parameters: {review_days: 5}\npatch: {legal_basis: [Pergub 1/2026]}\n",
        "workflows/regions/garut/leave.yaml": district,
    }
    assert not found(files), shown(found(files))
    definition, _ = build(files, "leave", vocabulary.load(), region="garut")
    assert definition is not None
    assert definition.parameter_values["review_days"] == 5
    assert definition.legal_basis == ("Pergub 1/2026",)
    assert definition.roles["head"].title.id == "Camat"


def test_a_third_layer_is_refused() -> None:
    def layer(name: str, below: str) -> str:
        return (
            f"schema: casework/1\noverlay: leave.{name}\nextends: {{overlay: leave.{below}, version: ^1.0}}\n"
            f"region: {name}\npatch: {{}}\n"
        )

    files = BASE | {
        OVERLAY: HEAD,
        "workflows/regions/garut/leave.yaml": layer("garut", "jabar"),
        "workflows/regions/desa/leave.yaml": layer("desa", "garut"),
    }
    assert [(each.file, each.code) for each in found(files)] == [("workflows/regions/desa/leave.yaml", "WF110")]


def test_overlays_that_extend_each_other_are_refused() -> None:
    def layer(name: str, below: str) -> str:
        return (
            f"schema: casework/1\noverlay: leave.{name}\nextends: {{overlay: leave.{below}, version: ^1.0}}\n"
            f"region: {name}\npatch: {{}}\n"
        )

    files = BASE | {
        "workflows/regions/aa/leave.yaml": layer("aa", "bb"),
        "workflows/regions/bb/leave.yaml": layer("bb", "aa"),
    }
    assert {each.code for each in found(files)} == {"WF110"}


def test_the_example_overlay_gives_the_region_its_own_agreement() -> None:
    files = {str(path.relative_to(EXAMPLES).as_posix()): path.read_bytes() for path in sorted(EXAMPLES.rglob("*.yaml"))}
    loaded = load_tree(from_texts(files), vocabulary.load(), None)
    jabar = loaded.definitions["performance_agreement.jabar"]
    assert jabar.states["section_review"].transitions["approve"].to == "competency_check"
    assert jabar.states["competency_check"].parent == "approval_chain"
    assert [each.key for each in jabar.states["joint_review"].approval.approvers] == ["planning", "personnel"]
    assert jabar.parameter_values == {"review_days": 2, "signing_days": 5, "joint_quorum": 1}
    assert "two_of_three_bureaus_suffice" not in jabar.scenarios
    assert jabar.forms["performance_agreement"].fields["goals"].options["max_items"] == 5


def test_what_is_new_inside_a_sealed_node_is_one_finding() -> None:
    problems = leave(
        **{
            "workflows/regions/kota/leave.yaml": "schema: casework/1\noverlay: leave.kota\nregion: kota\n"
            "extends: {case_type: leave, version: ^1.0}\npatch: {sealed_nodes: {roles: because}}\n"
        }
    )
    assert [(each.line, each.column, each.code) for each in problems] == [(5, 9, "WF111")], shown(problems)
