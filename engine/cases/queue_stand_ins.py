"""In whose name a person has the lines of their queue: told per line, with one query a page and only where needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy.orm import Session

from engine.cases.access import Reader
from engine.cases.state import from_plain
from engine.cases.telling import principal_text
from engine.database import driver_rows
from engine.definitions.model import Definition, Text
from engine.facts import CaseState, OpenTask
from engine.tasks.powers import OWN_RIGHT, POWER_BITS, powers_of

Lines = Sequence[tuple[int, str, int, bool]]  # case, digest of its definition, task, whether a task of it is delegated


def stood_in_for(
    session: Session, reader: Reader, lines: Lines, definition_of: Callable[[str], Definition], now: datetime
) -> Mapping[tuple[int, int], Text]:
    """By case and task, whom the reader stands in for there; nothing for what they have in their own right.

    Cases are read when the reader stands in for somebody today, or for the few of which a task is delegated.
    """
    stands_in = any(not mask & OWN_RIGHT for _, mask in reader.audiences)
    wanted = {case_id for case_id, _, _, is_delegated in lines if stands_in or is_delegated}
    if not wanted:
        return {}
    text = f"SELECT id, state FROM cases WHERE id IN ({', '.join('?' * len(wanted))})"
    rows = driver_rows(session, text, sorted(wanted))
    states: dict[int, CaseState] = {case_id: from_plain(orjson.loads(state)) for case_id, state in rows}
    found: dict[tuple[int, int], Text] = {}
    for case_id, digest, number, _ in lines:
        task = states[case_id].tasks.get(number) if case_id in states else None
        if task is None:
            continue
        definition = definition_of(digest)
        absent = _absent(reader, definition, states[case_id].extras, task, now)
        if absent is not None:
            found[case_id, number] = principal_text(definition, reader.directory, str(absent))
    return found


def _absent(reader: Reader, definition: Definition, extras: Mapping[str, Any], task: OpenTask, now: datetime) -> Any:
    """Whoever the reader has the task for; None in their own right."""
    delegated = extras.get("delegated", {}).get(str(task.number))
    if delegated is not None and str(delegated["to"]) == str(reader.person_id):
        return delegated["by"]
    masks = dict(reader.audiences)
    offered = [audience for audience in task.audiences if audience not in task.outside and str(audience) in masks]
    if any(masks[str(audience)] & OWN_RIGHT for audience in offered):
        return None
    powers = powers_of(definition, task.state)
    for audience in offered:
        for seat in reader.directory.seats(audience, now):
            if seat.person == reader.person_id and seat.kind is not None and POWER_BITS[seat.kind] & powers:
                return seat.principal
    return None
