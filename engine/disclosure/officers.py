"""Officers' pairs of keys as the database keeps them: who has one, which public key is whose, making and replacing one.

A slow hash takes half a second, and nothing waits for it in the database: what needs one takes the whole ``Database``
and opens short transactions of its own before and after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from engine.audit.record import lock_chain, record
from engine.database import Database
from engine.disclosure import last_copies, officer_keys
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import officer
from engine.disclosure.models import CaseKey, DisclosureRegion, OfficerKey, SealedCase
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import COST_OF_A_PASSWORD, Cost
from engine.errors import Conflict, NotFound
from engine.organisation import second_factor, sessions
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, Person, Region

_cost = COST_OF_A_PASSWORD  # tests of what is not about the cost put a smaller one here


def cost_today() -> Cost:
    """What a password's hash costs when a key is wrapped now."""
    return _cost


@dataclass(frozen=True, slots=True)
class KeyState:
    """How it stands with a person's key. ``is_vouched``: cases may be sealed for it; ``fingerprint`` is what its owner
    reads to a custodian. ``is_out_of_reach``: the password was set by somebody else since, so it does
    not open the key; ``has_escrow``: the region can make keys at all; ``cases`` is how many sealed cases it opens."""

    has_key: bool
    is_vouched: bool
    is_out_of_reach: bool
    has_escrow: bool
    has_factor: bool
    made_at: datetime | None
    changed_at: datetime | None
    cases: int
    fingerprint: str = ""


def key_state(session: Session, person_id: int) -> KeyState:
    """How it stands with this person's key. Raises NotFound for no such person."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    key, region = session.get(OfficerKey, person_id), session.get(DisclosureRegion, person.region_id)
    return KeyState(
        has_key=key is not None,
        is_vouched=key is not None and key.vouched_at is not None,
        is_out_of_reach=key is not None and is_out_of_reach(session, key),
        has_escrow=region is not None and region.escrow_public is not None,
        has_factor=second_factor.is_enrolled(session, person_id),
        made_at=None if key is None else key.made_at,
        changed_at=None if key is None else key.changed_at,
        cases=copies_held(session, person_id),
        fingerprint="" if key is None else fingerprint_of(key.public),
    )


def fingerprint_of(public: bytes) -> str:
    """The beginning of a public key in groups, as people compare it."""
    shown = public.hex()[:16].upper()
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def is_out_of_reach(session: Session, key: OfficerKey) -> bool:
    """Whether the account's password is not the one the key was wrapped by: an administrator has set it."""
    changed_at = session.scalar(select(Account.password_changed_at).where(Account.person_id == key.person_id))
    return changed_at is not None and changed_at > key.changed_at


def copies_held(session: Session, person_id: int) -> int:
    """How many sealed cases a person's key opens."""
    mine = (CaseKey.holder == officer(person_id), CaseKey.kind == Kind.CONTENT)
    return session.scalar(select(func.count()).select_from(CaseKey).where(*mine)) or 0


def publics(session: Session, person_ids: Iterable[int]) -> dict[int, bytes]:
    """The public keys for which a case can be sealed: of those of these people who work here, whose key is vouched for
    (``vouching``), and who are no administrators: whoever gives rights must not be able to give themselves a case."""
    rows = session.execute(
        select(OfficerKey.person_id, OfficerKey.public)
        .join(Person, Person.id == OfficerKey.person_id)
        .outerjoin(Account, Account.person_id == OfficerKey.person_id)
        .where(OfficerKey.person_id.in_(set(person_ids)), Person.is_active, OfficerKey.vouched_at.is_not(None))
        .where(or_(Account.is_admin.is_(None), Account.is_admin.is_(False)))
    )
    return {int(person_id): public for person_id, public in rows}


def kept_keys(session: Session, person_id: int) -> OfficerKeys | None:
    """What is kept of a person's pair, as ``officer_keys`` takes it; None without one."""
    row = session.execute(
        select(OfficerKey, Region.key)
        .join(Region, Region.id == OfficerKey.region_id)
        .where(OfficerKey.person_id == person_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    key, region = row
    return OfficerKeys(Owner(region, str(person_id)), key.public, key.by_password, key.by_escrow)


def escrow_of(session: Session, region_id: int) -> bytes:
    """The public half of the region's escrow. Raises Unacceptable before there was a ceremony: without one a
    forgotten password would be the end of a case."""
    row = session.get(DisclosureRegion, region_id)
    if row is None or row.escrow_public is None:
        raise Unacceptable(
            "Upacara kunci daerah ini belum diadakan, jadi belum ada kunci yang dapat dibuat.",
            "This region has not held its key ceremony yet, so no key can be made.",
        )
    return row.escrow_public


def make_key(
    database: Database, person_id: int, password: str, *, requires_factor: bool, replaces: bool = False, now: datetime
) -> None:
    """A pair of keys for a person who says the password: the first one, or (``replaces``) a new one in place of one
    that cannot be opened any more. What the old one opened stays shut until another holder gives a new copy.

    Raises Unacceptable for a wrong password, without the region's escrow, without a second factor where it
    ``requires_factor``, for who has a key already, and where the old key holds the last copy of a case; TooManyTries,
    TooBusy.
    """
    with database.reading() as session:
        owner, escrow_public = _allowed(session, person_id, requires_factor, replaces)
    second_factor.check_password(database, person_id, password, now)
    _pair, kept = officer_keys.new_officer_keys(owner, password, escrow_public, cost=cost_today())
    with database.writing.begin() as session:
        again, escrow_again = _allowed(session, person_id, requires_factor, replaces)
        if again != owner or escrow_again != escrow_public:
            raise Conflict("The region held a key ceremony meanwhile.")
        if replaces:
            drop_key(session, person_id, now=now, by=person_id)
        add_key(session, person_id, kept, escrow_public, requires_factor=requires_factor, by=person_id, now=now)


def add_key(
    session: Session, person_id: int, kept: OfficerKeys, escrow_public: bytes, *, requires_factor: bool,
    by: int | None, now: datetime,
) -> None:  # fmt: skip
    """Keep a new pair made outside of the transaction, and count it, so that holders of cases give it copies. Once the
    region has had a report, a custodian has to vouch for it first."""
    person = session.get_one(Person, person_id)
    session.add(
        OfficerKey(
            person_id=person_id, region_id=person.region_id, public=kept.public, by_password=kept.by_password,
            by_escrow=kept.by_escrow, escrow_public=escrow_public, made_at=now, changed_at=now,
            vouched_at=None if _has_cases(session, person.region_id) else now,
        )
    )  # fmt: skip
    session.execute(update(Account).where(Account.person_id == person_id).values(needs_second_factor=requires_factor))
    count_keys_revision(session, person.region_id)
    told = {"public": kept.public.hex()}
    record(session, person.region_id, by, "officer_key_made", f"officer_keys:{person_id}", None, told, now)


def _has_cases(session: Session, region_id: int) -> bool:
    return session.scalar(select(SealedCase.case_id).where(SealedCase.region_id == region_id).limit(1)) is not None


def drop_key(session: Session, person_id: int, *, by: int | None, now: datetime) -> int:
    """Take a person's pair away, with every copy sealed for it and from every browser; gives the number of cases.

    Raises Unacceptable while a case's last copy is among them, NotFound without a pair.
    """
    key = session.get(OfficerKey, person_id)
    if key is None:
        raise NotFound("This person has no key.")
    lock_chain(session, key.region_id)  # two who leave at once must not each count on the other's copy
    last_copies.refuse(session, person_id, by=by)
    cases = copies_held(session, person_id)
    session.execute(delete(CaseKey).where(CaseKey.holder == officer(person_id)))
    told = {"public": key.public.hex(), "cases": cases}
    region_id = key.region_id
    session.delete(key)
    session.execute(update(Account).where(Account.person_id == person_id).values(needs_second_factor=False))
    sessions.wipe_keys(session, person_id)
    count_keys_revision(session, region_id)
    record(session, region_id, by, "officer_key_dropped", f"officer_keys:{person_id}", told, None, now)
    return cases


def put_keys(
    session: Session, old: OfficerKeys, new: OfficerKeys, *, escrow_public: bytes | None = None,
    changed_at: datetime | None = None,
) -> None:  # fmt: skip
    """The same pair wrapped anew. ``escrow_public`` when the custodians' copy is for another escrow, ``changed_at``
    when the password is another. Raises Conflict when the row is no longer as ``old`` was read."""
    values: dict[str, object] = {"by_password": new.by_password, "by_escrow": new.by_escrow}
    values |= {} if escrow_public is None else {"escrow_public": escrow_public}
    values |= {} if changed_at is None else {"changed_at": changed_at}
    mine = (OfficerKey.person_id == int(old.owner.person), OfficerKey.by_password == old.by_password)
    put = update(OfficerKey).where(*mine, OfficerKey.by_escrow == old.by_escrow).values(**values)
    if session.execute(put.returning(OfficerKey.person_id)).first() is None:
        raise Conflict("The key was changed meanwhile.")


def count_keys_revision(session: Session, region_id: int) -> None:
    """Holders of sealed cases see by this number that somebody's keys are others than when their copies were made."""
    counted = update(DisclosureRegion).where(DisclosureRegion.region_id == region_id)
    session.execute(counted.values(keys_revision=DisclosureRegion.keys_revision + 1))


def owner_of(session: Session, person_id: int) -> Owner:
    """Whose keys these are, as it is authenticated with them. Raises NotFound."""
    query = select(Region.key).join(Person, Person.region_id == Region.id).where(Person.id == person_id)
    region = session.scalar(query)
    if region is None:
        raise NotFound("There is no such person.")
    return Owner(region, str(person_id))


def _allowed(session: Session, person_id: int, requires_factor: bool, replaces: bool) -> tuple[Owner, bytes]:
    owner = owner_of(session, person_id)
    escrow_public = escrow_of(session, session.get_one(Person, person_id).region_id)
    if requires_factor and not second_factor.is_enrolled(session, person_id):
        raise Unacceptable(
            "Yang memiliki kunci wajib memakai verifikasi dua langkah. Aktifkan dahulu.",
            "Who holds a key needs two-step verification. Set it up first.",
            "second_factor",
        )
    if session.scalar(select(Account.is_admin).where(Account.person_id == person_id)):
        raise Unacceptable(
            "Administrator mengatur hak orang lain, jadi tidak memegang kunci kasus tersegel.",
            "An administrator gives others their rights, and so holds no key of sealed cases.",
        )
    has_key = session.get(OfficerKey, person_id) is not None
    if has_key and not replaces:
        raise Unacceptable("Anda sudah memiliki kunci.", "You have a key already.")
    if replaces and not has_key:
        raise Unacceptable("Anda belum memiliki kunci.", "You have no key yet.")
    if replaces:
        last_copies.refuse(session, person_id, by=person_id)
    return owner, escrow_public
