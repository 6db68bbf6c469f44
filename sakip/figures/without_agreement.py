"""Units whose head has no agreement in force for the year.

figure: without_agreement
filters: {year: 2026}
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.counted import counted
from sakip.due_indicators import agreed
from sakip.figures import figure
from sakip.listing import Column, Item, Rows
from sakip.looking import Filters, Viewer


@figure(
    "without_agreement",
    Text("Belum menetapkan perjanjian kinerja", "Without an agreement in force"),
    lambda count: Text(
        f"{count} perangkat daerah belum menetapkan perjanjian kinerja",
        counted(count, "unit has no agreement in force", "units have no agreement in force"),
    ),
    (Column("unit", Text("Perangkat daerah", "Unit")), Column("head", Text("Pimpinan", "Head"))),
    how=Text(
        "Perangkat daerah yang pimpinannya belum mempunyai perjanjian kinerja berlaku untuk tahun ini.",
        "Units whose head has no agreement in force for this year.",
    ),
    empty=Text("Semua perangkat daerah sudah menetapkan perjanjian kinerja.", "Every unit has its agreement in force."),
    is_of_span=False,
)
def without_agreement(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a unit directly under the region, in the order of names."""
    having = {row.unit_id for row in agreed(session, viewer, filters)}
    below = None if filters.unit is None else viewer.below(filters.unit)
    rows = []
    for unit in viewer.units:
        if unit.id in having or (below is not None and unit.id not in below):
            continue
        places = viewer.organisation.places.get((unit.id, "head"), ())
        head = viewer.organisation.positions[places[0]].title if places else None
        rows.append(({"unit": unit.id}, Item({"unit": unit.name, "head": head}, ("unit", unit.key))))
    return Rows(rows)
