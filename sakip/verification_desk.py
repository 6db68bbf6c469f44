"""A measurement report as its verifier looks at it: each row with what stands beside it, changed ones first (§13.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sakip.entry_desk import EntryDesk, EntryItem
from sakip.facts.reports import row_value

ACCEPTED, RETURNED, OPEN = "accepted", "returned", ""
JUMP = Fraction(1, 3)  # of what was reached the period before
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Check:
    """One row. ``decision`` is accepted, returned or "" while it is open; ``note`` what is said about it; ``was`` what
    it was returned with before, "" when it was not; ``changed`` the columns that changed since, with what stood there;
    ``has_jumped``: the value is far from the period before."""

    item: EntryItem
    decision: str
    note: str
    was: str
    changed: Mapping[str, str]
    has_jumped: bool
    evidence: tuple[int, ...]

    @property
    def needs_note(self) -> bool:
        """Whether it is returned without saying what has to be improved."""
        return self.decision == RETURNED and not self.note.strip()


@dataclass(frozen=True, eq=False, slots=True)
class VerificationDesk:
    """All rows, those that changed since the report was returned first."""

    entry: EntryDesk
    checks: tuple[Check, ...]
    is_again: bool  # it was returned before

    def count(self, decision: str) -> int:
        """How many rows were decided so."""
        return sum(one.decision == decision for one in self.checks)

    @property
    def changed(self) -> tuple[Check, ...]:
        """The rows that changed since the report was returned."""
        return tuple(one for one in self.checks if one.changed)

    @property
    def unchanged(self) -> tuple[Check, ...]:
        """The other rows."""
        return tuple(one for one in self.checks if not one.changed)

    def acceptable(self) -> Iterator[Check]:
        """The open rows that may be accepted together: nothing changed, nothing was asked for, no value jumped."""
        return (
            one for one in self.checks
            if one.decision == OPEN and not one.changed and not one.has_jumped and not one.was
            and one.item.is_filled
        )  # fmt: skip


def verification_desk(
    entry: EntryDesk,
    rows: Mapping[str, Row],
    returned: Mapping[str, str],
    changed: Mapping[str, Mapping[str, str]],
    *,
    is_again: bool,
) -> VerificationDesk:
    """The report with its verification (by indicator, as typed or stored). ``returned`` are the notes of rows that were
    sent back before, ``changed`` what stood in columns that changed since, both by indicator."""
    checks = [_check(entry, item, rows.get(item.key, {}), returned, changed) for item in entry.items]
    return VerificationDesk(entry, tuple(_in_order(checks)), is_again)


def _check(
    entry: EntryDesk, item: EntryItem, row: Row, returned: Mapping[str, str],
    changed: Mapping[str, Mapping[str, str]],
) -> Check:  # fmt: skip
    return Check(
        item, decision_of(row), str(row.get("note") or ""), returned.get(item.key, ""), changed.get(item.key, {}),
        has_jumped(entry, item), item.typed.evidence,
    )  # fmt: skip


def decision_of(row: Row) -> str:
    """What a row of the verification says, as typed or stored."""
    said = str(row.get("accepted")).casefold()
    return ACCEPTED if said in ("true", "yes", "1") else RETURNED if said in ("false", "no", "0") else OPEN


def has_jumped(entry: EntryDesk, item: EntryItem) -> bool:
    """Whether a number lies further from the one of the period before than a third of that one (§13.3)."""
    row = entry.due.row(item.key)
    before = item.earlier[-1].value if item.earlier else None
    if row is None or not isinstance(before, Fraction):
        return False
    value = row_value(entry.due.rules, row, {"value": item.typed.value, "not_issued": item.typed.is_not_issued})
    return isinstance(value, Fraction) and abs(value - before) > abs(before) * JUMP


def _in_order(checks: Iterable[Check]) -> list[Check]:
    return sorted(checks, key=lambda one: not one.changed)


def pieces_of(checks: Collection[Check]) -> frozenset[int]:
    """Every piece of the register that rows name."""
    return frozenset(number for one in checks for number in one.evidence)
