"""Rows of a tree pasted into a draft under the headings of our own export: the same columns, the same reading (§12).

A row may leave its key empty (a new node) or name only an indicator (one more of the node above).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.exchange.cells import Row, Sheet
from sakip.exchange.problems import FileRefused, Findings, Problem
from sakip.exchange.record import Reading
from sakip.exchange.seats import Seats
from sakip.exchange.table import tables_of
from sakip.exchange.tree_columns import KIND, with_fields
from sakip.exchange.tree_rows import KEY, RowReader, Written
from sakip.tree.check_words import words_of
from sakip.tree.target_text import FILES, TYPED
from sakip.tree.values import Indicator, Node, Tree

# 1.250 under our own headings is one and a quarter, and most people mean 1250: who typed it is asked.
_TWO_WAYS = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}\.[0-9]{3}(?![0-9.,])")
_NUMBERS = ("baseline", "plan_targets", "targets", "weight")


@dataclass(slots=True)
class Draft:
    """What rows are pasted into: the tree called ``name`` of ``unit_id`` as the draft has it, and the rules of its
    year. ``new_key`` gives a key that is neither in the tree nor among those it is handed."""

    name: str
    unit_id: int | None
    tree: Tree
    levels: Levels
    measurement: Measurement | None
    new_key: Callable[[Mapping[str, object]], str]


@dataclass(frozen=True, slots=True)
class Taken:
    """The nodes that differ from the draft, in the order of their rows, and everything that was wrong; with a problem
    nothing is to be taken. ``rows`` are those that were read."""

    nodes: tuple[Node, ...]
    problems: tuple[Problem, ...]
    rows: int


def pasted_rows(session: Session, region_id: int, draft: Draft, lines: Sequence[Sequence[str]]) -> Taken | None:
    """What pasted lines stand for; None where their headings are not those of an export or an import of trees."""
    kind = with_fields(draft.levels)
    rows = [
        Row(number, {place: cell.strip() for place, cell in enumerate(line) if cell.strip()})
        for number, line in enumerate(lines, 1)
    ]
    findings = Findings()
    try:
        (table,) = tables_of([Sheet("", rows)], [kind], KIND.key, findings)
    except FileRefused:
        return None
    said = {str(cell).strip() for cell in table.header.cells.values()}
    written_by = FILES if {one.key for one in KIND.required} <= said else TYPED
    reader = RowReader(Seats(session, region_id), draft.levels, draft.measurement, written_by)
    pasting = _Pasting(draft, reader, written_by)
    count = 0
    for record in table.records():
        pasting.look(Reading(kind, record, findings))
        count += 1
    return Taken(pasting.changed(), tuple(findings.all()), count)


@dataclass(slots=True)
class _Pasting:
    """The rows on their way; ``written`` by key of node, the last one is the node above."""

    draft: Draft
    reader: RowReader
    written_by: str
    written: dict[str, Written] = field(default_factory=dict)
    last: Written | None = None

    def look(self, reading: Reading) -> None:
        """One row: a node, or one more indicator of the node above."""
        key, statement = reading.text("key"), reading.text("statement")
        is_more = not key and self.last is not None and statement in ("", self.last.node.statement)
        written = self.last if is_more else self.written.get(key) if key else None
        if written is None:
            written = self._begin(reading, key)
        self.last = written
        if written is not None and not reading.is_bad:
            self._hang(reading, written)

    def changed(self) -> tuple[Node, ...]:
        """The nodes that the rows make different."""
        nodes = (written.whole() for written in self.written.values())
        return tuple(node for node in nodes if node != self.draft.tree.nodes.get(node.key))

    def _begin(self, reading: Reading, key: str) -> Written | None:
        if key and not KEY.fullmatch(key):
            _tell(reading, "key", "unreadable")
            return None
        key = key or self.draft.new_key(self.written)
        before = self.draft.tree.nodes.get(key)
        tree = reading.text("tree") or self.draft.name
        if tree != self.draft.name or (before is not None and before.tree != self.draft.name):
            _tell(reading, "tree" if reading.text("tree") else "key", "unknown_tree")
            return None
        node = self.reader.node(reading, key, self.draft.name, self.draft.unit_id, before)
        if reading.is_bad:
            return None
        written = Written(reading, {}, node)
        self.written[key] = written
        return written

    def _hang(self, reading: Reading, written: Written) -> None:
        key, name = reading.text("indicator"), reading.text("name")
        if not key and not name:
            return
        known = {one.key: one for one in written.node.indicators}
        if not key:
            key = next((one.key for one in written.node.indicators if one.name == name), "") or _next(written)
        if not KEY.fullmatch(key):
            _tell(reading, "indicator", "unreadable")
            return
        if key in written.indicators:
            _tell(reading, "indicator", "indicator_twice")
            return
        one = self.reader.indicator(reading, key, self.draft.unit_id, known.get(key))
        if self.written_by == FILES:
            _ask_again(reading, one, known.get(key))
        if not reading.is_bad:
            written.indicators[key] = (reading, one)


def _next(written: Written) -> str:
    taken = {*written.indicators, *(one.key for one in written.node.indicators)}
    return next(key for number in range(1, 10_000) if (key := f"{written.node.key}.i{number}") not in taken)


def _ask_again(reading: Reading, one: Indicator, before: Indicator | None) -> None:
    for column in _NUMBERS:
        unclear = _TWO_WAYS.search(reading.text(column))
        if unclear is not None and (before is None or getattr(one, column) != getattr(before, column)):
            number = unclear.group()
            whole, decimals = number.replace(".", ""), number.replace(".", ",")
            reading.tell(
                column, "not_a_number", f"{number} dapat dibaca dua cara: tulis {whole} atau {decimals}0.",
                f"{number} can be read in two ways: write {whole} or {decimals}0.",
            )  # fmt: skip


def _tell(reading: Reading, column: str, code: str) -> None:
    words = words_of(code)
    reading.tell(column, code, words.id, words.en)
