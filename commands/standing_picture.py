"""A drawn definition as a file of its own: the page's stylesheet is not there, so the picture brings a small one."""

from __future__ import annotations

STYLE = """<style>
text { font: 600 13px/1 system-ui, sans-serif; fill: #1c1b19; }
.sub { font-weight: 400; font-size: 12px; fill: #5b5850; }
path { fill: none; stroke: #8a857a; stroke-width: 1.5; }
.state > path { fill: #fffefb; stroke-width: 1.25; }
.whole > path, .whole > polygon { fill: #efece4; stroke: #8a857a; stroke-width: 1; }
.edge polygon, ellipse { fill: #8a857a; stroke: none; }
.back > path { stroke-dasharray: 4 4; }
</style>"""


def standing(svg: str) -> str:
    """``svg`` (of ``definitions/draw.py``) with a stylesheet of its own, right after its opening tag."""
    head, mark, rest = svg.partition(">")
    return f"{head}{mark}{STYLE}{rest}"
