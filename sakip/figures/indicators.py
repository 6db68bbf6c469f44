"""Indicators of unit heads' agreements that are due over a span, by band or by the reason why there is no number.

figure: indicators
filters: {band: reached}
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import MEASUREMENT
from sakip.counted import counted
from sakip.due_indicators import COLUMNS, due_list
from sakip.figures import figure
from sakip.listing import Rows
from sakip.looking import Filters, Viewer


@figure(
    "indicators",
    Text("Indikator menurut capaian", "Indicators by achievement"),
    lambda count: Text(
        f"{count} indikator jatuh tempo diukur", counted(count, "indicator is due", "indicators are due")
    ),
    COLUMNS,
    how=Text(
        "Indikator dari perjanjian kepala daerah dan kepala perangkat daerah yang berlaku, yang diukur pada rentang "
        "ini. Setiap indikator masuk satu kategori menurut capaiannya. Yang belum dapat dihitung tidak dihitung nol; "
        "alasannya disebut.",
        "Indicators of the agreements in force of the head of region and of unit heads that are measured over this "
        "span. Each stands in one band by its achievement. What cannot be computed never counts as zero; the reason "
        "is told.",
    ),
    empty=Text(
        "Belum ada hasil. Hasil muncul setelah perjanjian kinerja berlaku dan realisasi periode dilaporkan.",
        "There are no results yet. They appear once agreements are in force and the period's realisations reported.",
    ),
    filters=("band", "tone", "reason", "key"),
    governed_by=MEASUREMENT,
    parts=("bands", "limits", "rounding", "applies", "complete", "methods", "aggregates"),
)
def indicators(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """Every due indicator once, regional key indicators first."""
    return due_list(session, viewer, filters)
