"""What a reason tells of items: by their names, never by the keys of the tree."""

from __future__ import annotations

from sakip.reasons import ITEM_NOT_COMPUTABLE, NO_WEIGHT, NOT_ISSUED, Reason, deepest, keys_in, named

DEEP = Reason(ITEM_NOT_COMPUTABLE, {"item": "g1", "because": Reason(ITEM_NOT_COMPUTABLE, {
    "item": "a1", "because": Reason(NOT_ISSUED)})})  # fmt: skip


def test_a_reason_tells_the_items_below_it_by_name() -> None:
    told = named(DEEP, {"g1": "Layanan membaik", "a1": "Prevalensi stunting"}).sentence
    assert told.id == "dari Layanan membaik: dari Prevalensi stunting: nilai belum terbit"
    assert told.en.startswith("from Layanan membaik: from Prevalensi stunting: ")
    assert keys_in(DEEP) == ("g1", "a1")


def test_the_bottom_of_a_reason_is_told_where_there_is_little_room() -> None:
    assert deepest(DEEP).code == NOT_ISSUED and deepest(Reason(NO_WEIGHT)).code == NO_WEIGHT


def test_an_item_without_a_name_keeps_its_key() -> None:
    assert "dari g1: dari Prevalensi" in named(DEEP, {"a1": "Prevalensi stunting"}).sentence.id


def test_several_items_are_told_by_name_too() -> None:
    reason = Reason(NO_WEIGHT, {"items": ("g1", "g2")})
    assert keys_in(reason) == ("g1", "g2")
    assert named(reason, {"g1": "Layanan", "g2": "Keterbukaan"}).sentence.id == "tanpa bobot: Layanan, Keterbukaan"
