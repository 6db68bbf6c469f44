"""What a newer version means for running cases: safe, changes ahead, the step changed, or the step is gone.

Cases are grouped by version and places in the database first, so a million of them cost as much as the few hundred
kinds of standing they are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases.chart import chart_of
from engine.cases.models import Case
from engine.cases.stored import definition_of
from engine.database import driver_moments, driver_rows
from engine.definitions.diff import changed_states, differences
from engine.definitions.migration_plans import CLOSE, DROP, STAY, Bound, bound, structure_of
from engine.definitions.model import Definition, State, Text
from engine.definitions.problems import Placed, Problem
from engine.errors import AlurError
from engine.sessions import dialect_name
from engine.vocabulary import load

SAFE, AHEAD, CHANGED, GONE = "safe", "changes_ahead", "step_changed", "step_gone"
KINDS = (GONE, CHANGED, AHEAD, SAFE)
SUPPRESSED_BELOW = 5  # of a sealed case type no smaller number is told (reference §14)

_PLACES = {
    "sqlite": "(SELECT group_concat(k.key, ' ') FROM json_each(c.state, '$.a') k)",
    "postgresql": "(SELECT string_agg(k, ' ') FROM json_object_keys(c.state::json -> 'a') k)",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Running cases of one version in the same places. ``decisions`` are what plans of the newer version say of them:
    plan -> stay, map, close or drop, by the leaf that is gone; empty where nothing is decided or nothing is gone."""

    digest: str
    version: str
    states: tuple[str, ...]
    kind: str
    count: int
    oldest: datetime
    examples: tuple[int, ...]  # ids
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    decisions: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_undecided(self) -> bool:
        """Whether the cases stand in a step that is gone, and no plan says what becomes of them."""
        return bool(self.gone) and not self.decisions


@dataclass(frozen=True, slots=True)
class Group:
    """Running cases of one version in the same places; ``states`` are all that are active."""

    digest: str
    states: tuple[str, ...]
    count: int
    oldest: datetime
    first: int
    last: int


def standings(session: Session, definition: Definition, region_id: int | None) -> tuple[Standing, ...]:
    """Every running case of the case type that has another version, by what ``definition`` means for it; the gravest
    first, then the most. With a region only its cases."""
    found = []
    for group in _groups(session, definition, region_id):
        try:
            old = definition_of(session, group.digest)
        except AlurError:  # cannot be read by this program any more: nobody can say that anything is unchanged
            old = None
        found.append(standing_of(group, old, definition))
    return tuple(sorted(found, key=lambda each: (KINDS.index(each.kind), -each.count, each.states)))


def _groups(session: Session, definition: Definition, region_id: int | None) -> list[Group]:
    dialect = dialect_name(session)
    region = "" if region_id is None else " AND c.region_id = ?"
    own = " AND v.region_id IS NULL" if region_id is None else ""
    text = (
        f"SELECT c.digest, {_PLACES[dialect]} AS places, count(*), min(c.opened_at), min(c.id), max(c.id)"
        f" FROM cases c JOIN definition_versions v ON v.digest = c.digest"
        f" WHERE c.case_type = ? AND c.closed_at IS NULL AND c.digest <> ?{own}{region} GROUP BY c.digest, places"
    )
    values = (definition.case_type, definition.digest, *(() if region_id is None else (region_id,)))
    moment = driver_moments(dialect)[1]
    merged: dict[tuple[str, frozenset[str]], Group] = {}
    for digest, places, count, oldest, first, last in driver_rows(session, text, values):
        states = tuple((places or "").split())
        key = (digest, frozenset(states))
        known = merged.get(key)
        found = Group(digest, states, count, moment(oldest), first, last)
        merged[key] = found if known is None else Group(
            digest, known.states, known.count + count, min(known.oldest, found.oldest),
            min(known.first, first), max(known.last, last),
        )  # fmt: skip
    return list(merged.values())


def standing_of(group: Group, old: Definition | None, new: Definition) -> Standing:
    """What ``new`` means for cases of ``old`` (None: one this program cannot read) that stand in the same places."""
    examples = tuple(dict.fromkeys((group.first, group.last)))
    if old is None:
        return Standing(group.digest, "?", group.states, CHANGED, group.count, group.oldest, examples)
    leaves = chart_of(old).leaves(key for key in group.states if key in old.states)
    kind, gone, changed = kind_of(old, new, leaves)
    decisions = _decisions(old, new, gone) if gone else {}
    return Standing(
        group.digest, old.version, leaves, kind, group.count, group.oldest, examples, gone, changed, decisions
    )  # fmt: skip


@lru_cache(maxsize=4096)
def kind_of(
    old: Definition, new: Definition, leaves: tuple[str, ...]
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:  # fmt: skip
    """What ``new`` means for a case of ``old`` in these leaves: the kind, the leaves that are gone, and the states that
    made it so: its own, or those ahead."""
    gone = tuple(key for key in leaves if _is_gone(old.states[key], new))
    if gone:
        return GONE, gone, gone
    different = _different(old, new)
    here = {around for key in leaves for around in chart_of(old).path[key]}
    changed = tuple(key for key in chart_of(old).in_order(here) if key in different)
    if changed:
        return CHANGED, (), changed
    ahead = (_reachable(old, leaves) | _reachable(new, leaves)) & different
    return (AHEAD if ahead else SAFE), (), tuple(sorted(ahead))


def _is_gone(state: State, new: Definition) -> bool:
    same = new.states.get(state.key)
    return same is None or structure_of(same) != structure_of(state)


@lru_cache(maxsize=64)
def _different(old: Definition, new: Definition) -> frozenset[str]:
    return changed_states(differences(old, new))


def _reachable(definition: Definition, leaves: Iterable[str]) -> set[str]:
    """Every state a case can still come to from these leaves, guards taken to hold."""
    chart = chart_of(definition)
    found: set[str] = set()
    waiting = [around for key in leaves if key in chart.states for around in chart.path[key]]
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for target in _targets(chart.states[key]):
            waiting += [*chart.path[target], *chart.entry((None, None), target)]
    return found


def _targets(state: State) -> list[str]:
    found = [transition.to for transition in state.transitions.values()]
    found += [always.to for always in state.always]
    found += [timer.to for timer in state.timers.values()]
    return [target for target in found if target is not None]


def _decisions(old: Definition, new: Definition, gone: tuple[str, ...]) -> dict[str, str]:
    """What the plans for this version say of all that is gone; a plan that leaves one of them open decides nothing."""
    found = {}
    for key, plan in new.migrations.items():
        if plan.is_for(old.version):
            said = _decided(bound(plan, old, new, load()), gone)
            if said is not None:
                found[key] = said
    return found


def _decided(plan: Bound, gone: tuple[str, ...]) -> str | None:
    fates = [plan.fates.get(key) for key in gone]
    kinds = {fate.kind for fate in fates if fate is not None}
    if None in fates or not kinds:
        return None
    return next((kind for kind in (STAY, CLOSE, DROP) if kind in kinds), "map")


def undecided(definition: Definition, found: Iterable[Standing], at: Placed) -> list[Problem]:
    """WF090, one for all, at the place ``at``: removed states that still hold cases no plan decides about."""
    return lacking_decisions(definition, [each for each in found if each.is_undecided], at)


def lacking_decisions(definition: Definition, lacking: Sequence[Standing], at: Placed) -> list[Problem]:
    """WF090 for these groups; nothing where there are none."""
    if not lacking:
        return []
    states = list(dict.fromkeys(key for each in lacking for key in each.gone))
    listed, versions = ", ".join(states), ", ".join(dict.fromkeys(each.version for each in lacking))
    count = "" if definition.is_sealed else f"{sum(each.count for each in lacking)} "
    text = Text(
        f"Langkah yang dihapus masih berisi {count}kasus tanpa keputusan: {listed} (versi {versions}).",
        f"Removed states still hold {count}cases without a decision: {listed} (version {versions}).",
    )
    return [Problem(at.file, at.line, at.column, "WF090", text)]


def numbers_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """What people call these cases."""
    rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(list(ids))))
    return {row.id: row.number for row in rows}


def told(definition: Definition, standing: Standing, numbers: Mapping[int, str]) -> dict[str, Any]:
    """A standing as JSON; of a sealed case type no small count, no case and no date."""
    few = definition.is_sealed and standing.count < SUPPRESSED_BELOW
    return {
        "kind": standing.kind,
        "version": standing.version,
        "digest": standing.digest,
        "states": list(standing.states),
        "count": f"<{SUPPRESSED_BELOW}" if few else standing.count,
        "oldest": None if definition.is_sealed else standing.oldest.date().isoformat(),
        "examples": [] if definition.is_sealed else [numbers[key] for key in standing.examples if key in numbers],
        "changed": list(standing.changed),
        "gone": list(standing.gone),
        "decisions": dict(standing.decisions),
    }


def of_version(
    session: Session, digest: str | None, region_id: int | None, limit: int = 50
) -> tuple[int, list[str]]:  # fmt: skip
    """How many running cases have this version, and the first of their numbers; no number of a sealed case type."""
    wanted = [Case.digest == digest, Case.closed_at.is_(None)]
    if region_id is not None:
        wanted.append(Case.region_id == region_id)
    count = session.scalar(select(func.count()).select_from(Case).where(*wanted)) or 0
    if digest is None or not count or definition_of(session, digest).is_sealed:
        return count, []
    return count, list(session.scalars(select(Case.number).where(*wanted).order_by(Case.id).limit(limit)))
