"""Units whose report of a closed period is not there although its deadline has long passed.

figure: not_reporting
filters: {period: q1}
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.configuration.measurement import ACHIEVEMENT, Measurement, Period
from sakip.counted import counted
from sakip.due_indicators import agreed, head_rows
from sakip.facts.computing import INDICATOR
from sakip.facts.models import AgreementRow, RealisationRow, ResultRow
from sakip.figures import figure
from sakip.listing import DAY, Column, Item, Rows
from sakip.looking import Filters, Viewer
from sakip.reasons import NOT_DUE

# As its partial index says it, or SQLite does not use that.
IS_CURRENT = text("sakip_realisations.is_current")
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
        "periode terakhir yang tenggatnya lewat lebih dari jumlah hari di aturan pengukuran (stale_days). Ini soal "
        "waktu, bukan nilai: capaian tidak berubah karenanya.",
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
    agreeing = {row.unit_id for row in agreed(session, viewer, filters)}
    missing = {unit.id for unit in viewer.units if unit.id in agreeing}
    missing -= _units(session, viewer, filters, _filled(viewer, filters.year, period.key))
    if missing:  # on most days nearly everybody has reported, and only of the others it matters whether they had to
        is_due = ~_not_due(viewer, filters.year, period.key)
        missing &= _units(session, viewer, filters, AgreementRow.unit_id.in_(sorted(missing)), is_due)
    until = deadline(viewer, period, filters.year)
    return Rows([
        ({"unit": unit.id}, Item({"unit": unit.name, "period": period.title, "until": until}, ("unit", unit.key)))
        for unit in viewer.units
        if unit.id in missing
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


def _units(session: Session, viewer: Viewer, filters: Filters, *wanted: ColumnElement[bool]) -> set[int | None]:
    """The units with a row on their head's agreement for which something holds."""
    return set(session.scalars(select(AgreementRow.unit_id).where(*head_rows(viewer, filters), *wanted).distinct()))


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


def _filled(viewer: Viewer, year: int, period: str) -> ColumnElement[bool]:
    """Something was reported for the indicator in the period."""
    row = RealisationRow
    return (
        select(row.id)
        .where(
            row.region_id == viewer.region_id, row.indicator_key == AgreementRow.indicator_key, row.year == year,
            row.period == period, IS_CURRENT,
        )
        .exists()
    )  # fmt: skip
