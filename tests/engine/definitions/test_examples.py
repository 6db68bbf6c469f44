"""The worked examples load, say what they mean, and raise no false alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import vocabulary
from engine.definitions.load import Loaded, build, load_tree, read_tree
from engine.definitions.model import Definition
from engine.definitions.scenarios import typed_scenario
from tests.engine.definitions.leave import EXAMPLES, shown


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_tree(read_tree([EXAMPLES], EXAMPLES), vocabulary.load())


@pytest.fixture(scope="module")
def agreement(loaded: Loaded) -> Definition:
    return loaded.definitions["performance_agreement"]


@pytest.fixture(scope="module")
def complaint(loaded: Loaded) -> Definition:
    return loaded.definitions["complaint_investigation"]


def test_every_example_becomes_a_definition(loaded: Loaded) -> None:
    assert set(loaded.definitions) == {
        "performance_agreement",
        "performance_agreement.jabar",
        "complaint_investigation",
        "sakip_document",
    }


def test_the_examples_have_no_errors_and_only_warnings_that_are_true(loaded: Loaded) -> None:
    assert not [each for each in loaded.problems if each.is_error], shown(loaded.problems)
    true = [
        (each.file, each.line, each.code) for each in loaded.problems if each.code != "WF060"
    ]  # titles in one language only
    assert true == [
        ("workflows/sakip_document.yaml", 1, "WF100"),
        ("workflows/sakip_document.yaml", 31, "WF031"),
        ("workflows/sakip_document.yaml", 32, "WF031"),
        ("workflows/sakip_document.yaml", 33, "WF031"),
        ("workflows/sakip_document.yaml", 61, "WF013"),
    ]


def test_loose_files_of_one_folder_are_read_like_a_tree(tmp_path: Path) -> None:
    for path in EXAMPLES.rglob("*.yaml"):
        name = "_".join(path.relative_to(EXAMPLES).parts)
        (tmp_path / name).write_bytes(path.read_bytes())
    found = load_tree(read_tree([tmp_path], tmp_path), vocabulary.load())
    assert set(found.definitions) == {
        "performance_agreement",
        "performance_agreement.jabar",
        "complaint_investigation",
        "sakip_document",
    }
    assert not [each for each in found.problems if each.is_error]


def test_templates_are_merged_into_the_states_that_use_them(agreement: Definition) -> None:
    review = agreement.states["division_review"]
    assert review.task is not None
    assert review.task.candidates == ("division_head",)
    assert review.task.excluded == ("employee",)
    assert review.task.due is not None and review.task.due.amount == 3
    assert review.task.due.calendar == "office"
    assert [call.kind for call in review.timers["escalate"].effects] == ["notify", "add_candidate"]
    assert set(review.transitions) == {"return", "approve"}
    assert review.transitions["return"].requires == ("comment",)


def test_states_are_flat_and_in_document_order(agreement: Definition) -> None:
    assert list(agreement.states)[:4] == ["drafting", "approval_chain", "section_review", "division_review"]
    assert [state.position for state in agreement.states.values()] == list(range(11))
    assert agreement.states["signing"].parent == "approval_chain"
    assert agreement.states["approval_chain"].initial == "section_review"
    assert agreement.states["approval_chain"].history == "shallow"


def test_an_approval_is_read_with_its_places_and_words(agreement: Definition) -> None:
    joint = agreement.states["joint_review"].approval
    signing = agreement.states["signing"].approval
    assert joint is not None and signing is not None
    assert [place.key for place in joint.approvers] == ["planning", "personnel", "finance"]
    assert [place.has_veto for place in joint.approvers] == [False, True, False]
    assert joint.approvers[2].needed_when is not None
    assert joint.approvers[2].needed_when.names == {"unit_budget"}
    assert (joint.completion, joint.quorum) == ("quorum", 2)
    assert (signing.accept, signing.refuse) == ("sign", "decline")


def test_parallel_states_keep_their_regions(complaint: Definition) -> None:
    investigating = complaint.states["investigating"]
    assert list(investigating.regions) == ["interviews", "documents", "opinion", "extension"]
    assert investigating.join is not None and investigating.join.regions == ("interviews", "documents")
    assert complaint.states["asked"].region == "opinion"
    assert complaint.states["hearing"].multi_instance is not None
    assert complaint.states["hearing"].multi_instance.element == "witness"


def test_people_rules_and_promises_are_read(complaint: Definition) -> None:
    assert complaint.roles["complainant"].is_external
    assert complaint.roles["unit_head"].options == {"position": "head", "level": None, "of": "case.unit"}
    assert complaint.roles["investigator"].options == {"group": "investigators", "cardinality": "many"}
    assert [rule.key for rule in complaint.decision_tables["priority"].rules] == ["grave", "large", "others"]
    assert complaint.slas["resolution"].target.amount == 60
    assert str(complaint.slas["resolution"].at_risk_share) == "0.8"
    assert complaint.fields["priority"].type == "text"


def test_a_scenario_is_typed_with_its_fixtures_merged(complaint: Definition) -> None:
    typed = typed_scenario(complaint, complaint.scenarios["dismissal_needs_other_eyes"])
    assert typed.given.initiator == "citra"
    assert typed.given.users["triage_officer"] == ("sam",)
    assert typed.given.users["intake_officer"] == ("ida",)
    assert typed.given.clock is not None and typed.given.clock.isoformat() == "2026-03-02T00:00:00+07:00"
    assert [(step.kind, step.user, step.action, step.refused) for step in typed.steps][:3] == [
        ("act", "ida", "register", None),
        ("act", "sam", "dismiss", None),
        ("act", "sam", "confirm", "excluded"),
    ]


def test_the_same_content_is_the_same_version(agreement: Definition) -> None:
    workflow = (EXAMPLES / "workflows/performance_agreement.yaml").read_text()
    form = (EXAMPLES / "forms_config/performance_agreement.yaml").read_text()

    def digest(text: str, **more: str) -> str:
        files = {"workflows/a.yaml": text, "forms_config/b.yaml": form} | more
        definition, _ = build(files, "performance_agreement", vocabulary.load())
        assert definition is not None
        return definition.digest

    assert digest(workflow) == agreement.digest
    assert digest("# another comment\n" + workflow.replace("version: 2.0.0", 'version:   "2.0.0"')) == agreement.digest
    assert digest(workflow.replace("default: 3", "default: 4")) != agreement.digest
    with_mail = digest(workflow, **{"templates/returned/body.id.txt": "Dikembalikan"})
    assert with_mail != agreement.digest
    assert digest(workflow, **{"templates/unrelated/body.id.txt": "x"}) == agreement.digest


def test_the_shipped_definitions_are_clean() -> None:
    root = Path(__file__).parents[3]
    found = load_tree(read_tree([], root), vocabulary.load())
    assert not [each for each in found.problems if each.is_error], shown(found.problems)
    assert found.definitions


def test_every_key_of_the_language_is_read_without_a_finding() -> None:
    root = EXAMPLES.parent / "everything"
    found = load_tree(read_tree([root], root), vocabulary.load())
    assert not found.problems, shown(found.problems)
    purchase = found.definitions["purchase"]
    assert purchase.states["climb"].approval.along.at_most == 6
    assert purchase.states["owners"].approval.for_each.is_distinct
    assert purchase.states["draft"].timers["nag"].repeat_at_most == 3
    assert purchase.calendars["office"].hours[4].pause == (690, 780)
    assert purchase.schedules["season"].extendable_by == ("agency",)
    assert [call.kind for call in purchase.states["draft"].transitions["send"].effects][:4] == [
        "decide",
        "set",
        "set",
        "append",
    ]
