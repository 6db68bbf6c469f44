"""Accounts and signing in.

Hashing a password takes a fifth of a second. Nothing waits for it in the database: what checks one takes the whole
``Database`` and opens short transactions of its own before and after.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.record import record
from engine.database import Database
from engine.errors import NotFound
from engine.organisation import passwords, second_factor, second_step, sessions, throttle
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.models import Account, Person
from engine.organisation.sealing import Seal


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded: ``token`` belongs into the cookie."""

    person_id: int
    token: str
    must_change_password: bool


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password was right and a code is asked for as well; ``token`` leads to ``finish_sign_in``."""

    person_id: int
    token: str


@dataclass(frozen=True, slots=True)
class SignInRefused:
    """``code`` is wrong (name or password, never said which), throttled, then until ``retry_at``, or over: the code
    was waited for too long."""

    code: str
    retry_at: datetime | None = None


def sign_in(
    database: Database, username: str, password: str, *, network: str, browser: str, now: datetime
) -> SignedIn | CodeNeeded | SignInRefused:
    """Check a name and password from an address (``network``) and open a session for the ``browser``, or wait for
    the code of an account that has a second factor.

    Unknown names, wrong passwords and people who are not active get the same answer after the same time. Commits on
    its own: a failed try has to count. Raises passwords.TooBusy.
    """
    name = normal_username(username)
    by_account, by_network = throttle.account_bucket(name), throttle.network_bucket(network)
    with database.writing.begin() as session:
        retry_at = throttle.count_try(session, (by_account, by_network), now)
        account = None if retry_at else _account_by_name(session, name)
    if retry_at is not None:
        return SignInRefused("throttled", retry_at)
    if not passwords.is_right(password, account.password_hash if account else None) or account is None:
        return SignInRefused("wrong")
    renewed = passwords.hashed(password) if passwords.is_outdated(account.password_hash) else None
    with database.writing.begin() as session:
        current = _account_by_name(session, name)
        if current is None or current.password_hash != account.password_hash:
            return SignInRefused("wrong")  # changed or closed while we were hashing
        current.password_hash = renewed or current.password_hash
        throttle.forgive(session, by_account)
        throttle.take_back(session, by_network)
        if second_factor.is_enrolled(session, current.person_id):
            return CodeNeeded(current.person_id, second_step.open_step(session, current.person_id, now))
        return _come_in(session, current, browser, network, now)


def finish_sign_in(
    database: Database, token: str, code: str, seal: Seal, *, network: str, browser: str, now: datetime
) -> SignedIn | SignInRefused:
    """Check the code of a sign-in whose password was right, and open the session. ``token`` is that of ``CodeNeeded``.

    Commits on its own: a failed try has to count.
    """
    with database.reading() as session:
        person_id = second_step.person_waiting(session, token, now)
    if person_id is None:
        return SignInRefused("over")
    try:
        second_factor.count_try(database, person_id, now)
    except TooManyTries as fault:
        return SignInRefused("throttled", fault.retry_at)
    with database.writing.begin() as session:
        account = session.get(Account, person_id)
        if account is None or second_step.person_waiting(session, token, now) is None:
            return SignInRefused("over")
        if not second_factor.accept(session, person_id, code, seal, now):
            return SignInRefused("wrong")
        second_step.close_steps(session, person_id)
        return _come_in(session, account, browser, network, now)


def _come_in(session: Session, account: Account, browser: str, network: str, now: datetime) -> SignedIn:
    account.last_sign_in_at = now
    token = sessions.open_session(
        session, account.person_id, browser=browser, network=throttle.coarse_network(network), now=now
    )
    return SignedIn(account.person_id, token, account.must_change_password)


def open_account(
    session: Session,
    person_id: int,
    username: str,
    password_hash: str,
    *,
    by: int | None,
    now: datetime,
    is_admin: bool = False,
    is_demo: bool = False,
    must_change_password: bool = False,
) -> Account:
    """Give a person an account. ``password_hash`` comes from ``passwords.hashed``, made before the transaction.

    Raises Unacceptable for a name that is taken or empty or a person who has one, NotFound for no such person.
    """
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    name = normal_username(username)
    if not name or len(name) > 100 or any(character.isspace() for character in name):
        raise Unacceptable(
            "Nama akun terdiri dari 1 sampai 100 karakter tanpa spasi.",
            "An account's name has 1 to 100 characters and no blanks.",
            "username",
        )
    if session.get(Account, person_id) is not None:
        raise Unacceptable(f"{person.name} sudah memiliki akun.", f"{person.name} already has an account.")
    if session.scalar(select(Account.person_id).where(Account.username == name)) is not None:
        raise Unacceptable(f"Nama akun '{name}' sudah dipakai.", f"The account name '{name}' is taken.", "username")
    account = Account(
        person_id=person_id,
        username=name,
        password_hash=password_hash,
        is_admin=is_admin,
        is_demo=is_demo,
        must_change_password=must_change_password,
        password_changed_at=now,
    )
    session.add(account)
    told = {"username": name, "is_admin": is_admin}
    record(session, person.region_id, by, "account_opened", f"accounts:{person_id}", None, told, now)
    return account


def change_password(
    database: Database,
    person_id: int,
    old: str,
    new: str,
    *,
    keep: str | None,
    now: datetime,
    along: Callable[[Session], None] | None = None,
) -> None:
    """A person's own change; signs all their browsers out except the one with the token hash ``keep``.

    ``along`` happens in the same transaction: what else hangs on the password changes with it or not at all. Raises
    Unacceptable when the old one is wrong or the new one not acceptable, NotFound without an account.
    """
    with database.reading() as session:
        account = session.get(Account, person_id)
    if account is None:
        raise NotFound("There is no such account.")
    if not passwords.is_right(old, account.password_hash):
        raise Unacceptable("Kata sandi sekarang tidak benar.", "The present password is not right.", "old_password")
    passwords.check_acceptable(new, account.username)
    password_hash = passwords.hashed(new)
    with database.writing.begin() as session:
        _replace_password(session, person_id, password_hash, must_change=False, by=person_id, now=now)
        sessions.revoke_all(session, person_id, but=keep)
        if along is not None:
            along(session)


def put_password(session: Session, person_id: int, password_hash: str, *, by: int | None, now: datetime) -> None:
    """A password of the person's own choice, set where others vouch for who they are: the custodians of their keys.
    ``password_hash`` comes from ``passwords.hashed``; all browsers are signed out. Raises NotFound."""
    account = _replace_password(session, person_id, password_hash, must_change=False, by=by, now=now)
    sessions.revoke_all(session, person_id)
    throttle.forgive(session, throttle.account_bucket(account.username))


def new_password() -> str:
    """A random password a person can type once."""
    return "-".join(secrets.token_hex(3) for _ in range(3))


def reset_password(database: Database, person_id: int, *, by: int | None, now: datetime) -> str:
    """A new password to tell the person, who has to change it; signs all their browsers out. Raises NotFound."""
    password = new_password()
    password_hash = passwords.hashed(password)
    with database.writing.begin() as session:
        account = _replace_password(session, person_id, password_hash, must_change=True, by=by, now=now)
        sessions.revoke_all(session, person_id)
        throttle.forgive(session, throttle.account_bucket(account.username))
    return password


def set_admin(session: Session, person_id: int, is_admin: bool, *, by: int | None, now: datetime) -> None:
    """Open or close the administration pages for an account. Raises NotFound."""
    account, person = _account_of(session, person_id)
    if account.is_admin == is_admin:
        return
    old, new = {"is_admin": account.is_admin}, {"is_admin": is_admin}
    account.is_admin = is_admin
    record(session, person.region_id, by, "account_changed", f"accounts:{person_id}", old, new, now)


def require_an_administrator(session: Session, region_id: int) -> None:
    """Raises Unacceptable when nobody active of the region could open the administration any more."""
    query = select(Account.person_id).join(Person, Person.id == Account.person_id)
    if session.scalar(query.where(Person.region_id == region_id, Person.is_active, Account.is_admin).limit(1)) is None:
        raise Unacceptable(
            "Daerah ini memerlukan sedikitnya satu administrator aktif.",
            "This region needs one active administrator at least.",
            "is_admin",
        )


def person_called(session: Session, username: str) -> Person:
    """The active person behind an account's name. Raises NotFound."""
    account = _account_by_name(session, normal_username(username))
    person = None if account is None else session.get(Person, account.person_id)
    if person is None:
        raise NotFound(f"There is no account '{username}'.")
    return person


def anybody_called(session: Session, username: str) -> Person:
    """The person behind an account's name, also one who has left. Raises NotFound."""
    query = select(Person).join(Account, Account.person_id == Person.id)
    person = session.scalars(query.where(Account.username == normal_username(username))).one_or_none()
    if person is None:
        raise NotFound(f"There is no account '{username}'.")
    return person


def has_demo_accounts(session: Session) -> bool:
    """Whether accounts with published passwords exist: a production installation refuses to start with them."""
    return session.scalar(select(Account.person_id).where(Account.is_demo).limit(1)) is not None


def normal_username(username: str) -> str:
    """An account's name as it is stored and compared."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _account_by_name(session: Session, name: str) -> Account | None:
    query = select(Account).join(Person, Person.id == Account.person_id)
    return session.scalars(query.where(Account.username == name, Person.is_active)).one_or_none()


def _account_of(session: Session, person_id: int) -> tuple[Account, Person]:
    account, person = session.get(Account, person_id), session.get(Person, person_id)
    if account is None or person is None:
        raise NotFound("There is no such account.")
    return account, person


def _replace_password(
    session: Session, person_id: int, password_hash: str, *, must_change: bool, by: int | None, now: datetime
) -> Account:
    account, person = _account_of(session, person_id)
    account.password_hash = password_hash
    account.password_changed_at = now
    account.must_change_password = must_change
    second_step.close_steps(session, person_id)
    event = "password_reset" if must_change else "password_changed"
    record(session, person.region_id, by, event, f"accounts:{person_id}", None, None, now)
    return account
