"""Counts what is published in a region, so that processes notice it with the row of the case they read anyway."""

from __future__ import annotations

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from engine.organisation.models import Region

_PUBLISHED = "published_in"


def count_publication(session: Session, region_id: int | None) -> None:
    """Something counts from now on in this region, in all regions without one."""
    counted = update(Region).values(definitions_revision=Region.definitions_revision + 1)
    if region_id is not None:
        counted = counted.where(Region.id == region_id)
    session.execute(counted.execution_options(synchronize_session=False))
    session.info[_PUBLISHED] = True


def has_published(session: Session) -> bool:
    """Whether this session itself published something; others may not see that yet, or never."""
    return _PUBLISHED in session.info


def revision_of(session: Session, region_id: int) -> int:
    """How often something was published for this region; 0 for a region there is not."""
    return session.scalar(select(Region.definitions_revision).where(Region.id == region_id)) or 0


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _all_may_see(session: Session) -> None:
    session.info.pop(_PUBLISHED, None)
