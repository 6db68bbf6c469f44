"""To whom a task goes that is given out: the same rule on paper and in the store, so that a scenario can promise it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from engine.cases.offering import offered_to
from engine.cases.step import Step
from engine.facts import Audience, PersonId, Seat


def allocated(step: Step, state: str, allocate: str, who: Sequence[Seat]) -> PersonId:
    """Whom of ``who`` a task of ``state`` is for. Equals go by name, which a scenario has too; those of one name by id.

    ``least_loaded`` takes whoever has the fewest tasks alone, with those this very step gave out. ``round_robin`` goes
    round with each task of the state; each case starts somewhere else, by its number (on paper ``1``), so that many
    cases spread evenly without a counter they would wait for each other at."""
    names = step.directory.person
    people = sorted((seat.person for seat in who), key=lambda person: (names(person).name, person))
    if allocate == "least_loaded":
        return min(people, key=lambda person: step.facts.loads.get(person, 0) + _held_here(step, person))
    turn = step.memory("turns", state) or 0
    step.remember("turns", state, turn + 1)
    return people[(zlib.crc32((step.facts.number or "").encode()) + turn) % len(people)]


def _held_here(step: Step, person: PersonId) -> int:
    """How many of this case's open tasks are for this person alone."""
    alone = Audience("person", str(person))
    return sum(alone in offered_to(step.extras, task) for task in step.tasks.values())
