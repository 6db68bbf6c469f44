"""What the changes of a plan mean as rows: messages and calls that wait to leave, incidents, documents asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.cases.answer_store import StoredAnswers, to_store
from engine.changes import CallConnector, Plan, QueueMessage, RaiseIncident, RenderDocument
from engine.database import json_text, moment_text
from engine.definitions.model import Definition
from engine.outbox.calls import plain
from engine.outbox.messages import WAITING

Row = tuple[Any, ...]
REASONS = frozenset(("assigned", "reminder", "escalated", "returned", "outcome", "incident", "stand_in"))


def change_rows(
    definition: Definition, plan: Plan, region_id: int, revision: int, now: datetime
) -> dict[str, list[Row]]:
    """The rows per statement of ``apply.py``; ``revision`` is the one the step leads to."""
    found: dict[str, list[Row]] = {"messages_add": [], "incidents_add": [], "documents_add": [], "calls_add": []}
    if not plan.changes:
        return found
    at = moment_text(now)
    messages: dict[tuple[str, str], Row] = {}  # by notification and audience: one each
    for change in plan.changes:
        if isinstance(change, QueueMessage):
            for row in _message_rows(region_id, plan, change, revision, at):
                messages[row[3], row[5]] = row
        elif isinstance(change, RaiseIncident):
            found["incidents_add"].append((region_id, change.code, change.state, change.detail, at))
        elif isinstance(change, RenderDocument):
            answers = _answers_text(definition, plan)
            found["documents_add"].append((change.field, revision, change.template, answers, at))
        elif isinstance(change, CallConnector):
            place, content = len(found["calls_add"]), json_text(plain(change.values))
            found["calls_add"].append((region_id, revision, place, change.connector, content, at, at, WAITING))
    found["messages_add"] = list(messages.values())
    return found


def _message_rows(region_id: int, plan: Plan, message: QueueMessage, revision: int, at: str) -> list[Row]:
    """One row an audience; a position's and a group's become one row a person when they fall due. Nobody is told by
    mail what they have just given themselves to do."""
    content, reason = json_text(dict(message.values)), _reason(plan, message)
    himself = f"person:{plan.entries[0].actor}" if reason == "assigned" else None
    return [
        (
            region_id,
            revision,
            message.task or 0,
            message.notification,
            reason,
            str(audience),
            int(audience.key) if audience.kind == "person" and audience.key.isdigit() else None,
            content,
            message.is_urgent,
            at,
            at,
            "waiting",
        )
        for audience in message.audiences
        if str(audience) != himself
    ]


def _answers_text(definition: Definition, plan: Plan) -> str:
    if isinstance(plan.answers, StoredAnswers):
        return plan.answers.text  # read and not changed
    return json_text(to_store(definition.fields, plan.answers))


def _reason(plan: Plan, message: QueueMessage) -> str:
    """Why people get it, in the words of the outbox: what a timer sends reminds, or escalates when it is urgent."""
    known = {"task_assigned": "assigned"}.get(message.notification, message.notification)
    if known in REASONS:
        return known
    if plan.entries[0].action == "timer":
        return "escalated" if message.is_urgent else "reminder"
    return message.reason
