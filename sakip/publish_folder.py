"""Publishes a folder of the field's files for everybody or for a region, each file through the engine's gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.organisation.models import Region
from engine.publishing.kinds import SEPARATOR, kind_called
from engine.publishing.models import Publication
from engine.publishing.proposals import Published
from engine.publishing.publish import publish_kind
from sakip.configuration.heads import EVALUATION, MEASUREMENT
from sakip.facts.following import after_publishing
from sakip.facts.score_following import scores_after_publishing
from sakip.published import KIND_NAMES, FolderRefused, findings, gather, keys_of, overlaid


def publish_folder(
    session: Session,
    folder: Path,
    *,
    region: int | None,
    reason: str,
    by: int | None,
    approved_by: int | None,
    now: datetime,
    shown: Callable[[str, Sequence[Mapping[str, Any]]], None] = lambda _name, _changes: None,
) -> dict[str, Published]:
    """Every file of ``folder`` for all, or for a region the files its overlays change; by the name it is kept under.

    ``shown`` is told what each file would change of the figures as they stand, before anything is written. Results and
    scores that are not frozen follow at once. ``now`` is aware; the caller commits. Raises what ``publish_kind``
    raises, and FolderRefused where errors leave nothing to publish: nothing is published then.
    """
    key = None if region is None else session.scalars(select(Region.key).where(Region.id == region)).one()
    files = gather(folder, key)
    wanted = keys_of(files, key) if key is None else overlaid(files, key)
    wrong = [] if wanted else [problem for problem in findings(files) if problem.is_error]
    if wrong:
        raise FolderRefused(wrong)
    done = {}
    for schema, name in wanted:
        kind = kind_called(KIND_NAMES[schema])
        called = kind.called(name)
        done[called] = publish_kind(
            session, files, kind, name, reason=reason, by=by, region=region, now=now, approved_by=approved_by,
            shown=partial(shown, called),
        )  # fmt: skip
    if _is_any_new(done, MEASUREMENT):
        after_publishing(session, region, now)
    if _is_any_new(done, EVALUATION):
        scores_after_publishing(session, region, now)
    return done


def not_in_folder(session: Session, region: int, done: Mapping[str, Published]) -> list[str]:
    """What a region has of its own that a folder's overlays do not change: it goes on counting. Sorted names."""
    of_the_field = [
        Publication.case_type.startswith(f"{name}{SEPARATOR}", autoescape=True) for name in KIND_NAMES.values()
    ]
    own = select(Publication.case_type).where(Publication.region_id == region, or_(*of_the_field))
    return sorted(set(session.scalars(own)) - done.keys())


def _is_any_new(done: Mapping[str, Published], schema: str) -> bool:
    return any(one.is_new for name, one in done.items() if name.startswith(f"{KIND_NAMES[schema]}{SEPARATOR}"))
