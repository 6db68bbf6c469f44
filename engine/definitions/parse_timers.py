"""Timers of a state: when they are due, whether they come again, what they do or where they lead (reference §4)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.expression_types import Type
from engine.definitions.model import Duration, Timer
from engine.definitions.parse_effects import parse_effects
from engine.definitions.source import MAP, Entry

TIMER_KEYS = ("after", "at", "repeat", "effects", "to", "do", "as", "record", "title")


def parse_timers(
    state: str, entry: Entry | None, compiler: Compiler, calendar: str | None, item_type: Type | None
) -> Mapping[str, Timer]:
    """All timers of ``state``; ``calendar`` is the one of its task or approval."""
    return {
        key: _timer(state, key, inner, compiler, calendar, item_type) for key, inner in compiler.keyed(entry).items()
    }


def _timer(
    state: str, key: str, entry: Entry, compiler: Compiler, calendar: str | None, item_type: Type | None
) -> Timer:
    given = compiler.keys(entry, TIMER_KEYS)
    if entry.value.kind == MAP and ("after" in given) == ("at" in given):
        if "after" in given:
            compiler.wrong(given["at"].key, "Tulis after atau at.", "Write either after or at.")
        else:
            compiler.missing(entry.key, ["after"])
    if "to" in given and "do" in given:
        compiler.wrong(given["do"].key, "Tulis to atau do.", "Write either to or do.")
    every, at_most = _repeat(given.get("repeat"), compiler, calendar)
    return Timer(
        key,
        state,
        compiler.duration(given.get("after"), calendar),
        compiler.expression(given.get("at"), "date", item_type=item_type),
        every,
        at_most,
        parse_effects(given.get("effects"), compiler, item_type),
        compiler.state(given["to"].value) if "to" in given else None,
        _event(state, given.get("do"), compiler),
        compiler.choice(given.get("as"), ("system",)),
        given["record"].value.plain() if "record" in given else None,
        compiler.optional_title(given.get("title")),
    )


def _repeat(entry: Entry | None, compiler: Compiler, calendar: str | None) -> tuple[Duration | None, int | None]:
    if entry is None:
        return None, None
    given = compiler.keys(entry, ("every", "at_most"), ("every",))
    every = compiler.duration(given.get("every"), calendar)
    if every is not None and every.amount == 0:
        compiler.wrong(given["every"].value, "Jeda ulang tidak boleh nol.", "A repeat needs a span above zero.")
    return every, compiler.integer(given.get("at_most"), 1, 1000)


def _event(state: str, entry: Entry | None, compiler: Compiler) -> str | None:
    """The action a timer takes: known to its state, that state's approval or an ancestor (WF041)."""
    if entry is None:
        return None
    return compiler.known_name(entry.value, compiler.events_of(state), "WF041", "tindakan", "action")
