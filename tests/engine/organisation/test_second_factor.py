"""A second factor: enrolled by its first code, asked once a step, recovered, removed; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from engine.audit.models import AuditEntry
from engine.database import Database
from engine.errors import EnvironmentFault, NotFound
from engine.organisation import accounts, passwords, second_factor, sessions
from engine.organisation.accounts import CodeNeeded, SignedIn, SignInRefused
from engine.organisation.faults import TooManyTries, Unacceptable
from engine.organisation.models import Person, RecoveryCode, SecondFactor
from engine.organisation.sealing import Seal
from tests.factories import a_person, a_region, a_unit

PASSWORD = "pagi-hari-di-sawah"
SEAL = Seal("k" * 40)
STEP = timedelta(seconds=30)


@pytest.fixture
def sari(database: Database, now: datetime) -> int:
    """Somebody with an account and no second factor."""
    with database.writing.begin() as session:
        region = a_region(session, "kab_contoh")
        person = a_person(session, a_unit(session, region, "agency"), "Sari Wulandari")
        password_hash = passwords.hashed(PASSWORD)
        accounts.open_account(session, person.id, "sari", password_hash, by=None, now=now)
        return person.id


@pytest.fixture
def telephone(database: Database, sari: int, now: datetime) -> pyotp.TOTP:
    """Sari's, enrolled two steps ago."""
    return _enrolled(database, sari, now - 2 * STEP)[0]


def _enrolled(database: Database, person_id: int, now: datetime) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    begun = second_factor.begin(database, person_id, PASSWORD, SEAL, now)
    telephone = pyotp.parse_uri(begun.uri)
    assert isinstance(telephone, pyotp.TOTP)
    return telephone, second_factor.confirm(database, person_id, telephone.at(now), SEAL, keep=None, now=now)


def _accepts(database: Database, person_id: int, code: str, now: datetime, seal: Seal = SEAL) -> bool:
    with database.writing.begin() as session:
        return second_factor.accept(session, person_id, code, seal, now)


def _events(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.seq)))


def test_a_telephone_learns_a_secret_of_160_bits_that_names_its_account(
    database: Database, sari: int, now: datetime
) -> None:
    begun = second_factor.begin(database, sari, PASSWORD, SEAL, now)
    telephone = pyotp.parse_uri(begun.uri)
    assert (telephone.name, telephone.interval, telephone.digits) == ("sari", 30, 6)
    assert telephone.issuer.startswith("Alur ")
    assert begun.secret.replace(" ", "") == telephone.secret
    assert len(telephone.byte_secret()) == 20


def test_a_factor_is_in_force_only_after_its_first_right_code(database: Database, sari: int, now: datetime) -> None:
    begun = second_factor.begin(database, sari, PASSWORD, SEAL, now)
    telephone = pyotp.parse_uri(begun.uri)
    with pytest.raises(Unacceptable, match="does not fit"):
        second_factor.confirm(database, sari, telephone.at(now + 5 * STEP), SEAL, keep=None, now=now)
    assert not _accepts(database, sari, telephone.at(now), now)
    with database.reading() as session:
        assert not second_factor.is_enrolled(session, sari)
        assert second_factor.waiting(session, sari, SEAL) == begun
    codes = second_factor.confirm(database, sari, telephone.at(now), SEAL, keep=None, now=now)
    assert len(set(codes)) == 10
    with database.reading() as session:
        standing = second_factor.standing(session, sari)
        assert (standing.since, standing.recovery_codes_left) == (now, 10)
        assert second_factor.waiting(session, sari, SEAL) is None  # never shown again
    assert _events(database)[-1] == "second_factor_added"


def test_beginning_needs_the_password_and_no_factor_in_force(database: Database, sari: int, now: datetime) -> None:
    with pytest.raises(Unacceptable, match="present password"):
        second_factor.begin(database, sari, "salah-sekali", SEAL, now)
    first = second_factor.begin(database, sari, PASSWORD, SEAL, now)
    second = second_factor.begin(database, sari, PASSWORD, SEAL, now)
    assert first.secret != second.secret
    telephone = pyotp.parse_uri(second.uri)
    second_factor.confirm(database, sari, telephone.at(now), SEAL, keep=None, now=now)
    with pytest.raises(Unacceptable, match="on already"):
        second_factor.begin(database, sari, PASSWORD, SEAL, now)
    with pytest.raises(NotFound):
        second_factor.confirm(database, sari, telephone.at(now), SEAL, keep=None, now=now)


def test_enrolling_signs_out_browsers_that_came_in_by_the_password_alone(
    database: Database, sari: int, now: datetime
) -> None:
    with database.writing.begin() as session:
        here = sessions.token_hash(sessions.open_session(session, sari, browser="", network="", now=now))
        sessions.open_session(session, sari, browser="", network="", now=now)
    begun = second_factor.begin(database, sari, PASSWORD, SEAL, now)
    second_factor.confirm(database, sari, pyotp.parse_uri(begun.uri).at(now), SEAL, keep=here, now=now)
    with database.reading() as session:
        assert [row.token_hash for row in sessions.sessions_of(session, sari, now)] == [here]


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_counts_in_its_step_and_the_ones_beside_it(
    database: Database, sari: int, now: datetime, steps: int, fits: bool
) -> None:
    telephone, _codes = _enrolled(database, sari, now - 10 * STEP)
    assert _accepts(database, sari, telephone.at(now + steps * STEP), now) is fits


def test_a_code_that_was_taken_is_not_taken_again_nor_an_older_one(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    code, older = telephone.at(now), telephone.at(now - STEP)
    assert _accepts(database, sari, code, now)
    assert not _accepts(database, sari, code, now)
    assert not _accepts(database, sari, older, now)
    assert _accepts(database, sari, telephone.at(now + STEP), now + STEP)


def test_of_many_who_send_the_same_code_at_once_one_is_believed(database: Database, sari: int, now: datetime) -> None:
    telephone, codes = _enrolled(database, sari, now - 2 * STEP)
    with ThreadPoolExecutor(6) as pool:
        for code in (telephone.at(now), codes[0]):
            believed = list(pool.map(lambda _, code=code: _accepts(database, sari, code, now), range(6)))
            assert believed.count(True) == 1


def test_the_code_that_confirmed_does_not_count_a_second_time(database: Database, sari: int, now: datetime) -> None:
    telephone, _codes = _enrolled(database, sari, now)
    assert not _accepts(database, sari, telephone.at(now), now)


def test_a_code_may_be_typed_with_blanks(database: Database, sari: int, telephone: pyotp.TOTP, now: datetime) -> None:
    code = telephone.at(now)
    assert _accepts(database, sari, f" {code[:3]} {code[3:]} ", now)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６７", "x" * 10_000, "\x00" * 6])
def test_what_is_no_code_is_refused(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime, typed: str
) -> None:
    assert not _accepts(database, sari, typed, now)


def test_a_code_is_of_no_use_when_what_it_was_for_is_undone(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    with database.writing() as session:
        assert second_factor.accept(session, sari, telephone.at(now), SEAL, now)
        session.rollback()
    assert _accepts(database, sari, telephone.at(now), now)


def test_each_recovery_code_counts_once_however_it_is_typed(database: Database, sari: int, now: datetime) -> None:
    _telephone, codes = _enrolled(database, sari, now)
    assert _accepts(database, sari, codes[0], now)
    assert not _accepts(database, sari, codes[0], now)
    assert _accepts(database, sari, codes[1].lower().replace("-", " ").replace("0", "o").replace("1", "l"), now)
    with database.reading() as session:
        assert second_factor.standing(session, sari).recovery_codes_left == 8
    assert _events(database).count("recovery_code_used") == 2


def test_tries_are_counted_for_the_account_and_a_right_code_starts_anew(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    for _ in range(5):
        second_factor.count_try(database, sari, now)
    with pytest.raises(TooManyTries) as stopped:
        second_factor.count_try(database, sari, now)
    assert stopped.value.retry_at == now + timedelta(minutes=15)
    second_factor.count_try(database, sari, stopped.value.retry_at)
    later = stopped.value.retry_at
    assert _accepts(database, sari, telephone.at(later), later)
    for _ in range(5):
        second_factor.count_try(database, sari, later)


def test_nothing_in_the_database_tells_the_secret_or_a_recovery_code(
    database: Database, sari: int, now: datetime
) -> None:
    telephone, codes = _enrolled(database, sari, now)
    with database.reading() as session:
        stored = session.get_one(SecondFactor, sari).sealed_secret
        hashes = set(session.scalars(select(RecoveryCode.code_hash)))
    assert telephone.secret not in stored
    assert len(hashes) == 10
    assert not any(code.replace("-", "") in kept for code in codes for kept in hashes)


def test_a_secret_cannot_be_read_with_another_key_nor_put_into_another_row(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    with pytest.raises(EnvironmentFault, match="ALUR_SECRET_KEY"):
        _accepts(database, sari, telephone.at(now), now, Seal("another" * 10))
    with database.writing.begin() as session:
        unit = session.get_one(Person, sari).unit_id
        other = Person(region_id=session.get_one(Person, sari).region_id, name="Budi", unit_id=unit)
        session.add(other)
        session.flush()
        accounts.open_account(session, other.id, "budi", passwords.hashed(PASSWORD), by=None, now=now)
        copied = session.get_one(SecondFactor, sari).sealed_secret
        session.add(SecondFactor(person_id=other.id, sealed_secret=copied, begun_at=now, confirmed_at=now))
        other_id = other.id
    with pytest.raises(EnvironmentFault, match="somebody else"):
        _accepts(database, other_id, telephone.at(now), now)


def test_removing_needs_the_password_and_a_code(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    with pytest.raises(Unacceptable, match="present password"):
        second_factor.remove(database, sari, "salah-sekali", telephone.at(now), SEAL, now)
    with pytest.raises(Unacceptable, match="does not fit"):
        second_factor.remove(database, sari, PASSWORD, "000000", SEAL, now)
    second_factor.remove(database, sari, PASSWORD, telephone.at(now), SEAL, now)
    with database.reading() as session:
        assert second_factor.standing(session, sari) == second_factor.Standing(None, 0)
    assert _events(database)[-1] == "second_factor_removed"


def test_wrong_codes_of_a_removal_are_counted(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    for _ in range(5):
        with pytest.raises(Unacceptable, match="does not fit"):
            second_factor.remove(database, sari, PASSWORD, "000000", SEAL, now)
    with pytest.raises(TooManyTries):
        second_factor.remove(database, sari, PASSWORD, telephone.at(now), SEAL, now)


def test_somebody_who_lost_everything_is_helped_on_anothers_word(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    with database.writing.begin() as session:
        second_factor.reset(session, sari, by=None, now=now)
    assert isinstance(_sign_in(database, now), SignedIn)
    assert _events(database)[-1] == "second_factor_reset"
    with database.writing.begin() as session, pytest.raises(NotFound):
        second_factor.reset(session, sari, by=None, now=now)


def test_a_secret_that_waits_under_a_lost_key_does_not_stand_in_the_way(
    database: Database, sari: int, now: datetime
) -> None:
    second_factor.begin(database, sari, PASSWORD, Seal("another" * 10), now)
    with database.reading() as session:
        assert second_factor.waiting(session, sari, SEAL) is None
    _enrolled(database, sari, now)


# -- signing in --------------------------------------------------------------------------------------------------------


def _sign_in(database: Database, now: datetime, password: str = PASSWORD) -> SignedIn | CodeNeeded | SignInRefused:
    return accounts.sign_in(database, "sari", password, network="10.1.2.3", browser="Tes", now=now)


def _finish(database: Database, token: str, code: str, now: datetime) -> SignedIn | SignInRefused:
    return accounts.finish_sign_in(database, token, code, SEAL, network="10.1.2.3", browser="Tes", now=now)


def test_the_right_password_opens_no_session_before_the_right_code(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    asked = _sign_in(database, now)
    assert isinstance(asked, CodeNeeded)
    with database.reading() as session:
        assert sessions.visitor(session, asked.token, now) is None
        assert sessions.sessions_of(session, sari, now) == []
    assert _finish(database, asked.token, "000000", now) == SignInRefused("wrong")
    signed = _finish(database, asked.token, telephone.at(now), now)
    assert isinstance(signed, SignedIn)
    with database.reading() as session:
        assert sessions.visitor(session, signed.token, now) is not None
    assert _finish(database, asked.token, telephone.at(now + STEP), now + STEP) == SignInRefused("over")


def test_a_wrong_password_never_tells_that_there_is_a_second_factor(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    assert _sign_in(database, now, "salah-sekali") == SignInRefused("wrong")


def test_a_code_is_waited_for_five_minutes(database: Database, sari: int, telephone: pyotp.TOTP, now: datetime) -> None:
    asked = _sign_in(database, now)
    assert isinstance(asked, CodeNeeded)
    late = now + timedelta(minutes=5)
    assert _finish(database, asked.token, telephone.at(late), late) == SignInRefused("over")
    assert _finish(database, "unknown", telephone.at(now), now) == SignInRefused("over")


def test_guessing_codes_is_stopped_however_many_sign_ins_are_begun(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    for _ in range(5):
        asked = _sign_in(database, now)
        assert isinstance(asked, CodeNeeded)
        assert _finish(database, asked.token, "000000", now) == SignInRefused("wrong")
    asked = _sign_in(database, now)
    assert isinstance(asked, CodeNeeded)
    stopped = _finish(database, asked.token, telephone.at(now), now)
    assert stopped == SignInRefused("throttled", now + timedelta(minutes=15))


def test_a_new_password_ends_sign_ins_that_wait_for_a_code(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    asked = _sign_in(database, now)
    assert isinstance(asked, CodeNeeded)
    accounts.reset_password(database, sari, by=None, now=now)
    assert _finish(database, asked.token, telephone.at(now), now) == SignInRefused("over")


def test_somebody_who_is_no_longer_active_does_not_come_in(
    database: Database, sari: int, telephone: pyotp.TOTP, now: datetime
) -> None:
    asked = _sign_in(database, now)
    assert isinstance(asked, CodeNeeded)
    with database.writing.begin() as session:
        session.get_one(Person, sari).is_active = False
    assert _finish(database, asked.token, telephone.at(now), now) == SignInRefused("over")
