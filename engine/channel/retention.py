"""Who lets a sealed case go whose time is over: two people, each time, and never the clock alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.cases.access import Reader, reader_of
from engine.cases.catching_up import tell
from engine.cases.destroying import Agreed, destroy, wipe
from engine.cases.key_copies import holders_of, people_among
from engine.cases.models import Case
from engine.cases.stored import read_case, running_definition
from engine.changes import Refusal
from engine.channel.keeping import holds, key_of, name_of, refused, require_copy, retention_of, why_kept
from engine.channel.legal_hold import hold_of
from engine.channel.model import Retention
from engine.database import Database
from engine.definitions.model import Text
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.declared import Declared
from engine.disclosure.keyring import held, officer
from engine.disclosure.models import CaseDeletion, CaseKey, SealedCase
from engine.disclosure.seals import opened_with
from engine.disclosure.vault import Vault
from engine.errors import KeyNeeded, NotFound

REASON = "retention"
DONE, CANCELLED = "done", "cancelled"


@dataclass(frozen=True, slots=True)
class KeptCase:
    """One ended case its reader holds a key of. ``proposal`` is the number of an open proposal, ``asked_by`` who made
    it; ``may_confirm`` when the reader is somebody else. ``hold`` says who keeps it, since when and why, or None."""

    case_id: int
    number: str
    title: Text
    ended_on: date
    keep_until: date | None
    is_due: bool
    hold: Mapping[str, Any] | None
    proposal: int | None
    asked_by: str
    asked_at: datetime | None
    may_confirm: bool


def kept_cases(session: Session, person_id: int, now: datetime, *, limit: int = 200) -> tuple[KeptCase, ...]:
    """The ended cases a person can read, those whose time is over first; of others they hold the identity's key of
    only those a proposal waits for. Raises NotFound for who is not there."""
    reader = reader_of(session, person_id, now)
    rules = retention_of(key_of(session, reader.region_id))
    mine = select(CaseKey.case_id).where(CaseKey.holder == officer(person_id))
    read = mine.where(CaseKey.kind == str(Kind.CONTENT))
    proposed = select(CaseDeletion.case_id).where(CaseDeletion.outcome.is_(None), CaseDeletion.case_id.in_(mine))
    wanted = (
        select(SealedCase, Case)
        .join(Case, Case.id == SealedCase.case_id)
        .where(or_(SealedCase.case_id.in_(read), SealedCase.case_id.in_(proposed)), SealedCase.ended_on.is_not(None))
        .order_by(SealedCase.keep_until.is_(None), SealedCase.keep_until, SealedCase.case_id)
        .limit(limit)
    )
    rows = session.execute(wanted).all()
    proposals = _proposals(session, [kept.case_id for kept, _ in rows])
    return tuple(_view(session, reader, rules, kept, case, proposals.get(kept.case_id)) for kept, case in rows)


def count_waiting(session: Session, person_id: int) -> int:
    """How many proposals of somebody else wait for this person."""
    mine = select(CaseKey.case_id).where(CaseKey.holder == officer(person_id))
    waiting = select(CaseDeletion.id).where(
        CaseDeletion.outcome.is_(None), CaseDeletion.asked_by != person_id, CaseDeletion.case_id.in_(mine)
    )
    return len(session.scalars(waiting.limit(100)).all())


def propose(session: Session, person_id: int, case_id: int, now: datetime) -> Refusal | None:
    """Asks another holder to let a case go whose time is over. Refused while it is not, and while a proposal waits.
    Raises NotFound for who holds no copy, KeyNeeded where it is not at hand."""
    reader = require_copy(session, person_id, case_id, now)
    stored = read_case(session, case_id, now, is_locked=True)
    if stored.seal is None:
        raise KeyNeeded
    refusal = why_kept(session, case_id, reader) or _is_followed(session, reader.region_id, stored.row.number)
    if refusal is not None:
        return refusal
    if _proposals(session, [case_id]):
        return refused("Usulan untuk kasus ini sudah menunggu.", "A proposal for this case waits already.")
    others = people_among(holders_of(session, case_id)) - {person_id}
    session.add(CaseDeletion(case_id=case_id, asked_by=person_id, reason=REASON, asked_at=now))
    session.flush()
    tell(session, stored, others, now)
    record(session, reader.region_id, person_id, "destruction_proposed", f"case:{case_id}", None, None, now)
    return None


def cancel(session: Session, person_id: int, proposal: int, now: datetime) -> None:
    """Any holder takes a proposal back. Raises NotFound for one that is decided, or of a case they hold no copy of."""
    row = _proposal(session, person_id, proposal, now)
    if not _decide(session, row.id, person_id, CANCELLED, now):
        raise NotFound("There is no such proposal.")
    region_id = session.get_one(Case, row.case_id).region_id
    record(session, region_id, person_id, "destruction_cancelled", f"case:{row.case_id}", None, None, now)


def confirm(database: Database, vault: Vault, person_id: int, proposal: int, now: datetime) -> Refusal | None:
    """A second holder confirms: the case is destroyed, in a transaction of this function's own, and then wiped off the
    disks. Refused for one's own proposal, and when the case may not go any more. Raises NotFound for a proposal that is
    decided meanwhile, or of a case they hold no copy of."""
    with database.writing() as session:
        row = _proposal(session, person_id, proposal, now)
        if row.asked_by == person_id:
            return refused("Orang lain yang harus menyetujui usulan Anda.", "Somebody else has to confirm yours.")
        reader = reader_of(session, person_id, now)
        session.execute(select(Case.id).where(Case.id == row.case_id).with_for_update())
        refusal = why_kept(session, row.case_id, reader)
        if refusal is not None:
            return refusal
        if not _decide(session, row.id, person_id, DONE, now):
            raise NotFound("There is no such proposal.")
        files = destroy(session, row.case_id, Agreed(row.asked_by, person_id, reader.today, REASON))
        record(session, reader.region_id, person_id, "case_destroyed", f"case:{row.case_id}", None,
               {"asked_by": row.asked_by, "reason": REASON}, now)  # fmt: skip
        session.commit()
    wipe(database, vault, files)
    return None


def _proposal(session: Session, person_id: int, proposal: int, now: datetime) -> CaseDeletion:
    row = session.get(CaseDeletion, proposal)
    reader_of(session, person_id, now)
    if row is None or row.outcome is not None or not holds(session, person_id, row.case_id):
        raise NotFound("There is no such proposal.")
    return row


def _decide(session: Session, proposal: int, person_id: int, outcome: str, now: datetime) -> bool:
    """One decides; whoever comes second finds it decided."""
    mine = update(CaseDeletion).where(CaseDeletion.id == proposal, CaseDeletion.outcome.is_(None))
    changed = session.execute(
        mine.values(decided_by=person_id, outcome=outcome, decided_at=now).execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _is_followed(session: Session, region_id: int, number: str) -> Refusal | None:
    """Whether a later report on top of this one is still being handled, as far as this keyring opens open cases."""
    keyring = held(session)
    assert keyring is not None
    mine = select(CaseKey.case_id).where(CaseKey.holder == keyring.holder)
    wanted = (
        select(SealedCase.case_id, SealedCase.declared, Case.number)
        .join(Case, Case.id == SealedCase.case_id)
        .where(SealedCase.case_id.in_(mine), SealedCase.ended_on.is_(None))
    )
    region = key_of(session, region_id)
    for other, declared, name in session.execute(wanted).all():
        try:
            seal = opened_with(session, keyring, other, CaseName(region, name))
        except KeyNeeded:  # an identity's key alone
            continue
        text = seal.unlock("declared", declared)
        if text and Declared.from_text(text).about == number:
            return refused("Laporan lanjutannya masih ditangani.", "A later report about it is still being handled.")
    return None


def _view(
    session: Session, reader: Reader, rules: Retention, kept: SealedCase, case: Case, proposal: CaseDeletion | None
) -> KeptCase:
    grace = kept.last_new_on + timedelta(days=rules.grace_days)
    is_over = kept.keep_until is not None and kept.keep_until < reader.today and grace < reader.today
    assert kept.ended_on is not None
    return KeptCase(
        case_id=case.id,
        number=case.number,
        title=running_definition(session, case.digest, reader).title,
        ended_on=kept.ended_on,
        keep_until=kept.keep_until,
        is_due=is_over and not kept.is_held,
        hold=hold_of(session, kept, case.number),
        proposal=None if proposal is None else proposal.id,
        asked_by="" if proposal is None else name_of(session, proposal.asked_by),
        asked_at=None if proposal is None else proposal.asked_at,
        may_confirm=proposal is not None and proposal.asked_by != reader.person_id,
    )


def _proposals(session: Session, cases: list[int]) -> dict[int, CaseDeletion]:
    rows = session.scalars(select(CaseDeletion).where(CaseDeletion.case_id.in_(cases), CaseDeletion.outcome.is_(None)))
    return {row.case_id: row for row in rows}
