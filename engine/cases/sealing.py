"""What a step of a sealed case writes: the same rows as any other, with ciphertext where people wrote.

``Sealing`` is what ``rows_of`` asks for each text. Without the case's key only what holds no text can be written:
anything else raises KeyNeeded, and then nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from engine.cases.answer_store import to_store
from engine.cases.key_copies import Copies
from engine.cases.sealed_state import Tokens, hidden
from engine.cases.state import to_plain
from engine.changes import Plan
from engine.database import json_in_order, json_text
from engine.definitions.model import Definition
from engine.disclosure.seals import CaseSeal, as_json
from engine.errors import EffectFailed, KeyNeeded
from engine.facts import REPORTER, CaseState

_CLEAR_DETAILS = frozenset(("timer", "fired", "incident", "record"))  # words of the definition, also the worker's
_SILENT = ("participants_add", "exclusions_add", "messages_add", "calls_add")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Sealing:
    """One step's texts on their way into the rows."""

    definition: Definition
    seal: CaseSeal | None
    tokens: Tokens
    copies: Copies
    messages: tuple[Row, ...]
    bookkeeping: Row

    def history(self, seq: int, row: Row) -> Row:
        """A row of the history: comment, item, details and changed answers locked; the reporter has no number."""
        at, actor, principal, kind, *told, comment, item, details, changed = row[1:]
        if actor == REPORTER:
            actor, kind = None, REPORTER
        is_clear = details == "{}" or orjson.loads(details).keys() <= _CLEAR_DETAILS
        if self.seal is not None:
            comment = self.seal.lock(f"comment:{seq}", comment)
            details = details if is_clear else as_json(self.seal.lock(f"details:{seq}", details))
            changed = None if changed is None else as_json(self.seal.lock(f"changed:{seq}", changed))
            item = None if item is None else self.seal.lock(item_place(seq), item)
        elif comment or changed or not is_clear:
            raise KeyNeeded
        else:
            item = self.tokens.of_typed(item)  # the worker has no more than the token in the state
        return (seq, at, actor, principal, kind, *told, comment, item, details, changed)

    def state(self, after: CaseState) -> str:
        """Where the case stands, as stored."""
        return json_in_order(hidden(self.tokens, to_plain(after)))

    def answers(self, plan: Plan, *, is_new: bool) -> str | None:
        """The answers as stored, with what the tokens of ``state`` stand for; None when neither changed."""
        if not (is_new or plan.answers_changed is not None or self.tokens.has_new):
            return None
        if self.seal is None:
            raise KeyNeeded
        kept = {"a": to_store(self.definition.fields, plan.answers), "t": self.tokens.used}
        return as_json(self.seal.lock("answers", json_text(kept)))

    def finish(self, lists: dict[str, list[Row]]) -> None:
        """The other rows: nothing that names people or texts stays in them."""
        if lists.get("calls_add"):
            raise EffectFailed("A sealed case calls nobody outside.")
        for statement in _SILENT:
            lists.pop(statement, None)
        if "tasks_open" in lists:
            place, item = self.tokens.of, self.tokens.of_typed
            lists["tasks_open"] = [
                (*row[:3], place(row[3]), item(row[4]), None, _number(row[6]), *row[7:11], _number(row[11]))
                for row in lists["tasks_open"]
            ]
        if "tasks_close" in lists:
            lists["tasks_close"] = [(number, at, _number(by), *rest) for number, at, by, *rest in lists["tasks_close"]]
        if "tasks_change" in lists:
            lists["tasks_change"] = [(number, _number(who), *rest) for number, who, *rest in lists["tasks_change"]]
        for statement in ("offers_add", "offers_drop"):
            kept = [row for row in lists.get(statement, ()) if row[1] != f"person:{REPORTER}"]
            lists.pop(statement, None)
            if kept:
                lists[statement] = kept
        if "incidents_add" in lists:
            lists["incidents_add"] = [(*row[:3], "", row[4]) for row in lists["incidents_add"]]
        if "documents_add" in lists:
            lists["documents_add"] = [self._document(*row) for row in lists["documents_add"]]
        if self.copies.add:
            lists["keys_add"] = [(*place, sealed) for place, sealed in self.copies.add.items()]
        if self.copies.drop:
            lists["keys_drop"] = list(self.copies.drop)
        if self.messages:
            lists["sealed_messages_add"] = list(self.messages)
        lists["sealed_put"] = [self.bookkeeping]

    def _document(self, field: str, revision: int, template: str, answers: str, at: str) -> Row:
        if self.seal is None:
            raise KeyNeeded
        return field, revision, template, as_json(self.seal.lock(f"document:{field}:{revision}", answers)), at


def item_place(seq: int) -> str:
    """Where the item of a row of history belongs."""
    return f"item:{seq}"


def _number(person: Any) -> int | None:
    """A person as a number of the organisation; the reporter has none."""
    return None if person is None or person == REPORTER else int(person)
