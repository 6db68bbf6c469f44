"""The predicates of a subject: self-assessment, Inspektorat and KemenPANRB, of the last years, never mixed.

figure: predicates
filters: {source: ministry}
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.heads import EVALUATION
from sakip.counted import counted
from sakip.due_indicators import PROVISIONAL
from sakip.figures import figure
from sakip.listing import DAY, NUMBER, Column, Item, Rows
from sakip.looking import Filters, Viewer
from sakip.predicates_of import Graded, graded


@figure(
    "predicates",
    Text("Predikat SAKIP", "SAKIP predicates"),
    lambda count: Text(f"{count} predikat", counted(count, "predicate", "predicates")),
    (
        Column("year", Text("Tahun kinerja", "Performance year")),
        Column("source", Text("Menurut", "By")),
        Column("score", Text("Nilai", "Score"), NUMBER),
        Column("predicate", Text("Predikat", "Predicate")),
        Column("on", Text("Tanggal", "Date"), DAY),
        Column("state", Text("Keterangan", "Note")),
    ),
    how=Text(
        "Nilai tiap tahap dihitung dari jawaban lembar kerja dan dibulatkan sekali, lalu dimasukkan ke predikat. "
        "Tiga sumber tidak pernah dicampur. Angka KemenPANRB diketik dari suratnya. Jarak ke predikat berikut adalah "
        "angka tercetak terkecil yang mencapainya.",
        "The score of each tier comes from the answers of the worksheet, is rounded once and put into its predicate. "
        "The three sources are never mixed. KemenPANRB's is typed from its letter. The way to the next predicate is "
        "the smallest printable number that reaches it.",
    ),
    empty=Text(
        "Belum ada predikat. Predikat muncul setelah tahap pertama evaluasi dikunci, atau hasil KemenPANRB dicatat.",
        "There is no predicate yet. It appears once the first tier is locked or KemenPANRB's result is written down.",
    ),
    filters=("source",),
    governed_by=EVALUATION,
    parts=("predicate", "rounding", "result", "logical_framework"),
    is_of_span=False,
)
def predicates(session: Session, viewer: Viewer, filters: Filters) -> Rows:
    """One row a year and source, the newest first."""
    found = graded(session, viewer, filters)
    asked = filters.get("source")
    return Rows([({"source": one.source}, _line(one)) for one in found if not asked or one.source == asked])


def _line(one: Graded) -> Item:
    cells: dict[str, Any] = {
        "year": str(one.year), "source": one.title, "score": None if one.score is None else Fraction(one.score),
        "predicate": one.predicate, "on": one.on,
        "state": one.reason or (PROVISIONAL if one.is_provisional else None) or one.letter or None,
    }  # fmt: skip
    leads_to = ("parts", (one.year, one.source)) if one.details and one.reason is None else None
    return Item(cells, leads_to, one.tone)
