"""Makes a definition the one new cases take: checked, proved, stored once by its digest, told in the audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.models import INSTALLATION
from engine.audit.record import lock_chain, record
from engine.definitions.model import Definition
from engine.definitions.overlay_changes import tell_changes
from engine.definitions.problems import Problem, Problems
from engine.definitions.vocabulary_protocol import VocabularyLike
from engine.errors import InvalidInput, NotFound
from engine.organisation.models import Region
from engine.publishing.approval import is_published, refuse_same, require_two_people
from engine.publishing.bases import base_changes, base_of
from engine.publishing.building import build_once
from engine.publishing.kinds import RESTING, Built, Files, Kind
from engine.publishing.models import DefinitionVersion, Publication
from engine.publishing.proposals import Model, NotPublishable, Proposal, Published
from engine.publishing.record import NOTHING, Considered, keep_record
from engine.publishing.revision import count_publication
from engine.publishing.sealed_drafts import drop_sealed_drafts

Prove = Callable[[Definition], Sequence[Any]]  # runs the scenarios; what it returns are the failures


def propose(
    session: Session,
    files: Mapping[str, str],
    case_type: str,
    *,
    region: int | None,
    vocabulary: VocabularyLike,
    prove: Prove,
) -> Proposal[Definition]:
    """A dry run: check and prove ``files`` (path -> text of workflow, forms, overlays, mail templates), write nothing.

    ``region`` is the id of the region it is for, whose overlay is merged in; None for all. Raises NotFound for an
    unknown region.
    """
    key, replaces = _region_key(session, region), _counting(session, case_type, region)
    definition, problems = build_once(files, case_type, vocabulary, key)
    found = Problems()
    found.take_all(problems)
    changes = base_changes(session, replaces, files, case_type, key)
    tell_changes(changes.both, changes.version, found)
    for look in RESTING.values() if definition is not None else ():
        found.take_all(look(session, files, case_type, region))
    failures = () if definition is None else tuple(prove(definition))
    return _proposal(session, case_type, region, definition, tuple(found.sorted()), failures)


def propose_kind(session: Session, files: Files, kind: Kind, key: str, *, region: int | None) -> Proposal[Built]:
    """A dry run for a definition of another kind, as ``propose`` is for a case type."""
    region_key = _region_key(session, region)
    built, problems = kind.build(files, key, region_key)
    if built is not None and kind.look is not None:
        problems = [*problems, *kind.look(session, files, key, region)]
    failures = () if built is None else tuple(kind.prove(files, key, region_key))
    return _proposal(session, kind.called(key), region, built, tuple(problems), failures)


def _proposal(
    session: Session,
    name: str,
    region: int | None,
    built: Model | None,
    problems: tuple[Problem, ...],
    failures: tuple[Any, ...],
) -> Proposal[Model]:
    known = None if built is None else session.get(DefinitionVersion, built.digest)
    return Proposal(
        case_type=name,
        region_id=region,
        definition=built,
        problems=problems,
        failures=failures,
        number=known.number if known else _next_number(session, name, region),
        replaces=_counting(session, name, region),
        is_known=known is not None,
        is_change=is_published(session, name, region),
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
    _lock(session, reason, by, approved_by, region)
    proposal = propose(session, files, case_type, region=region, vocabulary=vocabulary, prove=prove)
    definition = proposal.definition
    base = None
    if isinstance(definition, Definition) and not proposal.is_known:
        base = base_of(files, case_type, definition.region, vocabulary)
    done = _publish(session, files, proposal, reason, by, now, approved_by, considered, base)
    if isinstance(definition, Definition) and definition.is_sealed and done.is_new:
        drop_sealed_drafts(session, now, vocabulary)
    return done


def publish_kind(
    session: Session,
    files: Files,
    kind: Kind,
    key: str,
    *,
    reason: str,
    by: int | None,
    region: int | None,
    now: datetime,
    approved_by: int | None = None,
    shown: Callable[[Sequence[Mapping[str, Any]]], None] = lambda _impact: None,
) -> Published:
    """Publish a definition of another kind through the same gate as ``publish``, with its impact kept. ``shown`` is
    told the impact before a second person is asked for."""
    _lock(session, reason, by, approved_by, region)
    proposal = propose_kind(session, files, kind, key, region=region)
    considered = NOTHING
    if proposal.is_good and not proposal.changes_nothing:
        considered = Considered(decisions=[dict(line) for line in kind.impact(session, files, key, region)])
        shown(considered.decisions or ())
    return _publish(session, files, proposal, reason, by, now, approved_by, considered, None)


def _lock(session: Session, reason: str, by: int | None, approved_by: int | None, region: int | None) -> None:
    if not reason.strip():
        raise InvalidInput("Publishing needs a reason.")
    refuse_same(by, approved_by)
    lock_chain(session, INSTALLATION if region is None else region)  # two at once get different numbers


def _publish(
    session: Session,
    files: Files,
    proposal: Proposal[Any],
    reason: str,
    by: int | None,
    now: datetime,
    approved_by: int | None,
    considered: Considered,
    base: Definition | None,
) -> Published:
    built, region = proposal.definition, proposal.region_id
    if built is None or not proposal.is_good:
        raise NotPublishable(proposal)
    if proposal.changes_nothing:
        return Published(built.digest, proposal.number, built.version, is_new=False)
    if proposal.is_change:
        require_two_people(session, by, approved_by, region, now)
    if not proposal.is_known:
        _store(session, files, built, proposal, base, now)
    row = _let_it_count(session, built, proposal.case_type, region, by, reason.strip(), now)
    digest = keep_record(session, row, proposal.problems, approved_by, considered)
    event = "definition_published_again" if proposal.is_known else "definition_published"
    old = None if proposal.replaces is None else {"digest": proposal.replaces}
    new: dict[str, Any] = {"digest": built.digest, "number": proposal.number, "version": built.version}
    new |= {"reason": reason, "record": digest}
    if approved_by is not None:
        new["approved_by"] = approved_by
    record(
        session, INSTALLATION if region is None else region, by, event, f"case_type:{proposal.case_type}", old, new, now
    )
    return Published(built.digest, proposal.number, built.version, is_new=True)


def _store(
    session: Session,
    files: Files,
    definition: Built,
    proposal: Proposal[Any],
    base: Definition | None,
    now: datetime,
) -> None:
    row = DefinitionVersion(
        digest=definition.digest,
        case_type=proposal.case_type,
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
    session: Session, definition: Built, name: str, region: int | None, by: int | None, reason: str, now: datetime
) -> Publication:
    today = now.astimezone(UTC).date()  # never later than the local day east of Greenwich
    row = Publication(
        case_type=name,
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
