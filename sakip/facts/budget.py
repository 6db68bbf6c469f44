"""What programmes were given and what of it was spent over a span of a year: amounts, or a reason (reference §5.15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import orjson
from sqlalchemy.orm import Session

from engine.database import driver_rows
from sakip import reasons
from sakip.configuration.measurement import VERIFIED
from sakip.exact import exact_sum
from sakip.facts.rulebook import Rulebook
from sakip.facts.stored_values import number_from_text
from sakip.in_force import Dated, in_force
from sakip.reasons import Reason

KINDS = PROGRAMME, ACTIVITY, SUB_ACTIVITY = ("programme", "activity", "sub_activity")
ZERO = Fraction(0)
_BUDGETS = (
    "SELECT unit_id, programme_key, code, title, kind, supports, amount, valid_from FROM sakip_budgets"
    " WHERE region_id = ? AND year = ?{kind}{units} ORDER BY unit_id, code, programme_key, at, id"
)
_ABSORBED = (
    "SELECT unit_id, programme_key, period, amount, state FROM sakip_absorptions"
    " WHERE region_id = ? AND year = ? AND is_current{units} ORDER BY at, id"
)


@dataclass(frozen=True, slots=True)
class ProgrammeBudget:
    """A programme with its budget of the year and what of it was spent by the end of a span, in rupiah; ``absorbed``
    None: nobody said so, or (``is_unverified``) nobody has verified it where only verified figures count. ``kind`` is
    programme, activity or sub_activity, ``supports`` the keys of the nodes it serves."""

    key: str
    title: str
    budget: Fraction
    absorbed: Fraction | None
    code: str = ""
    unit_id: int | None = None
    kind: str = PROGRAMME
    supports: frozenset[str] = frozenset()
    is_unverified: bool = False


@dataclass(frozen=True, slots=True)
class _Given:
    """A programme with every amount it was given in a year."""

    unit_id: int
    key: str
    code: str
    title: str
    kind: str
    supports: frozenset[str]
    amounts: tuple[Dated, ...]


class Budgets:
    """The programmes of a fiscal year, read once and asked for many spans; ``units`` narrows them to some. With
    ``kind`` None activities and sub-activities too: a region has fifty times as many."""

    def __init__(
        self, session: Session, region_id: int, year: int, units: Iterable[int] | None = None,
        kind: str | None = PROGRAMME, book: Rulebook | None = None,
    ) -> None:  # fmt: skip
        self.year, self._session, self._region = year, session, region_id
        self._book = book or Rulebook(session, region_id)
        self._of_units: dict[int, Budgets] = {}
        wanted = None if units is None else sorted(set(units))
        self._given = [] if wanted == [] else _given(session, region_id, year, wanted, kind)
        self._absorbed = _absorbed(session, region_id, year, wanted) if self._given else {}
        self._at: dict[str, tuple[ProgrammeBudget, ...]] = {}
        self._serving: dict[str, dict[str, tuple[ProgrammeBudget, ...]]] = {}  # by span and node

    def over(self, span: str) -> tuple[ProgrammeBudget, ...]:
        """Everything that has a budget at the end of a span, by unit and code."""
        if span not in self._at:
            self._at[span] = tuple(self._read(span))
        return self._at[span]

    def of_unit(self, unit_id: int | None, span: str) -> tuple[ProgrammeBudget, ...]:
        """The programmes of a unit; of the region (None) those of all its units. Activities are parts of programmes
        and are not counted beside them."""
        found = (one for one in self.over(span) if one.kind == PROGRAMME)
        return tuple(one for one in found if unit_id is None or one.unit_id == unit_id)

    def of_node(self, node: str, span: str, unit_id: int | None = None) -> tuple[ProgrammeBudget, ...]:
        """What serves a node: its programmes; where it has none, the activities, or sub-activities, of ``unit_id``."""
        kept = self._serving_at(span).get(node)
        if kept is not None:
            return kept
        if unit_id is None:
            return ()
        if unit_id not in self._of_units:
            self._of_units[unit_id] = Budgets(
                self._session, self._region, self.year, (unit_id,), kind=None, book=self._book
            )
        return self._of_units[unit_id].of_node(node, span)

    def _serving_at(self, span: str) -> Mapping[str, tuple[ProgrammeBudget, ...]]:
        """By node what serves it: of programmes, activities and sub-activities the highest kind there is."""
        if span not in self._serving:
            found: dict[str, list[ProgrammeBudget]] = {}
            for one in self.over(span):
                for served in one.supports:
                    found.setdefault(served, []).append(one)
            self._serving[span] = {node: _highest(those) for node, those in found.items()}
        return self._serving[span]

    def _read(self, span: str) -> Iterable[ProgrammeBudget]:
        judged = self._book.judged(self.year, span)
        if judged is None:
            return
        day, rules = judged
        periods = {period for told in self._absorbed.values() for period in told}
        ending = {one for one in periods if self._book.day_of(self.year, one) == day}
        for one in self._given:
            amount = in_force(one.amounts, day)
            if isinstance(amount, Fraction):
                spent, is_verified = _spent(self._absorbed.get((one.unit_id, one.key), {}), ending)
                counts = spent is not None and (is_verified or rules.counts != VERIFIED)
                yield ProgrammeBudget(
                    one.key, one.title, amount, spent if counts else None, one.code, one.unit_id, one.kind,
                    one.supports, spent is not None and not is_verified,
                )  # fmt: skip


def _highest(those: Sequence[ProgrammeBudget]) -> tuple[ProgrammeBudget, ...]:
    kinds = {one.kind for one in those}
    kind = next((one for one in KINDS if one in kinds), "")
    return tuple(those) if kinds == {kind} else tuple(one for one in those if one.kind == kind)


def budget_of(session: Session, region_id: int, unit_id: int | None, year: int, span: str) -> Sequence[ProgrammeBudget]:
    """The programmes of a unit (of the region, None: of all units) with the budget in force on the last day of a span
    and what was absorbed by then; nothing where no measurement governs the year."""
    return Budgets(session, region_id, year, None if unit_id is None else (unit_id,)).of_unit(unit_id, span)


def absorption(programmes: Sequence[ProgrammeBudget]) -> Fraction | Reason:
    """What was spent of these budgets together, in percent. Never partial: one programme of which nobody said what was
    spent is the reason; one without a rupiah needs nobody to say so."""
    total = exact_sum([one.budget for one in programmes])
    if total.numerator <= 0:
        return Reason(reasons.NO_BUDGET)
    missing = [one for one in programmes if one.absorbed is None and one.budget]
    if missing:
        unverified = tuple(one.title for one in missing if one.is_unverified)
        titles = tuple(one.title for one in missing if not one.is_unverified)
        return Reason(reasons.NO_ABSORPTION, {"programmes": titles, "unverified": unverified})
    spent = exact_sum([one.absorbed or ZERO for one in programmes])
    return Fraction(100 * spent.numerator * total.denominator, spent.denominator * total.numerator)


def _spent(by_period: Mapping[str, tuple[str, bool]], ending: Set[str]) -> tuple[Fraction | None, bool]:
    """What was reported for a period among those that end on the day, the latest written; and whether it is
    verified."""
    found = [told for period, told in by_period.items() if period in ending]
    return (number_from_text(found[-1][0]), found[-1][1]) if found else (None, False)


def _given(
    session: Session, region_id: int, year: int, units: Sequence[int] | None, kind: str | None
) -> list[_Given]:  # fmt: skip
    text = _BUDGETS.format(kind="" if kind is None else " AND kind = ?", units=_among(units))
    rows: dict[tuple[int, str], list[tuple[str, str, str, str, Dated]]] = {}
    for unit, key, code, title, level, supports, amount, since in driver_rows(
        session, text, (region_id, year, *(() if kind is None else (kind,)), *(units or ()))
    ):
        day = since if isinstance(since, date) else date.fromisoformat(since)
        dated = Dated(day, None if amount is None else number_from_text(amount))
        rows.setdefault((unit, key), []).append((code, title, level, supports, dated))
    return [
        _Given(
            unit, key, *last[:3], frozenset(orjson.loads(last[3])), tuple(dated for *_, dated in those)
        )
        for (unit, key), those in rows.items()
        for last in (those[-1],)
    ]  # fmt: skip


def _absorbed(
    session: Session, region_id: int, year: int, units: Sequence[int] | None
) -> dict[tuple[int, str], dict[str, tuple[str, bool]]]:
    """By programme and period: the amount as it is kept, for most are not asked for, and whether it is verified."""
    found: dict[tuple[int, str], dict[str, tuple[str, bool]]] = {}
    text = _ABSORBED.format(units=_among(units))
    for unit, key, period, amount, state in driver_rows(session, text, (region_id, year, *(units or ()))):
        found.setdefault((unit, key), {})[period] = (amount, state == VERIFIED)
    return found


def _among(units: Sequence[int] | None) -> str:
    return "" if units is None else f" AND unit_id IN ({', '.join('?' * len(units))})"
