"""Rows of a tree become nodes with their indicators, on top of what stands (reference §4.1, §4.2, §12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.entry import named
from sakip.exchange.record import Reading
from sakip.exchange.seats import Seats
from sakip.exchange.tree_columns import FIELD, WORDS
from sakip.reasons import Reason
from sakip.tree.target_text import (
    TYPED,
    NoTarget,
    number_of_text,
    planned_of_text,
    target_of_text,
    targets_of_text,
)
from sakip.tree.typed_target import target_in_unit
from sakip.tree.values import Indicator, Node
from sakip.typed_numbers import number_of_cell
from sakip.values import Target

KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
_RENAMED = {"measure": "unit", "indicator_owner": "owner"}
YES_NO = "yes_no"


@dataclass(slots=True)
class Written:
    """A node as its rows say it: ``first`` tells where, ``cells`` what its first row says of the node itself."""

    first: Reading
    cells: Mapping[str, str]
    node: Node
    indicators: dict[str, tuple[Reading, Indicator]] = field(default_factory=dict)

    def whole(self) -> Node:
        """The node with its indicators: those of the file in its order, after those it does not name."""
        kept = [one for one in self.node.indicators if one.key not in self.indicators]
        named_again = {one.key for one in self.node.indicators} & self.indicators.keys()
        if len(named_again) == len(self.indicators):  # nothing new: every one stays in its place
            return replace(
                self.node,
                indicators=tuple(self.indicators[one.key][1] if one.key in named_again else one
                                 for one in self.node.indicators),
            )  # fmt: skip
        return replace(self.node, indicators=(*kept, *(one for _, one in self.indicators.values())))


class RowReader:
    """Reads rows of one region; where a file has no column, what stands stays."""

    def __init__(
        self, seats: Seats, levels: Levels | None, measurement: Measurement | None, written_by: str = TYPED
    ) -> None:
        self._seats, self._levels, self._measurement, self._written_by = seats, levels, measurement, written_by

    def node(self, reading: Reading, key: str, tree: str, unit_id: int | None, before: Node | None) -> Node:
        """The node of a row, without indicators of the file."""
        standing = before or Node(key, "", tree)
        has = reading.record.letters
        told: dict[str, Any] = {"level": self._level(reading), "statement": reading.text("statement", required=True)}
        if "parent" in has:
            told["parent"] = reading.text("parent") or None
        if "result_kind" in has:
            told["result_kind"] = reading.text("result_kind") or None
        if "owner" in has:
            told["owner"] = self._seat(reading, "owner", unit_id)
        if "place" in has:
            told["place"] = self._place(reading) or 0
        return replace(standing, fields=self._fields(reading, standing.fields), **told)

    def indicator(self, reading: Reading, key: str, unit_id: int | None, before: Indicator | None) -> Indicator:
        """The indicator of a row."""
        has = reading.record.letters
        told: dict[str, Any] = {}
        for column in WORDS:
            if column.key in has:
                said = reading.text(column.key)
                told[_RENAMED.get(column.key, column.key)] = said or ("" if column.key in _PLAIN else None)
        told |= self._known(told)
        for name in ("indicator_owner", "verifier"):
            if name in has:
                told[_RENAMED.get(name, name)] = self._seat(reading, name, unit_id)
        for name in ("is_key", "is_published"):
            if name in has:
                told[name] = bool(reading.flag(name))
        if "due_in" in has:
            told["due_in"] = tuple(one.strip() for one in reading.text("due_in").split(",") if one.strip()) or None
        for name, read in _TARGETS.items():
            if name in has:
                told[name] = _target(reading, name, read, self._written_by)
        if not (told.get("name") or (before and before.name)):
            reading.tell("name", "empty_cell", "Belum diisi.", "It is empty.")
        return self._in_its_unit(reading, replace(before or Indicator(key), **told), before)

    def _in_its_unit(self, reading: Reading, one: Indicator, before: Indicator | None) -> Indicator:
        """The indicator with its targets held against its unit; what stood so already is left as it is."""
        stood = before if before is not None and before.unit == one.unit else Indicator(one.key)
        planned = self._all_fitting(reading, "plan_targets", one.unit, one.plan_targets, stood.plan_targets)
        targets = self._all_fitting(reading, "targets", one.unit, one.targets, stood.targets)
        baseline = self._all_fitting(reading, "baseline", one.unit, {"": one.baseline}, {"": stood.baseline}).get("")
        return replace(one, baseline=baseline, plan_targets=planned, targets=targets)

    def _all_fitting(
        self, reading: Reading, column: str, unit: str | None, told: Mapping[Any, Target | None],
        stood: Mapping[Any, Target | None],
    ) -> dict[Any, Target]:  # fmt: skip
        """The targets of one column that are of the unit's kind; others are told."""
        found: dict[Any, Target] = {}
        for key, target in told.items():
            fitting = None if target is None else target_in_unit(self._measurement, unit, target)
            if target is not None and stood.get(key) == target:
                found[key] = target
            elif isinstance(fitting, Reason):
                reading.tell(column, fitting.code, fitting.sentence.id, fitting.sentence.en)
            elif fitting is not None:
                found[key] = fitting
        return found

    def _level(self, reading: Reading) -> str:
        said = reading.text("level", required=True)
        for key, level in () if self._levels is None else self._levels.levels.items():
            if said.casefold() in (key.casefold(), level.title.id.casefold(), level.title.en.casefold()):
                return key
        if said:
            reading.tell("level", "unknown_level", f'"{said[:80]}" tidak dikenal.', f'Unknown "{said[:80]}".')
        return said

    def _place(self, reading: Reading) -> int | None:
        said = reading.text("place").removesuffix(".0")
        if said and not (said.isascii() and said.isdecimal() and len(said) < 7):
            reading.tell("place", "no_whole_number", f'"{said[:40]}" bukan urutan.', f'"{said[:40]}" is no place.')
            return None
        return int(said) if said else None

    def _seat(self, reading: Reading, column: str, unit_id: int | None) -> str | None:
        said = reading.text(column)
        found = self._seats.meant(said, unit_id) if said else None
        if said and found is None:
            reading.tell(
                column, "unknown_owner", f'Jabatan "{said[:80]}" tidak ada, atau ada beberapa.',
                f'There is no position "{said[:80]}", or there are several.',
            )  # fmt: skip
        return found

    def _fields(self, reading: Reading, standing: Mapping[str, Any]) -> dict[str, Any]:
        """The further fields: an empty cell empties one, and "no" says no more than that where nothing stood."""
        found = dict(standing)
        for key, one in {} if self._levels is None else self._levels.node_fields.items():
            column = f"{FIELD}{key}"
            if column not in reading.record.letters:
                continue
            value = reading.flag(column) if one.type == YES_NO else reading.text(column)
            if value or (value is False and key in standing):
                found[key] = value
            else:
                found.pop(key, None)
        return found

    def _known(self, told: Mapping[str, Any]) -> Iterator[tuple[str, str]] | Mapping[str, str]:
        """Methods and consolidations by their own keys: only imports understand what others call them (§5.1)."""
        rules = self._measurement
        if rules is None:
            return {}
        tables: Mapping[str, Mapping[str, Any]] = {"method": rules.methods, "consolidation": rules.consolidations}
        return {
            name: found
            for name, table in tables.items()
            if told.get(name) and (found := named(table, told[name])) is not None
        }


_PLAIN = frozenset(("name", "definition", "formula"))  # texts that are "" where nothing is said
_TARGETS: Mapping[str, Callable[[str, str], Any]] = {
    "baseline": target_of_text,
    "plan_targets": planned_of_text,
    "targets": targets_of_text,
    "weight": number_of_text,
}


def _target(reading: Reading, column: str, read: Callable[[str, str], Any], written_by: str) -> Any:
    cell = reading.record.cells.get(column)
    if isinstance(cell, float | int) and not isinstance(cell, bool) and column in ("baseline", "weight"):
        found = number_of_cell(cell)
        if isinstance(found, Reason):
            reading.tell(column, found.code, found.sentence.id, found.sentence.en)
            return read("", written_by)
        return found
    text = reading.text(column)
    try:
        return read(text, written_by)
    except NoTarget as fault:
        said = str(fault.args[0])[:80]
        if fault.reason is None:
            reading.tell(column, "unreadable_target", f'"{said}" tidak terbaca.', f'"{said}" cannot be read.')
        else:
            told = fault.reason.sentence
            reading.tell(column, fault.reason.code, told.id, told.en)
        return read("", written_by)
