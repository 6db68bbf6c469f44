"""What is measured in a year: indicators, their nodes and units, each as it stood on a day (reference §5.8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from sakip.facts.asking import asked
from sakip.facts.models import AgreementRow
from sakip.facts.stored_values import number_from_text, target_from_plain
from sakip.plan import Indicator
from sakip.values import Target

NUMBER = "number"
INDIVIDUAL = "individual"  # the kind of an agreement whose position feeds no unit (reference §4.6)
_INDICATORS = (
    "SELECT key, node_key, unit_id, valid_from, valid_to, content FROM sakip_indicators"
    " WHERE region_id = ? AND valid_from <= ? AND (valid_to IS NULL OR (valid_to >= ? AND valid_to >= valid_from))"
)
_OVER = "SELECT DISTINCT node_key FROM sakip_indicators WHERE region_id = ?"
_UNDER = "SELECT DISTINCT key FROM sakip_indicators WHERE region_id = ?"
_TREES = "SELECT DISTINCT unit_id FROM sakip_nodes WHERE region_id = ?"
_IN_TREES = "SELECT DISTINCT key FROM sakip_nodes WHERE region_id = ?"
_EVER = "SELECT key, node_key, unit_id, valid_from, valid_to, content FROM sakip_indicators WHERE region_id = ?"
_NODES = (
    "SELECT key, unit_id, owner_id, valid_from, valid_to, content FROM sakip_nodes"
    " WHERE region_id = ? AND valid_from <= ? AND (valid_to IS NULL OR (valid_to >= ? AND valid_to >= valid_from))"
)


@dataclass(frozen=True, slots=True)
class Held:
    """How something stood from a day to a day, both inside; ``to`` None is open."""

    key: str
    unit: int | None
    valid_from: date
    valid_to: date | None
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class HeldIndicator(Held):
    """An indicator: its node, what decides its measure, and the targets of the plan: of periods and the ``year`` in
    hand, and of years."""

    node: str
    measured: Indicator
    targets: Mapping[str, Target]
    planned: Mapping[int, Target]


@dataclass(frozen=True, slots=True)
class HeldNode(Held):
    """A node: the position that owns it."""

    owner: int | None


def held_on(versions: Iterable[Any], day: date) -> Any | None:
    """Of the versions of one key the one that stood on a day, None when there was none."""
    for one in versions:
        if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
            return one
    return None


def indicators_of(
    session: Session, region_id: int, year: int, keys: Sequence[str] | None = None, nodes: Sequence[str] | None = None
) -> dict[str, list[HeldIndicator]]:
    """The versions of indicators that stood at some time of a fiscal year, by key, the oldest first; one that was
    replaced on the day it began never stood. Without ``keys`` (or the ``nodes`` they ever stood under) those of the
    region."""
    wanted = keys if nodes is None else _keys(session, _UNDER, region_id, nodes, "node_key")  # none is not all of them
    return _held(_rows(session, _INDICATORS, region_id, year, wanted))


def ever_held(session: Session, region_id: int, keys: Sequence[str]) -> dict[str, list[HeldIndicator]]:
    """Every version of some indicators, whenever it stood, by key, the oldest first."""
    return _held(asked(session, _EVER, " ORDER BY key, valid_from, id", (region_id,), keys, "key"))


def _held(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[HeldIndicator]]:
    found: dict[str, list[HeldIndicator]] = {}
    for key, node, unit, starts, ends, content in rows:
        measured, weight, targets, planned = _measured(content)
        last = None if ends is None else _day(ends)
        held = HeldIndicator(key, unit, _day(starts), last, weight, node, measured, targets, planned)
        found.setdefault(key, []).append(held)
    return found


def nodes_of(
    session: Session, region_id: int, year: int, keys: Sequence[str] | None = None, units: Sequence[int] | None = None
) -> dict[str, list[HeldNode]]:
    """The same for nodes; ``units`` asks for those that ever were in some units' trees."""
    found: dict[str, list[HeldNode]] = {}
    wanted = keys if units is None else _keys(session, _IN_TREES, region_id, units, "unit_id")
    for key, unit, owner, starts, ends, content in _rows(session, _NODES, region_id, year, wanted):
        weight = _weight(orjson.loads(content).get("weight"))
        held = HeldNode(key, unit, _day(starts), None if ends is None else _day(ends), weight, owner)
        found.setdefault(key, []).append(held)
    return found


def places_of(session: Session, region_id: int, indicators: Sequence[str]) -> tuple[list[str], list[int]]:
    """The nodes some indicators ever stood under, and the units whose trees these nodes ever were in."""
    nodes = _keys(session, _OVER, region_id, indicators, "key")
    units = {unit for unit in _keys(session, _TREES, region_id, nodes, "key") if unit is not None}
    return sorted(nodes), sorted(units)


def indicators_owned(session: Session, region_id: int, positions: Collection[int]) -> list[str]:
    """The indicators under nodes that some positions ever owned."""
    nodes = _keys(session, _IN_TREES, region_id, sorted(positions), "owner_id") if positions else []
    return _keys(session, _UNDER, region_id, nodes, "node_key")


def _keys(session: Session, text: str, region_id: int, of: Sequence[Any], column: str) -> list[Any]:
    return list(dict.fromkeys(key for (key,) in asked(session, text, "", (region_id,), of, column)))


def positions_that_feed_nothing(session: Session, region_id: int, year: int) -> frozenset[int]:
    """The positions whose agreements of a fiscal year are all of kind *individual*: their nodes feed no unit (§4.6)."""
    query = select(AgreementRow.position_id, AgreementRow.kind).distinct()
    query = query.where(AgreementRow.region_id == region_id, AgreementRow.year == year)
    query = query.where(AgreementRow.position_id.is_not(None))
    kinds: dict[int | None, set[str]] = {}
    for position, kind in session.execute(query):
        kinds.setdefault(position, set()).add(kind)
    return frozenset(position for position, found in kinds.items() if position is not None and found == {INDIVIDUAL})


def _rows(
    session: Session, text: str, region_id: int, year: int, keys: Sequence[str] | None
) -> Iterable[tuple[Any, ...]]:
    first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
    return asked(session, text, " ORDER BY key, valid_from", (region_id, last, first), keys, "key")


def _day(stored: Any) -> date:
    return stored if isinstance(stored, date) else date.fromisoformat(stored)


@lru_cache(maxsize=16_384)
def _measured(content: str) -> tuple[Indicator, Fraction | None, Mapping[str, Target], Mapping[int, Target]]:
    """Of an indicator's content what decides its measure, its weight among its node's, and the targets of the plan."""
    plain: Mapping[str, Any] = orjson.loads(content)
    due_in = plain.get("due_in")
    measured = Indicator(
        unit=plain.get("unit") or NUMBER,
        method=plain.get("method"),
        direction=plain.get("direction"),
        consolidation=plain.get("consolidation"),
        basis=plain.get("basis"),
        periods=plain.get("periods"),
        due_in=None if due_in is None else tuple(due_in),
    )
    targets = {period: target_from_plain(one) for period, one in plain.get("targets", {}).items()}
    planned = {int(year): target_from_plain(one) for year, one in plain.get("plan_targets", {}).items()}
    return measured, _weight(plain.get("weight")), targets, planned


def _weight(plain: Any) -> Fraction | None:
    try:
        return None if plain is None else number_from_text(str(plain))
    except ValueError:
        return None
