"""A base goes on, 2.0 to 2.1 to 3.0: what that does to the overlays of a province and of a district in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.load import load_tree
from engine.definitions.model import Definition
from engine.definitions.overlay_standing import NoSuchBase, Standing, standings
from engine.definitions.problems import Problem
from engine.definitions.tree import from_texts
from tests.engine.definitions.leave import EXAMPLES, changed, unmarked

BASE, HISTORY = "workflows/performance_agreement.yaml", "workflows/history/performance_agreement/2.0.0.yaml"
FORM = "forms_config/performance_agreement.yaml"
JABAR = "workflows/regions/jabar/performance_agreement.yaml"
JABAR_FORM = "forms_config/regions/jabar/performance_agreement.yaml"
GARUT = "workflows/regions/garut/performance_agreement.yaml"
TWO = (EXAMPLES / BASE).read_text(encoding="utf-8")

# 2.1: one day more for a review, finance asked also without a budget, a letter when somebody signs late.
TWO_ONE = changed(
    TWO,
    ("version: 2.0.0", "version: 2.1.0"),
    ("review_days:  {type: integer, default: 3", "review_days:  {type: integer, default: 4"),
    (', needed_when: "filled(case.unit_budget) and case.unit_budget > 0"}', "}"),
    (
        "{advance: {working_days: 2}, expect: {fired: [section_review.esc",
        "{advance: {working_days: 3}, expect: {fired: [section_review.esc",
    ),
)
# 3.0: the division no longer reviews; the secretary's step has another key.
THREE = (
    changed(
        TWO_ONE,
        ("version: 2.1.0", "version: 3.0.0"),
        (
            """        division_review:
          uses: review_step
          task: {candidates: [division_head]}
          timers: {escalate: {effects: {raise: {add_candidate: secretary}}}}
          transitions: {approve: {to: joint_review}}
""",
            "",
        ),
        ("transitions: {approve: {to: division_review}}", "transitions: {approve: {to: joint_review}}"),
        ("- {drive: approve, until: division_review}\n      - {as: dewi, do: return, refused", "- {as: budi, do: return, refused"),  # noqa: E501
        ("- {as: dewi, do: return, with: {comment: unclear target}", "- {as: budi, do: return, with: {comment: unclear target}"),  # noqa: E501
        ("do: resubmit, expect: {state: division_review}}\n      - {as: dewi,", "do: resubmit, expect: {state: section_review}}\n      - {as: budi,"),  # noqa: E501
    )
    .replace("secretary_review", "secretariat_check")
)  # fmt: skip

PROVINCE = """\
schema: casework/1
overlay: performance_agreement.jabar
version: 1.0.0
extends: {case_type: performance_agreement, version: ^2.0}
region: jabar
patch:
  lifecycle: {states: {approval_chain: {states: {joint_review: {approval: {approvers: {finance: {veto: true}}}}}}}}
"""
DISTRICT = """\
schema: casework/1
overlay: performance_agreement.garut
extends: {overlay: performance_agreement.jabar, version: ^1.0}
region: garut
parameters: {review_days: 2}
patch:
  scenarios: {late_reviewer_escalates: null}
"""


def region(**files: str) -> dict[str, str]:
    names = {"base": BASE, "history": HISTORY, "jabar": JABAR, "jabar_form": JABAR_FORM, "garut": GARUT, "form": FORM}
    given = {names[name]: text for name, text in files.items()}
    return {BASE: TWO, FORM: (EXAMPLES / FORM).read_text(encoding="utf-8")} | given


def prove(definition: Definition) -> list[Any]:
    return [result.scenario for result in run_all(definition) if not result.passed]


def stand(
    files: Mapping[str, str], *tried: str, prove: Callable[[Definition], list[Any]] = prove
) -> dict[str, Standing]:
    new = from_texts({f"new/{number}.yaml": text for number, text in enumerate(tried)}) if tried else None
    return {each.file: each for each in standings(from_texts(files), vocabulary.load(), None, prove, new)}


def status(files: Mapping[str, str], *tried: str) -> dict[str, str]:
    return {file: each.status for file, each in stand(files, *tried).items()}


def of_code(files: Mapping[str, str], code: str) -> list[Problem]:
    return [each for each in load_tree(from_texts(files), vocabulary.load()).problems if each.code == code]


def example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


def test_the_bases_of_this_file_prove_themselves() -> None:
    for text in (TWO, TWO_ONE, THREE):
        loaded = load_tree(from_texts(region(base=text)), vocabulary.load())
        assert [each for each in loaded.problems if each.is_error] == []
        assert prove(loaded.definitions["performance_agreement"]) == []


def test_an_overlay_on_the_base_it_was_written_on_is_clean() -> None:
    files = region(jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    assert status(files) == {JABAR: "clean", JABAR_FORM: "clean"}
    assert of_code(files, "WF113") == []


def test_an_overlay_of_a_base_that_changed_elsewhere_stays_clean() -> None:
    other = changed(TWO, ("version: 2.0.0", "version: 2.1.0"), ("signing_days: {type: integer, default: 5", "signing_days: {type: integer, default: 6"))  # fmt: skip  # noqa: E501
    files = region(base=other, history=TWO, jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    assert status(files) == {JABAR: "clean", JABAR_FORM: "clean"}
    assert of_code(files, "WF113") == []


def test_a_changed_node_the_overlay_touches_needs_a_look_and_is_shown_three_ways() -> None:
    files = region(base=TWO_ONE, history=TWO, jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    found = stand(files)[JABAR]
    assert found.status == "needs a look"
    assert [".".join(each.path) for each in found.both] == [
        "parameters.review_days",
        "lifecycle.states.approval_chain.states.joint_review.approval.approvers.finance",
    ]
    days = found.both[0]
    assert days.old is not None and days.new is not None
    assert (days.old.plain()["default"], days.new.plain()["default"], days.mine.plain()) == (3, 4, 2)
    assert (days.old.file, days.new.file, days.at.file) == (HISTORY, BASE, JABAR)


def test_lint_warns_at_the_overlays_own_token() -> None:
    files = region(base=TWO_ONE, history=TWO, jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    lines = example(JABAR).splitlines()
    found = of_code(files, "WF113")
    assert [lines[each.line - 1][each.column - 1 :].partition(":")[0] for each in found] == ["review_days", "finance"]
    assert {each.file for each in found} == {JABAR}
    assert [each.is_error for each in found] == [False, False]
    assert found[0].message.en == 'The base changed here since version 2.0.0: "default" was 3, now 4.'
    assert found[0].message.id == 'Dasar berubah di sini sejak versi 2.0.0: "default" dulu 3, kini 4.'
    assert "needed_when" in found[1].message.en and "gone" in found[1].message.en


def test_raising_the_range_says_that_somebody_has_looked() -> None:
    looked = changed(example(JABAR), ("version: ^2.0", "version: ^2.1"))
    files = region(base=TWO_ONE, history=TWO, jabar=looked, jabar_form=example(JABAR_FORM))
    assert status(files) == {JABAR: "clean", JABAR_FORM: "clean"}


@pytest.mark.parametrize("wanted", ["*", "<3"])
def test_a_range_without_a_beginning_says_nothing_about_the_base_it_was_written_on(wanted: str) -> None:
    overlay = changed(example(JABAR), ("version: ^2.0", f'version: "{wanted}"'))
    assert of_code(region(base=TWO_ONE, history=TWO, jabar=overlay, jabar_form=example(JABAR_FORM)), "WF113") == []


def test_a_base_beyond_the_range_breaks_the_overlay_and_says_what_else_would() -> None:
    files = region(base=THREE, history=TWO, jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    found = stand(files)[JABAR]
    assert found.status == "broken"
    codes = {each.code: each for each in found.findings if each.is_error}
    assert "WF110" in codes and "WF020" in codes
    assert "division_review" in codes["WF020"].message.en
    assert {each.file for each in codes.values()} == {JABAR}


def test_a_scenario_that_fails_breaks_the_overlay() -> None:
    shorter = changed(
        TWO_ONE,
        ("      return: {to: revision, requires: [comment], eff", "      return: {to: revision, eff"),
        ("      - {as: dewi, do: return, refused: comment_required}\n", ""),
    )
    strict = PROVINCE + (
        "  scenarios:\n    a_reason_is_asked:\n      given: {uses: people}\n      steps:\n"
        "        - {as: sari, do: submit}\n        - {as: budi, do: return, refused: comment_required}\n"
    )
    assert stand(region(jabar=strict))[JABAR].status == "clean"
    found = stand(region(jabar=strict), shorter)[JABAR]
    assert (found.status, found.failures) == ("broken", ("a_reason_is_asked",))


def test_another_base_is_tried_against_the_one_there_is() -> None:
    files = region(jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    assert status(files, TWO_ONE) == {JABAR: "needs a look", JABAR_FORM: "clean"}
    assert status(files, THREE) == {JABAR: "broken", JABAR_FORM: "clean"}
    assert status(files) == {JABAR: "clean", JABAR_FORM: "clean"}
    found = stand(files, TWO_ONE)[JABAR].both[0]
    assert found.old is not None and found.new is not None
    assert (found.old.file, found.new.file) == (BASE, "new/0.yaml")


def test_a_new_form_is_tried_like_a_new_workflow() -> None:
    form = example(FORM)
    files = region(jabar=example(JABAR), jabar_form=example(JABAR_FORM))
    assert "goals" in form and "sections:" in form
    other = form.replace("version: 2.0.0", "version: 2.1.0").replace("goals:", "goals_of_the_year:")
    assert status(files, other)[JABAR_FORM] == "broken"
    named = form.replace("order: 20", "order: 21")
    assert status(files, named)[JABAR_FORM] == "clean"


def test_a_file_that_is_no_base_of_any_overlay_is_refused() -> None:
    with pytest.raises(NoSuchBase, match=r"new/0\.yaml"):
        stand(region(jabar=example(JABAR), jabar_form=example(JABAR_FORM)), example("workflows/sakip_document.yaml"))


def test_a_change_of_the_base_is_followed_down_to_the_district() -> None:
    files = region(base=TWO_ONE, history=TWO, jabar=PROVINCE, garut=DISTRICT)
    found = stand(files)
    assert {file: each.status for file, each in found.items()} == {JABAR: "clean", GARUT: "needs a look"}
    assert [".".join(each.path) for each in found[GARUT].both] == ["parameters.review_days", "scenarios.late_reviewer_escalates"]  # fmt: skip  # noqa: E501
    assert {each.file for each in of_code(files, "WF113")} == {GARUT}


def test_a_change_of_the_province_is_followed_down_to_the_district() -> None:
    district = DISTRICT.replace(
        "  scenarios: {late_reviewer_escalates: null}\n",
        "  lifecycle: {states: {approval_chain: {states: {joint_review: {approval: {approvers: {finance: null}}}}}}}\n"
        "  scenarios: {late_reviewer_escalates: null, two_of_three_bureaus_suffice: null}\n",
    )
    old = "workflows/history/performance_agreement.jabar/1.0.0.yaml"
    newer = PROVINCE.replace("1.0.0", "1.1.0").replace("{veto: true}", "{order: 5}")
    assert status(region(jabar=PROVINCE, garut=district)) == {JABAR: "clean", GARUT: "clean"}
    kept = region(jabar=newer, garut=district) | {old: PROVINCE}
    assert status(kept) == {JABAR: "clean", GARUT: "needs a look"}
    assert status(region(jabar=PROVINCE, garut=district), newer) == {"new/0.yaml": "clean", GARUT: "needs a look"}


def test_a_node_that_a_template_gives_a_state_counts_as_the_bases() -> None:
    overlay = (
        PROVINCE.replace(
            "joint_review: {approval: {approvers: {finance: {veto: true}}}}",
            "section_review: {timers: {remind: {after: {working_days: 2}}}}",
        )
        + "  scenarios: {late_reviewer_escalates: null}\n"
    )
    base = changed(
        TWO,
        ("version: 2.0.0", "version: 2.1.0"),
        ("remind:   {after: {working_days: 1}", "remind:   {after: {working_days: 3}"),
        ("{advance: {working_days: 1}, expect: {fired: [section_review.remind]}}", "{advance: {working_days: 1}}"),
        ("{fired: [section_review.escalate], c", "{fired: [section_review.remind, section_review.escalate], c"),
    )  # fmt: skip
    found = stand(region(base=base, history=TWO, jabar=overlay))[JABAR]
    assert [each.path[-2:] for each in found.both] == [("timers", "remind"), ("scenarios", "late_reviewer_escalates")]


def test_what_base_and_overlay_both_add_is_looked_at() -> None:
    overlay = PROVINCE + "  roles: {auditor: {title: Auditor, resolve: {group: auditors}}}\n"
    base = changed(
        TWO, ("version: 2.0.0", "version: 2.1.0"),
        ("  planning:      {title", "  auditor: {title: Auditor, resolve: {group: auditors}}\n  planning:      {title"),
    )  # fmt: skip
    found = stand(region(base=base, history=TWO, jabar=overlay))[JABAR]
    assert [(each.path, each.old) for each in found.both] == [(("roles", "auditor"), None)]


def test_a_map_the_overlay_adds_to_and_the_base_takes_away_is_looked_at() -> None:
    overlay = PROVINCE.replace(
        "joint_review: {approval: {approvers: {finance: {veto: true}}}}",
        "signing: {timers: {warn: {after: {working_days: 4}, effects: {tell: {notify: reminder}}}}}",
    )
    base = changed(
        TWO,
        ("version: 2.0.0", "version: 2.1.0"),
        (
            "          timers:\n            remind: {after: {working_days: 2}, effects: {tell: {notify: reminder}}}\n",
            "",
        ),
    )
    found = stand(region(base=base, history=TWO, jabar=overlay))[JABAR]
    assert found.status == "needs a look"
    assert [(each.path[-1], each.new) for each in found.both] == [("timers", None)]


def test_an_overlay_whose_head_cannot_be_used_is_broken() -> None:
    found = stand(region(jabar="schema: casework/1\noverlay: x\nregion: jabar\nextends: nothing\n"))
    assert {file: each.status for file, each in found.items()} == {JABAR: "broken"}
    assert found[JABAR].overlay is None


def test_an_overlay_on_a_broken_base_is_broken_and_the_base_is_named() -> None:
    text, _ = unmarked(changed(TWO, ("initial: drafting", "initial: draftng")))
    found = stand(region(base=text, jabar=PROVINCE))[JABAR]
    assert found.status == "broken"
    assert (BASE, "WF020") in {(each.file, each.code) for each in found.findings}


def test_a_region_that_changes_a_form_alone_is_proved_too() -> None:
    overlay = (
        "schema: casework-form/1\noverlay: performance_agreement.jabar\nregion: jabar\n"
        "extends: {form: performance_agreement, version: ^2.0}\npatch: {fields: {goals: {min_items: 2}}}\n"
    )
    found = stand(region(jabar_form=overlay))[JABAR_FORM]
    assert found.status == "broken"
    assert "straight_through" in found.failures
