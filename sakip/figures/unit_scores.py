"""The predicate of each unit in a year: self-assessment and the result over the tiers, in the order of names.

figure: unit_scores
filters: {year: 2025}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.heads import EVALUATION
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL
from sakip.facts.models import ResultRow
from sakip.facts.score_results import RESULT, SCORE, is_withheld
from sakip.figures import figure
from sakip.listing import NUMBER, Column, Item, Rows
from sakip.looking import BUREAU, INSPECTORATE, Filters, Viewer
from sakip.predicates_of import UNIT
from sakip.reasons import short

NOT_YET = Text("belum dinilai", "not scored yet")


@figure(
    "unit_scores",
    Text("Nilai evaluasi per perangkat daerah", "Scores by unit"),
    lambda count: Text(f"Nilai evaluasi {count} perangkat daerah", f"Scores of {counted(count, 'unit', 'units')}"),
    (
        Column("unit", Text("Perangkat daerah", "Unit")),
        Column("score", Text("Nilai", "Score"), NUMBER),
        Column("predicate", Text("Predikat", "Predicate")),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Hasil evaluasi tiap perangkat daerah menurut tahap yang menentukan hasil. Urut nama, tidak diperingkat. "
        "Tahap yang belum ada tidak pernah dihitung nol.",
        "The result of the evaluation of each unit by the tiers that make the result. In the order of names, never "
        "ranked. A missing tier is never a zero.",
    ),
    empty=Text("Belum ada perangkat daerah.", "There are no units yet."),
    governed_by=EVALUATION,
    parts=("predicate", "result", "tiers"),
    roles=(BUREAU, INSPECTORATE),
    is_of_span=False,
)
def unit_scores(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a unit."""
    rows = session.scalars(
        select(ResultRow).where(
            ResultRow.region_id == viewer.region_id, ResultRow.figure == SCORE, ResultRow.year == filters.year,
            ResultRow.span == RESULT, ResultRow.subject_kind == UNIT,
            ResultRow.subject.in_([unit.key for unit in viewer.units]),
        )
    )  # fmt: skip
    rubric = viewer.configuration.evaluation(filters.year)
    found = {
        row.subject: row for row in rows
        if rubric is None or not (is_withheld(rubric, row) and viewer.belongs_to(row.unit_id))
    }  # fmt: skip
    below = None if filters.unit is None else viewer.below(filters.unit)
    return Rows([
        ({"unit": unit.id}, Item({"unit": unit.name, **_cells(rubric, found.get(unit.key))}, ("unit", unit.key)))
        for unit in viewer.units
        if below is None or unit.id in below
    ])  # fmt: skip


def _cells(rubric: Evaluation | None, row: ResultRow | None) -> dict[str, Any]:
    if row is None:
        return {"state": NOT_YET}
    if row.reason is not None:
        return {"state": short(row.reason)}
    titles = {} if rubric is None else {one.key: one.title for one in rubric.predicate.rows}
    return {
        "score": Fraction(row.shown or "0"), "predicate": titles.get(row.band or "") or row.band,
        "state": PROVISIONAL if row.is_provisional else None,
    }  # fmt: skip
