"""A second factor by one-time codes of a telephone (TOTP, RFC 6238), with recovery codes for the day it is lost.

A code counts in its own step of thirty seconds and the one before and after, and each step once: whoever looked over
a shoulder is too late. Tries are counted in transactions of their own, so that a refused act does not uncount them.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.database import Database, insert_or
from engine.definitions.model import Text
from engine.errors import EnvironmentFault, NotFound
from engine.organisation import passwords, sessions, throttle
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.models import Account, PendingSignIn, Person, RecoveryCode, Region, SecondFactor
from engine.organisation.sealing import Seal

STEP_SECONDS = 30
STEPS_AROUND = 1  # a telephone's clock may be half a minute wrong
RECOVERY_CODES = 10
WRONG_CODE = Text(
    "Kode verifikasi tidak cocok atau sudah pernah dipakai. Tunggu kode berikutnya, lalu coba lagi.",
    "The verification code does not fit or was used before. Wait for the next one, then try again.",
)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like something else
_READ_AS = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a telephone has to learn: ``uri`` to scan, ``secret`` to type. Shown while it is not confirmed only."""

    uri: str
    secret: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a factor is in force, since when, and how many recovery codes are left."""

    since: datetime | None
    recovery_codes_left: int

    @property
    def is_enrolled(self) -> bool:
        """Whether codes are asked for."""
        return self.since is not None


def standing(session: Session, person_id: int) -> Standing:
    """How it stands with a person's second factor."""
    since = session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person_id))
    left = session.scalar(select(func.count()).where(RecoveryCode.person_id == person_id))
    return Standing(since, left or 0)


def is_enrolled(session: Session, person_id: int) -> bool:
    """Whether the person has a second factor in force."""
    return session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person_id)) is not None


# -- enrolling ---------------------------------------------------------------------------------------------------------


def begin(database: Database, person_id: int, password: str, seal: Seal, now: datetime) -> Enrolment:
    """A new secret that waits for its first right code; an earlier one that still waits is forgotten.

    Raises Unacceptable for a wrong password or when a factor is in force, TooManyTries, NotFound, passwords.TooBusy.
    """
    check_password(database, person_id, password, now)
    secret = pyotp.random_base32(32)  # 160 bits, as RFC 4226 recommends
    with database.writing.begin() as session:
        fresh = {"sealed_secret": seal.seal(person_id, secret), "begun_at": now, "last_step": None}
        put = insert_or(session, SecondFactor).values(person_id=person_id, confirmed_at=None, **fresh)
        put = put.on_conflict_do_update(
            index_elements=["person_id"], set_=fresh, where=SecondFactor.confirmed_at.is_(None)
        )
        if session.execute(put.returning(SecondFactor.person_id)).first() is None:
            raise Unacceptable("Verifikasi dua langkah sudah aktif.", "Two-step verification is on already.")
        return _enrolment(session, person_id, secret)


def waiting(session: Session, person_id: int, seal: Seal) -> Enrolment | None:
    """The secret that waits for its first code, to be shown again; None when there is none, it is in force, or it was
    sealed with a key the installation no longer has: then one begins anew."""
    row = session.get(SecondFactor, person_id)
    if row is None or row.confirmed_at is not None:
        return None
    try:
        return _enrolment(session, person_id, seal.open(person_id, row.sealed_secret))
    except EnvironmentFault:
        return None


def confirm(
    database: Database, person_id: int, code: str, seal: Seal, *, keep: str | None, now: datetime
) -> tuple[str, ...]:
    """Put the waiting secret in force by its first right code; gives the recovery codes, which are told this once.

    Other browsers of the person are signed out, except the one with the token hash ``keep``: they came in by the
    password alone. Raises Unacceptable for a wrong code, TooManyTries, NotFound when nothing waits.
    """
    count_try(database, person_id, now)
    with database.writing.begin() as session:
        row = session.get(SecondFactor, person_id)
        if row is None or row.confirmed_at is not None:
            raise NotFound("No second factor waits to be confirmed.")
        step = _step_of(seal.open(person_id, row.sealed_secret), _plain(code), None, now)
        if step is None:
            raise _wrong_code()
        put = update(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_(None))
        put = put.values(confirmed_at=now, last_step=step).returning(SecondFactor.person_id)
        if session.execute(put).first() is None:
            raise NotFound("No second factor waits to be confirmed.")
        codes = tuple(_new_recovery_code() for _ in range(RECOVERY_CODES))
        session.add_all(RecoveryCode(person_id=person_id, code_hash=seal.hashed(person_id, _plain(c))) for c in codes)
        sessions.revoke_all(session, person_id, but=keep)
        throttle.forgive(session, throttle.code_bucket(person_id))
        _told(session, person_id, "second_factor_added", person_id, now)
    return codes


# -- asking for a code -------------------------------------------------------------------------------------------------


def count_try(database: Database, person_id: int, now: datetime) -> None:
    """Count one try before anything is compared; stays counted whatever happens next. Raises TooManyTries."""
    with database.writing.begin() as session:
        retry_at = throttle.count_try(session, (throttle.code_bucket(person_id),), now)
    if retry_at is not None:
        raise TooManyTries(retry_at)


def take_back_try(database: Database, person_id: int) -> None:
    """Uncount a try whose code was right, but whose act was refused and undone for another reason."""
    with database.writing.begin() as session:
        throttle.take_back(session, throttle.code_bucket(person_id))


def accept(session: Session, person_id: int, code: str, seal: Seal, now: datetime) -> bool:
    """Whether the code is right; if so it is used up together with what ``session`` commits. Count the try first.

    A code of the telephone has six digits, a recovery code twelve characters. Raises EnvironmentFault when the
    secret cannot be read.
    """
    row = session.get(SecondFactor, person_id, populate_existing=True)
    if row is None or row.confirmed_at is None:
        return False
    typed = _plain(code)
    is_right = (
        _take_step(session, row, typed, seal, now)
        if len(typed) == 6
        else _take_recovery_code(session, person_id, typed, seal, now)
    )
    if is_right:
        throttle.forgive(session, throttle.code_bucket(person_id))
    return is_right


def _take_step(session: Session, row: SecondFactor, typed: str, seal: Seal, now: datetime) -> bool:
    step = _step_of(seal.open(row.person_id, row.sealed_secret), typed, row.last_step, now)
    if step is None:
        return False
    newer = or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    taken = update(SecondFactor).where(SecondFactor.person_id == row.person_id, newer).values(last_step=step)
    return session.execute(taken.returning(SecondFactor.person_id)).first() is not None


def _take_recovery_code(session: Session, person_id: int, typed: str, seal: Seal, now: datetime) -> bool:
    mine = delete(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.code_hash == seal.hashed(person_id, typed)
    )
    if session.execute(mine.returning(RecoveryCode.person_id)).first() is None:
        return False
    left = standing(session, person_id).recovery_codes_left
    _told(session, person_id, "recovery_code_used", person_id, now, {"codes_left": left})
    return True


# -- removing ----------------------------------------------------------------------------------------------------------


def remove(database: Database, person_id: int, password: str, code: str, seal: Seal, now: datetime) -> None:
    """A person's own removal. Raises Unacceptable for a wrong password or code and for who holds keys, TooManyTries,
    passwords.TooBusy."""
    check_password(database, person_id, password, now)
    count_try(database, person_id, now)
    with database.writing.begin() as session:
        if not accept(session, person_id, code, seal, now):
            raise _wrong_code()
        if session.get_one(Account, person_id).needs_second_factor:
            raise Unacceptable(
                "Yang memegang kunci kasus tersegel wajib memakai verifikasi dua langkah.",
                "Who holds keys of sealed cases needs two-step verification.",
            )
        _drop(session, person_id)
        _told(session, person_id, "second_factor_removed", person_id, now)


def reset(session: Session, person_id: int, *, by: int | None, now: datetime) -> None:
    """Take the factor away from somebody who lost telephone and recovery codes; signs all their browsers out.

    Raises NotFound when there is none.
    """
    if not is_enrolled(session, person_id):
        raise NotFound("This account has no second factor.")
    _drop(session, person_id)
    sessions.revoke_all(session, person_id)
    _told(session, person_id, "second_factor_reset", by, now)


def _drop(session: Session, person_id: int) -> None:
    session.execute(delete(PendingSignIn).where(PendingSignIn.person_id == person_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def check_password(database: Database, person_id: int, password: str, now: datetime) -> None:
    """Ask for the password of somebody who is signed in, counted as tries of codes are.

    Raises Unacceptable for a wrong one, TooManyTries, NotFound without an account, passwords.TooBusy.
    """
    with database.reading() as session:
        account = session.get(Account, person_id)
    if account is None:
        raise NotFound("There is no such account.")
    count_try(database, person_id, now)
    if not passwords.is_right(password, account.password_hash):
        raise Unacceptable("Kata sandi sekarang tidak benar.", "The present password is not right.", "password")
    take_back_try(database, person_id)


# -- parts -------------------------------------------------------------------------------------------------------------


def _wrong_code() -> Unacceptable:
    return Unacceptable(WRONG_CODE.id, WRONG_CODE.en, "code")


def _enrolment(session: Session, person_id: int, secret: str) -> Enrolment:
    account, person = session.get_one(Account, person_id), session.get_one(Person, person_id)
    issuer = f"Alur {session.get_one(Region, person.region_id).name}"
    uri = pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=account.username, issuer_name=issuer)
    return Enrolment(uri, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def _step_of(secret: str, typed: str, last_step: int | None, now: datetime) -> int | None:
    """The step the code belongs to, if it is near and newer than the last one taken."""
    counter, current = pyotp.HOTP(secret), int(now.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(current - STEPS_AROUND, current + STEPS_AROUND + 1)
        if hmac.compare_digest(counter.at(step).encode(), typed.encode())
    ]
    return next((step for step in fitting if last_step is None or step > last_step), None)


def _new_recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def _plain(code: str) -> str:
    """A code as compared: however it was grouped, in whichever case."""
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", code[:100]).upper() if sign.isalnum())
    return typed if typed.isdecimal() else typed.translate(_READ_AS)


def _told(
    session: Session, person_id: int, event: str, by: int | None, now: datetime, new: dict[str, int] | None = None
) -> None:
    region_id = session.get_one(Person, person_id).region_id
    record(session, region_id, by, event, f"accounts:{person_id}", None, new, now)
