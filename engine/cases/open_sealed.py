"""A sealed case opens: its keys are made, sealed for those it is for, and never seen again by who cannot hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.record import GENESIS
from engine.cases.apply import apply_opening
from engine.cases.custody import fit_custodians
from engine.cases.ids import new_sealed_case_id
from engine.cases.key_copies import Copies
from engine.cases.lookups import Loads
from engine.cases.numbering import random_number, with_numbers
from engine.cases.plan import plan_open
from engine.cases.recipients import is_hidden_from, recipients
from engine.cases.rows import CaseRow, rows_of
from engine.cases.sealed import no_key_holder
from engine.cases.sealed_step import prepared, step_after
from engine.cases.stored import StoredCase, definition_of
from engine.changes import OpenCase, Plan, Refusal
from engine.database import moment_text
from engine.definitions.model import Definition
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.custodians import custodians
from engine.disclosure.keyring import RECEIPT, officer
from engine.disclosure.officers import publics
from engine.disclosure.primitives import new_key
from engine.disclosure.seals import CaseSeal
from engine.errors import EffectFailed, NotFound
from engine.facts import REPORTER, CaseFacts, CaseState, Command, PersonId
from engine.organisation.directory import StoreDirectory, snapshot
from engine.publishing import library


@dataclass(frozen=True, slots=True)
class OpenedSealed:
    """``number`` is random and tells nothing; ``seal`` has both keys of the case, for this transaction only."""

    case_id: int
    number: str
    revision: int
    seal: CaseSeal = field(repr=False)


def open_sealed(
    session: Session,
    *,
    region_id: int,
    case_type: str,
    answers: Mapping[str, Any],
    receipt_public: bytes | None = None,
    declared: str = "",
    identity: str = "",
    initiator: PersonId = REPORTER,
    by: int | None = None,
    case_roles: Mapping[str, tuple[PersonId, ...]] | None = None,
    now: datetime,
) -> OpenedSealed | Refusal:
    """Open a case of the newest version published for the region; the caller commits.

    ``initiator`` is the reporter outside, or a person who opens it in their own name; ``by`` the officer who writes it
    down for somebody else. ``declared`` is text for the recipients, ``identity`` text for the custodians alone;
    ``receipt_public`` the reporter's key. ``now`` is at day grain for an act from outside. Nobody who could read it:
    refused with ``no_key_holder``, and nothing is kept. Raises NotFound for an unknown person, and
    for a case type that is unknown or not sealed.
    """
    directory = snapshot(session, region_id, now)
    definition = definition_of(session, library.newest(session, region_id, case_type, directory.day(now)))
    if not definition.is_sealed:  # published since as an open one, or a linked report's by mistake
        raise NotFound("There is no such sealed case type.")
    for person in (initiator, by):
        if person not in (None, REPORTER) and not directory.has_person(person):
            raise NotFound("There is no such person in this region.")
    facts = _facts(session, definition, directory, initiator, now)
    actor = initiator if by is None else by
    decision = plan_open(definition, facts, Command("open", actor, answers=answers, assign=case_roles or {}))
    if isinstance(decision, Refusal):
        return decision
    if any(isinstance(change, OpenCase) for change in decision.changes):
        raise EffectFailed("A sealed case opens no other case while it opens itself.")
    plan, _ = with_numbers(session, directory, decision, None, now)
    seal = CaseSeal(CaseName(directory.region_key, str(facts.number)), new_key(), new_key())
    case = CaseRow(
        id=new_sealed_case_id(),
        region_id=region_id,
        digest=definition.digest,
        number=str(facts.number),
        revision=0,
        head_hash=GENESIS,
        unit_id=None,
        initiator_id=None if initiator == REPORTER else int(initiator),
        returned_count=0,
        returned_seq=None,
    )
    stored = StoredCase(case, definition, facts, directory, None, None, seal)
    copies = _first_copies(session, stored, plan, receipt_public)
    if not copies.people:
        return no_key_holder(definition)
    plan, sealing = prepared(session, stored, plan, copies, declared=seal.lock("declared", declared),
                             identity=_for_custodians(seal, identity))  # fmt: skip
    rows = rows_of(case, definition, plan, facts, now, is_new=True, sealing=sealing)
    apply_opening(session, case, case_type, facts.title, moment_text(now), rows, is_sealed=True)
    return OpenedSealed(case.id, case.number, rows.revision, seal)


def _facts(
    session: Session, definition: Definition, directory: StoreDirectory, initiator: PersonId, now: datetime
) -> CaseFacts:
    return CaseFacts(
        case_type=definition.case_type,
        number=random_number(definition.case_type),
        title=definition.title.id,
        region=directory.region_key,
        unit=None,
        initiator=initiator,
        opened_at=now,
        revision=0,
        state=CaseState(),
        answers={},
        now=now,
        directory=directory,
        holidays=directory.holidays,
        loads=Loads(session, directory.region_id),
        store=(session, directory.region_id),
    )


def _for_custodians(seal: CaseSeal, identity: str) -> str:
    """The identity under the identity key; always something, so that its length does not tell who stays anonymous."""
    assert seal.identity is not None
    return replace(seal, content=seal.identity).lock("identity", identity)


def _first_copies(session: Session, stored: StoredCase, plan: Plan, receipt_public: bytes | None) -> Copies:
    step, seal = step_after(stored, plan), stored.seal
    assert seal is not None
    wanted = {int(person) for person in recipients(step)}
    initiator = stored.facts.initiator
    if initiator not in (None, REPORTER) and not is_hidden_from(step, initiator):
        wanted.add(int(initiator))
    able = publics(session, wanted)
    add = _sealed(seal, Kind.CONTENT, able)
    keepers = fit_custodians(session, step, custodians(stored.directory, stored.facts.now))
    add |= _sealed(seal, Kind.IDENTITY, publics(session, keepers))
    if receipt_public is not None:
        add |= {
            (str(Kind.CONTENT), holder): copy
            for holder, copy in seal.copies(Kind.CONTENT, {RECEIPT: receipt_public}).items()
        }
    return Copies(frozenset(able), add)


def _sealed(seal: CaseSeal, kind: Kind, people: Mapping[int, bytes]) -> dict[tuple[str, str], str]:
    copies = seal.copies(kind, {officer(person): public for person, public in people.items()})
    return {(str(kind), holder): copy for holder, copy in copies.items()}
