"""The nodes of a tree as its pages draw them: nested, with their indicators in one line each, marks and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.tree.check_titles import CHECK_TITLES
from sakip.tree.check_words import CHECK_WORDS, REFUSAL_WORDS
from sakip.tree.integrity import Finding
from sakip.tree.values import Indicator, Node, Tree
from sakip.unit_signs import unit_sign
from web.language import words
from web.performance.cells import UNBROKEN
from web.performance.tree_words import (
    level_words,
    node_words,
    number_words,
    position_words,
    target_words,
    unit_words,
)

DEEPEST = 12  # levels drawn one in another; a longer chain begins again lower down
MOST_CHILDREN, MOST_NODES = 60, 400  # drawn under one node, and on one page
CHANGED, NEW = "changed", "new"


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a line: its name, its target of the year with its unit, what it reached, who answers for it."""

    key: str
    name: str
    target: str
    unit: str
    owner: str
    said: str  # target, achievement and owner in words


@dataclass(frozen=True, slots=True)
class Forms:
    """Words with a place for what they are about, looked up once for a page of hundreds of lines."""

    target: str
    no_target: str
    achievement: str
    no_achievement: str
    no_owner: str

    def of(self, target: str, reached: str, owner: str) -> str:
        """``target 70 Indeks · capaian 98,5% · Kepala Dinas``."""
        told = (
            self.target % {"target": target} if target else self.no_target,
            self.achievement % {"number": reached} if reached else self.no_achievement,
            owner or self.no_owner,
        )
        return f"{UNBROKEN}· ".join(told).replace(" %", f"{UNBROKEN}%")


def forms() -> Forms:
    """The words of the lines in the language of the page."""
    found = (_("target %(target)s"), _("no target yet"), _("achievement %(number)s %%"), _("no achievement yet"),
             _("no owner yet"))  # fmt: skip
    return Forms(*(str(one) for one in found))


@dataclass(frozen=True, slots=True)
class Box:
    """One node drawn. ``more`` is how many of its children come after those drawn, ``earlier`` how many before, each
    with the address that shows them; ``mark`` new or changed in a draft; ``remarks`` how much the checks say of it, in
    words."""

    key: str
    level: str
    number: int
    statement: str
    href: str
    lines: tuple[Line, ...]
    children: tuple[Box, ...]
    more: int
    more_href: str
    earlier: int
    earlier_href: str
    is_open: bool
    is_chosen: bool
    is_own: bool
    mark: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Window:
    """Those of many siblings that a page shows, how many come after and before, and where these are shown."""

    shown: tuple[Node, ...]
    more: int
    earlier: int
    more_href: str
    earlier_href: str


@dataclass(frozen=True, slots=True)
class Count:
    """How often a check found something, with the address that lists it."""

    words: str
    number: int
    href: str
    is_error: bool
    is_current: bool


@dataclass(slots=True)
class Looks:
    """How a tree is looked at: whose nodes are its own, which is chosen, which stand open, what is said of each."""

    tree: Tree
    levels: Levels | None
    measurement: Measurement | None
    positions: Mapping[str, str]
    own: str
    year: int
    href: Callable[..., str]
    chosen: str = ""
    after: str = ""  # the child of the chosen node (or the root) after which its children are shown
    is_all_open: bool = False
    marks: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reached: Mapping[str, str] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    counted: dict[int, str] = field(default_factory=dict)
    forms: Forms = field(default_factory=forms)

    def boxes(self) -> tuple[Box, ...]:
        """The tree from its top, or from above the chosen node where it lies too deep; never more than a page holds."""
        numbers, path = self.tree.numbers(), self._path()
        start = self._start(path)
        first = (self.tree.nodes[start],) if start else self.roots().shown
        opened = {node.key for node in path} if self.chosen else self._opened()
        self.drawn = set()
        drawn = (self._box(node, numbers, opened, 1) for node in first)
        return tuple(box for box in drawn if box is not None)

    def roots(self) -> Window:
        """The roots this page shows."""
        return self._window(self.tree.roots(), "")

    def under(self, node: Node) -> Window:
        """The children of a node this page shows."""
        return self._window(self.tree.children(node.key), node.key)

    def _window(self, nodes: tuple[Node, ...], key: str) -> Window:
        """Where there are too many, those after the one asked for, or those among which the chosen node lies."""
        if len(nodes) <= MOST_CHILDREN:
            return Window(nodes, 0, 0, "", "")
        places = {node.key: place for place, node in enumerate(nodes)}
        on_path = next((places[one.key] for one in self._path() if one.key in places), None)
        start = 0
        if key == self.chosen and self.after in places:
            start = places[self.after] + 1
        elif on_path is not None:
            start = on_path // MOST_CHILDREN * MOST_CHILDREN
        shown = nodes[start : start + MOST_CHILDREN]
        end, before = start + len(shown), max(start - MOST_CHILDREN, 0)
        node = key or None
        return Window(
            shown, len(nodes) - end, start, self.href(node=node, below=shown[-1].key if shown else None),
            self.href(node=node, below=nodes[before - 1].key if before else None),
        )  # fmt: skip

    def _remarks(self, number: int) -> str:
        if not number:
            return ""
        if number not in self.counted:
            self.counted[number] = str(ngettext("%(num)d remark", "%(num)d remarks", number))
        return self.counted[number]

    def _opened(self) -> set[str]:
        """What stands open while nothing is chosen: everything above the tree's own nodes, and above those changed; the
        two upper levels of the region's tree, which has none above its own."""
        above = {one.key for node in self._marked() for one in self.tree.ancestors(node)}
        found = above | {node.key for node in self.tree.nodes.values() if node.tree != self.own}
        return found or {one.key for root in self.tree.roots() for one in (root, *self.tree.children(root.key))}

    def _marked(self) -> tuple[Node, ...]:
        return tuple(self.tree.nodes[key] for key in self.marks if key in self.tree.nodes)

    def _path(self) -> tuple[Node, ...]:
        """From the chosen node upwards, itself first."""
        node = self.tree.nodes.get(self.chosen)
        return () if node is None else (node, *self.tree.ancestors(node))

    def _start(self, path: tuple[Node, ...]) -> str:
        in_circle = bool(path) and path[-1].parent in self.tree.nodes
        return path[min(DEEPEST // 2, len(path) - 1)].key if len(path) > DEEPEST or in_circle else ""

    def _box(self, node: Node, numbers: Mapping[str, int], opened: set[str], depth: int) -> Box | None:
        if len(self.drawn) >= MOST_NODES or node.key in self.drawn:
            return None
        self.drawn.add(node.key)
        window = self.under(node)
        wanted = window.shown if depth < DEEPEST else ()
        children = tuple(
            box for one in wanted if (box := self._box(one, numbers, opened, depth + 1)) is not None
        )  # fmt: skip
        left = len(window.shown) - len(children)  # no room for them on this page
        return Box(
            node.key, level_words(self.levels, node.level), numbers[node.key], node_words(node),
            self.href(node=node.key), lines_of(self, node), children, window.more + left,
            window.more_href if not left else self.href(node=node.key), window.earlier,
            window.earlier_href,
            self.is_all_open or node.key in opened, node.key == self.chosen, node.tree == self.own,
            self.marks.get(node.key, ""), self._remarks(len(self.told.get(node.key, ()))),
        )  # fmt: skip


def lines_of(looks: Looks, node: Node) -> tuple[Line, ...]:
    """The indicators of a node, one line each."""
    return tuple(line_of(looks, node, one) for one in node.indicators)


def line_of(looks: Looks, node: Node, one: Indicator) -> Line:
    """One indicator in a line; its owner is its own, otherwise the node's."""
    target, unit = target_words(one.target_of(looks.year)), unit_words(looks.measurement, one.unit)
    owner = position_words(looks.positions, one.owner or node.owner)
    sign = words(unit_sign(looks.measurement, one.unit).sign)
    aimed = f"{target}{UNBROKEN}{sign}" if target and sign else target
    return Line(
        one.key, one.name or one.key, target, unit, owner,
        looks.forms.of(aimed, number_words(looks.reached.get(one.key, "")), owner),
    )  # fmt: skip


def findings_by_node(tree: Tree, found: Iterable[Finding]) -> dict[str, tuple[str, ...]]:
    """What the checks say of each node, its indicators' findings with it."""
    home = {one.key: node.key for node, one in tree.indicators()}
    names = {one.key: one.name or one.key for _node, one in tree.indicators()}
    told: dict[str, list[str]] = {}
    for one in found:
        said = words(CHECK_WORDS[one.check]) if one.check in CHECK_WORDS else one.check
        if one.key in home:
            said = f"{names[one.key]}: {said}"
        told.setdefault(home.get(one.key, one.key.split(":")[1] if ":" in one.key else one.key), []).append(said)
    return {key: tuple(dict.fromkeys(said)) for key, said in told.items()}


def counts(found: Iterable[Finding], href: Callable[..., str], only: str) -> tuple[Count, ...]:
    """How often each check found something, errors first."""
    numbers: dict[str, int] = {}
    errors: set[str] = set()
    for one in found:
        numbers[one.check] = numbers.get(one.check, 0) + 1
        if one.severity == "error":
            errors.add(one.check)
    rows = [
        Count(
            words(CHECK_TITLES[check]) if check in CHECK_TITLES else check, number,
            href(only=None if check == only else check), check in errors, check == only,
        )
        for check, number in numbers.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: not row.is_error))


def refusal_words(code: str) -> str:
    """A refusal, a fault of a draft or a check in words; its code when nobody knows it."""
    known = REFUSAL_WORDS.get(code) or CHECK_WORDS.get(code)
    return words(known) if known is not None else code


def one_level(looks: Looks) -> dict[str, Any]:
    """One level of the tree for a phone: the way back, and what hangs under the chosen node (or the roots)."""
    node = looks.tree.nodes.get(looks.chosen)
    above = looks.tree.parent(node) if node is not None else None
    under = looks.under(node) if node is not None else looks.roots()
    rows = [
        {"key": one.key, "level": level_words(looks.levels, one.level), "statement": node_words(one),
         "href": looks.href(node=one.key), "below": len(looks.tree.children(one.key)),
         "indicators": len(one.indicators)}
        for one in under.shown
    ]  # fmt: skip
    back = {"href": looks.href(node=above.key if above else None), "words": node_words(above) if above else ""}
    return {"rows": rows, "window": under, "back": back if node is not None else None,
            "here": node_words(node) if node is not None else ""}  # fmt: skip
