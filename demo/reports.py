"""The demonstration's reports from outside: sent and handled by the functions of the pages, in the last weeks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from delivery.cleaning.clean import clean
from demo.keys import Pairs
from demo.moments import moment
from engine.cases.fire import fire
from engine.cases.identity_release import ask
from engine.cases.writing_to_reporter import write_to_reporter
from engine.changes import Refusal
from engine.channel import drafting, sending, talking
from engine.channel.keys import CaseRef, DraftRef
from engine.channel.model import EVIDENCE, Channel
from engine.channel.receipts import FreshReceipt, cost_today
from engine.channel.settings import channel
from engine.disclosure import receipt as codes
from engine.disclosure.keyring import Keyring, hold, officer
from engine.disclosure.vault import Vault
from engine.errors import InvalidInput
from engine.facts import REPORTER, Command
from engine.organisation.accounts import person_called
from engine.organisation.models import Unit

FILE = Path(__file__).with_name("reports.yaml")
SIZE = (640, 420)  # pixels of a picture


@dataclass(frozen=True, slots=True)
class Report:
    """One report: its region and what the file says of it."""

    region: str
    written: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """Its code and where it stands, as ``make run`` prints it."""
        return f"{self.written['code']}  {self.written['stands']}"


@dataclass(frozen=True, slots=True)
class _Way:
    """What the steps of one report need."""

    session: Session
    door: Channel
    case: CaseRef
    pairs: Pairs


def all_reports() -> Iterator[Report]:
    """The reports of both regions."""
    for region, reports in yaml.safe_load(FILE.read_text(encoding="utf-8")).items():
        for each in reports:
            yield Report(region, each)


def tell(session: Session, report: Report, settings: Settings, pairs: Pairs, now: datetime) -> int:
    """Send one report and take its steps, with the officers' ``pairs``. Returns the case's id; raises InvalidInput when
    something is refused."""
    door = channel(session, report.region, now)
    zone = ZoneInfo(door.timezone)
    way = _Way(session, door, _send(session, door, report, settings, moment(now, zone, report.written["ago"])), pairs)
    for step in report.written.get("steps", ()):
        at = moment(now, zone, step["ago"])
        refusal = _outside(way, step, at) if step["as"] == REPORTER else _inside(way, step, at)
        if isinstance(refusal, Refusal):
            told = f"{refusal.code} {refusal.sentence.en} {refusal.faults}"
            raise InvalidInput(f"{report.written['code']}: {step['as']} {step.get('do', '')}: {told}")
    hold(session, None)
    return way.case.case_id


def _send(session: Session, door: Channel, report: Report, settings: Settings, at: datetime) -> CaseRef:
    written = report.written
    typed = codes.normalised(written["code"])
    if typed is None:
        raise InvalidInput(f"{written['code']} is no receipt")
    derived = codes.derived(typed, door.salt, settings.pepper, cost=cost_today())
    ref = drafting.new_draft(session, door, at)
    _kept(drafting.save_draft(session, ref, door, at, way=written["way"]))
    if "identity" in written:
        _kept(drafting.save_draft(session, ref, door, at, identity=written["identity"]))
    for question in drafting.visible_questions(drafting.read_draft(session, ref), door):
        if question.kind == EVIDENCE and "photo" in written:
            _attach(session, ref, door, written["photo"], Vault(settings.sealed_dir), at)
        elif question.kind != EVIDENCE:
            told = {key: written["answers"][key] for key in question.fields if key in written["answers"]}
            _kept(drafting.save_draft(session, ref, door, at, question=question.key, answers=told))
    sent = sending.send(session, ref, door, FreshReceipt(typed, derived.lookup.hex(), derived.key), at)
    if isinstance(sent, Refusal):
        raise InvalidInput(f"{written['code']}: {sent.code} {sent.sentence.en} {sent.faults}")
    return sent.case


def _kept(outcome: drafting.Draft | drafting.Faults) -> None:
    if isinstance(outcome, drafting.Faults):
        raise InvalidInput("; ".join(f"{key}: {said.en}" for key, said in outcome.by_field.items()))


def _attach(session: Session, ref: DraftRef, door: Channel, words: str, vault: Vault, at: datetime) -> None:
    received = drafting.take_in(door, io.BytesIO(_picture(words)), "foto.jpg", vault, clean)
    if isinstance(received, drafting.Unfit):
        raise InvalidInput(received.reason.en)
    drafting.attach_to_draft(session, ref, door, received, vault, at)


def _picture(words: str) -> bytes:
    """A sheet of paper with these lines on it, as a photo would show it."""
    picture, out = Image.new("RGB", SIZE, "#8c8577"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 50, SIZE[0] - 90, SIZE[1] - 50), fill="#f6f1e3", outline="#5e584c", width=2)
    for number, line in enumerate(words.split(" / ")):
        draw.text((130, 110 + 70 * number), line, fill="#2b2b33", font_size=34)
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _outside(way: _Way, step: Mapping[str, Any], at: datetime) -> Refusal | None:
    if "says" in step:
        if talking.say(way.session, way.case, way.door, step["says"], at) is not None:
            raise InvalidInput(step["says"])
        return None
    return talking.act(way.session, way.case, way.door, step["do"], at, comment=step.get("comment", ""))


def _inside(way: _Way, step: Mapping[str, Any], at: datetime) -> Refusal | None:
    session, case_id = way.session, way.case.case_id
    person = person_called(session, step["as"]).id
    hold(session, Keyring(officer(person), way.pairs[person]))
    if "says" in step:
        return write_to_reporter(session, case_id, person, step["says"], at)
    if "asks_who" in step:
        return ask(session, case_id, person, step["asks_who"], at)
    assign = {
        role: tuple(person_called(session, name).id for name in names) for role, names in step.get("assign", {}).items()
    }
    answers = dict(_answers(way, step.get("with", {})))
    outcome = fire(
        session, case_id, Command(step["do"], person, comment=step.get("comment", ""), answers=answers, assign=assign),
        now=at,
    )  # fmt: skip
    return outcome if isinstance(outcome, Refusal) else None


def _answers(way: _Way, written: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """People and units stand in the file by their keys."""
    for key, value in written.items():
        if key == "reported_person":
            yield key, person_called(way.session, value).id
        elif key == "unit":
            query = select(Unit.id).where(Unit.region_id == way.door.region_id, Unit.key == value)
            yield key, way.session.scalars(query).one()
        else:
            yield key, value
