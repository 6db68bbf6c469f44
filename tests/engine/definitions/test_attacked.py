"""Whatever a file holds, checking it ends, gives findings in order, at most one a token, and never an error."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.findings import FORMATS, formatted
from engine.definitions.load import build, load_tree
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import read
from engine.definitions.tree import from_texts, read_tree
from tests.bounded import within
from tests.engine.definitions.leave import EXAMPLES, FORM, WORKFLOW

FILES: Mapping[str, str] = {
    path.relative_to(EXAMPLES).as_posix(): path.read_text() for path in sorted(EXAMPLES.rglob("*.yaml"))
}
WORDS = (
    *("null", "{}", "[]", "true", "0", "-1", "1.5", "''", "draft", "employee", "2026-03-02", "${review_days}", "${x}"),
    *("{a:1}", "[a,b]", "initiator", "parallel", "compound", "final", "done", "approved", "{working_days:1}", "quorum"),
    *("99999999999999999999", "case.goals", '"count(case.goals)"', "all_of"),
)
KEYS = ("to", "guard", "a", "order", "type", "states", "field", "id")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def checked(files: Mapping[str, str | bytes]) -> list[Problem]:
    """All findings, after making sure that they can be shown."""
    problems = load_tree(from_texts(files), vocabulary.load(), frozenset({"reminder"})).problems
    places = [(each.file, each.line, each.column) for each in problems]
    assert places == sorted(set(places))
    assert all(each.line >= 1 and each.column >= 1 and each.message.id and each.message.en for each in problems)
    for form in FORMATS:
        formatted(problems, form, "id").encode("utf-8", "surrogatepass")
    return problems


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(content: bytes) -> None:
    problems = Problems()
    read(content, "a.yaml", problems)
    checked({"workflows/a.yaml": content})


@QUICK
@given(st.text(max_size=400))
def test_any_text_can_be_read(content: str) -> None:
    checked({"workflows/a.yaml": content, "forms_config/a.yaml": content})


def mutated(text: str, chance: random.Random) -> str:
    """The text with a few lines or words lost, doubled, swapped or replaced."""
    for _ in range(chance.randint(1, 3)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        kind = chance.randrange(6)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif kind == 2:
            lines[at] = "  " * chance.randint(0, 3) + lines[at].strip()
        else:
            parts = lines[at].replace("{", " { ").replace("}", " } ").replace(",", " , ").split(" ")
            spot = chance.randrange(len(parts))
            if kind == 3:
                parts[spot] = chance.choice(WORDS)
            elif kind == 4 and len(parts) > 1:
                del parts[spot]
            else:
                parts.insert(spot, chance.choice(WORDS))
            lines[at] = " ".join(parts)
        text = "\n".join(lines)
    return text


@QUICK
@given(st.randoms(use_true_random=False))
def test_a_mutated_example_gives_findings_only(chance: random.Random) -> None:
    files = dict(FILES)
    for path in chance.sample(sorted(files), 2):
        files[path] = mutated(files[path], chance)
    checked(files)


@QUICK
@given(st.randoms(use_true_random=False))
def test_a_mutated_example_is_built_or_refused(chance: random.Random) -> None:
    files = dict(FILES)
    path = chance.choice(["workflows/performance_agreement.yaml", "workflows/complaint_investigation.yaml"])
    files[path] = mutated(files[path], chance)
    name = path.removeprefix("workflows/").removesuffix(".yaml")
    for region in (None, "jabar"):
        definition, problems = build(files, name, vocabulary.load(), region=region)
        assert (definition is None) == any(each.is_error for each in problems)


VALUES = st.recursive(
    st.sampled_from([*WORDS, "x"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@QUICK
@given(st.data())
def test_any_value_in_any_place_gives_findings_only(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from([WORKFLOW, FORM]))
    spots = [at for at, letter in enumerate(source) if letter == ":" and source[at + 1 : at + 2] == " "]
    at = data.draw(st.sampled_from(spots))
    end = min(found for found in (source.find(mark, at) for mark in (",", "}", "\n")) if found > 0)
    text = source[: at + 2] + data.draw(VALUES) + source[end:]
    files = {"workflows/leave.yaml": WORKFLOW, "forms_config/leave.yaml": FORM}
    files["workflows/leave.yaml" if source is WORKFLOW else "forms_config/leave.yaml"] = text
    checked(files)


@pytest.mark.parametrize("value", ["{}", "[]", "1", "null", "{a: b}", "[people]"])
def test_a_fixture_named_by_anything_but_a_word_is_a_finding(value: str) -> None:
    text = WORKFLOW.replace("uses: people", f"uses: {value}")
    assert checked({"workflows/leave.yaml": text, "forms_config/leave.yaml": FORM})


def in_time(text: str, seconds: float = 15.0) -> list[Problem]:
    with within(seconds):
        return checked({"workflows/leave.yaml": text, "forms_config/leave.yaml": FORM})


def states_of(lines: list[str]) -> str:
    head = WORKFLOW.partition("lifecycle:")[0]
    return head + "lifecycle:\n  initial: s0\n  states:\n" + "".join(f"    {line}\n" for line in lines)


TASK = "task: {candidates: [employee]}"


def test_a_state_that_stands_inside_itself_is_told_and_ends() -> None:
    inner = "par: {type: compound, initial: par, states: {par: {" + TASK + "}}}"
    one = "a: {initial: par, states: {" + inner + "}}"
    other = "b: {initial: end, states: {end: {type: final}}}"
    nested = "par: {type: parallel, regions: {" + one + ", " + other + "}}"
    head = WORKFLOW.partition("lifecycle:")[0]
    found = in_time(f"{head}lifecycle:\n  initial: par\n  states:\n    {nested}\n")
    assert "WF024" in {problem.code for problem in found}


def test_thousands_of_states_in_a_row_are_checked_in_seconds() -> None:
    states = [f"s{number}: {{{TASK}, transitions: {{go: {{to: s{number + 1}}}}}}}" for number in range(4000)]
    assert not in_time(states_of([*states, "s4000: {type: final}"]))


def test_thousands_of_regions_are_checked_in_seconds() -> None:
    regions = [
        f"r{number}: {{initial: a{number}, states: {{a{number}: {{{TASK}, transitions: {{go: {{to: b{number}}}}}}}, "
        f"b{number}: {{type: final}}}}}}"
        for number in range(2000)
    ]
    parallel = "s0: {type: parallel, transitions: {done: {to: end}}, regions: {" + ", ".join(regions) + "}}"
    assert not in_time(states_of([parallel, "end: {type: final}"]))


def test_a_large_template_used_thousands_of_times_is_refused() -> None:
    effects = ", ".join(f"k{number}: {{notify: reminder}}" for number in range(3000))
    template = (
        f"state_templates: {{t: {{{TASK}, transitions: {{go: {{to: end, effects: {{{effects}}}}}}}}}}}\nlifecycle:"
    )
    text = states_of([*(f"s{number}: {{uses: t}}" for number in range(2000)), "end: {type: final}"])
    assert "WF005" in {each.code for each in in_time(text.replace("lifecycle:", template))}


def test_thousands_of_actions_on_thousands_of_children_are_refused() -> None:
    actions = ", ".join(f"a{number}: {{to: end}}" for number in range(3000))
    children = ", ".join(f"c{number}: {{}}" for number in range(4000))
    parent = f"s0: {{type: compound, initial: c0, transitions: {{{actions}}}, states: {{{children}}}}}"
    assert [each.code for each in in_time(states_of([parent, "end: {type: final}"]))] == ["WF005"]


def test_fixtures_that_use_each_other_without_end_are_refused() -> None:
    fixtures = "".join(f"  f{number}: {{uses: f{number + 1}}}\n" for number in range(2000))
    text = states_of(["s0: {type: final}"]) + "fixtures:\n" + fixtures + "  f2000: {uses: f0}\n"
    assert {each.code for each in in_time(text)} == {"WF120"}


def test_a_pipe_a_device_and_a_link_to_nothing_are_findings(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    os.mkfifo(tmp_path / "workflows" / "pipe.yaml")
    (tmp_path / "workflows" / "device.yaml").symlink_to("/dev/zero")
    (tmp_path / "workflows" / "nothing.yaml").symlink_to("nowhere")
    found = load_tree(read_tree([], tmp_path), vocabulary.load()).problems
    assert [(each.file, each.line, each.column, each.code) for each in found] == [
        (f"workflows/{name}.yaml", 1, 1, "WF001") for name in ("device", "nothing", "pipe")
    ]


def test_a_file_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / os.fsdecode(b"\xff.yaml")).write_text("[]")
    (problem,) = load_tree(read_tree([], tmp_path), vocabulary.load()).problems
    assert problem.file == "workflows/\\udcff.yaml"


def test_thousands_of_mistyped_names_among_thousands_are_told_in_seconds() -> None:
    fields = "\n".join(f"  field_{number}: {{type: integer, title: Field}}" for number in range(2500))
    arrows = "\n".join(f'        x{number}: {{to: draft, guard: "case.fild_{number} == 1"}}' for number in range(2000))
    files = {
        "workflows/leave.yaml": WORKFLOW.replace("        return:", f"{arrows}\n        return:"),
        "forms_config/leave.yaml": FORM.replace("  days:", f"{fields}\n  days:"),
    }
    with within(30):
        found = load_tree(from_texts(files), vocabulary.load()).problems
    assert sum(problem.code == "WF052" for problem in found) == 2000
    assert next(problem for problem in found if problem.code == "WF052").suggestion


def test_a_chain_of_computed_fields_as_long_as_a_file_is_calculated() -> None:
    chain = "\n".join(
        f'  c{number}: {{type: integer, title: Field, computed: "case.c{number + 1}"}}' for number in range(3000)
    )
    files = {
        "workflows/leave.yaml": WORKFLOW,
        "forms_config/leave.yaml": FORM.replace("  days:", f"{chain}\n  c3000: {{type: integer, title: F}}\n  days:"),
    }
    definition, problems = build(files, "leave", vocabulary.load())
    assert definition is not None, problems
    assert all(result.passed for result in run_all(definition))
