"""What a reporter types about themselves, and what of it is still missing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.channel.model import Channel
from engine.definitions.model import Text
from engine.disclosure.declared import ANONYMOUS, OPEN, ROOM, identity_text

LONGEST = 300  # characters of one field
_TOO_LONG = Text(f"Paling panjang {LONGEST} huruf.", f"At most {LONGEST} characters.")
_TOO_MUCH = Text("Terlalu banyak. Persingkat isinya.", "That is too much. Please shorten it.")


def read_identity(channel: Channel, typed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Text]]:
    """The identity's fields as typed, and what is wrong with them (key ``identity.<field>``)."""
    found: dict[str, str] = {}
    faults: dict[str, Text] = {}
    for one in channel.settings.identity_fields:
        value = " ".join(str(typed.get(one.key, "")).split())
        if len(value) > LONGEST:
            faults[f"identity.{one.key}"] = _TOO_LONG
        elif value:
            found[one.key] = value
    if not faults and len(identity_text(OPEN, found).encode()) > ROOM:
        faults[f"identity.{next(iter(found))}"] = _TOO_MUCH
    return found, faults


def missing_identity(channel: Channel, way: str | None, identity: Mapping[str, str]) -> dict[str, Text]:
    """Required fields of the identity that are not filled in, unless the report is anonymous or no way was chosen."""
    if way in (None, "", ANONYMOUS):
        return {}
    return {
        f"identity.{one.key}": Text(f"{one.title.id}: wajib diisi.", f"{one.title.en}: must be filled in.")
        for one in channel.settings.identity_fields
        if one.is_required and not identity.get(one.key)
    }
