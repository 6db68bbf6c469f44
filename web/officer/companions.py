"""What is known of a chosen person, put into the questions beside it: ``first_party`` fills ``first_party_name``.

A person field's companions are the text fields of its name with ``_name``, ``_nip``, ``_rank`` or ``_position``. Only
empty ones are filled, and those that still hold what the person chosen before had put there; all can be changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.model import Field
from engine.organisation.models import Holder, Person, Position

KNOWN = ("name", "nip", "rank", "position")


def has_companions(key: str, fields: Mapping[str, Field]) -> bool:
    """Whether choosing a person here fills other questions."""
    return fields[key].type == "person" and any(f"{key}_{known}" in fields for known in KNOWN)


def fill_companions(
    session: Session, region_id: int, fields: Mapping[str, Field], before: Mapping[str, Any], raw: dict[str, Any]
) -> None:
    """Fill the companions of every person chosen anew; ``before`` is how the answers stood."""
    for key in fields:
        if not has_companions(key, fields) or raw.get(key) == before.get(key):
            continue
        chosen, former = (_known(session, region_id, answers.get(key)) for answers in (raw, before))
        for known in KNOWN:
            companion = f"{key}_{known}"
            if companion in fields and raw.get(companion) in (None, "", former.get(known)):
                raw[companion] = chosen.get(known, "")


def _known(session: Session, region_id: int, person: Any) -> dict[str, str]:
    if not str(person or "").isdecimal():
        return {}
    query = (
        select(Person.name, Person.nip, Person.rank, Position.title)
        .join(Holder, Holder.person_id == Person.id, isouter=True)
        .join(Position, Position.id == Holder.position_id, isouter=True)
        .where(Person.id == int(person), Person.region_id == region_id)
        .order_by(Holder.kind != "definitif", Holder.id)
    )
    row = session.execute(query.limit(1)).one_or_none()
    return {} if row is None else {known: str(value or "") for known, value in zip(KNOWN, row, strict=True)}
