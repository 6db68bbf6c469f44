"""Officers' keys in the database: made, opened at sign-in, carried by the session, put away; T27, T28 and T33."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from engine.database import Database
from engine.disclosure import officer_keys, officers, seals, unlocking
from engine.disclosure.budget import MIB, OF_THIS_PROCESS
from engine.disclosure.keyring import Keyring, hold, officer
from engine.disclosure.models import DisclosureRegion, OfficerKey
from engine.disclosure.primitives import Cost
from engine.disclosure.unlocking import Opening
from engine.errors import Conflict, KeyNeeded
from engine.organisation import accounts, second_factor, sessions
from engine.organisation.accounts import CodeNeeded, SignedIn
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, PendingSignIn, SignInSession
from engine.organisation.passwords import TooBusy
from engine.organisation.sealing import Seal
from tests.conftest import FrozenClock
from tests.engine.disclosure.key_holders import Holders, key_holders, with_keys
from tests.factories import CHEAP_COST, PASSWORD

NEW = "sore-hari-di-pantai"
SEAL = Seal("k" * 40)


@pytest.fixture
def holders(database: Database, now: datetime) -> Holders:
    return with_keys(database, now, "ida", "vina")


def revision(holders: Holders) -> int:
    with holders.database.reading() as session:
        return session.get_one(DisclosureRegion, holders.region_id).keys_revision


# -- making one --------------------------------------------------------------------------------------------------------


def test_nobody_makes_a_key_before_the_ceremony(database: Database, now: datetime) -> None:
    found = key_holders(database, now)
    with pytest.raises(Unacceptable, match="key ceremony"):
        found.make_key("ida", now)


def test_a_key_needs_the_password_and_is_made_once(holders: Holders, now: datetime) -> None:
    with pytest.raises(Unacceptable, match="present password"):
        holders.make_key("kiki", now, password="bukan-kata-sandi")
    holders.make_key("kiki", now)
    with pytest.raises(Unacceptable, match="have a key already"):
        holders.make_key("kiki", now)


def test_whoever_makes_a_key_counts_up_what_other_holders_look_at(holders: Holders, now: datetime) -> None:
    before = revision(holders)
    holders.make_key("kiki", now)
    assert revision(holders) == before + 1
    with holders.database.reading() as session:
        everybody = officers.publics(session, holders.people.values())
    assert set(everybody) == {holders.people[name] for name in ("ida", "vina", "kiki")}


def test_a_key_needs_a_second_factor_which_then_cannot_be_taken_off(
    database: Database, now: datetime, clock: FrozenClock
) -> None:
    holders = with_keys(database, now)
    ida = holders.people["ida"]
    with pytest.raises(Unacceptable, match="two-step") as refused:
        officers.make_key(database, ida, PASSWORD, requires_factor=True, now=now)
    assert refused.value.field == "second_factor"
    secret = enrol(holders, "ida", clock)
    officers.make_key(database, ida, PASSWORD, requires_factor=True, now=clock())
    with pytest.raises(Unacceptable, match="needs two-step"):
        second_factor.remove(database, ida, PASSWORD, code(secret, clock.advance(seconds=60)), SEAL, clock())


def test_what_stands_on_record_names_no_secret(holders: Holders) -> None:
    told = [(entry.event, entry.subject) for entry in holders.told() if entry.event.startswith(("officer", "escrow"))]
    ida, vina = holders.people["ida"], holders.people["vina"]
    assert told == [
        ("escrow_made", f"disclosure_regions:{holders.region_id}"),
        ("officer_key_made", f"officer_keys:{ida}"), ("officer_key_made", f"officer_keys:{vina}"),
    ]  # fmt: skip
    assert " ".join(holders.sheets[0].split()[4:7]) not in repr([entry.new for entry in holders.told()])


# -- signing in --------------------------------------------------------------------------------------------------------


def test_signing_in_opens_the_key_and_every_request_with_the_token_reads(holders: Holders, now: datetime) -> None:
    case = holders.seal_a_case(now, "ida")
    token = holders.sign_in("ida", now)
    assert holders.reads(token, case, now)
    assert not holders.reads(holders.sign_in("vina", now), case, now)


def test_t40_nothing_on_the_server_opens_the_key_without_the_browsers_token(holders: Holders, now: datetime) -> None:
    token = holders.sign_in("ida", now)
    with holders.database.reading() as session:
        row = session.scalars(select(SignInSession)).one()
        assert row.sealed_key is not None
        assert token.encode() not in row.sealed_key
    for guess in (row.token_hash, token[:-1] + "A" * (token[-1] != "A") + "B" * (token[-1] == "A"), "", "x" * 200):
        assert unlocking.keyring_of(holders.people["ida"], guess, row.sealed_key) is None
    assert unlocking.keyring_of(holders.people["vina"], token, row.sealed_key) is None


def test_who_has_no_key_signs_in_as_ever(holders: Holders, now: datetime) -> None:
    assert holders.keyring(holders.sign_in("kiki", now), now) is None


def test_a_sign_in_in_two_requests_keeps_neither_password_nor_open_key_between(
    holders: Holders, clock: FrozenClock
) -> None:
    case = holders.seal_a_case(clock(), "ida")
    secret = enrol(holders, "ida", clock)
    clock.advance(seconds=60)
    asked = unlocking.sign_in(holders.database, "ida", PASSWORD, network="10.1.2.3", browser="Tes", now=clock())
    assert isinstance(asked, CodeNeeded)
    with holders.database.reading() as session:
        waiting = session.scalars(select(PendingSignIn)).one()
        assert waiting.sealed_key is not None
    assert unlocking.keyring_of(holders.people["ida"], asked.token, waiting.sealed_key) is None  # not yet a session's
    signed = unlocking.finish_sign_in(
        holders.database, asked.token, code(secret, clock()), SEAL, network="10.1.2.3", browser="Tes", now=clock()
    )
    assert isinstance(signed, SignedIn)
    assert holders.reads(signed.token, case, clock())
    with holders.database.reading() as session:
        assert session.scalars(select(PendingSignIn)).all() == []


def test_whoever_holds_keys_and_lost_the_second_factor_opens_nothing_before_there_is_one(
    holders: Holders, clock: FrozenClock
) -> None:
    with holders.database.writing.begin() as session:
        session.get_one(Account, holders.people["ida"]).needs_second_factor = True
    token = holders.sign_in("ida", clock())
    with holders.database.reading() as session:
        found = sessions.visitor(session, token, clock())
    assert found is not None and found.must_add_factor and found.sealed_key is None
    assert unlocking.unlock(holders.database, holders.people["ida"], token, PASSWORD, clock()) is Opening.NO_FACTOR


# -- put away ----------------------------------------------------------------------------------------------------------


def test_a_key_is_put_away_after_half_an_hour_and_the_person_stays_signed_in(
    holders: Holders, clock: FrozenClock
) -> None:
    token = holders.sign_in("ida", clock())
    clock.advance(minutes=29)
    assert holders.keyring(token, clock()) is not None
    touch(holders, token, clock())
    clock.advance(minutes=29)
    assert holders.keyring(token, clock()) is not None
    clock.advance(minutes=1)
    assert holders.keyring(token, clock()) is None
    touch(holders, token, clock())
    assert holders.keyring(token, clock()) is None  # the next request does not bring it back
    assert unlocking.unlock(holders.database, holders.people["ida"], token, PASSWORD, clock()) is Opening.OPEN
    assert holders.keyring(token, clock()) is not None


def test_a_key_left_lying_is_wiped_from_the_database(holders: Holders, clock: FrozenClock) -> None:
    holders.sign_in("ida", clock())
    with holders.database.writing.begin() as session:
        sessions.drop_old_sessions(session, clock.advance(minutes=30))
        assert session.scalars(select(SignInSession.sealed_key)).all() == [None]


def test_after_twelve_hours_there_is_no_key_however_busy_the_person_was(holders: Holders, clock: FrozenClock) -> None:
    token = holders.sign_in("ida", clock())
    for _ in range(25):
        touch(holders, token, clock.advance(minutes=29))
    assert holders.keyring(token, clock()) is None


def test_signing_out_anywhere_takes_the_key_along(holders: Holders, now: datetime) -> None:
    one, other = holders.sign_in("ida", now), holders.sign_in("ida", now)
    with holders.database.writing.begin() as session:
        sessions.revoke(session, holders.people["ida"], sessions.token_hash(one))
    assert holders.keyring(one, now) is None
    assert holders.keyring(other, now) is not None
    with holders.database.writing.begin() as session:
        sessions.wipe_keys(session, holders.people["ida"])
    assert holders.keyring(other, now) is None


# -- another password --------------------------------------------------------------------------------------------------


def test_t27_a_new_password_keeps_every_case_open_and_the_old_one_opens_nothing(
    holders: Holders, clock: FrozenClock
) -> None:
    case = holders.seal_a_case(clock(), "ida")
    token = holders.sign_in("ida", clock())
    now = clock.advance(minutes=1)
    keep = sessions.token_hash(token)
    unlocking.change_password(holders.database, holders.people["ida"], PASSWORD, NEW, keep=keep, now=now)
    assert holders.reads(token, case, now)
    assert holders.reads(holders.sign_in("ida", now, NEW), case, now)
    assert not state(holders, "ida").is_out_of_reach


def test_t27_password_and_key_change_together_or_not_at_all(holders: Holders, clock: FrozenClock) -> None:
    """Another browser of hers changes the key between the slow hashes and the transaction."""
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    with holders.database.reading() as session:
        kept = officers.kept_keys(session, ida)
    assert kept is not None
    moved = officer_keys.with_new_password(kept, PASSWORD, NEW, cost=CHEAP_COST)
    with holders.database.writing.begin() as session:
        officers.put_keys(session, kept, officer_keys.with_new_password(kept, PASSWORD, PASSWORD, cost=CHEAP_COST))
    with pytest.raises(Conflict):
        accounts.change_password(
            holders.database, ida, PASSWORD, NEW, keep=None, now=clock.advance(minutes=1),
            along=lambda session: officers.put_keys(session, kept, moved),
        )  # fmt: skip
    assert holders.reads(holders.sign_in("ida", clock()), case, clock())


def test_t27_a_wrong_or_weak_password_changes_neither(holders: Holders, clock: FrozenClock) -> None:
    ida = holders.people["ida"]
    with holders.database.reading() as session:
        before = session.get_one(OfficerKey, ida).by_password
    for old, new in (("bukan-kata-sandi", NEW), (PASSWORD, "pendek")):
        with pytest.raises(Unacceptable):
            unlocking.change_password(holders.database, ida, old, new, keep=None, now=clock.advance(minutes=1))
    with holders.database.reading() as session:
        assert session.get_one(OfficerKey, ida).by_password == before


def test_t33_a_password_set_by_an_administrator_opens_no_case(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    before = holders.sign_in("ida", clock())
    given = accounts.reset_password(holders.database, ida, by=holders.people["admin"], now=clock.advance(minutes=1))
    assert holders.keyring(before, clock()) is None
    token = holders.sign_in("ida", clock(), given)
    assert not holders.reads(token, case, clock())
    assert state(holders, "ida").is_out_of_reach
    assert unlocking.unlock(holders.database, ida, token, given, clock()) is Opening.OUT_OF_REACH
    unlocking.change_password(holders.database, ida, given, NEW, keep=None, now=clock.advance(minutes=1))
    assert not holders.reads(holders.sign_in("ida", clock(), NEW), case, clock())
    assert "ida" in holders.holders(case)  # for the custodians; nothing is lost yet


def test_t27_whoever_still_knows_the_password_before_the_reset_opens_the_key_with_it(
    holders: Holders, clock: FrozenClock
) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    given = accounts.reset_password(holders.database, ida, by=None, now=clock.advance(minutes=1))
    now = clock.advance(minutes=1)
    assert not unlocking.reopen_by_old_password(holders.database, ida, "salah-sekali-ini", given, now)
    with pytest.raises(Unacceptable):
        unlocking.reopen_by_old_password(holders.database, ida, PASSWORD, PASSWORD, now)
    assert unlocking.reopen_by_old_password(holders.database, ida, PASSWORD, given, now)
    assert holders.reads(holders.sign_in("ida", now, given), case, now)


def test_t27_a_new_pair_gives_up_what_the_old_one_opened_and_others_give_it_again(
    holders: Holders, clock: FrozenClock
) -> None:
    case, ida = holders.seal_a_case(clock(), "ida", "vina"), holders.people["ida"]
    given = accounts.reset_password(holders.database, ida, by=None, now=clock.advance(minutes=1))
    before, old = revision(holders), public_of(holders, "ida")
    holders.make_key("ida", clock.advance(minutes=1), replaces=True, password=given)
    assert holders.holders(case) == ["receipt", "vina"]
    assert public_of(holders, "ida") != old
    assert revision(holders) > before  # what vina's next unlocking looks at
    token = holders.sign_in("ida", clock(), given)
    assert holders.keyring(token, clock()) is not None
    assert not holders.reads(token, case, clock())


def test_a_new_pair_never_gives_up_the_last_copy_of_a_case(holders: Holders, clock: FrozenClock) -> None:
    shared, alone = holders.seal_a_case(clock(), "ida", "vina"), holders.seal_a_case(clock(), "ida")
    with pytest.raises(Unacceptable, match="c-000001") as refused:
        holders.make_key("ida", clock.advance(minutes=1), replaces=True)
    assert refused.value.field == "last_copy"
    assert "ida" in holders.holders(shared) and "ida" in holders.holders(alone)


# -- what is old, and what is not hers ---------------------------------------------------------------------------------


def test_t28_a_cheaper_hash_is_renewed_when_the_password_is_at_hand(
    holders: Holders, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, before = holders.seal_a_case(now, "ida"), by_password(holders, "ida")
    monkeypatch.setattr(officers, "_cost", Cost(2, 16 * 1024))
    assert holders.reads(holders.sign_in("ida", now), case, now)
    renewed = by_password(holders, "ida")
    assert renewed != before and renewed[1] == 2  # passes stand in the head
    assert holders.reads(holders.sign_in("ida", now), case, now)
    assert by_password(holders, "ida") == renewed


def test_t28_an_old_backup_with_the_old_password_opens_no_case_sealed_after_a_new_pair(
    holders: Holders, clock: FrozenClock
) -> None:
    before, ida = holders.seal_a_case(clock(), "ida", "vina"), holders.people["ida"]
    with holders.database.reading() as session:
        backup = officers.kept_keys(session, ida)
    assert backup is not None
    stolen = Keyring(officer(ida), officer_keys.opened(backup, PASSWORD))
    holders.make_key("ida", clock.advance(minutes=1), replaces=True)
    after = holders.seal_a_case(clock(), "ida")
    with holders.database.reading() as session:
        hold(session, stolen)
        for case in (before, after):
            with pytest.raises(KeyNeeded):
                seals.seal_of(session, case)
    assert holders.reads(holders.sign_in("ida", clock()), after, clock())


def test_a_public_key_put_in_an_officers_place_is_noticed_and_recorded(holders: Holders, now: datetime) -> None:
    with holders.database.writing.begin() as session:
        session.get_one(OfficerKey, holders.people["ida"]).public = bytes(32)
    token = holders.sign_in("ida", now)
    assert holders.keyring(token, now) is None
    assert unlocking.unlock(holders.database, holders.people["ida"], token, PASSWORD, now) is Opening.UNFIT
    assert [entry.event for entry in holders.told()][-1] == "officer_key_unfit"


def test_t79_without_room_for_its_hash_a_key_stays_locked_and_nobody_is_kept_out(
    holders: Holders, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OF_THIS_PROCESS, "_wait_seconds", 0.0)
    with OF_THIS_PROCESS.taking(512 * MIB):
        token = holders.sign_in("ida", now)
        assert holders.keyring(token, now) is None
        with pytest.raises(TooBusy):
            unlocking.unlock(holders.database, holders.people["ida"], token, PASSWORD, now)
        with pytest.raises(TooBusy):
            unlocking.change_password(holders.database, holders.people["ida"], PASSWORD, NEW, keep=None, now=now)
    assert holders.keyring(holders.sign_in("ida", now), now) is not None


def test_tries_at_a_key_are_counted_as_those_of_codes(holders: Holders, now: datetime) -> None:
    token = holders.sign_in("ida", now)
    for _ in range(5):
        with pytest.raises(Unacceptable, match="present password"):
            unlocking.unlock(holders.database, holders.people["ida"], token, "bukan-kata-sandi", now)
    with pytest.raises(Unacceptable, match="Too many tries"):
        unlocking.unlock(holders.database, holders.people["ida"], token, PASSWORD, now + timedelta(seconds=1))


# -- parts -------------------------------------------------------------------------------------------------------------


def enrol(holders: Holders, name: str, clock: FrozenClock) -> str:
    """Sets a second factor up and gives its secret."""
    person = holders.people[name]
    found = second_factor.begin(holders.database, person, PASSWORD, SEAL, clock())
    secret = found.secret.replace(" ", "")
    second_factor.confirm(holders.database, person, code(secret, clock()), SEAL, keep=None, now=clock())
    return secret


def code(secret: str, now: datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def touch(holders: Holders, token: str, now: datetime) -> None:
    with holders.database.writing.begin() as session:
        sessions.touch(session, sessions.token_hash(token), now)


def state(holders: Holders, name: str) -> officers.KeyState:
    with holders.database.reading() as session:
        return officers.key_state(session, holders.people[name])


def public_of(holders: Holders, name: str) -> bytes:
    with holders.database.reading() as session:
        return session.get_one(OfficerKey, holders.people[name]).public


def by_password(holders: Holders, name: str) -> bytes:
    with holders.database.reading() as session:
        return session.get_one(OfficerKey, holders.people[name]).by_password
