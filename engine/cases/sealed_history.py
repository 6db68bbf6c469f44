"""The history of a sealed case for who has its key: the rows as they would be of an ordinary case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.cases.models import Comment, History
from engine.cases.sealed_state import MARK, Tokens
from engine.cases.sealing import item_place
from engine.cases.stored import StoredCase
from engine.database import moment_text
from engine.disclosure.seals import CaseSeal, locked_in


def opened_history(stored: StoredCase, rows: Sequence[History]) -> Sequence[History]:
    """``rows`` readable: of an ordinary case the same, of a sealed one copies that no session knows. Raises CannotOpen
    for a row that was changed or comes from another place."""
    seal = stored.seal
    if seal is None:
        return list(rows)
    tokens = Tokens(stored.definition, seal, stored.secrets)
    items = {row.seq: _item(seal, row) for row in rows}
    for item in items.values():  # what the worker wrote has the token alone: another row of the item tells what it is
        tokens.of_typed(item)
    return [_opened(seal, row, tokens.behind(items[row.seq])) for row in rows]


def remark_place(person_id: int, said_at: Any) -> str:
    """Where a remark's text belongs."""
    return f"remark:{person_id}:{moment_text(said_at)}"


def opened_remark(stored: StoredCase, row: Comment) -> str:
    """The text of a remark. Raises CannotOpen."""
    return row.text if stored.seal is None else stored.seal.unlock(remark_place(row.person_id, row.said_at), row.text)


def _item(seal: CaseSeal, row: History) -> str | None:
    is_token = row.item is not None and row.item[:1] == MARK
    return row.item if row.item is None or is_token else seal.unlock(item_place(row.seq), row.item)


def _opened(seal: CaseSeal, row: History, item: Any) -> History:
    return History(
        case_id=row.case_id,
        seq=row.seq,
        at=row.at,
        actor_id=row.actor_id,
        principal=row.principal,
        kind=row.kind,
        action=row.action,
        state=row.state,
        states_left=row.states_left,
        states_entered=row.states_entered,
        comment=seal.unlock(f"comment:{row.seq}", row.comment) if row.comment else "",
        item=item,
        details=_value(seal, f"details:{row.seq}", row.details),
        answers_changed=_value(seal, f"changed:{row.seq}", row.answers_changed),
        hash=row.hash,
    )


def _value(seal: CaseSeal, place: str, stored: Any) -> Any:
    locked = locked_in(stored)
    return stored if locked is None else seal.unlock_json(place, locked)
