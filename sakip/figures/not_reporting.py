"""Units whose report of a closed period is not there although its deadline has long passed.

figure: not_reporting
filters: {period: q1}
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import Measurement, Period
from sakip.due_indicators import head_rows
from sakip.facts.models import AgreementRow, RealisationRow
from sakip.figures import figure
from sakip.listing import DAY, Column, Item, Rows
from sakip.looking import Filters, Viewer

STALE_DAYS, DEFAULT_STALE_DAYS = "stale_days", 14


@figure(
    "not_reporting",
    Text("Belum melapor", "Not reporting"),
    lambda count: Text(f"{count} perangkat daerah belum melapor", f"{count} units have not reported"),
    (
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("period", Text("Periode", "Period")),
        Column("until", Text("Batas pengisian", "Deadline"), DAY),
    ),
    how=Text(
        "Perangkat daerah dengan perjanjian berlaku yang belum mengirim realisasi apa pun untuk periode terakhir yang "
        "tenggatnya lewat lebih dari jumlah hari di aturan pengukuran (stale_days). Ini soal waktu, bukan nilai: "
        "capaian tidak berubah karenanya.",
        "Units with an agreement in force that have sent no realisation at all for the newest period whose deadline "
        "passed more days ago than the rules of measurement say (stale_days). This is about time, not value: no "
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
    agreed = set(session.scalars(select(AgreementRow.unit_id).where(*head_rows(viewer, filters)).distinct()))
    reported = _reported(session, viewer, filters.year, period.key, agreed)
    until = deadline(viewer, period, filters.year)
    return Rows([
        ({"unit": unit.id}, Item({"unit": unit.name, "period": period.title, "until": until}, ("unit", unit.key)))
        for unit in viewer.units
        if unit.id in agreed and unit.id not in reported
    ])  # fmt: skip


def deadline(viewer: Viewer, period: Period, year: int) -> date:
    """The last day on which a period is to be filled in."""
    end = period.last_day(year)
    if period.entry_until is None:
        return end
    noon = datetime.combine(end, time(12), viewer.organisation.timezone).astimezone(UTC)
    return viewer.calendar.add(noon, period.entry_until).astimezone(viewer.organisation.timezone).date()


def _period(viewer: Viewer, rules: Measurement, filters: Filters) -> Period | None:
    """The newest of the usual periods that is over for as long as the rules say, or the one asked for."""
    usual = rules.periods.get(rules.default_periods)
    days = int(rules.head.parameters.get(STALE_DAYS, DEFAULT_STALE_DAYS))
    over = [
        one
        for one in (() if usual is None else usual.items.values())
        if deadline(viewer, one, filters.year) + timedelta(days=days) < viewer.today
    ]
    asked = filters.get("period")
    return next((one for one in reversed(over) if not asked or one.key == asked), None)


def _reported(session: Session, viewer: Viewer, year: int, period: str, agreed: set[int | None]) -> set[int]:
    """Those of these units of which anything was reported for a period: asked one by one, which stops at the first."""
    found = set()
    for unit_id in agreed:
        if unit_id is None:
            continue
        query = select(RealisationRow.id).where(
            RealisationRow.region_id == viewer.region_id, RealisationRow.year == year,
            RealisationRow.unit_id == unit_id, RealisationRow.period == period, RealisationRow.is_current,
        )  # fmt: skip
        if session.scalar(query.limit(1)) is not None:
            found.add(unit_id)
    return found
