"""Signing in: right and wrong, throttled, limited in time, revoked; passwords that change."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, Type
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.database import Database
from engine.errors import NotFound
from engine.organisation import accounts, passwords, sessions, throttle
from engine.organisation.accounts import SignedIn, SignInRefused
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, Person, SignInAttempt, SignInSession
from tests.conftest import FrozenClock
from tests.factories import PASSWORD, a_person, a_region, an_account


@pytest.fixture
def rina(database: Database) -> Person:
    with database.writing.begin() as session:
        person = a_person(session, region_id=a_region(session).id, name="Rina")
        an_account(session, person, "rina")
        return person


def sign_in(
    database: Database, now: datetime, name: str = "rina", password: str = PASSWORD, network: str = "10.1.2.3"
) -> SignedIn | SignInRefused:
    return accounts.sign_in(database, name, password, network=network, browser="Firefox", now=now)


def token_of(database: Database, now: datetime) -> str:
    signed_in = sign_in(database, now)
    assert isinstance(signed_in, SignedIn)
    return signed_in.token


def visitor(database: Database, token: str, now: datetime) -> sessions.Visitor | None:
    with database.reading() as session:
        return sessions.visitor(session, token, now)


def test_the_right_password_opens_a_session_that_knows_the_person(
    database: Database, rina: Person, now: datetime
) -> None:
    found = visitor(database, token_of(database, now), now)
    assert found is not None
    assert (found.person_id, found.name, found.username, found.is_admin) == (rina.id, "Rina", "rina", False)


def test_the_account_name_is_taken_as_people_type_it(database: Database, rina: Person, now: datetime) -> None:
    assert isinstance(sign_in(database, now, name="  RINA "), SignedIn)


def test_wrong_passwords_unknown_names_and_inactive_people_get_one_answer(
    database: Database, rina: Person, now: datetime
) -> None:
    refused = SignInRefused("wrong")
    assert sign_in(database, now, password="salah-sekali") == refused
    assert sign_in(database, now, name="tidak-ada") == refused
    with database.writing.begin() as session:
        session.get_one(Person, rina.id).is_active = False
    assert sign_in(database, now) == refused


def test_tokens_and_passwords_are_stored_as_hashes_only(database: Database, rina: Person, now: datetime) -> None:
    token = token_of(database, now)
    with database.reading() as session:
        stored = session.scalars(select(SignInSession)).one()
        account = session.scalars(select(Account)).one()
    assert token not in str(vars(stored))
    assert account.password_hash.startswith("$argon2id$")


def test_a_weak_hash_is_made_anew_when_its_password_is_known(database: Database, rina: Person, now: datetime) -> None:
    with database.writing.begin() as session:
        session.get_one(Account, rina.id).password_hash = PasswordHasher(1, 32, 1).hash(PASSWORD)
    sign_in(database, now)
    with database.reading() as session:
        assert not passwords.is_outdated(session.get_one(Account, rina.id).password_hash)
    assert isinstance(sign_in(database, now), SignedIn)


def test_passwords_are_hashed_as_rfc_9106_recommends() -> None:
    assert passwords.STRENGTH.type is Type.ID
    assert passwords.STRENGTH.memory_cost >= 64 * 1024
    assert passwords.STRENGTH.time_cost >= 3


def test_guessing_one_account_is_throttled_wherever_it_comes_from(
    database: Database, rina: Person, clock: FrozenClock
) -> None:
    for number in range(throttle.PER_ACCOUNT):
        assert sign_in(database, clock(), password="tebakan", network=f"10.{number}.0.1") == SignInRefused("wrong")
    refused = sign_in(database, clock(), network="172.16.0.1")  # even with the right password
    assert isinstance(refused, SignInRefused)
    assert refused.code == "throttled"
    assert refused.retry_at is not None
    assert clock() < refused.retry_at <= clock() + throttle.WINDOW
    assert isinstance(sign_in(database, refused.retry_at), SignedIn)


def test_a_sign_in_that_succeeds_starts_counting_anew(database: Database, rina: Person, now: datetime) -> None:
    for _ in range(2):
        for _ in range(throttle.PER_ACCOUNT - 2):
            sign_in(database, now, password="tebakan")
        assert isinstance(sign_in(database, now), SignedIn)


def test_guessing_many_accounts_from_one_network_is_throttled(
    database: Database, rina: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PER_NETWORK", 3)
    for number in range(3):
        assert sign_in(database, now, name=f"orang{number}", network=f"10.1.2.{number}") == SignInRefused("wrong")
    refused = sign_in(database, now, network="10.1.2.200")
    assert isinstance(refused, SignInRefused)
    assert refused.code == "throttled"
    assert isinstance(sign_in(database, now, network="10.1.3.1"), SignedIn)


def test_a_whole_office_signs_in_from_one_network(
    database: Database, rina: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "PER_NETWORK", 3)
    for _ in range(8):
        assert isinstance(sign_in(database, now), SignedIn)


def test_tries_at_the_same_moment_are_all_counted(database: Database, rina: Person, now: datetime) -> None:
    bucket = throttle.account_bucket("rina")
    allowed: list[bool] = []

    def attempt() -> None:
        with database.writing.begin() as session:
            retry_at = throttle.count_try(session, (bucket,), now)
        allowed.append(retry_at is None)

    threads = [threading.Thread(target=attempt) for _ in range(throttle.PER_ACCOUNT + 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == throttle.PER_ACCOUNT


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1::/48"),
        ("::ffff:10.1.2.3", "10.1.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("bukan alamat", "unknown"),
    ],
)
def test_networks_are_coarse(address: str, network: str) -> None:
    assert throttle.coarse_network(address) == network


def test_counts_of_past_windows_are_dropped(database: Database, rina: Person, now: datetime) -> None:
    sign_in(database, now, password="salah-sekali")
    with database.writing.begin() as session:
        throttle.drop_old_counts(session, now)
        assert len(session.scalars(select(SignInAttempt)).all()) == 2
        throttle.drop_old_counts(session, now + throttle.WINDOW)
        assert session.scalars(select(SignInAttempt)).all() == []


def test_a_session_ends_when_it_is_idle_and_at_its_absolute_limit(
    database: Database, rina: Person, clock: FrozenClock
) -> None:
    start = clock()
    token = token_of(database, start)
    assert visitor(database, token, start + sessions.IDLE - timedelta(seconds=1)) is not None
    assert visitor(database, token, start + sessions.IDLE) is None
    moment = start
    while moment < start + sessions.ABSOLUTE - sessions.IDLE / 2:
        moment += sessions.IDLE / 2
        with database.writing.begin() as session:
            sessions.touch(session, sessions.token_hash(token), moment)
    assert visitor(database, token, start + sessions.ABSOLUTE - timedelta(seconds=1)) is not None
    assert visitor(database, token, start + sessions.ABSOLUTE) is None
    with database.writing.begin() as session:
        sessions.drop_old_sessions(session, start + sessions.ABSOLUTE)
        assert session.scalars(select(SignInSession)).all() == []


def test_use_is_noted_once_a_minute(database: Database, rina: Person, now: datetime) -> None:
    token = token_of(database, now)
    soon, later = (visitor(database, token, now + timedelta(seconds=seconds)) for seconds in (59, 60))
    assert soon is not None
    assert later is not None
    assert (soon.needs_touch, later.needs_touch) == (False, True)


def test_sessions_are_listed_and_revoked_one_by_one_or_together(
    database: Database, rina: Person, now: datetime
) -> None:
    first, second, third = (token_of(database, now + timedelta(seconds=number)) for number in range(3))
    with database.writing.begin() as session:
        listed = [row.token_hash for row in sessions.sessions_of(session, rina.id, now)]
        assert listed == [sessions.token_hash(token) for token in (third, second, first)]
        assert sessions.revoke(session, rina.id, sessions.token_hash(first))
        assert not sessions.revoke(session, rina.id, "unknown")
        assert sessions.revoke_all(session, rina.id, but=sessions.token_hash(third)) == 1
    assert visitor(database, first, now) is None
    assert visitor(database, second, now) is None
    assert visitor(database, third, now) is not None


def test_nobody_revokes_another_persons_session(database: Database, rina: Person, now: datetime) -> None:
    token = token_of(database, now)
    with database.writing.begin() as session:
        assert not sessions.revoke(session, rina.id + 1, sessions.token_hash(token))
    assert visitor(database, token, now) is not None


def test_a_session_is_worth_nothing_once_its_person_is_not_active(
    database: Database, rina: Person, now: datetime
) -> None:
    token = token_of(database, now)
    with database.writing.begin() as session:
        session.get_one(Person, rina.id).is_active = False
    assert visitor(database, token, now) is None


def test_a_changed_password_signs_the_other_browsers_out_and_is_audited(
    database: Database, rina: Person, now: datetime
) -> None:
    kept, other = token_of(database, now), token_of(database, now)
    new = "kalimat sandi yang baru"
    accounts.change_password(database, rina.id, PASSWORD, new, keep=sessions.token_hash(kept), now=now)
    assert visitor(database, kept, now) is not None
    assert visitor(database, other, now) is None
    assert sign_in(database, now) == SignInRefused("wrong")
    assert isinstance(sign_in(database, now, password=new), SignedIn)
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.subject, entry.old, entry.new) == ("password_changed", f"accounts:{rina.id}", None, None)


@pytest.mark.parametrize(
    ("new", "why"),
    [("pendek", "at least"), ("x" * 201, "at most"), ("aaaaaaaaaaaaaa", "easy"), ("saya-rina-sekali", "easy")],
)
def test_a_password_easy_to_guess_is_refused(
    database: Database, rina: Person, now: datetime, new: str, why: str
) -> None:
    with pytest.raises(Unacceptable, match=why) as refused:
        accounts.change_password(database, rina.id, PASSWORD, new, keep=None, now=now)
    assert refused.value.field == "password"
    assert isinstance(sign_in(database, now), SignedIn)


def test_changing_needs_the_present_password(database: Database, rina: Person, now: datetime) -> None:
    with pytest.raises(Unacceptable, match="present password"):
        accounts.change_password(database, rina.id, "salah-sekali", "kalimat sandi yang baru", keep=None, now=now)


def test_a_reset_password_has_to_be_changed(database: Database, rina: Person, now: datetime) -> None:
    token = token_of(database, now)
    password = accounts.reset_password(database, rina.id, by=None, now=now)
    assert visitor(database, token, now) is None
    signed_in = sign_in(database, now, password=password)
    assert isinstance(signed_in, SignedIn)
    assert signed_in.must_change_password
    accounts.change_password(database, rina.id, password, "kalimat sandi yang baru", keep=None, now=now)
    again = sign_in(database, now, password="kalimat sandi yang baru")
    assert isinstance(again, SignedIn)
    assert not again.must_change_password


def test_an_account_is_opened_once_and_under_a_free_name(database: Database, rina: Person, now: datetime) -> None:
    with database.writing.begin() as session:
        other = a_person(session, region_id=rina.region_id)

    def opening(person_id: int, name: str, **values: Any) -> Account:
        with database.writing.begin() as session:
            return accounts.open_account(session, person_id, name, "hash", by=rina.id, now=now, **values)

    with pytest.raises(Unacceptable, match="taken"):
        opening(other.id, "RINA")
    with pytest.raises(Unacceptable, match="already has"):
        opening(rina.id, "rina2")
    with pytest.raises(Unacceptable, match="no blanks"):
        opening(other.id, "dua kata")
    with pytest.raises(NotFound):
        opening(4711, "hantu")
    assert opening(other.id, "Budi", is_demo=True).username == "budi"
    with database.reading() as session:
        assert accounts.has_demo_accounts(session)
        assert session.scalars(select(AuditEntry.event)).all() == ["account_opened"]


def test_making_somebody_an_administrator_is_audited_with_old_and_new(
    database: Database, rina: Person, now: datetime
) -> None:
    with database.writing.begin() as session:
        accounts.set_admin(session, rina.id, True, by=None, now=now)
        accounts.set_admin(session, rina.id, True, by=None, now=now)  # nothing new
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert not accounts.has_demo_accounts(session)
    assert (entry.old, entry.new) == ({"is_admin": False}, {"is_admin": True})
    assert entry.at == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_only_a_few_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(1))
    assert passwords._places.acquire()
    with pytest.raises(passwords.TooBusy):
        passwords.is_right("apa saja", None)
    passwords._places.release()
    assert not passwords.is_right("apa saja", None)
