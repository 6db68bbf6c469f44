"""Agreements that are being made, by the step they wait at, as far as the viewer may see them.

figure: agreements
filters: {state: drafting}
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.reports.open_work import open_cases
from sakip.counted import counted
from sakip.cycle import AGREEMENTS
from sakip.figures import figure
from sakip.listing import Query
from sakip.looking import Filters, Viewer
from sakip.work_lines import CASES, cases


@figure(
    "agreements",
    Text("Perjanjian kinerja dalam proses", "Agreements being made"),
    lambda count: Text(
        f"{count} perjanjian kinerja dalam proses",
        counted(count, "agreement is being made", "agreements are being made"),
    ),
    CASES,
    how=Text(
        "Perjanjian kinerja yang masih mempunyai tugas terbuka, menurut langkahnya. Satu perjanjian dihitung sekali, "
        "juga bila beberapa pihak memeriksa bersamaan.",
        "Agreements with open tasks, by their step. Each counts once, also while several review it side by side.",
    ),
    empty=Text("Tidak ada perjanjian kinerja yang sedang diproses.", "No agreement is being made."),
    filters=("state",),
    is_of_span=False,
)
def agreements(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """One row an agreement with open tasks."""
    return cases(viewer, filters, open_cases(viewer.reader, AGREEMENTS))
