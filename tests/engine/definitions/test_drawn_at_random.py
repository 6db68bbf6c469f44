"""Pictures, BPMN and comparisons of lifecycles nobody designed: they never fail and never leave anything out."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import vocabulary
from engine.definitions.diff import changed_states, differences
from engine.definitions.draw_marks import LOST, NEW, marks_of
from engine.definitions.draw_standing import picture
from engine.definitions.draw_text import in_text
from engine.definitions.load import load_tree
from engine.definitions.model import Definition
from engine.definitions.tree import from_texts
from tests.engine.definitions.journey import JOURNEY, JOURNEY_FORM, journey
from tests.engine.definitions.lifecycles import Author
from tests.engine.definitions.test_bpmn import check_room, drawn

SEEDS = st.integers(0, 10**9)


def written(seed: int) -> tuple[Definition, set[str]]:
    """A random definition, which may have findings, and the states no way leads to, as the checks tell them."""
    text = Author(random.Random(seed)).write()
    loaded = load_tree(from_texts({"workflows/leave.yaml": text}), vocabulary.load())
    case_type = loaded.case_types["leave"]
    at = {(entry.key.line, entry.key.column): key for key, entry in case_type.outline.entries.items()}
    lost = {at[each.line, each.column] for each in loaded.problems if each.code == "WF021"}
    return case_type.definition, lost


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_any_lifecycle_becomes_valid_bpmn_with_room_for_everything(seed: int) -> None:
    definition, _ = written(seed)
    root = drawn(definition)
    check_room(root)
    ids = {element.get("id") for element in root.iter()}
    assert {f"state_{key}" for key in definition.states} <= ids


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_unreachable_states_of_any_lifecycle_are_marked(seed: int) -> None:
    definition, lost = written(seed)
    marks = marks_of(definition)
    assert {key for key, kinds in marks.states.items() if LOST in kinds} == lost
    root = ElementTree.fromstring(picture(definition, "en", marks))
    groups = {group.get("id"): group.get("class", "").split() for group in root.iter() if group.get("id")}
    assert {key for key in definition.states if "lost" in groups[f"dg-{key}"]} == lost
    twin = in_text(definition, "en", marks)
    assert twin.count("[unreachable]") == len(lost) + bool(lost)


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS)
def test_any_two_lifecycles_are_compared_in_both_directions(one: int, other: int) -> None:
    old, new = written(one)[0], written(other)[0]
    found, back = differences(old, new), differences(new, old)
    assert {each.state for each in found if each.kind == "state_added"} == new.states.keys() - old.states.keys()
    assert {each.state for each in back if each.kind == "state_removed"} == new.states.keys() - old.states.keys()
    assert changed_states(found) == changed_states(back)
    new_ones = {key for key, kinds in marks_of(new, old).states.items() if NEW in kinds}
    assert new_ones == new.states.keys() - old.states.keys()
    assert not differences(old, old)


PIECE = re.compile(r'[A-Za-z_0-9.]+|"[^"]*"|\{[^{}]*\}|\[[^\[\]]*\]')
RUBBISH = ["", "null", "x", "7", "[]", "{}", "[a, b]", "{a: b}", "-1", "true", '"{url}{"', "'a \"b\\ \n\n c'", '"  "']


def hurt(seed: int) -> list[Definition]:
    """The definitions of a text in which one to three pieces became something else: hardly ever without findings."""
    chance = random.Random(seed)
    texts = {"workflows/journey.yaml": JOURNEY, "forms_config/journey.yaml": JOURNEY_FORM}
    for _ in range(chance.randint(1, 3)):
        path = chance.choice(["workflows/journey.yaml"] * 4 + ["forms_config/journey.yaml"])
        pieces = list(PIECE.finditer(texts[path]))
        old, new = chance.choice(pieces), chance.choice([*RUBBISH, chance.choice(pieces)[0]])
        texts[path] = texts[path][: old.start()] + new + texts[path][old.end() :]
    loaded = load_tree(from_texts(texts), vocabulary.load())
    return [case_type.definition for case_type in loaded.case_types.values()]


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_a_text_with_faults_is_still_compared_and_drawn(seed: int) -> None:
    whole = journey()
    for definition in hurt(seed):
        assert all(each.sentence.id and each.sentence.en for each in differences(whole, definition))
        assert all(each.sentence.id and each.sentence.en for each in differences(definition, whole))
        marks = marks_of(definition, whole)
        ElementTree.fromstring(picture(definition, "id", marks))
        assert in_text(definition, "en", marks)
        drawn(definition)
