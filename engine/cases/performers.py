"""Who completed a state, and in whose name: whom ``performer_of`` names and whom it excludes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.cases.refusals import refuse
from engine.cases.standing_in import giver
from engine.cases.step import Step
from engine.changes import Refusal
from engine.definitions.model import Text
from engine.facts import PersonId, Seat

_IN_NAME = "in_name"  # by state: pairs of who acted and who let them


def performers(step: Step, state: str) -> tuple[PersonId, ...]:
    """Who completed a state's last entry; of a compound state, who completed anything in it."""
    found = step.performers.get(state)
    if found is not None or not step.chart.states[state].children:
        return found or ()
    inside = step.chart.inside(state)
    return tuple(dict.fromkeys(person for key in inside for person in step.performers.get(key, ())))


def acted_through_others(step: Step, state: str) -> set[PersonId]:
    """Those in whose name somebody completed the state by a mandate they gave: the act is theirs too. Whoever is away
    from an office that another holds by decree gave nothing."""
    kept = step.extras.get(_IN_NAME)
    if not kept:
        return set()
    return {absent for key in (state, *step.chart.inside(state)) for _, absent in kept.get(key, ())}


def only_through_others(step: Step, excluded: Iterable[str], person: PersonId) -> Refusal | None:
    """Tells somebody who did nothing themselves that another did it in their name."""
    states = [name.partition(".")[2] for name in excluded if name.startswith("performer_of.")]
    if any(person in performers(step, state) for state in states):
        return None
    if all(person not in acted_through_others(step, state) for state in states):
        return None
    sentence = Text(
        "Dokumen ini disusun atau diproses atas nama Anda. Langkah ini harus dikerjakan orang lain.",
        "This document was prepared or handled in your name. Somebody else has to take this step.",
    )
    return replace(refuse("excluded"), sentence=sentence)


def note_performer(step: Step, state: str, earlier: Iterable[PersonId], seat: Seat) -> None:
    """Whoever sits in ``seat`` joins those who acted ``earlier`` in this entry of the state."""
    before = tuple(earlier)
    step.performers[state] = tuple(dict.fromkeys((*before, seat.person)))
    absent = giver(seat)
    if absent is not None or _IN_NAME in step.extras:
        kept = [pair for pair in step.memory(_IN_NAME, state) or () if pair[0] in before]
        if absent is not None and [seat.person, absent] not in kept:
            kept.append([seat.person, absent])
        step.remember(_IN_NAME, state, kept or None)
    step.changed()
