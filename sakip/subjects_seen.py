"""Whose worksheet and way a person may read: a unit's own people, the region's own eyes, evaluators (§13.4, §13.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.organisation.models import Region
from engine.organisation.snapshot import Organisation
from engine.organisation.standing import covers, is_valid
from sakip.configuration.evaluation import REGION, UNIT
from sakip.looking import Viewer, viewer_of

EVALUATORS = frozenset({"evaluation_assurers", "evaluators", "evaluation_leads"})  # groups


@dataclass(frozen=True, slots=True)
class Subject:
    """What is evaluated: a unit, or the region itself (``unit_id`` None). ``is_agency``: a unit directly under
    the region; lists name those."""

    key: str
    name: str
    unit_id: int | None
    is_agency: bool

    @property
    def kind(self) -> str:
        """What the rubric calls it: region or unit."""
        return REGION if self.unit_id is None else UNIT


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody with everything they may read of: the region first, then units by name."""

    viewer: Viewer
    subjects: tuple[Subject, ...]

    def called(self, key: str) -> Subject:
        """The subject of that key. Raises NotFound for one that is not there or not for this person."""
        found = next((one for one in self.subjects if one.key == key), None)
        if found is None:
            raise NotFound("There is no such subject.")
        return found


def seen_by(session: Session, person_id: int, now: datetime) -> Seen:
    """What a person may read of. Who works in a unit reads its own and those below; who looks at the whole region, or
    evaluates, reads of every unit and of the region. Raises NotFound for somebody who is not there."""
    viewer = viewer_of(session, person_id, now)
    org, day = viewer.organisation, viewer.today
    is_whole = viewer.unit_ids is None or _evaluates(org, person_id, day)
    region = session.get_one(Region, viewer.region_id)
    units = [
        Subject(one.key, one.name, one.id, org.units[one.parent_id].parent_id is None)
        for one in org.units.values()
        if one.parent_id is not None and is_valid(one, day) and (is_whole or one.id in (viewer.unit_ids or ()))
    ]
    own = [Subject(region.key, region.name, None, False)] if is_whole else []
    return Seen(viewer, (*own, *sorted(units, key=lambda one: (one.name, one.key))))


def _evaluates(org: Organisation, person_id: int, day: date) -> bool:
    return any(
        one.group in EVALUATORS and covers((one.starts_on, one.ends_on), day)
        for one in org.memberships.get(person_id, ())
    )
