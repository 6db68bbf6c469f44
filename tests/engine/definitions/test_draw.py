"""The picture of a case type: every state and arrow is in it, in words as well, and it carries no style of its own."""

from __future__ import annotations

import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from engine import vocabulary
from engine.definitions.draw import Drawing, draw
from engine.definitions.load import load_tree, read_tree
from engine.definitions.model import Definition

ROOT = Path(__file__).resolve().parents[3]
GROUP = "{http://www.w3.org/2000/svg}g"
WORDS = {"done": "✓ Done", "now": "● Now", "waiting": "○ Waiting"}
CLASSES = {"done": "ok", "now": "at", "waiting": "to-come"}


@pytest.fixture(scope="module")
def definition() -> Definition:
    tree = read_tree([ROOT / "workflows", ROOT / "forms_config"], ROOT)
    return load_tree(tree, vocabulary.load()).definitions["performance_agreement"]


def _marked(drawing: Drawing, marks: dict[str, str]) -> str:
    return drawing.marked(marks, WORDS, CLASSES, "The way <of> an agreement", "Now & here")


def test_every_state_is_in_the_picture_and_in_the_words(definition: Definition) -> None:
    drawing = draw(definition, "en")
    root = ElementTree.fromstring(_marked(drawing, {}))
    drawn = {group.get("id", "").removeprefix("dg-") for group in root.iter(GROUP) if group.get("id")}
    assert drawn == set(definition.states)
    assert {state.key for state in drawing.twin} == set(definition.states)


def test_a_mark_becomes_a_class_and_a_word(definition: Definition) -> None:
    picture = _marked(draw(definition, "en"), {"drafting": "done", "section_review": "now"})
    groups = {group.get("id"): group for group in ElementTree.fromstring(picture).iter(GROUP)}
    assert "ok" in groups["dg-drafting"].get("class", "").split()
    assert "at" in groups["dg-section_review"].get("class", "").split()
    assert picture.count("● Now") == 1
    assert "@" not in picture


def test_the_picture_has_a_name_and_carries_no_style_or_script(definition: Definition) -> None:
    picture = _marked(draw(definition, "id"), {})
    assert '<title id="dg-t">The way &lt;of&gt; an agreement</title>' in picture
    assert '<desc id="dg-d">Now &amp; here</desc>' in picture
    for word in ("style=", "<script", "fill=", "font-family", "href="):
        assert word not in picture


def test_the_words_tell_each_arrow_and_who_is_asked(definition: Definition) -> None:
    twin = {state.key: state for state in draw(definition, "en").twin}
    assert [(way.title, way.to) for way in twin["section_review"].ways] == [
        ("Approve and pass on", "Division head's review"),
        ("Return for improvement", "Improvement"),
    ]
    assert twin["joint_review"].waits_for == ("Planning bureau", "Personnel bureau", "Finance bureau")
    assert twin["section_review"].depth == 1


def test_threads_may_draw_at_the_same_time(definition: Definition) -> None:
    found: list[Drawing] = []
    threads = [threading.Thread(target=lambda: found.append(draw(definition, "en"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len({id(drawing) for drawing in found}) == 1
