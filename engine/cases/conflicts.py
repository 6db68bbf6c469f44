"""Tells the one who came second who was faster, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.refusals import moment_text, refuse
from engine.cases.stored import StoredCase
from engine.cases.wording import action_title, zone_of
from engine.changes import Refusal
from engine.database import driver_moments, driver_rows
from engine.definitions.model import Text
from engine.facts import Command
from engine.sessions import dialect_name

# what a plan answers when the place the person saw is not there any more
_MOVED = frozenset(("unknown_event", "not_candidate", "not_your_turn", "unknown_item", "stale_revision"))
_TAKEN = frozenset(("already_decided", "claimed_by_other", "guard"))
_SINCE = "SELECT at, actor_id, action, state FROM history WHERE case_id = ? AND seq > ? ORDER BY seq LIMIT 20"


def told(session: Session, stored: StoredCase, command: Command, refusal: Refusal) -> Refusal:
    """The refusal, naming the act that came first, when the case has moved since the person looked."""
    if command.revision is None or command.revision >= stored.row.revision:
        return refusal
    faster = _first_since(session, stored, command)
    if faster is None:
        return refusal
    who, when, what = faster
    values = {**refusal.values, "who": who, "when": when, "did": what}
    if refusal.code in _MOVED:
        refusal = refuse("stale_revision", **values)
    elif refusal.code not in _TAKEN:
        return replace(refusal, values=values)
    said = refusal.sentence
    sentence = Text(
        f"{who} lebih dahulu: {what.id}, {when.id}. {said.id}", f"{who} was faster: {what.en}, {when.en}. {said.en}"
    )
    return replace(refusal, sentence=sentence, values=values)


def _first_since(session: Session, stored: StoredCase, command: Command) -> tuple[str, Text, Text] | None:
    _, moment = driver_moments(dialect_name(session))
    rows: list[tuple[Any, ...]] = driver_rows(session, _SINCE, (stored.row.id, command.revision))
    acts = [row for row in rows if row[1] is not None] or rows
    same_place = [row for row in acts if command.state is not None and row[3] == command.state]
    for at, actor, action, state in same_place or acts:
        who = "Alur" if actor is None else stored.directory.person(actor).name
        when = moment_text(moment(at), zone_of(stored.definition, stored.directory))
        return who, when, action_title(stored.definition, state, action)
    return None
