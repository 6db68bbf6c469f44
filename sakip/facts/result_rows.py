"""Results as rows: written when they differ, never once frozen; read by pages (reference §11)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from engine.database import driver_moments, json_text
from engine.sessions import dialect_name, driver_cursor
from sakip.configuration.measurement import ACHIEVEMENT, EFFICIENCY
from sakip.facts.asking import asked, parts
from sakip.facts.computing import Line
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import Stored, to_stored

AT_ONCE = 1_000  # rows a statement: what waits to be sent fits between the driver and the server
_SAME = ("numerator", "denominator", "shown", "band", "tone", "reason", "because", "is_provisional", "details")
_COLUMNS = ("unit_id", "subject_kind", "subject", "span", *_SAME, "digest")
_ARRAYS = ("bigint", "text", "text", "text", *(["text"] * 7), "boolean", "text", "text")
_FIXED = ("region_id", "year", "figure", "computed_at")
_INTO = f"INSERT INTO sakip_results ({', '.join((*_FIXED, *_COLUMNS))}) "
_DIFFERS = (
    f"({', '.join(f'sakip_results.{name}' for name in _SAME)})"
    f" {{differs}} ({', '.join(f'excluded.{name}' for name in _SAME)})"
)
_CONFLICT = (
    " ON CONFLICT (region_id, figure, year, span, subject_kind, subject) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("unit_id", *_SAME, "digest"))
    + f", computed_at = CASE WHEN {_DIFFERS} OR sakip_results.unit_id {{differs}} excluded.unit_id"
    + " THEN excluded.computed_at ELSE sakip_results.computed_at END"
    + f" WHERE sakip_results.frozen_at IS NULL AND ({_DIFFERS} OR sakip_results.digest <> excluded.digest"
    + " OR sakip_results.unit_id {differs} excluded.unit_id)"
)
_READ = (
    "SELECT subject, span, numerator, denominator, shown, band, tone, reason, because, is_provisional, details"
    " FROM sakip_results WHERE region_id = ? AND figure = ? AND year = ? AND subject_kind = ?"
)
_PLACES = (
    "SELECT id, subject, span FROM sakip_results"
    " WHERE region_id = ? AND figure = ? AND year = ? AND subject_kind = ? AND frozen_at IS NULL"
)


def write_lines(
    session: Session, region_id: int, year: int, lines: Sequence[Line], now: datetime, figure: str = ACHIEVEMENT
) -> None:
    """Put results into their rows. One that is the same keeps the moment it was computed at; a frozen one stays."""
    session.flush()
    to_driver, _ = driver_moments(dialect_name(session))
    fixed = (region_id, year, figure, to_driver(now))
    with driver_cursor(session) as cursor:
        if dialect_name(session) == "sqlite":
            marks = ", ".join("?" * (len(_FIXED) + len(_COLUMNS)))
            text = f"{_INTO}VALUES ({marks})" + _CONFLICT.format(differs="IS NOT")
            cursor.executemany(text, (fixed + _columns(line) for line in lines))
            return
        arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(_ARRAYS, len(_FIXED) + 1))
        text = f"{_INTO}SELECT $1::bigint, $2::integer, $3::text, $4::timestamptz, given.* FROM unnest({arrays}) given"
        text += _CONFLICT.format(differs="IS DISTINCT FROM")
        with cursor.connection.pipeline():  # the server writes one part while the next is made
            for start in range(0, len(lines), AT_ONCE):
                part = [_columns(line) for line in lines[start : start + AT_ONCE]]
                cursor.execute(text, (*fixed, *(list(column) for column in zip(*part, strict=True))))


def _columns(line: Line) -> tuple[Any, ...]:
    more = {} if line.total is None else {"counted": line.counted, "total": line.total}
    stored = to_stored(line.result, more)
    return (
        line.unit,
        line.kind,
        line.subject,
        line.span,
        stored.numerator,
        stored.denominator,
        stored.shown,
        stored.band,
        stored.tone,
        stored.reason,
        stored.because,
        stored.is_provisional,
        json_text(stored.details),
        line.digest,
    )


def drop_others(
    session: Session, region_id: int, year: int, kind: str, subjects: Sequence[str] | None, kept: Iterable[Line]
) -> None:
    """Take away what no longer applies: rows of these subjects (None: all of the kind) that are not among ``kept``.
    Frozen ones stay."""
    places = {(line.subject, line.span) for line in kept if line.kind == kind}
    rows = asked(session, _PLACES, "", (region_id, ACHIEVEMENT, year, kind), subjects, "subject")
    gone = [row for row, subject, span in rows if (subject, span) not in places]
    for ids in parts(gone):
        session.execute(delete(ResultRow).where(ResultRow.id.in_(ids)))


def stored_results(
    session: Session, region_id: int, year: int, kind: str, subjects: Sequence[str] | None
) -> dict[tuple[str, str], Stored]:
    """What stands in the rows of these subjects (None: all of the kind), by (subject, span)."""
    found = {}
    for row in asked(session, _READ, "", (region_id, ACHIEVEMENT, year, kind), subjects, "subject"):
        subject, span, numerator, denominator, shown, band, tone, reason, because, is_provisional, details = row
        found[(subject, span)] = Stored(
            numerator, denominator, shown, band, tone, reason, because, bool(is_provisional), orjson.loads(details)
        )
    return found


def published_places(session: Session, region_id: int, year: int, kind: str) -> list[tuple[str, str]]:
    """The (subject, span) of results of a kind that a publication froze."""
    query = select(ResultRow.subject, ResultRow.span).where(
        ResultRow.region_id == region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year,
        ResultRow.subject_kind == kind, ResultRow.frozen_at.is_not(None),
    )  # fmt: skip
    return [(subject, span) for subject, span in session.execute(query)]


def newest_year(session: Session, region_id: int) -> int | None:
    """The latest fiscal year a region has results of, None where it has none."""
    query = select(func.max(ResultRow.year)).where(ResultRow.region_id == region_id, ResultRow.figure == ACHIEVEMENT)
    return session.scalar(query)


def has_results(session: Session, region_id: int, year: int) -> bool:
    """Whether anything was computed for a fiscal year of a region."""
    query = select(ResultRow.id).where(
        ResultRow.region_id == region_id, ResultRow.figure == ACHIEVEMENT, ResultRow.year == year
    )
    return session.scalar(query.limit(1)) is not None


def results_of(
    session: Session, region_id: int, unit_id: int | None, year: int, span: str, kind: str | None = None
) -> Sequence[ResultRow]:
    """The results of a unit (None: of the region itself) over a span, by kind of subject and key."""
    query = select(ResultRow).where(
        ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.span == span,
        ResultRow.unit_id.is_(None) if unit_id is None else ResultRow.unit_id == unit_id,
        ResultRow.figure == ACHIEVEMENT,
    )  # fmt: skip
    if kind is not None:
        query = query.where(ResultRow.subject_kind == kind)
    return session.scalars(query.order_by(ResultRow.subject_kind, ResultRow.subject)).all()


def freeze(
    session: Session, region_id: int, unit_id: int | None, year: int, now: datetime, figure: str = ACHIEVEMENT
) -> int:
    """Keep the results of a unit (None: of the region itself) and year as they stand: they were published; what is said
    of achievement keeps its efficiency beside it. Returns how many were frozen now."""
    session.flush()
    figures = (ACHIEVEMENT, EFFICIENCY) if figure == ACHIEVEMENT else (figure,)
    frozen = session.execute(
        update(ResultRow)
        .where(
            ResultRow.region_id == region_id, ResultRow.year == year, ResultRow.figure.in_(figures),
            ResultRow.unit_id.is_(None) if unit_id is None else ResultRow.unit_id == unit_id,
            ResultRow.frozen_at.is_(None),
        )
        .values(frozen_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return int(frozen.rowcount)  # type: ignore[attr-defined]
