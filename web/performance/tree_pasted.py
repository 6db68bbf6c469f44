"""Rows pasted from a spreadsheet become nodes with their indicators, or a sentence a line that says what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from engine.definitions.model import Text
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.entry import read_text
from sakip.reasons import Reason
from sakip.tree.situation import folded
from sakip.tree.values import Indicator, Node
from sakip.typed_numbers import proposal
from sakip.values import Target
from web.performance.tree_desk import Drafting
from web.performance.tree_table import head
from web.performance.tree_view import refusal_words

COLUMNS = 8
MOST_LINES = 2_000
LONGEST_CELL = 600
Fault = tuple[int, str]  # the line, from 1, and what is wrong with it


@dataclass(slots=True)
class Pasted:
    """What the lines stand for: nodes by key in the order they came, and the faults."""

    nodes: dict[str, Node]
    faults: list[Fault]


@dataclass(slots=True)
class Reader:
    """Reads lines one after the other; later ones may hang under earlier ones."""

    drafting: Drafting
    levels: Levels
    rules: Measurement | None
    positions: Mapping[str, str]
    found: Pasted
    last: str = ""

    def read(self, number: int, cells: list[str]) -> None:
        """One line. A line without level and statement, or with those of the line before, is one more indicator."""
        _key, level, parent, statement = cells[:4]
        before = self.found.nodes.get(self.last)
        is_same = (
            before is not None
            and (not statement or statement == before.statement)
            and not _differs(self, before, level)
        )
        if not is_same:
            node = self._node(number, cells)
            if node is None:
                return
            self.found.nodes[node.key] = node
            self.last = node.key
        if any(cells[4:7]):
            self._add_indicator(number, cells)
        del parent

    def level_key(self, said: str) -> str | None:
        """The level a cell names: by its key or its title in either language."""
        return _named(said, ((key, one.title) for key, one in self.levels.levels.items()))

    def _node(self, number: int, cells: list[str]) -> Node | None:
        key, said, parent, statement = cells[:4]
        page = self.drafting.draft.page
        known = page.tree.nodes.get(key) if key else None
        if known is not None and known.tree != page.place.name:
            return self._no_node(number, str(_("This key belongs to another tree.")))
        level = self.level_key(said) or (known.level if known is not None and not said else None)
        if level is None:
            return self._no_node(number, _about(refusal_words("unknown_level"), said))
        if (self.levels.levels[level].tree == "region") != (page.place.unit_id is None):
            return self._no_node(number, refusal_words("wrong_tree"))
        if not statement:
            return self._no_node(number, refusal_words("statement_missing"))
        above = self._parent(level, parent) if parent or known is None else known.parent
        under = self.levels.levels[level].under
        if (above is None) != (not under):
            return self._no_node(number, _about(refusal_words("parent_of_wrong_level"), parent))
        if known is not None:
            return replace(known, level=level, parent=above, statement=statement, indicators=())
        kinds = self.levels.levels[level].result_kinds
        kind = kinds[0] if len(kinds) == 1 else None
        return Node(self._new_key(), level, page.place.name, above, statement, 10 * (number + 1), kind,
                    self._owner(cells[7]))  # fmt: skip

    def _new_key(self) -> str:
        stem, _dot, number = self.drafting.new_key().rpartition(".")
        taken = self.found.nodes.keys() | self.drafting.draft.page.tree.nodes.keys()
        return next(key for n in range(int(number), 100_000) if (key := f"{stem}.{n}") not in taken)

    def _parent(self, level: str, said: str) -> str | None:
        """The node a cell names by key or statement; without one the latest line above whose level may hold this."""
        under = self.levels.levels[level].under
        known = {**self.drafting.draft.around.nodes, **self.found.nodes}
        if said in known:
            return said if known[said].level in under else None
        fitting = [one for one in known.values() if one.level in under]
        if said:
            return next((one.key for one in reversed(fitting) if folded(one.statement) == folded(said)), None)
        pasted = [one for one in fitting if one.key in self.found.nodes]
        return pasted[-1].key if pasted else fitting[0].key if len(fitting) == 1 else None

    def _add_indicator(self, number: int, cells: list[str]) -> None:
        node, name = self.found.nodes[self.last], cells[4]
        if not name:
            self._wrong(number, str(_("A target or unit stands here without its indicator.")))
            return
        unit = _named(cells[5], ((key, one.title) for key, one in (self.rules.units if self.rules else {}).items()))
        if cells[5] and unit is None:
            self._wrong(number, str(_("The unit of measure “%(unit)s” is not known here.", unit=cells[5])))
            return
        target = self._target(number, unit, cells[6])
        old = self.drafting.draft.page.tree.nodes.get(node.key)
        same = next((one for one in (old.indicators if old else ()) if folded(one.name) == folded(name)), None)
        taken = {one.key for one in (*node.indicators, *(old.indicators if old else ()))}
        key = next(key for n in range(1, 10_000) if (key := f"{node.key}.i{n}") not in taken)
        year = self.drafting.draft.page.day.year
        made = same or Indicator(key)
        planned = made.plan_targets if target is None else {**made.plan_targets, year: target}
        made = replace(made, name=name, unit=unit or made.unit, plan_targets=planned)
        self.found.nodes[node.key] = replace(node, indicators=(*node.indicators, made))

    def _target(self, number: int, unit: str | None, said: str) -> Target | None:
        if not said or said in ("–", "-"):
            return None
        known = None if self.rules is None else self.rules.units.get(unit or "number")
        if self.rules is None or known is None:
            self._wrong(number, str(_("A target needs its unit of measure.")))
            return None
        read = read_text(self.rules, known, said)
        if isinstance(read, Reason | frozenset):
            meant = proposal(said)
            has_hint = bool(meant) and meant != said
            self._wrong(number, str(
                _("The target “%(said)s” cannot be read. Is %(meant)s meant?", said=said, meant=meant) if has_hint
                else _("The target “%(said)s” cannot be read.", said=said)
            ))  # fmt: skip
            return None
        return read

    def _owner(self, said: str) -> str | None:
        return next((key for key, title in self.positions.items() if said and folded(title) == folded(said)), None)

    def _wrong(self, number: int, said: str) -> None:
        self.found.faults.append((number, said))

    def _no_node(self, number: int, said: str) -> Node | None:
        self._wrong(number, said)
        return None


def _about(sentence: str, said: str) -> str:
    """A sentence with the cell it is about, where that says anything: ``This level is unknown: Goal``."""
    return f"{sentence.removesuffix('.')}: {said}" if said else sentence


def _differs(reader: Reader, before: Node, level: str) -> bool:
    return bool(level) and reader.level_key(level) != before.level


def _named(said: str, known: Iterable[tuple[str, Text]]) -> str | None:
    wanted = folded(said)
    return next(
        (key for key, title in known if wanted and wanted in (folded(key), folded(title.id), folded(title.en))), None
    )


def has_own_head(lines: list[list[str]]) -> bool:
    """Whether the first line says the titles of the page's own table."""
    return bool(lines) and [folded(one) for one in lines[0][:COLUMNS]] == [folded(one) for one in head()]


def read_lines(drafting: Drafting, levels: Levels, lines: list[list[str]]) -> Pasted:
    """What pasted lines stand for. A first line that only says the titles of the columns is passed over."""
    page = drafting.draft.page
    found = Pasted({}, [])
    reader = Reader(drafting, levels, page.measurement, page.positions, found)
    if len(lines) > MOST_LINES:
        found.faults.append((MOST_LINES + 1, str(_("At most %(most)s lines at once.", most=MOST_LINES))))
        return found
    for number, line in enumerate(lines, 1):
        cells = [" ".join(cell.split()) for cell in line[:COLUMNS]] + [""] * (COLUMNS - len(line))
        if not any(cells) or (number == 1 and has_own_head(lines)):
            continue
        if any(len(cell) > LONGEST_CELL for cell in cells):
            found.faults.append((number, str(_("A cell is longer than %(most)s characters.", most=LONGEST_CELL))))
            continue
        reader.read(number, cells)
    return found
