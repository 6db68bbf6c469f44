"""Decision tables and bands: rules and rows that came, went or decide otherwise."""

from __future__ import annotations

from typing import Any

from engine.definitions.diff.plain import is_same, plain
from engine.definitions.diff.values import RULE, Comparison, both_keys, quoted
from engine.definitions.diff.words import value
from engine.definitions.model import Bands, DecisionTable, TableRule, Text


def compare_tables(comparison: Comparison) -> None:
    """Every decision table."""
    old, new = comparison.old.decision_tables, comparison.new.decision_tables
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        states = comparison.using(lambda uses, name: uses.effect(name, "decide"), key)
        notes = _Notes(
            comparison, f"decision_tables.{key}", Text(f"Tabel keputusan '{key}'", f"Decision table '{key}'")
        )
        notes.states = states
        if before is None or after is None:
            notes.whole("table", before, after)
            continue
        for name, one, other in (
            ("hit_policy", before.hit_policy, after.hit_policy),
            ("inputs", before.inputs, after.inputs),
            ("outputs", before.outputs, after.outputs),
        ):
            notes.changed("table_changed", name, Text(f"'{name}'", f"'{name}'"), one, other)
        _compare_rules(notes, before, after)


class _Notes:
    """Writes about one table or set of bands."""

    def __init__(self, comparison: Comparison, path: str, title: Text) -> None:
        self.comparison = comparison
        self.path = path
        self.title = title
        self.states: frozenset[str] = frozenset()

    def whole(self, kind: str, old: Any, new: Any) -> None:
        """The table itself came or went."""
        is_new = old is None
        self.comparison.add(
            f"{kind}_added" if is_new else f"{kind}_removed",
            RULE,
            self.path,
            "{title} baru" if is_new else "{title} dihapus",
            "{title} is new" if is_new else "{title} removed",
            {"title": self.title},
            states=self.states,
            old=old,
            new=new,
        )

    def part(
        self, kind: str, inner: str, name: Text, old: Text | None, new: Text | None, values: tuple[Any, Any]
    ) -> None:
        """One rule or row that came, went or reads otherwise; ``old`` and ``new`` are how it reads."""
        ending = "added" if old is None else "removed" if new is None else "changed"
        sentences = {
            "added": ("{title}: {name} baru, {new}", "{title}: {name} is new, {new}"),
            "removed": ("{title}: {name} dihapus; semula {old}", "{title}: {name} removed; before {old}"),
            "changed": ("{title}: {name} kini {new}, semula {old}", "{title}: {name} now {new}, before {old}"),
        }[ending]
        self.comparison.add(
            f"{kind}_{ending}",
            RULE,
            f"{self.path}.{inner}",
            *sentences,
            {"title": self.title, "name": name, "old": old or "", "new": new or ""},
            states=self.states,
            old=values[0],
            new=values[1],
        )

    def changed(self, kind: str, inner: str, name: Text, old: Any, new: Any) -> None:
        """One value that is another one now."""
        if not is_same(old, new):
            self.part(kind.removesuffix("_changed"), inner, name, value(old), value(new), (old, new))

    def order(self, inner: str, old: list[str], new: list[str]) -> None:
        """What both have stands in another order."""
        shared = [[key for key in side if key in old and key in new] for side in (old, new)]
        if shared[0] != shared[1]:
            self.comparison.add(
                "order_changed",
                RULE,
                f"{self.path}.{inner}",
                "{title}: urutan berubah",
                "{title}: the order changed",
                {"title": self.title},
                states=self.states,
                old=shared[0],
                new=shared[1],
            )


def _compare_rules(notes: _Notes, old: DecisionTable, new: DecisionTable) -> None:
    before = {rule.key: rule for rule in old.rules}
    after = {rule.key: rule for rule in new.rules}
    for key in both_keys(before, after):
        one, other = before.get(key), after.get(key)
        if one is not None and other is not None and is_same((one.when, one.then), (other.when, other.then)):
            continue
        name = Text(f"aturan '{key}'", f"rule '{key}'")
        read = [_rule(rule) if rule is not None else None for rule in (one, other)]
        notes.part("table_rule", f"rules.{key}", name, read[0], read[1], (one, other))
    notes.order("rules", list(before), list(after))


def _rule(rule: TableRule) -> Text:
    """A rule read out: "bila nilai `> 5` maka jalur cepat"."""
    conditions = " dan ".join(f"{name} `{condition.text}`" for name, condition in rule.when.items())
    english = conditions.replace(" dan ", " and ")
    outcome = ", ".join(f"{name} {plain(result)}" for name, result in rule.then.items())
    if not conditions:
        return Text(f"selalu {outcome}", f"always {outcome}")
    return Text(f"bila {conditions} maka {outcome}", f"if {english} then {outcome}")


def compare_bands(comparison: Comparison) -> None:
    """Every set of bands."""
    old, new = comparison.old.bands, comparison.new.bands
    for key in both_keys(old, new):
        before, after = old.get(key), new.get(key)
        notes = _Notes(comparison, f"bands.{key}", Text(f"Rentang nilai '{key}'", f"Bands '{key}'"))
        if before is None or after is None:
            notes.whole("bands", before, after)
            continue
        for name, indonesian, english in (
            ("minimum", "nilai terendah", "lowest value"),
            ("maximum", "nilai tertinggi", "highest value"),
            ("includes", "sisi yang termasuk batas", "side a boundary belongs to"),
        ):
            notes.changed("bands_changed", name, Text(indonesian, english), getattr(before, name), getattr(after, name))
        _compare_rows(notes, before, after)


def _compare_rows(notes: _Notes, old: Bands, new: Bands) -> None:
    before = {row.key: row for row in old.rows}
    after = {row.key: row for row in new.rows}
    for key in both_keys(before, after):
        one, other = before.get(key), after.get(key)
        name = quoted((other or one).title)  # type: ignore[union-attr]
        if one is not None and other is not None and one.starts == other.starts:
            notes.comparison.retitled(f"{notes.path}.rows.{key}", "Baris", "row", one.title, other.title)
            continue
        starts = [
            Text(f"mulai {plain(row.starts)}", f"from {plain(row.starts)}") if row is not None else None
            for row in (one, other)
        ]
        notes.part("band", f"rows.{key}", name, starts[0], starts[1], (one, other))
