"""The reporter's code: drawn, written down, typed again, derived; statements T11, T12, T17 and T20."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.disclosure import case_keys, primitives, receipt
from engine.disclosure.case_keys import Kind
from engine.disclosure.keyring import RECEIPT
from engine.disclosure.primitives import CannotOpen
from engine.organisation.faults import Unacceptable
from engine.organisation.passwords import TooBusy
from tests.engine.disclosure.kept_values import (
    CASE,
    CHEAP,
    NEVER,
    PEPPER,
    SALT,
    STORY,
    a_sealed_case,
    derived,
    disguises,
    read_story,
)

RECEIPTS = st.builds(lambda _: receipt.new(), st.integers())


def test_t11_nothing_kept_holds_the_receipt() -> None:
    case = a_sealed_case()
    everything = b"\n".join(case.kept.values()) + pickle.dumps((case.officer.kept, case.custodian.kept))
    everything += repr((derived(case.receipt), case.officer, case.kept)).encode()
    for written in (case.receipt, receipt.shown(case.receipt), case.receipt[:16], case.receipt.lower()):
        assert not any(disguise in everything for disguise in disguises(written))


def test_t12_ten_thousand_receipts_are_different_and_well_formed() -> None:
    drawn = {receipt.new() for _ in range(10_000)}
    assert len(drawn) == 10_000
    assert {len(code) for code in drawn} == {17}
    assert set().union(*drawn) == set(receipt.ALPHABET)
    assert all(receipt.normalised(code) == code for code in drawn)
    for place in range(receipt.RANDOM_CHARACTERS):
        assert {code[place] for code in drawn} == set(receipt.ALPHABET)


def test_t12_a_receipt_has_eighty_random_bits() -> None:
    assert len(receipt.ALPHABET) ** receipt.RANDOM_CHARACTERS == 2**80


@given(RECEIPTS)
def test_t12_every_single_wrong_character_is_noticed(code: str) -> None:
    for place, right in enumerate(code):
        for wrong in set(receipt.ALPHABET) - {right}:
            assert receipt.normalised(code[:place] + wrong + code[place + 1 :]) is None


@given(RECEIPTS)
def test_t12_every_exchange_of_two_characters_is_noticed(code: str) -> None:
    for first in range(len(code)):
        for second in range(first + 1, len(code)):
            signs = list(code)
            signs[first], signs[second] = signs[second], signs[first]
            if signs != list(code):
                assert receipt.normalised("".join(signs)) is None


def test_it_is_written_in_four_groups() -> None:
    assert receipt.shown("7K3MQ9TX2FHBW5RDT") == "7K3M-Q9TX-2FHB-W5RDT"


@pytest.mark.parametrize(
    "typed",
    [
        "7k3m-q9tx-2fhb-w5rdt",
        " 7K3M Q9TX\t2FHB W5RDT ",
        "7K3M–Q9TX–2FHB–W5RDT",
        "7K3MQ9TX2FHBW5RDT",
        "7K3M-Q9TX-2FHB-W5RD",
    ],
)
def test_it_is_read_however_people_type_it(typed: str) -> None:
    assert receipt.normalised(typed) == "7K3MQ9TX2FHBW5RDT"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    written = receipt.normalised("0110-0000-0000-0000")
    assert written is not None
    assert receipt.normalised("OIlo-oooo-OOOO-0000") == written


@pytest.mark.parametrize(
    "typed", ["", "7K3M", "7K3M-Q9TX-2FHB-W5RDT-7", "7K3M-Q9TX-2FHB-W5RU", "٧K3MQ9TX2FHBW5RD", "ŏ" * 17]
)
def test_what_cannot_be_a_receipt_is_none(typed: str) -> None:
    assert receipt.normalised(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_a_receipt_or_not_but_never_a_fault(typed: str) -> None:
    read = receipt.normalised(typed)
    assert read is None or receipt.normalised(receipt.shown(read)) == read


@pytest.mark.parametrize(
    "typed", ["W5RD", "w5rd", "5RDT", "W5RDT", "7K3M-Q9TX-2FHB-W5RDT", "7K3M-Q9TX-2FHB-W5RD", "w 5 r d"]
)
def test_the_last_four_prove_that_it_was_kept(typed: str) -> None:
    assert receipt.is_proven("7K3MQ9TX2FHBW5RDT", typed)


@pytest.mark.parametrize("typed", ["", "5RD", "RDT", "7K3M", "W5R0", "W5RÜ", "X7K3MQ9TX2FHBW5RDT"])
def test_anything_else_does_not(typed: str) -> None:
    assert not receipt.is_proven("7K3MQ9TX2FHBW5RDT", typed)


def test_the_same_receipt_gives_the_same_key_however_it_is_typed() -> None:
    code = receipt.new()
    one, other = derived(code), derived(receipt.shown(code)[:-1].lower())
    assert (one.lookup, one.key) == (other.lookup, other.key)
    assert one.lookup != one.key


def test_another_region_or_another_pepper_gives_another_key() -> None:
    code = receipt.new()
    elsewhere = receipt.derived(code, bytes(16), PEPPER, cost=CHEAP)
    with_other_pepper = derived(code, b"another pepper of 32 bytes here.")
    assert len({derived(code).lookup, elsewhere.lookup, with_other_pepper.lookup}) == 3
    assert len({derived(code).key, elsewhere.key, with_other_pepper.key}) == 3


def test_a_malformed_receipt_takes_the_same_road_and_finds_nothing() -> None:
    for typed in ("7K3M-Q9TX-2FHB-W5RDA", "bukan kode", ""):
        with pytest.raises(TooBusy):  # it reached the slow hash
            receipt.derived(typed, SALT, PEPPER, cost=CHEAP, budget=NEVER)
        assert derived(typed).lookup != derived("7K3M-Q9TX-2FHB-W5RDT").lookup


@pytest.mark.parametrize("pepper", [b"", b"short", b"x" * 65])
def test_a_server_without_a_proper_pepper_derives_nothing(pepper: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        derived(receipt.new(), pepper)


def test_t17_more_than_128_characters_never_reach_the_slow_hash() -> None:
    for typed in ("7" * 129, "7K3M-Q9TX-2FHB-W5RDT" + " " * 200, "é" * 1_000_000):
        with pytest.raises(Unacceptable) as refused:
            receipt.derived(typed, SALT, PEPPER, cost=CHEAP, budget=NEVER)
        assert (refused.value.text.id, refused.value.text.en) == ("Kode terlalu panjang.", "The code is too long.")
    with pytest.raises(TooBusy):
        receipt.derived("7" * 128, SALT, PEPPER, cost=CHEAP, budget=NEVER)


def test_t20_a_new_receipt_opens_the_case_and_the_old_one_is_dead() -> None:
    case = a_sealed_case()
    old = case_keys.receipt_pair(derived(case.receipt).key)
    assert read_story(case, RECEIPT, old)

    renewed = derived(receipt.new())
    new = case_keys.receipt_pair(renewed.key)
    place = f"content for {RECEIPT}"
    case.kept[place] = case_keys.moved(Kind.CONTENT, CASE, case.kept[place], old, new.public)
    case.kept["lookup"] = renewed.lookup

    assert read_story(case, RECEIPT, new)
    assert derived(case.receipt).lookup != case.kept["lookup"]
    with pytest.raises(CannotOpen):
        read_story(case, RECEIPT, old)
    with pytest.raises(CannotOpen):
        primitives.unlock(old.private, case.kept["story"], STORY)


def test_t20_nothing_that_is_kept_can_show_the_receipt_again() -> None:
    code = receipt.new()
    assert "7K3M" not in repr(derived("7K3M-Q9TX-2FHB-W5RDT"))
    shown = repr(derived(code))
    assert "key" not in shown and derived(code).key.hex() not in shown
