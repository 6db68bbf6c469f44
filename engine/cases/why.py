"""What somebody may do in a stored case and why not the rest: the same answer the page shows and the act gives."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import actions
from engine.cases.access import reader_of, require_visible
from engine.cases.refusals import refuse
from engine.cases.stored import read_case
from engine.changes import ActionView
from engine.definitions.model import Text


def why(
    session: Session, person_id: int, case_id: int, action: str | None = None, *, now: datetime
) -> tuple[ActionView, ...]:
    """Every action of the open places, or only ``action``, each possible or with its refusal.

    An action no open place knows comes back with ``unknown_event``. Raises NotFound for a case the person may not see.
    """
    require_visible(session, reader_of(session, person_id, now), case_id)
    stored = read_case(session, case_id, now)
    found = actions.why(stored.definition, stored.facts, person_id, action)
    if found or action is None:
        return found
    refusal = refuse("unknown_event", action=action)
    title = Text(action, action)
    return (ActionView(action, "", None, None, title, None, (), (), None, False, (), refusal),)
