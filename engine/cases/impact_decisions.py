"""What becomes of running cases whose step is gone: decided by a plan of the newer version, or when it is published.

Staying needs nothing more. Going elsewhere and being closed are carried out by a plan, so they can be decided only as
a plan of the newer version says: a decision nobody could carry out would be kept as if it were one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.cases.impact import Standing, told
from engine.cases.stored import definition_of
from engine.definitions.migration_plans import CLOSE, STAY, TO, Fate, bound
from engine.definitions.model import Definition, Text
from engine.organisation.faults import Unacceptable
from engine.vocabulary import load

MAP = "map"
_KINDS = (STAY, CLOSE, MAP)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided of a state that is gone: stay, close (``value`` is the reason) or map (to ``value``)."""

    state: str
    kind: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A group of cases whose ``state`` is gone and of which nothing that can be carried out was decided."""

    standing: Standing
    state: str
    why: Text


@dataclass(frozen=True, slots=True)
class Decisions:
    """``kept`` is for the record, one entry a group and gone state; publishing waits while something is ``missing``."""

    kept: tuple[Mapping[str, Any], ...]
    missing: tuple[Missing, ...]

    @property
    def plans(self) -> tuple[str, ...]:
        """The plans that carry decisions out, to be run once the version is published."""
        moving = (each["plan"] for each in self.kept if each["plan"] and each["decision"] != STAY)
        return tuple(dict.fromkeys(moving))


_UNDECIDED = Text("belum ada keputusan", "nothing is decided")
_SEVERAL = Text("rencana {plans} tidak sepakat", "the plans {plans} do not agree")
_NO_PLAN = Text(
    "tidak ada rencana di versi ini yang melakukannya; tulis migrations.<nama>.states.{state}: {fate}",
    "no plan of this version does that; write migrations.<name>.states.{state}: {fate}",
)
_PLAN_SAYS = Text("rencana {plans} mengatakan lain", "the plan {plans} says otherwise")


def read_choice(written: str) -> Choice:
    """``check=stay``, ``check=close:the reason`` or ``check=map:payment``. Raises Unacceptable for anything
    else."""
    state, equals, said = written.partition("=")
    kind, _, value = said.partition(":")
    choice = Choice(state.strip(), kind.strip(), value.strip())
    if not equals or not choice.state or choice.kind not in _KINDS or bool(choice.value) is (choice.kind == STAY):
        forms = "STATE=stay, STATE=close:REASON, STATE=map:STATE"
        raise Unacceptable(
            f"'{written}' bukan keputusan; tulis: {forms}.", f"'{written}' is no decision; write: {forms}."
        )
    return choice


def decide(
    session: Session, definition: Definition, found: Iterable[Standing], choices: Sequence[Choice]
) -> Decisions:  # fmt: skip
    """What is decided of every group in ``found`` whose step is gone in ``definition``.

    Raises Unacceptable for a choice about a state in which no such case stands, or two about one state.
    """
    gone = [each for each in found if each.gone]
    chosen = {choice.state: choice for choice in choices}
    if len(chosen) < len(choices):
        raise Unacceptable("Satu langkah diputuskan satu kali.", "A state is decided about once.")
    for state in chosen:
        if not any(state in each.gone for each in gone):
            raise Unacceptable(
                f"Tidak ada kasus berjalan di langkah '{state}' yang dihapus.",
                f"No running case stands in a removed step '{state}'.",
            )
    kept, missing = [], []
    for standing in gone:
        plans = _fates(session, definition, standing)
        for state in standing.gone:
            fates = {key: fates[state] for key, fates in plans.items()}
            made = _made(state, fates, chosen.get(state))
            if isinstance(made, Text):
                missing.append(Missing(standing, state, made))
            else:
                kept.append(_entry(definition, standing, state, *made))
    return Decisions(tuple(kept), tuple(missing))


def stay(definition: Definition, found: Iterable[Standing]) -> tuple[Mapping[str, Any], ...]:
    """For the record of a roll back, which leaves every running case as it is."""
    gone = [(each, state) for each in found for state in each.gone]
    return tuple(_entry(definition, each, state, Choice(state, STAY), None, None) for each, state in gone)


def _fates(session: Session, definition: Definition, standing: Standing) -> dict[str, Mapping[str, Fate]]:
    """The plans that decide about all that is gone for this group, with the fate of every older state."""
    if not standing.decisions:
        return {}
    old = definition_of(session, standing.digest)
    return {key: bound(definition.migrations[key], old, definition, load()).fates for key in standing.decisions}


def _made(
    state: str, fates: Mapping[str, Fate], choice: Choice | None
) -> tuple[Choice, str | None, Fate | None] | Text:
    """The decision with the plan that carries it out, or why there is none."""
    plans = ", ".join(fates)
    if choice is None:
        if not fates:
            return _UNDECIDED
        key, fate = next(iter(fates.items()))
        if any(each != fate for each in fates.values()):
            return Text(_SEVERAL.id.format(plans=plans), _SEVERAL.en.format(plans=plans))
        return Choice(state, MAP if fate.kind == TO else fate.kind, fate.state or ""), key, fate
    for key, fate in fates.items():
        if fate.kind == choice.kind or (fate.kind == TO and (choice.kind, choice.value) == (MAP, fate.state)):
            return choice, key, fate
    if fates:
        return Text(_PLAN_SAYS.id.format(plans=plans), _PLAN_SAYS.en.format(plans=plans))
    if choice.kind == STAY:
        return choice, None, None
    fate_text = choice.value if choice.kind == MAP else f"{{close: {choice.value}}}"
    return Text(
        _NO_PLAN.id.format(state=state, fate=fate_text), _NO_PLAN.en.format(state=state, fate=fate_text)
    )  # fmt: skip


def _entry(
    definition: Definition, standing: Standing, state: str, choice: Choice, plan: str | None, fate: Fate | None
) -> dict[str, Any]:
    """As JSON; of a sealed case type no small count. The reason is the person's words, else those of the plan."""
    reason: Any = choice.value if choice.kind == CLOSE and choice.value else None
    if reason is None and fate is not None and fate.reason is not None:
        reason = {"id": fate.reason.id, "en": fate.reason.en}
    return {
        "version": standing.version,
        "digest": standing.digest,
        "states": list(standing.states),
        "state": state,
        "count": told(definition, standing, {})["count"],
        "decision": choice.kind,
        "to": choice.value if choice.kind == MAP else None,
        "reason": reason,
        "plan": plan,
    }
