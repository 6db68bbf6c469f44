"""The picture of a case type: every state and arrow is in it, in words as well, and it carries no style of its own."""

from __future__ import annotations

import itertools
import re
import threading
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from engine import vocabulary
from engine.definitions.draw import Drawing, draw
from engine.definitions.draw_marks import CHANGED, LOST, NEW, marks_of
from engine.definitions.draw_standing import STYLE, picture
from engine.definitions.draw_text import in_text
from engine.definitions.load import load_tree
from engine.definitions.model import Definition
from engine.definitions.tree import from_texts
from tests.engine.definitions.journey import JOURNEY, JOURNEY_FORM, journey
from tests.engine.definitions.thirty import thirty
from tests.shipped import shipped

ROOT = Path(__file__).resolve().parents[3]
GROUP = "{http://www.w3.org/2000/svg}g"
WORDS = {"done": "✓ Done", "now": "● Now", "waiting": "○ Waiting"}
CLASSES = {"done": "ok", "now": "at", "waiting": "to-come"}


@pytest.fixture(scope="module")
def definition() -> Definition:
    return shipped().definitions["performance_agreement"]


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


# -- a picture that stands for itself --------------------------------------------------------------------------------

LEGAL_STEP = (
    """    checks:
      title: {id: Pemeriksaan""",
    """    legal_opinion:
      title: {id: Telaah hukum, en: Legal opinion}
      task: {candidates: [legal], form: journey}
      transitions: {approve: {to: checks, title: {id: Setujui, en: Approve}}}
    checks:
      title: {id: Pemeriksaan""",
)
CHANGES = (
    LEGAL_STEP,
    ("approve: {to: checks,", "approve: {to: legal_opinion,"),
    ("lapse: {after: {days: 30}", "lapse: {after: {days: 50}"),
    ("        discard: {to: refused, title: {id: Buang, en: Discard}, answers: incomplete}\n", ""),
    ("  discarded:\n    given: {uses: people}\n    steps: [{as: sari, do: discard, expect: {ended: true}}]\n", ""),
)


def groups_of(svg: str) -> dict[str, list[str]]:
    root = ElementTree.fromstring(svg)
    return {group.get("id", ""): group.get("class", "").split() for group in root.iter(GROUP) if group.get("id")}


def texts_of(svg: str) -> list[str]:
    return [line.text or "" for line in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_new_and_changed_parts_bear_a_line_a_word_and_an_explanation() -> None:
    new = journey(*CHANGES)
    marks = marks_of(new, journey())
    assert marks.states == {"legal_opinion": (NEW,), "verification": (CHANGED,), "draft": (CHANGED,)}
    assert marks.arrows == {
        "verification--legal_opinion": NEW,
        "legal_opinion--checks": NEW,
        "verification--refused": CHANGED,
    }
    svg = picture(new, "en", marks)
    groups = groups_of(svg)
    assert "new" in groups["dg-legal_opinion"] and "changed" in groups["dg-verification"]
    assert not {"new", "changed", "lost"} & set(groups["dg-signing"])
    texts = texts_of(svg)
    assert texts.count("new") == 2 and texts.count("changed") == 3  # in each box, and once in the legend
    assert "Not there any more: 'Proposal': action 'Discard' removed; before to 'Cancelled'" in texts
    edges = [group.get("class", "").split() for group in ElementTree.fromstring(svg).iter(GROUP)]
    assert sum("edge" in each and "new" in each for each in edges) == 2
    assert sum("edge" in each and "changed" in each for each in edges) == 1


def test_the_words_bear_the_same_marks() -> None:
    new = journey(*CHANGES)
    text = in_text(new, "id", marks_of(new, journey()))
    assert "Telaah hukum · Bagian Hukum [baru]" in text
    assert "    Setujui → Telaah hukum [baru]" in text
    assert "Verifikasi · Kepala seksi · batas 3 hari kerja [berubah]" in text
    assert "    setelah 50 hari → Batal [berubah]" in text
    assert "[berubah] berubah" in text.splitlines()
    assert "Tidak ada lagi: 'Usulan': tindakan 'Buang' dihapus; semula ke 'Batal'" in text


def test_marks_do_not_live_by_colour_alone() -> None:
    for kind in (LOST, NEW, CHANGED):
        rules = re.findall(rf"\.state\.{kind} > path[^{{]*{{([^}}]*)}}", STYLE)
        assert len(rules) == 1
        assert "stroke-dasharray" in rules[0] or "stroke-width: 4" in rules[0]


def test_what_cannot_be_reached_is_drawn_dashed_and_named() -> None:
    texts = {"workflows/journey.yaml": JOURNEY.replace("slow: {order: 20, to: signing}", "slow: {order: 20, to: done}")}
    loaded = load_tree(from_texts({**texts, "forms_config/journey.yaml": JOURNEY_FORM}), vocabulary.load())
    assert {each.code for each in loaded.problems if each.is_error} == {"WF021"}
    definition = loaded.case_types["journey"].definition
    svg = picture(definition, "id", marks_of(definition))
    groups = groups_of(svg)
    assert {key for key, classes in groups.items() if "lost" in classes} == {"dg-signing", "dg-trips"}
    assert texts_of(svg).count("tidak terjangkau") == 2
    assert "tidak terjangkau: tidak ada jalan ke langkah ini" in texts_of(svg)


def test_thirty_steps_go_from_top_to_bottom_and_do_not_meet() -> None:
    definition = thirty()
    assert len(definition.states) >= 30
    svg = picture(definition, "id", marks_of(definition))
    root = ElementTree.fromstring(svg)
    width, height = (float(root.get(name, "0")) for name in ("width", "height"))
    assert width < 1200 and height > width
    boxes = {}
    for group in root.iter(GROUP):
        if "atomic" in group.get("class", "").split() or "final" in group.get("class", "").split():
            path = group.find("{http://www.w3.org/2000/svg}path")
            assert path is not None
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
            boxes[group.get("id")] = (min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))
    assert len(boxes) == sum(not state.children for state in definition.states.values())
    for one, other in itertools.combinations(boxes.values(), 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    first, last = boxes["dg-drafting"], boxes["dg-in_force"]
    assert first[1] < last[1], "a way back pulled the beginning below the end"
    for line in root.iter("{http://www.w3.org/2000/svg}text"):
        assert len(line.text or "") <= 40


def test_an_empty_title_is_drawn_every_time() -> None:
    """Graphviz reads memory that is not its own where a line of a label is empty, and fails now and then."""
    text = JOURNEY.replace("title: {id: Hukum, en: Law}", 'title: {id: "", en: " "}')
    loaded = load_tree(
        from_texts({"workflows/journey.yaml": text, "forms_config/journey.yaml": JOURNEY_FORM}), vocabulary.load()
    )
    definition = replace(loaded.case_types["journey"].definition, digest="")
    for _ in range(30):
        assert picture(definition, "id", marks_of(definition)).startswith("<svg")
