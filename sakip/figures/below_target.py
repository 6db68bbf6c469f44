"""Due indicators of unit heads' agreements that lie in a band of tone ``bad``; regional key indicators first.

figure: below_target
filters: {key: "yes"}
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

BAD = "bad"


@figure(
    "below_target",
    Text("Indikator di bawah target", "Indicators below target"),
    lambda count: Text(
        f"{count} indikator di bawah target", counted(count, "indicator is below target", "indicators are below target")
    ),
    COLUMNS,
    how=Text(
        "Indikator jatuh tempo dari perjanjian kepala daerah dan kepala perangkat daerah yang capaiannya berada pada "
        "kategori merah menurut kategori yang berlaku pada hari terakhir rentang. Yang belum dapat dihitung tidak "
        "termasuk.",
        "Due indicators of the agreements of the head of region and of unit heads whose achievement lies in a red "
        "band, by the bands in force on the last day of the span. What cannot be computed is not among them.",
    ),
    empty=Text("Tidak ada indikator di bawah target pada rentang ini.", "No indicator is below target over this span."),
    filters=("band", "key"),
    governed_by=MEASUREMENT,
    parts=("bands", "limits", "rounding", "applies", "complete", "methods"),
)
def below_target(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """Due indicators in a band of tone bad."""
    return due_list(session, viewer, filters.narrowed(tone=BAD))
