"""Why a person may or may not do something in a case now: the same answers the page and the act give."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import plan
from engine.cases.access import reader_of, require_visible
from engine.cases.stored import read_case
from engine.cases.wording import action_title
from engine.changes import ActionView, Refusal
from engine.errors import KeyNeeded
from engine.facts import Command


def why(
    session: Session, person_id: int, case_id: int, action: str | None = None, *, now: datetime
) -> tuple[ActionView, ...]:
    """Every action that applies where the case stands, or one of them, each with its refusal or None.

    An action the case does not know is answered with its refusal too. Raises NotFound when the person may not see
    the case, KeyNeeded for a sealed one whose key is not at hand.
    """
    require_visible(session, reader_of(session, person_id, now), case_id)
    stored = read_case(session, case_id, now)
    if stored.definition.is_sealed and stored.seal is None:
        raise KeyNeeded
    views = plan.why(stored.definition, stored.facts, person_id, action)
    if views or action is None:
        return views
    refused = plan.plan_act(stored.definition, stored.facts, Command(action, person_id))
    if not isinstance(refused, Refusal):
        return ()
    title = action_title(stored.definition, None, action)
    state = next(iter(stored.facts.state.active), "")
    return (ActionView(action, state, None, None, title, None, (), (), None, False, (), refused),)
