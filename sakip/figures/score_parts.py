"""What a score is made of: the points of each sub-component, which add up to it.

figure: score_parts
filters: {source: self_assessment}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import EVALUATION
from sakip.counted import counted
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import Filters, Viewer
from sakip.predicates_of import Graded, graded
from sakip.tiers import INSPECTORATE


@figure(
    "score_parts",
    Text("Nilai per subkomponen", "Points by sub-component"),
    lambda count: Text(f"{count} subkomponen", counted(count, "sub-component", "sub-components")),
    (
        Column("part", Text("Subkomponen", "Sub-component")),
        Column("weight", Text("Bobot", "Weight"), NUMBER),
        Column("points", Text("Nilai", "Points"), NUMBER),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Nilai subkomponen adalah bobot dikali bagian yang dihitung; kerangka logis dapat membatasinya. Jumlahnya "
        "adalah nilai evaluasi sebelum dibulatkan.",
        "The points of a sub-component are its weight times its counted share; the logical framework may limit it. "
        "Their sum is the score before rounding.",
    ),
    empty=Text(
        "Belum ada nilai per subkomponen untuk sumber dan tahun ini.",
        "There are no points by sub-component for this source and year.",
    ),
    filters=("source",),
    governed_by=EVALUATION,
    parts=("components", "logical_framework"),
    is_of_span=False,
)
def score_parts(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a sub-component of one predicate (the Inspektorat's without a source), in the order of the rubric."""
    source = filters.get("source") or INSPECTORATE
    found = [one for one in graded(session, viewer, filters) if one.year == filters.year and one.source == source]
    return Rows() if not found else Rows(_lines(viewer, filters, found[0]))


def _lines(viewer: Viewer, filters: Filters, one: Graded) -> list[tuple[dict[str, Any], Item]]:
    rubric = viewer.configuration.evaluation(filters.year)
    told = one.details or {}
    points, sentences = told.get("sub_components", {}), told.get("sentences", {})
    rows = []
    for component in () if rubric is None else rubric.components.values():
        for sub in component.sub_components.values():
            if sub.path not in points:
                continue
            title = Text(f"{component.title.id}: {sub.title.id}", f"{component.title.en}: {sub.title.en}")
            said = sentences.get(sub.path)
            cells: dict[str, Any] = {
                "part": title, "weight": sub.weight, "points": Fraction(points[sub.path]),
                "state": None if said is None else Text(said["id"], said["en"]),
            }  # fmt: skip
            rows.append(({"path": sub.path}, Item(cells)))
    return rows
