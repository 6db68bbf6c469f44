"""A draft of a tree on somebody's desk: the case's form behind it, and its rows changed one node at a time.

What is typed goes where the form of any case keeps it, the engine's drafts; nothing here writes answers of a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, request

from engine.cases.views import CasePage
from engine.errors import Conflict, NotFound
from sakip.tree.draft_answers import ENDED, NEW, answers_of
from sakip.tree.draft_pages import DraftPage, draft_page
from sakip.tree.history import Revision
from sakip.tree.open_revisions import CASE_TYPE
from sakip.tree.readers import place_called
from sakip.tree.values import Edge, Node
from web.answering import Reading
from web.language import zone
from web.officer.desk import Desk
from web.officer.form import desk_of
from web.officer.reading import read_case_page
from web.posted import most_rows
from web.transaction import READING, db, now

NODES, EDGES = "nodes", "edges"
Row = dict[str, Any]


class TooManyRows(Exception):
    """One revision cannot hold so many changes; its argument is how many it holds at most."""


@dataclass(slots=True)
class Drafting:
    """A draft that is looked at; ``desk`` and what is read from it are None when this person only reads it."""

    case: CasePage
    desk: Desk | None
    draft: DraftPage
    reading: Reading | None

    @property
    def at_work(self) -> Desk:
        """The desk. Raises NotFound when this person has none, Conflict for what is sent when the case went on."""
        if self.desk is not None:
            return self.desk
        if request.method in READING:
            raise NotFound("Nothing of this case is for this person to fill in now.")
        raise Conflict("Nothing of this case is to be filled in any more.")

    # -- rows ------------------------------------------------------------------------------------------------------

    def rows(self, table: str = NODES) -> list[Row]:
        """The rows of the draft as typed, to be changed and kept."""
        return [dict(row) for row in self.at_work.raw.get(table) or () if isinstance(row, Mapping)]

    def row_of(self, key: str) -> Row | None:
        """The row of a node as it would be typed: the draft's, or one made of the node as it stands in the tree."""
        for row in self.rows():
            if row.get("key") == key and row.get("act") != ENDED:
                return row
        node = self.draft.page.tree.nodes.get(key)
        return None if node is None or node.tree != self.draft.page.place.name else self.typed(node)

    def standing(self, key: str) -> Row:
        """The row of a node as it stands in force would be typed so; an empty one for a new node."""
        node = self.draft.before.nodes.get(key)
        return {} if node is None else self.typed(node)

    def typed(self, node: Node) -> Row:
        """A node as its row would be typed."""
        is_new = node.key not in self.draft.before.nodes
        made = Revision("", "", new={node.key: node}) if is_new else Revision("", "", changed={node.key: node})
        return self._typed(NODES, answers_of(made, {})[NODES][0])

    def _typed(self, table: str, row: Mapping[str, Any]) -> Row:
        desk = self.at_work
        (text,) = desk.boxes.typed(desk.form.fields[table], [row])
        return {name: value for name, value in text.items() if value not in ("", [], None)}

    def put(self, rows: Iterable[Row]) -> None:
        """Keep these rows, each in place of that of its node, or at the end. Raises TooManyRows."""
        found = self.rows()
        places = {row.get("key"): place for place, row in enumerate(found)}
        for row in rows:
            if row["key"] in places:
                found[places[row["key"]]] = row
            else:
                places[row["key"]] = len(found)
                found.append(row)
        self.keep(NODES, found)

    def keep(self, table: str, rows: list[Row]) -> None:
        """Keep the rows of a table as the engine keeps everything typed. Raises TooManyRows."""
        desk = self.at_work
        most = most_rows(desk.form.fields[table])
        if len(rows) > most:
            raise TooManyRows(most)
        desk.keep({**desk.raw, table: rows})

    def end(self, keys: Iterable[str]) -> None:
        """Nodes end: those in force get a row that says so, new ones leave the draft. Raises TooManyRows."""
        ended = set(keys)
        rows = [row for row in self.rows() if row.get("key") not in ended]
        rows += [{"act": ENDED, "key": key} for key in sorted(ended) if key in self.draft.before.nodes]
        self.keep(NODES, rows)

    def undo(self, key: str) -> None:
        """A node is again as it stands in force; one that is new leaves the draft."""
        self.keep(NODES, [row for row in self.rows() if row.get("key") != key])

    def put_edge(self, edge: Edge, *, is_ended: bool = False) -> None:
        """A link is new, changed or ended. One that is new in this draft leaves it when it ends. Raises TooManyRows."""
        units = {unit.key: unit.id for unit in self.desk_units()}
        new, gone = ({}, {edge.key: edge}) if is_ended else ({edge.key: edge}, {})
        made = Revision("", "", edges=new, edges_ended=gone)
        row = self._typed(EDGES, answers_of(made, units)[EDGES][0])
        same = ("kind", "starts", "ends", "partner", "partner_name")
        rows = [
            one for one in self.rows(EDGES) if any((one.get(name) or "") != (row.get(name) or "") for name in same)
        ]  # fmt: skip
        is_in_force = any(one.key == edge.key for one in self.draft.before.edges)
        self.keep(EDGES, [*rows, row] if not is_ended or is_in_force else rows)

    def desk_units(self) -> Iterable[Any]:
        """The units of the region."""
        return self.case.facts.directory.units_below(("/",))  # type: ignore[attr-defined, no-any-return]

    def new_key(self, beside: Iterable[object] = ()) -> str:
        """A key no node of the region ever had, nor one of ``beside``: of this tree, this case, and counted up."""
        taken = {str(row.get("key")) for row in self.rows()} | self.draft.page.tree.nodes.keys() | {*map(str, beside)}
        stem = f"{self.draft.page.place.name}.{self.case.case_id:x}"
        return next(key for number in range(1, 10_000) if (key := f"{stem}.{number}") not in taken)


def read_drafting(case_id: int) -> Drafting:
    """The draft of a revision as this person may see it. Raises NotFound for any other case."""
    case = read_case_page(case_id)
    if case.facts.case_type != CASE_TYPE:
        raise NotFound("There is no such draft.")
    desk: Desk | None
    try:
        desk = desk_of(case)
    except NotFound:
        desk = None
    if desk is not None and NODES not in desk.editable:
        desk = None
    reading = None if desk is None else desk.read()
    answers = case.answers if reading is None else reading.values
    unit = None if case.facts.unit is None else int(case.facts.unit)
    draft = draft_page(db(), g.person.region_id, unit, answers, now().astimezone(zone()).date())
    if desk is not None:  # whoever drafts names the tree themselves, and may name only one they may read
        place_called(db(), g.person.id, draft.page.place.name, now())
    return Drafting(case, desk, draft, reading)


def is_new(row: Mapping[str, Any]) -> bool:
    """Whether the row of a draft is a new node."""
    return (row.get("act") or NEW) == NEW
