"""A tree of goals from a file: what differs from the tree in force becomes a revision of it (reference §4.3, §12).

Nodes and indicators are added and changed; what a file does not name stays as it is.
"""

from __future__ import annotations

from collections import Counter

from sakip.exchange.problems import FileRefused
from sakip.exchange.record import Reading
from sakip.exchange.seats import Seats
from sakip.exchange.table import Kind
from sakip.exchange.tree_columns import KIND, NODE, with_fields
from sakip.exchange.tree_rows import KEY, RowReader, Written
from sakip.exchange.work import POINT, Looked, Readings, Work
from sakip.facts.following import after_revisions
from sakip.facts.self_registered import register_tree
from sakip.standing import configuration_of
from sakip.tree.check_words import words_of
from sakip.tree.checking import check_tree
from sakip.tree.history import Revision
from sakip.tree.in_force import kinds_agreed
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.rows import unit_keys
from sakip.tree.store import tree_on, whole_tree_on
from sakip.tree.target_text import FILES, TYPED
from sakip.tree.values import OF_REGION, Node

__all__ = ["KIND", "kind_here", "look"]

MOST_CHILDREN = 1_000  # below one node: nobody could read them


class _Looking:
    def __init__(self, work: Work) -> None:
        session, wish = work.session, work.wish
        self.on = work.day
        configuration = configuration_of(session, wish.region_id)
        levels = configuration.levels(self.on.year)
        if levels is None:
            words = words_of("no_levels")
            raise FileRefused("no_levels", words.id, words.en)
        self.levels, self._work = levels, work
        self._reader = RowReader(
            Seats(session, wish.region_id), self.levels, configuration.measurement(self.on.year),
            FILES if wish.decimal == POINT else TYPED,
        )  # fmt: skip
        self.before = whole_tree_on(session, wish.region_id, self.on)
        self._indicators = {one.key: node.key for node, one in self.before.indicators()}
        self.written: dict[str, Written] = {}
        self._last: Written | None = None
        self._hung: Counter[str] = Counter()
        self._keys = {unit: key for unit, key in unit_keys(session, wish.region_id).items() if unit is not None}
        self.units = {key: unit for unit, key in self._keys.items()}

    def place(self, key: str) -> tuple[Reading | None, str]:
        """The row and column that name a node or an indicator."""
        if key in self.written:
            return self.written[key].first, "key"
        for written in self.written.values():
            if key in written.indicators:
                return written.indicators[key][0], "indicator"
        return None, ""

    def look(self, reading: Reading) -> None:
        key = reading.text("key")
        written = self._last if not key else self.written.get(key)
        if written is None:
            written = self._begin(reading, key)
        elif key:
            self._compare(reading, written)
        self._last = written
        if written is not None and not reading.is_bad:
            self._hang(reading, written)

    def _begin(self, reading: Reading, key: str) -> Written | None:
        if not KEY.fullmatch(key):
            reading.tell(
                "key", "unreadable", "Kunci perlu huruf, angka, titik, atau garis, tanpa spasi.",
                "A key needs letters, digits, points or dashes, and no spaces.",
            )  # fmt: skip
            return None
        before = self.before.nodes.get(key)
        tree = self._tree(reading, before)
        if tree is None:
            return None
        unit_id = self.units.get(tree)
        node = self._reader.node(reading, key, tree, unit_id, before)
        if reading.is_bad:
            return None
        if node.parent is not None:
            self._hung[node.parent] += 1
            if self._hung[node.parent] > MOST_CHILDREN:
                reading.tell(
                    "parent", "too_many_children", f"Lebih dari {MOST_CHILDREN} turunan langsung.",
                    f"More than {MOST_CHILDREN} directly below.",
                )  # fmt: skip
                return None
        cells = {one.key: str(reading.record.cells.get(one.key, "")).strip() for one in NODE}
        self.written[key] = Written(reading, cells, node)
        return self.written[key]

    def _tree(self, reading: Reading, before: Node | None) -> str | None:
        """The tree a node belongs to: the one named, where it stands already, the chosen unit's, the region's own."""
        said = reading.text("tree").casefold()
        chosen = self._work.wish.unit_id
        if said in (OF_REGION, self._work.region_key.casefold()):
            tree = OF_REGION
        elif said:
            unit = self._work.units.get(said)
            if unit is None:
                reading.tell("tree", "unknown_unit", f'"{said[:80]}" tidak ada.', f'There is no "{said[:80]}".')
                return None
            tree = self._keys[unit]
        elif before is not None:
            tree = before.tree
        else:
            tree = OF_REGION if chosen is None else self._keys[chosen]
        is_foreign = before is not None and before.tree != tree
        if is_foreign or not self._work.may_write(self.units.get(tree)):
            words = words_of("unknown_tree")
            reading.tell("tree" if said else "key", "unknown_tree", words.id, words.en)
            return None
        return tree

    @staticmethod
    def _compare(reading: Reading, written: Written) -> None:
        """A further row of a node may leave its cells empty, and may not say something else."""
        for column, said in written.cells.items():
            now = str(reading.record.cells.get(column, "")).strip()
            if now and now != said:
                row = written.first.record.row
                reading.tell(
                    column, "node_differs", f"Berbeda dari baris {row} untuk simpul yang sama.",
                    f"It differs from row {row} of the same node.",
                )  # fmt: skip

    def _hang(self, reading: Reading, written: Written) -> None:
        key = reading.text("indicator")
        if not key:
            if reading is not written.first:
                reading.tell("indicator", "empty_cell", "Belum diisi.", "It is empty.")
            return
        elsewhere = self._indicators.get(key, written.node.key) != written.node.key
        doubled = any(key in one.indicators for one in self.written.values()) if elsewhere else key in (
            written.indicators
        )  # fmt: skip
        if not KEY.fullmatch(key) or elsewhere or doubled:
            words = words_of("indicator_twice" if KEY.fullmatch(key) else "unreadable")
            reading.tell("indicator", "indicator_twice" if KEY.fullmatch(key) else "unreadable", words.id, words.en)
            return
        self._indicators[key] = written.node.key
        before = next((one for one in written.node.indicators if one.key == key), None)
        unit_id = self.units.get(written.node.tree)
        one = self._reader.indicator(reading, key, unit_id, before)
        if not reading.is_bad:
            written.indicators[key] = (reading, one)


def kind_here(work: Work) -> Kind:
    """The kind with the further fields that nodes of this region have."""
    return with_fields(configuration_of(work.session, work.wish.region_id).levels(work.day.year))


def look(work: Work, readings: Readings) -> Looked:
    """Every row held against the tree in force, and the revisions that lead from there to what the file says."""
    looking = _Looking(work)
    for reading in readings:
        looking.look(reading)
    changed: dict[str, list[Node]] = {}
    for written in looking.written.values():
        node = written.whole()
        is_changed = node != looking.before.nodes.get(node.key)
        if is_changed:
            changed.setdefault(node.tree, []).append(node)
        for reading in (written.first, *(one for one, _ in written.indicators.values())):
            reading.settle(is_changed)

    def write_them() -> None:
        before = work.findings.count
        made = [_put_in_force(work, looking, tree, nodes) for tree, nodes in changed.items()]
        for tree in changed:
            _check(work, looking, tree)
        if work.findings.count == before and not work.wish.is_dry:  # what is taken back again has no results
            after_revisions(work.session, [one for one in made if one is not None], work.now)

    count = sum(map(len, changed.values()))
    return Looked(count, len(looking.written) - count, write_them, is_tried=True)


def _put_in_force(work: Work, looking: _Looking, tree: str, nodes: list[Node]) -> TreeRevision | None:
    """The revision of one tree, None when it is refused: then each key has been told."""
    before = looking.before.nodes
    revision = Revision(
        work.wish.reason or f"Impor berkas {work.name}",
        work.wish.legal_basis or f"Berkas {work.name} (SHA-256 {work.digest[:12]})",
        {node.key: node for node in nodes if node.key not in before},
        {node.key: node for node in nodes if node.key in before},
    )
    kinds = kinds_agreed(looking.levels)
    outcome = apply_revision(
        work.session, work.wish.region_id, looking.units.get(tree), revision, looking.on, work.now, agreed_kinds=kinds
    )
    if isinstance(outcome, TreeRevision):
        register_tree(work.session, outcome, work.now)
        return outcome
    for refusal in outcome:
        for key in refusal.keys:
            _tell(work, looking, refusal.code, key)
    return None


def _check(work: Work, looking: _Looking, tree: str) -> None:
    """What no tree may have, and what the levels call an error, once everything stands."""
    unit_id = looking.units.get(tree)
    checked = check_tree(
        work.session, work.wish.region_id, tree_on(work.session, work.wish.region_id, unit_id, looking.on), looking.on,
        own=tree,
    )  # fmt: skip
    if checked is None:
        return
    for fault in checked.faults:
        _tell(work, looking, fault.code, fault.key)
    for finding in checked.errors:
        _tell(work, looking, finding.check, finding.key)


def _tell(work: Work, looking: _Looking, code: str, key: str) -> None:
    """A finding about a node or an indicator, at its row where the file has one."""
    words = words_of(code)
    reading, column = looking.place(key)
    if reading is None:
        work.findings.add("", 0, "", code, f"{key}: {words.id}", f"{key}: {words.en}")
    else:
        reading.tell(column, code, words.id, words.en)
