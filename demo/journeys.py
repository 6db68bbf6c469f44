"""The demonstration's agreements on their way: the same functions as everybody's, at moments of the last weeks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy.orm import Session

from config import ROOT
from demo.people import written
from engine.cases.escalate import run_due_timers
from engine.cases.fire import fire
from engine.cases.open import open_case
from engine.changes import Refusal
from engine.errors import InvalidInput
from engine.facts import Command
from engine.organisation.accounts import person_called
from sakip.import_agreement import CASE_TYPE, Imported, import_agreement

FILE = Path(__file__).with_name("journeys.yaml")
REGION = "kab_contoh"
WORKER = "demonstration"


def all_journeys() -> list[Mapping[str, Any]]:
    """What the file says of each agreement."""
    journeys: list[Mapping[str, Any]] = _file()["journeys"]
    return journeys


def travel(session: Session, journey: Mapping[str, Any], now: datetime) -> str:
    """Open one agreement and take its steps. Returns its number; raises InvalidInput when a step is refused."""
    opened_at = _moment(now, journey["opened"])
    case_id, number = _open(session, journey, opened_at)
    for step in journey["steps"]:
        at = _moment(now, step["ago"])
        run_due_timers(session, at, WORKER, 1000)
        answers = _file()["goals"][step["goals"]] if "goals" in step else {}
        actor = person_called(session, step["as"])
        command = Command(step["do"], actor.id, comment=step.get("comment", ""), answers=answers)
        outcome = fire(session, case_id, command, now=at)
        if isinstance(outcome, Refusal):
            raise InvalidInput(
                f"{number}: {step['as']} {step['do']}: {outcome.code} {outcome.sentence.en} {outcome.faults}"
            )
    return number


def _open(session: Session, journey: Mapping[str, Any], at: datetime) -> tuple[int, str]:
    person = person_called(session, journey["by"])
    if "import" in journey:
        imported = import_agreement(
            session, ROOT / journey["import"], region_id=person.region_id, person_id=person.id, now=at
        )
        if not isinstance(imported, Imported):
            raise InvalidInput("; ".join(f"{one.line}: {one.path}: {one.message.en}" for one in imported))
        return imported.case_id, imported.number
    opened = open_case(
        session,
        region_id=person.region_id,
        case_type=CASE_TYPE,
        person_id=person.id,
        answers=_answers(session, journey, at),
        now=at,
    )
    if isinstance(opened, Refusal):
        raise InvalidInput(f"{journey['by']}: {opened.code} {opened.sentence.en} {opened.faults}")
    return opened.case_id, opened.number


def _answers(session: Session, journey: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    first, second = journey["by"], journey["second"]
    return {
        "period": at.year,
        "level": "individual",
        "stage": "original",
        **_party(session, "first_party", first),
        **_party(session, "second_party", second),
        "place": written()[REGION]["settings"]["seat"],
        "document_on": at.date().isoformat(),
        **_file()["goals"][journey["goals"]],
    }


def _party(session: Session, prefix: str, key: str) -> dict[str, Any]:
    region = written()[REGION]
    person = region["people"][key]
    position = next(one["position"] for one in region["holders"] if one["person"] == key)
    return {
        prefix: person_called(session, key).id,
        f"{prefix}_name": person["name"],
        f"{prefix}_nip": person.get("nip"),
        f"{prefix}_rank": person.get("rank"),
        f"{prefix}_capacity": "definitive",
        f"{prefix}_position": region["positions"][position]["title"],
    }


def _file() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def _moment(now: datetime, ago: list[Any]) -> datetime:
    """``[working days ago, "HH:MM"]`` in the region's zone; weekends are not counted."""
    zone = ZoneInfo(written()[REGION]["timezone"])
    day = now.astimezone(zone).date()
    left = int(ago[0])
    while left or day.weekday() > 4:
        day -= timedelta(days=1)
        left -= day.weekday() < 5
        left = max(left, 0)
    return min(datetime.combine(day, time.fromisoformat(ago[1]), zone), now)
