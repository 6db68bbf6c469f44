"""Decisions that are waited for: open tasks in which somebody decides on the work of others.

figure: approvals_waiting
filters: {state: bureau_review}
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.reports.open_work import approvals
from sakip.counted import counted
from sakip.figures import figure
from sakip.listing import Query
from sakip.looking import Filters, Viewer
from sakip.work_lines import TASKS, tasks, types_of


@figure(
    "approvals_waiting",
    Text("Persetujuan menunggu", "Approvals waiting"),
    lambda count: Text(f"{count} persetujuan menunggu", counted(count, "approval is waiting", "approvals are waiting")),
    TASKS,
    how=Text(
        "Tugas terbuka pada langkah yang memutus pekerjaan orang lain: menyetujui, menandatangani, atau mengembalikan. "
        "Median dan 9 dari 10 dihitung dari hari kerja yang sudah dilalui tugas yang masih menunggu; di bawah lima "
        "tugas tidak ditampilkan.",
        "Open tasks at steps that decide on the work of others: approve, sign or send back. Median and 9 of 10 are of "
        "the working days the tasks still waiting have waited; with fewer than five tasks they are not shown.",
    ),
    empty=Text("Tidak ada persetujuan yang menunggu.", "No approval is waiting."),
    filters=("type", "state"),
    is_of_span=False,
)
def approvals_waiting(session: Session, viewer: Viewer, filters: Filters) -> Query:
    """Open tasks at approvals and at steps that may send back."""
    return tasks(viewer, filters, approvals(session, viewer.reader, types_of(viewer)))
