"""What of the budget was spent beside what was achieved, indicator by indicator; nothing is called by a name.

figure: budget_and_achievement
filters: {placed: "no"}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL, due
from sakip.exact import exact_sum
from sakip.facts.budget import PROGRAMME, Budgets, ProgrammeBudget, absorption
from sakip.facts.stored_results import Stored, from_stored
from sakip.facts.stored_values import number_from_text
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import BUREAU, HEAD, SECRETARY, UNIT, Filters, Viewer
from sakip.reasons import Reason
from sakip.rounding import Rounding

YES, NO = "yes", "no"
DRAWN = {"placed": YES, "reason": ""}


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
    money = _Money(Budgets(session, viewer.region_id, filters.year, kind=PROGRAMME), filters.span, rules.rounding)
    rows = []
    for row in found:
        spending = money.behind(row.node_key)
        missing = _unknown(row) if row.reason else spending.share if isinstance(spending.share, Reason) else None
        rows.append((DRAWN if missing is None else {"placed": NO, "reason": missing.code}, (row, spending, missing)))
    for name in ("placed", "reason"):
        value = filters.get(name)
        if value:
            rows = [one for one in rows if one[0][name] == value]
    return Rows(rows, lambda _, shown: [_line(viewer, *one) for one in shown])


@dataclass(frozen=True, slots=True)
class _Spending:
    """The programmes behind a goal: their budgets together (None without any), and how much of it was spent in rounded
    percent, or why nobody knows."""

    budget: Fraction | None
    share: Fraction | Reason
    is_unverified: bool


class _Money:
    """What was spent behind goals, computed once for the same programmes: goals share them, and indicators share
    goals."""

    def __init__(self, budgets: Budgets, span: str, rounding: Rounding) -> None:
        self._budgets, self._span, self._rounding = budgets, span, rounding
        self._at_node: dict[str | None, _Spending] = {}
        self._known: dict[tuple[int, ...], _Spending] = {}  # by their places in memory: ``budgets`` keeps them

    def behind(self, node: str | None) -> _Spending:
        """The spending behind a goal; None is an indicator without one."""
        known = self._at_node.get(node)
        if known is None:
            programmes = () if node is None else self._budgets.of_node(node, self._span)
            key = tuple(map(id, programmes))
            if key not in self._known:
                self._known[key] = self._of(programmes)
            known = self._at_node[node] = self._known[key]
        return known

    def _of(self, programmes: Sequence[ProgrammeBudget]) -> _Spending:
        share = absorption(programmes)
        return _Spending(
            exact_sum([one.budget for one in programmes]) if programmes else None,
            share if isinstance(share, Reason) else self._rounding.rounded(share),
            any(one.is_unverified for one in programmes),
        )  # fmt: skip


def _unknown(row: Any) -> Reason:
    stored = Stored(None, None, None, None, None, row.reason, row.because, bool(row.is_provisional), row.details or {})
    found = from_stored(stored)
    assert isinstance(found, Reason)
    return found


def _line(viewer: Viewer, row: Any, spending: _Spending, missing: Reason | None) -> Item:
    """One indicator: its two numbers, or why one of them is missing."""
    cells: dict[str, Any] = {"indicator": row.name, "unit": viewer.unit_name(row.unit_id)}
    if spending.budget is not None:
        cells["budget"] = spending.budget
    if not isinstance(spending.share, Reason):
        cells["absorption"] = spending.share
    if not row.reason:
        cells["achievement"] = number_from_text(row.shown)
    is_provisional = bool(row.is_provisional) or spending.is_unverified
    cells["state"] = missing.sentence if missing is not None else PROVISIONAL if is_provisional else None
    return Item(cells, ("indicator", row.subject))
