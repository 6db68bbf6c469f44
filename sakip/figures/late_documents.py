"""Documents of the cycle whose deadline has passed: open tasks past due, as far as the viewer may see their cases.

figure: late_documents
filters: {type: performance_agreement}
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.reports.open_work import open_tasks
from sakip.counted import counted
from sakip.figures import figure
from sakip.listing import Query
from sakip.looking import Filters, Viewer
from sakip.work_lines import TASKS, tasks, types_of


@figure(
    "late_documents",
    Text("Dokumen lewat batas", "Late documents"),
    lambda count: Text(f"{count} dokumen lewat batas", counted(count, "document is late", "documents are late")),
    TASKS,
    how=Text(
        "Tugas terbuka dalam dokumen SAKIP yang batas waktunya sudah lewat. Hanya dokumen yang boleh Anda lihat yang "
        "dihitung. Keterlambatan tidak pernah masuk ke angka kinerja.",
        "Open tasks in documents of the performance cycle whose deadline has passed. Only documents you may see are "
        "counted. Lateness never enters a performance number.",
    ),
    empty=Text("Tidak ada dokumen yang lewat batas.", "No document is late."),
    filters=("type", "state"),
    is_of_span=False,
)
def late_documents(session: Session, viewer: Viewer, filters: Filters) -> Query:  # noqa: ARG001
    """Open tasks whose deadline is before this moment."""
    rows = open_tasks(viewer.reader, types_of(viewer)).subquery()
    return tasks(viewer, filters, select(rows).where(rows.c.due_key < int(viewer.now.timestamp())))
