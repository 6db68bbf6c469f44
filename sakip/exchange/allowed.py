"""Who may bring files in from a page: Bagian Organisasi everything, who works in a unit the realisations of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.snapshot import UnitRow
from sakip.exchange import realisations
from sakip.exchange.agreements import AGREEMENT
from sakip.exchange.bringing import KINDS
from sakip.looking import BUREAU, HEAD, SECRETARY, UNIT, Viewer, usual_year, viewer_of


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person may bring in. ``units`` are those they may choose; one of them they must where ``is_whole`` is
    not. ``kinds`` are the kinds of file."""

    region_id: int
    is_whole: bool
    units: tuple[UnitRow, ...]
    kinds: tuple[str, ...]
    year: int  # whose figures are asked for at the moment

    def includes(self, kind: str | None, unit_id: int | None) -> bool:
        """Whether a kind of file about a unit (None: the whole region) is still theirs to bring in."""
        return self.is_whole or (kind in self.kinds and unit_id in {unit.id for unit in self.units})

    def unit(self, key: str) -> int | None:
        """The id of a unit that was chosen; None for the whole region. Raises NotFound for one that is not theirs."""
        if not key and self.is_whole:
            return None
        known: Mapping[str, int] = {unit.key: unit.id for unit in self.units}
        if not key and len(known) == 1:
            return next(iter(known.values()))
        if key not in known:
            raise NotFound("There is no such unit.")
        return known[key]


def allowed(session: Session, person_id: int, now: datetime) -> Allowed:
    """What a person may bring in that day. Raises NotFound for whoever may bring in nothing."""
    viewer = viewer_of(session, person_id, now)
    if BUREAU in viewer.roles:
        whole = viewer_of(session, person_id, now, BUREAU)
        return Allowed(viewer.region_id, True, whole.units, (*KINDS, AGREEMENT), usual_year(viewer))
    if not may_bring_in(viewer):
        raise NotFound("There is nothing to bring in.")
    own = viewer_of(session, person_id, now, UNIT)
    return Allowed(viewer.region_id, False, own.units, (realisations.KIND.key,), usual_year(viewer))


def may_bring_in(viewer: Viewer) -> bool:
    """Whether somebody may bring in anything: the head of region and the Sekda read figures and enter none."""
    leads = HEAD in viewer.roles or SECRETARY in viewer.roles
    return BUREAU in viewer.roles or (UNIT in viewer.roles and not leads)
