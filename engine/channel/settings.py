"""The door of a region as it stands now: its file, the form it publishes, and whether it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from ipaddress import ip_address

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.stored import definition_of
from engine.channel.files import settings_for
from engine.channel.first_step import first_task
from engine.channel.model import Channel, Settings
from engine.definitions.model import Definition, Text
from engine.disclosure.models import DisclosureRegion
from engine.errors import DefinitionError, NotFound
from engine.organisation.directory import snapshot
from engine.organisation.models import Region
from engine.organisation.regions import region_called
from engine.publishing import library

NOT_READY = Text(
    "Saluran ini belum siap menerima laporan. Silakan hubungi lembaga lain di bawah.",
    "This channel is not ready for reports yet. Please turn to one of the other bodies below.",
)


def channel(session: Session, region_key: str, now: datetime) -> Channel:
    """The region's door at this moment. Raises NotFound for a region without one: unknown, or nothing published."""
    region = region_called(session, region_key)
    settings = settings_for(region.key)
    today = snapshot(session, region.id, now).day(now)
    definition = definition_of(session, library.newest(session, region.id, settings.case_type, today))
    form_key, editable = first_task(definition)
    if not definition.is_sealed or form_key is None:
        raise NotFound("This region has no reporting channel.")
    keys = session.get(DisclosureRegion, region.id)
    found = Channel(
        region_id=region.id,
        region=region.key,
        region_name=region.name,
        timezone=region.timezone,
        settings=_fitting(settings, definition, editable),
        definition=definition,
        form=definition.forms[form_key],
        salt=b"" if keys is None else keys.salt,
        closed=_closed(settings, today) if keys is not None and keys.escrow_public else NOT_READY,
    )
    return replace(found, others=_others(session, found, today))


def _others(session: Session, main: Channel, today: date) -> dict[str, Channel]:
    """The doors of linked reports with a case type of their own, as far as the region has published it: somebody who is
    threatened gets through in any case, with the channel's own form where there is no other."""
    found = {}
    for kind, linked in main.settings.linked.items():
        if linked.case_type == main.settings.case_type:
            continue
        try:
            definition = definition_of(session, library.newest(session, main.region_id, linked.case_type, today))
        except (NotFound, DefinitionError):
            continue
        form_key, editable = first_task(definition)
        if definition.is_sealed and form_key is not None:
            own = replace(main.settings, case_type=linked.case_type, questions=linked.questions)
            fitting = _fitting(own, definition, editable)
            found[kind] = replace(main, settings=fitting, definition=definition, form=definition.forms[form_key])
    return found


def channels(session: Session, now: datetime) -> tuple[tuple[str, str], ...]:
    """The regions whose door was ever opened: (key, name), by name. One that has held no ceremony yet is not offered;
    one that is closed for some days is, as it says so and names other bodies."""
    found = []
    for region in session.scalars(select(Region).order_by(Region.name, Region.id)):
        try:
            one = channel(session, region.key, now)
        except (NotFound, DefinitionError):  # another region's mistake closes no door of its neighbours
            continue
        if one.closed != NOT_READY:
            found.append((region.key, region.name))
    return tuple(found)


def is_from_office(channel: Channel, address: str) -> bool:
    """Whether a visitor comes from the region's own network, for one more warning; asked, and forgotten."""
    try:
        found = ip_address(address.split("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in channel.settings.office_networks)


def _fitting(settings: Settings, definition: Definition, editable: frozenset[str]) -> Settings:
    """Pages ask only what the published form has: a file may be ahead of what is published, or behind."""
    asked = [
        replace(question, fields=tuple(key for key in question.fields if key in editable and key in definition.fields))
        for question in settings.questions
    ]
    shown = tuple(key for key in settings.shown_at_the_end if key in definition.fields)
    return replace(settings, questions=tuple(question for question in asked if question.fields), shown_at_the_end=shown)


def _closed(settings: Settings, today: date) -> Text | None:
    return next((each.text for each in settings.closings if each.starts_on <= today <= each.ends_on), None)
