"""An officer's keys through changes of password, loss, recovery and renewal; statements T27 and T28."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from engine.disclosure import case_keys, escrow, officer_keys, primitives
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import RECEIPT
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import CannotOpen, Cost
from engine.organisation.passwords import TooBusy
from tests.engine.disclosure.kept_values import (
    CASE,
    CHEAP,
    NEVER,
    PASSWORD,
    REGION,
    SMALL,
    STORY,
    SealedCase,
    a_sealed_case,
    an_officer,
    derived,
    read_story,
)

NEW = "sore-hari-di-pantai"


@pytest.fixture
def case() -> SealedCase:
    return a_sealed_case()


def with_new_password(kept: OfficerKeys, old: str = PASSWORD, new: str = NEW) -> OfficerKeys:
    return officer_keys.with_new_password(kept, old, new, cost=CHEAP)


def test_the_password_opens_the_keys_and_no_other_does(case: SealedCase) -> None:
    kept = case.officer.kept
    assert officer_keys.opened(kept, PASSWORD).private == case.officer.pair.private
    for wrong in ("", PASSWORD.upper(), PASSWORD + " ", "x" * 201):
        with pytest.raises(CannotOpen):
            officer_keys.opened(kept, wrong)


def test_the_password_is_the_same_however_the_keyboard_writes_it() -> None:
    officer = an_officer("12", primitives.new_pair().public, unicodedata.normalize("NFC", "café-di-sawah"))
    typed = unicodedata.normalize("NFD", "café-di-sawah")
    assert officer_keys.opened(officer.kept, typed).private == officer.pair.private


def test_a_password_too_long_never_reaches_the_slow_hash(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        officer_keys.opened(case.officer.kept, "x" * 201, budget=NEVER)
    with pytest.raises(TooBusy):
        officer_keys.opened(case.officer.kept, "x" * 200, budget=NEVER)


def test_keys_moved_to_another_person_do_not_open(case: SealedCase) -> None:
    for owner in (Owner(REGION, "13"), Owner("kota_lain", "12")):
        with pytest.raises(CannotOpen):
            officer_keys.opened(replace(case.officer.kept, owner=owner), PASSWORD)


def test_a_public_key_put_in_place_of_the_officers_is_noticed_at_the_next_sign_in(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        officer_keys.opened(replace(case.officer.kept, public=primitives.new_pair().public), PASSWORD)


@pytest.mark.parametrize(
    "damaged", [b"", b"\x01", b"\x02", b"\x01\xff\xff\xff\xff\xff" + bytes(90), b"\x01" + bytes(95)]
)
def test_a_damaged_row_neither_opens_nor_keeps_the_machine_busy(case: SealedCase, damaged: bytes) -> None:
    with pytest.raises(CannotOpen):
        officer_keys.opened(replace(case.officer.kept, by_password=damaged), PASSWORD, budget=SMALL)


def test_t27_a_change_of_password_keeps_every_case_open(case: SealedCase) -> None:
    changed = with_new_password(case.officer.kept)
    assert read_story(case, "12", officer_keys.opened(changed, NEW))
    assert changed.public == case.officer.kept.public
    with pytest.raises(CannotOpen):
        officer_keys.opened(changed, PASSWORD)


def test_t27_a_change_of_password_needs_the_old_one(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        with_new_password(case.officer.kept, old="not-the-old-one")


def test_t27_a_reset_by_an_administrator_gives_new_keys_that_open_no_old_case(case: SealedCase) -> None:
    again = an_officer("12", case.kept["escrow public"], NEW)
    with pytest.raises(CannotOpen):
        read_story(case, "12", again.pair)
    with pytest.raises(CannotOpen):
        officer_keys.opened(case.officer.kept, NEW)


def test_t27_after_such_a_reset_another_recipient_lets_the_officer_in_again(case: SealedCase) -> None:
    again = an_officer("12", case.kept["escrow public"], NEW)
    reporter = case_keys.receipt_pair(derived(case.receipt).key)
    case.kept["content for 12"] = case_keys.moved(
        Kind.CONTENT, CASE, case.kept[f"content for {RECEIPT}"], reporter, again.pair.public
    )
    assert read_story(case, "12", again.pair)


def test_t27_enough_custodians_recover_the_keys_and_every_case(case: SealedCase) -> None:
    together = escrow.put_together([case.shares[0], case.shares[2]], case.kept["escrow public"])
    recovered = officer_keys.recovered(case.officer.kept, together, NEW, cost=CHEAP)
    assert read_story(case, "12", officer_keys.opened(recovered, NEW))
    with pytest.raises(CannotOpen):
        officer_keys.opened(recovered, PASSWORD)


def test_t27_the_custodians_of_another_region_recover_nothing(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        officer_keys.recovered(case.officer.kept, primitives.new_pair(), NEW, cost=CHEAP)


def test_t27_one_officers_escrow_copy_recovers_no_other(case: SealedCase) -> None:
    together = escrow.put_together(case.shares[:2], case.kept["escrow public"])
    mixed = replace(case.officer.kept, by_escrow=case.custodian.kept.by_escrow)
    with pytest.raises(CannotOpen):
        officer_keys.recovered(mixed, together, NEW, cost=CHEAP)


def test_t27_after_a_new_ceremony_only_the_new_sheets_recover(case: SealedCase) -> None:
    old = escrow.put_together(case.shares[:2], case.kept["escrow public"])
    ceremony = escrow.new_escrow(2, 2)
    moved = officer_keys.under_new_escrow(case.officer.kept, old, ceremony.public)
    new = escrow.put_together(ceremony.shares, ceremony.public)
    recovered = officer_keys.recovered(moved, new, NEW, cost=CHEAP)
    assert officer_keys.opened(recovered, NEW).private == case.officer.pair.private
    with pytest.raises(CannotOpen):
        officer_keys.recovered(moved, old, NEW, cost=CHEAP)


def test_t28_new_keys_of_an_officer_open_all_cases_and_the_old_ones_no_new_case(case: SealedCase) -> None:
    backup = case.officer.kept
    renewed = an_officer("12", case.kept["escrow public"])
    case.kept["content for 12"] = case_keys.moved(
        Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair, renewed.pair.public
    )
    assert read_story(case, "12", renewed.pair)
    with pytest.raises(CannotOpen):
        read_story(case, "12", officer_keys.opened(backup, PASSWORD))
    later = case_keys.new_case_keys(CASE, {"12": renewed.pair.public}, {"31": case.custodian.pair.public})
    with pytest.raises(CannotOpen):
        case_keys.opened(Kind.CONTENT, CASE, later.sealed_content["12"], officer_keys.opened(backup, PASSWORD))


def test_t28_a_case_under_a_new_key_stays_open_for_those_who_stay_only(case: SealedCase) -> None:
    reporter = case_keys.receipt_pair(derived(case.receipt).key)
    old = case_keys.opened(Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair)
    new, copies = case_keys.renewed(Kind.CONTENT, CASE, {RECEIPT: reporter.public})
    case.kept["story"] = case_keys.relocked(old, new, case.kept["story"], STORY)
    case.kept.update({f"content for {holder}": blob for holder, blob in copies.items()})
    assert read_story(case, RECEIPT, reporter)
    with pytest.raises(CannotOpen):
        primitives.unlock(old, case.kept["story"], STORY)
    with pytest.raises(CannotOpen):
        read_story(case, "12", case.officer.pair)


def test_t28_a_file_follows_its_case_to_a_new_key_without_being_written_again(case: SealedCase) -> None:
    place = CASE.context("file-key:1")
    old = case_keys.opened(Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair)
    file_key = primitives.unwrap(old, case.kept["file key"], place)
    new, _ = case_keys.renewed(Kind.CONTENT, CASE, {"12": case.officer.pair.public})
    moved = case_keys.rewrapped(old, new, case.kept["file key"], place)
    assert primitives.unwrap(new, moved, place) == file_key
    with pytest.raises(CannotOpen):
        primitives.unwrap(old, moved, place)


def test_t28_a_receipt_of_an_old_backup_finds_nothing_under_a_new_pepper(case: SealedCase) -> None:
    assert derived(case.receipt, b"the pepper of the new server....").lookup != case.kept["lookup"]


def test_keys_made_cheaper_than_today_are_known_as_outdated(case: SealedCase) -> None:
    assert officer_keys.is_outdated(case.officer.kept)
    assert not officer_keys.is_outdated(case.officer.kept, CHEAP)
    assert officer_keys.is_outdated(case.officer.kept, Cost(2, CHEAP.memory))
    with pytest.raises(CannotOpen):
        officer_keys.is_outdated(replace(case.officer.kept, by_password=b""))
