"""The sheets of the custodians: enough of them give the region's key, fewer give nothing; statement T27."""

from __future__ import annotations

import itertools

import pytest

from engine.disclosure import escrow, primitives
from engine.organisation.faults import Unacceptable

CEREMONY = escrow.new_escrow(2, 3)


def refused(*shares: str, public: bytes = CEREMONY.public) -> str:
    with pytest.raises(Unacceptable) as told:
        escrow.put_together(shares, public)
    assert told.value.text.id != told.value.text.en
    return told.value.text.en


def test_t27_any_two_of_three_sheets_give_the_regions_key() -> None:
    private = set()
    for two in itertools.permutations(CEREMONY.shares, 2):
        pair = escrow.put_together(two, CEREMONY.public)
        assert pair.public == CEREMONY.public
        private.add(pair.private)
    assert len(private) == 1
    assert escrow.put_together(CEREMONY.shares, CEREMONY.public).private in private


def test_t27_the_largest_ceremony_holds() -> None:
    ceremony = escrow.new_escrow(9, 16)
    assert escrow.put_together(ceremony.shares[7:], ceremony.public).public == ceremony.public
    assert refused(*ceremony.shares[8:], public=ceremony.public) == "9 different sheets are needed; there are 8."


def test_t27_one_sheet_is_not_enough_however_often_it_is_given() -> None:
    one = CEREMONY.shares[0]
    assert refused(one) == refused(one, one, one.upper()) == "2 different sheets are needed; there are 1."
    assert refused() == "2 different sheets are needed; there are 0."


def test_t27_sheets_of_another_ceremony_do_not_help() -> None:
    other = escrow.new_escrow(2, 3)
    assert refused(CEREMONY.shares[0], other.shares[1]) == "These sheets come from different key ceremonies."
    assert refused(*other.shares) == "These sheets do not give this region's key."


def test_sheets_are_read_however_they_are_typed() -> None:
    typed = [share.upper().replace(" ", "\n  ") for share in CEREMONY.shares]
    assert escrow.put_together(typed, CEREMONY.public).public == CEREMONY.public


def test_a_mistyped_sheet_is_refused_without_quoting_it() -> None:
    words = CEREMONY.shares[1].split()
    exchanged = [*words[:5], words[6], words[5], *words[7:]]
    for wrong in (words[:-1], [*words[:-1], "kunci"], exchanged, [], ["academic"] * 33):
        sentence = refused(CEREMONY.shares[0], " ".join(wrong))
        assert sentence == "The words of this sheet do not fit. Check their spelling and order."


def test_a_sheet_tells_which_it_is_before_the_others_come() -> None:
    told = [escrow.seen(share) for share in CEREMONY.shares]
    assert [share.place for share in told] == [1, 2, 3]
    assert {share.needed for share in told} == {2}
    assert len({share.ceremony for share in told}) == 1


@pytest.mark.parametrize(("needed", "custodians"), [(1, 3), (1, 1), (4, 3), (0, 0), (2, 17), (2, 1)])
def test_a_ceremony_for_one_or_for_too_many_is_refused(needed: int, custodians: int) -> None:
    with pytest.raises(Unacceptable) as told:
        escrow.new_escrow(needed, custodians)
    assert "2 to 16" in told.value.text.en and "2 sampai 16" in told.value.text.id


def test_a_sheet_has_thirty_three_words_and_is_not_in_printed_values() -> None:
    assert {len(share.split()) for share in CEREMONY.shares} == {33}
    assert CEREMONY.shares[0].split()[4] not in repr(CEREMONY)


def test_the_key_of_the_escrow_opens_what_is_sealed_for_the_region() -> None:
    place = primitives.Context("kab_contoh", "officer:12", "escrowed-key")
    sealed = primitives.seal(CEREMONY.public, bytes(32), place)
    together = escrow.put_together(CEREMONY.shares[1:], CEREMONY.public)
    assert primitives.unseal(together, sealed, place) == bytes(32)
