"""The small region with a rubric in force, and answers of a tier as if it had been left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from config import ROOT
from engine.database import Database
from engine.organisation.models import Unit
from engine.publishing.publish import publish
from engine.publishing.texts import gather
from engine.vocabulary import load
from sakip.answers import expand
from sakip.facts.models import ScoreRow
from sakip.facts.score_results import write_scores
from sakip.facts.scores import current_answers
from sakip.facts.sheets import sheet_of
from sakip.publish_folder import publish_folder
from tests.publishers import publishers
from tests.web.region import Regency

FOLDER = ROOT / "sakip_config"
AT_B = {  # existence at A, quality at B, use at C, and a weaker internal evaluation: 66.25
    "*.existence.*": "a", "*.quality.*": "b", "*.use.*": "c", "reporting.use.*": "b", "evaluation.existence.*": "b",
    "evaluation.quality.*": "c",
}  # fmt: skip


def publish_field(database: Database, now: datetime, folder: Path = FOLDER, region: int | None = None) -> None:
    """The field's files for all regions, or what a region has of its own."""
    with database.writing.begin() as session:
        publish_folder(session, folder, region=region, reason="Untuk pengujian", now=now, **publishers(session, region))


def publish_case_type(database: Database, case_type: str, now: datetime) -> None:
    """A shipped case type with all it needs, for all regions."""
    gathered, loaded = gather(ROOT / "workflows" / f"{case_type}.yaml", ROOT, ROOT / "delivery" / "templates", load())
    assert gathered is not None, loaded.problems
    with database.writing.begin() as session:
        publish(session, gathered.files, case_type, reason="Untuk pengujian", by=None, region=None, vocabulary=load(),
                now=now, prove=lambda _: ())  # fmt: skip


def unit_of(database: Database, key: str) -> int:
    with database.reading() as session:
        return session.scalars(select(Unit.id).where(Unit.key == key)).one()


def answered(
    database: Database, regency: Regency, unit: str, patterns: Mapping[str, Any], now: datetime,
    tier: str = "self", year: int = 2025,
) -> None:  # fmt: skip
    """A unit's tier as its case would have left it: every answer confirmed, its score written."""
    unit_id = unit_of(database, unit)
    with database.writing.begin() as session:
        sheet = sheet_of(session, regency.id, unit_id, year)
        for path, given in expand(sheet.sections, patterns).items():
            is_text = given is None or isinstance(given, str)
            row = ScoreRow(region_id=regency.id, unit_id=unit_id, year=year, tier=tier, path=path)
            row.answer = given if is_text else None
            row.evidence = {} if is_text else {"counted": list(given or ())}
            row.note, row.is_confirmed, row.case_id, row.seq, row.is_current = "", True, 1, 1, True
            session.add(row)
        session.flush()
        write_scores(session, sheet, current_answers(session, sheet), now)
