"""A report that came by letter, at the desk or by telephone, written down by who receives reports; without a draft."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, g, render_template, request
from flask_babel import gettext as _

from engine.cases import drafts
from engine.changes import FieldFault, Refusal
from engine.channel.first_step import first_task
from engine.channel.intake import ROADS, Report, may_write_down, write_down
from engine.channel.model import Channel
from engine.channel.receipts import fresh_receipt
from engine.channel.settings import channel
from engine.disclosure.declared import ANONYMOUS, CONFIDENTIAL, OPEN
from engine.errors import NotFound
from engine.facts import CaseFacts, CaseState
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from web.form_sections import summary
from web.forms import identity as anchor
from web.installation import here
from web.language import language, words
from web.officer.desk import Desk
from web.posted import plain, read_posted
from web.protection import signed_in
from web.transaction import db, now

bp = Blueprint("intake", __name__)

PLACE = "/intake"
LATER = frozenset(("file", "files", "table"))  # files are added on the case's page, which opens next


@bp.get(PLACE)
@signed_in
def fill_in() -> str:
    """The empty page."""
    return _page(_channel(), {}, secrets.token_hex(16))


@bp.post(PLACE)
@signed_in
def send() -> Any:
    """The case opens, and the receipt is shown: this once. Nothing of it is kept as a draft."""
    with here().database.reading() as session:
        door = channel(session, _region_key(session), now())
        if not may_write_down(session, door, g.person.id, now()):
            raise NotFound("There is no such page.")
    fresh = fresh_receipt(door, here().settings.pepper)  # slow: before this request writes anything
    door = _channel()
    desk = _desk(door)
    desk.raw = read_posted(request.form.items(multi=True), {key: desk.form.fields[key] for key in desk.editable})
    report = Report(
        request.form.get("came_by", ""), request.form.get("way", ""),
        {one.key: request.form.get(f"identity.{one.key}", "") for one in door.settings.identity_fields},
        desk.answers, request.form.get("once", ""),
    )  # fmt: skip
    outcome = write_down(db(), door, g.person.id, report, fresh, now())
    if isinstance(outcome, Refusal):
        db().rollback()
        return _page(door, desk.raw, report.once, report, outcome), 422
    return render_template("officer/intake_receipt.html", report=outcome, address=here().settings.report_url)


def may_use() -> bool:
    """Whether this person receives reports: what the page *New case* asks."""
    try:
        _channel()
    except NotFound:
        return False
    return True


def _channel() -> Channel:
    """The region's channel, for who receives its reports. Raises NotFound for others."""
    found = channel(db(), _region_key(db()), now())
    if not may_write_down(db(), found, g.person.id, now()):
        raise NotFound("There is no such page.")
    return found


def _region_key(session: Any) -> str:
    return str(session.get_one(Region, g.person.region_id).key)


def _desk(door: Channel) -> Desk:
    """The questions of the channel on one page, with those of the first step that only officers answer."""
    directory = snapshot(db(), door.region_id, now())
    facts = CaseFacts(
        door.definition.case_type, None, "", door.region, None, None, now(), 0, CaseState(), {}, now(), directory
    )
    editable = first_task(door.definition)[1]
    asked = frozenset(key for key, one in door.form.fields.items() if key in editable and one.type not in LATER)
    return Desk(
        drafts.of_new(door.definition.case_type), door.definition, door.form, facts, asked, asked, "intake.fill_in", {},
        "", PLACE, "",
    )  # fmt: skip


def _page(
    door: Channel, raw: Mapping[str, Any], once: str, typed: Report | None = None, refusal: Refusal | None = None
) -> str:
    desk = _desk(door)
    empty = {key: desk.form.fields[key] for key in desk.editable}
    desk.raw = {key: plain(one.default) if one.default is not None else desk.boxes.typed(one, None)
                for key, one in empty.items()} | dict(raw)  # fmt: skip
    reading = desk.read()
    faults: Sequence[FieldFault] = refusal.faults if refusal is not None else ()
    own = {fault.path: words(fault.message) for fault in faults}
    told: list[tuple[str, str]] = []
    if refusal is not None:
        order = own_questions(door)
        mine = sorted((fault for fault in faults if fault.path in order), key=lambda fault: order.index(fault.path))
        told = [(anchor(fault.path), words(fault.message)) for fault in mine]
        told += summary([fault for fault in faults if fault.path not in order], desk.form, desk.raw, language())
        told = told or [("", words(refusal.sentence))]
    groups = [
        (words(section.title), desk.groups(section, reading, refusal is not None)) for section in desk.sections(reading)
    ]
    return render_template(
        "officer/intake.html", channel=door, roads=road_words(), groups=groups, once=once, typed=typed, own=own,
        faults=told, has_errors=bool(told), effects=way_effects(),
    )  # fmt: skip


def way_effects() -> dict[str, str]:
    """What each way of reporting means, to the officer who writes it down."""
    said = {
        ANONYMOUS: _("No name is written down. The receipt is the only link."),
        CONFIDENTIAL: _("The name is locked away, apart from the report. A custodian decides whether it is opened."),
        OPEN: _("Everybody who handles the report can read the name."),
    }
    return {way: str(told) for way, told in said.items()}


def own_questions(door: Channel) -> tuple[str, ...]:
    """What the page asks before the form, in its order."""
    return ("came_by", "way", *(f"identity.{one.key}" for one in door.settings.identity_fields))


def road_words() -> dict[str, str]:
    """How a report can come."""
    said = {"letter": _("Letter"), "desk": _("Front desk"), "telephone": _("Telephone"), "box": _("Complaint box"),
            "forwarded": _("Forwarded by another body")}  # fmt: skip
    return {road: str(said[road]) for road in ROADS}
