"""The history of a sealed case for who has its key: the rows as they would be of an ordinary case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.cases.models import Comment, History
from engine.cases.sealed_state import Tokens
from engine.cases.stored import StoredCase
from engine.database import moment_text
from engine.disclosure.seals import CaseSeal, locked_in


def opened_history(stored: StoredCase, rows: Iterable[History]) -> Sequence[History]:
    """``rows`` readable: of an ordinary case the same, of a sealed one copies that no session knows. Raises CannotOpen
    for a row that was changed or comes from another place."""
    seal = stored.seal
    if seal is None:
        return list(rows)
    tokens = Tokens(stored.definition, seal, stored.secrets)
    return [_opened(seal, tokens, row) for row in rows]


def remark_place(person_id: int, said_at: Any) -> str:
    """Where a remark's text belongs."""
    return f"remark:{person_id}:{moment_text(said_at)}"


def opened_remark(stored: StoredCase, row: Comment) -> str:
    """The text of a remark. Raises CannotOpen."""
    return row.text if stored.seal is None else stored.seal.unlock(remark_place(row.person_id, row.said_at), row.text)


def _opened(seal: CaseSeal, tokens: Tokens, row: History) -> History:
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
        item=tokens.behind(row.item),
        details=_value(seal, f"details:{row.seq}", row.details),
        answers_changed=_value(seal, f"changed:{row.seq}", row.answers_changed),
        hash=row.hash,
    )


def _value(seal: CaseSeal, place: str, stored: Any) -> Any:
    locked = locked_in(stored)
    return stored if locked is None else seal.unlock_json(place, locked)
