"""The rows of an annex when they come back: a link to the tree leads to what is the first party's line (§4.5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.field_types.question import Context
from engine.field_types.sources import RowFault
from engine.field_types.table import ROW_KEY
from engine.organisation.models import Position, Unit
from sakip.standing import today_in
from sakip.tree.annex_rows import link_of, positions_held
from sakip.tree.check_words import words_of
from sakip.tree.proposals import NOT_YOURS
from sakip.tree.versions import versions_at


def check_annex(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any], rows: Sequence[Mapping[str, Any]],
    is_final: bool,
) -> Iterator[RowFault]:  # fmt: skip
    """Goals whose indicators are linked to the tree of a unit that is neither the case's, nor the first party's, nor
    one of those above."""
    del is_final
    links = {link for goal in rows for row in goal.get("indicators") or () if (link := link_of(row.get(ROW_KEY)))}
    if not links:
        return
    today = None if context.scope is None else context.scope.today
    day = today or today_in(session, region_id)
    line = _line(session, region_id, values, day)
    versions = versions_at(session, region_id, links, day.year, day)
    for place, goal in enumerate(rows):
        linked = {link_of(row.get(ROW_KEY)) for row in goal.get("indicators") or ()}
        units = {versions[link].unit_id for link in linked if link is not None and link in versions}
        if units - line - {None}:
            yield RowFault(place, "", NOT_YOURS, words_of(NOT_YOURS))


def _line(session: Session, region_id: int, values: Mapping[str, Any], day: date) -> set[int | None]:
    units = [] if values.get("unit") is None else [int(values["unit"])]
    if values.get("first_party") is not None:
        seats = positions_held(session, region_id, int(values["first_party"]), day)
        units += session.scalars(select(Position.unit_id).where(Position.id.in_(seats)))
    paths = session.scalars(select(Unit.path).where(Unit.region_id == region_id, Unit.id.in_(units)))
    return {int(one) for path in paths for one in path.split("/") if one}
