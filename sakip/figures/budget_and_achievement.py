"""What of the budget was spent beside what was achieved, indicator by indicator; nothing is called by a name.

figure: budget_and_achievement
filters: {placed: "no"}
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, case
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import Measurement
from sakip.due_indicators import PROVISIONAL, due
from sakip.facts.budget import PROGRAMME, Budgets, absorption
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import Stored, from_stored
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import BUREAU, HEAD, SECRETARY, UNIT, Filters, Viewer
from sakip.reasons import Reason
from sakip.tree.models import IndicatorRow

YES, NO = "yes", "no"


@figure(
    "budget_and_achievement",
    Text("Anggaran dan capaian", "Budget and achievement"),
    lambda count: Text(
        f"{count} indikator dengan serapan anggaran dan capaiannya",
        f"{count} indicators with what was spent and achieved",
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
    kept = Filters(filters.year, filters.span, filters.unit, {"key": filters.get("key")})
    found = session.execute(_narrow(due(viewer, kept))).all()
    if rules is None or not found:
        return Rows()
    money = Budgets(session, viewer.region_id, filters.year, kind=PROGRAMME)
    rows = []
    for row in sorted(found, key=lambda one: (one.place, one.name, one.subject)):
        values, item = _line(viewer, filters, rules, money, row)
        if all(not filters.get(name) or filters.get(name) == values[name] for name in ("placed", "reason")):
            rows.append((values, item))
    return Rows(rows)


def _narrow(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Only what a line says: there are hundreds, and the details of a number are megabytes that nobody reads here."""
    told = case((ResultRow.reason.is_not(None), ResultRow.details))
    names = ("subject", "unit_id", "name", "place", "numerator", "denominator", "reason", "because", "is_provisional")
    columns = [query.selected_columns[name] for name in names]
    return query.with_only_columns(*columns, told.label("details"), IndicatorRow.node_key)


def _achieved(row: Any) -> Fraction | Reason:
    if not row.reason:
        return Fraction(int(row.numerator or 0), int(row.denominator or 1))
    stored = Stored(None, None, None, None, None, row.reason, row.because, bool(row.is_provisional), row.details or {})
    found = from_stored(stored)
    assert isinstance(found, Reason)
    return found


def _line(
    viewer: Viewer, filters: Filters, rules: Measurement, money: Budgets, row: Any
) -> tuple[Mapping[str, Any], Item]:
    """One indicator: its two numbers, or the first reason why one of them is missing."""
    programmes = () if row.node_key is None else money.of_node(row.node_key, filters.span)
    achieved, spent = _achieved(row), absorption(programmes)
    cells: dict[str, Any] = {"indicator": row.name, "unit": viewer.unit_name(row.unit_id)}
    if programmes:
        cells["budget"] = sum(one.budget for one in programmes)
    if not isinstance(spent, Reason):
        cells["absorption"] = rules.rounding.rounded(spent)
    if not isinstance(achieved, Reason):
        cells["achievement"] = rules.rounding.rounded(achieved)
    missing = next((one for one in (achieved, spent) if isinstance(one, Reason)), None)
    is_provisional = bool(row.is_provisional) or any(one.is_unverified for one in programmes)
    cells["state"] = missing.sentence if missing is not None else PROVISIONAL if is_provisional else None
    values = {"placed": NO if missing else YES, "reason": "" if missing is None else missing.code}
    return values, Item(cells, ("indicator", row.subject))
