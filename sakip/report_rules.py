"""What a measurement report needs before it is sent: evidence and explanations of each row (reference §5.14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.definitions.model import Text
from sakip.configuration.measurement import Measurement
from sakip.judged import Achievement, Result

FIELD_INVALID = "field_invalid"
EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a report: key, result of its period, whether it is answered by "belum terbit", how many pieces of
    evidence are attached, and what is explained by field (drivers, obstacles, actions)."""

    key: str
    result: Result
    is_not_issued: bool
    evidence: int
    texts: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What a row still lacks: its key, the field, the sentence. The code is always ``field_invalid``."""

    row: str
    field: str
    message: Text
    code: str = FIELD_INVALID


def check_rows(rules: Measurement, rows: Sequence[Row]) -> list[RowProblem]:
    """Everything the rows lack, in their order. A row answered by "belum terbit" has nothing to prove or explain."""
    return [problem for row in rows if not row.is_not_issued for problem in _of_row(rules, row)]


def _of_row(rules: Measurement, row: Row) -> list[RowProblem]:
    found = []
    least = rules.evidence.minimum
    if row.evidence < least:
        said = Text(f"Bukti kurang: {row.evidence} dari {least}.", f"Too little evidence: {row.evidence} of {least}.")
        found.append(RowProblem(row.key, EVIDENCE, said))
    asks = isinstance(row.result, Achievement) and row.result.band.key in rules.explanations.required_when
    if asks and isinstance(row.result, Achievement):
        title = row.result.band.title or Text(row.result.band.key, row.result.band.key)
        said = Text(f"Wajib dijelaskan. Kategori: {title.id}.", f"Has to be explained. Category: {title.en}.")
        found.extend(
            RowProblem(row.key, field, said)
            for field in rules.explanations.fields
            if not (row.texts.get(field) or "").strip()
        )
    return found
