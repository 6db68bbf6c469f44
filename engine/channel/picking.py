"""What a reporter can pick where a question names something of the region: its units, never its people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.channel.model import Channel
from engine.definitions.model import Text
from engine.organisation.snapshot import UnitRow, organisation

Choice = tuple[str, Text]


def choices(session: Session, channel: Channel, now: datetime) -> Mapping[str, tuple[Choice, ...]]:
    """By field of type unit: (what to send, what to read) of the units there are that day, those of one above them
    together, in the order of their names."""
    fields = [key for key, field in channel.form.fields.items() if field.type == "unit"]
    if not fields:
        return {}
    units = organisation(session, channel.region_id).units
    today = now.astimezone(organisation(session, channel.region_id).timezone).date()
    there = sorted((unit for unit in units.values() if _is_there(unit, today)), key=lambda one: _place(one, units))
    listed = tuple((str(unit.id), Text(unit.name, unit.name)) for unit in there)
    return dict.fromkeys(fields, listed)


def _is_there(unit: UnitRow, today: date) -> bool:
    has_begun = unit.valid_from is None or unit.valid_from <= today
    return has_begun and (unit.valid_to is None or today <= unit.valid_to)


def _place(unit: UnitRow, units: Mapping[int, UnitRow]) -> tuple[str, ...]:
    return tuple(units[int(part)].name for part in unit.path.split("/") if part and int(part) in units)
