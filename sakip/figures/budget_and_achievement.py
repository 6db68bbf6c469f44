"""What of the budget was spent beside what was achieved, indicator by indicator; nothing is called by a name.

figure: budget_and_achievement
filters: {placed: "no"}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import Measurement
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL, due
from sakip.facts.budget import PROGRAMME, Budgets, ProgrammeBudget, absorption
from sakip.facts.stored_results import Stored, from_stored
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import BUREAU, HEAD, SECRETARY, UNIT, Filters, Viewer
from sakip.reasons import Reason

YES, NO = "yes", "no"


@figure(
    "budget_and_achievement",
    Text("Anggaran dan capaian", "Budget and achievement"),
    lambda count: Text(
        f"{count} indikator dengan serapan anggaran dan capaiannya",
        counted(count, "indicator with what was spent and achieved", "indicators with what was spent and achieved"),
    ),
    (
        Column("indicator", Text("Indikator", "Indicator")),
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("budget", Text("Anggaran program (Rp)", "Budget of programmes (Rp)"), NUMBER),
        Column("absorption", Text("Serapan (%)", "Spent (%)"), NUMBER),
        Column("achievement", Text("Capaian (%)", "Achievement (%)"), NUMBER),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Setiap indikator jatuh tempo dari perjanjian kepala daerah dan kepala perangkat daerah, dengan serapan semua "
        "program yang mendukung sasarannya: yang dibelanjakan sejak awal tahun dibagi anggaran setahun yang berlaku "
        "pada hari terakhir rentang. Yang salah satu angkanya belum ada tidak digambar dan didaftar dengan alasannya. "
        "Tidak ada yang dinilai dari letak titiknya.",
        "Every due indicator of the agreements of the head of region and of unit heads, with what was spent of all the "
        "programmes that serve its goal: spending since new year divided by the budget of the year in force on the "
        "last day of the span. One that lacks either number is not drawn and listed with its reason. Nothing is "
        "judged by where a dot lies.",
    ),
    empty=Text(
        "Belum ada indikator yang diukur. Anggaran datang dari perjanjian kinerja, serapannya dari laporan pengukuran.",
        "No indicator is measured yet. Budgets come from agreements, spending from measurement reports.",
    ),
    filters=("placed", "reason", "key"),
    governed_by=MEASUREMENT,
    parts=("limits", "rounding", "complete", "methods"),
    roles=(HEAD, SECRETARY, BUREAU, UNIT),
)
def budget_and_achievement(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """Every due indicator once, regional key indicators first; the filter ``placed`` keeps those that are drawn, or
    the others."""
    rules = viewer.configuration.measurement(filters.year)
    found = due(session, viewer, filters.narrowed(reason=""))
    if rules is None or not found:
        return Rows()
    money = _Money(Budgets(session, viewer.region_id, filters.year, kind=PROGRAMME), filters.span)
    rows = []
    for row in found:
        values, drawn = _values(money, row)
        if all(not filters.get(name) or filters.get(name) == values[name] for name in ("placed", "reason")):
            rows.append((values, drawn))
    return Rows(rows, lambda _, shown: [_line(viewer, rules, one) for one in shown])


class _Money:
    """The programmes behind goals and what was spent of them, each computed once: indicators share goals, goals share
    programmes."""

    def __init__(self, budgets: Budgets, span: str) -> None:
        self._budgets, self._span = budgets, span
        self._spent: dict[tuple[Any, ...], Fraction | Reason] = {}

    def behind(self, node: str | None) -> tuple[Sequence[ProgrammeBudget], Fraction | Reason]:
        """The programmes of a goal, and how much of their budgets was spent in percent, or why nobody knows."""
        programmes = () if node is None else self._budgets.of_node(node, self._span)
        key = tuple([(one.unit_id, one.key) for one in programmes])
        if key not in self._spent:
            self._spent[key] = absorption(programmes)
        return programmes, self._spent[key]


@dataclass(frozen=True, slots=True)
class _Placed:
    """An indicator with its two numbers, or the reasons why they are missing; ``missing`` is the first of these."""

    row: Any
    programmes: Sequence[ProgrammeBudget]
    spent: Fraction | Reason
    achieved: Fraction | Reason
    missing: Reason | None


def _achieved(row: Any) -> Fraction | Reason:
    if not row.reason:
        return Fraction(int(row.numerator or 0), int(row.denominator or 1))
    stored = Stored(None, None, None, None, None, row.reason, row.because, bool(row.is_provisional), row.details or {})
    found = from_stored(stored)
    assert isinstance(found, Reason)
    return found


def _values(money: _Money, row: Any) -> tuple[Mapping[str, Any], _Placed]:
    programmes, spent = money.behind(row.node_key)
    achieved = _achieved(row)
    missing = achieved if isinstance(achieved, Reason) else spent if isinstance(spent, Reason) else None
    values = {"placed": YES if missing is None else NO, "reason": "" if missing is None else missing.code}
    return values, _Placed(row, programmes, spent, achieved, missing)


def _line(viewer: Viewer, rules: Measurement, placed: _Placed) -> Item:
    """One indicator: its two numbers, or why one of them is missing."""
    row, programmes = placed.row, placed.programmes
    cells: dict[str, Any] = {"indicator": row.name, "unit": viewer.unit_name(row.unit_id)}
    if programmes:
        cells["budget"] = sum(one.budget for one in programmes)
    if not isinstance(placed.spent, Reason):
        cells["absorption"] = rules.rounding.rounded(placed.spent)
    if not isinstance(placed.achieved, Reason):
        cells["achievement"] = rules.rounding.rounded(placed.achieved)
    missing = placed.missing
    is_provisional = bool(row.is_provisional) or any(one.is_unverified for one in programmes)
    cells["state"] = missing.sentence if missing is not None else PROVISIONAL if is_provisional else None
    return Item(cells, ("indicator", row.subject))
