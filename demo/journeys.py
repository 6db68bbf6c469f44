"""The demonstration's agreements on their way: the same functions as everybody's, at moments of the last weeks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from sqlalchemy.orm import Session

from config import ROOT
from demo.moments import moment
from demo.people import written
from engine.cases.escalate import run_due_timers
from engine.cases.fire import fire
from engine.cases.open import open_case
from engine.changes import Refusal
from engine.errors import InvalidInput, NotFound
from engine.facts import Command
from engine.organisation.accounts import person_called
from sakip.import_agreement import CASE_TYPE, Imported, import_agreement

FILE = Path(__file__).with_name("journeys.yaml")
REGIONAL = Path(__file__).with_name("regional_journeys.yaml")
REGION = "kab_contoh"
WORKER = "demonstration"


@dataclass(frozen=True, slots=True)
class Journey:
    """One agreement: what its file says of it, in whose region, with which goals to choose from.

    ``account`` turns a key of the file into a user name; ``cases`` are the ids of agreements that were named.
    """

    written: Mapping[str, Any]
    region: Mapping[str, Any]
    goals: Mapping[str, Any]
    prefix: str = ""
    cases: dict[str, int] = field(default_factory=dict)

    def account(self, key: str) -> str:
        """The user name of somebody in the file."""
        return self.prefix + key


def all_journeys() -> Iterator[Journey]:
    """Kabupaten Contoh's agreements, then those of the nine regions."""
    regions = written()
    own = _read(FILE)
    for journey in own["journeys"]:
        yield Journey(journey, regions[REGION], own["goals"])
    others = _read(REGIONAL)
    goals = others.pop("goals")
    for key, journeys in others.items():
        cases: dict[str, int] = {}
        for journey in journeys:
            yield Journey(journey, regions[key], goals, f"{regions[key]['short']}_", cases)


def travel(session: Session, journey: Journey, now: datetime) -> str:
    """Open one agreement and take its steps. Returns its number; raises InvalidInput when a step is refused."""
    zone = ZoneInfo(journey.region["timezone"])
    opened_at = moment(now, zone, journey.written["opened"])
    case_id, number = _open(session, journey, opened_at)
    if "case" in journey.written:
        journey.cases[journey.written["case"]] = case_id
    for step in journey.written["steps"]:
        at = moment(now, zone, step["ago"])
        run_due_timers(session, at, WORKER, 1000)
        answers = journey.goals[step["goals"]] if "goals" in step else {}
        actor = person_called(session, journey.account(step["as"]))
        command = Command(step["do"], actor.id, comment=step.get("comment", ""), answers=answers)
        try:
            outcome = fire(session, case_id, command, now=at)
        except NotFound as hidden:
            raise InvalidInput(f"{number}: {step['as']} does not even see it, so cannot {step['do']}") from hidden
        if isinstance(outcome, Refusal):
            raise InvalidInput(
                f"{number}: {step['as']} {step['do']}: {outcome.code} {outcome.sentence.en} {outcome.faults}"
            )
    return number


def _open(session: Session, journey: Journey, at: datetime) -> tuple[int, str]:
    by, said = journey.account(journey.written["by"]), journey.written
    person = person_called(session, by)
    if "import" in said:
        imported = import_agreement(
            session, ROOT / said["import"], region_id=person.region_id, person_id=person.id, now=at
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
        raise InvalidInput(f"{by}: {opened.code} {opened.sentence.en} {opened.faults}")
    return opened.case_id, opened.number


def _answers(session: Session, journey: Journey, at: datetime) -> dict[str, Any]:
    said = journey.written
    second = _party(session, "second_party", journey, said["second"]) if "second" in said else {}
    goals: dict[str, Any] = _resolved(journey.goals[said["goals"]], journey.cases)
    if "budget_basis_on" in goals:
        goals["budget_basis_on"] = (at.date() + timedelta(days=goals["budget_basis_on"])).isoformat()
    return {
        "period": at.year,
        "level": said.get("level", "individual"),
        "stage": "original",
        **_party(session, "first_party", journey, said.get("first", said["by"])),
        **second,
        "place": journey.region["settings"]["seat"],
        "document_on": at.date().isoformat(),
        **goals,
    }


def _resolved(value: Any, cases: Mapping[str, int]) -> Any:
    """``value`` with the ids of named agreements for ``@name``."""
    if isinstance(value, dict):
        return {key: _resolved(each, cases) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, cases) for each in value]
    return cases[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def _party(session: Session, prefix: str, journey: Journey, key: str) -> dict[str, Any]:
    region, account = journey.region, journey.account(key)
    person = region["people"][account]
    position = next(one["position"] for one in region["holders"] if one["person"] == account)
    return {
        prefix: person_called(session, account).id,
        f"{prefix}_name": person["name"],
        f"{prefix}_nip": person.get("nip"),
        f"{prefix}_rank": person.get("rank"),
        f"{prefix}_capacity": "definitive",
        f"{prefix}_position": region["positions"][position]["title"],
    }


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read
