"""The rows a performance report proposes, and what is wrong with rows that come back (reference §3, §10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Text
from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from sakip.counted import counted
from sakip.facts.models import RealisationRow
from sakip.facts.published_reports import Subject, subject_said
from sakip.facts.realisations import VERIFIED
from sakip.reporting.lkjip_subject import Scene, scene_of

STAFF, OBJECTIVES = "staff", "objectives"  # what `part` may be
UNKNOWN_ROW, ROW_MISSING, TWICE = "unknown_row", "row_missing", "twice"
LONGEST = 4000  # signs a column takes

# UU 20/2023 knows civil servants and contract staff; who is neither stands by themselves.
KINDS_OF_STAFF = (("pns", "PNS"), ("pppk", "PPPK"), ("part_time", "PPPK paruh waktu"), ("other", "Pegawai lainnya"))
_TEXTS = {"drivers": "drivers", "obstacles": "obstacles", "remedies": "actions"}  # column -> field of a report
_FOREIGN = Text("Indikator ini tidak ada dalam laporan ini.", "This indicator is not in this report.")
_DOUBLE = Text("Indikator ini sudah ada di baris lain.", "This indicator stands in another row already.")


def lkjip_rows(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a ``part`` of the report: kinds of staff, or an indicator each with its first texts."""
    if values.get("part") == STAFF:
        return [{ROW_KEY: key, "kind": words} for key, words in KINDS_OF_STAFF]
    subject = _subject(session, region_id, context, values)
    if subject is None or values.get("part") != OBJECTIVES:
        return []
    scene = scene_of(session, subject)
    told = proposals(session, subject, scene.indicators)
    programmes = _programmes(scene)
    return [
        {
            ROW_KEY: indicator.key, "objective": objective.node.statement, "indicator": indicator.name,
            **told.get(indicator.key, {}), "settled": False,
            **({"programmes": programmes[objective.node.key]} if programmes.get(objective.node.key) else {}),
        }
        for objective in scene.objectives
        for indicator in objective.indicators
    ]  # fmt: skip


def proposals(session: Session, subject: Subject, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    """First texts of each indicator: what its reports of the year said, verified ones before others, period by period,
    each sentence once."""
    query = select(RealisationRow).where(
        RealisationRow.region_id == subject.region_id, RealisationRow.year == subject.year, RealisationRow.is_current,
        RealisationRow.indicator_key.in_(keys),
    )  # fmt: skip
    rows = sorted(session.scalars(query), key=lambda row: (row.state != VERIFIED, row.period))
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        texts = found.setdefault(row.indicator_key, {})
        for column, name in _TEXTS.items():
            said = str(getattr(row, name) or "").strip()
            if said and said not in texts.get(column, "").split("\n"):
                texts[column] = "\n".join(one for one in (texts.get(column, ""), said) if one)[:LONGEST]
    return found


def _programmes(scene: Scene) -> dict[str, str]:
    """The programmes under each objective in its own tree, a line each."""
    keys = [objective.node.key for objective in scene.objectives]
    return {key: "\n".join(one.statement for one in scene.tree.children(key))[:LONGEST] for key in keys}


def check_lkjip(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Any, is_final: bool
) -> Iterator[RowFault]:
    """What is wrong with the rows of a report: an indicator that is not in it, twice, or, when it is sent, missing."""
    subject = _subject(session, region_id, context, values)
    if subject is None or values.get("part") != OBJECTIVES:
        return
    wanted = dict.fromkeys(scene_of(session, subject).indicators)
    seen: set[str] = set()
    for place, row in enumerate(rows):
        key = str(row.get(ROW_KEY) or "")
        if key not in wanted:
            yield RowFault(place, "indicator", UNKNOWN_ROW, _FOREIGN)
        elif key in seen:
            yield RowFault(place, "indicator", TWICE, _DOUBLE)
        seen.add(key)
    missing = [key for key in wanted if key not in seen]
    if is_final and missing:
        count = len(missing)
        yield RowFault(
            None, "", ROW_MISSING,
            Text(
                f"{count} indikator belum ada barisnya; bila tahunnya diubah, buang berkas ini dan buka yang baru.",
                f"{counted(count, 'indicator has no row', 'indicators have no row')}; when the year was changed, "
                "discard this case and open another.",
            ),
        )  # fmt: skip


def _subject(session: Session, region_id: int, context: Context, values: Mapping[str, Any]) -> Subject | None:
    scope = context.scope
    if scope is None:
        return None
    unit = getattr(scope.unit, "id", scope.unit)
    return subject_said(session, region_id, None if unit is None else int(unit), values)
