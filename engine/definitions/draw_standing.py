"""A picture that stands for itself: marks by line and word, a legend below, its own small stylesheet."""

from __future__ import annotations

import textwrap
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from engine.definitions.draw import SVG, draw
from engine.definitions.draw_marks import EXPLAINED, GONE, WORDS_OF, Marks
from engine.definitions.model import Definition, Text

# Everything a mark says is said by the line and by a word; colour only repeats it.
STYLE = """
text { font: 600 13px/1 system-ui, sans-serif; fill: #1c1b19; }
.sub, .edge text, .legend text { font-weight: 400; font-size: 12px; fill: #5b5850; }
.edge text { paint-order: stroke; stroke: #fff; stroke-width: 3; stroke-linejoin: round; }
path { fill: none; stroke: #8a857a; stroke-width: 1.5; }
.state > path { fill: #fffefb; stroke-width: 1.25; }
.final > path { fill: #f4f1ea; stroke: #5b5850; stroke-width: 2.5; }
.whole > path, .whole > polygon { fill: #efece4; stroke: #8a857a; stroke-width: 1; }
.edge polygon, ellipse { fill: #8a857a; stroke: none; }
.back > path { stroke-dasharray: 4 4; }
.state.lost > path, .legend .lost { stroke: #a3261d; stroke-width: 1.5; stroke-dasharray: 2 4; fill: none; }
.state.new > path, .legend .new { stroke: #1f6f43; stroke-width: 4; }
.state.changed > path, .legend .changed { stroke: #8a5a00; stroke-width: 3; stroke-dasharray: 14 4; }
.edge.new > path { stroke: #1f6f43; stroke-width: 4; } .edge.changed > path { stroke: #8a5a00; stroke-width: 3; }
.edge.new > polygon { fill: #1f6f43; } .edge.changed > polygon { fill: #8a5a00; }
"""
_ROW = 22
_LETTERS = 90  # of a line below the picture, at most
_LEGEND = Text("Keterangan", "Legend")
_BACK = Text("kembali ke langkah sebelumnya", "back to an earlier step")


def picture(definition: Definition, language: str, marks: Marks) -> str:
    """The definition as an SVG file of its own, titles and legend in ``language`` ("id" or "en")."""
    drawing = draw(definition, language, marks.states.keys())
    kinds = {key: " ".join(found) for key, found in marks.states.items()} | marks.arrows
    words = {
        " ".join(found): ", ".join(WORDS_OF[kind].into(language) for kind in found) for found in marks.states.values()
    }
    title = definition.title.into(language)
    svg = drawing.marked(kinds, words, {kind: kind for kind in kinds.values()}, title, _summary(marks, language))
    root = ElementTree.fromstring(svg)
    style = ElementTree.Element(f"{{{SVG}}}style")
    style.text = STYLE
    root.insert(0, style)
    has_back = any("back" in group.get("class", "").split() for group in root.iter(f"{{{SVG}}}g"))
    _add_legend(root, list(_rows(marks, has_back, language)), language)
    return ElementTree.tostring(root, encoding="unicode")


def _summary(marks: Marks, language: str) -> str:
    return "; ".join(EXPLAINED[kind].into(language) for kind in marks.kinds)


def _rows(marks: Marks, has_back: bool, language: str) -> Iterator[tuple[str, str]]:
    """Class and text of each line of the legend."""
    for kind in marks.kinds:
        yield kind, EXPLAINED[kind].into(language)
    if has_back:
        yield "back", _BACK.into(language)
    for sentence in marks.gone:
        lines = textwrap.wrap(f"{GONE.into(language)}: {sentence.into(language)}", _LETTERS)
        yield from (("", line) for line in lines)


def _add_legend(root: ElementTree.Element, rows: list[tuple[str, str]], language: str) -> None:
    """Lines below the picture, each with a sample of what it explains."""
    if not rows:
        return
    width, height = (float(root.get(name, "0")) for name in ("width", "height"))
    group = ElementTree.SubElement(root, f"{{{SVG}}}g", {"class": "legend"})
    top = height + _ROW
    heading = ElementTree.SubElement(group, f"{{{SVG}}}text", {"x": "8", "y": f"{top:g}"})
    heading.text = _LEGEND.into(language)
    for number, (kind, text) in enumerate(rows, 1):
        y = top + number * _ROW
        if kind == "back":
            sample = {"d": f"M8,{y - 4:g} h40"}
            ElementTree.SubElement(
                ElementTree.SubElement(group, f"{{{SVG}}}g", {"class": "back"}), f"{{{SVG}}}path", sample
            )
        elif kind:
            box = {"d": f"M10,{y - 12:g} h36 v14 h-36 z", "class": kind}
            ElementTree.SubElement(group, f"{{{SVG}}}path", box)
        line = ElementTree.SubElement(group, f"{{{SVG}}}text", {"x": "58" if kind else "8", "y": f"{y:g}"})
        line.text = text
    needed = max(58 + 7 * len(text) for _, text in rows)
    width, height = max(width, needed), top + (len(rows) + 1) * _ROW
    root.attrib.update({"width": f"{width:g}", "height": f"{height:g}", "viewBox": f"0 0 {width:g} {height:g}"})
