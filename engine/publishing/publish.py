"""Makes a definition the one new cases take: checked, proved, stored once by its digest, told in the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION
from engine.audit.record import lock_chain, record
from engine.definitions.load import build
from engine.definitions.model import Definition
from engine.definitions.overlay_changes import tell_changes
from engine.definitions.problems import Problem, Problems
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import DefinitionError, InvalidInput, NotFound
from engine.organisation.models import Region
from engine.publishing.approval import is_published, refuse_same, require_two_people
from engine.publishing.bases import base_changes, base_of
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.record import NOTHING, Considered, keep_record
from engine.publishing.revision import count_publication
from engine.publishing.sealed_drafts import drop_sealed_drafts

Prove = Callable[[Definition], Sequence[Any]]  # runs the scenarios; what it returns are the failures


@dataclass(frozen=True, slots=True)
class Proposal:
    """What publishing would do. ``failures`` are what ``prove`` found; ``number`` the version would get or has.

    ``replaces`` is the digest that counts now, or None; ``is_known`` tells whether this text was published before.
    ``is_change`` tells that cases of the region take another version so far: then it needs a second person.
    """

    case_type: str
    region_id: int | None
    definition: Definition | None
    problems: tuple[Problem, ...]
    failures: tuple[Any, ...]
    number: int
    replaces: str | None
    is_known: bool
    is_change: bool

    @property
    def is_good(self) -> bool:
        """Whether it may be published: no finding of level error and every scenario passes."""
        return self.definition is not None and not self.failures and not any(one.is_error for one in self.problems)

    @property
    def changes_nothing(self) -> bool:
        """Whether this very text already counts."""
        return self.definition is not None and self.definition.digest == self.replaces

    @property
    def needs_two(self) -> bool:
        """Whether publishing it takes a second person."""
        return self.is_change and not self.changes_nothing


@dataclass(frozen=True, slots=True)
class Published:
    """A version that counts. ``is_new`` is False when the same text counted already and nothing was written."""

    digest: str
    number: int
    version: str
    is_new: bool


class NotPublishable(DefinitionError):
    """The definition has errors or a scenario fails; ``proposal`` says which."""

    def __init__(self, proposal: Proposal) -> None:
        errors = sum(problem.is_error for problem in proposal.problems)
        super().__init__(
            f"'{proposal.case_type}' cannot be published: {errors} findings of level error, "
            f"{len(proposal.failures)} failed scenarios."
        )
        self.proposal = proposal


def propose(
    session: Session,
    files: Mapping[str, str],
    case_type: str,
    *,
    region: int | None,
    vocabulary: VocabularyLike,
    prove: Prove,
) -> Proposal:
    """A dry run: check and prove ``files`` (path -> text of workflow, forms, overlays, mail templates), write nothing.

    ``region`` is the id of the region it is for, whose overlay is merged in; None for all. Raises NotFound for an
    unknown region.
    """
    key, replaces = _region_key(session, region), _counting(session, case_type, region)
    definition, problems = build(files, case_type, vocabulary, key)
    found = Problems()
    found.take_all(problems)
    changes = base_changes(session, replaces, files, case_type, key)
    tell_changes(changes.both, changes.version, found)
    failures = () if definition is None else tuple(prove(definition))
    known = None if definition is None else session.get(DefinitionVersion, definition.digest)
    return Proposal(
        case_type=case_type,
        region_id=region,
        definition=definition,
        problems=tuple(found.sorted()),
        failures=failures,
        number=known.number if known else _next_number(session, case_type, region),
        replaces=replaces,
        is_known=known is not None,
        is_change=is_published(session, case_type, region),
    )


def publish(
    session: Session,
    files: Mapping[str, str],
    case_type: str,
    *,
    reason: str,
    by: int | None,
    region: int | None,
    vocabulary: VocabularyLike,
    now: datetime,
    prove: Prove,
    approved_by: int | None = None,
    considered: Considered = NOTHING,
) -> Published:
    """Publish as ``propose`` describes it; ``by`` is a person's id, None for the command line.

    The same text again is the same version: nothing is written when it counts already; an older one counts again, as
    a new publication of the old version. ``approved_by`` is the second person, needed where something is published
    already; ``considered`` what was shown and decided. Both are kept, and the audit vouches for them. Raises
    NotPublishable, InvalidInput without a reason, TwoPeopleNeeded, NotFound.
    """
    if not reason.strip():
        raise InvalidInput("Publishing needs a reason.")
    refuse_same(by, approved_by)
    chain = INSTALLATION if region is None else region
    lock_chain(session, chain)  # two who publish at once get different numbers
    proposal = propose(session, files, case_type, region=region, vocabulary=vocabulary, prove=prove)
    definition = proposal.definition
    if definition is None or not proposal.is_good:
        raise NotPublishable(proposal)
    if proposal.changes_nothing:
        return Published(definition.digest, proposal.number, definition.version, is_new=False)
    if proposal.is_change:
        require_two_people(session, by, approved_by, region, now)
    if not proposal.is_known:
        base = base_of(files, case_type, definition.region, vocabulary)
        _store(session, files, definition, proposal, base, now)
    row = _let_it_count(session, definition, region, by, reason.strip(), now)
    if definition.is_sealed:
        drop_sealed_drafts(session, now, vocabulary)
    digest = keep_record(session, row, proposal.problems, approved_by, considered)
    event = "definition_published_again" if proposal.is_known else "definition_published"
    old = None if proposal.replaces is None else {"digest": proposal.replaces}
    new: dict[str, Any] = {"digest": definition.digest, "number": proposal.number, "version": definition.version}
    new |= {"reason": reason, "record": digest}
    if approved_by is not None:
        new["approved_by"] = approved_by
    record(session, chain, by, event, f"case_type:{case_type}", old, new, now)
    return Published(definition.digest, proposal.number, definition.version, is_new=True)


def _store(
    session: Session,
    files: Mapping[str, str],
    definition: Definition,
    proposal: Proposal,
    base: Definition | None,
    now: datetime,
) -> None:
    row = DefinitionVersion(
        digest=definition.digest,
        case_type=definition.case_type,
        region_id=proposal.region_id,
        region_key=_region_key(session, proposal.region_id),
        number=proposal.number,
        version=definition.version,
        title={"id": definition.title.id, "en": definition.title.en},
        files=dict(files),
        stored_at=now,
        base_digest=None if base is None else base.digest,
    )
    session.add(row)
    session.flush()


def _let_it_count(
    session: Session, definition: Definition, region: int | None, by: int | None, reason: str, now: datetime
) -> Publication:
    today = now.astimezone(UTC).date()  # never later than the local day east of Greenwich
    row = Publication(
        case_type=definition.case_type,
        region_id=region,
        digest=definition.digest,
        counts_from=max(today, definition.valid_from or today),
        published_at=now,
        published_by=by,
        reason=reason,
        legal_basis=list(definition.legal_basis),
    )
    session.add(row)
    session.flush()
    count_publication(session, region)
    return row


def _region_key(session: Session, region: int | None) -> str | None:
    if region is None:
        return None
    key = session.scalar(select(Region.key).where(Region.id == region))
    if key is None:
        raise NotFound("There is no such region.")
    return key


def _next_number(session: Session, case_type: str, region: int | None) -> int:
    numbers = select(func.max(DefinitionVersion.number)).where(
        DefinitionVersion.case_type == case_type, DefinitionVersion.region_id.is_not_distinct_from(region)
    )
    return (session.scalar(numbers) or 0) + 1


def _counting(session: Session, case_type: str, region: int | None) -> str | None:
    """The digest published last for exactly this region (or for all), whether it counts today or later."""
    last = select(Publication.digest).where(
        Publication.case_type == case_type, Publication.region_id.is_not_distinct_from(region)
    )
    return session.scalar(last.order_by(Publication.id.desc()).limit(1))
