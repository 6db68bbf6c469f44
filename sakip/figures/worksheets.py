"""Worksheets of the evaluation that are being answered, by the step that is their tier.

figure: worksheets
filters: {state: self_assessment}
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.reports.open_work import open_cases
from sakip.configuration.heads import EVALUATION
from sakip.counted import counted
from sakip.cycle import evaluations_of
from sakip.figures import figure
from sakip.listing import Query
from sakip.looking import Filters, Viewer
from sakip.work_lines import CASES, cases


@figure(
    "worksheets",
    Text("Lembar kerja evaluasi", "Worksheets"),
    lambda count: Text(
        f"{count} lembar kerja sedang diisi",
        counted(count, "worksheet is being answered", "worksheets are being answered"),
    ),
    CASES,
    how=Text(
        "Lembar kerja evaluasi yang masih mempunyai tugas terbuka, menurut tahapnya. Masa tiap tahap tertulis di "
        "berkas rubrik.",
        "Worksheets of the evaluation with open tasks, by their tier. The window of each tier stands in the rubric.",
    ),
    empty=Text("Tidak ada lembar kerja yang sedang diisi.", "No worksheet is being answered."),
    filters=("state",),
    governed_by=EVALUATION,
    parts=("tiers",),
    is_of_span=False,
)
def worksheets(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """One row a worksheet with open tasks."""
    return cases(viewer, filters, open_cases(viewer.reader, evaluations_of(viewer.configuration)))
