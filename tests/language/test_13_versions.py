# ruff: noqa: E501 - YAML as authors write it
"""§10, §13 and §14: versions, overlays and sealed types, as whole texts."""

from __future__ import annotations

import pytest

from engine import vocabulary
from engine.definitions.load import build
from engine.definitions.model import Definition
from tests.engine.definitions.leave import FORM, WORKFLOW, Change, changed, leave
from tests.language.linting import clean, marked, told

HEAD = "schema: casework/1\noverlay: leave.kota\nextends: {case_type: leave, version: ^1.0}\nregion: kota\n"
OVERLAY = "workflows/regions/kota/leave.yaml"


def built(*changes: Change, form: str = FORM, region: str | None = None, **more: str) -> Definition:
    definition, problems = build(
        {"workflows/leave.yaml": changed(WORKFLOW, *changes), "forms_config/leave.yaml": form, **more},
        "leave",
        vocabulary.load(),
        region=region,
    )
    assert definition is not None, problems
    return definition


@pytest.mark.parametrize("change", [
    ("title: Leave\n", "title:   Leave  # as people say\n"), ("legal_basis: [PP 11/2017]", 'legal_basis: ["PP 11/2017"]'), ("    granted: {type: final}\n", "    granted:\n      type: final\n"),
])  # fmt: skip
def test_13_1_layout_quotes_and_comments_are_the_same_version(change):
    assert built(change).digest == built().digest


@pytest.mark.parametrize("change", [
    ("working_days: 1}", "working_days: 2}"), ("title: Leave\n", "title: Cuti\n"), ("default: 3", "default: 4"), ("requires: [comment]", "requires: [comment, attachment]"), ("version: 1.0.0", "version: 1.0.1"),
])  # fmt: skip
def test_13_1_anything_that_is_written_otherwise_is_another_version(change):
    assert built(change).digest != built().digest


def test_13_1_a_form_is_part_of_the_version():
    assert built(form=FORM.replace("title: Reason", "title: Why")).digest != built().digest


def test_13_1_a_region_has_a_version_of_its_own():
    region = built(region="kota", **{OVERLAY: HEAD + "patch: {title: Cuti kota}\n"})
    assert region.digest != built().digest and region.region == "kota"


def test_13_1_a_parameter_set_beside_the_patch_is_part_of_the_version():
    one, other = (built(region="kota", **{OVERLAY: HEAD + f"parameters: {{review_days: {days}}}\n"}) for days in (2, 4))
    assert one.digest != other.digest
    assert (one.parameter_values["review_days"], other.parameter_values["review_days"]) == (2, 4)


def test_10_a_region_inherits_the_proof():
    region = built(region="kota", **{OVERLAY: HEAD + "patch: {title: Cuti kota}\n"})
    assert set(region.scenarios) == {"granted"} and set(region.fixtures) == {"people"}


def test_10_a_list_is_replaced_whole_and_null_removes():
    patch = "patch:\n  notifications: {reminder: {to: [head]}}\n  lifecycle: {states: {review: {timers: null}}}\n"
    region = built(region="kota", **{OVERLAY: HEAD + patch})
    assert region.notifications["reminder"].to == ("head",) and not region.states["review"].timers


def test_10_a_state_may_be_put_between_two_others():
    patch = """patch:
  lifecycle:
    states:
      draft: {transitions: {submit: {to: check}}}
      check: {task: {candidates: [personnel], excluded: [employee]}, transitions: {pass: {to: review}}}
  scenarios: {granted: {steps: [{as: sari, do: submit, expect: {state: check}}, {as: gita, do: pass, expect: {state: review}}, {as: budi, do: approve, expect: {ended: true}}]}}
"""
    region = built(region="kota", **{OVERLAY: HEAD + patch})
    assert region.states["draft"].transitions["submit"].to == "check"


SEALED = (
    "legal_basis:",
    "confidentiality: sealed\nvisibility: {classes: {restricted: {readers: [head, employee]}}}\nlegal_basis:",
)
QUIET = ("template: reminder}", "template: {subject: Kabar, body: Ada kabar}}")


def test_14_a_class_not_listed_has_no_readers():
    told(
        "WF071",
        ("legal_basis:", "confidentiality: sealed\nlegal_basis:"),
        QUIET,
        ("days: edit", "^^days: edit"),
        (
            "candidates: [head], excluded: [employee], form: leave",
            "candidates: [head], excluded: [employee], form: ^^leave",
        ),
        form=[("title: Days", "title: Days, classification: confidential")],
    )


def test_14_ordinary_is_open_to_all_recipients():
    clean(SEALED, QUIET)


def test_14_who_may_read_a_class_is_listed_by_role():
    clean(SEALED, QUIET, form=[("title: Days", "title: Days, classification: restricted")])


@pytest.mark.parametrize("text", ["{case.number}", "{case.title}", "{case.days}"])
def test_14_a_sealed_mail_carries_no_data_of_the_case(text):
    told("WF070", SEALED, ("template: reminder}", f'template: {{subject: Kabar, body: ^^"{text}"}}}}'))


def test_14_a_case_may_be_hidden_from_those_it_is_about():
    definition = built(
        ("legal_basis:", 'confidentiality: sealed\nvisibility: {hidden_from: ["user in case.backups"]}\nlegal_basis:'),
        QUIET,
    )
    assert definition.is_sealed


def test_14_a_sealed_type_s_expressions_are_yes_or_no():
    told(
        "WF053",
        ("legal_basis:", 'confidentiality: sealed\nvisibility: {hidden_from: [^^"case.days + 1"]}\nlegal_basis:'),
        QUIET,
    )


@pytest.mark.parametrize("patch", ["^^schema: casework/2", "^^case_type: other"])
def test_10_a_patch_does_not_change_what_its_base_is(patch):
    text, places = marked(HEAD + f"patch: {{{patch}}}\n")
    problems = leave(**{OVERLAY: text})
    assert [(each.code, each.line, each.column) for each in problems] == [("WF111", *places[0])]


def test_10_a_region_has_one_overlay_on_a_base():
    problems = leave(**{OVERLAY: HEAD, "workflows/regions/kota/second.yaml": HEAD.replace("leave.kota", "leave.lain")})
    assert [(each.file, each.code, each.line) for each in problems] == [
        ("workflows/regions/kota/second.yaml", "WF012", 4)
    ]
