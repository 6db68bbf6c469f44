"""Rolling back is publishing an older version again: for new cases, by two people, told in the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import DefinitionError, InvalidInput, NotFound
from engine.publishing.approval import require_two_people
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.proposals import Published
from engine.publishing.publish import Prove, propose, publish
from engine.publishing.record import NOTHING, Considered

SHORTEST = 6  # characters of a digest that are enough to name it


@dataclass(frozen=True, slots=True)
class Rollback:
    """What rolling back would do. ``digest`` will count again; ``replaces`` is the one that counts now, whose cases
    keep it; ``failed`` are scenarios of the older version that fail with this program."""

    digest: str
    number: int
    version: str
    files: Mapping[str, str]
    replaces: str | None
    failed: int

    @property
    def changes_nothing(self) -> bool:
        """Whether the older version counts already."""
        return self.digest == self.replaces


def version_called(session: Session, case_type: str, digest: str, region: int | None) -> DefinitionVersion:
    """The version of a case type whose digest begins so, as published for this region or for all.

    Raises NotFound for none, InvalidInput for several or too few characters.
    """
    if len(digest) < SHORTEST:
        raise InvalidInput(f"Write at least {SHORTEST} characters of the digest.")
    published = select(Publication.digest).where(
        Publication.case_type == case_type, Publication.region_id.is_not_distinct_from(region)
    )
    query = select(DefinitionVersion).where(
        DefinitionVersion.case_type == case_type, DefinitionVersion.digest.in_(published),
        DefinitionVersion.digest.startswith(digest.lower(), autoescape=True),
    )  # fmt: skip
    found = session.scalars(query.limit(2)).all()
    if not found:
        raise NotFound(f"No version of '{case_type}' that was published here has the digest {digest}.")
    if len(found) > 1:
        raise InvalidInput(f"Several versions of '{case_type}' begin with {digest}: write more of it.")
    return found[0]


def propose_rollback(
    session: Session, case_type: str, digest: str, *, region: int | None, vocabulary: VocabularyLike, prove: Prove
) -> Rollback:
    """A dry run. Raises NotFound, InvalidInput, and DefinitionError when this program no longer reads the version."""
    older = version_called(session, case_type, digest, region)
    proposal = propose(session, older.files, case_type, region=region, vocabulary=vocabulary, prove=prove)
    if proposal.definition is None or proposal.definition.digest != older.digest:
        raise DefinitionError(f"Version {older.version} of '{case_type}' cannot be read as it was any more.")
    return Rollback(
        older.digest, older.number, older.version, older.files, proposal.replaces, len(proposal.failures)
    )  # fmt: skip


def roll_back(
    session: Session,
    case_type: str,
    digest: str,
    *,
    region: int | None,
    reason: str,
    by: int | None,
    approved_by: int | None,
    vocabulary: VocabularyLike,
    now: datetime,
    prove: Prove,
    considered: Considered = NOTHING,
) -> Published:
    """Let an older version count again for new cases; the caller commits.

    Raises TwoPeopleNeeded unless two people who may publish there are named; otherwise as ``propose_rollback`` and
    ``publish``.
    """
    require_two_people(session, by, approved_by, region, now)
    older = propose_rollback(
        session, case_type, digest, region=region, vocabulary=vocabulary, prove=lambda _: ()
    )  # fmt: skip
    return publish(
        session, older.files, case_type, reason=reason, by=by, region=region, vocabulary=vocabulary, now=now,
        prove=prove, approved_by=approved_by, considered=considered,
    )  # fmt: skip
