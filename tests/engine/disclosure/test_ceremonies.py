"""Key ceremonies, recovery by custodians, sheets that are lost, and people who leave; T27 on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from engine.database import Database
from engine.disclosure import officers, recovery, typed_sheets, unlocking
from engine.disclosure.ceremony import agree_to_escrow, escrow_state, hold_ceremony, waits_for_agreement
from engine.disclosure.leaving import leave, take_key_away
from engine.disclosure.models import DisclosureRegion
from engine.disclosure.typed_sheets import TypedSheets, from_page, to_page, with_sheet
from engine.errors import Conflict, NotFound
from engine.organisation import accounts
from engine.organisation.faults import Unacceptable
from engine.organisation.recorded import Author
from tests.conftest import FrozenClock
from tests.engine.disclosure.key_holders import Holders, key_holders, with_keys
from tests.factories import PASSWORD, a_region

NEW = "sore-hari-di-pantai"
TODAY = date(2026, 3, 2)


@pytest.fixture
def holders(database: Database, clock: FrozenClock) -> Holders:
    return with_keys(database, clock(), "ida", "vina", "kiki")


# -- recovery ----------------------------------------------------------------------------------------------------------


def test_t27_enough_custodians_open_the_key_under_the_present_password(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    given = accounts.reset_password(holders.database, ida, by=None, now=clock.advance(minutes=1))
    now = clock.advance(minutes=1)
    with pytest.raises(Unacceptable, match="2 different sheets"):
        recovery.recover(holders.database, ida, [holders.sheets[0], holders.sheets[0].upper()], given, now)
    with pytest.raises(Unacceptable, match="present password"):
        recovery.recover(holders.database, ida, holders.sheets[:2], PASSWORD, now)
    assert not holders.reads(holders.sign_in("ida", now, given), case, now)
    recovery.recover(holders.database, ida, [holders.sheets[2], holders.sheets[0]], given, now)
    assert holders.reads(holders.sign_in("ida", now, given), case, now)
    last = holders.told()[-1]
    assert (last.event, last.new["sheets"]) == ("officer_key_recovered", [1, 3])


def test_t27_who_cannot_sign_in_gets_account_and_key_back_by_one_password(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    before = holders.sign_in("ida", clock())
    now = clock.advance(minutes=1)
    with pytest.raises(Unacceptable, match="10 characters"):
        recovery.recover_account(holders.database, ida, holders.sheets[:2], "pendek", by=None, now=now)
    recovery.recover_account(holders.database, ida, holders.sheets[:2], NEW, by=None, now=now)
    assert holders.keyring(before, now) is None
    assert holders.reads(holders.sign_in("ida", now, NEW), case, now)


def test_sheets_of_another_region_recover_nothing(holders: Holders, clock: FrozenClock) -> None:
    elsewhere = key_holders_elsewhere(holders, clock)
    with pytest.raises(Unacceptable, match="do not give"):
        recovery.recover(holders.database, holders.people["ida"], elsewhere, PASSWORD, clock())


def test_nobody_without_a_key_is_recovered(holders: Holders, clock: FrozenClock) -> None:
    with pytest.raises(NotFound):
        recovery.recover(holders.database, holders.people["admin"], holders.sheets[:2], PASSWORD, clock())


# -- a new ceremony ----------------------------------------------------------------------------------------------------


def test_a_new_ceremony_moves_every_second_copy_with_the_old_sheets(holders: Holders, clock: FrozenClock) -> None:
    case, old = holders.seal_a_case(clock(), "ida"), holders.sheets
    with pytest.raises(Unacceptable, match="Type the sheets of the ceremony before"):
        holders.ceremony(clock.advance(minutes=1))
    held = holders.ceremony(clock(), *old[1:], needed=3, custodians=4)
    assert (held.moved, held.left, len(held.sheets)) == (3, 0, 4)
    ida = holders.people["ida"]
    with pytest.raises(Unacceptable):
        recovery.recover(holders.database, ida, old, PASSWORD, clock())
    recovery.recover(holders.database, ida, held.sheets[:3], PASSWORD, clock.advance(minutes=1))
    assert holders.reads(holders.sign_in("ida", clock()), case, clock())


def test_when_the_sheets_are_lost_each_officer_is_asked_before_the_new_custodians_get_a_copy(
    holders: Holders, clock: FrozenClock
) -> None:
    case, ida, old = holders.seal_a_case(clock(), "ida"), holders.people["ida"], holders.sheets
    held = holders.ceremony(clock.advance(minutes=1), lost=True)
    assert (held.moved, held.left) == (0, 3)
    token = holders.sign_in("ida", clock())
    assert holders.reads(token, case, clock())  # nothing is shut meanwhile
    with pytest.raises(Unacceptable):
        recovery.recover(holders.database, ida, held.sheets, PASSWORD, clock())
    recovery.recover(holders.database, ida, old[:2], PASSWORD, clock())  # should they be found again
    keyring = holders.keyring(token, clock())
    assert keyring is not None
    with holders.database.writing.begin() as session:
        assert waits_for_agreement(session, ida)
        agree_to_escrow(session, ida, keyring.pair, seen=escrow_state(session, holders.region_id).public, now=clock())
        assert not waits_for_agreement(session, ida)
    recovery.recover(holders.database, ida, held.sheets[:2], PASSWORD, clock())


def test_nobody_agrees_to_a_ceremony_other_than_the_one_they_were_shown(holders: Holders, clock: FrozenClock) -> None:
    keyring = holders.keyring(holders.sign_in("ida", clock()), clock())
    assert keyring is not None
    with holders.database.reading() as session:
        shown = escrow_state(session, holders.region_id).public
    holders.ceremony(clock.advance(minutes=1), lost=True)
    with holders.database.writing.begin() as session, pytest.raises(Conflict):
        agree_to_escrow(session, holders.people["ida"], keyring.pair, seen=shown, now=clock())


def test_a_page_sent_twice_holds_one_ceremony(database: Database, clock: FrozenClock) -> None:
    holders = key_holders(database, clock())
    holders.ceremony(clock())
    with database.writing.begin() as session, pytest.raises(Conflict):
        hold_ceremony(session, holders.region_id, 2, 3, seen="", by=None, now=clock())


def test_a_ceremony_before_anybody_has_a_key_needs_no_old_sheets(database: Database, clock: FrozenClock) -> None:
    holders = key_holders(database, clock())
    holders.ceremony(clock())
    salt = escrow_salt(holders)
    held = holders.ceremony(clock.advance(minutes=1))
    assert (held.moved, held.left) == (0, 0)
    assert escrow_salt(holders) == salt  # another one would kill every receipt


def test_no_ceremony_for_one_custodian_alone(database: Database, clock: FrozenClock) -> None:
    holders = key_holders(database, clock())
    with pytest.raises(Unacceptable, match="custodians"):
        holders.ceremony(clock(), needed=1)


# -- sheets typed one after another ------------------------------------------------------------------------------------


def test_what_one_custodian_typed_comes_along_and_the_next_cannot_read_it(holders: Holders, clock: FrozenClock) -> None:
    token, secret, purpose = "t" * 43, "k" * 48, "recovery:12"
    typed = with_sheet(TypedSheets(), holders.sheets[0].upper(), clock())
    carried = to_page(typed, purpose, token, secret)
    assert " ".join(holders.sheets[0].split()[4:7]) not in carried
    again = from_page(carried, purpose, token, secret, clock.advance(minutes=5))
    assert (again.words, again.places, again.needed, again.is_enough) == ((holders.sheets[0],), (1,), 2, False)
    assert with_sheet(again, holders.sheets[1], clock()).is_enough
    for other in ((purpose, "u" * 43, secret), (purpose, token, "l" * 48), ("recovery:13", token, secret)):
        assert from_page(carried, *other, clock()) == TypedSheets()
    assert from_page(carried + "x", purpose, token, secret, clock()) == TypedSheets()
    assert from_page(carried, purpose, token, secret, clock() + typed_sheets.LASTS) == TypedSheets()


def test_a_sheet_is_typed_once_and_all_are_of_one_ceremony(holders: Holders, clock: FrozenClock) -> None:
    typed = with_sheet(TypedSheets(), holders.sheets[0], clock())
    with pytest.raises(Unacceptable, match="Sheet 1 has been typed"):
        with_sheet(typed, holders.sheets[0], clock())
    with pytest.raises(Unacceptable, match="different key ceremony"):
        with_sheet(typed, key_holders_elsewhere(holders, clock)[1], clock())
    for wrong in ("", "bukan kata", holders.sheets[1] + " academic", "a" * 5000):
        with pytest.raises(Unacceptable):
            with_sheet(typed, wrong, clock())


# -- leaving -----------------------------------------------------------------------------------------------------------


def test_who_leaves_loses_key_copies_and_open_browsers_at_once(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida", "vina", custodians=("kiki", "ida")), holders.people["ida"]
    token = holders.sign_in("ida", clock())
    with holders.database.writing.begin() as session:
        gone = leave(session, ida, on=TODAY, author=Author(None, clock()))
    assert (gone.cases, gone.kept) == (1, 0)
    assert holders.holders(case) == ["receipt", "vina"]
    assert holders.keyring(token, clock()) is None
    with holders.database.reading() as session:
        assert not officers.key_state(session, ida).has_key
        assert officers.publics(session, [ida]) == {}


def test_the_last_copy_stays_for_the_custodians_who_hand_it_over(holders: Holders, clock: FrozenClock) -> None:
    shared, alone = holders.seal_a_case(clock(), "ida", "vina"), holders.seal_a_case(clock(), "ida")
    ida, vina = holders.people["ida"], holders.people["vina"]
    with holders.database.writing.begin() as session:
        gone = leave(session, ida, on=TODAY, author=Author(None, clock()))
    assert (gone.cases, gone.kept) == (1, 1)
    assert holders.holders(shared) == ["receipt", "vina"]
    assert holders.holders(alone) == ["ida", "receipt"]
    assert holders.told()[-1].new == {"cases": 1, "last_copies": 1}
    with pytest.raises(Unacceptable, match="must have a key"):
        recovery.hand_over(holders.database, ida, holders.people["admin"], holders.sheets[:2], by=None, now=clock())
    given = recovery.hand_over(holders.database, ida, vina, holders.sheets[:2], by=None, now=clock())
    assert given == 1
    assert holders.holders(alone) == ["receipt", "vina"]  # and nothing is left of who has gone
    assert holders.reads(holders.sign_in("vina", clock()), alone, clock())


def test_a_key_is_taken_from_who_stays_only_when_others_can_go_on(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    with holders.database.writing.begin() as session, pytest.raises(Unacceptable, match="alone opens 1 case\\."):
        take_key_away(session, ida, keeps_last=False, by=None, now=clock())
    assert holders.holders(case) == ["ida", "receipt"]
    with holders.database.writing.begin() as session:
        gone = take_key_away(session, ida, keeps_last=True, by=None, now=clock())
    assert gone.kept == 1
    recovery.hand_over(holders.database, ida, holders.people["vina"], holders.sheets[:2], by=None, now=clock())
    with holders.database.writing.begin() as session:
        gone = take_key_away(session, ida, keeps_last=False, by=None, now=clock())
    assert (gone.cases, gone.kept) == (1, 0)
    assert holders.holders(case) == ["receipt", "vina"]


def test_the_last_custodians_copy_of_an_identity_counts_too(holders: Holders, clock: FrozenClock) -> None:
    holders.seal_a_case(clock(), "ida", "vina", custodians=("ida",))
    with holders.database.writing.begin() as session, pytest.raises(Unacceptable):
        take_key_away(session, holders.people["ida"], keeps_last=False, by=None, now=clock())


def test_nobody_without_a_key_has_one_taken_and_leaves_as_ever(holders: Holders, clock: FrozenClock) -> None:
    with holders.database.writing.begin() as session, pytest.raises(NotFound):
        take_key_away(session, holders.people["admin"], keeps_last=True, by=None, now=clock())
    with holders.database.writing.begin() as session:
        assert leave(session, holders.people["admin"], on=TODAY, author=Author(None, clock())).cases == 0


def test_t27_after_a_recovery_a_password_change_goes_on_as_ever(holders: Holders, clock: FrozenClock) -> None:
    case, ida = holders.seal_a_case(clock(), "ida"), holders.people["ida"]
    given = accounts.reset_password(holders.database, ida, by=None, now=clock.advance(minutes=1))
    recovery.recover(holders.database, ida, holders.sheets[:2], given, clock.advance(minutes=1))
    unlocking.change_password(holders.database, ida, given, NEW, keep=None, now=clock.advance(minutes=1))
    assert holders.reads(holders.sign_in("ida", clock(), NEW), case, clock())


# -- parts -------------------------------------------------------------------------------------------------------------


def key_holders_elsewhere(holders: Holders, clock: FrozenClock) -> tuple[str, ...]:
    """Two sheets of another region's ceremony."""
    with holders.database.writing.begin() as session:
        return hold_ceremony(session, a_region(session).id, 2, 3, seen="", by=None, now=clock()).sheets[:2]


def escrow_salt(holders: Holders) -> bytes:
    with holders.database.reading() as session:
        return session.get_one(DisclosureRegion, holders.region_id).salt
