"""Units whose report of a closed period is not there although its deadline has long passed.

figure: not_reporting
filters: {period: q1}
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, bindparam, select, text
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT, Measurement, Period
from sakip.counted import counted
from sakip.due_indicators import agreed, head_rows, head_values, is_narrowed
from sakip.facts.computing import INDICATOR
from sakip.facts.deadlines import last_day_to_enter
from sakip.facts.models import AgreementRow, RealisationRow, ResultRow
from sakip.figures import figure
from sakip.listing import DAY, Column, Item, Rows
from sakip.looking import Filters, Viewer
from sakip.reasons import NOT_DUE

# As its partial index says it, or SQLite does not use that.
IS_CURRENT = text("sakip_realisations.is_current")
_FILLED = select(RealisationRow.indicator_key).where(
    RealisationRow.region_id == bindparam("region"),
    RealisationRow.indicator_key.in_(bindparam("keys", expanding=True)), RealisationRow.year == bindparam("year"),
    RealisationRow.period == bindparam("period"), IS_CURRENT,
)  # fmt: skip
STALE_DAYS, DEFAULT_STALE_DAYS = "stale_days", 14


@figure(
    "not_reporting",
    Text("Belum melapor", "Not reporting"),
    lambda count: Text(
        f"{count} perangkat daerah belum melapor", counted(count, "unit has not reported", "units have not reported")
    ),
    (
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("period", Text("Periode", "Period")),
        Column("until", Text("Batas pengisian", "Deadline"), DAY),
    ),
    how=Text(
        "Perangkat daerah yang indikator pimpinannya diukur pada periode itu dan belum mengirim realisasi apa pun: "
        "periode terakhir yang tenggatnya lewat lebih dari jumlah hari di aturan pengukuran. Ini soal "
        "waktu, bukan nilai: capaian tidak berubah karenanya.",
        "Units with an agreement in force that have sent no realisation at all for the newest period whose deadline "
        "passed more days ago than the rules of measurement say. This is about time, not value: no "
        "achievement changes by it.",
    ),
    empty=Text("Semua perangkat daerah sudah melapor.", "Every unit has reported."),
    filters=("period",),
    governed_by=MEASUREMENT,
    parts=("periods", "parameters"),
    is_of_span=False,
)
def not_reporting(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a unit, in the order of names; ``period`` asks for another period that is as long over."""
    rules = viewer.configuration.measurement(filters.year)
    period = None if rules is None else _period(viewer, rules, filters)
    if rules is None or period is None:
        return Rows()
    missing = _without_any(session, viewer, filters, period.key)
    if missing:  # on most days nearly everybody has reported, and only of the others it matters whether they had to
        missing &= _that_had_to(session, viewer, filters, period.key, missing)
    until = deadline(viewer, period, filters.year)
    return Rows([
        ({"unit": unit.id}, Item({"unit": unit.name, "period": period.title, "until": until}, ("unit", unit.key)))
        for unit in viewer.units
        if unit.id in missing
    ])  # fmt: skip


def deadline(viewer: Viewer, period: Period, year: int) -> date:
    """The last day on which a period is to be filled in."""
    end = period.last_day(year)
    return end if period.entry_until is None else last_day_to_enter(end, period.entry_until, viewer.calendar)


def _period(viewer: Viewer, rules: Measurement, filters: Filters) -> Period | None:
    """The newest of the usual periods that is over for as long as the rules say, or the one asked for."""
    days = int(rules.head.parameters.get(STALE_DAYS, DEFAULT_STALE_DAYS))
    over = [
        one
        for one in viewer.book.usual_periods(filters.year)
        if deadline(viewer, one, filters.year) + timedelta(days=days) < viewer.today
    ]
    asked = filters.get("period")
    return next((one for one in reversed(over) if not asked or one.key == asked), None)


def _without_any(session: Session, viewer: Viewer, filters: Filters, period: str) -> set[int]:
    """The units with an agreement of whose indicators none was reported in the period.

    Of each unit one indicator is asked for first: whoever has reported mostly reported that one too."""
    shown = {unit.id for unit in viewer.units}
    keys: dict[int, set[str]] = {}
    for row in agreed(session, viewer, filters):
        if row.unit_id in shown:
            keys.setdefault(row.unit_id, set()).add(row.indicator_key)
    filled = _filled(session, viewer, filters.year, period, [min(of_unit) for of_unit in keys.values()])
    left = {unit: of_unit for unit, of_unit in keys.items() if not of_unit & filled}
    filled = _filled(session, viewer, filters.year, period, [key for of_unit in left.values() for key in of_unit])
    return {unit for unit, of_unit in left.items() if not of_unit & filled}


def _filled(session: Session, viewer: Viewer, year: int, period: str, keys: Sequence[str]) -> set[str]:
    """Those of some indicators for which something was reported in the period."""
    values = {"region": viewer.region_id, "year": year, "period": period, "keys": sorted(keys)}
    return set(session.connection().execute(_FILLED, values).scalars()) if keys else set()


def _that_had_to(
    session: Session, viewer: Viewer, filters: Filters, period: str, units: set[int]
) -> set[int | None]:  # fmt: skip
    """Those of some units with an indicator on their head's agreement that is measured in the period."""
    query = select(AgreementRow.unit_id).where(
        *head_rows(is_narrowed(viewer, filters)), AgreementRow.unit_id.in_(sorted(units)),
        ~_not_due(viewer, filters.year, period),
    )  # fmt: skip
    return set(session.execute(query.distinct(), head_values(viewer, filters)).scalars())


def _not_due(viewer: Viewer, year: int, period: str) -> ColumnElement[bool]:
    """The indicator is not measured in the period."""
    row = ResultRow
    return (
        select(row.id)
        .where(
            row.region_id == viewer.region_id, row.subject_kind == INDICATOR, row.subject == AgreementRow.indicator_key,
            row.figure == ACHIEVEMENT, row.year == year, row.span == period, row.reason == NOT_DUE,
        )
        .exists()
    )  # fmt: skip
