"""What is kept of a sealed case opens at its place, for its holders, and otherwise not: T21, T23, T25, T26, T29."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.disclosure import case_keys, primitives
from engine.disclosure.case_keys import CaseName, Kind
from engine.disclosure.keyring import RECEIPT
from engine.disclosure.primitives import CannotOpen, Context, KeyPair
from tests.engine.disclosure.kept_values import (
    CASE,
    MARKER,
    PEPPER,
    REGION,
    SALT,
    STORY,
    SealedCase,
    a_sealed_case,
    derived,
    disguises,
    read_story,
)

KEY = bytes(range(32))
PAIR = primitives.pair_of(KEY)
ELSEWHERE = [
    Context("kota_lain", STORY.case, STORY.field),
    Context(STORY.region, "c-000000", STORY.field),
    Context(STORY.region, STORY.case, "message:1"),
]


@pytest.fixture
def case() -> SealedCase:
    return a_sealed_case()


def test_officer_and_reporter_read_the_report(case: SealedCase) -> None:
    assert read_story(case, "12", case.officer.pair) == MARKER
    assert read_story(case, RECEIPT, case_keys.receipt_pair(derived(case.receipt).key)) == MARKER


def test_t21_no_text_name_identity_or_file_is_readable_in_what_is_kept(case: SealedCase) -> None:
    everything = b"\n".join(case.kept.values())
    assert not any(disguise in everything for disguise in disguises(MARKER))


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_t23_a_text_moved_to_another_place_does_not_open(elsewhere: Context) -> None:
    locked = primitives.lock(KEY, b"isi", STORY)
    assert primitives.unlock(KEY, locked, STORY) == b"isi"
    with pytest.raises(CannotOpen):
        primitives.unlock(KEY, locked, elsewhere)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_t23_a_key_moved_to_another_place_does_not_open(elsewhere: Context) -> None:
    other = primitives.new_key()
    wrapped, sealed = primitives.wrap(KEY, other, STORY), primitives.seal(PAIR.public, other, STORY)
    assert primitives.unwrap(KEY, wrapped, STORY) == primitives.unseal(PAIR, sealed, STORY) == other
    with pytest.raises(CannotOpen):
        primitives.unwrap(KEY, wrapped, elsewhere)
    with pytest.raises(CannotOpen):
        primitives.unseal(PAIR, sealed, elsewhere)


def test_t23_two_values_of_one_case_exchanged_do_not_open(case: SealedCase) -> None:
    key = case_keys.opened(Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair)
    with pytest.raises(CannotOpen):
        primitives.unlock(key, case.kept["file name"], STORY)
    with pytest.raises(CannotOpen):
        primitives.unlock(key, case.kept["story"], CASE.context("file-name:1"))


def test_t23_the_key_of_one_case_is_not_the_key_of_another(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        case_keys.opened(Kind.CONTENT, CaseName(REGION, "c-000000"), case.kept["content for 12"], case.officer.pair)


@given(st.text(min_size=1, alphabet="ab|"), st.text(min_size=1, alphabet="ab|"), st.text(min_size=1, alphabet="ab|"))
def test_two_contexts_are_never_told_alike(region: str, name: str, field: str) -> None:
    if "|" in region + name + field:
        with pytest.raises(ValueError, match="context"):
            Context(region, name, field)
    else:
        assert Context(region, name, field).told(b"locked").count(b"|") == 4


def test_a_context_without_one_of_its_parts_is_refused() -> None:
    for parts in (("", "c", "f"), ("r", "", "f"), ("r", "c", "")):
        with pytest.raises(ValueError, match="context"):
            Context(*parts)


@given(st.data())
def test_any_changed_byte_is_noticed(data: st.DataObject) -> None:
    blobs = [
        (primitives.lock(KEY, b"isi", STORY), lambda blob: primitives.unlock(KEY, blob, STORY)),
        (primitives.wrap(KEY, KEY, STORY), lambda blob: primitives.unwrap(KEY, blob, STORY)),
        (primitives.seal(PAIR.public, KEY, STORY), lambda blob: primitives.unseal(PAIR, blob, STORY)),
    ]
    blob, opening = data.draw(st.sampled_from(blobs))
    place = data.draw(st.integers(0, len(blob) - 1))
    change = data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        opening(blob[:place] + bytes([blob[place] ^ change]) + blob[place + 1 :])
    with pytest.raises(CannotOpen):
        opening(blob[:place])
    with pytest.raises(CannotOpen):
        opening(blob + bytes([change]))


def test_what_is_locked_is_no_wrapped_key_and_a_wrapped_key_no_text() -> None:
    with pytest.raises(CannotOpen):
        primitives.unlock(KEY, primitives.wrap(KEY, KEY, STORY), STORY)
    with pytest.raises(CannotOpen):
        primitives.unwrap(KEY, primitives.lock(KEY, b"isi", STORY), STORY)


def test_only_keys_are_wrapped_and_sealed() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        primitives.wrap(KEY, b"short", STORY)
    with pytest.raises(ValueError, match="32 bytes"):
        primitives.seal(PAIR.public, b"short", STORY)
    with pytest.raises(ValueError, match="32 bytes"):
        primitives.pair_of(b"short")


def test_the_same_text_is_never_kept_twice_the_same() -> None:
    assert primitives.lock(KEY, b"isi", STORY) != primitives.lock(KEY, b"isi", STORY)
    assert primitives.seal(PAIR.public, KEY, STORY) != primitives.seal(PAIR.public, KEY, STORY)


def test_t25_database_files_and_server_secrets_without_a_password_open_nothing(case: SealedCase) -> None:
    """The offline script: every 32 bytes of everything there is, tried as every kind of key on every kind of value."""
    there = [*case.kept.values(), PEPPER, SALT]
    tried = {
        window
        for value in there
        for window in (value[at : at + 32] for at in range(min(len(value), 700) - 31))
        if len(window) == 32
    }
    opened = 0
    for guess in tried:
        opened += _opens(guess, case)
    assert len(tried) > 2_000
    assert opened == 0


def test_t26_the_identity_opens_with_the_identity_key_alone(case: SealedCase) -> None:
    place = CASE.context("identity")
    content = case_keys.opened(Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair)
    with pytest.raises(CannotOpen):
        primitives.unlock(content, case.kept["identity"], place)
    for holder in (case.officer.pair, case_keys.receipt_pair(derived(case.receipt).key)):
        with pytest.raises(CannotOpen):
            case_keys.opened(Kind.IDENTITY, CASE, case.kept["identity for 31"], holder)
    identity = case_keys.opened(Kind.IDENTITY, CASE, case.kept["identity for 31"], case.custodian.pair)
    assert primitives.unlock(identity, case.kept["identity"], place).decode() == MARKER
    with pytest.raises(CannotOpen):
        primitives.unlock(identity, case.kept["story"], STORY)


def test_t26_the_copy_for_the_content_is_no_copy_for_the_identity(case: SealedCase) -> None:
    with pytest.raises(CannotOpen):
        case_keys.opened(Kind.IDENTITY, CASE, case.kept["content for 12"], case.officer.pair)


def test_t26_a_custodian_releases_the_identity_to_one_officer(case: SealedCase) -> None:
    released = case_keys.moved(
        Kind.IDENTITY, CASE, case.kept["identity for 31"], case.custodian.pair, case.officer.pair.public
    )
    identity = case_keys.opened(Kind.IDENTITY, CASE, released, case.officer.pair)
    assert primitives.unlock(identity, case.kept["identity"], CASE.context("identity")).decode() == MARKER


@given(st.binary(max_size=2_000))
def test_t29_texts_grow_in_steps_of_512_bytes(content: bytes) -> None:
    locked = primitives.lock(KEY, content, STORY)
    overhead = 1 + 24 + 16
    assert (len(locked) - overhead) % 512 == 0
    assert len(locked) - overhead - len(content) <= 512
    assert primitives.unlock(KEY, locked, STORY) == content


def test_t29_yes_no_and_nothing_are_equally_long() -> None:
    assert len({len(primitives.lock(KEY, answer, STORY)) for answer in (b"", b"ya", b"tidak", b"x" * 511)}) == 1


def test_t29_keys_of_all_cases_are_equally_long(case: SealedCase) -> None:
    assert len({len(blob) for name, blob in case.kept.items() if " for " in name}) == 1


def test_a_key_sealed_for_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        case_keys.new_case_keys(CASE, {}, {"31": PAIR.public})
    with pytest.raises(ValueError, match="nobody"):
        case_keys.new_case_keys(CASE, {RECEIPT: PAIR.public}, {})


def test_secrets_are_not_in_printed_values(case: SealedCase) -> None:
    keys = case_keys.new_case_keys(CASE, {RECEIPT: PAIR.public}, {"31": PAIR.public})
    printed = repr((keys, PAIR, case.officer, derived(case.receipt)))
    for secret in (keys.content, keys.identity, PAIR.private, case.officer.pair.private):
        assert repr(secret) not in printed and secret.hex() not in printed


def _opens(guess: bytes, case: SealedCase) -> bool:
    contexts = [STORY, CASE.context("identity"), CASE.context("file-name:1")]
    contexts += [CASE.context("file-key:1"), case.officer.kept.owner.context("private-key")]
    password_wrap = case.officer.kept.by_password[22:]
    names = ("story", "identity", "file name")
    tries = [(primitives.unlock, case.kept[name], at) for name, at in zip(names, contexts, strict=False)]
    tries += [(primitives.unwrap, case.kept["file key"], contexts[3]), (primitives.unwrap, password_wrap, contexts[4])]
    pair = KeyPair(b"", guess)
    tries += [
        (lambda _, blob, at: primitives.unseal(pair, blob, at), case.kept[name], CASE.context(kind))
        for name, kind in (("content for 12", Kind.CONTENT), ("identity for 31", Kind.IDENTITY))
    ]
    return any(_succeeds(opening, guess, blob, at) for opening, blob, at in tries)


def _succeeds(opening, key: bytes, blob: bytes, at: Context) -> bool:
    try:
        opening(key, blob, at)
    except CannotOpen:
        return False
    return True


def test_the_offline_script_does_open_with_the_right_keys(case: SealedCase) -> None:
    """Otherwise it would prove nothing."""
    content = case_keys.opened(Kind.CONTENT, CASE, case.kept["content for 12"], case.officer.pair)
    assert _opens(content, case)
    assert _opens(case.officer.pair.private, case)
